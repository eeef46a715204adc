/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Retention: purge.h. Called by the upkeep of server.c. Each case is a turn op
 * of its own; one that fails is tried again the next time. */
#include "config.h"

#include "clock.h"
#include "desk/desk_private.h"
#include "desk/purge.h"
#include "intake/content.h"
#include "log.h"
#include "store/purge.h"
#include "store/store.h"
#include "turn.h"

#define PURGE_MAX 64 /* cases in one go */
#define DAY_S INT64_C(86400)

static bool is_wal_dirty;

static int64_t
purge_before(const struct core *c)
{
	return clock_now() - content_commune(c->content)->purge_days * DAY_S;
}

/* 1 one case, 0 there is none. */
static int
op_purge_case(void *arg)
{
	struct core *c = arg;
	struct case_row k;
	int rc;

	rc = store_purge_next(c->store, purge_before(c), &k);
	if (rc != 0)
		return rc == TC_ENOENT ? 0 : rc;
	if ((rc = store_purge_case(c->store, &k)) != 0 ||
	    (rc = desk_log(c, k.id, "purged", "", NULL)) != 0)
		return rc;
	return 1;
}

static int
op_purge_messages(void *arg)
{
	struct core *c = arg;

	return store_purge_messages(c->store, purge_before(c));
}

/* Whoever only asked for the menu, or wrote THOI to nothing. */
static int
op_purge_contacts(void *arg)
{
	struct core *c = arg;

	return store_purge_contacts(c->store, purge_before(c));
}

int
purge_run(struct core *c)
{
	int n = 0, rc = 0;

	/* A clock that is wrong must not destroy anything. */
	if (!clock_is_trusted())
		return 0;
	while (n < PURGE_MAX && (rc = turn_run(c->turn, op_purge_case, c)) == 1)
		n++;
	if (rc >= 0)
		rc = turn_run(c->turn, op_purge_messages, c);
	if (rc >= 0)
		rc = turn_run(c->turn, op_purge_contacts, c);
	if (n > 0)
		log_info("cases purged n=%d", n);
	is_wal_dirty |= n > 0 || rc > 0;
	return rc < 0 ? rc : n;
}

void
purge_finish(struct core *c)
{
	if (!is_wal_dirty)
		return;
	if (store_truncate(c->store) == 0)
		is_wal_dirty = false;
	else
		log_info("the WAL still holds what was purged, later");
}
