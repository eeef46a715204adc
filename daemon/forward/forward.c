/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Webhooks: forward.h. Called by the desk inside turn ops, by http/ for those
 * who set them up, by server.c for the upkeep. Owns the list of webhooks in
 * memory, which mirrors the table, and the transfers.
 *
 * Only what is committed is sent: after the commit forward_pump() looks at each
 * webhook that is not busy, takes the first delivery that waits, signs and sends
 * it. What a transfer brought is written in a turn op of its own; when that
 * fails, or the daemon dies before, the delivery is sent again under its id.
 */
#include "config.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include <event2/event.h>

#include "buf.h"
#include "clock.h"
#include "conf.h"
#include "forward/body.h"
#include "forward/forward.h"
#include "forward/transfer.h"
#include "log.h"
#include "store/seal.h"
#include "turn.h"

#define DAY_S INT64_C(86400)
#define DEAD_S (3 * DAY_S)
#define KEEP_DELIVERED_S (7 * DAY_S)
#define KEEP_DEAD_S (30 * DAY_S)
#define RETRY_AFTER_MAX_S DAY_S
#define WAIT_MAX_S (2 * DAY_S) /* of a later time the clock was set */
#define AGAIN_S 60             /* after an error of our own */
#define PURGE_S 3600

/* How long a receiver rests after so many failures in a row; then as the last
 * one. Each is changed by up to a fifth. */
static const int64_t delays[] = {
    5, 30, 120, 600, 1800, 3600, 2 * 3600, 4 * 3600, 6 * 3600};

struct hook {
	TAILQ_ENTRY(hook) link;
	struct forward *forward;
	struct webhook w;
	struct transfer *transfer; /* NULL: not busy */
	int64_t delivery_id;       /* that it brings */
	int64_t wake_at;           /* UTC; INT64_MAX: nothing waits */
	bool is_gone;              /* while the mirror is loaded */
};
TAILQ_HEAD(hook_list, hook);

struct forward {
	struct core *core;
	struct transfers *transfers;
	struct event *timer;
	struct hook_list hooks;
	size_t nhooks;
	int64_t purged_at;
	struct forward_stats stats;
};

static void forward_pump(struct forward *f);

/* --- the mirror --- */

static void
hook_free(struct hook *h)
{
	if (h->transfer != NULL)
		transfer_cancel(h->transfer);
	TAILQ_REMOVE(&h->forward->hooks, h, link);
	h->forward->nhooks--;
	free(h);
}

static int
on_load(const struct webhook *w, void *ctx)
{
	struct forward *f = ctx;
	struct hook *h;

	TAILQ_FOREACH(h, &f->hooks, link)
		if (h->w.id == w->id)
			break;
	if (h == NULL) {
		h = xcalloc(1, sizeof(*h));
		h->forward = f;
		TAILQ_INSERT_TAIL(&f->hooks, h, link);
		f->nhooks++;
	}
	h->w = *w;
	h->wake_at = 0;
	h->is_gone = false;
	return 0;
}

static void
forward_load(void *arg)
{
	struct forward *f = arg;
	struct hook *h, *next;

	TAILQ_FOREACH(h, &f->hooks, link)
		h->is_gone = true;
	if (store_webhook_each(f->core->store, on_load, f) < 0) {
		log_err("forward: the webhooks cannot be read");
		return;
	}
	for (h = TAILQ_FIRST(&f->hooks); h != NULL; h = next) {
		next = TAILQ_NEXT(h, link);
		if (h->is_gone)
			hook_free(h);
	}
}

/* After a commit that changed webhooks or what waits for them. */
static void
on_changed(void *arg)
{
	forward_load(arg);
	forward_pump(arg);
}

static void
forward_changed(struct core *c)
{
	if (c->forward != NULL)
		turn_defer(
		    c->turn, EFFECT_ANSWER, on_changed, NULL, c->forward);
}

/* After a commit that has something to say. */
static void
on_queued(void *arg)
{
	struct forward *f = arg;
	struct hook *h;

	TAILQ_FOREACH(h, &f->hooks, link)
		h->wake_at = 0;
	forward_pump(f);
}

/* --- what a try brought --- */

struct outcome {
	struct hook *hook;
	const struct transfer_result *result;
	int64_t now, dead;
	bool is_good;
};

/* When the next try may be after so many failures. */
static int64_t
outcome_next(const struct outcome *o, int64_t failures)
{
	size_t i = failures > 0 ? (size_t)failures - 1 : 0;
	int64_t delay, asked = o->result->retry_after_s;
	uint32_t r;

	if (i >= TC_NELEM(delays))
		i = TC_NELEM(delays) - 1;
	delay = delays[i] - delays[i] / 5;
	vault_random(&r, sizeof(r));
	delay += r % (2 * delays[i] / 5 + 1);
	if (asked > RETRY_AFTER_MAX_S)
		asked = RETRY_AFTER_MAX_S;
	return o->now + (asked > delay ? asked : delay);
}

