/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From a text to what it causes, with the shipped content pack: every intent's
 * effect and reply, and the rules that protect whoever wrote. */
#include "config.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"
#include "buf.h"
#include "clock.h"
#include "intake/content.h"
#include "intake_steps.h"
#include "outbox_steps.h"

#define HER "+84900000001"

/* --- every intent --- */

static const struct {
	const char *text;
	const char *queue; /* of the case; NULL = none */
	int urgency;
	const char *reply; /* NULL = silence */
	int lane;
	int people, contacts;
} intents[] = {
    {"cuu", "CAX,HPN", 0, "N2", LANE_CRISIS, 0, 1},
    {"CẤP CỨU", "CAX,HPN", 0, "N2", LANE_CRISIS, 0, 1},
    {"SOS", "CAX,HPN", 0, "N2", LANE_CRISIS, 0, 1},
    {"99", "CAX,HPN", 0, "N2", LANE_CRISIS, 0, 1},
    {"chong danh, cap cuu", "CAX,HPN", 0, "N2", LANE_CRISIS, 0, 1},
    {"giup", "HPN", 1, "N1", LANE_CRISIS, 0, 1},
    {"Giúp tôi với", "HPN", 1, "N1", LANE_CRISIS, 0, 1},
    {"help", "HPN", 1, "N1", LANE_CRISIS, 0, 1},
    {"tin cay", "DCTC", 1, "N1", LANE_CRISIS, 0, 1},
    {"5", "DCTC", 1, "N1", LANE_CRISIS, 0, 1},
    {"nha", "DCTC", 1, "N1", LANE_CRISIS, 0, 1},
    {"goi", "HPN", 1, "N1", LANE_CRISIS, 0, 1},
    {"3", "HPN", 1, "N1", LANE_CRISIS, 0, 1},
    {"GOI 9", "HPN", 1, "ACK", LANE_CRISIS, 0, 1},
    {"goi lai t3 8-10", "HPN", 1, "ACK", LANE_CRISIS, 0, 1},
    {"goi ga", "TRIAGE", 2, "FALLBACK", LANE_REPLY, 0, 1},
    {"chong danh", "HPN", 0, "N1", LANE_CRISIS, 0, 1}, /* a word of danger */
    {"khong ai hieu, no cam dao", "TRIAGE", 1, "FALLBACK", LANE_CRISIS, 0, 1},
    {"bao tin", "CAX,VHXH", 1, "N2", LANE_CRISIS, 0, 1},
    {"mua ban nguoi", "CAX", 0, "N2", LANE_CRISIS, 0, 1},
    {"tai hoa nhap", "VHXH,CAX,HPN", 2, "N1", LANE_REPLY, 0, 1},
    {"tre em", "VHXH,CAX", 0, "N2", LANE_CRISIS, 0, 1},
    {"bi xam hai", "HPN,YTE", 0, "N1", LANE_CRISIS, 0, 1},
    {"ep cuoi", "TPHT,VHXH", 1, "N1", LANE_CRISIS, 0, 1},
    {"vay von", "HPN,VHXH", 3, "N1", LANE_REPLY, 0, 1},
    {"xoa du lieu", "QTDL", 3, "ERASE", LANE_REPLY, 0, 1},
    {"hd", NULL, 0, "HELP_MENU", LANE_REPLY, 0, 1},
    {"kham thai", NULL, 0, "ANC", LANE_REPLY, 0, 1},
    {"kham thai may gio", "YTE", 2, "ANC", LANE_REPLY, 0, 1},
    {"mang thai bi ra mau", "YTE", 0, "ANC", LANE_CRISIS, 0, 1},
    {"thai, nha em o thon 3", "TRIAGE", 2, "FALLBACK", LANE_REPLY, 0, 1},
    /* R27: a child by what it says */
    {"giup em voi, em 14 tuoi", "VHXH,CAX", 0, "N2", LANE_CRISIS, 0, 1},
    {"con gai toi 9 tuoi bi xam hai", "VHXH,CAX", 0, "N2", LANE_CRISIS, 0, 1},
    {"chong danh toi va con 3 tuoi", "HPN", 0, "N1", LANE_CRISIS, 0, 1},
    {"luat", NULL, 0, "LAW", LANE_REPLY, 0, 1},
    {"luat chia dat", "TPHT", 3, "N1", LANE_REPLY, 0, 1},
    {"hoc 5a", "TRUONG", 3, "N1", LANE_REPLY, 0, 1},
    {"ld", NULL, 0, "LABOUR", LANE_REPLY, 0, 1},
    {"su kien", NULL, 0, "EVENT_NONE", LANE_REPLY, 0, 1},
    {"huysk", NULL, 0, "EVENT_LEFT", LANE_REPLY, 0, 1},
    {"gop y duong hong", "MTTQ", 3, "FEEDBACK", LANE_REPLY, 0, 1},
    {"gop y", "MTTQ", 3, "FEEDBACK", LANE_REPLY, 0, 1},
    {"y te", NULL, 0, "HEALTH", LANE_REPLY, 0, 1},
    {"1", NULL, 0, "HEALTH", LANE_REPLY, 0, 1},
    {"y te toi muon hoi", "YTE", 2, "N1", LANE_REPLY, 0, 1},
    {"dk", NULL, 0, "SUBSCRIBE", LANE_REPLY, 1, 0},
    {"tc", NULL, 0, "OPTOUT", LANE_REPLY, 1, 0},
    {"dừng", NULL, 0, "OPTOUT", LANE_REPLY, 1, 0},
    {"thoi", NULL, 0, NULL, 0, 0, 1},
    {"sai so", NULL, 0, NULL, 0, 0, 1},
    {"co", "TRIAGE", 2, "FALLBACK", LANE_REPLY, 0, 1},
    {"con bo an lua nha toi", "TRIAGE", 2, "FALLBACK", LANE_REPLY, 0, 1},
};

