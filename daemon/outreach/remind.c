/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reminders of the calendar (remind.h). Called by server.c; keeps nothing but
 * when it looked last. */
#include "config.h"

#include <string.h>
#include <time.h>

#include "clock.h"
#include "conf.h"
#include "intake/content.h"
#include "log.h"
#include "outbox/outbox.h"
#include "outreach/calendar.h"
#include "outreach/remind.h"
#include "store/notice.h"
#include "store/user.h"
#include "vault/vault.h"

#define DAY_S INT64_C(86400)
#define REMIND_TTL_S (12 * 3600)

/* Stored: only add at the end. */
enum remind_step {
	REMIND_DRAFT,
	REMIND_EVE,
	REMIND_NSTEPS
};

struct reminding {
	struct core *core;
	char slots[64];
	int sent;
	int rc;
};

/* One drafter; who has no number is passed over. */
static int
remind_user(const struct user *u, void *ctx)
{
	struct reminding *r = ctx;
	const struct outbox_staff text = {.template_id = "DRAFT_DUE",
	    .slots = r->slots,
	    .lane = LANE_REPLY,
	    .expires_at = clock_now() + REMIND_TTL_S,
	    .modem = "",
	    .not_modem = ""};
	int rc;

	if (u->revoked_at != 0 || (u->roles & ROLE_DRAFTER) == 0)
		return 0;
	rc = outbox_staff_user(r->core, u->id, &text);
	r->sent += rc == 0;
	return rc == TC_ENOENT ? 0 : rc;
}

static int
remind_all(struct reminding *r, const struct calendar_day *d)
{
	time_t local =
	    (time_t)(d->from +
		     content_commune(r->core->content)->zone_minutes * 60);
	struct tm tm;
	int rc;

	if (gmtime_r(&local, &tm) == NULL)
		return TC_EINVAL;
	rc = str_printf(r->slots, sizeof(r->slots), "{\"date\":\"%d/%d\"}",
	    tm.tm_mday, tm.tm_mon + 1);
	r->sent = 0;
	if (rc == 0)
		rc = store_user_each(r->core->store, remind_user, r);
	if (rc >= 0 && r->sent == 0)
		log_warn("no drafter has a number, nobody is told of a day "
			 "without a campaign day=%s",
		    d->id);
	return rc < 0 ? rc : 0;
}

/* Which reminder is it time for? REMIND_NSTEPS: none. */
static enum remind_step
remind_step(const struct calendar_day *d)
{
	int64_t now = clock_now();

	if (now >= d->from - DAY_S && now < d->from)
		return d->approved == 0 ? REMIND_EVE : REMIND_NSTEPS;
	return d->is_due ? REMIND_DRAFT : REMIND_NSTEPS;
}

/* A reminder of the day before stands for the one that nobody got. */
static void
remind_day(const struct calendar_day *d, void *ctx)
{
	struct reminding *r = ctx;
	enum remind_step step = remind_step(d), s;
	int rc;

	if (r->rc != 0 || step == REMIND_NSTEPS)
		return;
	rc = store_told_has(r->core->store, d->id, d->from, (int)step);
	if (rc == 0) {
		rc = remind_all(r, d);
		for (s = REMIND_DRAFT; rc == 0 && r->sent > 0 && s <= step; s++)
			rc = store_told_add(
			    r->core->store, d->id, d->from, (int)s);
	}
	r->rc = rc < 0 ? rc : 0;
}

int
remind_drafters(struct core *c)
{
	static int64_t looked_at;
	struct reminding r = {.core = c};
	time_t now = (time_t)clock_now();
	struct faults faults;
	struct tm tm;
	int rc, year;

	/* A clock that was set back is looked at at once. */
	if (!outbox_is_sending_hour(c) ||
	    (looked_at <= now && now < looked_at + REMIND_EVERY_S))
		return 0;
	if (gmtime_r(&now, &tm) == NULL)
		return TC_EINVAL;
	faults_init(&faults);
	for (rc = 0, year = tm.tm_year + 1900;
	     rc == 0 && r.rc == 0 && year <= tm.tm_year + 1901; year++)
		rc = calendar_each(c, year, &faults, remind_day, &r);
	faults_clear(&faults);
	if (rc == TC_EINVAL) {
		log_warn(
		    "calendar.conf has faults, nobody is told of its days");
		rc = 0;
	}
	if (rc == 0)
		rc = r.rc;
	if (rc == 0)
		looked_at = now;
	return rc;
}