/* Does it refuse this one, and may take the next? Otherwise the receiver itself
 * is not well, or is not where we think. */
static bool
outcome_is_refusal(const struct transfer_result *r)
{
	return r->error == NULL && r->status >= 400 && r->status < 500 &&
	       r->status != 408 && r->status != 425 && r->status != 429;
}

static int
outcome_words(const struct transfer_result *r, char out[WEBHOOK_RESULT_MAX])
{
	if (r->error != NULL)
		return str_printf(out, WEBHOOK_RESULT_MAX, "%s", r->error);
	return str_printf(out, WEBHOOK_RESULT_MAX, "HTTP %d", r->status);
}

/* Set what is known of the try in both rows. */
static int
outcome_apply(struct outcome *o, struct webhook *w, struct delivery *d)
{
	int rc = outcome_words(o->result, w->result);

	if (rc == 0)
		rc = outcome_words(o->result, d->result);
	w->tried_at = o->now;
	d->tries++;
	if (o->is_good) {
		d->settled_at = o->now;
		if (rc == 0)
			rc = str_printf(
			    d->state, sizeof(d->state), "%s", "delivered");
	}
	if (o->is_good || outcome_is_refusal(o->result)) {
		w->failures = w->next_at = 0;
	} else {
		w->failures++;
		w->next_at = outcome_next(o, w->failures);
	}
	if (outcome_is_refusal(o->result))
		d->next_at = outcome_next(o, d->tries);
	return rc;
}

static int
op_outcome(void *arg)
{
	struct outcome *o = arg;
	struct hook *h = o->hook;
	struct store *s = h->forward->core->store;
	struct webhook w = h->w;
	struct delivery d;
	int rc;

	rc = store_delivery_get(s, h->delivery_id, &d);
	if (rc != 0)
		return rc == TC_ENOENT ? 0 : rc; /* removed meanwhile */
	if ((rc = outcome_apply(o, &w, &d)) != 0 ||
	    (rc = store_delivery_set(s, &d)) != 0 ||
	    (rc = store_webhook_tried(s, &w)) != 0)
		return rc;
	if (!o->is_good) {
		rc = store_delivery_expire(s, w.id, o->now - DEAD_S, o->now);
		if (rc < 0)
			return rc;
		o->dead = rc;
	}
	h->w = w;
	h->wake_at = 0;
	log_info("webhook %s name=%s id=%016" PRIx64 " try=%" PRId64
		 " result=\"%s\"",
	    o->is_good ? "delivered" : "failed", w.name, (uint64_t)d.id,
	    d.tries, d.result);
	return 0;
}

static void
on_next(void *arg)
{
	forward_pump(arg);
}

static void
on_transfer(const struct transfer_result *r, void *ctx)
{
	struct hook *h = ctx;
	struct forward *f = h->forward;
	struct outcome o = {.hook = h, .result = r, .now = clock_now()};

	h->transfer = NULL;
	o.is_good = r->error == NULL && r->status >= 200 && r->status < 300;
	if (turn_run(f->core->turn, op_outcome, &o) != 0) {
		log_warn("webhook result is not written, it is sent again "
			 "name=%s",
		    h->w.name);
		h->wake_at = o.now + AGAIN_S;
	}
	f->stats.delivered += o.is_good;
	f->stats.failed += !o.is_good;
	f->stats.dead += (uint64_t)o.dead;
	if (o.dead > 0)
		log_warn("webhook deliveries are dead name=%s n=%" PRId64,
		    h->w.name, o.dead);
	turn_defer(f->core->turn, EFFECT_ANSWER, on_next, on_next, f);
}

/* --- a try --- */

static bool
hook_may_be_private(const struct hook *h)
{
	const struct opt_list *names = &h->forward->core->conf->webhook_private;
	size_t i;

	for (i = 0; i < names->n; i++)
		if (strcmp(names->items[i].text, h->w.name) == 0)
			return true;
	return false;
}

static int
hook_sign(struct hook *h, const struct vault_webhook *m,
    char signature[VAULT_WEBHOOK_SIGNATURE_SIZE])
{
	const struct core *c = h->forward->core;
	struct buf box, secret;
	int rc;

	buf_init(&box, 1024);
	buf_init(&secret, 256);
	rc = store_webhook_secret(c->store, h->w.id, &box);
	if (rc == 0)
		rc = vault_unbox(
		    c->vault, VAULT_BOX_WEBHOOK, box.data, box.len, &secret);
	if (rc == 0)
		rc = vault_webhook_sign(buf_str(&secret), m, signature);
	if (secret.data != NULL)
		vault_wipe(secret.data, secret.cap);
	buf_clear(&secret);
	buf_clear(&box);
	return rc;
}

