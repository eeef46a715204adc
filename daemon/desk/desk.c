/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What handlers do with cases: queue, view, claim, close; and the ledger line
 * that each of it leaves. Called by http/ inside a turn op. Filing of texts is
 * in file.c. States are drawn in desk.h; desk_move() is the one setter.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "desk/audit.h"
#include "desk/desk.h"
#include "desk/desk_private.h"
#include "intake/content.h"
#include "log.h"
#include "store/case.h"
#include "turn.h"
#include "vault/vault.h"

static const char *const desk_outcomes[] = {
    "helped", "referred", "unreachable", "mistaken", "duplicate", NULL};

static void (*listener_cb)(const char *agency, void *ctx);
static void *listener_ctx;

static const struct {
	const char *from, *to;
} case_moves[] = {
    {"new", "claimed"},
    {"claimed", "closed"},
    {"claimed", "new"},
    {"closed", "new"},
};

int
desk_move(struct case_row *k, const char *to)
{
	size_t i;

	for (i = 0; i < TC_NELEM(case_moves); i++)
		if (strcmp(case_moves[i].from, k->state) == 0 &&
		    strcmp(case_moves[i].to, to) == 0)
			return str_printf(k->state, sizeof(k->state), "%s", to);
	return TC_ESTATE;
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
desk_log(struct core *c, int64_t case_id, const char *act, const struct user *u)
{
	struct case_event e = {.case_id = case_id,
	    .at = clock_now(),
	    .act = act,
	    .user_id = u != NULL ? u->id : 0,
	    .agency = u != NULL ? u->agency : ""};
	unsigned char head[AUDIT_HASH];
	int rc;

	if ((rc = store_event_head(c->store, head)) != 0 ||
	    (rc = audit_chain(head, &e, e.hash)) != 0)
		return rc;
	return store_event_add(c->store, &e);
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
	out->hushed = k->hushed;
	out->items = k->items;
	out->change = k->change;
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
	    .agency = e->agency};

	return v->on_event(&out, v->ctx);
}

int
desk_view(struct core *c, const struct user *u, const char *code,
    struct desk_viewer *v)
{
	struct case_row k;
	int rc;

	if ((rc = store_case_for(c->store, code, u->agency, &k)) != 0 ||
	    (rc = store_seal_get(
		 c->store, k.id, u->agency, v->envelope.sealed_key)) != 0 ||
	    (rc = desk_log(c, k.id, "viewed", u)) != 0)
		return rc;
	memcpy(v->envelope.public_key, k.public_key,
	    sizeof(v->envelope.public_key));
	rc = store_item_each(c->store, k.id, desk_view_item, v);
	if (rc == 0)
		rc = store_event_each(c->store, k.id, desk_view_event, v);
	return rc;
}

/* Write what changed of a case, its ledger line, and wake who waits for it. */
static int
desk_act(
    struct core *c, struct case_row *k, const char *act, const struct user *u)
{
	int rc;

	if ((rc = store_case_update(c->store, k)) != 0 ||
	    (rc = desk_log(c, k->id, act, u)) != 0)
		return rc;
	log_info("case %s code=%s urgency=%d agency=%s user=%s", act, k->code,
	    k->urgency, u->agency, u->name);
	return desk_changed(c, k->id);
}

int
desk_claim(struct core *c, const struct user *u, const char *code)
{
	struct case_row k;
	int rc;

	if ((rc = store_case_for(c->store, code, u->agency, &k)) != 0)
		return rc;
	if (k.claimed_by == u->id && strcmp(k.state, "closed") != 0)
		return 0;
	if ((rc = desk_move(&k, "claimed")) != 0)
		return rc;
	k.claimed_by = u->id;
	k.claimed_at = clock_now();
	return desk_act(c, &k, "claimed", u);
}

static bool
desk_is_outcome(const char *outcome)
{
	size_t i;

	for (i = 0; desk_outcomes[i] != NULL; i++)
		if (strcmp(desk_outcomes[i], outcome) == 0)
			return true;
	return false;
}

int
desk_close(
    struct core *c, const struct user *u, const char *code, const char *outcome)
{
	struct case_row k;
	int rc;

