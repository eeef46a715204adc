/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The life of a modem: its states, when its child starts and starts again, and
 * when it does not. Called by child.c (READY, GONE, the end), by radio.c and,
 * for hold and resume, by people.
 *
 * A modem that ends is started again after a backoff with jitter. One that
 * fails again and again without having done anything well in between is held
 * for half an hour, then tried once: it heals without people, and until then
 * nobody is given to it. PIN and PUK hold it, too, and a person may.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "conf.h"
#include "log.h"
#include "radio/radio_private.h"
#include "turn.h"
#include "vault/vault.h"

#define BACKOFF_FIRST_MS 500
#define BACKOFF_MAX_MS 60000
#define PLANNED_MS 1
#define MINUTE_MS (60 * 1000)
#define HELD_RETRY_MS (30 * MINUTE_MS)
/* Ready for so long without an end is something done well. */
#define STEADY_MS (5 * MINUTE_MS)
#define SIM_FULL_PERCENT 90
#define SIM_FREE_PERCENT 80

#define FAILING "failing"
#define RESUME "resume"

/* --- states --- */

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

/* For people: why it was last not ready, unless somebody wanted it so. */
static void
modem_note_error(struct modem *m, const char *reason)
{
	if (reason[0] == '\0' || m->is_asked || m->is_planned ||
	    m->is_stopping || strcmp(reason, RADIO_HELD_HAND) == 0 ||
	    strcmp(reason, RESUME) == 0)
		return;
	m->last_error_at = clock_now();
	if (str_printf(m->last_error, sizeof(m->last_error), "%s", reason) != 0)
		log_debug("modem error cut name=%s", m->conf->name);
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
	modem_note_error(m, reason);
	if (reason != m->reason &&
	    str_printf(m->reason, sizeof(m->reason), "%s", reason) != 0)
		log_debug("modem reason cut name=%s", m->conf->name);
}

/* --- time --- */

int64_t
life_delay(unsigned times, int64_t first, int64_t max)
{
	int64_t ms = first;
	uint16_t jitter;

	while (times-- > 1 && ms < max)
		ms *= 2;
	if (ms > max)
		ms = max;
	vault_random(&jitter, sizeof(jitter));
	return ms + ms * (jitter % 256) / 1024;
}

void
life_wait(struct modem *m, int64_t ms)
{
	struct timeval tv = {
	    .tv_sec = ms / 1000, .tv_usec = (ms % 1000) * 1000};

	(void)event_add(m->again, &tv);
}

/* The backoff, the half hour or the pause is over. */
static void
life_again_cb(evutil_socket_t fd, short what, void *arg)
{
	struct modem *m = arg;

	(void)fd;
	(void)what;
	m->is_paused = false;
	if (m->pid != 0 || m->bev != NULL || m->is_stopping)
		return;
	if (m->state == MODEM_BACKOFF || m->state == MODEM_ABSENT ||
	    (m->state == MODEM_HELD && m->is_failing))
		child_start(m);
}

static void
life_deadline_cb(evutil_socket_t fd, short what, void *arg)
{
	struct modem *m = arg;

	(void)fd;
	(void)what;
	m->is_hung = true;
	child_kill(m, "deadline");
}

void
life_init(struct modem *m)
{
	m->state = MODEM_ABSENT;
	m->device = m->conf->device;
	m->status.signal_percent = -1;
	m->deadline = evtimer_new(m->radio->base, life_deadline_cb, m);
	m->again = evtimer_new(m->radio->base, life_again_cb, m);
	if (m->deadline == NULL || m->again == NULL)
		log_fatal("radio cannot make timers");
	dial_init(m);
	step_init(m);
	row_load(m);
	tombstone_load(m);
	if (m->row.held[0] == '\0')
		return;
	modem_set_state(m, MODEM_HELD, m->row.held);
	events_set(m,
	    strcmp(m->row.held, RADIO_HELD_SIM) == 0 ? RADIO_EVENT_SIM_CHANGED
						     : RADIO_EVENT_HELD,
	    true);
}

void
life_clear(struct modem *m)
{
	child_clear(m);
	dial_clear(m);
	step_clear(m);
	event_free(m->deadline);
	event_free(m->again);
}

/* --- ends --- */

/* So many ends by fault in so long are too many. */
static const struct {
	size_t ends;
	int64_t ms;
} life_limits[] = {
    {5, 10 * MINUTE_MS},
    {10, 60 * MINUTE_MS},
    {LIFE_ENDS, 360 * MINUTE_MS},
};

static bool
life_fails_often(const struct modem *m, int64_t now)
{
	size_t i;

	for (i = 0; i < TC_NELEM(life_limits); i++)
		if (m->nends >= life_limits[i].ends &&
		    now - m->ends[m->nends - life_limits[i].ends] <=
			life_limits[i].ms)
			return true;
	return false;
}

