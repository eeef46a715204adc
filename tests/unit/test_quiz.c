/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Quizzes and pledges: who is counted, what is kept, what is shown. */
#include "config.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"
#include "clock.h"
#include "intake_steps.h"
#include "outreach/quiz.h"
#include "turn.h"

struct quiz_op {
	struct world *world;
	struct quiz quiz;
	struct quiz_question question;
	int round, days;
	struct campaign_refusal why;
};

static int
op_new(void *arg)
{
	struct quiz_op *op = arg;

	return quiz_new(&op->world->core, &op->world->tuan, &op->quiz,
	    &op->question, &op->why);
}

static int
op_add(void *arg)
{
	struct quiz_op *op = arg;

	return quiz_add(&op->world->core, op->quiz.id, &op->question, &op->why);
}

static int
op_open(void *arg)
{
	struct quiz_op *op = arg;

	return quiz_open(
	    &op->world->core, op->quiz.id, op->round, op->days, &op->why);
}

static int
op_close(void *arg)
{
	struct quiz_op *op = arg;

	return quiz_close(&op->world->core, op->quiz.id, &op->why);
}

static int
op_upkeep(void *arg)
{
	return quiz_upkeep(&((struct world *)arg)->core);
}

static int
run(struct quiz_op *op, int (*act)(void *))
{
	int rc = turn_run(op->world->core.turn, act, op);

	assert_int_equal(turn_commit(op->world->core.turn), 0);
	return rc;
}

/* A quiz of one question of n choices (a pledge: 1), not open. */
static struct quiz_op
quiz(struct world *w, int n)
{
	struct quiz_op op = {.world = w,
	    .quiz = {.is_pledge = n == 1, .name = "Luật bình đẳng giới"},
	    .question = {.text = "Ai quyết định?", .nchoices = n},
	    .round = QUIZ_BEFORE,
	    .days = 7};

	world_expect(w, 0, op_new, &op);
	return op;
}

static int64_t
count(struct world *w, int question, int choice)
{
	char *sql = xasprintf("SELECT coalesce(sum(n), 0) FROM quiz_total WHERE"
			      " question = %d AND choice = %d",
	    question, choice);
	int64_t n = world_count(w, sql);

	free(sql);
	return n;
}

/* So many people text the same. */
static void
texts(struct world *w, int first, int n, const char *text)
{
	char number[16];
	int i;

	for (i = 0; i < n; i++) {
		assert_int_equal(str_printf(number, sizeof(number),
				     "+84900000%03d", first + i),
		    0);
		world_receive(w, number, text);
	}
}

static void
test_answers(void **state)
{
	struct world *w = *state;
	struct quiz_op op = quiz(w, 3);
	char *got;

	texts(w, 101, 1, "Q 3"); /* not open */
	got = steps_queued(w);
	assert_string_equal(got, "QUIZ_NONE");
	free(got);
	assert_int_equal(run(&op, op_open), 0);
	texts(w, 101, 1, "Q 3");
	texts(w, 101, 1, "q 2"); /* the first one counts */
	texts(w, 102, 1, "Q3");
	texts(w, 103, 1, "Q 4"); /* there is no such choice */
	texts(w, 103, 1, "Q 2 1");
	texts(w, 104, 1, "Q 1 2");
	texts(w, 105, 1, "cam ket"); /* no pledge is open */
	assert_int_equal(count(w, 1, 3), 2);
	assert_int_equal(count(w, 1, 2), 1);
	assert_int_equal(count(w, 1, 1), 0);
	assert_int_equal(world_count(w, "SELECT count(*) FROM quiz_voter"), 3);
	got = steps_queued(w);
	assert_string_equal(got, "QUIZ_NONE QUIZ QUIZ QUIZ QUIZ_NONE QUIZ_NONE"
				 " QUIZ QUIZ_NONE");
	free(got);
	texts(w, 106, 1, "3"); /* a poster digit is none */
	assert_int_equal(count(w, 1, 3), 2);
	assert_int_equal(world_count(w, "SELECT count(*) FROM person"), 0);
}

static void
test_several_questions(void **state)
{
	struct world *w = *state;
	struct quiz_op op = quiz(w, 2);

	op.question.nchoices = 4;
	world_expect(w, 0, op_add, &op);
	assert_int_equal(run(&op, op_open), 0);
	assert_int_equal(run(&op, op_add), TC_ESTATE);
	texts(w, 101, 1, "Q 2"); /* to which question? */
	texts(w, 101, 1, "Q 1 2");
	texts(w, 101, 1, "Q 2 4");
	texts(w, 101, 1, "Q 2 3");
	texts(w, 101, 1, "Q 1 4");
	assert_int_equal(count(w, 1, 2), 1);
	assert_int_equal(count(w, 2, 4), 1);
	assert_int_equal(world_count(w, "SELECT sum(n) FROM quiz_total"), 2);
}

static void
test_bad_drafts(void **state)
{
	static const struct {
		const char *name, *text;
		int nchoices;
		bool is_pledge;
	} rows[] = {{"", "T", 2, false}, {"N", "", 2, false},
	    {"N", "T", 1, false}, {"N", "T", 10, false}, {"N", "T", 2, true}};
	struct world *w = *state;
	struct quiz_op op = {.world = w};
	size_t i;

	for (i = 0; i < TC_NELEM(rows); i++) {
		op.quiz.is_pledge = rows[i].is_pledge;
		op.question.nchoices = rows[i].nchoices;
		assert_int_equal(
		    str_printf(op.quiz.name, QUIZ_NAME_MAX, "%s", rows[i].name),
		    0);
		assert_int_equal(str_printf(op.question.text, QUIZ_TEXT_MAX,
				     "%s", rows[i].text),
		    0);
		assert_int_equal(run(&op, op_new), TC_EINVAL);
	}
	assert_int_equal(world_count(w, "SELECT count(*) FROM quiz"), 0);
}

