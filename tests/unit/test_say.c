/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Talking back: in which state of hers, at which hour, and what leaves then. R5,
 * R6, R7, R15. */
#include "config.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"
#include "clock.h"
#include "desk/say.h"
#include "desk_steps.h"

#define NUMBER "+84900000001"

struct say_op {
	struct world *world;
	const struct user *user;
	const char *code;
	struct desk_say say;
	struct desk_contact contact;
};

static int
op_say(void *arg)
{
	struct say_op *op = arg;

	return desk_say(&op->world->core, op->user, op->code, &op->say);
}

static int
op_contact(void *arg)
{
	struct say_op *op = arg;

	return desk_contact(&op->world->core, op->user, op->code, &op->contact);
}

static void
say(struct world *w, const char *template, int minute, int rc)
{
	struct say_op op = {.world = w,
	    .user = &w->lan,
	    .code = steps_latest(w),
	    .say = {template, minute, -1, NULL}};

	world_expect(w, rc, op_say, &op);
	assert_int_equal(op.say.why != NULL, rc == TC_EAGAIN);
}

static void
contact(struct world *w, const char *state, int from, int until)
{
	struct say_op op = {.world = w,
	    .user = &w->lan,
	    .code = steps_latest(w),
	    .contact = {state, true, {from, until, 0}}};

	world_expect(w, 0, op_contact, &op);
}

static int64_t
said(struct world *w)
{
	return world_count(w, "SELECT count(*) FROM message WHERE template"
			      " LIKE 'SAY_%'");
}

static void
claimed(struct world *w)
{
	world_receive(w, NUMBER, "giup");
	steps_claim(w, &w->lan, steps_latest(w), 0);
	assert_int_equal(world_sql(w, "DELETE FROM message"), SQLITE_OK);
}

static const struct {
	const char *state; /* NULL: she wrote THOI */
	int from, until;   /* minutes of the day, it is 09:00 */
	int rc;
} states[] = {
    {"unknown", 0, 0, TC_EAGAIN},
    {"unsafe", 0, 0, TC_EAGAIN},
    {"safe", 0, 0, 0},
    {"safe", 8 * 60, 10 * 60, 0},
    {"safe", 10 * 60, 12 * 60, TC_EAGAIN},
    {"safe", 22 * 60, 8 * 60, TC_EAGAIN},
    {NULL, 0, 0, TC_EAGAIN},
};

static void
test_r5_only_when_it_is_safe(void **state)
{
	struct world w;
	size_t i;

	(void)state;
	for (i = 0; i < TC_NELEM(states); i++) {
		steps_open(&w);
		claimed(&w);
		if (states[i].state != NULL)
			contact(&w, states[i].state, states[i].from,
			    states[i].until);
		else
			world_receive(&w, NUMBER, "THOI");
		print_message("# row %zu\n", i);
		say(&w, "SAY_CALL", 9 * 60 + 30, states[i].rc);
		assert_int_equal(said(&w), states[i].rc == 0);
		world_close(&w);
	}
}

static void
test_a_time_and_nothing_else(void **state)
{
	struct world *w = *state;
	char *text;

	claimed(w);
	contact(w, "safe", 0, 0);
	say(w, "N1", 9 * 60, TC_EINVAL); /* no template for this */
	say(w, "ALERT", 9 * 60, TC_EINVAL);
	say(w, "SAY_NOTHING", 9 * 60, TC_EINVAL);
	say(w, "SAY_CALL", 1440, TC_EINVAL);
	say(w, "SAY_CALL", -1, TC_EINVAL);
	say(w, "SAY_CALL", 9 * 60 + 5, 0);
	text = world_text(w, "SELECT slots FROM message WHERE template ="
			     " 'SAY_CALL'");
	assert_string_equal(text, "{\"time\":\"9:05\"}");
	free(text);
	text = world_text(w, "SELECT modem || lane || sensitive FROM message"
			     " WHERE template = 'SAY_CALL'");
	assert_string_equal(text, "m111"); /* her SIM, lane case, sensitive */
	free(text);
	assert_int_equal(world_count(w, "SELECT count(*) FROM case_event WHERE"
					" act = 'said' AND detail ="
					" 'SAY_CALL'"),
	    1);
}

