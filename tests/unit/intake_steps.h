/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_TEST_INTAKE_STEPS_H
#define TINCAY_TEST_INTAKE_STEPS_H

/* A text that arrives in the tests of the intake, before it is taken: so that its
 * stamps and its kind can be set. */

#include "inbound.h"
#include "world.h"

struct arrival {
	struct world *world;
	struct inbound in;
};

/* A fresh one on modem "m1". */
struct arrival steps_arrival(
    struct world *w, const char *number, const char *text);

/* As a turn op: it is taken. */
int steps_op_receive(void *arg);

/* Everything that waits to be sent, as "template template"; NULL when nothing
 * does. To be freed. */
char *steps_queued(struct world *w);

#endif
