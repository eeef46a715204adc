/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_TEST_DESK_STEPS_H
#define TINCAY_TEST_DESK_STEPS_H

/* What handlers do in the tests of the desk, each in a turn of its own; every failure ends the test. */

#include "desk/act.h"
#include "world.h"

struct steps_act {
	struct world *world;
	const struct user *user;
	const char *code, *outcome;
};

/* As turn ops. */
int steps_op_claim(void *arg);
int steps_op_close(void *arg);

/* Claim, or close as "helped"; fails the test when the answer is not rc. */
void steps_claim(
    struct world *w, const struct user *u, const char *code, int rc);
void steps_close(
    struct world *w, const struct user *u, const char *code, int rc);

/* Handlers beside lan: another of HPN, one of CAX, one of TRIAGE. */
extern const struct user steps_other, steps_police, steps_triage;

/* A world with these three in it; for cmocka. */
void steps_open(struct world *w);
int steps_setup(void **state);
#define STEPS_TEST(test)                                                       \
	cmocka_unit_test_setup_teardown(test, steps_setup, world_teardown)

/* The code of the case that was opened last; valid until the next call. */
const char *steps_latest(struct world *w);

#endif
