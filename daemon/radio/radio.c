/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The pool of modems (radio.h): who is ready, who gets the next part, who
 * starts again and when. Owned by server.c.
 *
 * Sending: radio_pump() runs at the end of every loop iteration; each idle
 * modem gets the part that the outbox thinks matters most now, in a turn op of
 * its own, and the frame leaves after the commit. A result settles the part in
 * the same way, and the next pump follows in the same iteration: between two
 * segments there is one fsync and nothing else.
 *
 * A modem that ends is started again after a backoff with jitter; PIN and PUK
 * hold it. What a dead child was submitting is uncertain.
 */
#include "config.h"

#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "clock.h"
#include "conf.h"
#include "log.h"
#include "radio/radio_private.h"
#include "turn.h"
#include "vault/vault.h"

#define BACKOFF_FIRST_MS 500
#define BACKOFF_MAX_MS 60000
#define PAUSE_FIRST_MS 1000
#define PAUSE_MAX_MS 60000
#define SEND_GRACE_MS (130 * 1000) /* the child's own deadline is 120 s */
#define PONG_MS (130 * 1000)       /* it may be reading a full SIM */
#define STOP_MS 3000

static const char *const state_names[MODEM_NSTATES] = {
    [MODEM_ABSENT] = "absent",
    [MODEM_STARTING] = "starting",
    [MODEM_READY] = "ready",
    [MODEM_BUSY] = "busy",
    [MODEM_KILLING] = "killing",
    [MODEM_BACKOFF] = "backoff",
    [MODEM_HELD] = "held",
};

const char *
modem_state_name(enum modem_state s)
{
	return s < MODEM_NSTATES ? state_names[s] : "?";
}

void
modem_set_state(struct modem *m, enum modem_state to, const char *reason)
{
	bool is_traffic = (m->state == MODEM_READY || m->state == MODEM_BUSY) &&
			  (to == MODEM_READY || to == MODEM_BUSY);

	if (m->state != to && !is_traffic)
		log_info("modem %s name=%s from=%s reason=\"%s\"",
		    state_names[to], m->conf->name, state_names[m->state],
		    reason);
	m->state = to;
	if (reason != m->reason &&
	    str_printf(m->reason, sizeof(m->reason), "%s", reason) != 0)
		log_debug("modem reason cut name=%s", m->conf->name);
}

/* --- events --- */

static const char *const event_names[RADIO_NEVENTS] = {
    [RADIO_EVENT_DOWN] = "down",
    [RADIO_EVENT_HELD] = "held",
    [RADIO_EVENT_PIN] = "pin",
    [RADIO_EVENT_PUK] = "puk",
    [RADIO_EVENT_SIM_CHANGED] = "sim_changed",
    [RADIO_EVENT_SIM_FULL] = "sim_full",
};

const char *
radio_event_name(enum radio_event e)
{
	return e < RADIO_NEVENTS ? event_names[e] : "?";
}

struct event_op {
	struct modem *modem;
	enum radio_event event;
	bool is_on;
};

static int
op_event(void *arg)
{
	struct event_op *op = arg;
	struct radio_ops *ops = &op->modem->radio->ops;

	if (ops->on_event == NULL)
		return 0;
	return ops->on_event(
	    op->modem->conf->name, op->event, op->is_on, ops->ctx);
}

void
radio_event(struct modem *m, enum radio_event e, bool is_on)
{
	struct event_op op = {m, e, is_on};
	unsigned bit = 1U << e;

	if (((m->events & bit) != 0) == is_on)
		return;
	log_warn("modem event name=%s event=%s on=%d", m->conf->name,
	    radio_event_name(e), is_on);
	if (turn_run(m->radio->core->turn, op_event, &op) >= 0)
		m->events ^= bit; /* else it is told again the next time */
}

/* --- time --- */

static int64_t
radio_delay(unsigned times, int64_t first, int64_t max)
{
	int64_t ms = first;
	uint16_t jitter;

	while (times-- > 1 && ms < max)
		ms *= 2;
	if (ms > max)
		ms = max;
	vault_random(&jitter, sizeof(jitter));
	return ms + ms * (jitter % 256) / 1024; /* up to a quarter more */
}

static void
modem_wait(struct modem *m, int64_t ms)
{
	struct timeval tv = {
	    .tv_sec = ms / 1000, .tv_usec = (ms % 1000) * 1000};

	(void)event_add(m->again, &tv);
}

/* The backoff or the pause is over. */
static void
modem_again_cb(evutil_socket_t fd, short what, void *arg)
{
	struct modem *m = arg;

	(void)fd;
	(void)what;
	m->is_paused = false;
	if ((m->state == MODEM_BACKOFF || m->state == MODEM_ABSENT) &&
	    m->pid == 0 && m->bev == NULL && !m->is_stopping) {
		m->restarts++;
		child_start(m);
	}
}

