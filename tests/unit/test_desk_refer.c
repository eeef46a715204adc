/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A case goes to another agency: who may offer it to whom, who sees and who
 * opens it, and what her consent has to do with it (R19). */
#include "config.h"

#include <sodium.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"
#include "clock.h"
#include "desk/due.h"
#include "desk/refer.h"
#include "desk_steps.h"
#include "store/store.h"
#include "turn.h"

#define NUMBER "+84900000001"

static const struct user linh = {
    .id = 80, .name = "linh", .agency = "VHXH", .roles = ROLE_HANDLER};

static int
setup(void **state)
{
	(void)steps_setup(state);
	assert_int_equal(world_sql(*state, "INSERT INTO user VALUES(80, 'linh',"
					   " 'VHXH', 8, 'x', 0, NULL)"),
	    SQLITE_OK);
	return 0;
}

struct refer_op {
	struct world *world;
	const struct user *user;
	const char *code;
	struct desk_referral referral;
	struct desk_consent consent;
	int (*act)(struct core *c, const struct user *u, const char *code);
};

static int
op_refer(void *arg)
{
	struct refer_op *op = arg;

	return desk_refer(&op->world->core, op->user, op->code, &op->referral);
}

static int
op_consent(void *arg)
{
	struct refer_op *op = arg;

	return desk_consent(&op->world->core, op->user, op->code, &op->consent);
}

static int
op_do(void *arg)
{
	struct refer_op *op = arg;

	return op->act(&op->world->core, op->user, op->code);
}

static void
consent(struct world *w, const char *agency, bool is_given)
{
	struct refer_op op = {.world = w,
	    .user = &w->lan,
	    .code = steps_latest(w),
	    .consent = {agency, "voice", is_given}};

	world_expect(w, 0, op_consent, &op);
}

static void
refer(struct world *w, const char *agency, const char *override, int rc)
{
	struct refer_op op = {.world = w,
	    .user = &w->lan,
	    .code = steps_latest(w),
	    .referral = {.agency = agency, .override = override}};

	if (override[0] != '\0')
		op.referral.note = (struct desk_note){"sealed", 6};
	world_expect(w, rc, op_refer, &op);
	if (rc == TC_EAGAIN)
		assert_non_null(op.referral.why);
}

static void
act(struct world *w, const struct user *u,
    int (*what)(struct core *, const struct user *, const char *), int rc)
{
	struct refer_op op = {
	    .world = w, .user = u, .code = steps_latest(w), .act = what};

	world_expect(w, rc, op_do, &op);
}

static const char *
state_of(struct world *w)
{
	static char state[12];
	char *text = world_text(w, "SELECT state FROM \"case\"");

	assert_int_equal(str_printf(state, sizeof(state), "%s", text), 0);
	free(text);
	return state;
}

/* --- who sees, who opens --- */

static int
ignore_item(const struct desk_item *i, void *ctx)
{
	(void)i;
	(void)ctx;
	return 0;
}

static int
ignore_event(const struct desk_event *e, void *ctx)
{
	(void)e;
	(void)ctx;
	return 0;
}

struct view_op {
	struct world *world;
	const struct user *user;
	const char *code;
	struct desk_viewer viewer;
};

static int
op_view(void *arg)
{
	struct view_op *op = arg;

	op->viewer.on_item = ignore_item;
	op->viewer.on_event = ignore_event;
	return desk_view(&op->world->core, op->user, op->code, &op->viewer);
}

/* Opens the case and, when it may, the key in it with its own. */
static void
view(struct world *w, const struct user *u, int rc)
{
	struct view_op op = {.world = w, .user = u, .code = steps_latest(w)};
	const struct case_key *key;
	unsigned char sk[32];

	world_expect(w, rc, op_view, &op);
	if (rc != 0)
		return;
	key = world_key(w, u->agency);
	assert_int_equal(crypto_box_seal_open(sk, op.viewer.envelope.sealed_key,
			     80, key->pk, key->sk),
	    0);
}

