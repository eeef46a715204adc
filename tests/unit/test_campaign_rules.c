/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rules of campaigns: whom they reach, when, at what price, and what a
 * change undoes. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "unit.h"
#include "clock.h"
#include "conf.h"
#include "outbox_steps.h"

#define TEXT "Moi ba con den hop thon toi nay."
#define HEAD "number,consent_source,consent_date,collector,hamlet,kind\n"

/* What the modem m1 sends until it gets nothing more; everything is sent. */
static int
send_all(struct world *w)
{
	struct radio_part part;
	int n = 0, rc;

	while ((rc = steps_next(w, "m1", &part)) == 1) {
		assert_int_equal(steps_sent(w, part.id, n), 0);
		n++;
	}
	assert_int_equal(rc, 0);
	return n;
}

static int
op_upkeep(void *arg)
{
	struct world *w = arg;

	int rc = outbox_upkeep(&w->core);

	return rc < 0 ? rc : 0;
}

static void
upkeep(struct world *w)
{
	world_expect(w, 0, op_upkeep, w);
}

struct edit {
	struct world *world;
	int64_t id;
	struct campaign_draft draft;
	struct campaign_refusal why;
};

static int
op_edit(void *arg)
{
	struct edit *e = arg;

	return campaign_edit(&e->world->core, e->id, &e->draft, &e->why);
}

/* --- approval --- */

static void
test_a_change_undoes_approval(void **state)
{
	struct world *w = *state;
	struct edit e = {.world = w, .draft = campaign_draft_empty};
	unsigned char hash[32];
	struct campaign k;

	steps_people(w, 3);
	e.id = steps_draft(w, TEXT, NULL);
	assert_int_equal(steps_act(w, &w->tuan, e.id, CAMPAIGN_CHECK), 0);
	assert_int_equal(steps_act(w, &w->hoa, e.id, CAMPAIGN_APPROVE), 0);
	steps_get(w, e.id, &k);
	assert_int_equal(k.row.frozen, 3);
	memcpy(hash, k.row.frozen_hash, sizeof(hash));
	e.draft.text = "Hop luc 20 gio.";
	world_expect(w, 0, op_edit, &e);
	steps_get(w, e.id, &k);
	assert_int_equal(k.state, CAMPAIGN_DRAFT);
	assert_string_equal(k.text, "Hop luc 20 gio.");
	assert_string_equal(k.row.lists, "l");
	assert_string_equal(k.row.approver, "");
	assert_int_equal(k.counts.total, 0);
	assert_int_equal(
	    steps_act(w, &w->hoa, e.id, CAMPAIGN_START), TC_ESTATE);
	assert_int_equal(steps_act(w, &w->tuan, e.id, CAMPAIGN_CHECK), 0);
	assert_int_equal(steps_act(w, &w->hoa, e.id, CAMPAIGN_APPROVE), 0);
	steps_get(w, e.id, &k);
	assert_memory_not_equal(hash, k.row.frozen_hash, sizeof(hash));
	assert_int_equal(steps_act(w, &w->hoa, e.id, CAMPAIGN_START), 0);
	assert_int_equal(turn_run(w->core.turn, op_edit, &e), TC_ESTATE);
	assert_int_equal(send_all(w), 3);
}

/* One modem that sends 10 an hour to campaigns. */
static const struct conf_modem slow = {
    .name = (char *)"m1", .per_hour = 20, .per_day = 100, .campaign_share = 50};
static const struct conf one_modem = {
    .modems = (struct conf_modem *)&slow, .nmodems = 1, .segment_price = 350};

