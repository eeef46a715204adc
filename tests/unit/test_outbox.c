/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The one door: what becomes of a part, and everything that forbids a text at
 * the moment when a modem asks for it. Who goes first is in
 * test_outbox_order.c, what forbids a campaign in test_outbox_campaign.c. */
#include "config.h"

#include <inttypes.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"
#include "clock.h"
#include "outbox/state.h"
#include "outbox_steps.h"

/* --- states --- */

static const char *const part_states[] = {"queued", "submitting", "sent",
    "delivered", "undelivered", "failed", "uncertain", "cancelled",
    "no_report"};

/* As drawn in outbox.h; queued -> submitting and -> cancelled are
 * store_part_submit() and store_part_cancel(). */
static const char *const legal_moves[] = {"submitting sent",
    "submitting failed", "submitting uncertain", "submitting queued",
    "uncertain sent", "uncertain failed", "uncertain delivered",
    "uncertain undelivered", "sent delivered", "sent undelivered",
    "sent no_report", "no_report delivered", "no_report undelivered"};

static bool
is_legal(const char *from, const char *to)
{
	char move[64];
	size_t i;

	assert_int_equal(str_printf(move, sizeof(move), "%s %s", from, to), 0);
	for (i = 0; i < TC_NELEM(legal_moves); i++)
		if (strcmp(legal_moves[i], move) == 0)
			return true;
	return false;
}

struct move_op {
	struct world *world;
	struct part part;
	const char *to;
};

static int
op_move(void *arg)
{
	struct move_op *op = arg;

	return outbox_move_part(&op->world->core, &op->part, op->to);
}

static void
test_every_move_of_a_part(void **state)
{
	struct world *w = *state;
	int64_t contact = steps_contact(w, "+84900000001");
	int64_t id = steps_part(w, steps_reply(w, contact, LANE_REPLY), 1);
	struct move_op op = {.world = w};
	size_t from, to;
	char *sql, *now;

	for (from = 0; from < TC_NELEM(part_states); from++) {
		for (to = 0; to < TC_NELEM(part_states); to++) {
			bool legal =
			    is_legal(part_states[from], part_states[to]);

			sql = xasprintf(
			    "UPDATE part SET state = '%s'", part_states[from]);
			assert_int_equal(world_sql(w, sql), SQLITE_OK);
			free(sql);
			assert_int_equal(
			    store_part_get(w->core.store, id, &op.part), 0);
			op.to = part_states[to];
			world_expect(w, legal ? 0 : TC_ESTATE, op_move, &op);
			now = world_text(w, "SELECT state FROM part");
			assert_string_equal(
			    now, part_states[legal ? to : from]);
			free(now);
		}
	}
}

/* The state moved under the caller's feet: nothing is written. */
static void
test_stale_move_is_refused(void **state)
{
	struct world *w = *state;
	int64_t contact = steps_contact(w, "+84900000001");
	int64_t id = steps_part(w, steps_reply(w, contact, LANE_REPLY), 1);
	struct move_op op = {.world = w, .to = "sent"};

	assert_int_equal(
	    world_sql(w, "UPDATE part SET state = 'submitting'"), SQLITE_OK);
	assert_int_equal(store_part_get(w->core.store, id, &op.part), 0);
	assert_int_equal(
	    world_sql(w, "UPDATE part SET state = 'uncertain'"), SQLITE_OK);
	world_expect(w, TC_ESTATE, op_move, &op);
	steps_expect_part(w, id, "uncertain");
}

