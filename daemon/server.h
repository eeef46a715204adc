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

/* For tincayd -t: may the pack go out, by what the database of this
 * configuration says? 0, also when there is no database yet; TC_EDENIED: *why
 * is a text that holds words of a trusted address (M19); TC_ENOTREADY: the data
 * key or the database cannot be read, so nobody knows. */
int server_test_content(const struct conf *conf, const struct content *content,
    const char **why) TC_MUSTCHECK;

/* Until SIGTERM or SIGINT. */
void server_run(struct server *s);
void server_free(struct server *s);

#endif
