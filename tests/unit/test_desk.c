/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The desk: which case a text joins, who can open and see it, who may act, the
 * cursor of the queues, the chain of the ledger. Sealed copies are opened as a
 * handler's side does it (ctl/keyfile.h). */
#include "config.h"

#include <inttypes.h>
#include <sodium.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"
#include "buf.h"
#include "clock.h"
#include "ctl/keyfile.h"
#include "desk/desk.h"
#include "intake/content.h"
#include "store/store.h"
#include "turn.h"
#include "world.h"

#define NUMBER "+84900000001"

/* --- acts --- */

struct act {
	struct world *world;
	const struct user *user;
	const char *code, *outcome;
};

static int
op_claim(void *arg)
{
	struct act *a = arg;

	return desk_claim(&a->world->core, a->user, a->code);
}

static int
op_close(void *arg)
{
	struct act *a = arg;

	return desk_close(&a->world->core, a->user, a->code, a->outcome);
}

static void
claim(struct world *w, const struct user *u, const char *code, int rc)
{
	struct act a = {w, u, code, NULL};

	world_expect(w, rc, op_claim, &a);
}

static void
close_case(struct world *w, const struct user *u, const char *code, int rc)
{
	struct act a = {w, u, code, "helped"};

	world_expect(w, rc, op_close, &a);
}

static const struct user other = {.id = 77, .name = "mai", .agency = "HPN"};
static const struct user police = {.id = 78, .name = "an", .agency = "CAX"};
static const struct user triage = {.id = 79, .name = "ba", .agency = "TRIAGE"};

static int
setup(void **state)
{
	(void)world_setup(state);
	assert_int_equal(
	    world_sql(*state,
		"INSERT INTO user VALUES(77, 'mai', 'HPN', 8, 'x', 0, NULL),"
		" (78, 'an', 'CAX', 8, 'x', 0, NULL),"
		" (79, 'ba', 'TRIAGE', 8, 'x', 0, NULL)"),
	    SQLITE_OK);
	return 0;
}

/* The code of the latest case. */
static const char *
latest(struct world *w)
{
	static char code[CASE_CODE_MAX];
	char *text =
	    world_text(w, "SELECT code FROM \"case\" ORDER BY rowid IN (SELECT"
			  " case_id FROM case_event WHERE act = 'opened' ORDER"
			  " BY seq DESC LIMIT 1) DESC LIMIT 1");

	assert_int_equal(str_printf(code, sizeof(code), "%s", text), 0);
	free(text);
	return code;
}

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
	code = latest(w);
	claim(w, &w->lan, code, 0);
	close_case(w, &w->lan, code, 0);
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
	code = latest(w);
	claim(w, &w->lan, code, 0);
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
	claim(w, &other, code, TC_ESTATE);
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
		int64_t due;
	} rows[] = {{2, 2, 4 * 3600}, {3, 2, 4 * 3600}, {1, 1, 1800},
	    {4, 1, 1800}, {0, 0, 300}, {2, 0, 300}};
	struct world *w = *state;
	struct file_op op = {.world = w};
	struct desk_case k;
	const char *code;
	size_t i;

	world_receive(w, NUMBER, "THOI"); /* makes the contact */
	op.contact = world_count(w, "SELECT id FROM contact");
	op.intent = *content_intent_by_name(w->core.content, "SUPPORT");
	for (i = 0; i < TC_NELEM(rows); i++) {
		op.intent.urgency = rows[i].urgency;
		world_expect(w, 0, op_file, &op);
		code = latest(w);
		k = get(w, "HPN", code);
		assert_int_equal(k.urgency, rows[i].want);
		assert_in_range(k.due_at, clock_now() + rows[i].due - 5,
		    clock_now() + rows[i].due);
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
					     latest(&w), &k),
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

/* --- who may act --- */

static int
op_view_item(const struct desk_item *i, void *ctx)
{
	assert_string_equal(i->kind, "sms");
	*(int *)ctx += 1;
	return 0;
}