static const struct {
	const char *parts; /* first letters; x = cancelled, n = no_report */
	const char *before, *after;
} verdicts[] = {
    {"sq", "sending", "sending"},
    {"ss", "sending", "sent"},
    {"sS", "sending", "sending"}, /* S = submitting */
    {"dd", "sent", "delivered"},
    {"ds", "sent", "sent"},
    {"du", "sent", "partly"},
    {"su", "sent", "partly"},
    {"uu", "sent", "undelivered"},
    {"uu", "partly", "undelivered"},
    {"nu", "sent", "partly"},
    {"n", "sent", "no_report"},
    {"nn", "sent", "no_report"},
    {"dn", "sent", "no_report"},
    {"sn", "sent", "sent"},
    {"dd", "no_report", "delivered"},
    {"n?", "sent", "uncertain"},
    {"s?", "sending", "uncertain"},
    {"d?", "sending", "uncertain"},
    {"?q", "sending", "sending"},
    {"sf", "sending", "partly"},
    {"?f", "sending", "uncertain"},
    {"fx", "sending", "failed"},
    {"fq", "sending", "failed"},
    {"sfq", "sending", "partly"},
    {"uf", "sent", "failed"},
    {"xx", "queued", "cancelled"},
    {"ss", "uncertain", "sent"},
    {"dd", "uncertain", "delivered"},
    {"sx", "suppressed", "suppressed"},
    {"dx", "suppressed", "suppressed"},
    {"sx", "expired", "expired"},
    {"x", "cancelled", "cancelled"},
};

static const char *
state_of_letter(char c)
{
	static const char letters[] = "qSsduf?xn";

	return part_states[strchr(letters, c) - letters];
}

struct settle_op {
	struct world *world;
	int64_t message;
	struct part part;
};

static int
op_settle(void *arg)
{
	struct settle_op *op = arg;

	return outbox_settle_message(&op->world->core, &op->part, "");
}

static void
verdict_prepare(struct world *w, size_t i, int64_t message)
{
	char *sql;
	size_t seq;

	sql = xasprintf("DELETE FROM part; UPDATE message SET state = '%s',"
			" nparts = %zu, reason = ''",
	    verdicts[i].before, strlen(verdicts[i].parts));
	assert_int_equal(world_sql(w, sql), SQLITE_OK);
	free(sql);
	for (seq = 0; verdicts[i].parts[seq] != '\0'; seq++) {
		sql = xasprintf("INSERT INTO part(id, message_id, seq, lane,"
				" queue_seq, state) VALUES(%zu, %" PRId64
				", %zu, 2, %zu, '%s')",
		    seq + 1, message, seq + 1, seq + 1,
		    state_of_letter(verdicts[i].parts[seq]));
		assert_int_equal(world_sql(w, sql), SQLITE_OK);
		free(sql);
	}
}

static void
test_verdict_of_a_message(void **state)
{
	struct world *w = *state;
	int64_t contact = steps_contact(w, "+84900000001");
	struct settle_op op = {
	    .world = w, .message = steps_reply(w, contact, LANE_REPLY)};
	size_t i;
	char *now;

	for (i = 0; i < TC_NELEM(verdicts); i++) {
		verdict_prepare(w, i, op.message);
		assert_int_equal(store_part_get(w->core.store, 1, &op.part), 0);
		world_expect(w, 0, op_settle, &op);
		now = world_text(w, "SELECT state FROM message");
		if (strcmp(now, verdicts[i].after) != 0)
			fail_msg("%s after %s: %s", verdicts[i].parts,
			    verdicts[i].before, now);
		free(now);
		if (strcmp(verdicts[i].after, "failed") == 0)
			assert_int_equal(
			    world_count(w, "SELECT count(*) FROM part"
					   " WHERE state = 'queued'"),
			    0);
	}
}

/* --- results --- */