static int
count_cases(const struct desk_case *k, void *ctx)
{
	(void)k;
	*(int *)ctx += 1;
	return 0;
}

static int
queue_length(struct world *w, const char *agency)
{
	struct case_query q = {.agency = agency, .after = -1, .limit = 100};
	int n = 0;

	assert_true(desk_queue(&w->core, &q, count_cases, &n) >= 0);
	return n;
}

static void
claim(struct world *w, const char *text)
{
	world_receive(w, NUMBER, text);
	act(w, &w->lan, desk_claim, 0);
}

/* A second agency of the ladder: its copy waits in the database. */
static int
hold(struct core *c, const struct user *u, const char *code)
{
	return desk_hold(c, u, code, "report");
}

static int
let_go(struct core *c, const struct user *u, const char *code)
{
	return desk_hold(c, u, code, "");
}

static void
test_offered_accepted(void **state)
{
	struct world *w = *state;

	claim(w, "giup");
	view(w, &linh, TC_ENOENT);
	consent(w, "VHXH", true);
	refer(w, "VHXH", "", 0);
	assert_string_equal(state_of(w), "referred");
	assert_int_equal(queue_length(w, "VHXH"), 1);
	view(w, &linh, TC_EDENIED); /* seen, not opened */
	view(w, &w->lan, 0);
	act(w, &w->lan, hold, 0);
	act(w, &linh, let_go, TC_EDENIED);
	act(w, &steps_police, desk_accept, TC_ENOENT);
	act(w, &w->lan, desk_accept, TC_EDENIED);
	act(w, &linh, desk_claim, TC_ESTATE);
	act(w, &linh, desk_accept, 0);
	assert_string_equal(state_of(w), "claimed");
	view(w, &linh, 0);
	view(w, &w->lan, 0); /* supports */
	act(w, &linh, desk_accept, TC_ESTATE);
	assert_int_equal(
	    world_count(w, "SELECT lead = 'VHXH' AND refer_to = '' AND"
			   " claimed_by = 80 FROM \"case\""),
	    1);
	act(w, &w->lan, desk_revoke, TC_ESTATE); /* too late */
	steps_close(w, &w->lan, steps_latest(w), TC_EDENIED);
	steps_close(w, &linh, steps_latest(w), 0);
}

/* And back: who could read it needs nothing new. */
static void
test_back_to_where_it_came_from(void **state)
{
	struct world *w = *state;
	struct refer_op op = {.world = w,
	    .user = &linh,
	    .referral = {.agency = "HPN", .override = ""}};

	claim(w, "giup");
	consent(w, "VHXH", true);
	refer(w, "VHXH", "", 0);
	act(w, &linh, desk_accept, 0);
	op.code = steps_latest(w);
	world_expect(w, 0, op_refer, &op);
	view(w, &w->lan, 0);
	act(w, &steps_other, desk_decline, 0);
	view(w, &w->lan, 0); /* what it had it keeps */
	world_expect(w, 0, op_refer, &op);
	act(w, &steps_other, desk_accept, 0);
	steps_close(w, &linh, op.code, TC_EDENIED);
	steps_close(w, &steps_other, op.code, 0);
}

