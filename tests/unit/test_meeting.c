/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Events: who may make one, who comes, and the text of the day before. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "unit.h"
#include "clock.h"
#include "intake/budget.h"
#include "intake_steps.h"
#include "outbox_steps.h"
#include "outreach/meeting.h"
#include "store/contact.h"

#define A "+84900000101"
#define B "+84900000102"
#define NAME "Họp phụ nữ"
#define PLACE "Nhà văn hóa xã"

struct event_op {
	struct world *world;
	struct meeting_draft draft;
	const struct user *user;
	enum meeting_act act;
	int64_t id;
	struct campaign_refusal why;
};

static int
op_new(void *arg)
{
	struct event_op *op = arg;

	return meeting_new(
	    &op->world->core, op->user, &op->draft, &op->id, &op->why);
}

static int
op_edit(void *arg)
{
	struct event_op *op = arg;

	return meeting_edit(&op->world->core, op->id, &op->draft, &op->why);
}

static int
op_do(void *arg)
{
	struct event_op *op = arg;

	return meeting_do(
	    &op->world->core, op->user, op->id, op->act, &op->why);
}

static int
run(struct event_op *op, int (*act)(void *))
{
	int rc = turn_run(op->world->core.turn, act, op);

	assert_int_equal(turn_commit(op->world->core.turn), 0);
	return rc;
}

/* An event in so many seconds, by tuan. */
static int64_t
draft(struct world *w, int64_t in)
{
	struct event_op op = {.world = w,
	    .user = &w->tuan,
	    .draft = {
		.name = NAME, .place = PLACE, .starts_at = clock_now() + in}};

	world_expect(w, 0, op_new, &op);
	return op.id;
}

static int
act(struct world *w, const struct user *u, int64_t id, enum meeting_act what)
{
	struct event_op op = {.world = w, .user = u, .id = id, .act = what};

	return run(&op, op_do);
}

/* The same, approved. It is 09:00. */
static int64_t
event(struct world *w, int64_t in)
{
	int64_t id = draft(w, in);

	assert_int_equal(act(w, &w->hoa, id, MEETING_APPROVE), 0);
	return id;
}

#define IN_3_DAYS (3 * 24 * 3600)

/* Send everything that is queued; the last text into out (NULL: how many
 * only). */
static int
sent(struct world *w, char out[ML_TEXT_MAX])
{
	struct radio_part part;
	int n = 0;

	while (steps_next(w, "m1", &part) == 1) {
		assert_int_equal(steps_sent(w, part.id, n++ % 250), 0);
		if (out != NULL)
			assert_int_equal(
			    str_printf(out, ML_TEXT_MAX, "%s", part.text), 0);
	}
	return n;
}

/* A text, and the reply to it by its template. */
static void
says(struct world *w, const char *number, const char *text, const char *want)
{
	char *queued;

	world_receive(w, number, text);
	queued = steps_queued(w);
	if (queued == NULL || strcmp(queued, want) != 0)
		fail_msg("'%s' is answered by %s, not %s", text,
		    queued != NULL ? queued : "nothing", want);
	free(queued);
	(void)sent(w, NULL);
}

static struct meeting
get(struct world *w, int64_t id)
{
	struct meeting e;

	assert_int_equal(store_meeting_get(w->core.store, id, &e), 0);
	return e;
}

/* --- the record --- */

static void
test_two_people_answer(void **state)
{
	struct world *w = *state;
	int64_t id = draft(w, IN_3_DAYS);

	says(w, A, "SK 1", "EVENT_NONE"); /* nobody approved it */
	assert_int_equal(act(w, &w->tuan, id, MEETING_APPROVE), TC_EDENIED);
	assert_int_equal(act(w, &w->hoa, id, MEETING_APPROVE), 0);
	assert_int_equal(act(w, &w->hoa, id, MEETING_APPROVE), TC_ESTATE);
	/* The database says so, too. */
	assert_int_not_equal(
	    world_sql(w, "UPDATE event SET approver_id = author_id"), 0);
	says(w, A, "SK 1", "EVENT");
}

