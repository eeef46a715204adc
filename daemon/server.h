/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_SERVER_H
#define TINCAY_SERVER_H

/*
 * The daemon put together: opens everything in order, joins the rooms of the
 * house (radio's callbacks to intake and outbox), runs the loop with its turn,
 * and takes it down again.
 */

#include "util.h"

struct conf;
struct content;
struct server;

/* Take over conf and content (freed by server_free). 0; a negative error that
 * was logged: the daemon cannot start. */
int server_new(struct conf *conf, struct content *content,
    struct server **out) TC_MUSTCHECK;

/* Until SIGTERM or SIGINT. */
void server_run(struct server *s);
void server_free(struct server *s);

#endif
