/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How the box is: health.h. Called by the watch and the API; owns nothing. */
#include "config.h"

#include <inttypes.h>

#include "clock.h"
#include "conf.h"
#include "log.h"
#include "radio/radio.h"
#include "store/health.h"
#include "watch/credit.h"
#include "watch/health.h"
#include "watch/watch.h"

/* Of two places in the queue, 0 = none, the one in front. */
static int64_t
health_first(int64_t a, int64_t b)
{
	return a == 0 || (b != 0 && b < a) ? b : a;
}

/* The oldest part of a lane, wherever it may go, and also when it waits for
 * another try: she has waited all that time. 0: none waits. */
static int
health_oldest(struct core *c, enum lane lane, int64_t *oldest)
{
	int64_t seq;
	size_t i;
	int rc;

	rc = store_health_oldest_waiting(c->store, (int)lane, oldest);
	if (rc == 0)
		rc = store_health_oldest(c->store, "", (int)lane, &seq);
	for (i = 0; i < c->conf->nmodems && rc == 0; i++) {
		*oldest = health_first(*oldest, seq);
		rc = store_health_oldest(
		    c->store, c->conf->modems[i].name, (int)lane, &seq);
	}
	if (rc == 0)
		*oldest = health_first(*oldest, seq);
	return rc;
}

int
health_get_queue(struct core *c, struct health_queue *out)
{
	int64_t now = clock_now_us(), oldest;
	int lane, rc;

	rc = outbox_queue_lengths(c, out->length);
	for (lane = 0; lane < LANE_NLANES && rc == 0; lane++) {
		rc = health_oldest(c, (enum lane)lane, &oldest);
		out->oldest_s[lane] =
		    oldest != 0 && oldest < now ? (now - oldest) / 1000000 : 0;
	}
	return rc;
}

static void
on_modem(const struct radio_modem_info *m, void *ctx)
{
	struct core *c = ctx;
	struct credit_info credit;

	if (credit_get(watch_credit(c->watch), m->name, &credit) != 0)
		return; /* the store has said why */
	log_info("health modem=%s state=%s signal=%d registration=%s "
		 "sim=%u/%u credit=%" PRId64 " restarts=%u sent=%" PRIu64
		 " failed=%" PRIu64 " uncertain=%" PRIu64 " received=%" PRIu64
		 " error=\"%s\"",
	    m->name, m->state, m->signal_percent, m->registration, m->sim_used,
	    m->sim_size, credit.is_known ? credit.dong : -1, m->restarts,
	    m->sent, m->failed, m->uncertain, m->received, m->last_error);
}

void
health_log(struct core *c)
{
	struct health_queue q;

	if (health_get_queue(c, &q) != 0)
		return;
	radio_each(c->radio, on_modem, c);
	log_info("health queue=%" PRId64 "/%" PRId64 "/%" PRId64 "/%" PRId64
		 " oldest_s=%" PRId64 "/%" PRId64 "/%" PRId64 "/%" PRId64,
	    q.length[0], q.length[1], q.length[2], q.length[3], q.oldest_s[0],
	    q.oldest_s[1], q.oldest_s[2], q.oldest_s[3]);
}