/* What could not be sent on the day before is not approved (M19, R2). */
static void
test_lint(void **state)
{
	static const struct {
		const char *name, *place;
		int rc;
	} rows[] = {
	    {NAME, "Hội trường xã", 0},
	    {NAME, "nhà ông Ba, thôn 3", TC_EINVAL},
	    {NAME, "số nhà 12", TC_EINVAL},
	    {"Gặp mặt nạn nhân", PLACE, TC_EINVAL},
	    {"Họp xem www.x.vn", PLACE, TC_EINVAL},
	    {"Mot cai ten rat dai dai dai dai dai dai dai dai dai dai dai dai",
		"Mot noi rat xa xa xa xa xa xa xa xa xa xa xa xa xa xa xa xa",
		TC_EINVAL},
	};
	struct world *w = *state;
	struct event_op op = {.world = w, .act = MEETING_APPROVE};
	size_t i;

	for (i = 0; i < TC_NELEM(rows); i++) {
		op.draft = (struct meeting_draft){
		    rows[i].name, rows[i].place, clock_now() + 7200, NULL, 0};
		op.user = &w->tuan;
		world_expect(w, 0, op_new, &op);
		op.user = &w->hoa;
		if (run(&op, op_do) != rows[i].rc)
			fail_msg("%s, %s", rows[i].name, rows[i].place);
	}
}

static void
test_bad_drafts(void **state)
{
	struct world *w = *state;
	static const char *const lists[] = {"nobody"};
	const struct meeting_draft rows[] = {
	    {NULL, PLACE, clock_now() + 60, NULL, 0},
	    {NAME, NULL, clock_now() + 60, NULL, 0},
	    {"", PLACE, clock_now() + 60, NULL, 0},
	    {"{place}", PLACE, clock_now() + 60, NULL, 0},
	    {NAME, PLACE, 0, NULL, 0},
	    {NAME, PLACE, clock_now() - 60, NULL, 0},
	};
	struct event_op op = {.world = w, .user = &w->tuan};
	size_t i;

	for (i = 0; i < TC_NELEM(rows); i++) {
		op.draft = rows[i];
		assert_int_equal(run(&op, op_new), TC_EINVAL);
		assert_string_not_equal(op.why.reason, "");
	}
	op.draft = (struct meeting_draft){
	    NAME, PLACE, clock_now() + 60, lists, TC_NELEM(lists)};
	assert_int_equal(run(&op, op_new), TC_ENOENT);
	assert_int_equal(world_count(w, "SELECT count(*) FROM event"), 0);
}

/* A number is free again when its event is over. */
static void
test_numbers(void **state)
{
	struct world *w = *state;
	int64_t a = event(w, 3600), b = event(w, IN_3_DAYS), c;

	assert_int_equal(get(w, a).number, 1);
	assert_int_equal(get(w, b).number, 2);
	world_advance(w, 7200);
	c = event(w, IN_3_DAYS);
	assert_int_equal(get(w, c).number, 1);
	says(w, A, "SK1", "EVENT");
	assert_int_equal(get(w, a).guests, 0);
	assert_int_equal(get(w, c).guests, 1);
}

/* --- guests --- */

static void
test_words(void **state)
{
	static const struct {
		const char *text, *reply;
		int first, second; /* who comes to each then */
	} rows[] = {
	    {"SU KIEN", "EVENT", 1, 0}, {"SK 2", "EVENT", 1, 1},
	    {"SK 2", "EVENT", 1, 1}, {"HUYSK 1", "EVENT_LEFT", 0, 1},
	    {"4", "EVENT", 1, 1},
	    {"HUYSK", "EVENT_LEFT", 0, 1}, /* the next one */
	    {"huy sk", "EVENT_LEFT", 0, 0},
	    {"HUYSK", "EVENT_LEFT", 0, 0}, /* on none: told the same */
	    {"SK2", "EVENT", 0, 1}, {"tham gia", "EVENT", 1, 1},
	    {"SK 7", "EVENT_NONE", 1, 1}, {"hủy sự kiện 2", "EVENT_LEFT", 1, 0},
	    {"su kien may gio bat dau", "N1", 1, 0}, /* a question */
	};
	struct world *w = *state;
	int64_t a = event(w, IN_3_DAYS), b = event(w, IN_3_DAYS + 60);
	size_t i;

	for (i = 0; i < TC_NELEM(rows); i++) {
		budget_free(w->core.budget); /* one number says a lot */
		w->core.budget = budget_new();
		says(w, A, rows[i].text, rows[i].reply);
		if (get(w, a).guests != rows[i].first ||
		    get(w, b).guests != rows[i].second)
			fail_msg("%zu: %s", i, rows[i].text);
	}
	assert_int_equal(world_count(w, "SELECT count(*) FROM \"case\""), 1);
	assert_int_equal(get(w, b).left, 1);
}