/* R25: a round is closed for good; before and after are apart. */
static void
test_rounds(void **state)
{
	struct world *w = *state;
	struct quiz_op a = quiz(w, 2), b = quiz(w, 2);

	assert_int_equal(run(&a, op_close), TC_ESTATE);
	assert_int_equal(run(&a, op_open), 0);
	assert_int_equal(run(&a, op_open), TC_ESTATE);
	assert_int_equal(run(&b, op_open), TC_ESTATE); /* one at a time */
	texts(w, 101, 2, "Q 1");
	assert_int_equal(run(&a, op_close), 0);
	assert_int_equal(run(&a, op_open), TC_ESTATE);
	a.round = QUIZ_AFTER;
	assert_int_equal(run(&a, op_open), 0);
	texts(w, 101, 2, "Q 2");
	assert_int_equal(world_count(w, "SELECT n FROM quiz_total WHERE"
					" round = 1 AND choice = 1"),
	    2);
	assert_int_equal(world_count(w, "SELECT n FROM quiz_total WHERE"
					" round = 2 AND choice = 2"),
	    2);
}

/* Nothing links an answer to a number, and when it is over nothing tells that
 * somebody has answered; by itself, too, and after a restart. */
static void
test_nothing_is_left(void **state)
{
	struct world *w = *state;
	struct quiz_op op = quiz(w, 2);
	char *kept;

	assert_int_equal(run(&op, op_open), 0);
	texts(w, 101, 6, "Q 1");
	kept = world_text(w, "SELECT group_concat(hex(mac)) FROM quiz_voter");
	assert_int_equal(strlen(kept), 6 * 65 - 1);
	free(kept);
	world_advance(w, 7 * 86400 - 10);
	world_expect(w, 0, op_upkeep, w);
	assert_int_equal(world_count(w, "SELECT count(*) FROM quiz_voter"), 6);
	world_restart(w);
	world_advance(w, 20);
	world_expect(w, 0, op_upkeep, w);
	assert_int_equal(world_count(w, "SELECT count(*) FROM quiz_voter"), 0);
	assert_int_equal(world_count(w, "SELECT count(*) FROM quiz WHERE"
					" salt IS NULL AND open_round = 0"),
	    1);
	assert_int_equal(count(w, 1, 1), 6);
	texts(w, 107, 1, "Q 1");
	assert_int_equal(count(w, 1, 1), 6);
}

static void
test_pledge(void **state)
{
	struct world *w = *state;
	struct quiz_op a = quiz(w, 2), p = quiz(w, 1);

	assert_int_equal(run(&a, op_open), 0);
	assert_int_equal(run(&p, op_open), 0); /* beside a quiz */
	texts(w, 101, 7, "CAM KET");
	texts(w, 101, 2, "tôi cam kết");
	assert_int_equal(world_count(w, "SELECT sum(n) FROM quiz_total"), 7);
	assert_int_equal(run(&p, op_close), 0);
	p.round = QUIZ_AFTER;
	assert_int_equal(run(&p, op_open), TC_ESTATE);
}

/* R24: what is shown of totals; -1 is hidden. */
static void
test_small_cells(void **state)
{
	static const struct {
		int n;
		int64_t in[4], total, out[4];
	} rows[] = {
	    {3, {10, 20, 30}, 60, {10, 20, 30}},
	    {3, {10, 0, 30}, 40, {10, 0, 30}},
	    {3, {0, 0, 0}, 0, {0, 0, 0}},
	    /* one alone would be the rest: the next smallest goes, too */
	    {3, {3, 20, 30}, 53, {-1, -1, 30}},
	    {2, {3, 20}, 23, {-1, -1}},
	    /* two that are few together */
	    {3, {1, 1, 30}, 32, {-1, -1, -1}},
	    {4, {1, 2, 30, 9}, 42, {-1, -1, 30, -1}},
	    {3, {2, 4, 30}, 36, {-1, -1, 30}},
	    /* nothing is left to hide it behind */
	    {2, {4, 0}, -1, {-1, -1}},
	    {3, {1, 2, 0}, -1, {-1, -1, -1}},
	    {1, {4}, -1, {-1}},
	    {1, {5}, 5, {5}},
	};
	struct quiz_result r;
	size_t i;
	int k;

	(void)state;
	for (i = 0; i < TC_NELEM(rows); i++) {
		memset(&r, 0, sizeof(r));
		r.nchoices = rows[i].n;
		for (k = 0; k < r.nchoices; k++)
			r.total += r.n[k] = rows[i].in[k];
		quiz_suppress(&r);
		for (k = 0; k < r.nchoices; k++)
			if (r.n[k] != rows[i].out[k] ||
			    r.total != rows[i].total)
				fail_msg(
				    "row %zu cell %d: %" PRId64, i, k, r.n[k]);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    WORLD_TEST(test_answers),
	    WORLD_TEST(test_several_questions),
	    WORLD_TEST(test_bad_drafts),
	    WORLD_TEST(test_rounds),
	    WORLD_TEST(test_nothing_is_left),
	    WORLD_TEST(test_pledge),
	    cmocka_unit_test(test_small_cells),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