static void
test_estimate_and_the_hard_end(void **state)
{
	static const char accented[] = "Mời bà con đến họp thôn tối nay.";
	struct world *w = *state;
	struct campaign_draft d = campaign_draft_empty;
	struct campaign_estimate e;
	struct campaign k;
	int64_t id;

	w->core.conf = &one_modem;
	steps_people(w, 30);
	d.start_at = clock_now() + 3600; /* 10:00 */
	d.end_at = d.start_at + 3 * 3600 - 60;
	id = steps_draft(w, accented, &d);
	steps_get(w, id, &k);
	assert_int_equal(campaign_estimate(&w->core, &k, NULL, &e), 0);
	assert_int_equal(e.recipients, 30);
	assert_int_equal(e.cost, 30 * 350);
	assert_int_equal(e.bare_segments, 1);
	assert_int_equal(e.ends_at, d.start_at + 3 * 3600);
	assert_int_equal(steps_act(w, &w->tuan, id, CAMPAIGN_CHECK), 0);
	assert_int_equal(
	    steps_act(w, &w->hoa, id, CAMPAIGN_APPROVE), TC_ESTATE);
	d.end_at += 60;
	id = steps_draft(w, accented, &d);
	assert_int_equal(steps_act(w, &w->tuan, id, CAMPAIGN_CHECK), 0);
	assert_int_equal(steps_act(w, &w->hoa, id, CAMPAIGN_APPROVE), 0);
	/* 50 a day: the rest is for tomorrow at half past seven. */
	steps_people(w, 60);
	d.start_at = d.end_at = 0;
	id = steps_draft(w, accented, &d);
	steps_get(w, id, &k);
	assert_int_equal(campaign_estimate(&w->core, &k, NULL, &e), 0);
	world_set_minute(w, 7 * 60 + 30);
	assert_in_range(
	    e.ends_at, clock_now() + 86400 + 3595, clock_now() + 86400 + 3605);
}

/* --- whom it reaches --- */

struct list_op {
	struct world *world;
	const char *name, *number;
	struct list_query query;
};

static int
op_list(void *arg)
{
	struct list_op *op = arg;

	return op->number == NULL
		   ? list_new(&op->world->core, op->name, "HPN", &op->query)
		   : list_add(&op->world->core, op->name, op->number, NULL);
}

static void
two_hamlets(struct world *w)
{
	struct people_import im = {.list = "l", .agency = "HPN"};

	world_sheet(w, &im,
	    HEAD "0900000001,a,2026-01-05,b,A,women\n"
		 "0900000002,a,2026-01-05,b,A,men\n"
		 "0900000003,a,2026-01-05,b,B,women\n");
}

/* M06: who is on many lists gets it once; a smart list is who fits. */
static void
test_one_message_a_person(void **state)
{
	struct world *w = *state;
	static const char *const lists[] = {"l", "A", "women", "women of A"};
	struct list_op ops[] = {
	    {w, "A", NULL, {.hamlet = "A", .is_smart = true}},
	    {w, "women", NULL, {.kind = "women", .is_smart = true}},
	    {w, "women of A", NULL,
		{.hamlet = "A", .kind = "women", .is_smart = true}},
	};
	static const struct {
		size_t from, n;
		int sent;
	} rows[] = {{0, 4, 3}, {1, 1, 2}, {3, 1, 1}};
	struct campaign_draft d = campaign_draft_empty;
	struct list_row l;
	size_t i;

	two_hamlets(w);
	for (i = 0; i < TC_NELEM(ops); i++)
		world_expect(w, 0, op_list, &ops[i]);
	assert_int_equal(list_get(&w->core, "women of A", &l), 0);
	assert_int_equal(l.members, 1);
	ops[0].number = "0900000003";
	assert_int_equal(turn_run(w->core.turn, op_list, &ops[0]), TC_ESTATE);
	for (i = 0; i < TC_NELEM(rows); i++) {
		d.lists = lists + rows[i].from;
		d.nlists = rows[i].n;
		(void)steps_run_campaign(w, TEXT, &d);
		assert_int_equal(send_all(w), rows[i].sent);
	}
}

static void
test_drill(void **state)
{
	struct world *w = *state;
	struct list_op op = {w, "drill", NULL, {.is_drill = true}};
	struct campaign_draft d = campaign_draft_empty;

	two_hamlets(w);
	world_expect(w, 0, op_list, &op);
	op.number = "0900000002";
	assert_int_equal(turn_run(w->core.turn, op_list, &op), 1);
	d.is_drill = 1;
	(void)steps_run_campaign(w, TEXT, &d);
	assert_int_equal(send_all(w), 1);
}