static void
check_reply(struct world *w, size_t i)
{
	struct radio_part p;
	char *reply = steps_queued(w);

	if (intents[i].reply == NULL) {
		assert_null(reply);
		return;
	}
	assert_string_equal(reply, intents[i].reply);
	free(reply);
	assert_int_equal(steps_next(w, "m2", &p), 0);
	assert_int_equal(steps_next(w, "m1", &p), 1);
	assert_int_equal(p.lane, intents[i].lane);
	assert_string_equal(p.number, HER);
	assert_int_equal(p.udh_len, 0); /* R12: one segment */
	assert_false(p.report);         /* R32 */
	if (intents[i].queue != NULL)   /* R4 */
		assert_int_equal(p.validity_min, 5);
}

static void
test_every_intent(void **state)
{
	struct world w;
	char *queue;
	size_t i;

	(void)state;
	for (i = 0; i < TC_NELEM(intents); i++) {
		world_open(&w);
		world_receive(&w, HER, intents[i].text);
		if (world_count(&w, "SELECT count(*) FROM \"case\"") !=
		    (intents[i].queue != NULL))
			fail_msg("%s", intents[i].text);
		if (intents[i].queue != NULL) {
			queue = world_text(&w, "SELECT queue || urgency"
					       " FROM \"case\"");
			assert_memory_equal(
			    queue, intents[i].queue, strlen(intents[i].queue));
			assert_int_equal(queue[strlen(intents[i].queue)],
			    '0' + intents[i].urgency);
			free(queue);
		}
		assert_int_equal(world_count(&w, "SELECT count(*) FROM person"),
		    intents[i].people);
		assert_int_equal(
		    world_count(&w, "SELECT count(*) FROM contact"),
		    intents[i].contacts);
		check_reply(&w, i);
		world_close(&w);
	}
}

/* --- what a reply may be --- */

/* The reply to a text as it goes on the air, "" for silence. */
static char *
answer(const char *text)
{
	struct radio_part p;
	struct world w;
	char *out;

	world_open(&w);
	world_receive(&w, HER, text);
	out = xstrdup(steps_next(&w, "m1", &p) == 1 ? p.text : "");
	world_close(&w);
	return out;
}

static void
test_r1_one_reply_for_all_that_a_person_answers(void **state)
{
	static const char *const asked[] = {"giup", "giup toi chong danh",
	    "tin cay", "5", "nha", "y te toi bi dau", "tam lanh o dau", "help"};
	static const char *const urgent[] = {
	    "cuu", "SOS", "99", "khan cap", "99 nha toi"};
	char *first, *next;
	size_t i;

	(void)state;
	first = answer(asked[0]);
	assert_true(strlen(first) > 20);
	for (i = 1; i < TC_NELEM(asked); i++) {
		next = answer(asked[i]);
		assert_string_equal(next, first);
		free(next);
	}
	free(first);
	first = answer(urgent[0]);
	assert_true(strlen(first) > 20);
	for (i = 1; i < TC_NELEM(urgent); i++) {
		next = answer(urgent[i]);
		assert_string_equal(next, first);
		free(next);
	}
	free(first);
}