static void
life_count_end(struct modem *m, int64_t now)
{
	if (m->nends == LIFE_ENDS) {
		memmove(
		    m->ends, m->ends + 1, (LIFE_ENDS - 1) * sizeof(m->ends[0]));
		m->nends--;
	}
	m->ends[m->nends++] = now;
}

void
life_on_success(struct modem *m)
{
	m->failures = 0;
	m->nends = 0;
	if (!m->is_failing)
		return;
	m->is_failing = false;
	events_set(m, RADIO_EVENT_HELD, false);
}

static int
op_lost(void *arg)
{
	struct modem *m = arg;
	struct radio_ops *ops = &m->radio->ops;

	return ops->on_lost(m->conf->name, ops->ctx);
}

void
life_settle_lost(struct modem *m)
{
	if (turn_run(m->radio->core->turn, op_lost, m) >= 0)
		m->is_lost = false;
}

/* An end that nobody asked for. */
static void
life_after_fault(struct modem *m)
{
	int64_t now = clock_mono_ms();

	life_count_end(m, now);
	if (m->is_failing || life_fails_often(m, now)) {
		m->is_failing = true;
		modem_set_state(m, MODEM_HELD, FAILING);
		events_set(m, RADIO_EVENT_HELD, true);
		life_wait(m, life_delay(1, HELD_RETRY_MS, HELD_RETRY_MS));
		return;
	}
	modem_set_state(m, MODEM_BACKOFF, m->reason);
	life_wait(m, life_delay(m->failures, BACKOFF_FIRST_MS, BACKOFF_MAX_MS));
}

/* What follows the end of a child. */
static void
life_go_on(struct modem *m)
{
	bool is_planned = m->is_planned, is_asked = m->is_asked;

	m->is_planned = m->is_asked = false;
	if (m->state == MODEM_HELD)
		return;
	if (is_planned) {
		modem_set_state(m, MODEM_BACKOFF, m->reason);
		life_wait(m, PLANNED_MS);
		return;
	}
	m->failures++;
	if (m->state != MODEM_ABSENT && !is_asked) {
		life_after_fault(m);
		return;
	}
	if (m->state != MODEM_ABSENT)
		modem_set_state(m, MODEM_BACKOFF, m->reason);
	life_wait(m, life_delay(m->failures, BACKOFF_FIRST_MS, BACKOFF_MAX_MS));
}

void
life_on_gone(struct modem *m)
{
	m->in_flight = 0;
	m->is_paused = false; /* the backoff is pause enough */
	m->status = (struct ml_status){.signal_percent = -1};
	m->is_lost = true;
	life_settle_lost(m);
	step_on_gone(m);
	if (m->phase != ML_PHASE_READY)
		pin_on_gone(m, m->is_pin_refused);
	if (m->is_stopping) {
		radio_check_stopped(m->radio);
		return;
	}
	if (!m->is_planned)
		events_set(m, RADIO_EVENT_DOWN, true);
	life_go_on(m);
	dial_on_gone(m);
}

void
life_on_missing(struct modem *m)
{
	modem_set_state(
	    m, MODEM_ABSENT, modemlink_gone_name(ML_GONE_NO_DEVICE));
	events_set(m, RADIO_EVENT_DOWN, true);
	life_wait(m, life_delay(1, BACKOFF_MAX_MS, BACKOFF_MAX_MS));
}

void
life_on_goodbye(struct modem *m, const struct ml_gone_body *gone)
{
	if (str_printf(m->reason, sizeof(m->reason), "%s",
		modemlink_gone_name(gone->why)) != 0)
		m->reason[0] = '\0';
	log_warn("modem gives up name=%s why=%s detail=\"%s\"", m->conf->name,
	    m->reason, gone->detail);
	m->is_hung = m->is_hung || gone->why == ML_GONE_MODEM_ERROR;
	m->is_pin_refused = gone->pin_tried && (gone->why == ML_GONE_PIN ||
						   gone->why == ML_GONE_PUK);
	if (gone->why == ML_GONE_PIN || gone->why == ML_GONE_PUK) {
		modem_set_state(m, MODEM_HELD, m->reason);
		events_set(m,
		    gone->why == ML_GONE_PIN ? RADIO_EVENT_PIN
					     : RADIO_EVENT_PUK,
		    true);
	} else if (gone->why == ML_GONE_NO_DEVICE && m->state != MODEM_HELD) {
		modem_set_state(m, MODEM_ABSENT, m->reason);
		watch_for(m);
	} else if (m->state != MODEM_HELD)
		modem_set_state(m, MODEM_KILLING, m->reason);
}