static void
test_declined_revoked_forgotten(void **state)
{
	static const struct {
		int (*act)(struct core *, const struct user *, const char *);
		bool is_there; /* done by the other agency */
	} ways[] = {{desk_decline, true}, {desk_revoke, false}, {NULL, false}};
	struct world *w = *state;
	size_t i;

	claim(w, "giup");
	consent(w, "VHXH", true);
	for (i = 0; i < TC_NELEM(ways); i++) {
		refer(w, "VHXH", "", 0);
		refer(w, "VHXH", "", TC_ESTATE); /* one at a time */
		if (ways[i].act != NULL) {
			act(w, ways[i].is_there ? &linh : &w->lan, ways[i].act,
			    0);
		} else {
			world_advance(w, 1801);
			assert_int_equal(due_run(&w->core), 1);
			assert_int_equal(turn_commit(w->core.turn), 0);
		}
		assert_string_equal(state_of(w), "active");
		assert_int_equal(queue_length(w, "VHXH"), 0);
		view(w, &linh, TC_ENOENT);
		act(w, &linh, desk_accept, TC_ENOENT);
	}
	assert_int_equal(world_count(w, "SELECT count(*) FROM case_event WHERE"
					" act IN ('declined', 'revoked',"
					" 'not_accepted')"),
	    3);
	steps_close(w, &w->lan, steps_latest(w), 0);
}

/* An agency that is not on the ladder gets the 32 bytes from the holder's side,
 * and loses them when it does not take the case. */
static void
test_sealed_anew_by_the_holder(void **state)
{
	struct world *w = *state;
	struct view_op got = {.world = w, .user = &w->lan};
	struct refer_op op = {.world = w,
	    .user = &w->lan,
	    .referral = {.agency = "YTE", .override = ""}};
	static const struct user yte = {
	    .id = 81, .name = "yen", .agency = "YTE", .roles = ROLE_HANDLER};
	const struct case_key *hpn = world_key(w, "HPN");
	unsigned char sk[32], sealed[80];

	claim(w, "giup");
	consent(w, "YTE", true);
	refer(w, "YTE", "", TC_ENOTREADY);
	got.code = op.code = steps_latest(w);
	world_expect(w, 0, op_view, &got);
	assert_int_equal(
	    crypto_box_seal_open(
		sk, got.viewer.envelope.sealed_key, 80, hpn->pk, hpn->sk),
	    0);
	assert_int_equal(
	    crypto_box_seal(sealed, sk, 32, world_key(w, "YTE")->pk), 0);
	op.referral.sealed_key = sealed;
	world_expect(w, 0, op_refer, &op);
	view(w, &yte, TC_EDENIED);
	act(w, &yte, desk_decline, 0);
	assert_int_equal(world_count(w, "SELECT count(*) FROM case_seal WHERE"
					" agency = 'YTE'"),
	    0);
	world_expect(w, 0, op_refer, &op);
	assert_int_equal(
	    world_sql(w, "INSERT INTO user VALUES(81, 'yen', 'YTE', 8, 'x', 0,"
			 " NULL)"),
	    SQLITE_OK);
	act(w, &yte, desk_accept, 0);
	view(w, &yte, 0);
}

/* --- consent --- */

static void
test_r19_scope(void **state)
{
	struct world *w = *state;
	struct refer_op op = {.world = w, .user = &w->lan};

	claim(w, "giup");
	op.code = steps_latest(w);
	refer(w, "VHXH", "", TC_EAGAIN); /* she was not asked */
	consent(w, "YTE", true);
	refer(w, "VHXH", "", TC_EAGAIN); /* that was another */
	consent(w, "VHXH", true);
	world_advance(w, 60);
	consent(w, "VHXH", false); /* and took it back */
	refer(w, "VHXH", "", TC_EAGAIN);
	refer(w, "VHXH", "boss", TC_EINVAL);
	op.referral =
	    (struct desk_referral){.agency = "VHXH", .override = "life"};
	world_expect(w, TC_EINVAL, op_refer, &op); /* why? */
	refer(w, "NOWHERE", "life", TC_EINVAL);
	refer(w, "HPN", "life", TC_EINVAL); /* his own */
	refer(w, "VHXH", "life", 0);
	assert_int_equal(world_count(w, "SELECT count(*) FROM case_event WHERE"
					" act = 'override' AND detail = 'life'"
					" AND user_id <> 0"),
	    1);
	assert_int_equal(world_count(w, "SELECT count(*) FROM case_item WHERE"
					" kind = 'reason'"),
	    1);
}

