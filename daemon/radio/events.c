/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a person must know of a modem (enum radio_event): what is so, and that
 * it is told once when it begins and once when it ends. After a start whatever
 * becomes known is told, so that nobody waits for the end of something that
 * ended while the daemon was away. */
#include "config.h"

#include "conf.h"
#include "log.h"
#include "radio/radio_private.h"
#include "turn.h"

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

void
events_set(struct modem *m, enum radio_event e, bool is_on)
{
	unsigned bit = 1U << e;

	if (((m->events & bit) != 0) != is_on) {
		log_warn("modem event name=%s event=%s on=%d", m->conf->name,
		    radio_event_name(e), is_on);
		m->events ^= bit;
	}
	m->events_known |= bit;
}

/* Bits that differ from what was told. */
static unsigned
events_untold(const struct modem *m)
{
	return m->events_known & (~m->told_known | (m->events ^ m->told));
}

bool
events_wait(const struct modem *m)
{
	return events_untold(m) != 0 && !m->is_telling_refused;
}

static int
op_events(void *arg)
{
	struct modem *m = arg;
	struct radio_ops *ops = &m->radio->ops;
	unsigned bits = events_untold(m);
	int e, rc = 0;

	for (e = 0; e < RADIO_NEVENTS && rc >= 0; e++)
		if ((bits & 1U << e) != 0)
			rc = ops->on_event(m->conf->name, (enum radio_event)e,
			    (m->events & 1U << e) != 0, ops->ctx);
	return rc;
}

void
events_pump(struct modem *m)
{
	if (!events_wait(m))
		return;
	if (m->radio->ops.on_event != NULL &&
	    turn_run(m->radio->core->turn, op_events, m) < 0) {
		log_err("modem events not told name=%s", m->conf->name);
		m->is_telling_refused = true;
		return;
	}
	m->told = m->events;
	m->told_known = m->events_known;
}