static void
on_coverage(const char *hamlet, bool is_known, int64_t people, void *ctx)
{
	int64_t *sum = ctx;

	(void)hamlet;
	sum[is_known] += people;
}

/* The shipped pack names no hamlets: all are unknown. */
static void
test_coverage(void **state)
{
	struct world *w = *state;
	int64_t sum[2] = {0, 0};

	two_hamlets(w);
	assert_int_equal(list_coverage(&w->core, on_coverage, sum), 0);
	assert_int_equal(sum[0], 3);
	assert_int_equal(sum[1], 0);
}

/* --- when --- */

/* M15: not before its start, nor in other hours, nor after its end. */
static void
test_start_hours_and_end(void **state)
{
	struct world *w = *state;
	struct campaign_draft d = campaign_draft_empty;
	struct radio_part part;
	struct campaign k;
	int64_t id;

	steps_people(w, 3);
	d.start_at = clock_now() + 5400; /* 10:30 */
	d.end_at = clock_now() + 86400;
	d.send_from = 10 * 60;
	d.send_until = 11 * 60;
	id = steps_run_campaign(w, TEXT, &d);
	assert_int_equal(steps_next(w, "m1", &part), 0);
	world_advance(w, 3700);
	assert_int_equal(steps_next(w, "m1", &part), 0); /* 10:01 */
	world_advance(w, 1800);
	assert_int_equal(steps_next(w, "m1", &part), 1); /* 10:31 */
	assert_int_equal(steps_sent(w, part.id, 1), 0);
	world_advance(w, 1800);
	assert_int_equal(steps_next(w, "m1", &part), 0); /* 11:01 */
	upkeep(w);
	steps_get(w, id, &k);
	assert_int_equal(k.counts.queued, 2);
	d.start_at = 0;
	(void)steps_run_campaign(w, TEXT, &d);
	assert_int_equal(steps_next(w, "m1", &part), 0); /* 11:01 */
	world_advance(w, 22 * 3600);
	upkeep(w);
	steps_get(w, id, &k);
	assert_int_equal(k.state, CAMPAIGN_DONE);
	assert_int_equal(k.counts.suppressed, 2);
	assert_int_equal(send_all(w), 0);
}

/* A part that waits when the end comes is not sent either. */
static void
test_nothing_after_the_end(void **state)
{
	struct world *w = *state;
	struct campaign_draft d = campaign_draft_empty;
	struct radio_part part;
	int64_t id;
	struct campaign k;

	steps_people(w, 1);
	d.end_at = clock_now() + 600;
	id = steps_run_campaign(w, TEXT, &d);
	assert_int_equal(steps_next(w, "m1", &part), 1);
	assert_int_equal(steps_result(w, part.id, ML_NOT_SENT, 0), 1);
	world_advance(w, 700);
	assert_int_equal(steps_next(w, "m1", &part), 0);
	steps_get(w, id, &k);
	assert_int_equal(k.counts.suppressed, 1);
}

/* --- how much --- */

static void
test_one_a_day(void **state)
{
	struct world *w = *state;
	struct campaign_draft d = campaign_draft_empty;
	struct campaign k;
	int64_t id;

	steps_people(w, 2);
	d.per_day = 1;
	(void)steps_run_campaign(w, TEXT, &d);
	assert_int_equal(send_all(w), 2);
	id = steps_run_campaign(w, TEXT, &d);
	assert_int_equal(send_all(w), 0);
	upkeep(w);
	assert_int_equal(send_all(w), 0);
	steps_get(w, id, &k);
	assert_int_equal(k.state, CAMPAIGN_RUNNING);
	assert_int_equal(k.counts.queued, 2);
	world_advance(w, 24 * 3600);
	upkeep(w);
	assert_int_equal(send_all(w), 2);
	steps_get(w, id, &k);
	assert_int_equal(k.state, CAMPAIGN_DONE);
}