static int
hook_send(struct hook *h, const struct delivery *d)
{
	char id[BODY_ID_SIZE], sig[VAULT_WEBHOOK_SIGNATURE_SIZE], lines[3][80];
	const char *headers[] = {"Content-Type: application/json", lines[0],
	    lines[1], lines[2], NULL};
	char *body = body_make(&h->w, d);
	struct vault_webhook m = {id, clock_now(), body};
	struct transfer_request rq = {
	    h->w.url, body, headers, hook_may_be_private(h)};
	int rc;

	body_id(d, id);
	if ((rc = hook_sign(h, &m, sig)) == 0 &&
	    (rc = str_printf(
		 lines[0], sizeof(lines[0]), "webhook-id: %s", id)) == 0 &&
	    (rc = str_printf(lines[1], sizeof(lines[1]),
		 "webhook-timestamp: %" PRId64, m.at)) == 0)
		rc = str_printf(
		    lines[2], sizeof(lines[2]), "webhook-signature: %s", sig);
	if (rc == 0) {
		h->delivery_id = d->id;
		h->transfer =
		    transfer_start(h->forward->transfers, &rq, on_transfer, h);
		rc = h->transfer != NULL ? 0 : TC_EFULL;
	}
	free(body);
	return rc;
}

static bool
is_due(int64_t at, int64_t now)
{
	return at <= now || (at > now + WAIT_MAX_S && at != INT64_MAX);
}

/* Nothing waits, or not yet. */
static int
hook_rest(struct hook *h)
{
	int rc;

	rc = store_delivery_wake(h->forward->core->store, h->w.id, &h->wake_at);
	if (rc == 0 && h->wake_at == 0)
		h->wake_at = INT64_MAX;
	return rc;
}

static void
hook_pump(struct hook *h, int64_t now)
{
	const struct delivery_when when = {h->w.id, now, now + WAIT_MAX_S};
	struct delivery d;
	int rc;

	if (h->transfer != NULL || !is_due(h->wake_at, now) ||
	    !is_due(h->w.next_at, now))
		return;
	rc = store_delivery_next(h->forward->core->store, &when, &d);
	if (rc == 0)
		rc = hook_send(h, &d);
	else if (rc == TC_ENOENT)
		rc = hook_rest(h);
	if (rc != 0) {
		log_err("webhook cannot be sent, it is tried again name=%s "
			"why=\"%s\"",
		    h->w.name, tc_strerror(rc));
		h->wake_at = now + AGAIN_S;
	}
}

static void
forward_pump(struct forward *f)
{
	int64_t now = clock_now(), first = INT64_MAX, at;
	struct timeval tv = {0};
	struct hook *h;

	TAILQ_FOREACH(h, &f->hooks, link) {
		hook_pump(h, now);
		at = h->wake_at > h->w.next_at ? h->wake_at : h->w.next_at;
		if (h->transfer == NULL && at < first)
			first = at;
	}
	(void)event_del(f->timer);
	if (first == INT64_MAX)
		return;
	tv.tv_sec = first > now ? first - now : 1;
	if (event_add(f->timer, &tv) != 0)
		log_warn("forward: no timer, the upkeep does it");
}

static void
on_time(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	forward_pump(arg);
}

/* --- what is to be said --- */

struct telling {
	struct core *core;
	struct delivery delivery;
	int n, rc;
};

static int
telling_add(struct telling *t, int64_t webhook_id)
{
	t->delivery.id = vault_random_id();
	t->delivery.webhook_id = webhook_id;
	t->n++;
	return store_delivery_add(t->core->store, &t->delivery);
}

static void
on_agency(const char *agency, void *ctx)
{
	struct telling *t = ctx;
	struct hook *h;

	TAILQ_FOREACH(h, &t->core->forward->hooks, link)
		if (t->rc == 0 && strcmp(h->w.agency, agency) == 0)
			t->rc = telling_add(t, h->w.id);
}

int
forward_case(struct core *c, const struct case_row *k, const char *act)
{
	struct telling t = {.core = c,
	    .delivery = {
		.urgency = k->urgency, .cursor = k->change, .at = clock_now()}};
	int rc;

	if (c->forward == NULL || c->forward->nhooks == 0)
		return 0;
	rc = str_printf(
	    t.delivery.event, sizeof(t.delivery.event), "case.%s", act);
	if (rc == 0)
		rc = str_printf(
		    t.delivery.code, sizeof(t.delivery.code), "%s", k->code);
	if (rc == 0)
		rc = store_seal_each(c->store, k->id, on_agency, &t);
	if (rc == 0)
		rc = t.rc;
	if (rc == 0 && t.n > 0)
		turn_defer(c->turn, EFFECT_ANSWER, on_queued, NULL, c->forward);
	return rc;
}

