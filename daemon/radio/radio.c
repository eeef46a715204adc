/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The pool of modems (radio.h): made from the configuration, started, asked at
 * the end of every loop iteration, stopped. Owned by server.c.
 */
#include "config.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"
#include "conf.h"
#include "log.h"
#include "radio/radio_private.h"
#include "store/locked.h"
#include "turn.h"
#include "vault/vault.h"

#define PONG_MS (130 * 1000) /* it may be reading a full SIM */
#define QUIET_MS (90 * 1000) /* STATUS comes every minute */
#define STOP_MS 3000

struct modem *
radio_find(const struct radio *r, const char *name)
{
	size_t i;

	for (i = 0; i < r->nmodems; i++)
		if (strcmp(r->modems[i].conf->name, name) == 0)
			return &r->modems[i];
	return NULL;
}

void
radio_check_stopped(struct radio *r)
{
	size_t i;

	if (r->stopped == NULL)
		return;
	for (i = 0; i < r->nmodems; i++)
		if (r->modems[i].pid != 0)
			return;
	(void)event_del(r->stop_timer);
	r->stopped(r->stopped_ctx);
	r->stopped = NULL;
}

static void
radio_sigchld_cb(evutil_socket_t fd, short what, void *arg)
{
	struct radio *r = arg;
	int status;
	pid_t pid;
	size_t i;

	(void)fd;
	(void)what;
	while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
		for (i = 0; i < r->nmodems; i++)
			if (r->modems[i].pid == pid)
				child_reaped(&r->modems[i], status);
}

/* The database lost a turn: what the children gave in it was not kept, nor
 * what became of a child that ended in it. Let them finish and offer it
 * again. */
static void
radio_reload(void *arg)
{
	struct radio *r = arg;
	size_t i;

	for (i = 0; i < r->nmodems; i++) {
		life_reload(&r->modems[i]);
		quota_load(&r->modems[i].quota);
	}
}

void
radio_pump(struct radio *r)
{
	size_t i;

	for (i = 0; i < r->nmodems; i++) {
		if (r->modems[i].is_lost)
			life_settle_lost(&r->modems[i]);
		events_pump(&r->modems[i]);
		send_pump(&r->modems[i]);
	}
	for (i = 0; i < r->nmodems; i++)
		dial_pump(&r->modems[i]);
}

bool
radio_has_more(const struct radio *r)
{
	uint64_t generation = r->ops.generation();
	size_t i;

	for (i = 0; i < r->nmodems; i++)
		if (send_wants(&r->modems[i], generation) ||
		    events_wait(&r->modems[i]))
			return true;
	return false;
}

int64_t
radio_wake_at(const struct radio *r)
{
	int64_t now = clock_now_us() / 1000, at, first = 0;
	size_t i;

	for (i = 0; i < r->nmodems; i++) {
		at = r->modems[i].quota.wake_at;
		if (at > now && (first == 0 || at < first))
			first = at;
	}
	return first;
}

/* A child that hangs while it has nothing to send is noticed, too. One that
 * speaks of itself (STATUS) is not woken for it. */
static void
modem_ping(struct modem *m)
{
	if (m->state != MODEM_READY ||
	    (m->heard_ms != 0 && clock_mono_ms() - m->heard_ms < QUIET_MS) ||
	    event_pending(m->deadline, EV_TIMEOUT, NULL))
		return;
	child_send(m, ML_PING, 0, NULL);
	if (m->state == MODEM_READY)
		child_set_deadline(m, PONG_MS);
}

void
radio_upkeep(struct radio *r)
{
	size_t i;

	r->is_stuck = false;
	if (!r->is_locked)
		radio_sweep(r);
	for (i = 0; i < r->nmodems; i++) {
		r->modems[i].is_telling_refused = false;
		modem_ping(&r->modems[i]);
	}
}

/* --- pool --- */

static void
modem_init(struct modem *m, struct radio *r, const struct conf_modem *conf)
{
	m->radio = r;
	m->conf = conf;
	life_init(m);
	quota_init(&m->quota, r->core, conf);
	quota_load(&m->quota);
}

/* Also when the last daemon ended before it had taken in everything. */
static bool
radio_begins_locked(struct core *c)
{
	struct locked_figures f;

	if (vault_is_locked(c->vault))
		return true;
	return store_locked_figures(c->store, &f) != 0 || f.waiting > 0;
}

