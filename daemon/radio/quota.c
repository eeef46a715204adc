/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Buckets of one SIM (quota.h). Each is a ring of slots that count what left in
 * them: a minute in slots of 5 s, an hour of a minute, a day of an hour. What is
 * taken is counted until its whole slot is as old as the span, so that the span
 * is never shorter than it should be.
 *
 * Called by send.c in the turn op that hands a part over or settles it, and by
 * radio.c at start and when a commit failed.
 */
#include "config.h"

#include <string.h>

#include "clock.h"
#include "conf.h"
#include "core.h"
#include "log.h"
#include "radio/quota.h"
#include "store/modem.h"
#include "vault/vault.h"

#define LANE_FIRST 0 /* crisis */
#define LANE_LAST 3  /* campaign */
#define LANES_HELP ((1U << LANE_LAST) - 1)
#define HOUR_S 3600

static const struct {
	int64_t slot_s;
	int slots; /* in the span */
} spans[RADIO_NSPANS] = {
    [RADIO_MINUTE] = {5, 12},
    [RADIO_HOUR] = {60, 60},
    [RADIO_DAY] = {HOUR_S, 24},
};

static const char *const span_names[RADIO_NSPANS] = {
    [RADIO_MINUTE] = "minute",
    [RADIO_HOUR] = "hour",
    [RADIO_DAY] = "day",
};

const char *
radio_span_name(enum radio_span span)
{
	return span < RADIO_NSPANS ? span_names[span] : "?";
}

static int64_t
quota_now_ms(void)
{
	return clock_now_us() / 1000;
}

static int64_t
span_slot(enum radio_span span, int64_t now)
{
	return now / spans[span].slot_s;
}

void
quota_init(struct quota *q, struct core *c, const struct conf_modem *conf)
{
	const int limits[RADIO_NSPANS] = {
	    [RADIO_MINUTE] = conf->per_minute,
	    [RADIO_HOUR] = conf->per_hour,
	    [RADIO_DAY] = conf->per_day,
	};
	struct quota_bucket *b;
	int i;

	memset(q, 0, sizeof(*q));
	q->core = c;
	q->conf = conf;
	for (i = 0; i < RADIO_NSPANS; i++) {
		b = &q->buckets[i];
		b->limit = limits[i];
		b->share =
		    (int)((int64_t)limits[i] * conf->campaign_share / 100);
		if (b->share == 0 && conf->campaign_share > 0)
			b->share = 1;
	}
}

/* --- buckets --- */

static void
bucket_clear(struct quota_bucket *b, int64_t head)
{
	memset(b->taken, 0, sizeof(b->taken));
	b->head = head;
}

/* Forget what is too old. False when the clock was set back by more than the
 * span: then the bucket knows nothing that is worth keeping. */
static bool
bucket_advance(struct quota_bucket *b, enum radio_span span, int64_t now)
{
	int64_t slot = span_slot(span, now);
	int n = spans[span].slots + 1;

	if (slot < b->head)
		return b->head - slot < n;
	if (slot - b->head >= n) {
		bucket_clear(b, slot);
		return true;
	}
	for (; b->head < slot; b->head++) {
		b->taken[QUOTA_HELP][(b->head + 1) % n] = 0;
		b->taken[QUOTA_CAMPAIGN][(b->head + 1) % n] = 0;
	}
	return true;
}

/* What was taken in a slot that the bucket still holds. */
static void
bucket_add(struct quota_bucket *b, enum radio_span span, int64_t slot,
    enum quota_class class, unsigned taken)
{
	int n = spans[span].slots + 1;

	if (slot <= b->head && b->head - slot < n)
		b->taken[class][slot % n] += taken;
}

static unsigned
bucket_sum(
    const struct quota_bucket *b, enum radio_span span, enum quota_class class)
{
	unsigned sum = 0;
	int i;

	for (i = 0; i <= spans[span].slots; i++)
		sum += b->taken[class][i];
	return sum;
}

/* When the oldest that was taken (of campaigns alone, or of all) comes back,
 * UTC ms. */
static int64_t
bucket_returns(
    const struct quota_bucket *b, enum radio_span span, bool is_campaign)
{
	int n = spans[span].slots + 1;
	int64_t slot;

	for (slot = b->head - n + 1; slot < b->head; slot++)
		if (b->taken[QUOTA_CAMPAIGN][slot % n] > 0 ||
		    (!is_campaign && b->taken[QUOTA_HELP][slot % n] > 0))
			break;
	return (slot + n) * spans[span].slot_s * 1000;
}

/* --- memory and ledger --- */

/* One hour of the ledger. An hour's bucket takes it as late as it can have
 * been. */
static void
quota_load_hour(const struct ledger_row *row, void *ctx)
{
	struct quota *q = ctx;
	const unsigned taken[QUOTA_NCLASSES] = {
	    [QUOTA_HELP] = (unsigned)row->help,
	    [QUOTA_CAMPAIGN] = (unsigned)row->campaign};
	struct quota_bucket *hour = &q->buckets[RADIO_HOUR];
	int64_t minute = row->hour * 60 + 59;
	int class;

	if (row->hour > q->buckets[RADIO_DAY].head)
		return; /* the clock was wrong then */
	if (minute > hour->head)
		minute = hour->head;
	for (class = 0; class < QUOTA_NCLASSES; class ++) {
		bucket_add(&q->buckets[RADIO_DAY], RADIO_DAY, row->hour,
		    (enum quota_class) class, taken[class]);
		bucket_add(hour, RADIO_HOUR, minute, (enum quota_class) class,
		    taken[class]);
	}
}

