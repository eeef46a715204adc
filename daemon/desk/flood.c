/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Too much at once: flood.h. Counted by intake, asked by alert.c and the API.
 * Owns the times of the last texts, by the wall clock. */
#include "config.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "desk/alert.h"
#include "desk/due.h"
#include "desk/duty.h"
#include "desk/flood.h"
#include "intake/content.h"
#include "intake/workdays.h"
#include "log.h"

#define BEGIN_S 60
#define END_S 600
#define LOOK_S 60

struct flood {
	int64_t at[FLOOD_TEXTS_MAX]; /* a ring; 0 = none yet */
	size_t next;
	int64_t since; /* 0 = it is off */
};

struct flood *
flood_new(void)
{
	return xcalloc(1, sizeof(struct flood));
}

void
flood_free(struct flood *f)
{
	free(f);
}

/* When the n-th last text came, from 1. */
static int64_t
flood_last(const struct flood *f, int n)
{
	return f->at[(f->next + FLOOD_TEXTS_MAX - (size_t)n) % FLOOD_TEXTS_MAX];
}

/* More than the limit within so many seconds? Without a limit: never. */
static bool
flood_is_over_limit(const struct core *c, int seconds)
{
	int limit = content_workdays(c->content)->flood_texts;

	return limit != 0 &&
	       flood_last(c->flood, limit) > clock_now() - seconds;
}

bool
flood_is_on(const struct core *c)
{
	return c->flood->since != 0 && flood_is_over_limit(c, END_S);
}

/* A clock that was set back makes a new beginning. */
static void
flood_note(struct flood *f, int64_t now)
{
	if (flood_last(f, 1) > now)
		memset(f->at, 0, sizeof(f->at));
	f->at[f->next] = now;
	f->next = (f->next + 1) % FLOOD_TEXTS_MAX;
}

static int
flood_begin(struct core *c, int64_t now)
{
	const struct alert_text text = {
	    "FLOOD", NULL, now + ALERT_TTL_S, LANE_CRISIS};
	int rc;

	rc = due_set(c, &(struct due_item){DUE_FLOOD, 1, now + LOOK_S, 0});
	if (rc == 0)
		rc = duty_tell(c, &text);
	if (rc < 0)
		return rc;
	c->flood->since = now;
	log_warn("flood mode begins, alerts are grouped texts=%d told=%d",
	    content_workdays(c->content)->flood_texts, rc);
	return 0;
}

static void
flood_end(struct core *c)
{
	log_info(
	    "flood mode ends seconds=%" PRId64, clock_now() - c->flood->since);
	c->flood->since = 0;
}

int
flood_count(struct core *c)
{
	int64_t now = clock_now();

	if (c->flood->since != 0 && !flood_is_on(c))
		flood_end(c);
	flood_note(c->flood, now);
	if (c->flood->since != 0 || !flood_is_over_limit(c, BEGIN_S))
		return 0;
	return flood_begin(c, now);
}

int
flood_look(struct core *c, int64_t subject, int step)
{
	if (c->flood->since == 0)
		return 0;
	if (flood_is_on(c))
		return due_set(c, &(struct due_item){DUE_FLOOD, subject,
				      clock_now() + LOOK_S, step});
	flood_end(c);
	return 0;
}

void
flood_get(const struct core *c, struct flood_info *out)
{
	int64_t now = clock_now();
	int n = 0;

	while (
	    n < FLOOD_TEXTS_MAX && flood_last(c->flood, n + 1) > now - BEGIN_S)
		n++;
	out->is_on = flood_is_on(c);
	out->since = out->is_on ? c->flood->since : 0;
	out->last_minute = n;
}
