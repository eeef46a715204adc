/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The pack that is shipped loads and says what the catalogue says. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "gsm.h"
#include "intake/match.h"

static void
check_intent(const struct content *c, const char *name,
    enum content_urgency urgency, const char *agencies, const char *reply)
{
	const struct content_intent *x;
	char got[64] = "";
	size_t i;

	x = content_intent_by_name(c, name);
	assert_non_null(x);
	assert_int_equal(x->urgency, urgency);
	for (i = 0; i < x->nagencies; i++) {
		strncat(
		    got, x->agencies[i]->code, sizeof(got) - strlen(got) - 2);
		strncat(got, " ", 2);
	}
	for (i = 0; i < x->nladder; i++) {
		strncat(got, "+", 2);
		strncat(got, x->ladder[i]->code, sizeof(got) - strlen(got) - 2);
	}
	assert_string_equal(got, agencies);
	if (reply == NULL)
		assert_null(content_reply_for(x, true));
	else
		assert_string_equal(content_reply_for(x, true)->id, reply);
}

static void
test_shipped(void **state)
{
	static const char *const agencies[] = {"UBND", "VHXH", "TPHT", "TRUONG",
	    "YTE", "CAX", "HPN", "CDX", "MTTQ", "BVSTBPN", "TRIAGE", "DCTC",
	    "QTDL"};
	const struct content_commune *m;
	struct content *c;
	struct faults f;
	size_t i;

	(void)state;
	faults_init(&f);
	c = content_load(TEST_ETC, &f);
	assert_non_null(c);
	m = content_commune(c);
	assert_string_equal(m->name, "xã Song An");
	assert_int_equal(m->zone_minutes, 420);
	assert_int_equal(m->script, CONTENT_BARE);
	assert_int_equal(m->send_from, 450);
	assert_int_equal(m->send_until, 1260);
	assert_int_equal(m->reply_ttl_s, 300);
	assert_int_equal(m->nhotlines, 5);
	assert_string_equal(m->hotlines[0].number, "113");
	assert_int_equal(m->nagencies, TC_NELEM(agencies));
	for (i = 0; i < TC_NELEM(agencies); i++)
		assert_non_null(content_agency_by_code(c, agencies[i]));
	assert_null(content_agency_by_code(c, "RECOVERY"));

	check_intent(c, "SOS", CONTENT_U0, "CAX HPN ", "N2");
	check_intent(c, "SUPPORT", CONTENT_U1, "HPN +VHXH", "N1");
	check_intent(c, "SAFE_ADDR", CONTENT_U1, "DCTC ", "N1");
	check_intent(c, "HEALTH", CONTENT_U2, "YTE ", "N1");
	check_intent(c, "SUBSCRIBE", CONTENT_U4, "", "SUBSCRIBE");
	check_intent(c, "CONFIRM", CONTENT_U4, "", "CONFIRM");
	check_intent(c, "OPTOUT", CONTENT_U4, "", "OPTOUT");
	check_intent(c, "HUSH", CONTENT_U1, "", NULL);
	check_intent(c, "FALLBACK", CONTENT_U2, "TRIAGE ", "FALLBACK");
	check_intent(c, "CALLBACK", CONTENT_U1, "HPN +VHXH", "N1");
	check_intent(c, "DV_SELF", CONTENT_U1, "HPN +VHXH+CAX", "N1");
	check_intent(c, "DV_WITNESS", CONTENT_U1, "CAX VHXH ", "N2");
	check_intent(c, "TRAFFICK", CONTENT_U0, "CAX ", "N2");
	check_intent(c, "REINTEGRATE", CONTENT_U2, "VHXH CAX HPN ", "N1");
	check_intent(c, "CHILD", CONTENT_U0, "VHXH CAX ", "N2");
	check_intent(c, "SEXUAL", CONTENT_U0, "HPN YTE +CAX", "N1");
	check_intent(c, "CHILD_MARRIAGE", CONTENT_U1, "TPHT VHXH ", "N1");
	check_intent(c, "ANC", CONTENT_U2, "YTE ", "ANC");
	check_intent(c, "LAW", CONTENT_U3, "TPHT ", "N1");
	check_intent(c, "SCHOOL", CONTENT_U3, "TRUONG ", "N1");
	check_intent(c, "LABOUR", CONTENT_U3, "CDX ", "N1");
	check_intent(c, "LIVELIHOOD", CONTENT_U3, "HPN VHXH ", "N1");
	check_intent(c, "EVENT", CONTENT_U3, "VHXH ", "N1");
	check_intent(c, "EVENT_LEAVE", CONTENT_U4, "", "EVENT_LEFT");
	check_intent(c, "QUIZ", CONTENT_U4, "", "QUIZ");
	check_intent(c, "PLEDGE", CONTENT_U4, "", "QUIZ");
	check_intent(c, "SERIES", CONTENT_U4, "", "SERIES");
	check_intent(c, "LANG", CONTENT_U4, "", "LANG");
	check_intent(c, "LANG_BDQ", CONTENT_U4, "", "LANG");
	check_intent(c, "LANG_JRA", CONTENT_U4, "", "LANG");
	check_intent(c, "SCRIPT_ACCENTED", CONTENT_U4, "", "SCRIPT");
	check_intent(c, "SCRIPT_BARE", CONTENT_U4, "", "SCRIPT");
	check_intent(c, "FEEDBACK", CONTENT_U3, "MTTQ ", "FEEDBACK");
	check_intent(c, "ERASE", CONTENT_U3, "QTDL ", "ERASE");
	check_intent(c, "HELP_MENU", CONTENT_U4, "", "HELP_MENU");
	assert_int_equal(content_nintents(c), 35);
	assert_string_equal(content_intent(c, 0)->name, "HELP_MENU");
	assert_string_equal(content_fallback(c)->name, "FALLBACK");
	content_free(c);
	content_free(NULL);
	faults_clear(&f);
}

