/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Delivery reports (outbox.h). TP-MR, number, modem and time together: a part
 * is taken for the one that the report speaks of when all of them fit. A part
 * whose result was lost has no TP-MR; it is taken when it alone can be meant,
 * for what is ambiguous is no evidence.
 */
#include "config.h"

#include <string.h>

#include "clock.h"
#include "outbox/outbox.h"
#include "outbox/render.h"
#include "outbox/state.h"
#include "radio/radio.h"
#include "store/message.h"

#define REPORT_WINDOW_S (3 * 24 * 3600)

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
