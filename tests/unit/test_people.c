/* SPDX-License-Identifier: GPL-2.0-or-later */
/* People: what is kept of one, the question DK and its answer CO, TC, lists. */
#include "config.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"
#include "buf.h"
#include "clock.h"
#include "outreach/people.h"
#include "outreach/sheet.h"
#include "turn.h"
#include "world.h"

#define HEAD "number,consent_source,consent_date,collector\n"
#define ROW "0900000001,hop thon,2026-01-05,Lan\n"

static void
on_fact(const struct person_fact *f, void *ctx)
{
	struct buf *b = ctx;

	assert_int_equal(
	    buf_printf(b, "%s:%s:%s ", f->kind, f->name, f->state), 0);
}

/* All that is kept of him, for himself. */
static void
test_facts_of_a_person(void **state)
{
	struct world *w = *state;
	struct people_import im = {.list = "l", .agency = "HPN"};
	struct person_row p;
	struct buf b;

	world_sheet(w, &im, HEAD ROW);
	world_advance(w, 60);
	world_receive(w, "0900000001", "TC");
	assert_int_equal(people_get(&w->core, "+84900000001", &p), 0);
	assert_int_equal(people_get(&w->core, "+84900000002", &p), TC_ENOENT);
	assert_false(p.consent);
	assert_true(p.opted_out_at != 0);
	buf_init(&b, 4096);
	assert_int_equal(people_facts(&w->core, p.id, on_fact, &b), 0);
	assert_string_equal(buf_str(&b), "list:l: consent:broadcast:given "
					 "consent:broadcast:withdrawn ");
	buf_clear(&b);
}

/* --- DK, CO, TC --- */

struct say {
	struct world *world;
	int (*verb)(struct core *c, const char *number, int64_t *person_id);
	int64_t person;
};

static int
op_say(void *arg)
{
	struct say *s = arg;

	return s->verb(&s->world->core, "+84900000001", &s->person);
}

static void
say(struct world *w,
    int (*verb)(struct core *c, const char *number, int64_t *person_id), int rc)
{
	struct say s = {w, verb, 0};

	world_expect(w, rc, op_say, &s);
	if (rc == 0)
		assert_int_equal(
		    s.person, world_count(w, "SELECT id FROM person"));
}

static void
expect_consent(struct world *w, int consenting, int ledger)
{
	assert_int_equal(
	    world_count(w, "SELECT coalesce(max(consenting), 0) FROM person"),
	    consenting);
	assert_int_equal(
	    world_count(w, "SELECT count(*) FROM consent"), ledger);
}

static void
test_answer_within_a_day(void **state)
{
	static const struct {
		int64_t after;
		int rc;
	} rows[] = {
	    {0, 0}, {86390, 0}, {86410, TC_ESTATE}, {7 * 86400, TC_ESTATE}};
	size_t i;

	(void)state;
	for (i = 0; i < TC_NELEM(rows); i++) {
		struct world w;

		world_open(&w);
		say(&w, people_confirm, TC_ESTATE); /* nobody asked */
		say(&w, people_ask, 0);
		expect_consent(&w, 0, 0); /* silence is not consent */
		world_advance(&w, rows[i].after);
		say(&w, people_confirm, rows[i].rc);
		expect_consent(&w, rows[i].rc == 0, rows[i].rc == 0);
		say(&w, people_confirm, TC_ESTATE); /* one answer a question */
		world_close(&w);
	}
}

static void
test_out_and_in_again(void **state)
{
	struct world *w = *state;

	say(w, people_optout, 0); /* a number that was not known */
	expect_consent(w, 0, 1);
	say(w, people_ask, 0);
	say(w, people_optout, 0); /* ends the question too */
	say(w, people_confirm, TC_ESTATE);
	say(w, people_ask, 0);
	say(w, people_confirm, 0);
	expect_consent(w, 1, 3);
	assert_int_equal(world_count(w, "SELECT count(*) FROM person"
					" WHERE opted_out_at IS NULL"),
	    1);
	say(w, people_optout, 0);
	expect_consent(w, 0, 4);
	assert_int_equal(world_count(w, "SELECT count(*) FROM person"), 1);
}