static void
modem_deadline_cb(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	child_kill(arg, "deadline");
}

/* --- life --- */

static int
op_lost(void *arg)
{
	struct modem *m = arg;
	struct radio_ops *ops = &m->radio->ops;

	return ops->on_lost(m->conf->name, ops->ctx);
}

/* Retried by every pump until the database takes it. */
static void
modem_settle_lost(struct modem *m)
{
	if (turn_run(m->radio->core->turn, op_lost, m) >= 0)
		m->is_lost = false;
}

static void
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

void
radio_on_gone(struct modem *m)
{
	m->in_flight = 0;
	m->is_lost = true;
	modem_settle_lost(m);
	if (m->is_stopping) {
		radio_check_stopped(m->radio);
		return;
	}
	radio_event(m, RADIO_EVENT_DOWN, true);
	if (m->state == MODEM_HELD)
		return;
	if (m->state != MODEM_ABSENT)
		modem_set_state(m, MODEM_BACKOFF, m->reason);
	m->failures++;
	modem_wait(
	    m, radio_delay(m->failures, BACKOFF_FIRST_MS, BACKOFF_MAX_MS));
}

void
radio_on_ready(struct modem *m, const struct ml_ready *ready)
{
	m->info = *ready;
	m->failures = 0;
	m->asked_generation = 0;
	modem_set_state(m, MODEM_READY, "");
	radio_event(m, RADIO_EVENT_DOWN, false);
	log_info("modem online name=%s imsi=%s notifies=%d", m->conf->name,
	    log_number(ready->imsi), ready->notifies);
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
		r->modems[i].is_lost = true;
		child_stop(&r->modems[i], "database");
	}
}

/* --- results --- */

struct result_op {
	struct modem *modem;
	struct radio_result result;
	uint64_t spool_id;
};

static int
op_result(void *arg)
{
	struct result_op *op = arg;
	struct radio_ops *ops = &op->modem->radio->ops;
	int rc;

	rc = ops->on_result(&op->result, ops->ctx);
	if (rc >= 0)
		receive_ack(op->modem, op->spool_id);
	return rc;
}

static void
modem_pause(struct modem *m)
{
	m->refusals++;
	m->is_paused = true;
	modem_wait(m, radio_delay(m->refusals, PAUSE_FIRST_MS, PAUSE_MAX_MS));
}

static void
modem_count(struct modem *m, enum ml_outcome outcome)
{
	if (outcome == ML_SENT)
		m->sent++;
	else if (outcome == ML_UNCERTAIN)
		m->uncertain++;
	else
		m->failed++;
}

void
radio_on_result(struct modem *m, uint64_t part_id, const struct ml_result *r)
{
	struct result_op op = {.modem = m,
	    .spool_id = r->spool_id,
	    .result = {.modem = m->conf->name,
		.part_id = (int64_t)part_id,
		.outcome = r->outcome,
		.tp_mr = (int)r->tp_mr,
		.code = (int)r->code}};
	int rc;

	modem_count(m, r->outcome);
	rc = turn_run(m->radio->core->turn, op_result, &op);
	if (rc < 0) {
		/* Not kept: it stays in the spool and comes again. */
		log_err("modem result not kept name=%s part=%016" PRIx64
			" why=\"%s\"",
		    m->conf->name, part_id, tc_strerror(rc));
		child_stop(m, "database");
		return;
	}
	if (rc > 0)
		modem_pause(m); /* it went back to the queue: give it time */
	else
		m->refusals = 0;
	if (m->in_flight == (int64_t)part_id && m->state == MODEM_BUSY) {
		m->in_flight = 0;
		child_set_deadline(m, 0);
		modem_set_state(m, MODEM_READY, "");
	}
}

/* --- sending --- */

struct send_op {
	struct modem *modem;
	struct radio_part part;
};

static void
send_free(struct send_op *op)
{
	explicit_bzero(op, sizeof(*op));
	free(op);
}

static void
send_let_out(void *arg)
{
	struct send_op *op = arg;
	struct ml_send_part body = {.coding = (uint8_t)op->part.coding,
	    .validity_min = op->part.validity_min,
	    .report = op->part.report};

	memcpy(body.number, op->part.number, sizeof(body.number));
	memcpy(body.udh, op->part.udh, op->part.udh_len);
	body.udh_len = (uint32_t)op->part.udh_len;
	memcpy(body.text, op->part.text, sizeof(body.text));
	child_send(op->modem, ML_SEND_PART, (uint64_t)op->part.id, &body);
	explicit_bzero(&body, sizeof(body));
	child_set_deadline(op->modem, SEND_GRACE_MS);
	send_free(op);
}

