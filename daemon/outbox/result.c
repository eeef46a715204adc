/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What became of a part (outbox.h): the results of sends, from the modem or
 * later from its spool, and children that died with one.
 *
 * A clear refusal is tried again after a while, by the rules of policy.h. When
 * nothing of an unbound message is on the air yet, any modem may take it then.
 * What was uncertain is never sent again, whatever is found out later.
 */
#include "config.h"

#include <inttypes.h>
#include <string.h>

#include "clock.h"
#include "log.h"
#include "outbox/choose.h"
#include "outbox/outbox.h"
#include "outbox/policy.h"
#include "outbox/state.h"
#include "radio/radio.h"
#include "store/message.h"

struct verdict {
	const char *to;
	const char *reason; /* of the message, when this is its end */
	bool is_modem;      /* the modem should take a rest */
	bool is_free;       /* this try does not count */
	bool is_at_once;    /* it may go again now */
};

static enum refusal
result_refusal(const struct radio_result *r)
{
	if (r->outcome == ML_NOT_SENT)
		return REFUSAL_EITHER; /* a bad text, or no prompt */
	if (r->outcome == ML_REFUSED)
		return policy_refusal(r->code);
	return REFUSAL_UNKNOWN;
}

static struct verdict
result_refused(enum refusal refusal, const struct part *p)
{
	struct verdict v = {.to = "queued",
	    .reason = "refused",
	    .is_modem = refusal != REFUSAL_TEXT,
	    .is_free = refusal == REFUSAL_MODEM};

	if (strcmp(p->state, "uncertain") == 0) {
		v.to = "failed";
		v.is_modem = false; /* that was long ago */
	} else if (refusal == REFUSAL_TEXT)
		v.to = "failed";
	else if (!v.is_free && p->attempts >= lane_policy(p->lane)->attempts) {
		v.to = "failed";
		v.reason = "too_many_tries";
	}
	return v;
}

/* Nobody tried: it waits for this modem or for another, as before. */
static struct verdict
result_not_begun(const struct part *p)
{
	struct verdict v = result_refused(REFUSAL_MODEM, p);

	v.is_at_once = true;
	return v;
}

static struct verdict
result_verdict(const struct radio_result *r, const struct part *p)
{
	enum refusal refusal;

	if (r->outcome == ML_SENT)
		return (struct verdict){.to = "sent", .reason = ""};
	if (r->outcome == ML_NOT_BEGUN)
		return result_not_begun(p);
	refusal = result_refusal(r);
	if (refusal == REFUSAL_UNKNOWN)
		return (struct verdict){.to = "uncertain", .reason = "unclear"};
	return result_refused(refusal, p);
}

/* Its campaign may have been stopped while it was tried. */
static int
result_recall(struct core *c, const struct part *p)
{
	struct message m;
	int rc;

	if (p->lane != LANE_CAMPAIGN)
		return 0;
	rc = store_message_get(c->store, p->message_id, &m);
	if (rc == 0 && m.campaign_id != 0)
		rc = outbox_recall(c, m.campaign_id);
	return rc < 0 ? rc : 0;
}

/* Back into the queue, for later. */
static int
result_requeue(struct core *c, struct part *p, const struct verdict *v)
{
	int rc;

	p->not_before = policy_try_again(p->lane, p->attempts, clock_now());
	if (v->is_free) {
		p->not_before = clock_now() + lane_policy(p->lane)->backoff_s;
		p->attempts--;
	}
	if (v->is_at_once)
		p->not_before = 0;
	rc = outbox_move_part(c, p, "queued");
	if (rc == 0)
		rc = store_message_release(c->store, p->message_id);
	if (rc >= 0 && p->not_before != 0)
		outbox_due_at(p->not_before);
	return rc < 0 ? rc : result_recall(c, p);
}

static int
result_settle(struct core *c, struct part *p, const struct verdict *v)
{
	int rc;

	if (strcmp(v->to, "queued") == 0)
		return result_requeue(c, p, v);
	rc = outbox_move_part(c, p, v->to);
	return rc != 0 ? rc : outbox_settle_message(c, p, v->reason);
}

int
outbox_on_result(struct core *c, const struct radio_result *r)
{
	struct verdict v;
	struct part p;
	int rc;

	rc = store_part_get(c->store, r->part_id, &p);
	if (rc == TC_ENOENT) {
		log_warn("outbox result for an unknown part part=%016" PRIx64,
		    (uint64_t)r->part_id);
		return 0; /* purged: nothing to settle, let it be acknowledged */
	}
	if (rc != 0)
		return rc;
	if (strcmp(p.state, "submitting") != 0 &&
	    strcmp(p.state, "uncertain") != 0)
		return 0; /* settled before: the child offers it again */
	if (strcmp(p.modem, r->modem) != 0)
		return 0; /* of an earlier try; another modem has it now */
	v = result_verdict(r, &p);
	if (strcmp(v.to, p.state) == 0)
		return 0;
	p.tp_mr = r->tp_mr;
	p.code = r->code;
	log_info("part %s part=%016" PRIx64 " seq=%d modem=%s lane=%s"
		 " outcome=%s code=%d ref=%d attempt=%d",
	    v.to, (uint64_t)p.id, p.seq, r->modem, lane_name((enum lane)p.lane),
	    modemlink_outcome_name(r->outcome), r->code, r->tp_mr, p.attempts);
	rc = result_settle(c, &p, &v);
	return rc != 0 ? rc : v.is_modem;
}

int
outbox_on_lost(struct core *c, const char *modem)
{
	struct part p;
	int rc, n = 0;

	while ((rc = store_part_submitting(c->store, modem, &p)) == 0) {
		rc = outbox_lose_part(c, &p);
		if (rc != 0)
			return rc;
		n++;
	}
	return rc == TC_ENOENT ? n : rc;
}

int
outbox_lose_part(struct core *c, struct part *p)
{
	int rc;

	log_warn("part uncertain part=%016" PRIx64 " modem=%s lane=%s",
	    (uint64_t)p->id, p->modem, lane_name((enum lane)p->lane));
	rc = outbox_move_part(c, p, "uncertain");
	return rc != 0 ? rc : outbox_settle_message(c, p, "lost");
}
