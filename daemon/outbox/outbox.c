/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The one door (outbox.h): replies are queued, a modem asks for the next part
 * and gets the one that matters most now, results and reports settle it.
 *
 * Called by intake (replies), by server.c for radio (parts, results), by http
 * (figures), always inside a turn op where something is written. Everything
 * that could forbid a text is looked at when a modem takes it: expiry (R3),
 * hush (R7), consent and opt-out (R9), hours, lint (R2, M19).
 */
#include "config.h"

#include <inttypes.h>
#include <string.h>

#include "buf.h"
#include "clock.h"
#include "conf.h"
#include "gsm.h"
#include "intake/content.h"
#include "log.h"
#include "outbox/feed.h"
#include "outbox/outbox.h"
#include "outbox/render.h"
#include "outbox/state.h"
#include "radio/radio.h"
#include "store/message.h"
#include "vault/vault.h"

#define OUTBOX_TRIES                                                           \
	64 /* messages dropped in one go before others get a turn */
#define OUTBOX_ATTEMPTS 5 /* clear refusals before a part fails */
/* Ids of messages and parts: microseconds since 2020, then random bits. */
#define ID_EPOCH_US (INT64_C(1577836800) * 1000000)
#define ID_SALT_BITS 12
#define REPORT_WINDOW_S (3 * 24 * 3600)

static uint64_t generation = 1;
static int64_t last_queue_seq;

static const char *const lane_names[LANE_NLANES] = {
    [LANE_CRISIS] = "crisis",
    [LANE_CASE] = "case",
    [LANE_REPLY] = "reply",
    [LANE_CAMPAIGN] = "campaign",
};

const char *
lane_name(enum lane lane)
{
	return lane < LANE_NLANES ? lane_names[lane] : "?";
}

uint64_t
outbox_generation(void)
{
	return generation;
}

void
outbox_touch(void)
{
	generation++;
}

/* Order within a lane: the time of queueing in microseconds, always growing. */
int64_t
outbox_queue_seq(void)
{
	int64_t now = clock_now_us();

	last_queue_seq = now > last_queue_seq ? now : last_queue_seq + 1;
	return last_queue_seq;
}

int64_t
outbox_new_id(void)
{
	uint16_t salt;

	vault_random(&salt, sizeof(salt));
	return (outbox_queue_seq() - ID_EPOCH_US) << ID_SALT_BITS |
	       (salt & ((1 << ID_SALT_BITS) - 1));
}

int
outbox_reply(struct core *c, const struct outbox_reply *r, int64_t *message_id)
{
	struct message m = {.id = outbox_new_id(),
	    .lane = r->lane,
	    .contact_id = r->contact_id,
	    .person_id = r->person_id,
	    .inbound_id = r->inbound_id,
	    .sensitive = r->sensitive,
	    .created_at = clock_now(),
	    .expires_at = r->expires_at,
	    .nparts = 1};
	struct part p = {.id = outbox_new_id(),
	    .message_id = m.id,
	    .seq = 1,
	    .lane = r->lane,
	    .queue_seq = outbox_queue_seq()};
	int rc;

	if (str_printf(m.template_id, sizeof(m.template_id), "%s",
		r->template_id) != 0 ||
	    str_printf(m.modem, sizeof(m.modem), "%s", r->modem) != 0 ||
	    str_printf(p.modem, sizeof(p.modem), "%s", r->modem) != 0)
		return TC_EFULL;
	if ((rc = store_message_add(c->store, &m)) != 0 ||
	    (rc = store_part_add(c->store, &p)) != 0)
		return rc;
	outbox_touch();
	*message_id = m.id;
	return 0;
}

int
outbox_cancel_contact(struct core *c, int64_t contact_id)
{
	int64_t ids[64];
	struct message m;
	int n, i, rc;

	n = store_message_queued_for(c->store, contact_id, ids);
	for (i = 0; i < n; i++) {
		rc = store_message_get(c->store, ids[i], &m);
		if (rc == 0)
			rc = outbox_drop_message(c, &m, "cancelled", "hushed");
		if (rc != 0)
			return rc;
	}
	return n;
}

/* --- the next part --- */

/* The queued part that goes first: bound to this modem, or to none. */
static int
outbox_candidate(struct core *c, const char *modem, struct part *out)
{
	struct part free_part;
	int bound, any;

	bound = store_part_next(c->store, modem, out);
	any = store_part_next(c->store, "", &free_part);
	if ((bound != 0 && bound != TC_ENOENT) ||
	    (any != 0 && any != TC_ENOENT))
		return TC_EIO;
	if (any == 0 && (bound != 0 || free_part.lane < out->lane ||
			    (free_part.lane == out->lane &&
				free_part.queue_seq < out->queue_seq))) {
		*out = free_part;
		return 1;
	}
	return bound == 0 ? 1 : 0;
}