	if (!desk_is_outcome(outcome))
		return TC_EINVAL;
	if ((rc = store_case_for(c->store, code, u->agency, &k)) != 0)
		return rc;
	if (k.claimed_by != 0 && k.claimed_by != u->id)
		return TC_EDENIED;
	if ((rc = desk_move(&k, "closed")) != 0)
		return rc;
	k.closed_at = clock_now();
	if ((rc = str_printf(k.outcome, sizeof(k.outcome), "%s", outcome)) != 0)
		return rc;
	return desk_act(c, &k, "closed", u);
}

/* Words for why a case must be kept. */
static const char *const desk_holds[] = {
    "", "report", "investigation", "court"};

int
desk_hold(
    struct core *c, const struct user *u, const char *code, const char *reason)
{
	struct case_row k;
	size_t i;
	int rc;

	for (i = 0; i < TC_NELEM(desk_holds); i++)
		if (strcmp(desk_holds[i], reason) == 0)
			break;
	if (i == TC_NELEM(desk_holds))
		return TC_EINVAL;
	if ((rc = store_case_for(c->store, code, u->agency, &k)) != 0 ||
	    (rc = str_printf(k.hold, sizeof(k.hold), "%s", reason)) != 0)
		return rc;
	return desk_act(c, &k, reason[0] != '\0' ? "held" : "unheld", u);
}

/* Take an agency's copy of one case away. 1, 0: it had none, or has claimed it. */
static int
desk_refuse_one(struct core *c, int64_t case_id, const char *agency)
{
	struct case_row k;
	int rc;

	if ((rc = store_case_get(c->store, case_id, &k)) != 0)
		return rc;
	rc = store_seal_refuse(c->store, &k, agency, clock_now());
	if (rc == TC_ENOENT)
		return 0;
	if (rc == 0)
		rc = store_case_update(c->store, &k);
	if (rc == 0)
		rc = desk_log(c, k.id, "refused", NULL);
	if (rc == 0)
		rc = desk_changed(c, k.id);
	return rc == 0 ? 1 : rc;
}

int
desk_refuse(struct core *c, int64_t contact_id, const char *agency)
{
	int64_t ids[64];
	int n, i, rc, total = 0;

	n = store_case_open_of(c->store, contact_id, ids);
	for (i = 0; i < n; i++) {
		rc = desk_refuse_one(c, ids[i], agency);
		if (rc < 0)
			return rc;
		total += rc;
	}
	return n < 0 ? n : total;
}

int
desk_hush(struct core *c, int64_t contact_id)
{
	struct case_row k;
	int64_t ids[64];
	int n, i, rc;

	n = store_case_open_of(c->store, contact_id, ids);
	for (i = 0; i < n; i++) {
		if ((rc = store_case_get(c->store, ids[i], &k)) != 0)
			return rc;
		k.hushed = true;
		if ((rc = store_case_update(c->store, &k)) != 0 ||
		    (rc = desk_log(c, k.id, "hushed", NULL)) != 0 ||
		    (rc = desk_changed(c, k.id)) != 0)
			return rc;
	}
	return n;
}

static int
desk_release_one(struct core *c, int64_t case_id, const struct user *by)
{
	struct case_row k;
	int rc;

	if ((rc = store_case_get(c->store, case_id, &k)) != 0 ||
	    (rc = desk_move(&k, "new")) != 0)
		return rc;
	k.claimed_by = 0;
	k.claimed_at = 0;
	return desk_act(c, &k, "released", by);
}

int
desk_release(struct core *c, int64_t user_id, const struct user *by)
{
	int64_t ids[64];
	int n, i, rc, total = 0;

	do {
		n = store_case_claimed_by(c->store, user_id, ids);
		for (i = 0; i < n; i++)
			if ((rc = desk_release_one(c, ids[i], by)) != 0)
				return rc;
		total += n;
	} while (n == 64);
	return n < 0 ? n : total;
}

int
desk_count(struct core *c, const char *agency, int64_t counts[5])
{
	return store_case_counts(c->store, agency, counts);
}