static void
test_r2_reply_quotes_nothing(void **state)
{
	static const char *const texts[] = {"giup QZXW", "cuu QZXW",
	    "y te QZXW", "tin cay QZXW", "QZXW", "QZXW giup toi"};
	static const char *const forbidden[] = {"QZXW", "bao luc", "Bao luc",
	    "tam lanh", "nan nhan", "to giac", "dia chi tin cay"};
	char *reply;
	size_t i, j;

	(void)state;
	for (i = 0; i < TC_NELEM(texts); i++) {
		reply = answer(texts[i]);
		assert_true(reply[0] != '\0');
		for (j = 0; j < TC_NELEM(forbidden); j++)
			assert_null(strstr(reply, forbidden[j]));
		free(reply);
	}
}

/* The age of a text by the service centre's stamp; by its arrival when the
 * stamp is missing or in the future. */
static const struct {
	const char *name;
	int64_t smsc_age, arrival_age; /* seconds; smsc_age -1: no stamp */
	bool is_answered;
} ages[] = {
    {"fresh", 0, 0, true},
    {"almost late", 295, 0, true},
    {"late", 310, 0, false},
    {"a day", 86400, 0, false},
    {"no stamp, fresh", -1, 0, true},
    {"no stamp, long on the SIM", -1, 400, false},
    {"a little ahead", -30, 0, true},
    {"far ahead, fresh", -7200, 0, true},
    {"far ahead, long on the SIM", -7200, 400, false},
};

static void
test_r3_late_text_is_not_answered(void **state)
{
	struct world w;
	struct arrival a;
	size_t i;
	char *reply;

	(void)state;
	for (i = 0; i < TC_NELEM(ages); i++) {
		world_open(&w);
		a = steps_arrival(&w, HER, "giup");
		a.in.smsc_time =
		    ages[i].smsc_age == -1 ? 0 : clock_now() - ages[i].smsc_age;
		a.in.received_at = clock_now() - ages[i].arrival_age;
		world_expect(&w, 0, steps_op_receive, &a);
		reply = steps_queued(&w);
		if ((reply != NULL) != ages[i].is_answered)
			fail_msg("%s", ages[i].name);
		free(reply);
		/* a person sees it all the same, and that she waits */
		assert_int_equal(
		    world_count(&w, "SELECT count(*) FROM \"case\""), 1);
		assert_int_equal(
		    world_count(&w, "SELECT call_back FROM \"case\""),
		    !ages[i].is_answered);
		world_close(&w);
	}
}

/* A text that came too late for a reply does not use up the fallback of the
 * day. */
static void
test_r30_late_text_costs_no_fallback(void **state)
{
	struct world *w = *state;
	struct arrival a = steps_arrival(w, HER, "con bo");
	char *reply;

	a.in.smsc_time -= 3600;
	world_expect(w, 0, steps_op_receive, &a);
	assert_null(steps_queued(w));
	world_receive(w, HER, "con bo an lua");
	reply = steps_queued(w);
	assert_non_null(reply);
	assert_string_equal(reply, "FALLBACK");
	free(reply);
}

static void
test_r30_fallback_once_a_day(void **state)
{
	static const char *const texts[] = {"con bo an lua", "con bo an ngo",
	    "con bo", "con bo an lua", "ngo nha ai"};
	struct world *w = *state;
	struct radio_part p;
	size_t i;

	for (i = 0; i < TC_NELEM(texts); i++)
		world_receive(w, HER, texts[i]);
	assert_int_equal(steps_next(w, "m1", &p), 1);
	assert_int_equal(steps_next(w, "m1", &p), 0);
	world_receive(w, "+84900000002", "con bo an lua"); /* each number */
	assert_int_equal(steps_next(w, "m1", &p), 1);
	world_advance(w, 86400 - 60);
	world_receive(w, HER, "con bo an lua");
	assert_int_equal(steps_next(w, "m1", &p), 0);
	world_advance(w, 120);
	world_receive(w, HER, "con bo an lua");
	assert_int_equal(steps_next(w, "m1", &p), 1);
	assert_int_equal(world_count(w, "SELECT count(*) FROM case_item"), 8);
}

/* --- subscriptions and silence --- */

