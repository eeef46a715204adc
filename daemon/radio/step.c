/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a child is asking its modem (STEP): how long that may take, and what is
 * left out at the next start because it killed the child. Called by child.c and
 * life.c.
 *
 * A child that crashes in an optional step (abort inside libgammu on the answer
 * of an odd modem) is started without it. One that only hangs or gives up in it
 * must do so twice, without an answer in between: any modem that is dead is
 * noticed by the first question that happens to be asked.
 */
#include "config.h"

#include <signal.h>
#include <sys/wait.h>

#include "conf.h"
#include "log.h"
#include "radio/radio_private.h"

/* The child's own deadlines are shorter: these are for one that hangs. */
static const int step_seconds[ML_NSTEPS] = {
    [ML_STEP_CONNECT] = 120,
    [ML_STEP_PIN] = 60,
    [ML_STEP_IDENTITY] = 120,
    [ML_STEP_READ] = 130,
    [ML_STEP_USSD] = 120,
    [ML_STEP_SIGNAL] = 60,
    [ML_STEP_STORE] = 60,
    [ML_STEP_NETWORK] = 120,
};

static void
step_timer_cb(evutil_socket_t fd, short what, void *arg)
{
	struct modem *m = arg;

	(void)fd;
	(void)what;
	log_warn("modem does not come back name=%s step=%s", m->conf->name,
	    modemlink_step_name(m->step));
	m->is_hung = true;
	child_kill(m, "hung");
}

void
step_init(struct modem *m)
{
	m->step_timer = evtimer_new(m->radio->base, step_timer_cb, m);
	if (m->step_timer == NULL)
		log_fatal("radio cannot make timers");
}

void
step_clear(struct modem *m)
{
	event_free(m->step_timer);
}

void
step_on(struct modem *m, enum ml_step step)
{
	struct timeval tv = {.tv_sec = step_seconds[step]};

	if (m->bad_step == m->step && step != m->step)
		m->bad_step = ML_STEP_NONE; /* it was answered after all */
	m->step = step;
	if (step == ML_STEP_PIN)
		m->is_pin_used = true;
	if (step == ML_STEP_NONE)
		(void)event_del(m->step_timer);
	else
		(void)event_add(m->step_timer, &tv);
}

static bool
step_is_crash(int status)
{
	return WIFSIGNALED(status) && WTERMSIG(status) != SIGKILL &&
	       WTERMSIG(status) != SIGTERM;
}

static void
step_leave_out(struct modem *m, enum ml_step step)
{
	struct modem_row row = m->row;

	if ((row.skip & ML_SKIP(step)) != 0)
		return;
	log_warn("modem is not asked again what ended its child name=%s "
		 "step=%s",
	    m->conf->name, modemlink_step_name(step));
	row.skip |= ML_SKIP(step);
	if (row_save(m, &row) != 0)
		m->bad_step = step; /* it will end the next one, too */
}

void
step_on_gone(struct modem *m)
{
	enum ml_step step = m->step;
	bool is_crash = step_is_crash(m->wait_status);

	(void)event_del(m->step_timer);
	m->step = ML_STEP_NONE;
	if (!is_crash && !m->is_hung)
		return;
	if (step >= ML_STEP_OPTIONAL && (is_crash || m->bad_step == step))
		step_leave_out(m, step);
	m->bad_step = step;
}
