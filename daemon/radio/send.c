/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a modem sends: it is given the next part when it is idle, and what
 * became of it is settled (radio_private.h). Called by radio.c at the end of
 * every loop iteration and by child.c for each RESULT.
 *
 * The outbox chooses in a turn op, and the frame leaves after the commit; the
 * result settles the part in the same way, and the next choice follows in the
 * same iteration: between two segments there is one fsync and nothing else.
 */
#include "config.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "conf.h"
#include "log.h"
#include "radio/radio_private.h"
#include "turn.h"

#define PAUSE_FIRST_MS 1000
#define PAUSE_MAX_MS 60000

/* --- results --- */

struct result_op {
	struct modem *modem;
	struct radio_result result;
	uint64_t spool_id;
};

static int
op_result(void *arg)
{
	struct result_op *op = arg;
	struct radio_ops *ops = &op->modem->radio->ops;
	struct modem *m = op->modem;
	int rc, back = 0;

	rc = ops->on_result(&op->result, ops->ctx);
	if (rc > 0 && m->in_flight == op->result.part_id)
		back = quota_give_back(&m->quota, m->in_flight_lane);
	if (back != 0)
		return back;
	if (rc >= 0)
		receive_ack(m, op->spool_id);
	return rc;
}

static void
modem_pause(struct modem *m)
{
	m->refusals++;
	m->is_paused = true;
	life_wait(m, life_delay(m->refusals, PAUSE_FIRST_MS, PAUSE_MAX_MS));
}

static void
modem_count(struct modem *m, enum ml_outcome outcome)
{
	if (outcome == ML_SENT)
		m->sent++;
	else if (outcome == ML_UNCERTAIN)
		m->uncertain++;
	else
		m->failed++;
}

void
send_on_result(struct modem *m, uint64_t part_id, const struct ml_result *r)
{
	struct result_op op = {.modem = m,
	    .spool_id = r->spool_id,
	    .result = {.modem = m->conf->name,
		.part_id = (int64_t)part_id,
		.outcome = r->outcome,
		.tp_mr = (int)r->tp_mr,
		.code = (int)r->code}};
	int rc;

	modem_count(m, r->outcome);
	if (r->outcome == ML_SENT)
		life_on_success(m);
	rc = turn_run(m->radio->core->turn, op_result, &op);
	if (rc < 0) {
		/* Not kept: it stays in the spool and comes again. */
		log_err("modem result not kept name=%s part=%016" PRIx64
			" why=\"%s\"",
		    m->conf->name, part_id, tc_strerror(rc));
		child_stop(m, "database");
		return;
	}
	if (rc > 0)
		modem_pause(m); /* it went back to the queue: give it time */
	else
		m->refusals = 0;
	if (m->in_flight == (int64_t)part_id && m->state == MODEM_BUSY) {
		m->in_flight = 0;
		child_set_deadline(m, 0);
		modem_set_state(m, MODEM_READY, "");
	}
}

/* --- sending --- */

struct send_op {
	struct modem *modem;
	struct radio_part part;
};

static void
send_free(struct send_op *op)
{
	explicit_bzero(op, sizeof(*op));
	free(op);
}

static void
send_let_out(void *arg)
{
	struct send_op *op = arg;
	struct ml_send_part body = {.coding = (uint8_t)op->part.coding,
	    .validity_min = op->part.validity_min,
	    .report = op->part.report};

	memcpy(body.number, op->part.number, sizeof(body.number));
	memcpy(body.udh, op->part.udh, op->part.udh_len);
	body.udh_len = (uint32_t)op->part.udh_len;
	memcpy(body.text, op->part.text, sizeof(body.text));
	child_send(op->modem, ML_SEND_PART, (uint64_t)op->part.id, &body);
	explicit_bzero(&body, sizeof(body));
	child_set_deadline(
	    op->modem, child_send_ms(op->modem) + CHILD_GRACE_MS);
	send_free(op);
}

/* Nothing was promised: the part is queued still. */
static void
send_drop(void *arg)
{
	struct send_op *op = arg;
	struct modem *m = op->modem;

	if (m->in_flight == op->part.id && m->state == MODEM_BUSY) {
		m->in_flight = 0;
		m->asked_generation = 0;
		modem_set_state(m, MODEM_READY, "");
	}
	send_free(op);
}

static const enum effect_class lane_effects[] = {
    EFFECT_CRISIS, EFFECT_CASE, EFFECT_REPLY, EFFECT_CAMPAIGN};

static int
op_next(void *arg)
{
	struct send_op *op = arg, *effect;
	struct radio *r = op->modem->radio;
	struct radio_offer offer = {.modem = op->modem->conf->name,
	    .operator_name = op->modem->conf->operator_name};
	int rc;

	/* The turn before may have failed when this one was opened: the child
	 * was then told to stop and takes nothing any more. */
	if (op->modem->state != MODEM_READY)
		return 0;
	offer.lanes = quota_lanes(&op->modem->quota);
	if (op->modem->dial.phase == DIAL_WAITING)
		offer.lanes &= RADIO_HELP_LANES;
	rc = r->ops.next_part(&offer, &op->part, r->ops.ctx);
	if (rc != 1)
		return rc;
	rc = quota_take(&op->modem->quota, op->part.lane);
	if (rc != 0)
		return rc;
	effect = xmalloc(sizeof(*effect));
	*effect = *op;
	turn_defer(r->core->turn, lane_effects[op->part.lane & 3], send_let_out,
	    send_drop, effect);
	return 1;
}

bool
send_wants(const struct modem *m, uint64_t generation)
{
	return m->state == MODEM_READY && m->in_flight == 0 && !m->is_paused &&
	       !m->is_stopping && !m->radio->is_locked && !dial_blocks(m) &&
	       m->asked_generation != generation;
}

void
send_pump(struct modem *m)
{
	uint64_t generation = m->radio->ops.generation();
	struct send_op op;
	int rc;

	if (!send_wants(m, generation))
		return;
	memset(&op, 0, sizeof(op));
	op.modem = m;
	rc = turn_run(m->radio->core->turn, op_next, &op);
	if (rc == 1) {
		m->in_flight = op.part.id;
		m->in_flight_lane = op.part.lane;
		modem_set_state(m, MODEM_BUSY, "");
	} else if (rc == 0)
		m->asked_generation = generation;
	else
		modem_pause(m);
	explicit_bzero(&op, sizeof(op));
}