/* --- setting up --- */

const char *
forward_check_url(const char *url)
{
	return transfer_check_url(url);
}

int
forward_add(
    struct core *c, struct webhook *w, char secret[VAULT_WEBHOOK_SECRET_SIZE])
{
	struct buf box;
	int rc;

	if (c->forward == NULL || c->forward->nhooks >= FORWARD_MAX)
		return TC_EFULL;
	w->id = vault_random_id();
	w->created_at = clock_now();
	vault_webhook_secret(secret);
	buf_init(&box, 1024);
	rc = vault_box(
	    c->vault, VAULT_BOX_WEBHOOK, secret, strlen(secret), &box);
	if (rc == 0)
		rc = store_webhook_add(c->store, w, &box);
	buf_clear(&box);
	if (rc == 0)
		forward_changed(c);
	return rc;
}

int
forward_remove(struct core *c, const char *name)
{
	struct webhook w;
	int rc;

	if ((rc = store_webhook_by_name(c->store, name, &w)) != 0 ||
	    (rc = store_webhook_remove(c->store, w.id)) != 0)
		return rc;
	forward_changed(c);
	return 0;
}

/* Whatever waits for it goes now. */
static int
forward_hurry(struct core *c, struct webhook *w)
{
	int rc;

	w->failures = w->next_at = 0;
	rc = store_webhook_tried(c->store, w);
	if (rc == 0)
		forward_changed(c);
	return rc;
}

int
forward_retry(
    struct core *c, const char *name, int64_t id, struct delivery *out)
{
	struct webhook w;
	int rc;

	if ((rc = store_webhook_by_name(c->store, name, &w)) != 0 ||
	    (rc = store_delivery_get(c->store, id, out)) != 0)
		return rc;
	if (out->webhook_id != w.id)
		return TC_ENOENT;
	if (strcmp(out->state, "dead") != 0)
		return TC_ESTATE;
	out->queued_at = clock_now();
	out->next_at = out->settled_at = 0;
	rc = str_printf(out->state, sizeof(out->state), "%s", "queued");
	if (rc == 0)
		rc = store_delivery_set(c->store, out);
	return rc != 0 ? rc : forward_hurry(c, &w);
}

int
forward_test(struct core *c, const char *name, struct delivery *out)
{
	struct telling t = {.core = c, .delivery = {.at = clock_now()}};
	struct webhook w;
	int rc;

	if ((rc = store_webhook_by_name(c->store, name, &w)) != 0 ||
	    (rc = str_printf(t.delivery.event, sizeof(t.delivery.event), "%s",
		 "webhook.test")) != 0 ||
	    (rc = telling_add(&t, w.id)) != 0 ||
	    (rc = forward_hurry(c, &w)) != 0)
		return rc;
	return store_delivery_get(c->store, t.delivery.id, out);
}

/* --- life --- */

static int
op_purge(void *arg)
{
	struct forward *f = arg;
	struct store *s = f->core->store;
	int64_t now = clock_now();
	int rc;

	rc = store_delivery_purge(s, "delivered", now - KEEP_DELIVERED_S);
	if (rc >= 0)
		rc = store_delivery_purge(s, "dead", now - KEEP_DEAD_S);
	return rc < 0 ? rc : 0;
}

void
forward_upkeep(struct core *c)
{
	struct forward *f = c->forward;
	int64_t now = clock_now();

	if (f == NULL || f->nhooks == 0)
		return;
	if (clock_is_trusted() &&
	    (now >= f->purged_at + PURGE_S || now < f->purged_at)) {
		if (turn_run(c->turn, op_purge, f) == 0)
			f->purged_at = now;
		else
			log_warn("old deliveries stay, they are purged later");
	}
	forward_pump(f);
}

void
forward_get_stats(const struct core *c, struct forward_stats *out)
{
	memset(out, 0, sizeof(*out));
	if (c->forward != NULL)
		*out = c->forward->stats;
}

struct forward *
forward_new(struct core *c, struct event_base *base)
{
	const struct transfers_options options = {
	    c->conf->webhook_timeout, c->conf->webhook_ca};
	struct forward *f = xcalloc(1, sizeof(*f));

	f->core = c;
	TAILQ_INIT(&f->hooks);
	f->transfers = transfers_new(base, &options);
	f->timer = evtimer_new(base, on_time, f);
	if (f->timer == NULL)
		log_fatal("forward: no memory");
	turn_on_reload(c->turn, forward_load, f);
	forward_load(f);
	forward_pump(f);
	return f;
}

void
forward_free(struct forward *f)
{
	struct hook *h;

	if (f == NULL)
		return;
	while ((h = TAILQ_FIRST(&f->hooks)) != NULL)
		hook_free(h);
	transfers_free(f->transfers);
	event_free(f->timer);
	free(f);
}
