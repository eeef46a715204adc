/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Nothing waits for ever (outbox_upkeep() in outbox.h). Called every ten
 * seconds by server.c in a turn op; each kind is an index look-up and a bounded
 * number of rows at once.
 */
#include "config.h"

#include "clock.h"
#include "outbox/feed.h"
#include "outbox/outbox.h"
#include "outbox/state.h"
#include "store/message.h"

#define UPKEEP_BATCH 200
/* A child that sends for so long is killed long before. */
#define UPKEEP_STUCK_S (15 * 60)

/* One row: 1 done, 0 none left, negative. */
typedef int (*upkeep_cb)(struct core *c, int64_t now);

static int
upkeep_expired(struct core *c, int64_t now)
{
	struct message m;
	int rc;

	rc = store_message_expired(c->store, now, &m);
	if (rc == 0)
		rc = outbox_drop_message(c, &m, "expired", "too_late");
	return rc == TC_ENOENT ? 0 : rc != 0 ? rc : 1;
}

static int
upkeep_stuck(struct core *c, int64_t now)
{
	struct part p;
	int rc;

	rc = store_part_stuck(c->store, now - UPKEEP_STUCK_S, &p);
	if (rc == 0)
		rc = outbox_lose_part(c, &p);
	return rc == TC_ENOENT ? 0 : rc != 0 ? rc : 1;
}

static int
upkeep_unreported(struct core *c, int64_t now)
{
	struct part p;
	int rc;

	rc = store_part_unreported(c->store, now - OUTBOX_REPORT_WINDOW_S, &p);
	if (rc == 0)
		rc = outbox_move_part(c, &p, "no_report");
	if (rc == 0)
		rc = outbox_settle_message(c, &p, "");
	return rc == TC_ENOENT ? 0 : rc != 0 ? rc : 1;
}

static const upkeep_cb upkeeps[] = {
    upkeep_expired, upkeep_stuck, upkeep_unreported};

int
outbox_upkeep(struct core *c)
{
	int64_t now = clock_now();
	int rc, n, all = 0;
	size_t i;

	for (i = 0; i < TC_NELEM(upkeeps); i++) {
		for (n = 0, rc = 1; rc == 1 && n < UPKEEP_BATCH; n += rc)
			if ((rc = upkeeps[i](c, now)) < 0)
				return rc;
		all += n;
	}
	rc = outbox_feed_upkeep(c);
	if (rc == 0)
		rc = outbox_wake(c);
	return rc != 0 ? rc : all;
}