static void
test_r19_who_may_say_it(void **state)
{
	struct world *w = *state;
	struct refer_op op = {.world = w, .user = &steps_other};
	static const struct desk_consent wrong[] = {
	    {"NOWHERE", "voice", true}, {"CAX", "rumour", true}};
	size_t i;

	claim(w, "giup");
	op.code = steps_latest(w);
	op.consent = (struct desk_consent){"CAX", "person", true};
	world_expect(w, TC_EDENIED, op_consent, &op);
	op.user = &steps_police;
	world_expect(w, TC_ENOENT, op_consent, &op);
	op.user = &w->lan;
	for (i = 0; i < TC_NELEM(wrong); i++) {
		op.consent = wrong[i];
		world_expect(w, TC_EINVAL, op_consent, &op);
	}
	assert_int_equal(
	    world_count(w, "SELECT count(*) FROM case_consent"), 0);
}

static int
op_staff(void *arg)
{
	struct world *w = arg;
	unsigned char mac[VAULT_MAC];

	vault_phone_mac(w->core.vault, VAULT_PERSON, NUMBER, mac);
	return store_staff_add(w->core.store, mac, linh.id);
}

/* Not even with danger to life: there are other agencies. */
static void
test_never_to_the_man_it_is_about(void **state)
{
	struct world *w = *state;

	claim(w, "giup");
	consent(w, "VHXH", true);
	world_expect(w, 0, op_staff, w);
	refer(w, "VHXH", "", TC_EAGAIN);
	refer(w, "VHXH", "life", TC_EAGAIN);
}

/* KHONG while it is offered: the offer ends, the holder has it still. */
static void
test_r19_she_refuses_what_was_offered(void **state)
{
	struct world *w = *state;

	claim(w, "giup");
	consent(w, "VHXH", true);
	refer(w, "VHXH", "", 0);
	world_receive(w, NUMBER, "KHONG VHXH");
	assert_string_equal(state_of(w), "active");
	view(w, &linh, TC_ENOENT);
	view(w, &w->lan, 0);
	assert_int_equal(world_count(w, "SELECT count(*) FROM case_seal WHERE"
					" agency = 'VHXH'"),
	    0);
}

/* What she said last counts: consent, then KHONG, then consent again. */
static void
test_r19_she_changes_her_mind(void **state)
{
	struct world *w = *state;

	claim(w, "cuu");
	consent(w, "VHXH", true);
	world_receive(w, NUMBER, "KHONG VHXH");
	refer(w, "VHXH", "", TC_EAGAIN);
	consent(w, "VHXH", true);
	refer(w, "VHXH", "", TC_ENOTREADY); /* the holder's client seals it */
}

static void
test_m12_revoked_user_offers_nothing_more(void **state)
{
	struct world *w = *state;

	claim(w, "giup");
	consent(w, "VHXH", true);
	refer(w, "VHXH", "", 0);
	assert_int_equal(
	    world_count(w, "SELECT count(*) FROM due WHERE kind = 2"), 1);
	assert_int_equal(desk_release(&w->core, w->lan.id, NULL), 1);
	assert_int_equal(turn_commit(w->core.turn), 0);
	assert_string_equal(state_of(w), "new");
	assert_int_equal(queue_length(w, "VHXH"), 0);
	assert_int_equal(queue_length(w, "HPN"), 1);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, world_teardown)
	const struct CMUnitTest tests[] = {
	    TEST(test_offered_accepted),
	    TEST(test_back_to_where_it_came_from),
	    TEST(test_declined_revoked_forgotten),
	    TEST(test_sealed_anew_by_the_holder),
	    TEST(test_r19_scope),
	    TEST(test_r19_who_may_say_it),
	    TEST(test_never_to_the_man_it_is_about),
	    TEST(test_r19_she_refuses_what_was_offered),
	    TEST(test_r19_she_changes_her_mind),
	    TEST(test_m12_revoked_user_offers_nothing_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
