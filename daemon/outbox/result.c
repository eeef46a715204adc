/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What became of a part (outbox.h): the results of sends, from the modem or
 * later from its spool, and children that died with one.
 */
#include "config.h"

#include <inttypes.h>
#include <string.h>

#include "log.h"
#include "outbox/outbox.h"
#include "outbox/state.h"
#include "radio/radio.h"
#include "store/message.h"

#define OUTBOX_ATTEMPTS 5 /* clear refusals before a part fails */

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