/* Hand the part over: from here on it is on the air or uncertain. */
static int
outbox_submit(
    struct core *c, const struct message *m, struct part *p, const char *modem)
{
	int rc;

	if (m->nparts > 1 || m->modem[0] == '\0' ||
	    strcmp(m->state, "queued") == 0) {
		rc = store_message_bind(c->store, m, modem);
		if (rc != 0)
			return rc;
	}
	if (str_printf(p->modem, sizeof(p->modem), "%s", modem) != 0)
		return TC_EFULL;
	p->report = m->campaign_id != 0;
	rc = store_part_submit(c->store, p, clock_now());
	return rc != 0 ? rc : 1;
}

/* 1 taken, 0 dropped or held; *is_held tells. */
static int
outbox_take(struct core *c, struct part *p, const char *modem,
    struct radio_part *out, bool *is_held)
{
	struct outbox_refusal refusal = {0};
	struct message m;
	int rc;

	if ((rc = store_message_get(c->store, p->message_id, &m)) != 0)
		return rc;
	*is_held = m.campaign_id != 0 && !outbox_is_sending_hour(c);
	if (*is_held)
		return 0;
	rc = outbox_render(c, &m, p, out, &refusal);
	if (rc == TC_EDENIED)
		return outbox_drop_message(
		    c, &m, refusal.state, refusal.reason);
	return rc != 0 ? rc : outbox_submit(c, &m, p, modem);
}

int
outbox_next_part(
    struct core *c, const struct radio_offer *offer, struct radio_part *out)
{
	bool is_held = false;
	struct part p;
	int rc, i;

	for (i = 0; i < OUTBOX_TRIES && !is_held; i++) {
		rc = outbox_candidate(c, offer->modem, &p);
		if (rc == 0)
			rc = outbox_feed(c, &p);
		if (rc == 1)
			rc = outbox_take(c, &p, offer->modem, out, &is_held);
		else if (rc == 0)
			return 0;
		if (rc != 0)
			return rc;
	}
	if (!is_held)
		outbox_touch();
	return 0;
}

/* --- results --- */

/* 3GPP 24.011 / 23.040 causes that the same text to the same number will meet
 * again: no second try. Everything else that is refused is tried again. */
static const int permanent_codes[] = {
    1, 8, 10, 21, 28, 29, 30, 50, 69, 96, 304, 305};
/* The modem does not know what became of it (libgammu.md: CMS 332, 500). */
static const int uncertain_codes[] = {332, 500};

static bool
code_in(int code, const int *codes, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (codes[i] == code)
			return true;
	return false;
}

static const char *
outbox_verdict(const struct radio_result *r, const struct part *p)
{
	bool is_spent = p->attempts >= OUTBOX_ATTEMPTS ||
			strcmp(p->state, "uncertain") == 0;

	switch (r->outcome) {
	case ML_SENT:
		return "sent";
	case ML_NOT_SENT:
		return is_spent ? "failed" : "queued";
	case ML_REFUSED:
		if (code_in(
			r->code, uncertain_codes, TC_NELEM(uncertain_codes)))
			return "uncertain";
		if (code_in(
			r->code, permanent_codes, TC_NELEM(permanent_codes)))
			return "failed";
		return is_spent ? "failed" : "queued";
	default:
		return "uncertain";
	}
}

int
outbox_on_result(struct core *c, const struct radio_result *r)
{
	const char *to;
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
	to = outbox_verdict(r, &p);
	if (strcmp(to, p.state) == 0)
		return 0;
	p.tp_mr = r->tp_mr;
	p.code = r->code;
	log_info("part %s part=%016" PRIx64 " seq=%d modem=%s lane=%s"
		 " outcome=%s code=%d ref=%d attempt=%d",
	    to, (uint64_t)p.id, p.seq, r->modem, lane_name(p.lane),
	    modemlink_outcome_name(r->outcome), r->code, r->tp_mr, p.attempts);
	rc = outbox_move_part(c, &p, to);
	if (rc == 0)
		rc = outbox_settle_message(c, p.message_id);
	return rc != 0 ? rc : strcmp(to, "queued") == 0;
}

int
outbox_on_lost(struct core *c, const char *modem)
{
	struct part p;
	int rc, n = 0;

	while ((rc = store_part_submitting(c->store, modem, &p)) == 0) {
		log_warn("part uncertain part=%016" PRIx64 " modem=%s lane=%s",
		    (uint64_t)p.id, p.modem, lane_name(p.lane));
		rc = outbox_move_part(c, &p, "uncertain");
		if (rc == 0)
			rc = outbox_settle_message(c, p.message_id);
		if (rc != 0)
			return rc;
		n++;
	}
	return rc == TC_ENOENT ? n : rc;
}