/* Three in 24 hours, also over midnight and whatever the campaigns allow. */
static void
test_three_in_24_hours(void **state)
{
	struct world *w = *state;
	int i;

	steps_people(w, 1);
	world_set_minute(w, 20 * 60);
	for (i = 0; i < 3; i++) {
		(void)steps_campaign(w, TEXT);
		assert_int_equal(send_all(w), 1);
	}
	(void)steps_campaign(w, TEXT);
	world_advance(w, 12 * 3600); /* 8:00, another day */
	upkeep(w);
	assert_int_equal(send_all(w), 0);
	world_advance(w, 12 * 3600 + 60);
	upkeep(w);
	assert_int_equal(send_all(w), 1);
}

/* Who would wait too long gets this one not at all, and that is on record. */
static void
test_enough_for_the_month(void **state)
{
	struct world *w = *state;
	struct campaign_draft d = campaign_draft_empty;
	struct campaign k;
	int64_t id;
	char *reason;

	steps_people(w, 1);
	d.end_at = clock_now() + 600; /* whatever day this runs on */
	d.per_month = 1;
	(void)steps_run_campaign(w, TEXT, &d);
	assert_int_equal(send_all(w), 1);
	id = steps_run_campaign(w, TEXT, &d);
	assert_int_equal(send_all(w), 0);
	steps_get(w, id, &k);
	assert_int_equal(k.counts.suppressed, 1);
	reason = world_text(
	    w, "SELECT reason FROM recipient WHERE state = 'suppressed'");
	assert_string_equal(reason, "had_enough");
	free(reason);
}

static void
test_budget_pauses(void **state)
{
	struct world *w = *state;
	struct campaign_draft d = campaign_draft_empty;
	struct campaign_refusal why;
	struct campaign k;
	int64_t id;

	w->core.conf = &one_modem;
	steps_people(w, 5);
	d.budget = 2 * 350 + 10;
	id = steps_run_campaign(w, TEXT, &d);
	assert_int_equal(send_all(w), 2);
	steps_get(w, id, &k);
	assert_int_equal(k.state, CAMPAIGN_PAUSED);
	assert_string_equal(k.row.reason, "budget");
	assert_int_equal(k.row.spent, 700);
	assert_int_equal(k.counts.queued, 3);
	assert_int_equal(
	    campaign_resume(&w->core, &w->hoa, id, 5 * 350, &why), 0);
	assert_int_equal(send_all(w), 3);
	steps_get(w, id, &k);
	assert_int_equal(k.state, CAMPAIGN_DONE);
	assert_string_equal(k.row.reason, "");
}

static void
ledger_cb(const char *modem, int64_t segments, void *ctx)
{
	int64_t *sum = ctx;

	sum[strcmp(modem, "m1") == 0] += segments;
}

