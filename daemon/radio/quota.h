/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_RADIO_QUOTA_H
#define TINCAY_RADIO_QUOTA_H

/*
 * Private to radio/: how much leaves through one SIM, so that its operator does
 * not take it for a spammer's. Three buckets, of per_minute, per_hour and
 * per_day segments; a token comes back when it is a minute, an hour or a day
 * old, so that no such span of time ever sees more than the limit. All lanes
 * but crisis wait for a token; crisis takes one all the same. Campaigns have at
 * most campaign_share percent of each bucket (one token at least), go at uneven
 * distances, and rest while the credit is below credit_reserve.
 *
 * The database keeps the counts of each hour (sim_ledger): a restart or a failed
 * commit gives no day and no hour back; it may give a minute.
 */

#include "radio/radio.h"
#include "util.h"

struct conf_modem;
struct core;

#define QUOTA_SLOTS 61 /* of the finest division, and the one that runs */
enum quota_class {
	QUOTA_HELP, /* all lanes but campaign */
	QUOTA_CAMPAIGN,
	QUOTA_NCLASSES
};

struct quota_bucket {
	int limit;    /* 0 = none */
	int share;    /* what campaigns may have of it */
	int64_t head; /* number of the newest slot */
	unsigned taken[QUOTA_NCLASSES][QUOTA_SLOTS];
};

struct quota {
	struct core *core;
	const struct conf_modem *conf;
	struct quota_bucket buckets[RADIO_NSPANS];
	int64_t paced_until; /* no campaign before, UTC ms */
	int64_t wake_at;     /* when a lane opens again, UTC ms; 0 = all open */
};

/* Empty buckets of this modem's limits; quota_load() fills them. */
void quota_init(struct quota *q, struct core *c, const struct conf_modem *conf);

/* Throw away what is in memory and read the ledger. What cannot be read is
 * logged, and the buckets are then full. */
void quota_load(struct quota *q);

/* Bits 1 << lane (enum lane of the outbox) that may go now. Sets wake_at. */
unsigned quota_lanes(struct quota *q);

/* A segment of this lane leaves: one token of each bucket, in memory and in the
 * ledger. Last in the turn op that hands it over. 0 or TC_EIO. */
int quota_take(struct quota *q, int lane) TC_MUSTCHECK;

/* For people. */
void quota_tell(struct quota *q, struct radio_quota out[RADIO_NSPANS]);

/* It did not leave after all. Inside a turn op. 0 or TC_EIO. */
int quota_give_back(struct quota *q, int lane) TC_MUSTCHECK;

#endif