static int
op_view_event(const struct desk_event *e, void *ctx)
{
	*(int *)ctx += e->act[0] != '\0' ? 100 : 0;
	return 0;
}

struct view_op {
	struct world *world;
	const struct user *user;
	const char *code;
	struct desk_viewer viewer;
	int seen; /* items + 100 * events */
};

static int
op_view(void *arg)
{
	struct view_op *op = arg;

	op->viewer.on_item = op_view_item;
	op->viewer.on_event = op_view_event;
	op->viewer.ctx = &op->seen;
	return desk_view(&op->world->core, op->user, op->code, &op->viewer);
}

static void
test_view_is_logged_and_another_agency_sees_nothing(void **state)
{
	struct world *w = *state;
	struct view_op op = {.world = w};
	struct desk_case k;
	unsigned char sk[32];
	const struct case_key *hpn = world_key(w, "HPN");

	world_receive(w, NUMBER, "giup");
	op.code = latest(w);
	op.user = &police;
	world_expect(w, TC_ENOENT, op_view, &op);
	op.user = &triage; /* his copy is withheld */
	world_expect(w, TC_ENOENT, op_view, &op);
	assert_int_equal(op.seen, 0);
	op.user = &w->lan;
	world_expect(w, 0, op_view, &op);
	assert_int_equal(op.seen, 1 + 200); /* opened, viewed */
	assert_int_equal(crypto_box_seal_open(sk, op.viewer.envelope.sealed_key,
			     80, hpn->pk, hpn->sk),
	    0);
	assert_int_equal(world_count(w, "SELECT count(*) FROM case_event"
					" WHERE act = 'viewed'"),
	    1);
	assert_int_equal(desk_get(&w->core, "CAX", op.code, &k), TC_ENOENT);
	assert_int_equal(desk_get(&w->core, "HPN", "AAAAAAAA", &k), TC_ENOENT);
	claim(w, &police, op.code, TC_ENOENT);
	close_case(w, &police, op.code, TC_ENOENT);
}

static void
test_claim_is_exclusive(void **state)
{
	struct world *w = *state;
	struct act bad = {w, &w->lan, NULL, "forgotten"};
	const char *code;

	world_receive(w, NUMBER, "giup");
	code = latest(w);
	close_case(w, &w->lan, code, TC_ESTATE); /* nobody has claimed it */
	claim(w, &w->lan, code, 0);
	claim(w, &w->lan, code, 0); /* his own again */
	claim(w, &other, code, TC_ESTATE);
	close_case(w, &other, code, TC_EDENIED);
	bad.code = code;
	world_expect(w, TC_EINVAL, op_close, &bad);
	close_case(w, &w->lan, code, 0);
	close_case(w, &w->lan, code, TC_ESTATE);
	claim(w, &w->lan, code, TC_ESTATE);
	claim(w, &other, code, TC_ESTATE);
	assert_int_equal(world_count(w, "SELECT count(*) FROM case_event"
					" WHERE act IN ('claimed', 'closed')"),
	    2);
}

static void
test_r7_hush_marks_open_cases(void **state)
{
	struct world *w = *state;
	const char *closed;
	char *code;

	world_receive(w, NUMBER, "giup");
	closed = latest(w);
	claim(w, &w->lan, closed, 0);
	close_case(w, &w->lan, closed, 0);
	world_receive(w, NUMBER, "cuu");
	world_receive(w, "+84900000002", "giup");
	world_receive(w, NUMBER, "THOI");
	assert_int_equal(
	    world_count(w, "SELECT count(*) FROM \"case\" WHERE hushed"), 1);
	code = world_text(w, "SELECT queue FROM \"case\" WHERE hushed");
	assert_string_equal(code, "CAX,HPN");
	free(code);
	assert_int_equal(world_count(w, "SELECT count(*) FROM \"case\""
					" WHERE hushed AND state = 'new'"),
	    1); /* hushed, not closed */
	world_receive(w, NUMBER, "cuu");
	assert_int_equal(
	    world_count(w, "SELECT count(*) FROM \"case\" WHERE hushed"), 0);
}