/* Two SIMs, two segments each message, one refusal: what was on the air. */
static void
test_ledger_by_sim(void **state)
{
	struct world *w = *state;
	struct radio_part part;
	int64_t sum[2] = {0, 0}, id;
	char text[200];

	memset(text, 'a', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	steps_people(w, 2);
	id = steps_campaign(w, text);
	assert_int_equal(steps_next(w, "m2", &part), 1);
	assert_int_equal(steps_result(w, part.id, ML_NOT_SENT, 0), 1);
	world_advance(w, 600);
	assert_int_equal(steps_next(w, "m2", &part), 1);
	assert_int_equal(steps_sent(w, part.id, 1), 0);
	assert_int_equal(send_all(w), 2);
	assert_int_equal(steps_next(w, "m2", &part), 1);
	assert_int_equal(steps_lost(w, "m2"), 1);
	assert_int_equal(
	    store_campaign_ledger(w->core.store, id, ledger_cb, sum), 0);
	assert_int_equal(sum[1], 2);
	assert_int_equal(sum[0], 2);
}

static void
test_canary(void **state)
{
	struct world *w = *state;
	struct campaign_draft d = campaign_draft_empty;
	int64_t id;

	steps_people(w, 6);
	d.canary = 2;
	id = steps_run_campaign(w, TEXT, &d);
	assert_int_equal(send_all(w), 2);
	world_advance(w, 3600);
	assert_int_equal(send_all(w), 0);
	assert_int_equal(steps_act(w, &w->hoa, id, CAMPAIGN_CONTINUE), 0);
	assert_int_equal(
	    steps_act(w, &w->hoa, id, CAMPAIGN_CONTINUE), TC_ESTATE);
	assert_int_equal(send_all(w), 4);
	d.canary_minutes = 30;
	(void)steps_run_campaign(w, TEXT, &d);
	assert_int_equal(send_all(w), 2);
	world_advance(w, 29 * 60);
	assert_int_equal(send_all(w), 0);
	world_advance(w, 2 * 60);
	assert_int_equal(send_all(w), 4);
}

/* --- themes --- */

static bool is_out;

static int
op_theme(void *arg)
{
	struct world *w = arg;

	return people_set_theme(&w->core, "+84900000101", "NAMGIOI", is_out);
}

/* Out of one theme: before the next text, and of nothing else. */
static void
test_opt_out_of_a_theme(void **state)
{
	struct world *w = *state;
	struct campaign_draft d = campaign_draft_empty;
	struct campaign k;
	int64_t id;

	steps_people(w, 2);
	d.theme = "NAMGIOI";
	id = steps_run_campaign(w, TEXT, &d);
	is_out = true;
	world_expect(w, 0, op_theme, w);
	assert_int_equal(send_all(w), 1); /* he was on it already */
	steps_get(w, id, &k);
	assert_int_equal(k.counts.suppressed, 1);
	id = steps_run_campaign(w, TEXT, &d);
	steps_get(w, id, &k);
	assert_int_equal(k.counts.total, 1);
	assert_int_equal(send_all(w), 1);
	is_out = false;
	world_expect(w, 0, op_theme, w);
	is_out = true;
	world_expect(w, 0, op_theme, w);
	d.theme = "SUCKHOE";
	(void)steps_run_campaign(w, TEXT, &d);
	assert_int_equal(send_all(w), 2);
	assert_int_equal(
	    world_count(w, "SELECT count(*) FROM consent"
			   " WHERE scope = 'NAMGIOI' AND how = 'staff'"),
	    3);
}

/* --- next year --- */

static int
op_copy(void *arg)
{
	struct world *w = arg;
	int n = campaign_copy_year(&w->core, &w->tuan, 2026, 2027);

	return n == 2 ? 0 : TC_EINVAL;
}

static int
year_cb(const struct campaign_row *row, void *ctx)
{
	struct campaign_row *out = ctx;

	*out = *row;
	return 0;
}

static void
test_copy_of_a_year(void **state)
{
	struct world *w = *state;
	struct campaign_draft d = campaign_draft_empty;
	struct campaign_row row;
	int64_t id;

	steps_people(w, 1);
	d.start_at = 1773100000; /* 10 March 2026 */
	d.theme = "NAMGIOI";
	(void)steps_draft(w, TEXT, &d);
	(void)steps_draft(w, TEXT, &d);
	id = steps_draft(w, TEXT, NULL);
	assert_int_equal(steps_act(w, &w->tuan, id, CAMPAIGN_CANCEL), 0);
	world_expect(w, 0, op_copy, w);
	assert_int_equal(
	    store_campaign_each(w->core.store, 2027, year_cb, &row), 2);
	assert_int_equal(row.start_at, 1773100000 + 365 * 86400);
	assert_string_equal(row.theme, "NAMGIOI");
	assert_string_equal(row.state, "draft");
	assert_string_equal(row.lists, "l");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    WORLD_TEST(test_a_change_undoes_approval),
	    WORLD_TEST(test_estimate_and_the_hard_end),
	    WORLD_TEST(test_one_message_a_person),
	    WORLD_TEST(test_drill),
	    WORLD_TEST(test_coverage),
	    WORLD_TEST(test_start_hours_and_end),
	    WORLD_TEST(test_nothing_after_the_end),
	    WORLD_TEST(test_one_a_day),
	    WORLD_TEST(test_three_in_24_hours),
	    WORLD_TEST(test_enough_for_the_month),
	    WORLD_TEST(test_budget_pauses),
	    WORLD_TEST(test_ledger_by_sim),
	    WORLD_TEST(test_canary),
	    WORLD_TEST(test_opt_out_of_a_theme),
	    WORLD_TEST(test_copy_of_a_year),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