static bool
outbox_has_modem(const struct core *c, const char *name)
{
	size_t i;

	for (i = 0; i < c->conf->nmodems; i++)
		if (strcmp(c->conf->modems[i].name, name) == 0)
			return true;
	return false;
}

int
outbox_drop_orphans(struct core *c)
{
	char after[MODEM_NAME_MAX] = "";
	struct message m;
	struct part p;
	int rc, n = 0;

	while ((rc = store_part_bound_after(c->store, after, &p)) == 0) {
		if (outbox_has_modem(c, p.modem)) {
			memcpy(after, p.modem, sizeof(after));
			continue;
		}
		rc = store_message_get(c->store, p.message_id, &m);
		if (rc == 0)
			rc = outbox_drop_message(
			    c, &m, "suppressed", "no_modem");
		if (rc != 0)
			return rc;
		n++;
	}
	return rc == TC_ENOENT ? n : rc;
}

/* --- delivery reports --- */

/* TP-MR, number, modem and time together: a part is taken for the one that the
 * report speaks of when all of them fit. A part whose result was lost has no
 * TP-MR; it is taken when it alone can be meant, for what is ambiguous is no
 * evidence. */

struct report_match {
	struct core *core;
	const struct radio_report *report;
	struct part part;
	bool is_first_enough;
	int found;
};

static int
report_match_cb(const struct part *p, void *ctx)
{
	struct report_match *match = ctx;
	struct message m;
	int rc;

	rc = store_message_get(match->core->store, p->message_id, &m);
	if (rc == 0)
		rc = outbox_is_to(match->core, &m, match->report->number);
	if (rc != 1)
		return rc;
	match->part = *p;
	match->found++;
	return match->is_first_enough ? 1 : 0;
}

/* 1 when match.part is the one, 0 when it cannot be told, negative. */
static int
outbox_reported_part(struct report_match *match)
{
	const struct radio_report *r = match->report;
	struct report_query query = {.modem = r->modem,
	    .tp_mr = r->tp_mr,
	    .since = clock_now() - REPORT_WINDOW_S};
	struct store *s = match->core->store;
	int rc;

	match->is_first_enough = true;
	rc = store_part_for_report(s, &query, report_match_cb, match);
	if (rc != 0)
		return rc;
	match->is_first_enough = false;
	query.is_uncertain = true;
	rc = store_part_for_report(s, &query, report_match_cb, match);
	return rc != 0 ? rc : match->found == 1;
}

int
outbox_on_report(struct core *c, const struct radio_report *r)
{
	struct report_match match = {.core = c, .report = r};
	int rc;

	if (r->tp_status >= 0x20 && r->tp_status < 0x40)
		return 0; /* the SMSC is still trying (23.040 9.2.3.15) */
	rc = outbox_reported_part(&match);
	if (rc <= 0)
		return rc; /* not ours, or a text of which no report was asked */
	if (strcmp(match.part.state, "delivered") == 0 ||
	    strcmp(match.part.state, "undelivered") == 0)
		return 0; /* the child tells it again; it is of no other part */
	match.part.tp_mr = r->tp_mr;
	rc = outbox_move_part(
	    c, &match.part, r->tp_status < 0x20 ? "delivered" : "undelivered");
	return rc != 0 ? rc : outbox_settle_message(c, match.part.message_id);
}

/* --- for the API --- */

int
outbox_queue_lengths(struct core *c, int64_t lengths[LANE_NLANES])
{
	return store_queue_lengths(c->store, lengths);
}

struct each_ctx {
	struct core *core;
	outbox_message_cb cb;
	void *ctx;
};

static int
outbox_each_cb(const struct message *m, void *arg)
{
	struct each_ctx *each = arg;
	struct outbox_message om = {.id = m->id,
	    .lane = lane_name(m->lane),
	    .state = m->state,
	    .reason = m->reason,
	    .modem = m->modem,
	    .created_at = m->created_at,
	    .expires_at = m->expires_at,
	    .settled_at = m->settled_at,
	    .campaign_id = m->campaign_id,
	    .parts = m->nparts};
	struct part_counts n;
	int rc;

	if ((rc = store_part_counts(each->core->store, m->id, &n)) != 0)
		return rc;
	om.parts_sent = n.sent + n.delivered + n.undelivered;
	return each->cb(&om, each->ctx);
}

int
outbox_each(
    struct core *c, int64_t before, int limit, outbox_message_cb cb, void *ctx)
{
	struct each_ctx each = {c, cb, ctx};

	return store_message_each(
	    c->store, before, limit, outbox_each_cb, &each);
}

int
outbox_get(struct core *c, int64_t id, outbox_message_cb cb, void *ctx)
{
	struct each_ctx each = {c, cb, ctx};
	struct message m;
	int rc;

	rc = store_message_get(c->store, id, &m);
	return rc != 0 ? rc : outbox_each_cb(&m, &each);
}