/* --- long polls and the cursor --- */

static char woken[64];

static void
on_wake(const char *agency, void *ctx)
{
	(void)ctx;
	strncat(woken, agency, sizeof(woken) - strlen(woken) - 2);
	strncat(woken, " ", 2);
}

static void
test_who_is_woken(void **state)
{
	struct world *w = *state;
	struct act a = {w, &w->lan, NULL, NULL};

	desk_set_listener(on_wake, NULL);
	woken[0] = '\0';
	world_receive(w, NUMBER, "giup");
	assert_string_equal(woken, "HPN ");
	woken[0] = '\0';
	a.code = latest(w);
	assert_int_equal(turn_run(w->core.turn, op_claim, &a), 0);
	assert_string_equal(woken, ""); /* not before the commit */
	assert_int_equal(turn_commit(w->core.turn), 0);
	assert_string_equal(woken, "HPN ");
	desk_set_listener(NULL, NULL);
}

#define CURSOR_SENDERS 6
#define CURSOR_STEPS 300

struct poll {
	int64_t last;
	int64_t ids[64];
	char states[64][12];
	size_t n;
	int got;
};

static int
on_case(const struct desk_case *k, void *ctx)
{
	struct poll *p = ctx;
	size_t i;

	assert_true(k->change > p->last); /* in order, never again */
	p->last = k->change;
	p->got++;
	for (i = 0; i < p->n && p->ids[i] != k->id; i++)
		;
	if (i == p->n)
		p->n++;
	p->ids[i] = k->id;
	memcpy(p->states[i], k->state, sizeof(k->state));
	return 0;
}

/* What the poller believes is what the file says. */
static void
poll_check(struct world *w, const struct poll *p)
{
	char *sql, *state;
	size_t i;

	assert_int_equal(world_count(w, "SELECT count(*) FROM case_seal WHERE"
					" agency = 'HPN' AND released_at"
					" IS NOT NULL"),
	    p->n);
	for (i = 0; i < p->n; i++) {
		sql = xasprintf("SELECT state FROM \"case\" WHERE id ="
				" %" PRId64,
		    p->ids[i]);
		state = world_text(w, sql);
		assert_string_equal(state, p->states[i]);
		free(state);
		free(sql);
	}
}

static void
cursor_act(struct world *w, uint64_t *seed)
{
	static const char *const texts[] = {"giup", "cuu", "y te hoi", "abc"};
	const struct user *who = world_draw(seed, 2) == 0 ? &w->lan : &other;
	struct act a = {w, who, NULL, "helped"};
	unsigned pick = world_draw(seed, 8);
	char number[16], *code;
	int rc = 0;

	code = world_text(w, "SELECT code FROM \"case\" ORDER BY random()"
			     " LIMIT 1");
	a.code = code;
	if (pick < 4) {
		assert_int_equal(
		    str_printf(number, sizeof(number), "+8490000000%u",
			world_draw(seed, CURSOR_SENDERS)),
		    0);
		world_receive(w, number, texts[pick]);
	} else if (pick < 6)
		rc = turn_run(w->core.turn, op_claim, &a);
	else
		rc = turn_run(w->core.turn, op_close, &a);
	assert_true(
	    rc == 0 || rc == TC_ESTATE || rc == TC_EDENIED || rc == TC_ENOENT);
	assert_int_equal(turn_commit(w->core.turn), 0);
	free(code);
}

static void
test_cursor_never_skips_nor_repeats(void **state)
{
	struct case_query query = {.agency = "HPN"};
	struct world *w = *state;
	struct poll *p = xcalloc(1, sizeof(*p));
	uint64_t seed = world_seed();
	int i, rc, limit;

	world_receive(w, NUMBER, "giup");
	for (i = 0; i < CURSOR_STEPS; i++) {
		cursor_act(w, &seed);
		if (world_draw(&seed, 4) != 0)
			continue;
		if (world_draw(&seed, 8) == 0)
			world_restart(w);
		limit = 1 + (int)world_draw(&seed, 3);
		do {
			p->got = 0;
			query.after = p->last;
			query.limit = limit;
			rc = desk_queue(&w->core, &query, on_case, p);
			assert_int_equal(rc, p->got);
			assert_true(rc <= limit);
		} while (rc > 0);
		poll_check(w, p);
	}
	assert_true(p->n >= CURSOR_SENDERS);
	assert_true(desk_cursor(&w->core) >= p->last);
	free(p);
}