/* In the lane of replies: 6 tries that count. */
static const struct {
	const char *from;
	int attempts;
	enum ml_outcome outcome;
	int code;
	const char *to;
	int rc;    /* 1: the modem rests */
	int after; /* attempts that count */
} results[] = {
    {"submitting", 1, ML_SENT, 0, "sent", 0, 1},
    {"submitting", 6, ML_SENT, 0, "sent", 0, 6},
    {"submitting", 1, ML_NOT_SENT, 0, "queued", 1, 1},
    {"submitting", 5, ML_NOT_SENT, 0, "queued", 1, 5},
    {"submitting", 6, ML_NOT_SENT, 0, "failed", 1, 6},
    {"submitting", 1, ML_NOT_BEGUN, 0, "queued", 1, 0},
    {"submitting", 6, ML_NOT_BEGUN, 0, "queued", 1, 5},
    {"submitting", 1, ML_UNCERTAIN, 0, "uncertain", 0, 1},
    /* refused for now: 3GPP 24.011 E-2, 23.040 9.2.3.22 */
    {"submitting", 1, ML_REFUSED, 27, "queued", 1, 1}, /* out of service */
    {"submitting", 1, ML_REFUSED, 41, "queued", 1, 1}, /* temporary failure */
    {"submitting", 1, ML_REFUSED, 42, "queued", 1, 1}, /* congestion */
    {"submitting", 5, ML_REFUSED, 47, "queued", 1, 5}, /* no resources */
    {"submitting", 6, ML_REFUSED, 42, "failed", 1, 6},
    {"submitting", 1, ML_REFUSED, 192, "queued", 1, 1}, /* SMSC busy */
    /* the modem's fault: the part keeps its tries */
    {"submitting", 1, ML_REFUSED, 8, "queued", 1, 0},   /* barred */
    {"submitting", 6, ML_REFUSED, 38, "queued", 1, 5},  /* out of order */
    {"submitting", 6, ML_REFUSED, 28, "queued", 1, 5},  /* unidentified */
    {"submitting", 6, ML_REFUSED, 30, "queued", 1, 5},  /* unknown */
    {"submitting", 6, ML_REFUSED, 50, "queued", 1, 5},  /* not subscribed */
    {"submitting", 6, ML_REFUSED, 208, "queued", 1, 5}, /* SIM full */
    {"submitting", 6, ML_REFUSED, 302, "queued", 1, 5}, /* not allowed */
    {"submitting", 6, ML_REFUSED, 310, "queued", 1, 5}, /* no SIM */
    {"submitting", 6, ML_REFUSED, 322, "queued", 1, 5}, /* memory full */
    {"submitting", 6, ML_REFUSED, 331, "queued", 1, 5}, /* no network */
    /* the number's or the modem's */
    {"submitting", 1, ML_REFUSED, 21, "queued", 1, 1}, /* rejected */
    {"submitting", 6, ML_REFUSED, 21, "failed", 1, 6},
    {"submitting", 5, ML_REFUSED, 69, "queued", 1, 5}, /* not implemented */
    /* refused for good */
    {"submitting", 1, ML_REFUSED, 1, "failed", 0, 1},   /* unassigned */
    {"submitting", 1, ML_REFUSED, 96, "failed", 0, 1},  /* invalid */
    {"submitting", 1, ML_REFUSED, 195, "failed", 0, 1}, /* bad address */
    {"submitting", 1, ML_REFUSED, 304, "failed", 0, 1}, /* invalid PDU */
    /* the modem does not know */
    {"submitting", 1, ML_REFUSED, 332, "uncertain", 0, 1}, /* timeout */
    {"submitting", 1, ML_REFUSED, 500, "uncertain", 0, 1}, /* unknown */
    {"submitting", 1, ML_REFUSED, 0, "uncertain", 0, 1},
    {"submitting", 1, ML_REFUSED, 513, "uncertain", 0, 1}, /* the maker's */
    {"submitting", 6, ML_REFUSED, 332, "uncertain", 0, 6},
    /* evidence from the spool for what was uncertain: never a second try */
    {"uncertain", 1, ML_SENT, 0, "sent", 0, 1},
    {"uncertain", 1, ML_NOT_SENT, 0, "failed", 0, 1},
    {"uncertain", 1, ML_NOT_BEGUN, 0, "failed", 0, 1},
    {"uncertain", 1, ML_REFUSED, 42, "failed", 0, 1},
    {"uncertain", 1, ML_REFUSED, 331, "failed", 0, 1},
    {"uncertain", 1, ML_REFUSED, 1, "failed", 0, 1},
    {"uncertain", 1, ML_UNCERTAIN, 0, "uncertain", 0, 1},
    {"uncertain", 1, ML_REFUSED, 332, "uncertain", 0, 1},
    /* settled: the child offers it again */
    {"sent", 1, ML_NOT_SENT, 0, "sent", 0, 1},
    {"delivered", 1, ML_SENT, 0, "delivered", 0, 1},
    {"delivered", 1, ML_UNCERTAIN, 0, "delivered", 0, 1},
    {"undelivered", 1, ML_SENT, 0, "undelivered", 0, 1},
    {"no_report", 1, ML_SENT, 0, "no_report", 0, 1},
    {"failed", 1, ML_SENT, 0, "failed", 0, 1},
    {"cancelled", 1, ML_SENT, 0, "cancelled", 0, 1},
    {"queued", 1, ML_SENT, 0, "queued", 0, 1},
};