/* Nothing was promised: the part is queued still. */
static void
send_drop(void *arg)
{
	struct send_op *op = arg;
	struct modem *m = op->modem;

	if (m->in_flight == op->part.id && m->state == MODEM_BUSY) {
		m->in_flight = 0;
		m->asked_generation = 0;
		modem_set_state(m, MODEM_READY, "");
	}
	send_free(op);
}

static const enum effect_class lane_effects[] = {
    EFFECT_CRISIS, EFFECT_CASE, EFFECT_REPLY, EFFECT_CAMPAIGN};

static int
op_next(void *arg)
{
	struct send_op *op = arg, *effect;
	struct radio *r = op->modem->radio;
	struct radio_offer offer = {.modem = op->modem->conf->name,
	    .operator_name = op->modem->conf->operator_name,
	    .lanes = ~0U};
	int rc;

	/* The turn before may have failed when this one was opened: the child
	 * was then told to stop and takes nothing any more. */
	if (op->modem->state != MODEM_READY)
		return 0;
	rc = r->ops.next_part(&offer, &op->part, r->ops.ctx);
	if (rc != 1)
		return rc;
	effect = xmalloc(sizeof(*effect));
	*effect = *op;
	turn_defer(r->core->turn, lane_effects[op->part.lane & 3], send_let_out,
	    send_drop, effect);
	return 1;
}

static bool
modem_wants(const struct modem *m, uint64_t generation)
{
	return m->state == MODEM_READY && m->in_flight == 0 && !m->is_paused &&
	       !m->is_stopping && m->asked_generation != generation;
}

static void
modem_pump(struct modem *m)
{
	uint64_t generation = m->radio->ops.generation();
	struct send_op op;
	int rc;

	if (!modem_wants(m, generation))
		return;
	memset(&op, 0, sizeof(op));
	op.modem = m;
	rc = turn_run(m->radio->core->turn, op_next, &op);
	if (rc == 1) {
		m->in_flight = op.part.id;
		modem_set_state(m, MODEM_BUSY, "");
	} else if (rc == 0)
		m->asked_generation = generation;
	else
		modem_pause(m);
	explicit_bzero(&op, sizeof(op));
}

void
radio_pump(struct radio *r)
{
	size_t i;

	for (i = 0; i < r->nmodems; i++) {
		if (r->modems[i].is_lost)
			modem_settle_lost(&r->modems[i]);
		modem_pump(&r->modems[i]);
	}
}

bool
radio_has_more(const struct radio *r)
{
	uint64_t generation = r->ops.generation();
	size_t i;

	for (i = 0; i < r->nmodems; i++)
		if (modem_wants(&r->modems[i], generation))
			return true;
	return false;
}

/* A child that hangs while it has nothing to send is noticed, too. */
static void
modem_ping(struct modem *m)
{
	if (m->state != MODEM_READY ||
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

	radio_sweep(r);
	for (i = 0; i < r->nmodems; i++)
		modem_ping(&r->modems[i]);
}

/* --- pool --- */

static void
modem_init(struct modem *m, struct radio *r, const struct conf_modem *conf)
{
	m->radio = r;
	m->conf = conf;
	m->state = MODEM_ABSENT;
	m->status.signal_percent = -1;
	m->deadline = evtimer_new(r->base, modem_deadline_cb, m);
	m->again = evtimer_new(r->base, modem_again_cb, m);
	if (m->deadline == NULL || m->again == NULL)
		log_fatal("radio cannot make timers");
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
	for (i = 0; i < r->nmodems; i++) {
		child_clear(&r->modems[i]);
		event_free(r->modems[i].deadline);
		event_free(r->modems[i].again);
	}
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
radio_each(const struct radio *r,
    void (*cb)(const struct radio_modem_info *m, void *ctx), void *ctx)
{
	struct radio_modem_info info;
	const struct modem *m;
	size_t i;

	for (i = 0; i < r->nmodems; i++) {
		m = &r->modems[i];
		info = (struct radio_modem_info){.name = m->conf->name,
		    .state = state_names[m->state],
		    .reason = m->reason,
		    .device = m->conf->device,
		    .number = m->conf->number,
		    .operator_name = m->conf->operator_name,
		    .model = m->info.model,
		    .imei_tail = tail(m->info.imei),
		    .imsi_tail = tail(m->info.imsi),
		    .signal_percent = (int)m->status.signal_percent,
		    .sim_used = m->status.used,
		    .sim_size = m->status.size,
		    .restarts = m->restarts,
		    .sent = m->sent,
		    .failed = m->failed,
		    .uncertain = m->uncertain,
		    .received = m->received};
		cb(&info, ctx);
	}
}
