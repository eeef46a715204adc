/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_SIM_VERBS_H
#define TINCAY_SIM_VERBS_H

/*
 * Between control.c (sockets and clients) and verbs.c (what they ask for).
 */

#include <jansson.h>

#include "util.h"

struct client;
struct sim;

/* Do what a line asks. Returns the answer (a new reference), or NULL when it
 * comes later through client_wait(). */
json_t *verbs_run(struct client *c, const char *line, size_t len);

/* {"ok":true} and {"ok":false,"error":...}, new references. */
json_t *answer_ok(void);
json_t *answer_error(const char *error);

/* control.c: answer this client when the inbox of number holds count complete
 * messages, or with an error after ms. */
void client_wait(
    struct client *c, const char *number, size_t count, unsigned ms);
struct sim *client_sim(const struct client *c);

#endif
