/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Delivery reports (outbox.h). TP-MR, number, modem and time together: a part
 * is taken for the one that the report speaks of when all of them fit. TP-MRs
 * come again after 256 texts: of several, the one is meant that was handed over
 * when the SMSC says that it took the text (TP-SCTS). A part whose result was
 * lost has no TP-MR; it is taken when it alone can be meant, for what is
 * ambiguous is no evidence.
 */
#include "config.h"

#include <string.h>

#include "clock.h"
#include "outbox/outbox.h"
#include "outbox/policy.h"
#include "outbox/render.h"
#include "outbox/state.h"
#include "radio/radio.h"
#include "store/message.h"

/* Between handing over and TP-SCTS: the time on the air, and clocks. */
#define REPORT_SLACK_S 180

struct report_match {
	struct core *core;
	const struct radio_report *report;
	bool is_timed;    /* TP-SCTS and our clock can be compared */
	struct part part; /* the best so far */
	int found;
};

/* Was the part handed over when the SMSC took the text of the report? */
static bool
report_fits(const struct report_match *match, const struct part *p)
{
	int64_t apart = match->report->smsc_time - p->submitted_at;

	return match->is_timed && apart <= REPORT_SLACK_S &&
	       apart >= -REPORT_SLACK_S;
}

static int
report_is_to(struct report_match *match, const struct part *p)
{
	struct message m;
	int rc;

	rc = store_message_get(match->core->store, p->message_id, &m);
	return rc != 0 ? rc
		       : outbox_is_to(match->core, &m, match->report->number);
}

/* With the TP-MR of the report: in time before not in time, then the order of
 * the query. */
static int
report_known_cb(const struct part *p, void *ctx)
{
	struct report_match *match = ctx;
	bool fits = report_fits(match, p);
	int rc;

	if (match->found > 0 && !fits)
		return 0;
	rc = report_is_to(match, p);
	if (rc != 1)
		return rc;
	match->part = *p;
	match->found++;
	return fits || !match->is_timed ? 1 : 0;
}

/* Without a TP-MR. */
static int
report_unknown_cb(const struct part *p, void *ctx)
{
	struct report_match *match = ctx;
	int rc;

	if (match->is_timed && !report_fits(match, p))
		return 0;
	rc = report_is_to(match, p);
	if (rc != 1)
		return rc;
	match->part = *p;
	match->found++;
	return 0;
}

/* 1 when match.part is the one, 0 when it cannot be told, negative. */
static int
report_find(struct report_match *match)
{
	const struct radio_report *r = match->report;
	struct report_query query = {.modem = r->modem,
	    .tp_mr = r->tp_mr,
	    .since = clock_now() - OUTBOX_REPORT_WINDOW_S};
	struct store *s = match->core->store;
	int rc;

	match->is_timed = r->smsc_time != 0 && clock_is_trusted();
	rc = store_part_reported(s, &query, report_known_cb, match);
	if (rc < 0 || match->found > 0)
		return rc < 0 ? rc : 1;
	rc = store_part_unknown(s, &query, report_unknown_cb, match);
	return rc < 0 ? rc : match->found == 1;
}

int
outbox_on_report(struct core *c, const struct radio_report *r)
{
	struct report_match match = {.core = c, .report = r};
	const char *state, *reason;
	int rc;

	state = policy_report(r->tp_status, &reason);
	if (state == NULL)
		return 0;
	rc = report_find(&match);
	if (rc <= 0)
		return rc; /* not ours, or a text of which no report was asked */
	if (strcmp(match.part.state, "delivered") == 0 ||
	    strcmp(match.part.state, "undelivered") == 0)
		return 0; /* the child tells it again; it is of no other part */
	match.part.tp_mr = r->tp_mr;
	match.part.code = (int)r->tp_status;
	rc = outbox_move_part(c, &match.part, state);
	if (rc == 0)
		rc = store_report_count(
		    c->store, r->modem, strcmp(state, "delivered") == 0);
	return rc != 0 ? rc : outbox_settle_message(c, &match.part, reason);
}

int
outbox_reports_without_delivery(struct core *c, const char *modem)
{
	return store_report_run(c->store, modem);
}