struct radio *
radio_new(struct core *c, struct event_base *base, const struct radio_ops *ops)
{
	struct radio *r = xcalloc(1, sizeof(*r));
	char *dir = xasprintf("%s/spool", c->conf->state_dir);
	size_t i;

	r->core = c;
	r->base = base;
	r->ops = *ops;
	r->is_locked = radio_begins_locked(c);
	watch_init(r);
	r->nmodems = c->conf->nmodems;
	r->modems = xcalloc(r->nmodems + 1, sizeof(*r->modems));
	for (i = 0; i < r->nmodems; i++)
		modem_init(&r->modems[i], r, &c->conf->modems[i]);
	r->sigchld = evsignal_new(base, SIGCHLD, radio_sigchld_cb, r);
	if (r->sigchld == NULL || event_add(r->sigchld, NULL) != 0)
		log_fatal("radio cannot watch its children");
	if (mkdir(dir, 0700) != 0 && access(dir, W_OK) != 0)
		log_fatal("radio cannot make the spool folder path=%s", dir);
	free(dir);
	turn_on_reload(c->turn, radio_reload, r);
	return r;
}

void
radio_start(struct radio *r)
{
	size_t i;

	r->is_started = true;
	for (i = 0; i < r->nmodems; i++)
		if (r->modems[i].state == MODEM_ABSENT &&
		    r->modems[i].pid == 0 &&
		    !event_pending(r->modems[i].again, EV_TIMEOUT, NULL))
			child_start(&r->modems[i]);
}

/* They know what to do without us: the end of the socket means stop. */
static void
radio_stop_cb(evutil_socket_t fd, short what, void *arg)
{
	struct radio *r = arg;

	(void)fd;
	(void)what;
	log_info("radio leaves children that finish a send");
	r->stopped(r->stopped_ctx);
	r->stopped = NULL;
}

void
radio_stop(struct radio *r, void (*done)(void *ctx), void *ctx)
{
	struct timeval tv = {.tv_sec = STOP_MS / 1000};
	size_t i;

	r->stopped = done;
	r->stopped_ctx = ctx;
	r->stop_timer = evtimer_new(r->base, radio_stop_cb, r);
	if (r->stop_timer == NULL || event_add(r->stop_timer, &tv) != 0)
		log_fatal("radio cannot make timers");
	for (i = 0; i < r->nmodems; i++) {
		r->modems[i].is_stopping = true;
		child_stop(&r->modems[i], "shutdown");
	}
	radio_check_stopped(r);
}

void
radio_free(struct radio *r)
{
	size_t i;

	if (r == NULL)
		return;
	for (i = 0; i < r->nmodems; i++)
		life_clear(&r->modems[i]);
	watch_clear(r);
	if (r->stop_timer != NULL)
		event_free(r->stop_timer);
	event_free(r->sigchld);
	free(r->modems);
	free(r);
}

static const char *
tail(const char *s)
{
	size_t len = strlen(s);

	return len > 4 ? s + len - 4 : s;
}

void
radio_credit_changed(struct radio *r, const char *modem)
{
	struct modem *m = radio_find(r, modem);

	if (m != NULL)
		row_load(m);
}

void
radio_each(const struct radio *r,
    void (*cb)(const struct radio_modem_info *m, void *ctx), void *ctx)
{
	struct radio_modem_info info;
	const struct modem *m;
	size_t i;

	for (i = 0; i < r->nmodems; i++) {
		m = &r->modems[i];
		info = (struct radio_modem_info){.name = m->conf->name,
		    .state = modem_state_name(m->state),
		    .reason = m->reason,
		    .device = m->device,
		    .number = m->conf->number,
		    .operator_name = m->conf->operator_name,
		    .model = m->info.model,
		    .imei_tail = tail(m->info.imei),
		    .imsi_tail = tail(m->info.imsi),
		    .network = m->status.operator_name,
		    .registration =
			modemlink_registration_name(m->status.registration),
		    .is_up = m->state == MODEM_READY || m->state == MODEM_BUSY,
		    .last_error = m->last_error,
		    .last_error_at = m->last_error_at,
		    .signal_percent = (int)m->status.signal_percent,
		    .sim_used = m->status.used,
		    .sim_size = m->status.size,
		    .restarts = m->starts > 0 ? m->starts - 1 : 0,
		    .sent = m->sent,
		    .failed = m->failed,
		    .uncertain = m->uncertain,
		    .received = m->received,
		    .seen_at = m->seen_at};
		quota_tell(&r->modems[i].quota, info.quotas);
		cb(&info, ctx);
	}
}
