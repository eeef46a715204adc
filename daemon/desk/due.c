/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What falls due: due.h. Called by server.c; what happens then is in act.c and
 * refer.c. Keeps the time of the first one in the core, so that nobody asks the
 * database for it while nothing happens. */
#include "config.h"

#include <string.h>

#include "clock.h"
#include "desk/act.h"
#include "desk/alert.h"
#include "desk/due.h"
#include "desk/duty.h"
#include "desk/escalate.h"
#include "desk/flood.h"
#include "desk/legal.h"
#include "desk/refer.h"
#include "intake/content.h"
#include "log.h"
#include "store/due.h"
#include "turn.h"

#define RETRY_S 60

static int (*const due_acts[DUE_NKINDS])(
    struct core *c, int64_t subject, int step) = {
    [DUE_CLAIM] = desk_claim_expired,
    [DUE_NEXT] = desk_wait_over,
    [DUE_REFER] = desk_refer_expired,
    [DUE_ACK] = escalate_case,
    [DUE_ALERT] = alert_waiting,
    [DUE_HEARTBEAT] = duty_heartbeat,
    [DUE_BAN] = legal_ban_due,
    [DUE_CHILD] = legal_child_due,
    [DUE_FLOOD] = flood_look,
};

int
due_set(struct core *c, const struct due_item *item)
{
	struct due d = {(int)item->kind, item->subject, item->at, item->step};

	if (item->at == 0)
		return store_due_clear(
		    c->store, (int)item->kind, item->subject);
	/* A turn that is taken back leaves it too early, which does no harm. */
	if (c->due_at != 0 && item->at < c->due_at)
		c->due_at = item->at;
	return store_due_set(c->store, &d);
}

/* From when it should have been claimed. Steps that were taken go on at their
 * pace, whatever she writes meanwhile. */
static int
due_ack(struct core *c, const struct case_row *k)
{
	struct due was = {.step = 0};
	int rc;

	if (strcmp(k->state, "new") != 0 || k->urgency == CONTENT_U4)
		return due_set(c, &(struct due_item){DUE_ACK, k->id, 0, 0});
	rc = store_due_get(c->store, DUE_ACK, k->id, &was);
	if (rc != 0 && rc != TC_ENOENT)
		return rc;
	if (rc == 0 && (was.step > 0 || was.at == k->due_at))
		return 0;
	return due_set(c, &(struct due_item){DUE_ACK, k->id, k->due_at, 0});
}

int
due_case(struct core *c, const struct case_row *k)
{
	const struct due_item items[] = {
	    {DUE_CLAIM, k->id,
		strcmp(k->state, "claimed") == 0 ? k->claim_until : 0, 0},
	    {DUE_NEXT, k->id, strcmp(k->state, "waiting") == 0 ? k->next_at : 0,
		0},
	    {DUE_REFER, k->id,
		strcmp(k->state, "referred") == 0 ? k->due_at : 0, 0},
	};
	size_t i;
	int rc = due_ack(c, k);

	for (i = 0; rc == 0 && i < TC_NELEM(items); i++)
		rc = due_set(c, &items[i]);
	return rc;
}

int64_t
due_first(struct core *c)
{
	struct due d;
	int rc;

	if (c->due_at != 0)
		return c->due_at;
	rc = store_due_first(c->store, &d);
	if (rc != 0 && rc != TC_ENOENT)
		return clock_now() + RETRY_S;
	c->due_at = rc == 0 ? d.at : INT64_MAX;
	return c->due_at;
}

struct due_op {
	struct core *core;
	struct due due;
};

/* 1 there was one, 0 nothing is due. The row goes first: the act may set it
 * anew. */
static int
op_due(void *arg)
{
	struct due_op *op = arg;
	struct core *c = op->core;
	int rc;

	if ((rc = store_due_first(c->store, &op->due)) != 0)
		return rc == TC_ENOENT ? 0 : rc;
	if (op->due.at > clock_now())
		return 0;
	if ((rc = store_due_clear(c->store, op->due.kind, op->due.subject)) !=
	    0)
		return rc;
	if (op->due.kind >= 0 && op->due.kind < DUE_NKINDS)
		rc = due_acts[op->due.kind](c, op->due.subject, op->due.step);
	return rc < 0 ? rc : 1;
}

static int
op_later(void *arg)
{
	struct due_op *op = arg;

	op->due.at = clock_now() + RETRY_S;
	return store_due_set(op->core->store, &op->due);
}

int
due_run(struct core *c)
{
	struct due_op op = {.core = c};
	int rc, n = 0;

	if (due_first(c) > clock_now())
		return 0;
	c->due_at = 0;
	do {
		memset(&op.due, 0, sizeof(op.due));
		rc = turn_run(c->turn, op_due, &op);
		if (rc < 0) {
			log_warn("what is due failed, it is tried again kind=%d"
				 " why=\"%s\"",
			    op.due.kind, tc_strerror(rc));
			rc = op.due.subject == 0
				 ? rc
				 : turn_run(c->turn, op_later, &op) == 0;
		}
		n += rc == 1;
	} while (rc == 1 && n < DUE_MAX);
	return n;
}