void
quota_load(struct quota *q)
{
	int64_t now = clock_now(), hour = now / HOUR_S;
	int i;

	for (i = 0; i < RADIO_NSPANS; i++)
		bucket_clear(
		    &q->buckets[i], span_slot((enum radio_span)i, now));
	q->paced_until = 0;
	if (store_ledger_each(q->core->store, q->conf->name, hour - 24,
		quota_load_hour, q) < 0)
		log_err("modem ledger cannot be read name=%s", q->conf->name);
}

static void
quota_advance(struct quota *q, int64_t now)
{
	int i;

	for (i = 0; i < RADIO_NSPANS; i++)
		if (!bucket_advance(&q->buckets[i], (enum radio_span)i, now)) {
			quota_load(q);
			return;
		}
}

static enum quota_class
lane_class(int lane)
{
	return lane == LANE_LAST ? QUOTA_CAMPAIGN : QUOTA_HELP;
}

/* Half to one and a half of the even distance: no machine, and the same rate. */
static int64_t
quota_pace_ms(const struct quota *q)
{
	const struct quota_bucket *b = &q->buckets[RADIO_MINUTE];
	int64_t even = 60 * 1000;
	uint16_t jitter;

	if (b->limit == 0) {
		b = &q->buckets[RADIO_HOUR];
		even *= 60;
	}
	if (b->limit == 0 || b->share == 0)
		return 0;
	even /= b->share;
	vault_random(&jitter, sizeof(jitter));
	return even / 2 + even * (jitter % 1024) / 1024;
}

int
quota_take(struct quota *q, int lane)
{
	enum quota_class class = lane_class(lane);
	int64_t now = clock_now();
	int rc, i;

	rc = store_ledger_add(
	    q->core->store, &(struct ledger_row){.modem = q->conf->name,
				.hour = now / HOUR_S,
				.help = class == QUOTA_HELP,
				.campaign = class == QUOTA_CAMPAIGN});
	if (rc != 0)
		return rc;
	quota_advance(q, now);
	for (i = 0; i < RADIO_NSPANS; i++)
		bucket_add(&q->buckets[i], (enum radio_span)i,
		    q->buckets[i].head, class, 1);
	if (class == QUOTA_CAMPAIGN)
		q->paced_until = quota_now_ms() + quota_pace_ms(q);
	return 0;
}

/* From the newest slot that has one. */
static void
bucket_give_back(
    struct quota_bucket *b, enum radio_span span, enum quota_class class)
{
	int n = spans[span].slots + 1;
	int64_t slot;

	for (slot = b->head; slot > b->head - n; slot--)
		if (b->taken[class][slot % n] > 0) {
			b->taken[class][slot % n]--;
			return;
		}
}

int
quota_give_back(struct quota *q, int lane)
{
	enum quota_class class = lane_class(lane);
	int rc, i;

	rc = store_ledger_add(
	    q->core->store, &(struct ledger_row){.modem = q->conf->name,
				.hour = clock_now() / HOUR_S,
				.help = -(class == QUOTA_HELP),
				.campaign = -(class == QUOTA_CAMPAIGN)});
	if (rc != 0)
		return rc;
	for (i = 0; i < RADIO_NSPANS; i++)
		bucket_give_back(&q->buckets[i], (enum radio_span)i, class);
	return 0;
}

/* --- what may go --- */

/* Until when a class has to wait for its tokens, UTC ms; 0 = it need not. */
static int64_t
quota_wait(const struct quota *q, enum quota_class class)
{
	const struct quota_bucket *b;
	int64_t at, until = 0;
	unsigned campaign, all;
	int i;

	for (i = 0; i < RADIO_NSPANS; i++) {
		b = &q->buckets[i];
		if (b->limit == 0)
			continue;
		campaign = bucket_sum(b, (enum radio_span)i, QUOTA_CAMPAIGN);
		all = campaign + bucket_sum(b, (enum radio_span)i, QUOTA_HELP);
		at = 0;
		if (class == QUOTA_CAMPAIGN && campaign >= (unsigned)b->share)
			at = bucket_returns(b, (enum radio_span)i, true);
		else if (all >= (unsigned)b->limit)
			at = bucket_returns(b, (enum radio_span)i, false);
		if (at > until)
			until = at;
	}
	return until;
}

/* What is left on the SIM is for help. Somebody has to top it up: no time of
 * return. */
static bool
quota_is_poor(const struct quota *q)
{
	struct modem_row row;

	return q->conf->credit_reserve > 0 &&
	       store_modem_get(q->core->store, q->conf->name, &row) == 0 &&
	       row.credit_at != 0 && row.credit < q->conf->credit_reserve;
}

unsigned
quota_lanes(struct quota *q)
{
	int64_t campaign;

	quota_advance(q, clock_now());
	q->wake_at = quota_wait(q, QUOTA_HELP);
	if (q->wake_at != 0)
		return 1U << LANE_FIRST;
	if (q->conf->campaign_share == 0 || quota_is_poor(q))
		return LANES_HELP;
	campaign = quota_wait(q, QUOTA_CAMPAIGN);
	if (campaign < q->paced_until && quota_now_ms() < q->paced_until)
		campaign = q->paced_until;
	q->wake_at = campaign;
	return campaign != 0 ? LANES_HELP : LANES_HELP | 1U << LANE_LAST;
}

void
quota_tell(struct quota *q, struct radio_quota out[RADIO_NSPANS])
{
	const struct quota_bucket *b;
	enum radio_span span;

	quota_advance(q, clock_now());
	for (span = 0; span < RADIO_NSPANS; span++) {
		b = &q->buckets[span];
		out[span].limit = b->limit;
		out[span].campaign_limit = b->share;
		out[span].campaign_used = bucket_sum(b, span, QUOTA_CAMPAIGN);
		out[span].used =
		    out[span].campaign_used + bucket_sum(b, span, QUOTA_HELP);
	}
}