/* --- the ledger --- */

/* Compute the chain from what stands in clear, as another agency would. */
static bool
ledger_is_whole(struct world *w)
{
	int64_t n = world_count(w, "SELECT count(*) FROM case_event"), i;
	unsigned char head[VAULT_MAC] = {0}, want[VAULT_MAC];
	char *sql, *line, hex[2 * VAULT_MAC + 1], *stored;
	bool is_whole = true;

	for (i = 0; i < n; i++) {
		sql = xasprintf("SELECT printf('%%016x %%d %%s %%016x %%s',"
				" case_id, at, act, coalesce(user_id, 0),"
				" agency) FROM case_event ORDER BY seq"
				" LIMIT 1 OFFSET %" PRId64,
		    i);
		line = world_text(w, sql);
		free(sql);
		vault_chain(head, line, strlen(line), want);
		free(line);
		sql = xasprintf("SELECT lower(hex(hash)) FROM case_event"
				" ORDER BY seq LIMIT 1 OFFSET %" PRId64,
		    i);
		stored = world_text(w, sql);
		free(sql);
		is_whole =
		    is_whole && strcmp(stored, hex_encode(hex, want, 32)) == 0;
		free(stored);
		memcpy(head, want, sizeof(head));
	}
	return is_whole;
}

static void
test_ledger_chain_breaks_when_a_line_is_changed(void **state)
{
	static const char *const changes[] = {
	    "UPDATE case_event SET at = at + 1 WHERE seq = 2",
	    "UPDATE case_event SET act = 'viewed' WHERE seq = 1",
	    "UPDATE case_event SET user_id = 77 WHERE user_id IS NOT NULL",
	    "UPDATE case_event SET agency = 'CAX' WHERE seq = 2",
	    "DELETE FROM case_event WHERE seq = 2",
	    "UPDATE case_event SET hash = zeroblob(32) WHERE seq = 3",
	};
	size_t i;

	(void)state;
	for (i = 0; i < TC_NELEM(changes); i++) {
		struct world w;
		char *sql;

		world_open(&w);
		world_receive(&w, NUMBER, "giup");
		world_receive(&w, NUMBER, "giup");
		claim(&w, &w.lan, latest(&w), 0);
		close_case(&w, &w.lan, latest(&w), 0);
		assert_int_equal(
		    world_count(&w, "SELECT count(*) FROM case_event"), 4);
		assert_true(ledger_is_whole(&w));
		assert_int_not_equal(world_sql(&w, changes[i]), SQLITE_OK);
		sql = xasprintf("DROP TRIGGER case_event_is_append_only;"
				"DROP TRIGGER case_event_is_kept; %s",
		    changes[i]);
		assert_int_equal(world_sql(&w, sql), SQLITE_OK);
		free(sql);
		assert_false(ledger_is_whole(&w));
		world_close(&w);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, world_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_which_case_a_text_joins),
	    TEST(test_reopened_when_she_writes_again),
	    TEST(test_text_leaves_a_claim_alone),
	    TEST(test_urgency_only_rises),
	    cmocka_unit_test(test_copies_open_with_their_own_key_alone),
	    TEST(test_not_ready_keeps_nothing),
	    TEST(test_nothing_in_clear),
	    TEST(test_view_is_logged_and_another_agency_sees_nothing),
	    TEST(test_claim_is_exclusive),
	    TEST(test_r7_hush_marks_open_cases),
	    TEST(test_who_is_woken),
	    TEST(test_cursor_never_skips_nor_repeats),
	    cmocka_unit_test(test_ledger_chain_breaks_when_a_line_is_changed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
