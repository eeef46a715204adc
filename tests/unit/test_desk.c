/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The desk: which case a text joins, who can open and see it. Sealed copies are
 * opened as a handler's side does it (ctl/keyfile.h). */
#include "config.h"

#include <sodium.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"
#include "buf.h"
#include "clock.h"
#include "ctl/keyfile.h"
#include "desk_steps.h"
#include "intake/content.h"
#include "intake/workdays.h"
#include "store/store.h"

#define NUMBER "+84900000001"

static struct desk_case
get(struct world *w, const char *agency, const char *code)
{
	struct desk_case k;

	assert_int_equal(desk_get(&w->core, agency, code, &k), 0);
	return k;
}

/* --- which case --- */

/* Texts of one number, and what becomes of the cases. */
static const struct {
	const char *name;
	const char *texts[4];
	int cases, items;
	const char *agency; /* who has the last text */
	int urgency;
} joins[] = {
    {"one", {"giup"}, 1, 1, "HPN", 1},
    {"same again", {"giup", "giup toi", "help"}, 1, 3, "HPN", 1},
    {"another queue", {"giup", "cuu"}, 2, 2, "CAX", 0},
    {"free text joins", {"giup", "toi o nha me"}, 1, 2, "HPN", 1},
    {"free text alone", {"toi o nha me", "con day"}, 1, 2, "TRIAGE", 2},
    {"back to the first", {"giup", "cuu", "giup"}, 2, 3, "HPN", 1},
    {"a question", {"y te toi muon hoi"}, 1, 1, "YTE", 2},
    {"no question", {"y te"}, 0, 0, NULL, 0},
};

static void
test_which_case_a_text_joins(void **state)
{
	size_t i, j;

	(void)state;
	for (i = 0; i < TC_NELEM(joins); i++) {
		struct world w;
		int64_t counts[5];

		world_open(&w);
		for (j = 0; j < 4 && joins[i].texts[j] != NULL; j++)
			world_receive(&w, NUMBER, joins[i].texts[j]);
		if (world_count(&w, "SELECT count(*) FROM \"case\"") !=
			joins[i].cases ||
		    world_count(&w, "SELECT count(*) FROM case_item") !=
			joins[i].items)
			fail_msg("%s", joins[i].name);
		if (joins[i].agency != NULL) {
			assert_int_equal(
			    desk_count(&w.core, joins[i].agency, counts), 0);
			assert_int_equal(counts[joins[i].urgency], 1);
		}
		world_close(&w);
	}
}

static void
test_reopened_when_she_writes_again(void **state)
{
	struct world *w = *state;
	struct desk_case k;
	const char *code;

	world_receive(w, NUMBER, "giup");
	code = steps_latest(w);
	steps_claim(w, &w->lan, code, 0);
	steps_close(w, &w->lan, code, 0);
	k = get(w, "HPN", code);
	assert_string_equal(k.state, "closed");
	assert_string_equal(k.outcome, "helped");
	world_advance(w, 86400);
	world_receive(w, NUMBER, "giup");
	k = get(w, "HPN", code);
	assert_string_equal(k.state, "new");
	assert_string_equal(k.outcome, "");
	assert_string_equal(k.claimed_by, "");
	assert_int_equal(k.claimed_at, 0);
	assert_int_equal(k.closed_at, 0);
	assert_int_equal(k.items, 2);
	assert_in_range(k.opened_at, clock_now() - 5, clock_now());
	assert_in_range(k.due_at, clock_now() + 1795, clock_now() + 1800);
}

/* Who has claimed it keeps it when she writes more. */
static void
test_text_leaves_a_claim_alone(void **state)
{
	struct world *w = *state;
	struct desk_case before, after;
	const char *code;

	world_receive(w, NUMBER, "giup");
	code = steps_latest(w);
	steps_claim(w, &w->lan, code, 0);
	before = get(w, "HPN", code);
	world_advance(w, 60);
	world_receive(w, NUMBER, "giup toi voi");
	after = get(w, "HPN", code);
	assert_string_equal(after.state, "claimed");
	assert_string_equal(after.claimed_by, "lan");
	assert_int_equal(after.claimed_at, before.claimed_at);
	assert_int_equal(after.opened_at, before.opened_at);
	assert_int_equal(after.items, 2);
	assert_true(after.change > before.change);
	steps_claim(w, &steps_other, code, TC_ESTATE);
}

