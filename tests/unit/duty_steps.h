/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_TEST_DUTY_STEPS_H
#define TINCAY_TEST_DUTY_STEPS_H

/* People on duty in the tests of the desk: who has which number, who is texted,
 * and minutes that go by. Every failure ends the test. */

#include "desk/duty.h"
#include "desk_steps.h"

#define HOUR INT64_C(3600)

struct duty_person {
	const char *name, *agency, *number;
};

struct duty_op {
	struct world *world;
	struct duty_wish wish;
	const struct duty_person *person;
	struct user user;
};

/* As turn ops. */
int steps_op_duty(void *arg);
int steps_op_take(void *arg);
int steps_op_phone(void *arg); /* of person; NULL: he has none */

/* On duty from now on for sixty days, and taken over; deputy "": none. */
void steps_duty(
    struct world *w, const char *agency, const char *user, const char *deputy);

/* lan and mai in HPN, linh in VHXH, ba in TRIAGE, an in CAX. */
void steps_roster(struct world *w);

/* The names of those who were texted since the last call, in the order of their
 * messages, as "an,lan"; forgets them. */
const char *steps_told(struct world *w, const char *template);

/* Let time run in steps of a minute, as the daemon would. */
void steps_run(struct world *w, int minutes);

/* For cmocka: a world with all of them, hours after anybody looked. */
int steps_duty_setup(void **state);
#define DUTY_TEST(test)                                                        \
	cmocka_unit_test_setup_teardown(test, steps_duty_setup, world_teardown)

#endif
