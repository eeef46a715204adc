/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The state machines of parts and messages (drawn in state.h). Called by
 * outbox.c and feed.c inside a turn op; a move is written, and the end of a
 * message is one log line.
 */
#include "config.h"

#include <inttypes.h>
#include <string.h>

#include "clock.h"
#include "log.h"
#include "outbox/notice.h"
#include "outbox/outbox.h"
#include "outbox/state.h"
#include "store/campaign.h"
#include "store/notice.h"

static const struct {
	const char *from, *to;
} part_moves[] = {
    {"submitting", "sent"},
    {"submitting", "failed"},
    {"submitting", "uncertain"},
    {"submitting", "queued"},
    {"uncertain", "sent"},
    {"uncertain", "failed"},
    {"uncertain", "delivered"},
    {"uncertain", "undelivered"},
    {"sent", "delivered"},
    {"sent", "undelivered"},
    {"sent", "no_report"},
    {"no_report", "delivered"},
    {"no_report", "undelivered"},
};

static bool
part_may_move(const char *from, const char *to)
{
	size_t i;

	for (i = 0; i < TC_NELEM(part_moves); i++)
		if (strcmp(part_moves[i].from, from) == 0 &&
		    strcmp(part_moves[i].to, to) == 0)
			return true;
	return false;
}

int
outbox_move_part(struct core *c, struct part *p, const char *to)
{
	char from[STATE_MAX];
	int rc;

	if (!part_may_move(p->state, to)) {
		log_warn("outbox move of a part refused part=%016" PRIx64
			 " from=%s to=%s",
		    (uint64_t)p->id, p->state, to);
		return TC_ESTATE;
	}
	memcpy(from, p->state, sizeof(from));
	p->settled_at = strcmp(to, "queued") == 0 ? 0 : clock_now();
	if (str_printf(p->state, sizeof(p->state), "%s", to) != 0)
		return TC_EFULL;
	rc = store_part_move(c->store, p, from);
	if (rc == 0 && p->lane == LANE_CAMPAIGN &&
	    strcmp(from, "submitting") == 0 &&
	    (strcmp(to, "sent") == 0 || strcmp(to, "uncertain") == 0))
		rc = store_campaign_segment(c->store, p->message_id, p->modem);
	if (rc == 0 && strcmp(to, "queued") == 0)
		outbox_touch();
	return rc;
}

/* What the parts say together; NULL while some of them are still to go. What
 * arrived with a hole arrived partly. */
static const char *
message_verdict(const struct part_counts *n)
{
	int out = n->sent + n->delivered + n->no_report;

	if (n->queued > 0 || n->submitting > 0)
		return NULL;
	if (n->uncertain > 0)
		return "uncertain";
	if (n->failed + n->undelivered > 0 && out > 0)
		return "partly";
	if (n->failed > 0)
		return "failed";
	if (n->undelivered > 0)
		return "undelivered";
	if (n->sent > 0)
		return "sent";
	if (n->no_report > 0)
		return "no_report";
	return n->delivered > 0 ? "delivered" : "cancelled";
}

int
outbox_end_campaign(struct core *c, int64_t campaign_id)
{
	struct campaign_move move = {.id = campaign_id,
	    .from = "running",
	    .to = "done",
	    .now = clock_now()};
	int rc;

	rc = store_recipient_open(c->store, campaign_id);
	if (rc != 0)
		return rc < 0 ? rc : 0;
	rc = store_campaign_move(c->store, &move);
	if (rc == TC_ESTATE)
		return 0; /* paused or cancelled meanwhile */
	if (rc == 0)
		log_info("campaign done id=%016" PRIx64, (uint64_t)campaign_id);
	return rc;
}

static const char *
recipient_state(const char *message_state)
{
	return strcmp(message_state, "expired") == 0 ? "suppressed"
						     : message_state;
}

/* --- replies that nobody gets --- */

static outbox_unsent_cb on_unsent;

void
outbox_on_unsent(outbox_unsent_cb cb)
{
	on_unsent = cb;
}