static void
test_results(void **state)
{
	struct world *w = *state;
	int64_t contact = steps_contact(w, "+84900000001");
	int64_t id = steps_part(w, steps_reply(w, contact, LANE_REPLY), 1);
	char *sql, *now;
	size_t i;
	int rc;

	for (i = 0; i < TC_NELEM(results); i++) {
		sql = xasprintf("UPDATE part SET state = '%s', attempts = %d,"
				" not_before = 0;"
				"UPDATE message SET state = 'sending'",
		    results[i].from, results[i].attempts);
		assert_int_equal(world_sql(w, sql), SQLITE_OK);
		free(sql);
		rc = steps_result(w, id, results[i].outcome, results[i].code);
		now = world_text(w, "SELECT state FROM part");
		if (rc != results[i].rc || strcmp(now, results[i].to) != 0)
			fail_msg("row %zu: %s, rc %d", i, now, rc);
		free(now);
		assert_int_equal(world_count(w, "SELECT attempts FROM part"),
		    results[i].after);
	}
}

static void
test_result_of_an_unknown_part(void **state)
{
	assert_int_equal(steps_result(*state, 12345, ML_SENT, 0), 0);
}

/* A child that could not have its word acknowledged says it again when another
 * modem has the part by now: it speaks of an earlier try. */
static void
test_result_of_an_earlier_try(void **state)
{
	struct world *w = *state;
	int64_t contact = steps_contact(w, "+84900000001");
	struct radio_result again = {.modem = "m2", .tp_mr = -1};
	struct radio_part p;
	int outcome;

	(void)steps_reply(w, contact, LANE_REPLY);
	assert_int_equal(steps_next(w, "m1", &p), 1);
	again.part_id = p.id;
	for (outcome = 0; outcome < ML_NOUTCOMES; outcome++) {
		again.outcome = (enum ml_outcome)outcome;
		assert_int_equal(steps_result_of(w, &again), 0);
		steps_expect_part(w, p.id, "submitting");
	}
}

/* Between two tries it waits, longer each time, and others go; then it has
 * failed. */
static void
test_refusals_back_off_and_fail(void **state)
{
	static const int waits[] = {2, 4, 8, 16, 32, 64, 128};
	struct world *w = *state;
	int64_t contact = steps_contact(w, "+84900000001");
	int64_t message = steps_reply(w, contact, LANE_CRISIS);
	struct radio_part p;
	size_t i;

	for (i = 0; i < TC_NELEM(waits); i++) {
		assert_int_equal(steps_next(w, "m1", &p), 1);
		steps_expect_message(w, message, "sending");
		assert_int_equal(steps_result(w, p.id, ML_REFUSED, 42), 1);
		steps_expect_message(w, message, "queued");
		/* the real clock goes on, too: some seconds for a slow machine */
		world_advance(w, waits[i] > 4 ? waits[i] - 4 : 0);
		assert_int_equal(steps_next(w, "m1", &p), 0);
		assert_true(outbox_wake_at() >= clock_now());
		assert_true(outbox_wake_at() <= clock_now() + 4);
		world_advance(w, 4);
	}
	assert_int_equal(steps_next(w, "m1", &p), 1);
	assert_int_equal(steps_result(w, p.id, ML_REFUSED, 42), 1);
	steps_expect_reason(w, message, "failed", "too_many_tries");
	assert_int_equal(world_count(w, "SELECT attempts FROM part"), 8);
	assert_int_equal(world_count(w, "SELECT code FROM part"), 42);
	assert_int_equal(steps_next(w, "m1", &p), 0);
	assert_int_equal(outbox_wake_at(), 0);
}

