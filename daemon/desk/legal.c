/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The clocks that the law sets: legal.h. Called by http/ and due.c. */
#include "config.h"

#include <string.h>

#include "clock.h"
#include "desk/alert.h"
#include "desk/desk.h"
#include "desk/desk_private.h"
#include "desk/due.h"
#include "desk/legal.h"
#include "store/duty.h"
#include "store/seal.h"

#define WARNING_S (2 * 3600)
#define AGENCY_CHAIRMAN "UBND"
#define AGENCIES_MAX 16

static const struct legal_row {
	const char *act, *clock;
	bool is_start;
	enum due_kind due;
} legal_acts[] = {
    {"requested", "ban", true, DUE_BAN},
    {"decided", "ban", false, DUE_BAN},
    {"refused", "ban", false, DUE_BAN},
    {"withdrawn", "ban", false, DUE_BAN},
    {"reported", "child", true, DUE_CHILD},
    {"measures", "child", false, DUE_CHILD},
    {"no_danger", "child", false, DUE_CHILD},
};

static const struct legal_row *
legal_find(const char *act)
{
	size_t i;

	for (i = 0; i < TC_NELEM(legal_acts); i++)
		if (strcmp(legal_acts[i].act, act) == 0)
			return &legal_acts[i];
	return NULL;
}

struct legal_state {
	const char *clock;
	bool is_running;
	int64_t due_at;
};

static int
legal_state_cb(const struct case_clock *k, void *ctx)
{
	struct legal_state *s = ctx;

	if (strcmp(k->clock, s->clock) == 0) {
		s->is_running = k->stopped_at == 0;
		s->due_at = k->due_at;
	}
	return 0;
}

static int
legal_start(
    struct core *c, const struct legal_row *row, const struct case_row *k)
{
	int64_t now = clock_now();
	int rc;

	rc = store_clock_start(c->store, &(struct case_clock){.case_id = k->id,
					     .clock = row->clock,
					     .started_at = now,
					     .due_at = now + LEGAL_S,
					     .act = row->act});
	return rc != 0 ? rc
		       : due_set(c, &(struct due_item){row->due, k->id,
					now + LEGAL_S - WARNING_S, 0});
}

static int
legal_stop(
    struct core *c, const struct legal_row *row, const struct case_row *k)
{
	int rc;

	rc = store_clock_stop(c->store, &(struct case_clock){.case_id = k->id,
					    .clock = row->clock,
					    .stopped_at = clock_now(),
					    .act = row->act});
	return rc != 0 ? rc
		       : due_set(c, &(struct due_item){row->due, k->id, 0, 0});
}

/* The case, when the user's agency can open it. */
static int
legal_case(
    struct core *c, const struct user *u, const char *code, struct case_row *k)
{
	unsigned char sealed[SEALED_KEY_LEN];
	int rc = store_case_for(c->store, code, u->agency, k);

	if (rc == 0) {
		rc = store_seal_get(c->store, k->id, u->agency, sealed);
		if (rc == TC_ENOENT)
			rc = TC_EDENIED;
	}
	return rc;
}

int
legal_act(
    struct core *c, const struct user *u, const char *code, const char *act)
{
	const struct legal_row *row = legal_find(act);
	struct legal_state s = {.is_running = false};
	struct case_row k;
	int rc;

	if (row == NULL)
		return TC_EINVAL;
	s.clock = row->clock;
	if ((rc = legal_case(c, u, code, &k)) != 0 ||
	    (rc = store_clock_each(c->store, k.id, legal_state_cb, &s)) != 0)
		return rc;
	if (s.is_running == row->is_start)
		return TC_ESTATE;
	rc = row->is_start ? legal_start(c, row, &k) : legal_stop(c, row, &k);
	return rc != 0 ? rc
		       : desk_write(c, &k, &(struct desk_act){"clock", act, u});
}

struct legal_ctx {
	int (*cb)(const struct legal_clock *k, void *ctx);
	void *ctx;
};

static int
legal_each_cb(const struct case_clock *k, void *arg)
{
	struct legal_ctx *x = arg;
	const struct legal_clock out = {
	    k->clock, k->act, k->started_at, k->due_at, k->stopped_at};

	return x->cb(&out, x->ctx);
}

int
legal_each(struct core *c, const struct user *u, const char *code,
    int (*cb)(const struct legal_clock *k, void *ctx), void *ctx)
{
	struct legal_ctx x = {cb, ctx};
	struct case_row k;
	int rc = legal_case(c, u, code, &k);

	return rc != 0 ? rc
		       : store_clock_each(c->store, k.id, legal_each_cb, &x);
}

/* --- the time is nearly over, or over --- */

struct legal_alert {
	struct core *core;
	char agencies[AGENCIES_MAX][AGENCY_CODE_MAX];
	size_t n;
};

static void
legal_add(const char *agency, void *ctx)
{
	struct legal_alert *a = ctx;

	if (a->n < AGENCIES_MAX &&
	    str_printf(a->agencies[a->n], AGENCY_CODE_MAX, "%s", agency) == 0)
		a->n++;
}

static int
legal_alert(struct core *c, const struct case_row *k)
{
	struct legal_alert a = {.core = c};
	size_t i;
	int rc;

	rc = store_seal_each(c->store, k->id, legal_add, &a);
	for (i = 0; i < a.n; i++)
		if (strcmp(a.agencies[i], AGENCY_CHAIRMAN) == 0)
			break;
	if (i == a.n)
		legal_add(AGENCY_CHAIRMAN, &a);
	for (i = 0; rc == 0 && i < a.n; i++)
		rc = alert_agency(c, a.agencies[i], DUTY_PERSON, k);
	return rc;
}

static int
legal_due(
    struct core *c, const struct legal_row *row, int64_t case_id, int step)
{
	struct legal_state s = {.clock = row->clock};
	struct case_row k;
	int rc;

	if ((rc = store_case_get(c->store, case_id, &k)) != 0)
		return rc == TC_ENOENT ? 0 : rc;
	if ((rc = store_clock_each(c->store, case_id, legal_state_cb, &s)) !=
		0 ||
	    !s.is_running)
		return rc;
	if (step == 0 && (rc = due_set(c, &(struct due_item){row->due, case_id,
					      s.due_at, 1})) != 0)
		return rc;
	rc = desk_write(c, &k,
	    &(struct desk_act){step == 0 ? "clock_warning" : "clock_overdue",
		row->clock, NULL});
	return rc != 0 ? rc : legal_alert(c, &k);
}

int
legal_ban_due(struct core *c, int64_t case_id, int step)
{
	return legal_due(c, legal_find("requested"), case_id, step);
}

int
legal_child_due(struct core *c, int64_t case_id, int step)
{
	return legal_due(c, legal_find("reported"), case_id, step);
}