/* R8: a guest is no subscriber and no contact; a contact that was is none. */
static void
test_a_guest_is_a_guest(void **state)
{
	struct world *w = *state;

	(void)event(w, IN_3_DAYS);
	says(w, A, "giup toi", "N1");
	says(w, B, "SK 1", "EVENT");
	assert_int_equal(world_count(w, "SELECT count(*) FROM contact"), 1);
	assert_int_equal(world_count(w, "SELECT count(*) FROM person"), 1);
	assert_int_equal(
	    world_count(w, "SELECT count(*) FROM person WHERE consenting"), 0);
	says(w, A, "SK 1", "EVENT");
	assert_int_equal(world_count(w, "SELECT count(*) FROM contact"), 1);
	assert_int_equal(world_count(w, "SELECT count(*) FROM \"case\""), 1);
	assert_int_equal(world_count(w, "SELECT count(*) FROM consent"
					" WHERE scope = 'event' AND given"),
	    2);
	/* No campaign reaches him by it. */
	steps_people(w, 0);
	assert_int_equal(world_count(w, "SELECT count(*) FROM membership"), 0);
}

/* --- the day before --- */

static void
test_reminder(void **state)
{
	struct world *w = *state;
	int64_t id = event(w, IN_3_DAYS);
	char text[ML_TEXT_MAX] = "";

	says(w, A, "SK 1", "EVENT");
	world_advance(w, 24 * 3600);
	assert_int_equal(sent(w, NULL), 0); /* two days before */
	world_advance(w, 22 * 3600 + 1800 - 60);
	assert_int_equal(sent(w, NULL), 0); /* not at this hour */
	world_advance(w, 120);
	world_restart(w);
	assert_int_equal(sent(w, text), 1);
	assert_non_null(strstr(text, "Hop phu nu, 9:00 "));
	assert_non_null(strstr(text, ", Nha van hoa xa."));
	world_advance(w, 3600);
	world_restart(w);
	assert_int_equal(sent(w, NULL), 0); /* once */
	assert_int_equal(get(w, id).reminded, 1);
	assert_int_equal(get(w, id).reminder, 0);
}

/* Who signs up late is told at once; who is late for all is not. */
static void
test_late_guest(void **state)
{
	struct world *w = *state;

	(void)event(w, 3 * 3600);
	world_receive(w, A, "SK 1");
	assert_int_equal(sent(w, NULL), 2);
	world_advance(w, 2 * 3600 + 3000);
	world_receive(w, B, "SK 1");
	world_advance(w, 700);
	assert_int_equal(steps_upkeep(w) >= 0, 1);
	assert_int_equal(world_count(w, "SELECT count(*) FROM notice WHERE"
					" reason = 'too_late'"),
	    1);
}

/* R7, R5, R9: whatever says that he does not want it is looked at when it would
 * go out. */
static void
test_who_is_not_reminded(void **state)
{
	static const struct {
		const char *text, *reason, *want_state;
	} rows[] = {
	    {"TC", "opted_out", "suppressed"},
	    {"THOI", "opted_out", "suppressed"},
	    {"HUYSK", "", "cancelled"},
	};
	size_t i;

	(void)state;
	for (i = 0; i < TC_NELEM(rows); i++) {
		struct world w;
		char *got;

		world_open(&w);
		(void)event(&w, IN_3_DAYS);
		says(&w, A, "SK 1", "EVENT");
		world_receive(&w, A, rows[i].text);
		(void)sent(&w, NULL);
		world_advance(&w, 2 * 24 * 3600);
		assert_int_equal(sent(&w, NULL), 0);
		got = world_text(&w, "SELECT state || reason FROM notice");
		if (strncmp(got, rows[i].want_state,
			strlen(rows[i].want_state)) != 0 ||
		    strstr(got, rows[i].reason) == NULL)
			fail_msg("%s: %s", rows[i].text, got);
		free(got);
		world_close(&w);
	}
}

/* TC first, and then he signs up: that he wants. */
static void
test_signing_up_after_tc(void **state)
{
	struct world *w = *state;

	(void)event(w, IN_3_DAYS);
	says(w, A, "TC", "OPTOUT");
	world_advance(w, 60);
	says(w, A, "SK 1", "EVENT");
	assert_int_equal(world_count(w, "SELECT opted_out_at > 0"
					" AND NOT consenting FROM person"),
	    1);
	world_advance(w, 2 * 24 * 3600);
	assert_int_equal(sent(w, NULL), 1);
}