/* A number of somebody who works in the agencies; who then has the case, whose
 * copies there are. Matched before anything is sealed (issue of the man whose
 * wife writes to his own office). */
static const struct {
	const char *staff[3]; /* agencies of the users whose number it is */
	const char *text, *first, *copies;
} conflicts[] = {
    {{NULL}, "giup", "HPN", "HPN,RECOVERY,TRIAGE,VHXH"},
    {{"HPN"}, "giup", "VHXH", "RECOVERY,TRIAGE,VHXH"},
    {{"VHXH"}, "giup", "HPN", "HPN,RECOVERY,TRIAGE"},
    {{"HPN", "VHXH"}, "giup", "TRIAGE", "RECOVERY,TRIAGE"},
    {{"TRIAGE"}, "giup", "HPN", "HPN,RECOVERY,VHXH"},
    {{"CAX"}, "cuu", "HPN", "HPN,RECOVERY,TRIAGE"},
    {{"CAX", "HPN", "TRIAGE"}, "cuu", "TRIAGE", "RECOVERY,TRIAGE"},
    {{"CAX"}, "khong ai hieu", "TRIAGE", "RECOVERY,TRIAGE"},
};

struct staff_op {
	struct world *world;
	const char *agency;
};

static int
op_staff(void *arg)
{
	struct staff_op *op = arg;
	struct user u = {.id = vault_random_id(), .password = "x"};
	unsigned char mac[VAULT_MAC];
	int rc;

	if (str_printf(u.name, sizeof(u.name), "%s", op->agency) != 0 ||
	    str_printf(u.agency, sizeof(u.agency), "%s", op->agency) != 0)
		return TC_EFULL;
	if ((rc = store_user_add(op->world->core.store, &u)) != 0)
		return rc;
	vault_phone_mac(op->world->core.vault, VAULT_PERSON, NUMBER, mac);
	return store_staff_add(op->world->core.store, mac, u.id);
}

static void
test_kept_from_the_agency_of_the_sender(void **state)
{
	struct staff_op op;
	struct world w;
	size_t i, k;
	char *got;

	(void)state;
	for (i = 0; i < TC_NELEM(conflicts); i++) {
		world_open(&w);
		for (k = 0; k < 3 && conflicts[i].staff[k] != NULL; k++) {
			op = (struct staff_op){&w, conflicts[i].staff[k]};
			world_expect(&w, 0, op_staff, &op);
		}
		world_receive(&w, NUMBER, conflicts[i].text);
		world_receive(&w, NUMBER, conflicts[i].text);
		got = world_text(&w, "SELECT group_concat(agency) FROM (SELECT"
				     " agency FROM case_seal ORDER BY agency)");
		assert_string_equal(got, conflicts[i].copies);
		free(got);
		got = world_text(&w, "SELECT queue FROM \"case\"");
		if (strstr(got, conflicts[i].first) != got)
			fail_msg("%zu: queue %s", i, got);
		free(got);
		assert_int_equal(
		    world_count(&w, "SELECT count(*) FROM \"case\""), 1);
		/* another number is not concerned */
		world_receive(&w, "+84900000002", "giup");
		assert_int_equal(
		    world_count(&w, "SELECT count(*) FROM case_seal WHERE"
				    " agency = 'HPN' AND released_at > 0"),
		    1 + (strstr(conflicts[i].first, "HPN") != NULL ||
			    (strcmp(conflicts[i].text, "cuu") == 0 &&
				strstr(conflicts[i].copies, "HPN") != NULL)));
		world_close(&w);
	}
}

struct file_op {
	struct world *world;
	struct content_intent intent;
	int64_t contact, case_id;
};

static int
op_file(void *arg)
{
	struct file_op *op = arg;
	struct desk_text t = {.contact_id = op->contact,
	    .intent = &op->intent,
	    .kind = "sms",
	    .number = NUMBER,
	    .text = "x",
	    .note = "",
	    .at = clock_now()};

	return desk_file_text(&op->world->core, &t, &op->case_id);
}

