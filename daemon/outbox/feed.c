/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From recipients of running campaigns to messages: feed.h. */
#include "config.h"

#include <inttypes.h>
#include <string.h>

#include "clock.h"
#include "intake/content.h"
#include "log.h"
#include "outbox/feed.h"
#include "outbox/outbox.h"
#include "outbox/rules.h"
#include "outbox/state.h"
#include "store/campaign.h"
#include "vault/vault.h"

/* How many recipients are passed over in one go before others get a turn. */
#define FEED_TRIES 64
/* What was begun and could not be ended, its modem being away, is dropped after
 * this: the rest of a text days later helps nobody. A night is shorter. */
#define FEED_EXPIRY_S (24 * 3600)

static int
outbox_minute(const struct core *c)
{
	return clock_minute_of_day(
	    clock_now(), content_commune(c->content)->zone_minutes);
}

bool
outbox_is_sending_hour(const struct core *c)
{
	const struct content_commune *commune = content_commune(c->content);
	int minute = outbox_minute(c);

	return clock_is_trusted() && minute >= commune->send_from &&
	       minute < commune->send_until;
}

static int
feed_message(struct core *c, const struct campaign_row *campaign,
    int64_t person_id, struct part *first)
{
	struct message m = {.lane = LANE_CAMPAIGN,
	    .id = outbox_new_id(),
	    .person_id = person_id,
	    .campaign_id = campaign->id,
	    .nparts = campaign->segments,
	    .created_at = clock_now(),
	    .expires_at = clock_now() + FEED_EXPIRY_S};
	struct part p;
	unsigned char ref;
	int rc;

	if (campaign->end_at != 0 && campaign->end_at < m.expires_at)
		m.expires_at = campaign->end_at;
	vault_random(&ref, 1);
	m.concat_ref = ref;
	if ((rc = store_message_add(c->store, &m, NULL)) != 0)
		return rc;
	for (int seq = 1; seq <= m.nparts; seq++) {
		memset(&p, 0, sizeof(p));
		p.id = outbox_new_id();
		p.message_id = m.id;
		p.seq = seq;
		p.lane = m.lane;
		p.queue_seq = outbox_queue_seq();
		memcpy(p.state, "queued", sizeof("queued"));
		if ((rc = store_part_add(c->store, &p)) != 0)
			return rc;
		if (seq == 1)
			*first = p;
	}
	rc = store_recipient_set(
	    c->store, &(struct recipient){.campaign_id = campaign->id,
			  .person_id = person_id,
			  .state = "sending",
			  .reason = "",
			  .at = m.created_at});
	return rc != 0 ? rc : 1;
}

/* It costs what it costs only now: the budget ends a campaign for a while, the
 * approver decides what then. */
static int
feed_pay(struct core *c, const struct campaign_row *campaign)
{
	struct campaign_move pause = {.id = campaign->id,
	    .from = "running",
	    .to = "paused",
	    .reason = "budget",
	    .now = clock_now()};
	int64_t cost;
	int rc;

	if (outbox_rules_budget(c, campaign, &cost)) {
		rc = store_campaign_feed(
		    c->store, campaign->id, cost, clock_now());
		return rc != 0 ? rc : 1;
	}
	log_warn("campaign paused id=%016" PRIx64 " reason=budget",
	    (uint64_t)campaign->id);
	return store_campaign_move(c->store, &pause);
}

/* One recipient: 1 fed, 0 passed over. */
static int
feed_recipient(struct core *c, const struct campaign_row *campaign,
    int64_t person_id, struct part *out)
{
	struct recipient r = {.campaign_id = campaign->id,
	    .person_id = person_id,
	    .state = "suppressed"};
	struct rules_verdict verdict;
	int rc;

	rc = outbox_rules_person(c, campaign, person_id, &verdict);
	if (rc != 0)
		return rc;
	if (verdict.refusal != NULL) {
		r.reason = verdict.refusal;
		r.at = clock_now();
		rc = store_recipient_set(c->store, &r);
		return rc != 0 ? rc : outbox_end_campaign(c, campaign->id);
	}
	if (verdict.wait_until != 0) {
		r.reason = "had_enough";
		r.at = verdict.wait_until;
		return store_recipient_wait(c->store, &r);
	}
	rc = feed_pay(c, campaign);
	return rc == 1 ? feed_message(c, campaign, person_id, out) : rc;
}

int
outbox_feed(struct core *c, const char *operator_name, struct part *out)
{
	struct campaign_hour hour = {clock_now(), outbox_minute(c)};
	struct campaign_row campaign;
	int64_t person_id;
	int rc, i;

	for (i = 0; i < FEED_TRIES; i++) {
		rc = store_campaign_next(c->store, &hour, &campaign);
		if (rc == 0)
			rc = store_recipient_next(
			    c->store, campaign.id, operator_name, &person_id);
		if (rc != 0)
			return rc == TC_ENOENT ? 0 : rc;
		rc = feed_recipient(c, &campaign, person_id, out);
		if (rc != 0)
			return rc;
	}
	outbox_touch(); /* there may be more: ask again */
	return 0;
}

/* --- and back --- */

/* Cancelled is cancelled. Paused: back on the list, as if it had never been
 * fed. */
static int
feed_take_back(
    struct core *c, const struct campaign_row *campaign, struct message *m)
{
	struct recipient r = {.campaign_id = campaign->id,
	    .person_id = m->person_id,
	    .state = "queued",
	    .reason = "",
	    .at = clock_now()};
	bool is_paused = strcmp(campaign->state, "paused") == 0;
	int64_t cost;
	int rc;

	rc = outbox_drop_message(c, m, "cancelled",
	    is_paused ? "campaign_paused" : "campaign_cancelled");
	if (rc == 0 && is_paused)
		rc = store_recipient_set(c->store, &r);
	if (rc != 0)
		return rc;
	(void)outbox_rules_budget(c, campaign, &cost);
	return store_campaign_unfeed(c->store, campaign->id, cost);
}

/* Somebody wanted it, and not the budget, which has paid for this one. */
static bool
feed_is_stopped(const struct campaign_row *campaign)
{
	return strcmp(campaign->state, "cancelled") == 0 ||
	       (strcmp(campaign->state, "paused") == 0 &&
		   campaign->reason[0] == '\0');
}

int
outbox_recall(struct core *c, int64_t campaign_id)
{
	struct campaign_row campaign;
	struct message m;
	int rc, n = 0;

	rc = store_campaign_get(c->store, campaign_id, &campaign);
	if (rc != 0 || !feed_is_stopped(&campaign))
		return rc;
	while ((rc = store_message_not_begun(c->store, campaign_id, &m)) == 0) {
		if ((rc = feed_take_back(c, &campaign, &m)) != 0)
			return rc;
		n++;
	}
	return rc == TC_ENOENT ? n : rc;
}

int
outbox_feed_upkeep(struct core *c)
{
	struct recipient late = {
	    .state = "suppressed", .reason = "ended", .at = clock_now()};
	int64_t id;
	int rc;

	if (!clock_is_trusted())
		return 0;
	while ((rc = store_campaign_overdue(c->store, late.at, &id)) == 0) {
		rc = store_recipient_end(c->store, id, &late);
		if (rc < 0)
			return rc;
		log_info("campaign at its end id=%016" PRIx64 " left=%d",
		    (uint64_t)id, rc);
		if ((rc = outbox_end_campaign(c, id)) != 0)
			return rc;
	}
	if (rc != TC_ENOENT)
		return rc;
	rc = store_recipient_wake(c->store, late.at);
	return rc < 0 ? rc : 0;
}
