/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reply policy (reply.h). Called by intake.c inside its turn op. */
#include "config.h"

#include <string.h>

#include "clock.h"
#include "inbound.h"
#include "desk/desk.h"
#include "desk/flood.h"
#include "intake/budget.h"
#include "intake/match.h"
#include "intake/reply.h"
#include "intake/talk.h"
#include "log.h"
#include "outbox/outbox.h"
#include "store/contact.h"

#define FALLBACK_PAUSE_S (24 * 3600) /* R30 */

/* The age of a text is judged by the SMSC's stamp; by its arrival when our own
 * clock cannot be trusted or the stamp is not to be believed. */
static int64_t
reply_base(const struct inbound *in)
{
	int64_t now = clock_now();

	if (in->smsc_time == 0 || !clock_is_trusted() ||
	    in->smsc_time > now + 60)
		return in->received_at;
	return in->smsc_time;
}

/* R30: the fallback at most once a day, so that two machines never talk. */
static int
reply_is_due(struct core *c, const struct reply_request *r, bool *is_due)
{
	int64_t now = clock_now();

	*is_due = true;
	if (r->match->intent != content_fallback(c->content) ||
	    r->contact == NULL)
		return 0;
	/* A stamp from the future is one of a clock that was wrong. */
	*is_due = r->contact->fallback_at + FALLBACK_PAUSE_S <= now ||
		  r->contact->fallback_at > now;
	if (!*is_due)
		return 0;
	r->contact->fallback_at = now;
	return store_contact_update(c->store, r->contact);
}

static bool
reply_is_u0(const struct match *m)
{
	return m->is_emergency || m->danger ||
	       (m->intent->urgency == CONTENT_U0 &&
		   content_opens_case(m->intent, m->has_text));
}

/* Within the budgets? */
static bool
reply_is_paid(struct core *c, const struct reply_request *r)
{
	struct budget_ask ask = r->heard;
	enum budget_verdict verdict;

	ask.is_emergency =
	    r->match->is_emergency ||
	    (r->match->intent->urgency <= CONTENT_U1 &&
		content_opens_case(r->match->intent, r->match->has_text));
	ask.is_flood = flood_is_on(c) && !reply_is_u0(r->match) &&
		       content_opens_case(r->match->intent, r->match->has_text);
	verdict = budget_take(c->budget, &ask);
	if (verdict != BUDGET_GIVEN)
		log_warn("reply left out, too many to %s modem=%s to=%s",
		    verdict == BUDGET_ALL_SPENT ? "everybody" : "one number",
		    r->in->modem, log_number(r->number));
	return verdict == BUDGET_GIVEN;
}

/* N1 asks when to call: for an hour a number is the answer. Any other reply ends
 * that. */
static int
reply_ask_hour(struct core *c, const struct reply_request *r,
    const struct content_reply *reply)
{
	int64_t until =
	    strcmp(reply->id, "N1") == 0 ? clock_now() + TALK_HOUR_S : 0;

	if (r->contact == NULL || r->contact->hour_until == until)
		return 0;
	r->contact->hour_until = until;
	return store_contact_update(c->store, r->contact);
}

int
reply_send(struct core *c, const struct reply_request *r)
{
	const struct content_reply *reply;
	struct outbox_reply out = {.modem = r->in->modem,
	    .person_id = r->person_id,
	    .inbound_id = r->in->inbound_id};
	int64_t message_id;
	bool is_due;
	int rc;

	reply = r->reply_id != NULL
		    ? content_reply_by_id(c->content, r->reply_id)
		    : match_reply(r->match);
	if (reply == NULL)
		return 0;
	out.template_id = reply->id;
	out.contact_id = r->contact != NULL ? r->contact->id : 0;
	out.sensitive =
	    content_opens_case(r->match->intent, r->match->has_text);
	out.lane = out.sensitive && (r->match->intent->urgency <= CONTENT_U1 ||
					r->match->danger)
		       ? LANE_CRISIS
		       : LANE_REPLY;
	out.expires_at =
	    reply_base(r->in) + content_commune(c->content)->reply_ttl_s;
	if (out.expires_at < clock_now()) {
		log_warn("reply too late and not sent modem=%s template=%s",
		    r->in->modem, reply->id);
		return out.sensitive ? desk_on_unsent(c, out.contact_id,
					   "suppressed", "late")
				     : 0;
	}
	if ((rc = reply_is_due(c, r, &is_due)) != 0 || !is_due ||
	    !reply_is_paid(c, r))
		return rc;
	rc = outbox_reply(c, &out, &message_id);
	return rc != 0 ? rc : reply_ask_hour(c, r, reply);
}