/* More urgent stays more urgent, and is due sooner; never the other way. */
static void
test_urgency_only_rises(void **state)
{
	static const struct {
		int urgency, want;
		int64_t due; /* seconds; -1: four working hours */
	} rows[] = {{2, 2, -1}, {3, 2, -1}, {1, 1, 1800}, {4, 1, 1800},
	    {0, 0, 300}, {2, 0, 300}};
	struct world *w = *state;
	struct file_op op = {.world = w};
	struct desk_case k;
	const char *code;
	int64_t due;
	size_t i;

	world_receive(w, NUMBER, "THOI"); /* makes the contact */
	op.contact = world_count(w, "SELECT id FROM contact");
	op.intent = *content_intent_by_name(w->core.content, "SUPPORT");
	for (i = 0; i < TC_NELEM(rows); i++) {
		op.intent.urgency = rows[i].urgency;
		world_expect(w, 0, op_file, &op);
		code = steps_latest(w);
		k = get(w, "HPN", code);
		assert_int_equal(k.urgency, rows[i].want);
		due = rows[i].due >= 0
			  ? clock_now() + rows[i].due
			  : workdays_add(content_workdays(w->core.content), 420,
				clock_now(), 4 * 3600);
		assert_in_range(k.due_at, due - 5, due);
	}
	assert_int_equal(world_count(w, "SELECT count(*) FROM \"case\""), 1);
}

/* --- who can open it --- */

/* The ladder of each intent: r = released, w = withheld, - = no copy. The
 * agencies are RECOVERY TRIAGE HPN CAX YTE DCTC VHXH. */
static const struct {
	const char *text, *without, *copies;
} ladders[] = {
    {"cuu", "", "wwrr---"},
    {"giup", "", "wwr---w"},
    {"tin cay", "", "ww---r-"},
    {"y te hoi chut", "", "ww--r--"},
    {"xin chao", "", "wr-----"},
    /* an agency without a key is passed over */
    {"cuu", "CAX", "wwr----"},
    {"giup", "VHXH", "wwr----"},
    /* nobody of the first has one: TRIAGE at once */
    {"cuu", "CAX HPN", "wr-----"},
    {"giup", "HPN", "wr----w"},
    {"tin cay", "DCTC", "wr-----"},
};

/* Does the copy, and the item behind it, open with this key? */
static bool
opens(const struct case_key *agency, const unsigned char sealed[80],
    const void *item, size_t len, const char *needle)
{
	unsigned char sk[32];
	struct buf plain;
	bool is_open;

	if (crypto_box_seal_open(sk, sealed, 80, agency->pk, agency->sk) != 0)
		return false;
	buf_init(&plain, 65536);
	assert_int_equal(keyfile_open_item(sk, item, len, &plain), 0);
	is_open = strstr(buf_str(&plain), needle) != NULL;
	assert_true(is_open);
	buf_clear(&plain);
	return true;
}

static unsigned char *
blob(struct world *w, const char *column, const char *agency, size_t *len)
{
	char *sql = xasprintf("SELECT hex(%s) FROM %s", column, agency);
	char *hex = world_text(w, sql);
	unsigned char *out;

	*len = strlen(hex) / 2;
	out = xcalloc(1, *len + 1);
	assert_int_equal(hex_decode(out, *len, hex), 0);
	free(hex);
	free(sql);
	return out;
}

static void
check_copy(struct world *w, size_t agency, char want)
{
	const char *code = w->agencies[agency].code;
	char *from, *sql;
	unsigned char *sealed, *item;
	size_t len, item_len, i;
	int64_t n;

	sql = xasprintf("SELECT count(*) FROM case_seal WHERE agency = '%s'"
			" AND (released_at IS NULL) = %d",
	    code, want == 'w');
	n = world_count(w, sql);
	free(sql);
	assert_int_equal(n, want != '-');
	if (want == '-')
		return;
	from = xasprintf("case_seal WHERE agency = '%s'", code);
	sealed = blob(w, "sealed", from, &len);
	item = blob(w, "sealed", "case_item", &item_len);
	assert_int_equal(len, 80);
	for (i = 0; i < WORLD_NAGENCIES; i++)
		assert_int_equal(
		    opens(&w->agencies[i].key, sealed, item, item_len, NUMBER),
		    i == agency);
	free(item);
	free(sealed);
	free(from);
}

