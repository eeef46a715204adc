/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a modem gets next (outbox.h): the queued part that matters most of those
 * that it may take, or else the next recipient of a campaign. Everything that
 * could forbid the text is looked at here and now: expiry (R3), hush (R7),
 * consent and opt-out (R9), hours, lint (R2, M19).
 */
#include "config.h"

#include <string.h>

#include "clock.h"
#include "conf.h"
#include "outbox/feed.h"
#include "outbox/outbox.h"
#include "outbox/render.h"
#include "outbox/state.h"
#include "radio/radio.h"
#include "store/message.h"

/* Messages dropped in one go before others get a turn. */
#define OUTBOX_TRIES 64

/* The queued part that goes first: bound to this modem, or to none. */
static int
outbox_candidate(struct core *c, const char *modem, struct part *out)
{
	struct part free_part;
	int bound, any;

	bound = store_part_next_bound(c->store, modem, out);
	any = store_part_next_free(c->store, modem, &free_part);
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

int
outbox_drop_orphans(struct core *c)
{
	char after[MODEM_NAME_MAX] = "";
	struct message m;
	struct part p;
	int rc, n = 0;

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