/* The lengths that the catalogue computed for its texts. */
static void
test_lengths(void **state)
{
	static const struct {
		const char *id;
		unsigned bare;
		unsigned accented;
	} want[] = {
	    {"N1", 105, 64},
	    {"N2", 53, 53},
	    {"FALLBACK", 64, 53},
	    {"HEALTH", 115, 64},
	    {"SUBSCRIBE", 103, 64},
	    {"OPTOUT", 98, 63},
	    {"HELP_MENU", 123, 63},
	    {"ANC", 99, 64},
	    {"LAW", 118, 62},
	    {"SCHOOL", 99, 62},
	    {"LABOUR", 110, 64},
	    {"ERASE", 83, 60},
	    {"FEEDBACK", 61, 46},
	    {"LANG", 61, 51},
	};
	const struct content_reply *reply;
	struct gsm_text cost;
	struct content *c;
	struct faults f;
	const char *text;
	size_t i;

	(void)state;
	faults_init(&f);
	c = content_load(TEST_ETC, &f);
	assert_non_null(c);
	for (i = 0; i < TC_NELEM(want); i++) {
		reply = content_reply_by_id(c, want[i].id);
		assert_non_null(reply);
		text = content_reply_text(reply, "", CONTENT_BARE);
		assert_int_equal(
		    gsm_segment(text, strlen(text), &cost, NULL, 0), 0);
		assert_int_equal(cost.units, want[i].bare);
		text = content_reply_text(reply, "", CONTENT_ACCENTED);
		assert_int_equal(
		    gsm_segment(text, strlen(text), &cost, NULL, 0), 0);
		assert_int_equal(cost.units, want[i].accented);
	}
	content_free(c);
	faults_clear(&f);
}

/* M18: another commune; nothing in the code knows the agencies, the intents or
 * the words of the first. */
static void
test_m18_second_commune(void **state)
{
	static const struct {
		const char *text, *intent;
	} texts[] = {
	    {"bao dong", "SOS"},
	    {"nho chi", "SUPPORT"},
	    {"hen t3 8-10", "CALLBACK"},
	    {"nhan bai da", "SUBSCRIBE"},
	    {"ung", "CONFIRM"},
	    {"ngung", "OPTOUT"},
	    {"im", "HUSH"},
	    {"giup", "FALLBACK"},
	    {"TC", "FALLBACK"},
	    {"99", "FALLBACK"},
	};
	struct content *c;
	struct match m;
	struct faults f;
	size_t i;

	(void)state;
	faults_init(&f);
	c = content_load(TEST_SECOND, &f);
	if (c == NULL)
		fail_msg("%d %s", f.list[0].line, f.list[0].what);
	assert_non_null(content_menus(c));
	for (i = 0; i < TC_NELEM(texts); i++) {
		match_text(c, texts[i].text, strlen(texts[i].text), &m);
		assert_string_equal(m.intent->name, texts[i].intent);
	}
	content_free(c);
	faults_clear(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_shipped),
	    cmocka_unit_test(test_lengths),
	    cmocka_unit_test(test_m18_second_commune),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