static void
drop_keys(struct world *w, const char *without)
{
	size_t i;
	char *sql;

	for (i = 0; i < WORLD_NAGENCIES; i++) {
		if (strstr(without, w->agencies[i].code) == NULL)
			continue;
		sql = xasprintf("DELETE FROM agency WHERE code = '%s'",
		    w->agencies[i].code);
		assert_int_equal(world_sql(w, sql), SQLITE_OK);
		free(sql);
	}
}

static void
test_copies_open_with_their_own_key_alone(void **state)
{
	size_t i, j;

	(void)state;
	for (i = 0; i < TC_NELEM(ladders); i++) {
		struct world w;
		struct desk_case k;

		world_open(&w);
		drop_keys(&w, ladders[i].without);
		world_receive(&w, NUMBER, ladders[i].text);
		for (j = 0; j < WORLD_NAGENCIES; j++) {
			check_copy(&w, j, ladders[i].copies[j]);
			assert_int_equal(desk_get(&w.core, w.agencies[j].code,
					     steps_latest(&w), &k),
			    ladders[i].copies[j] == 'r' ? 0 : TC_ENOENT);
		}
		world_close(&w);
	}
}

static void
test_not_ready_keeps_nothing(void **state)
{
	static const char *const missing[] = {"TRIAGE", "RECOVERY"};
	static const char *const tables[] = {
	    "\"case\"", "case_item", "case_seal", "case_event"};
	struct world *w = *state;
	struct file_op op = {.world = w};
	char *sql;
	size_t i, j;

	world_receive(w, NUMBER, "THOI");
	op.contact = world_count(w, "SELECT id FROM contact");
	op.intent = *content_intent_by_name(w->core.content, "SUPPORT");
	assert_true(desk_is_ready(&w->core));
	for (i = 0; i < TC_NELEM(missing); i++) {
		assert_int_equal(
		    world_sql(w, "CREATE TABLE kept AS SELECT * FROM agency"),
		    SQLITE_OK);
		drop_keys(w, missing[i]);
		assert_false(desk_is_ready(&w->core));
		world_expect(w, TC_ENOTREADY, op_file, &op);
		for (j = 0; j < TC_NELEM(tables); j++) {
			sql = xasprintf("SELECT count(*) FROM %s", tables[j]);
			assert_int_equal(world_count(w, sql), 0);
			free(sql);
		}
		assert_int_equal(
		    world_sql(w, "DELETE FROM agency; INSERT INTO agency"
				 " SELECT * FROM kept; DROP TABLE kept"),
		    SQLITE_OK);
	}
	world_expect(w, 0, op_file, &op);
}

/* Nothing of what she wrote, nor her number, is in the file. */
static void
test_nothing_in_clear(void **state)
{
	static const char *const needles[] = {
	    "900000001", "chong toi danh", "SUPPORT"};
	struct world *w = *state;
	char *path = xasprintf("%s/tincay.db", w->dir), *data;
	size_t len, i;

	world_receive(w, NUMBER, "giup chong toi danh");
	world_restart(w); /* the last connection that closes empties the WAL */
	assert_int_equal(file_read(path, 64 << 20, &data, &len), 0);
	for (i = 0; i < TC_NELEM(needles); i++)
		assert_null(memmem(data, len, needles[i], strlen(needles[i])));
	free(data);
	free(path);
}

#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(name, steps_setup, world_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_which_case_a_text_joins),
	    cmocka_unit_test(test_kept_from_the_agency_of_the_sender),
	    TEST(test_reopened_when_she_writes_again),
	    TEST(test_text_leaves_a_claim_alone),
	    TEST(test_urgency_only_rises),
	    cmocka_unit_test(test_copies_open_with_their_own_key_alone),
	    TEST(test_not_ready_keeps_nothing),
	    TEST(test_nothing_in_clear),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