static void
test_lost_child_then_evidence(void **state)
{
	static const struct {
		enum ml_outcome outcome;
		const char *state;
	} evidence[] = {{ML_SENT, "sent"}, {ML_NOT_SENT, "failed"},
	    {ML_UNCERTAIN, "uncertain"}};
	struct world *w = *state;
	int64_t contact = steps_contact(w, "+84900000001"), message;
	struct radio_part p, other;
	size_t i;

	for (i = 0; i < TC_NELEM(evidence); i++) {
		message = steps_reply(w, contact, LANE_CRISIS);
		assert_int_equal(steps_next(w, "m1", &p), 1);
		assert_int_equal(steps_lost(w, "m2"), 0);
		steps_expect_part(w, p.id, "submitting");
		assert_int_equal(steps_lost(w, "m1"), 1);
		assert_int_equal(steps_lost(w, "m1"), 0);
		steps_expect_part(w, p.id, "uncertain");
		steps_expect_message(w, message, "uncertain");
		assert_int_equal(steps_next(w, "m1", &other), 0);
		assert_int_equal(
		    steps_result(w, p.id, evidence[i].outcome, 0), 0);
		steps_expect_message(w, message, evidence[i].state);
		assert_int_equal(steps_next(w, "m1", &other), 0);
	}
}

/* At start: whatever was on its way on any modem. */
static void
test_restart_makes_uncertain(void **state)
{
	struct world *w = *state;
	int64_t contact = steps_contact(w, "+84900000001"), a, b;
	struct radio_part p;

	a = steps_reply(w, contact, LANE_CRISIS);
	b = steps_reply(w, contact, LANE_CRISIS);
	assert_int_equal(steps_next(w, "m1", &p), 1);
	world_restart(w);
	assert_int_equal(steps_lost(w, NULL), 1);
	steps_expect_message(w, a, "uncertain");
	steps_expect_message(w, b, "queued");
	assert_int_equal(steps_next(w, "m1", &p), 1);
	assert_int_equal(p.id, steps_part(w, b, 1));
}

/* --- what a reply must not do --- */

/* Promise 4: on the SIM she wrote to, or not at all. */
static void
test_reply_stays_on_its_sim(void **state)
{
	struct world *w = *state;
	int64_t contact = steps_contact(w, "+84900000001"), message;
	struct radio_part p;

	message = steps_reply(w, contact, LANE_CRISIS); /* to m1 */
	assert_int_equal(steps_next(w, "m2", &p), 0);
	assert_int_equal(steps_next(w, "m1", &p), 1);
	assert_int_equal(steps_result(w, p.id, ML_REFUSED, 42), 1);
	world_advance(w, 3);
	assert_int_equal(steps_next(w, "m2", &p), 0);
	assert_int_equal(steps_next(w, "m1", &p), 1);
	assert_string_equal(p.number, "+84900000001");
	assert_int_equal(steps_result(w, p.id, ML_SENT, 0), 0);
	steps_expect_message(w, message, "sent");
}

static void
test_r3_late_reply_is_not_sent(void **state)
{
	struct world *w = *state;
	int64_t contact = steps_contact(w, "+84900000001"), late, fresh;
	struct radio_part p;

	late = steps_reply(w, contact, LANE_CRISIS); /* for 300 s */
	world_advance(w, 290);
	fresh = steps_reply(w, contact, LANE_REPLY);
	world_advance(w, 15);
	assert_int_equal(steps_next(w, "m1", &p), 1);
	assert_int_equal(p.id, steps_part(w, fresh, 1));
	steps_expect_message(w, late, "expired");
	steps_expect_part(w, steps_part(w, late, 1), "cancelled");
	/* refused for now, and too late for a second try */
	assert_int_equal(steps_result(w, p.id, ML_REFUSED, 42), 1);
	world_advance(w, 300);
	assert_int_equal(steps_next(w, "m1", &p), 0);
	steps_expect_message(w, fresh, "expired");
}

struct cancel_op {
	struct world *world;
	int64_t contact;
};

static int
op_cancel(void *arg)
{
	struct cancel_op *op = arg;

	return outbox_cancel_contact(&op->world->core, op->contact);
}

/* THOI: what waits is cancelled; what was queued all the same is stopped when
 * a modem asks. Others are not touched. */
