/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From recipients of running campaigns to messages: feed.h. */
#include "config.h"

#include <string.h>

#include "clock.h"
#include "intake/content.h"
#include "outbox/feed.h"
#include "outbox/outbox.h"
#include "outbox/state.h"
#include "store/campaign.h"
#include "store/person.h"
#include "vault/vault.h"

/* How many recipients are passed over in one go before others get a turn. */
#define FEED_TRIES 64
/* What was begun and could not be ended, its modem being away, is dropped after
 * this: the rest of a text days later helps nobody. A night is shorter. */
#define FEED_EXPIRY_S (24 * 3600)

bool
outbox_is_sending_hour(const struct core *c)
{
	const struct content_commune *commune = content_commune(c->content);
	int minute = clock_minute_of_day(clock_now(), commune->zone_minutes);

	return clock_is_trusted() && minute >= commune->send_from &&
	       minute < commune->send_until;
}

/* Why this person gets nothing, or NULL. Looked at now, not at approval. */
static const char *
feed_refusal(const struct person *p)
{
	if (p->opted_out_at != 0)
		return "opted_out";
	return p->consenting ? NULL : "no_consent";
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

/* One recipient: 1 fed, 0 passed over. */
static int
feed_recipient(struct core *c, const struct campaign_row *campaign,
    int64_t person_id, struct part *out)
{
	const char *refusal;
	struct person p;
	int rc;

	rc = store_person_get(c->store, person_id, &p);
	if (rc == TC_ENOENT)
		refusal = "forgotten";
	else if (rc != 0)
		return rc;
	else
		refusal = feed_refusal(&p);
	if (refusal == NULL)
		return feed_message(c, campaign, person_id, out);
	rc = store_recipient_set(
	    c->store, &(struct recipient){.campaign_id = campaign->id,
			  .person_id = person_id,
			  .state = "suppressed",
			  .reason = refusal,
			  .at = clock_now()});
	return rc != 0 ? rc : outbox_end_campaign(c, campaign->id);
}

int
outbox_feed(struct core *c, const char *operator_name, struct part *out)
{
	struct campaign_row campaign;
	int64_t person_id;
	int rc, i;

	for (i = 0; i < FEED_TRIES; i++) {
		rc = store_campaign_next(c->store, &campaign);
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
