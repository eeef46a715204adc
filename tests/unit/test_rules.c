/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rules of safety that are of no single module, each under its number; all of
 * them are in tests/rules.txt. */
#include "config.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"
#include "buf.h"
#include "gsm.h"
#include "intake/intake.h"
#include "intake/match.h"
#include "outbox_steps.h"
#include "tempdir.h"

#define HER "+84900000001"

static struct content *
load(const char *dir)
{
	struct content *c;
	struct faults f;

	faults_init(&f);
	c = content_load(dir, &f);
	if (c == NULL)
		fail_msg("%s: %d %s", dir, f.list[0].line, f.list[0].what);
	faults_clear(&f);
	return c;
}

/* The only replies besides N1 and N2 to what a person looks at. */
static bool
has_own_reply(const struct content_intent *x)
{
	static const char *const own[] = {
	    "FALLBACK", "ERASE", "ANC", "FEEDBACK"};
	size_t i;

	for (i = 0; i < TC_NELEM(own); i++)
		if (strcmp(x->name, own[i]) == 0)
			return true;
	return false;
}

/* R1: one reply object for all of a class, so that it is the same byte by byte
 * in every language; N2 for emergencies and for nothing else. */
static void
test_r1_two_replies_for_every_case(void **state)
{
	static const char *const dirs[] = {TEST_ETC, TEST_SECOND};
	const struct content_intent *x;
	const struct content_reply *got;
	struct content *c;
	size_t i, k, n = 0;

	(void)state;
	for (k = 0; k < TC_NELEM(dirs); k++) {
		c = load(dirs[k]);
		for (i = 0; i < content_nintents(c); i++) {
			x = content_intent(c, i);
			if (!content_opens_case(x, true) || has_own_reply(x))
				continue;
			got = content_reply_for(x, true);
			if (got != content_reply_by_id(c, "N1") &&
			    got != content_reply_by_id(c, "N2"))
				fail_msg("%s: %s", x->name, got->id);
			if (got == content_reply_by_id(c, "N2"))
				assert_true(x->urgency <= CONTENT_U1);
			n++;
		}
		content_free(c);
	}
	assert_true(n > 20);
}

/* R5: who is unknown gets the one neutral reply to what she wrote; on a phone
 * that is unsafe nothing comes, whatever is typed there, and a person knows. */
static const struct {
	const char *state; /* with +: hushed, too */
	const char *text;
	const char *reply; /* NULL: the phone stays dark */
	const char *after;
} contacts[] = {
    {"unknown", "giup", "N1", "unknown"},
    {"unknown", "cuu", "N2", "unknown"},
    {"safe", "giup", "N1", "safe"},
    {"safe", "thoi", NULL, "unknown+"},
    {"unsafe", "giup", NULL, "unsafe"},
    {"unsafe", "cuu", NULL, "unsafe"},
    {"unsafe", "y te", NULL, "unsafe"},
    {"unsafe", "tc", NULL, "unsafe"},
    {"unsafe", "ai do", NULL, "unsafe"},
    {"unsafe", "thoi", NULL, "unsafe+"},
    {"unsafe+", "giup", NULL, "unsafe"}, /* she is heard, her phone is dark */
    {"unsafe+", "tc", NULL, "unsafe+"},
    {"unknown+", "giup", "N1", "unknown"},
    {"unknown+", "tc", NULL, "unknown+"},
};

static void
test_r5_contact_state(void **state)
{
	struct radio_part p;
	struct world w;
	char *sql, *got;
	size_t i;

	(void)state;
	for (i = 0; i < TC_NELEM(contacts); i++) {
		world_open(&w);
		(void)steps_contact(&w, HER);
		sql = xasprintf("UPDATE contact SET state = rtrim('%s', '+'),"
				" hushed = instr('%s', '+') > 0",
		    contacts[i].state, contacts[i].state);
		assert_int_equal(world_sql(&w, sql), SQLITE_OK);
		free(sql);
		world_restart(&w);
		world_receive(&w, HER, contacts[i].text);
		if (steps_next(&w, "m1", &p) != (contacts[i].reply != NULL))
			fail_msg("%s: %s", contacts[i].state, contacts[i].text);
		if (contacts[i].reply != NULL) {
			got = world_text(&w, "SELECT template FROM message");
			assert_string_equal(got, contacts[i].reply);
			free(got);
		}
		got = world_text(&w, "SELECT state ||"
				     " iif(hushed, '+', '') FROM contact");
		assert_string_equal(got, contacts[i].after);
		free(got);
		world_close(&w);
	}
}

static void
check_segment(const char *text)
{
	struct gsm_text cost;

	assert_int_equal(gsm_segment(text, strlen(text), &cost, NULL, 0), 0);
	if (cost.nsegments != 1)
		fail_msg("%u segments: %s", cost.nsegments, text);
}