static void
test_r7_hushed_contact_gets_nothing(void **state)
{
	struct world *w = *state;
	struct cancel_op op = {w, steps_contact(w, "+84900000001")};
	int64_t other = steps_contact(w, "+84900000002"), a, b, c;
	struct radio_part p;

	a = steps_reply(w, op.contact, LANE_REPLY);
	b = steps_reply(w, other, LANE_REPLY);
	world_expect(w, 1, op_cancel, &op);
	steps_expect_message(w, a, "cancelled");
	steps_expect_part(w, steps_part(w, a, 1), "cancelled");
	steps_expect_message(w, b, "queued");
	assert_int_equal(world_sql(w, "UPDATE contact SET hushed = 1 WHERE id ="
				      " (SELECT contact_id FROM message"
				      " WHERE state = 'cancelled')"),
	    SQLITE_OK);
	c = steps_reply(w, op.contact, LANE_CRISIS);
	assert_int_equal(steps_next(w, "m1", &p), 1);
	assert_int_equal(p.id, steps_part(w, b, 1));
	steps_expect_message(w, c, "suppressed");
}

/* R5: the handler learns that her phone is in other hands while a text waits. */
static void
test_r5_unsafe_when_a_modem_asks(void **state)
{
	struct world *w = *state;
	int64_t a =
	    steps_reply(w, steps_contact(w, "+84900000001"), LANE_CRISIS);
	struct radio_part p;

	assert_int_equal(
	    world_sql(w, "UPDATE contact SET state = 'unsafe'"), SQLITE_OK);
	assert_int_equal(steps_next(w, "m1", &p), 0);
	steps_expect_message(w, a, "suppressed");
}

/* Refused for now, then THOI: the second try does not go out. */
static void
test_r7_hush_between_two_tries(void **state)
{
	struct world *w = *state;
	int64_t contact = steps_contact(w, "+84900000001");
	struct radio_part p;

	(void)steps_reply(w, contact, LANE_CRISIS);
	assert_int_equal(steps_next(w, "m1", &p), 1);
	assert_int_equal(steps_result(w, p.id, ML_REFUSED, 42), 1);
	world_receive(w, "+84900000001", "THOI");
	assert_int_equal(steps_next(w, "m1", &p), 0);
	assert_true(world_count(w, "SELECT state IN ('cancelled',"
				   " 'suppressed') FROM message") == 1);
}

/* R4: 5 minutes for what is sensitive in every lane, by lane otherwise. R32: no
 * report. R31: no flash, which nothing that goes to a modem could ask for. */
static void
test_r4_r32_validity_and_report(void **state)
{
	static const struct {
		enum lane lane;
		bool sensitive;
		unsigned minutes;
	} rows[] = {
	    {LANE_CRISIS, true, 5},
	    {LANE_CASE, true, 5},
	    {LANE_REPLY, true, 5},
	    {LANE_CRISIS, false, 60},
	    {LANE_CASE, false, 60},
	    {LANE_REPLY, false, 24 * 60},
	};
	struct world *w = *state;
	struct steps_reply r = {.world = w,
	    .reply = {.contact_id = steps_contact(w, "+84900000001"),
		.template_id = "N1",
		.modem = "m1",
		.expires_at = clock_now() + 300}};
	struct radio_part p;
	size_t i;

	for (i = 0; i < TC_NELEM(rows); i++) {
		r.reply.lane = rows[i].lane;
		r.reply.sensitive = rows[i].sensitive;
		world_expect(w, 0, steps_op_reply, &r);
		assert_int_equal(steps_next(w, "m1", &p), 1);
		assert_int_equal(p.validity_min, rows[i].minutes);
		assert_false(p.report);
		assert_int_equal(p.udh_len, 0);
	}
	assert_int_equal(world_count(w, "SELECT sum(report) FROM part"), 0);
}

/* A template that the pack does not hold (any more), a number that cannot be
 * opened: dropped, and the next one goes. */
