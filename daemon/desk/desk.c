/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What handlers see of cases: queue and view; the states, and the ledger line
 * that every act leaves. Called by http/ inside a turn op. Filing of texts is
 * in file.c, what is done with a case in act.c and refer.c. States are drawn in
 * desk.h; desk_move() is the one setter.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "desk/audit.h"
#include "desk/desk.h"
#include "desk/desk_private.h"
#include "desk/due.h"
#include "forward/forward.h"
#include "intake/content.h"
#include "intake/workdays.h"
#include "log.h"
#include "store/case.h"
#include "store/seal.h"
#include "turn.h"

static void (*listener_cb)(const char *agency, void *ctx);
static void *listener_ctx;

static const struct {
	const char *from, *to;
} case_moves[] = {
    {"new", "claimed"},
    {"claimed", "new"},
    {"claimed", "active"},
    {"claimed", "closed"},
    {"active", "claimed"},
    {"active", "waiting"},
    {"active", "referred"},
    {"active", "new"},
    {"active", "closed"},
    {"waiting", "active"},
    {"waiting", "claimed"},
    {"waiting", "new"},
    {"waiting", "closed"},
    {"referred", "active"},
    {"referred", "claimed"},
    {"referred", "new"},
    {"closed", "new"},
};

bool
desk_is(const struct case_row *k, const char *state)
{
	return strcmp(k->state, state) == 0;
}

int
desk_move(struct case_row *k, const char *to)
{
	size_t i;

	for (i = 0; i < TC_NELEM(case_moves); i++)
		if (desk_is(k, case_moves[i].from) &&
		    strcmp(case_moves[i].to, to) == 0)
			return str_printf(k->state, sizeof(k->state), "%s", to);
	return TC_ESTATE;
}

void
desk_unclaim(struct case_row *k)
{
	k->claimed_by = 0;
	k->claimed_at = k->claim_until = k->next_at = 0;
	k->claimer[0] = k->lead[0] = k->refer_to[0] = '\0';
}

void
desk_set_listener(void (*cb)(const char *agency, void *ctx), void *ctx)
{
	listener_cb = cb;
	listener_ctx = ctx;
}

static void
desk_wake(void *arg)
{
	char *agency = arg;

	if (listener_cb != NULL)
		listener_cb(agency, listener_ctx);
	free(agency);
}

static void
desk_wake_agency(const char *agency, void *ctx)
{
	struct core *c = ctx;

	turn_defer(c->turn, EFFECT_ANSWER, desk_wake, free, xstrdup(agency));
}

int
desk_changed(struct core *c, int64_t case_id)
{
	return store_seal_each(c->store, case_id, desk_wake_agency, c);
}

int
desk_log(struct core *c, int64_t case_id, const char *act, const char *detail,
    const struct user *u)
{
	struct case_event e = {.case_id = case_id,
	    .at = clock_now(),
	    .act = act,
	    .user_id = u != NULL ? u->id : 0,
	    .agency = u != NULL ? u->agency : "",
	    .detail = detail};
	unsigned char head[AUDIT_HASH];
	int rc;

	if ((rc = store_event_head(c->store, head)) != 0 ||
	    (rc = audit_chain(head, &e, e.hash)) != 0)
		return rc;
	return store_event_add(c->store, &e);
}

int
desk_write(struct core *c, struct case_row *k, const struct desk_act *act)
{
	int rc;

	if ((rc = store_case_update(c->store, k)) != 0 ||
	    (rc = due_case(c, k)) != 0 ||
	    (rc = desk_log(c, k->id, act->act,
		 act->detail != NULL ? act->detail : "", act->u)) != 0)
		return rc;
	log_info("case %s code=%s urgency=%d state=%s user=%s", act->act,
	    k->code, k->urgency, k->state, act->u != NULL ? act->u->name : "-");
	if ((rc = forward_case(c, k, act->act)) != 0)
		return rc;
	return desk_changed(c, k->id);
}

/* What is urgent runs day and night; the rest while the offices are open. */
int64_t
desk_due(const struct core *c, int urgency, int64_t t)
{
	const struct workdays *w = content_workdays(c->content);
	int zone = content_commune(c->content)->zone_minutes;

	switch (urgency) {
	case CONTENT_U0:
		return t + 5 * 60;
	case CONTENT_U1:
		return t + 30 * 60;
	case CONTENT_U2:
		return workdays_add(w, zone, t, 4 * 3600);
	case CONTENT_U3:
		return workdays_add(w, zone, t, 2 * workdays_day(w));
	default:
		return workdays_add(w, zone, t, 7 * workdays_day(w));
	}
}

