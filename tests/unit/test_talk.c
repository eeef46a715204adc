/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Conversations: what a text means because of what was said before, how long,
 * and what it then does. The state is in the database. */
#include "config.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"
#include "intake/intake.h"
#include "desk_steps.h"
#include "store/store.h"
#include "turn.h"
#include "vault/vault.h"

#define HER "+84900000031"
#define MIN 60

/* A text at which minute; then what it has become: the intent's reply ("-":
 * none, of a text that was kept; "h": hushed), and the cases there are. */
struct said {
	const char *text;
	int minute;
	const char *reply;
};

static const struct {
	const char *name;
	struct said said[4];
	int cases, items;
} talks[] = {
    {"an hour after the question", {{"giup", 0, "N1"}, {"9", 5, "ACK"}}, 1, 2},
    {"a poster digit is an hour then", {{"giup", 0, "N1"}, {"5", 5, "ACK"}}, 1,
	2},
    {"and a digit again after an hour", {{"giup", 0, "N1"}, {"5", 61, "N1"}}, 2,
	2},
    {"a digit without a question", {{"5", 0, "N1"}}, 1, 1},
    {"hours in words", {{"giup", 0, "N1"}, {"sang mai", 5, "ACK"}}, 1, 2},
    {"the question was answered",
	{{"giup", 0, "N1"}, {"9", 5, "ACK"}, {"5", 6, "N1"}}, 2, 3},
    {"with the keyword, to the open case",
	{{"giup", 0, "N1"}, {"goi 19h", 5, "ACK"}}, 1, 2},
    {"with the keyword alone, no case before", {{"goi 19h", 0, "ACK"}}, 1, 1},
    {"goi asks for the hour", {{"goi", 0, "N1"}, {"8", 1, "ACK"}}, 1, 2},
    {"stop means the call", {{"giup", 0, "N1"}, {"stop", 5, "h"}}, 1, 1},
    {"huy means the call", {{"giup", 0, "N1"}, {"huy", 5, "h"}}, 1, 1},
    {"khong means the call", {{"giup", 0, "N1"}, {"KHÔNG", 5, "h"}}, 1, 1},
    {"tc is about broadcasts all the same",
	{{"giup", 0, "N1"}, {"tc", 5, "OPTOUT"}}, 1, 1},
    {"stop later is about broadcasts",
	{{"giup", 0, "N1"}, {"stop", 61, "OPTOUT"}}, 1, 1},
    {"no number at all", {{"giup", 0, "N1"}, {"99999", 5, "FALLBACK"}}, 1, 2},
    {"a sentence is a sentence",
	{{"giup", 0, "N1"}, {"9 con ga", 5, "FALLBACK"}}, 1, 2},
};

/* What was queued for her since the last look. */
static char *
replied(struct world *w)
{
	char *got;

	if (world_count(w, "SELECT count(*) FROM contact WHERE hushed") == 1)
		return xstrdup("h");
	got = world_text(w, "SELECT coalesce((SELECT template FROM message"
			    " WHERE reason = '' ORDER BY id DESC LIMIT 1),"
			    " '-')");
	assert_int_equal(
	    world_sql(w, "UPDATE message SET reason = 'seen'"), SQLITE_OK);
	return got;
}

static void
test_meaning_by_what_was_said(void **state)
{
	const struct said *said;
	struct world w;
	size_t i, k;
	char *got;
	int minute;

	(void)state;
	for (i = 0; i < TC_NELEM(talks); i++) {
		world_open(&w);
		minute = 0;
		for (k = 0; k < 4 && talks[i].said[k].text != NULL; k++) {
			said = &talks[i].said[k];
			world_advance(&w, (said->minute - minute) * MIN);
			minute = said->minute;
			world_receive(&w, HER, said->text);
			if (k == 0)
				world_restart(&w);
			got = replied(&w);
			if (strcmp(got, said->reply) != 0)
				fail_msg("%s: %s got %s", talks[i].name,
				    said->text, got);
			free(got);
		}
		if (world_count(&w, "SELECT count(*) FROM \"case\"") !=
			talks[i].cases ||
		    world_count(&w, "SELECT count(*) FROM case_item") !=
			talks[i].items)
			fail_msg("%s: cases", talks[i].name);
		world_close(&w);
	}
}

/* --- KHONG and an agency (R19) --- */

static const struct {
	const char *first, *refusal;
	const char *queue, *copies; /* afterwards, of the first case */
} refusals[] = {
    {"cuu", "khong cong an", "HPN", "HPN,RECOVERY,TRIAGE"},
    {"cuu", "KHÔNG BÁO CAX", "HPN", "HPN,RECOVERY,TRIAGE"},
    {"cuu", "khong phu nu", "CAX", "CAX,RECOVERY,TRIAGE"},
    {"giup", "khong bao hoi phu nu", "TRIAGE", "RECOVERY,TRIAGE,VHXH"},
    {"giup", "khong van hoa", "HPN", "HPN,RECOVERY,TRIAGE"},
    {"giup", "khong y te", "HPN", "HPN,RECOVERY,TRIAGE,VHXH"},
    /* nothing that is an agency: a text like others */
    {"giup", "khong an com", "HPN", "HPN,RECOVERY,TRIAGE,VHXH"},
};