/* Three a day whatever comes, his own hours, and no more after the event. */
static void
test_limits(void **state)
{
	struct world *w = *state;
	int64_t i;

	for (i = 0; i < 4; i++)
		(void)event(w, IN_3_DAYS + i * 60);
	for (i = 0; i < 4; i++)
		says(w, A,
		    (const char *const[]){"SK 1", "SK 2", "SK 3", "SK 4"}[i],
		    "EVENT");
	world_advance(w, 2 * 24 * 3600);
	assert_int_equal(sent(w, NULL), 3);
	/* A day later it would be too late. */
	assert_int_equal(world_count(w, "SELECT count(*) FROM notice WHERE"
					" state = 'queued' AND reason ="
					" 'had_enough'"),
	    1);
}

static void
test_his_hours(void **state)
{
	struct world *w = *state;

	(void)event(w, IN_3_DAYS);
	says(w, A, "SK 1", "EVENT");
	assert_int_equal(world_sql(w, "UPDATE person SET quiet_from = 480,"
				      " quiet_until = 660"),
	    0);
	world_advance(w, 2 * 24 * 3600); /* 09:00 */
	assert_int_equal(sent(w, NULL), 0);
	world_advance(w, 2 * 3600 - 60);
	assert_int_equal(sent(w, NULL), 0);
	world_advance(w, 120);
	assert_int_equal(sent(w, NULL), 1);
}

static void
test_change_and_cancel(void **state)
{
	struct world *w = *state;
	struct event_op op = {.world = w,
	    .draft = {.place = "Sân vận động xã",
		.starts_at = clock_now() + 2 * 24 * 3600}};
	int64_t other = event(w, IN_3_DAYS);
	char text[ML_TEXT_MAX] = "";

	op.id = event(w, IN_3_DAYS + 60);
	says(w, A, "SK 2", "EVENT");
	says(w, B, "SK 1", "EVENT");
	world_expect(w, 0, op_edit, &op);
	assert_string_equal(get(w, op.id).state, "draft");
	world_advance(w, 24 * 3600);
	assert_int_equal(sent(w, NULL), 0); /* nobody approved it */
	assert_int_equal(act(w, &w->hoa, op.id, MEETING_APPROVE), 0);
	assert_int_equal(sent(w, text), 1);
	assert_non_null(strstr(text, "San van dong xa"));
	assert_int_equal(act(w, &w->tuan, other, MEETING_CANCEL), 0);
	world_advance(w, 24 * 3600);
	assert_int_equal(sent(w, NULL), 0);
	op.draft.starts_at = clock_now() + 3600;
	assert_int_equal(run(&op, op_edit), 0);
	op.id = other;
	assert_int_equal(run(&op, op_edit), TC_ESTATE);
}

/* A reminder that came back from the modem says nothing of a plan that has
 * changed since. */
static void
test_change_on_its_way(void **state)
{
	struct world *w = *state;
	struct event_op op = {.world = w, .draft = {.place = "Sân vận động"}};
	struct radio_part part;

	op.id = event(w, IN_3_DAYS);
	says(w, A, "SK 1", "EVENT");
	world_advance(w, 2 * 24 * 3600);
	assert_int_equal(steps_next(w, "m1", &part), 1);
	assert_int_equal(steps_result(w, part.id, ML_NOT_SENT, 0), 1);
	world_expect(w, 0, op_edit, &op);
	world_advance(w, 120);
	assert_int_equal(steps_upkeep(w) >= 0, 1);
	assert_int_equal(sent(w, NULL), 0);
	assert_int_equal(world_count(w, "SELECT count(*) FROM notice WHERE"
					" state = 'suppressed' AND reason ="
					" 'not_approved'"),
	    1);
}

/* A forgotten guest leaves nothing behind. */
static int
op_forget(void *arg)
{
	return people_forget(&((struct world *)arg)->core, A);
}

static void
test_forgotten(void **state)
{
	struct world *w = *state;
	int64_t id = event(w, IN_3_DAYS);

	says(w, A, "SK 1", "EVENT");
	world_expect(w, 0, op_forget, w);
	assert_int_equal(get(w, id).guests, 0);
	assert_int_equal(world_count(w, "SELECT count(*) FROM notice"), 0);
	world_advance(w, 2 * 24 * 3600);
	assert_int_equal(sent(w, NULL), 0);
}