/* --- lists --- */

struct list_op {
	struct world *world;
	const char *name, *number, *hamlet;
	struct list_query query;
};

static int
op_list_new(void *arg)
{
	struct list_op *op = arg;

	return list_new(&op->world->core, op->name, "HPN", &op->query);
}

static int
op_list_add(void *arg)
{
	struct list_op *op = arg;

	return list_add(&op->world->core, op->name, op->number, op->hamlet);
}

static const struct {
	const char *name;
	int rc;
} names[] = {
    {"thôn 1", 0},
    {"thôn 1", TC_EEXIST},
    {"", TC_EINVAL},
    {"a/b", TC_EINVAL},
    {"a\nb", TC_EINVAL},
    {"a\x7f", TC_EINVAL},
    {"\xff", TC_EINVAL},
    {"0123456789012345678901234567890123456789012345678901234567890123",
	TC_EINVAL},
    {"012345678901234567890123456789012345678901234567890123456789012", 0},
};

static const struct {
	const char *list, *number, *hamlet;
	int rc;
} adds[] = {
    {"l", "0900000001", NULL, 1},
    {"l", "+84 900 000 001", NULL, 0}, /* each person once */
    {"l", "0900000009", NULL, TC_ENOENT},
    {"l", "113", NULL, TC_EINVAL},
    {"none", "0900000001", NULL, TC_ENOENT},
    {"l", NULL, "B", 1},
    {"l", NULL, "C", 0},
    {"l", NULL, NULL, 1},
    {"l", NULL, NULL, 0},
};

static void
test_lists(void **state)
{
	struct world *w = *state;
	struct people_import im = {0};
	struct list_op op = {.world = w};
	struct list_row l;
	size_t i;
	int rc;

	for (i = 0; i < TC_NELEM(names); i++) {
		op.name = names[i].name;
		world_expect(w, names[i].rc, op_list_new, &op);
	}
	world_sheet(w, &im,
	    "number,consent_source,consent_date,collector,hamlet\n"
	    "0900000001,a,2026-01-05,b,A\n"
	    "0900000002,a,2026-01-05,b,B\n"
	    "0900000003,a,2026-01-05,b,A\n");
	op.name = "l";
	world_expect(w, 0, op_list_new, &op);
	for (i = 0; i < TC_NELEM(adds); i++) {
		op = (struct list_op){
		    w, adds[i].list, adds[i].number, adds[i].hamlet, {0}};
		rc = turn_run(w->core.turn, op_list_add, &op);
		if (rc != adds[i].rc)
			fail_msg("row %zu: %d", i, rc);
		assert_int_equal(turn_commit(w->core.turn), 0);
	}
	assert_int_equal(list_get(&w->core, "l", &l), 0);
	assert_int_equal(l.members, 3);
	assert_string_equal(l.agency, "HPN");
}

static int
on_person(const struct person_row *p, void *ctx)
{
	int64_t *last = ctx;

	assert_true(p->id > *last);
	assert_null(strstr(p->number, "900000")); /* masked (R23) */
	*last = p->id;
	return 0;
}

static void
test_r23_people_are_listed_masked(void **state)
{
	struct world *w = *state;
	struct people_import im = {0};
	int64_t last = 0;
	int rc, n = 0;

	world_sheet(w, &im,
	    HEAD ROW "0900000002,a,2026-01-05,b\n"
		     "0900000003,a,2026-01-05,b\n");
	while ((rc = people_each(&w->core, last, 2, on_person, &last)) > 0)
		n += rc;
	assert_int_equal(rc, 0);
	assert_int_equal(n, 3);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    WORLD_TEST(test_facts_of_a_person),
	    cmocka_unit_test(test_answer_within_a_day),
	    WORLD_TEST(test_out_and_in_again),
	    WORLD_TEST(test_lists),
	    WORLD_TEST(test_r23_people_are_listed_masked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