void
life_on_ready(struct modem *m, const struct ml_ready *ready)
{
	if (!identity_check(m, ready))
		return;
	m->info = *ready;
	m->asked_generation = 0;
	m->delete_failures = 0;
	m->delete_again_ms = 0;
	m->ready_ms = clock_mono_ms();
	modem_set_state(m, MODEM_READY, "");
	events_set(m, RADIO_EVENT_DOWN, false);
	events_set(m, RADIO_EVENT_HELD, m->is_failing);
	events_set(m, RADIO_EVENT_PIN, false);
	events_set(m, RADIO_EVENT_PUK, false);
	log_info("modem online name=%s imsi=%s notifies=%d", m->conf->name,
	    log_number(ready->imsi), ready->notifies);
	tombstone_load(m);
	tombstone_retry(m);
}

/* Full is 90 percent, and not full any more is below 80. */
static void
life_check_store(struct modem *m)
{
	uint64_t used = (uint64_t)m->status.used * 100, size = m->status.size;

	if (size == 0)
		return;
	if (used >= size * SIM_FULL_PERCENT)
		events_set(m, RADIO_EVENT_SIM_FULL, true);
	else if (used < size * SIM_FREE_PERCENT ||
		 (m->events_known & 1U << RADIO_EVENT_SIM_FULL) == 0)
		events_set(m, RADIO_EVENT_SIM_FULL, false);
}

void
life_on_status(struct modem *m, const struct ml_status *status)
{
	m->status = *status;
	life_check_store(m);
	tombstone_retry(m);
	if (clock_mono_ms() - m->ready_ms >= STEADY_MS)
		life_on_success(m);
}

void
life_reload(struct modem *m)
{
	row_load(m);
	tombstone_load(m);
	m->is_lost = true;
	m->told_known = 0; /* perhaps it was told in the turn that is lost */
	child_stop(m, "database");
}

/* --- by hand --- */

/* The commit is done. What is on the air is finished, its result is taken. */
static void
hold_let_out(void *arg)
{
	struct modem *m = arg;

	(void)event_del(m->again);
	modem_set_state(m, MODEM_HELD, RADIO_HELD_HAND);
	events_set(m, RADIO_EVENT_HELD, true);
	child_stop(m, RADIO_HELD_HAND);
}

int
radio_hold(struct radio *r, const char *modem)
{
	struct modem *m = radio_find(r, modem);
	struct modem_row row;
	int rc;

	if (m == NULL)
		return TC_ENOENT;
	if (m->row.held[0] != '\0')
		return TC_ESTATE;
	row = m->row;
	rc = str_printf(row.held, sizeof(row.held), RADIO_HELD_HAND);
	if (rc == 0)
		rc = row_put(m, &row);
	if (rc == 0)
		turn_defer(r->core->turn, EFFECT_HOUSE, hold_let_out, NULL, m);
	return rc;
}

static void
resume_let_out(void *arg)
{
	struct modem *m = arg;

	m->is_failing = false;
	m->nends = 0;
	m->failures = 0;
	events_set(m, RADIO_EVENT_HELD, false);
	events_set(m, RADIO_EVENT_SIM_CHANGED, false);
	if (m->pid != 0 || m->bev != NULL) {
		m->is_planned = true; /* it is still on its way out */
		modem_set_state(m, MODEM_KILLING, RESUME);
		return;
	}
	if (!m->radio
		 ->is_started) { /* nothing starts before the keys are set */
		modem_set_state(m, MODEM_ABSENT, "");
		return;
	}
	modem_set_state(m, MODEM_BACKOFF, RESUME);
	life_wait(m, PLANNED_MS);
}

int
radio_resume(struct radio *r, const char *modem)
{
	struct modem *m = radio_find(r, modem);
	struct modem_row row;
	bool is_other_sim;
	int rc;

	if (m == NULL)
		return TC_ENOENT;
	if (m->state != MODEM_HELD && m->row.held[0] == '\0')
		return TC_ESTATE;
	row = m->row;
	is_other_sim = strcmp(row.held, RADIO_HELD_SIM) == 0;
	if (is_other_sim) /* the next one is learnt */
		memset(row.imsi_mac, 0, sizeof(row.imsi_mac));
	/* What became of a PIN is not known: a person says try it. One that
	 * was refused is refused, unless the SIM is another one. */
	if (is_other_sim || row.pin_open)
		memset(row.pin_tried, 0, sizeof(row.pin_tried));
	row.pin_open = false;
	row.held[0] = '\0';
	rc = row_put(m, &row);
	if (rc == 0)
		turn_defer(
		    r->core->turn, EFFECT_HOUSE, resume_let_out, NULL, m);
	return rc;
}