static void
test_r19_an_agency_she_does_not_want(void **state)
{
	struct world w;
	size_t i;
	char *got;

	(void)state;
	for (i = 0; i < TC_NELEM(refusals); i++) {
		world_open(&w);
		world_receive(&w, HER, refusals[i].first);
		world_advance(&w, 2 * 60 * MIN);
		world_receive(&w, HER, refusals[i].refusal);
		got = world_text(&w, "SELECT group_concat(agency) FROM (SELECT"
				     " agency FROM case_seal ORDER BY agency)");
		if (strcmp(got, refusals[i].copies) != 0)
			fail_msg("%s: %s", refusals[i].refusal, got);
		free(got);
		got = world_text(&w, "SELECT queue FROM \"case\"");
		assert_string_equal(got, refusals[i].queue);
		free(got);
		/* her words are kept for who has the case now */
		assert_int_equal(
		    world_count(&w, "SELECT count(*) FROM case_item"), 2);
		assert_true(world_count(&w, "SELECT count(*) FROM case_seal"
					    " WHERE released_at > 0") > 0);
		/* and what she writes later joins it */
		world_receive(&w, HER, refusals[i].first);
		assert_int_equal(
		    world_count(&w, "SELECT count(*) FROM \"case\""),
		    strcmp(refusals[i].queue, "TRIAGE") == 0 ? 2 : 1);
		world_close(&w);
	}
}

static int
op_triage_is_related(void *arg)
{
	unsigned char mac[VAULT_MAC];
	struct world *w = arg;

	vault_phone_mac(w->core.vault, VAULT_PERSON, HER, mac);
	return store_staff_add(w->core.store, mac, steps_triage.id);
}

/* The duty officer is related to her and has no copy: whoever is next sees the
 * case, and the last one keeps it. */
static void
test_r19_somebody_always_sees_it(void **state)
{
	struct world *w = *state;
	char *got;

	world_expect(w, 0, op_triage_is_related, w);
	world_receive(w, HER, "giup");
	world_receive(w, HER, "khong phu nu");
	got = world_text(w, "SELECT agency FROM case_seal WHERE released_at"
			    " IS NOT NULL");
	assert_string_equal(got, "VHXH");
	free(got);
	world_receive(w, HER, "khong van hoa");
	assert_int_equal(world_count(w, "SELECT count(*) FROM case_seal WHERE"
					" released_at IS NOT NULL"),
	    1);
}

/* Who has claimed it already cannot unknow it: the claim stands, and he reads
 * what she wrote. */
static void
test_r19_a_claim_stands(void **state)
{
	struct world *w = *state;
	const char *code;

	world_receive(w, HER, "giup");
	code = steps_latest(w);
	steps_claim(w, &w->lan, code, 0);
	world_receive(w, HER, "khong phu nu");
	assert_int_equal(world_count(w, "SELECT count(*) FROM case_seal WHERE"
					" agency = 'HPN'"),
	    1);
	assert_int_equal(world_count(w, "SELECT count(*) FROM case_item"), 2);
}

/* A word of danger alerts again although somebody has the case. */
static void
test_danger_alerts_again(void **state)
{
	struct world *w = *state;
	int64_t change;

	world_receive(w, HER, "giup");
	steps_claim(w, &w->lan, steps_latest(w), 0);
	change = desk_cursor(&w->core);
	world_receive(w, HER, "no cam dao doi giet toi");
	assert_int_equal(world_count(w, "SELECT urgency FROM \"case\""), 1);
	assert_int_equal(world_count(w, "SELECT count(*) FROM case_event WHERE"
					" act = 'danger'"),
	    1);
	assert_true(desk_cursor(&w->core) > change);
	world_receive(w, HER, "giup toi, no cam dao");
	assert_int_equal(world_count(w, "SELECT urgency FROM \"case\""), 0);
}

/* Several in one second are shown as they came. */
static void
test_texts_stay_in_order(void **state)
{
	struct world *w = *state;
	int64_t last = 0, newest;
	int i;

	for (i = 0; i < 20; i++) {
		world_receive(w, HER, i % 2 == 0 ? "giup toi" : "giup em");
		newest = world_count(w, "SELECT max(id) FROM case_item");
		assert_true(newest > last);
		last = newest;
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_meaning_by_what_was_said),
	    cmocka_unit_test(test_r19_an_agency_she_does_not_want),
	    STEPS_TEST(test_r19_somebody_always_sees_it),
	    WORLD_TEST(test_r19_a_claim_stands),
	    WORLD_TEST(test_danger_alerts_again),
	    WORLD_TEST(test_texts_stay_in_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
