/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a modem gets next (outbox.h): the queued part that matters most of those
 * that it may take, or else the next recipient of a campaign. Everything that
 * could forbid the text is looked at here and now: expiry (R3), hush (R7),
 * consent and opt-out (R9), hours, lint (R2, M19).
 *
 * Parts that wait for another try are not in the index of the queue until their
 * time has come; the earliest of these times is remembered, so that looking for
 * the next part costs nothing for them.
 */
#include "config.h"

#include <string.h>

#include "clock.h"
#include "conf.h"
#include "outbox/choose.h"
#include "outbox/feed.h"
#include "outbox/outbox.h"
#include "outbox/render.h"
#include "outbox/state.h"
#include "radio/radio.h"
#include "store/message.h"

/* Messages dropped in one go before others get a turn. */
#define OUTBOX_TRIES 64

/* --- parts that wait --- */

static int64_t due_at; /* UTC, the earliest; 0 = none waits */

void
outbox_due_at(int64_t at)
{
	if (due_at == 0 || at < due_at)
		due_at = at;
}

int64_t
outbox_wake_at(void)
{
	return due_at;
}

int
outbox_wake(struct core *c)
{
	int n;

	n = store_part_wake(c->store, clock_now());
	if (n < 0)
		return n;
	if (n > 0)
		outbox_touch();
	due_at = 0;
	return store_part_due(c->store, &due_at);
}

/* --- the next part --- */

/* Bits of lanes from the top on: the last one that may be taken, or -1. A lane
 * is worth nothing without those above it. */
static int
choose_last_lane(unsigned lanes)
{
	int lane = 0;

	while (lane < LANE_NLANES && (lanes & 1U << lane) != 0)
		lane++;
	return lane - 1;
}

/* The queued part that goes first: bound to this modem, or to none. */
static int
choose_part(struct core *c, const char *modem, int last_lane, struct part *out)
{
	struct part free_part;
	int bound, any;

	bound = store_part_next_bound(c->store, modem, last_lane, out);
	any = store_part_next_free(c->store, modem, last_lane, &free_part);
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
choose_submit(
    struct core *c, const struct message *m, struct part *p, const char *modem)
{
	int rc;

	if (m->modem[0] == '\0' || strcmp(m->state, "queued") == 0) {
		rc = store_message_bind(c->store, m, modem);
		if (rc != 0)
			return rc;
	}
	if (str_printf(p->modem, sizeof(p->modem), "%s", modem) != 0)
		return TC_EFULL;
	rc = store_part_submit(c->store, p, clock_now());
	return rc != 0 ? rc : 1;
}

/* It is in nobody's way until then. */
static int
choose_wait(struct core *c, const struct part *p, int64_t until)
{
	outbox_due_at(until);
	return store_part_wait(c->store, p->id, until);
}

/* 1 taken, 0 dropped or not now. */
static int
choose_take(
    struct core *c, struct part *p, const char *modem, struct radio_part *out)
{
	struct outbox_refusal refusal = {0};
	struct message m;
	int rc;

	if ((rc = store_message_get(c->store, p->message_id, &m)) != 0)
		return rc;
	rc = outbox_render(c, &m, p, out, &refusal);
	if (rc == TC_EDENIED)
		return outbox_drop_message(
		    c, &m, refusal.state, refusal.reason);
	if (rc == TC_EAGAIN)
		return choose_wait(c, p, refusal.wait_until);
	if (rc != 0)
		return rc;
	p->report = out->report;
	return choose_submit(c, &m, p, modem);
}

int
outbox_next_part(
    struct core *c, const struct radio_offer *offer, struct radio_part *out)
{
	int last_lane = choose_last_lane(offer->lanes);
	struct part p;
	int rc, i;

	if (due_at != 0 && due_at <= clock_now() && (rc = outbox_wake(c)) < 0)
		return rc;
	for (i = 0; i < OUTBOX_TRIES; i++) {
		rc = choose_part(c, offer->modem, last_lane, &p);
		/* Nothing is behind the campaigns. */
		if (last_lane == LANE_CAMPAIGN &&
		    (rc == 0 || (rc == 1 && p.lane == LANE_CAMPAIGN)) &&
		    !outbox_is_sending_hour(c))
			return 0;
		if (rc == 0 && last_lane == LANE_CAMPAIGN)
			rc = outbox_feed(c, offer->operator_name, &p);
		if (rc == 1)
			rc = choose_take(c, &p, offer->modem, out);
		else if (rc == 0)
			return 0;
		if (rc != 0)
			return rc;
	}
	outbox_touch();
	return 0;
}

int
outbox_drop_orphans(struct core *c)
{
	char after[MODEM_NAME_MAX] = "";
	struct message m;
	struct part p;
	int rc, n = 0;

	rc = store_part_wake(c->store, INT64_MAX);
	if (rc < 0)
		return rc;
	while ((rc = store_part_bound_after(c->store, after, &p)) == 0) {
		if (conf_modem_by_name(c->conf, p.modem) != NULL) {
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