static bool
word_in(const char *word, const char *const *words, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (strcmp(words[i], word) == 0)
			return true;
	return false;
}

/* She waits for an answer that may not come: somebody must know. Unless she
 * wanted none (hushed), or is not known any more. */
static int
message_tell_unsent(struct core *c, const struct message *m)
{
	static const char *const states[] = {
	    "expired", "suppressed", "failed", "uncertain"};
	static const char *const but[] = {"hushed", "forgotten"};

	if (on_unsent == NULL || m->contact_id == 0 ||
	    !word_in(m->state, states, TC_NELEM(states)) ||
	    word_in(m->reason, but, TC_NELEM(but)))
		return 0;
	return on_unsent(c, m->contact_id, m->state, m->reason);
}

static int
message_write(struct core *c, struct message *m)
{
	int rc;

	rc = store_message_set_state(c->store, m);
	if (rc != 0)
		return rc;
	log_info("message settled id=%016" PRIx64 " lane=%s state=%s reason=%s"
		 " parts=%d modem=%s",
	    (uint64_t)m->id, lane_name(m->lane), m->state,
	    m->reason[0] != '\0' ? m->reason : "-", m->nparts,
	    m->modem[0] != '\0' ? m->modem : "-");
	if (outbox_is_notice(m))
		return store_notice_set(
		    c->store, &(struct notice_state){.id = m->id,
				  .state = recipient_state(m->state),
				  .reason = m->reason,
				  .at = m->settled_at});
	if (m->campaign_id == 0)
		return message_tell_unsent(c, m);
	rc = store_recipient_set(
	    c->store, &(struct recipient){.campaign_id = m->campaign_id,
			  .person_id = m->person_id,
			  .state = recipient_state(m->state),
			  .reason = m->reason,
			  .at = m->settled_at});
	return rc != 0 ? rc : outbox_end_campaign(c, m->campaign_id);
}

/* A text with a hole helps nobody: what is still queued stays here. */
static int
message_close_hole(
    struct core *c, int64_t message_id, struct part_counts *counts)
{
	int rc;

	if (counts->failed == 0 || counts->queued == 0)
		return 0;
	counts->queued = 0;
	rc = store_part_cancel(c->store, message_id, clock_now());
	return rc < 0 ? rc : 0;
}

/* The verdict of the only part, or of all of them. */
static int
message_judge(struct core *c, const struct message *m, const struct part *p,
    const char **verdict)
{
	struct part_counts counts;
	int rc;

	*verdict = p->state;
	if (m->nparts == 1)
		return 0;
	rc = store_part_counts(c->store, m->id, &counts);
	if (rc == 0)
		rc = message_close_hole(c, m->id, &counts);
	*verdict = message_verdict(&counts);
	return rc;
}

int
outbox_settle_message(struct core *c, const struct part *p, const char *reason)
{
	const char *verdict;
	struct message m;
	int rc;

	if ((rc = store_message_get(c->store, p->message_id, &m)) != 0 ||
	    (rc = message_judge(c, &m, p, &verdict)) != 0)
		return rc;
	if (verdict == NULL || strcmp(verdict, m.state) == 0 ||
	    strcmp(m.state, "suppressed") == 0 ||
	    strcmp(m.state, "expired") == 0)
		return 0;
	m.settled_at = clock_now();
	if (str_printf(m.state, sizeof(m.state), "%s", verdict) != 0 ||
	    str_printf(m.reason, sizeof(m.reason), "%s", reason) != 0)
		return TC_EFULL;
	return message_write(c, &m);
}

int
outbox_drop_message(
    struct core *c, struct message *m, const char *state, const char *reason)
{
	int rc;

	m->settled_at = clock_now();
	rc = store_part_cancel(c->store, m->id, m->settled_at);
	if (rc < 0)
		return rc;
	if (str_printf(m->state, sizeof(m->state), "%s", state) != 0 ||
	    str_printf(m->reason, sizeof(m->reason), "%s", reason) != 0)
		return TC_EFULL;
	return message_write(c, m);
}