static void
test_what_cannot_be_rendered(void **state)
{
	struct world *w = *state;
	int64_t contact = steps_contact(w, "+84900000001");
	int64_t broken = steps_contact(w, "+84900000002");
	int64_t gone = steps_contact(w, "+84900000003"), a, b, c, good;
	struct radio_part p;
	char *sql;

	a = steps_reply(w, contact, LANE_CRISIS);
	b = steps_reply(w, broken, LANE_CRISIS);
	c = steps_reply(w, gone, LANE_CRISIS);
	good = steps_reply(w, contact, LANE_REPLY);
	sql = xasprintf("UPDATE message SET template = 'NONE' WHERE id ="
			" %" PRId64 "; UPDATE contact SET box = x'00' WHERE"
			" id = %" PRId64 "; DELETE FROM contact WHERE"
			" id = %" PRId64,
	    a, broken, gone);
	assert_int_equal(world_sql(w, sql), SQLITE_OK);
	free(sql);
	assert_int_equal(steps_next(w, "m1", &p), 1);
	assert_int_equal(p.id, steps_part(w, good, 1));
	steps_expect_reason(w, a, "suppressed", "no_template");
	steps_expect_reason(w, b, "suppressed", "unreadable");
	steps_expect_reason(w, c, "suppressed", "forgotten");
}

/* --- figures --- */

static int
on_message(const struct outbox_message *m, void *ctx)
{
	struct outbox_message *out = ctx;

	out->id = m->id;
	out->parts = m->parts;
	out->parts_sent = m->parts_sent;
	return 0;
}

static void
test_figures(void **state)
{
	struct world *w = *state;
	int64_t contact = steps_contact(w, "+84900000001"), first, second;
	int64_t lengths[LANE_NLANES];
	struct outbox_message m = {0};
	uint64_t generation = outbox_generation();
	struct radio_part p;

	first = steps_reply(w, contact, LANE_CRISIS);
	assert_true(outbox_generation() > generation);
	second = steps_reply(w, contact, LANE_REPLY);
	(void)steps_reply(w, contact, LANE_REPLY);
	assert_int_equal(outbox_queue_lengths(&w->core, lengths), 0);
	assert_int_equal(lengths[LANE_CRISIS], 1);
	assert_int_equal(lengths[LANE_CASE], 0);
	assert_int_equal(lengths[LANE_REPLY], 2);
	assert_int_equal(lengths[LANE_CAMPAIGN], 0);
	assert_int_equal(steps_next(w, "m1", &p), 1);
	assert_int_equal(outbox_get(&w->core, first, on_message, &m), 0);
	assert_int_equal(m.parts_sent, 0);
	assert_int_equal(steps_result(w, p.id, ML_SENT, 0), 0);
	assert_int_equal(outbox_get(&w->core, first, on_message, &m), 0);
	assert_int_equal(m.id, first);
	assert_int_equal(m.parts, 1);
	assert_int_equal(m.parts_sent, 1);
	assert_int_equal(outbox_get(&w->core, second, on_message, &m), 0);
	assert_int_equal(m.parts_sent, 0);
	assert_int_equal(outbox_get(&w->core, 1, on_message, &m), TC_ENOENT);
	assert_int_equal(outbox_each(&w->core, 0, 2, on_message, &m), 2);
	assert_int_equal(outbox_each(&w->core, m.id, 9, on_message, &m), 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    WORLD_TEST(test_every_move_of_a_part),
	    WORLD_TEST(test_stale_move_is_refused),
	    WORLD_TEST(test_verdict_of_a_message),
	    WORLD_TEST(test_results),
	    WORLD_TEST(test_result_of_an_unknown_part),
	    WORLD_TEST(test_result_of_an_earlier_try),
	    WORLD_TEST(test_refusals_back_off_and_fail),
	    WORLD_TEST(test_lost_child_then_evidence),
	    WORLD_TEST(test_restart_makes_uncertain),
	    WORLD_TEST(test_reply_stays_on_its_sim),
	    WORLD_TEST(test_r3_late_reply_is_not_sent),
	    WORLD_TEST(test_r5_unsafe_when_a_modem_asks),
	    WORLD_TEST(test_r7_hushed_contact_gets_nothing),
	    WORLD_TEST(test_r7_hush_between_two_tries),
	    WORLD_TEST(test_r4_r32_validity_and_report),
	    WORLD_TEST(test_what_cannot_be_rendered),
	    WORLD_TEST(test_figures),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