/* R12: whatever the language, a reply lights up the phone once. */
static void
test_r12_one_segment(void **state)
{
	static const char *const dirs[] = {TEST_ETC, TEST_SECOND};
	static const char *const languages[] = {"vi", "bdq", "jra"};
	const struct content_reply *r;
	struct content *c;
	size_t i, k, l;

	(void)state;
	for (k = 0; k < TC_NELEM(dirs); k++) {
		c = load(dirs[k]);
		for (i = 0; i < 2 * content_nintents(c); i++) {
			r = content_reply_for(
			    content_intent(c, i / 2), i % 2 != 0);
			for (l = 0; r != NULL && l < TC_NELEM(languages); l++) {
				check_segment(content_reply_text(
				    r, languages[l], CONTENT_BARE));
				check_segment(content_reply_text(
				    r, languages[l], CONTENT_ACCENTED));
			}
		}
		content_free(c);
	}
}

static void
copy_changed(
    const char *dir, const char *name, const char *from, const char *to)
{
	char *path = xasprintf("%s/%s", TEST_ETC, name), *text, *changed, *at;

	assert_int_equal(file_read(path, 1 << 20, &text, NULL), 0);
	at = from != NULL ? strstr(text, from) : text;
	assert_non_null(at);
	changed = xasprintf("%.*s%s%s", (int)(at - text), text, to,
	    from != NULL ? at + strlen(from) : at);
	tempdir_write(dir, name, changed);
	free(changed);
	free(text);
	free(path);
}

/* R13: the digits of the posters are changed in the pack alone; the words work
 * all the same. */
static void
test_r13_aliases_rotate(void **state)
{
	static const struct {
		const char *text, *intent;
	} texts[] = {
	    {"66", "SOS"},
	    {"99", "FALLBACK"},
	    {"cap cuu", "SOS"},
	    {"bi chong danh", "DV_SELF"},
	    {"tam lanh", "SAFE_ADDR"},
	};
	char *dir = tempdir_new();
	struct content *c;
	struct match m;
	size_t i;

	(void)state;
	copy_changed(dir, "commune.conf", NULL, "");
	copy_changed(
	    dir, "intents.conf", "aliases = {\"99\"}", "aliases = {\"66\"}");
	c = load(dir);
	for (i = 0; i < TC_NELEM(texts); i++) {
		match_text(c, texts[i].text, strlen(texts[i].text), &m);
		assert_string_equal(m.intent->name, texts[i].intent);
	}
	content_free(c);
	tempdir_remove(dir);
}

/* R20: there is no column that a name, a home or an origin could be kept in,
 * wherever a text for help leaves a trace. */
static void
test_r20_minimum_of_fields(void **state)
{
	static const char *const tables[] = {
	    "contact", "case", "case_item", "case_event", "inbound_part"};
	struct world *w = *state;
	char *sql, *got;
	size_t i;

	for (i = 0; i < TC_NELEM(tables); i++) {
		sql = xasprintf("SELECT count(*) FROM pragma_table_info('%s')"
				" WHERE name = 'id' OR name = 'case_id'"
				" OR name = 'seq'",
		    tables[i]);
		assert_true(world_count(w, sql) > 0); /* the table is there */
		free(sql);
		sql = xasprintf("SELECT coalesce(group_concat(name), '') FROM"
				" pragma_table_info('%s') WHERE name IN ("
				"'name', 'full_name', 'address', 'hamlet',"
				" 'village', 'ethnicity', 'id_number', 'birth',"
				" 'text', 'body', 'intent', 'number', 'phone')",
		    tables[i]);
		got = world_text(w, sql);
		if (got[0] != '\0')
			fail_msg("%s: %s", tables[i], got);
		free(got);
		free(sql);
	}
}

/* R33: whoever asks what there is to write learns where to call in an emergency,
 * and so does whoever is in one; several numbers, none of them the cause. */
static void
test_r33_emergency_numbers(void **state)
{
	static const char *const replies[] = {"HELP_MENU", "N2"};
	static const char *const numbers[] = {"113", "115", "111"};
	struct content *c = load(TEST_ETC);
	const char *text;
	size_t i, k;

	(void)state;
	for (i = 0; i < TC_NELEM(replies); i++) {
		text = content_reply_text(
		    content_reply_by_id(c, replies[i]), "vi", CONTENT_BARE);
		for (k = 0; k < TC_NELEM(numbers); k++)
			assert_non_null(strstr(text, numbers[k]));
	}
	content_free(c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_r1_two_replies_for_every_case),
	    cmocka_unit_test(test_r5_contact_state),
	    cmocka_unit_test(test_r12_one_segment),
	    cmocka_unit_test(test_r13_aliases_rotate),
	    WORLD_TEST(test_r20_minimum_of_fields),
	    cmocka_unit_test(test_r33_emergency_numbers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