static void
test_dk_and_co(void **state)
{
	struct world *w = *state;
	char *reply;

	world_receive(w, HER, "DK");
	world_receive(w, HER, "CO");
	reply = steps_queued(w);
	assert_string_equal(reply, "SUBSCRIBE CONFIRM");
	free(reply);
	assert_int_equal(world_count(w, "SELECT consenting FROM person"), 1);
	assert_int_equal(world_count(w, "SELECT count(*) FROM \"case\""), 0);
	assert_int_equal(world_count(w, "SELECT count(*) FROM contact"), 0);
	/* the question is answered: another yes is a text for a person */
	world_receive(w, HER, "CO");
	assert_int_equal(world_count(w, "SELECT count(*) FROM \"case\""), 1);
}

static void
test_r9_optout_closes_no_case(void **state)
{
	struct world *w = *state;
	struct radio_part p;

	world_receive(w, HER, "giup");
	world_receive(w, HER, "TC");
	assert_int_equal(world_count(w, "SELECT count(*) FROM \"case\""
					" WHERE state = 'new' AND NOT hushed"),
	    1);
	world_receive(w, HER, "giup");
	assert_int_equal(world_count(w, "SELECT items FROM \"case\""), 2);
	assert_int_equal(steps_next(w, "m1", &p), 1);
	assert_int_equal(p.lane, LANE_CRISIS);
	assert_int_equal(steps_next(w, "m1", &p), 1);
	assert_int_equal(p.lane, LANE_CRISIS);
	assert_int_equal(steps_next(w, "m1", &p), 1); /* OPTOUT */
	assert_int_equal(steps_next(w, "m1", &p), 0);
}

static void
test_r7_hush_is_silent_and_asking_again_ends_it(void **state)
{
	struct world *w = *state;
	struct radio_part p;
	char *text;

	world_receive(w, HER, "giup");
	world_receive(w, HER, "THOI");
	assert_null(steps_queued(w));
	assert_int_equal(steps_next(w, "m1", &p), 0);
	text = world_text(w, "SELECT state || hushed FROM contact");
	assert_string_equal(text, "unknown1");
	free(text);
	text = world_text(w, "SELECT state || hushed FROM \"case\"");
	assert_string_equal(text, "new1");
	free(text);
	world_receive(w, HER, "y te"); /* no request for a person */
	assert_int_equal(steps_next(w, "m1", &p), 0);
	world_receive(w, HER, "giup");
	text = world_text(w, "SELECT state || hushed FROM contact");
	assert_string_equal(text, "unknown0");
	free(text);
	assert_int_equal(steps_next(w, "m1", &p), 1);
	assert_int_equal(p.lane, LANE_CRISIS);
}

/* What he types on her phone lights it up no more than what she does: neither a
 * text that means nothing nor TC is answered, and the hush stays. */
static void
test_r7_only_asking_for_help_ends_a_hush(void **state)
{
	static const char *const texts[] = {"ai do", "DK", "CO", "TC"};
	struct world *w = *state;
	struct radio_part p;
	size_t i;

	world_receive(w, HER, "giup");
	world_receive(w, HER, "THOI");
	for (i = 0; i < TC_NELEM(texts); i++) {
		world_receive(w, HER, texts[i]);
		assert_int_equal(steps_next(w, "m1", &p), 0);
	}
	assert_int_equal(
	    world_count(w, "SELECT count(*) FROM contact WHERE hushed"), 1);
	assert_int_equal(world_count(w, "SELECT count(*) FROM person"
					" WHERE opted_out_at IS NOT NULL"),
	    1); /* TC holds all the same */
	assert_int_equal(
	    world_count(w, "SELECT items FROM \"case\""), 2); /* "ai do" */
}

/* --- promise 8 --- */

static char *
column(struct world *w, const char *table, const char *name)
{
	char *sql = xasprintf("SELECT hex(%s) FROM %s", name, table);
	char *text = world_text(w, sql);

	free(sql);
	return text;
}

/* The same number as a contact and as a subscriber: the two rows have no value
 * in common by which they could be joined. */
static void
test_r8_contact_and_person_share_nothing(void **state)
{
	static const char *const mine[] = {"id", "mac", "box"};
	static const char *const theirs[] = {"id", "phone_mac", "phone_box"};
	struct world *w = *state;
	char *a, *b;
	size_t i, j;

	world_receive(w, HER, "giup");
	world_receive(w, HER, "DK");
	world_receive(w, HER, "CO");
	for (i = 0; i < TC_NELEM(mine); i++) {
		for (j = 0; j < TC_NELEM(theirs); j++) {
			a = column(w, "contact", mine[i]);
			b = column(w, "person", theirs[j]);
			assert_true(strlen(a) > 8 && strlen(b) > 8);
			assert_string_not_equal(a, b);
			free(b);
			free(a);
		}
	}
	/* nor does a message name both */
	assert_int_equal(world_count(w, "SELECT count(*) FROM message WHERE"
					" contact_id IS NOT NULL AND"
					" person_id IS NOT NULL"),
	    0);
	assert_int_equal(world_count(w, "SELECT count(*) FROM pragma_foreign"
					"_key_list('person')"),
	    0);
	assert_int_equal(world_count(w, "SELECT count(*) FROM pragma_foreign"
					"_key_list('contact')"),
	    0);
}