static void
desk_fill(struct desk_case *out, const struct case_row *k)
{
	memset(out, 0, sizeof(*out));
	out->id = k->id;
	memcpy(out->code, k->code, sizeof(out->code));
	memcpy(out->state, k->state, sizeof(out->state));
	out->urgency = k->urgency;
	out->opened_at = k->opened_at;
	out->due_at = k->due_at;
	out->claimed_at = k->claimed_at;
	out->closed_at = k->closed_at;
	memcpy(out->claimed_by, k->claimer, sizeof(out->claimed_by));
	memcpy(out->outcome, k->outcome, sizeof(out->outcome));
	memcpy(out->hold, k->hold, sizeof(out->hold));
	memcpy(out->lead, k->lead, sizeof(out->lead));
	memcpy(out->refer_to, k->refer_to, sizeof(out->refer_to));
	memcpy(out->public_key, k->public_key, sizeof(out->public_key));
	out->claim_until = k->claim_until;
	out->next_at = k->next_at;
	out->call_back = k->call_back;
	out->hushed = k->hushed;
	out->items = k->items;
	out->change = k->change;
	out->rank = store_case_rank(k);
}
_Static_assert(sizeof(((struct desk_case *)0)->code) ==
		   sizeof(((struct case_row *)0)->code),
    "a case code has one size");
_Static_assert(sizeof(((struct desk_case *)0)->claimed_by) ==
		   sizeof(((struct case_row *)0)->claimer),
    "a user name has one size");

struct queue_ctx {
	desk_case_cb cb;
	void *ctx;
};

static int
desk_queue_cb(const struct case_row *k, void *arg)
{
	struct queue_ctx *q = arg;
	struct desk_case out;

	desk_fill(&out, k);
	return q->cb(&out, q->ctx);
}

int
desk_queue(
    struct core *c, const struct case_query *query, desk_case_cb cb, void *ctx)
{
	struct queue_ctx q = {cb, ctx};

	return store_case_queue(c->store, query, desk_queue_cb, &q);
}

int64_t
desk_cursor(struct core *c)
{
	return store_case_last_change(c->store);
}

int
desk_get(
    struct core *c, const char *agency, const char *code, struct desk_case *out)
{
	struct case_row k;
	int rc;

	rc = store_case_for(c->store, code, agency, &k);
	if (rc == 0)
		desk_fill(out, &k);
	return rc;
}

static int
desk_view_item(const struct case_item *i, void *arg)
{
	struct desk_viewer *v = arg;
	struct desk_item out = {.id = i->id,
	    .kind = i->kind,
	    .at = i->at,
	    .sealed = i->sealed,
	    .len = i->len};

	return v->on_item(&out, v->ctx);
}

static int
desk_view_event(const struct case_event *e, void *arg)
{
	struct desk_viewer *v = arg;
	struct desk_event out = {.seq = e->seq,
	    .at = e->at,
	    .act = e->act,
	    .actor = e->actor,
	    .agency = e->agency,
	    .detail = e->detail};

	return v->on_event(&out, v->ctx);
}

int
desk_view(struct core *c, const struct user *u, const char *code,
    struct desk_viewer *v)
{
	struct case_row k;
	int rc;

	if ((rc = store_case_for(c->store, code, u->agency, &k)) != 0)
		return rc;
	rc = store_seal_get(c->store, k.id, u->agency, v->envelope.sealed_key);
	if (rc == TC_ENOENT)
		return TC_EDENIED;
	if (rc != 0 || (rc = desk_log(c, k.id, "viewed", "", u)) != 0)
		return rc;
	memcpy(v->envelope.public_key, k.public_key,
	    sizeof(v->envelope.public_key));
	rc = store_item_each(c->store, k.id, desk_view_item, v);
	if (rc == 0)
		rc = store_event_each(c->store, k.id, desk_view_event, v);
	return rc;
}

int
desk_count(struct core *c, const char *agency, int64_t counts[5])
{
	return store_case_counts(c->store, agency, counts);
}