/* What waits for its modem ends with her hours. */
static void
test_r6_not_a_second_behind_her_hours(void **state)
{
	struct world *w = *state;
	int64_t left;

	claimed(w);
	contact(w, "safe", 8 * 60, 9 * 60 + 4);
	say(w, "SAY_COME", 15 * 60, 0);
	left = world_count(w, "SELECT expires_at FROM message") - clock_now();
	assert_in_range(left, 120, 240);
	contact(w, "safe", 0, 0);
	assert_int_equal(world_sql(w, "DELETE FROM message"), SQLITE_OK);
	say(w, "SAY_COME", 15 * 60, 0);
	left = world_count(w, "SELECT expires_at FROM message") - clock_now();
	assert_in_range(left, 590, 610);
	/* and is cancelled when she wants silence */
	world_receive(w, NUMBER, "THOI");
	assert_int_equal(world_count(w, "SELECT count(*) FROM message WHERE"
					" template = 'SAY_COME' AND"
					" state = 'queued'"),
	    0);
}

static void
test_only_who_has_it(void **state)
{
	struct world *w = *state;
	struct say_op op = {.world = w,
	    .user = &steps_other,
	    .say = {"SAY_CALL", 9 * 60, -1, NULL}};

	world_receive(w, NUMBER, "giup");
	op.code = steps_latest(w);
	op.user = &w->lan;
	world_expect(w, TC_ESTATE, op_say, &op); /* nobody has claimed it */
	claimed(w);
	contact(w, "safe", 0, 0);
	op.user = &steps_other;
	world_expect(w, TC_EDENIED, op_say, &op);
	op.user = &steps_police;
	world_expect(w, TC_ENOENT, op_say, &op);
	assert_int_equal(said(w), 0);
}

/* --- the safe word --- */

struct word_op {
	struct world *world;
	const struct user *user;
	const char *code, *hash;
	char out[USER_HASH_MAX];
};

static int
op_set_word(void *arg)
{
	struct word_op *op = arg;

	return desk_set_safe_word(
	    &op->world->core, op->user, op->code, op->hash);
}

static int
op_get_word(void *arg)
{
	struct word_op *op = arg;

	return desk_safe_word(&op->world->core, op->user, op->code, op->out);
}

static void
test_r15_safe_word(void **state)
{
	struct world *w = *state;
	struct word_op op = {.world = w, .user = &w->lan};
	char hash[VAULT_PWHASH_SIZE];

	claimed(w);
	op.code = steps_latest(w);
	world_expect(w, 0, op_get_word, &op);
	assert_string_equal(op.out, "");
	assert_int_equal(vault_password_hash("hoa sim", hash), 0);
	op.hash = hash;
	op.user = &steps_other;
	world_expect(w, TC_EDENIED, op_set_word, &op);
	op.user = &w->lan;
	world_expect(w, 0, op_set_word, &op);
	world_receive(w, NUMBER, "cuu"); /* it stays */
	op.user = &steps_other;          /* a colleague calls, too */
	world_expect(w, 0, op_get_word, &op);
	assert_int_equal(vault_password_verify(op.out, "hoa sim"), 0);
	assert_int_equal(vault_password_verify(op.out, "hoa mai"), TC_EDENIED);
	op.user = &steps_triage;
	world_expect(w, TC_ENOENT, op_get_word, &op);
	assert_int_equal(world_count(w, "SELECT count(*) FROM contact WHERE"
					" safe_word LIKE '%sim%'"),
	    0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_r5_only_when_it_is_safe),
	    STEPS_TEST(test_a_time_and_nothing_else),
	    STEPS_TEST(test_r6_not_a_second_behind_her_hours),
	    STEPS_TEST(test_only_who_has_it),
	    STEPS_TEST(test_r15_safe_word),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