/* Without the keys that a case needs nothing is kept, and nothing promised. */
static void
test_not_ready_keeps_nothing(void **state)
{
	struct world *w = *state;
	struct arrival a = steps_arrival(w, HER, "giup");

	assert_int_equal(
	    world_sql(w, "DELETE FROM agency WHERE code = 'RECOVERY'"),
	    SQLITE_OK);
	world_expect(w, TC_ENOTREADY, steps_op_receive, &a);
	assert_null(steps_queued(w));
	assert_int_equal(world_count(w, "SELECT (SELECT count(*) FROM contact)"
					" + (SELECT count(*) FROM \"case\")"),
	    0);
}

/* The language goes with what he subscribed to and with what she asked, each
 * where it is; who is neither is a contact without a case. */
static void
test_language_is_kept(void **state)
{
	struct world *w = *state;

	world_receive(w, "0900000021", "jrai");
	assert_int_equal(world_count(w, "SELECT count(*) FROM contact"
					" WHERE language = 'jra'"),
	    1);
	assert_int_equal(world_count(w, "SELECT count(*) FROM \"case\""), 0);
	world_receive(w, "0900000022", "dk");
	world_receive(w, "0900000022", "bahnar");
	assert_int_equal(world_count(w, "SELECT count(*) FROM person"
					" WHERE language = 'bdq'"),
	    1);
	assert_int_equal(world_count(w, "SELECT count(*) FROM contact"), 1);
	world_receive(w, "0900000022", "giup");
	world_receive(w, "0900000022", "tieng viet");
	assert_int_equal(world_count(w, "SELECT count(*) FROM person"
					" WHERE language = 'vi'"),
	    1);
	assert_int_equal(world_count(w, "SELECT count(*) FROM contact"
					" WHERE language = 'vi'"),
	    1);
}

/* With or without diacritics, as each phone wants it, until it wants the other;
 * a restart keeps it. */
static void
test_script_is_kept(void **state)
{
	static const struct {
		const char *number, *text, *reply;
		enum content_script script;
	} said[] = {
	    {HER, "giup", "N1", CONTENT_BARE},
	    {HER, "TIN CO DAU", "SCRIPT", CONTENT_ACCENTED},
	    {HER, "giup toi", "N1", CONTENT_ACCENTED},
	    {"+84900000022", "giup toi", "N1", CONTENT_BARE},
	    {HER, "tin không dấu", "SCRIPT", CONTENT_BARE},
	    {HER, "giup em", "N1", CONTENT_BARE},
	};
	struct world *w = *state;
	struct radio_part p;
	size_t i;

	for (i = 0; i < TC_NELEM(said); i++) {
		world_receive(w, said[i].number, said[i].text);
		world_restart(w);
		assert_int_equal(steps_next(w, "m1", &p), 1);
		assert_string_equal(p.text,
		    content_reply_text(
			content_reply_by_id(w->core.content, said[i].reply),
			"vi", said[i].script));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_every_intent),
	    WORLD_TEST(test_script_is_kept),
	    cmocka_unit_test(test_r1_one_reply_for_all_that_a_person_answers),
	    cmocka_unit_test(test_r2_reply_quotes_nothing),
	    cmocka_unit_test(test_r3_late_text_is_not_answered),
	    WORLD_TEST(test_r30_late_text_costs_no_fallback),
	    WORLD_TEST(test_r30_fallback_once_a_day),
	    WORLD_TEST(test_dk_and_co),
	    WORLD_TEST(test_r9_optout_closes_no_case),
	    WORLD_TEST(test_r7_hush_is_silent_and_asking_again_ends_it),
	    WORLD_TEST(test_r7_only_asking_for_help_ends_a_hush),
	    WORLD_TEST(test_r8_contact_and_person_share_nothing),
	    WORLD_TEST(test_not_ready_keeps_nothing),
	    WORLD_TEST(test_language_is_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