/* --- opting out of a theme --- */

static void
test_theme_by_sms(void **state)
{
	struct world *w = *state;
	struct campaign_draft d = campaign_draft_empty;

	steps_people(w, 2); /* A and B */
	says(w, A, "TC gia đình", "OPTOUT_THEME");
	d.theme = "GDVH";
	(void)steps_run_campaign(w, "Hop thon", &d);
	assert_int_equal(sent(w, NULL), 1);
	d.theme = "SUCKHOE";
	(void)steps_run_campaign(w, "Kham benh", &d);
	assert_int_equal(sent(w, NULL), 2);
	says(w, A, "TC", "OPTOUT");
	(void)steps_run_campaign(w, "Hop xa", NULL);
	assert_int_equal(sent(w, NULL), 1);
	/* What it was about is not said. */
	assert_int_equal(world_count(w, "SELECT count(*) FROM message WHERE"
					" slots <> '' AND template ="
					" 'OPTOUT_THEME'"),
	    0);
}

/* Between the approval and the segment, and for who is not known. */
static void
test_theme_before_the_next_segment(void **state)
{
	struct world *w = *state;
	struct campaign_draft d = campaign_draft_empty;
	struct radio_part part;

	steps_people(w, 2);
	d.theme = "GDVH";
	(void)steps_run_campaign(w, "Hop thon", &d);
	assert_int_equal(steps_next(w, "m1", &part), 1);
	/* The modem gave it back; then he writes. */
	assert_int_equal(steps_result(w, part.id, ML_NOT_SENT, 0), 1);
	world_receive(w, A, "TC GDVH");
	world_receive(w, B, "TC GDVH");
	world_advance(w, 61);
	(void)sent(w, NULL);
	assert_int_equal(world_count(w, "SELECT count(*) FROM recipient WHERE"
					" state = 'suppressed' AND reason ="
					" 'theme'"),
	    2);
	world_receive(w, "+84900000109", "TC luật");
	assert_int_equal(world_count(w, "SELECT count(*) FROM person WHERE NOT"
					" consenting AND opted_out_at IS NULL"),
	    1);
	assert_int_equal(world_count(w, "SELECT count(*) FROM theme_optout"
					" WHERE theme = 'PHAPLUAT'"),
	    1);
}

/* A text waits that was begun outside his hours, and is not lost. */
static void
test_hours_of_a_campaign(void **state)
{
	struct world *w = *state;
	struct radio_part part;

	steps_people(w, 2);
	assert_int_equal(world_sql(w, "UPDATE person SET quiet_from = 543,"
				      " quiet_until = 600"),
	    0); /* 09:03 to 10:00 */
	(void)steps_campaign(w, "Hop thon");
	assert_int_equal(steps_next(w, "m1", &part), 1); /* 09:00 */
	assert_int_equal(steps_result(w, part.id, ML_NOT_SENT, 0), 1);
	world_advance(w, 240);
	assert_int_equal(sent(w, NULL), 0);
	world_advance(w, 3600 - 300);
	assert_int_equal(steps_upkeep(w) >= 0, 1);
	assert_int_equal(sent(w, NULL), 0);
	world_advance(w, 120);
	assert_int_equal(steps_upkeep(w) >= 0, 1);
	assert_int_equal(sent(w, NULL), 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    WORLD_TEST(test_two_people_answer),
	    WORLD_TEST(test_lint),
	    WORLD_TEST(test_bad_drafts),
	    WORLD_TEST(test_numbers),
	    WORLD_TEST(test_words),
	    WORLD_TEST(test_a_guest_is_a_guest),
	    WORLD_TEST(test_reminder),
	    WORLD_TEST(test_late_guest),
	    cmocka_unit_test(test_who_is_not_reminded),
	    WORLD_TEST(test_signing_up_after_tc),
	    WORLD_TEST(test_limits),
	    WORLD_TEST(test_his_hours),
	    WORLD_TEST(test_change_and_cancel),
	    WORLD_TEST(test_change_on_its_way),
	    WORLD_TEST(test_forgotten),
	    WORLD_TEST(test_theme_by_sms),
	    WORLD_TEST(test_theme_before_the_next_segment),
	    WORLD_TEST(test_hours_of_a_campaign),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
