/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The table of faults. control.c sets them, the rest of the simulator asks
 * fault_is_on() and fault_take() at the place where each belongs; a few have an
 * effect of their own when they are set or taken back. Owns the fault events of
 * a modem. A fault is journaled when it is set and each time it is used.
 */

#include "config.h"

#include <string.h>

#include "fault.h"
#include "modem.h"
#include "radio.h"
#include "sim.h"

#define COUNT_MAX 1000000
#define MS_MAX 3600000
#define CODE_MAX 999
#define CODE_DEFAULT 38 /* network out of order */
#define CHATTER_MS 100
#define LATE_MS 5000

struct fault_row {
	const char *name;
	unsigned count;                 /* default */
	unsigned ms;                    /* default */
	int (*on_set)(struct modem *m); /* an error takes the fault back */
	void (*on_clear)(struct modem *m);
};

static int start_hang(struct modem *m);
static int start_chatter(struct modem *m);
static void stop_chatter(struct modem *m);
static int vanish(struct modem *m);
static int come_back(struct modem *m);

static const struct fault_row rows[] = {
    [FAULT_HANG] = {"hang", 0, 0, start_hang, radio_pump},
    [FAULT_NO_FINAL] = {"no-final", 1, 0, NULL, NULL},
    [FAULT_LATE_FINAL] = {"late-final", 1, LATE_MS, NULL, NULL},
    [FAULT_REFUSE] = {"refuse", 1, 0, NULL, NULL},
    [FAULT_BARE_ERROR] = {"bare-error", 1, 0, NULL, NULL},
    [FAULT_NO_PROMPT] = {"no-prompt", 1, 0, NULL, NULL},
    [FAULT_GARBAGE] = {"garbage", 1, 0, NULL, NULL},
    [FAULT_CHATTER] = {"chatter", 0, CHATTER_MS, start_chatter, stop_chatter},
    [FAULT_FULL] = {"full", 0, 0, NULL, radio_pump},
    [FAULT_DELETE_REFUSED] = {"delete-refused", 1, 0, NULL, NULL},
    [FAULT_NO_NOTIFY] = {"no-notify", 1, 0, NULL, NULL},
    [FAULT_DUPLICATE_NOTIFY] = {"duplicate-notify", 1, 0, NULL, NULL},
    [FAULT_SHUFFLE] = {"shuffle", 1, 0, NULL, NULL},
    [FAULT_NO_NETWORK] = {"no-network", 0, 0, NULL, radio_pump},
    [FAULT_NO_SIM] = {"no-sim", 0, 0, NULL, radio_pump},
    [FAULT_SIM_PIN] = {"sim-pin", 0, 0, NULL, radio_pump},
    [FAULT_SIM_PUK] = {"sim-puk", 0, 0, NULL, radio_pump},
    [FAULT_VANISH] = {"vanish", 0, 0, vanish, NULL},
    [FAULT_BACK] = {"back", 0, 0, come_back, NULL},
};
_Static_assert(TC_NELEM(rows) == FAULT_NKINDS, "fault table");

static void
journal_fault(struct modem *m, enum fault_kind kind, const char *state)
{
	journal_log(&m->sim->journal, m->index, "fault",
	    json_pack("{s:s,s:s}", "kind", rows[kind].name, "state", state));
}

bool
fault_is_on(const struct modem *m, enum fault_kind kind)
{
	return m->faults[kind].is_on;
}

void
fault_clear(struct modem *m, enum fault_kind kind)
{
	if (!m->faults[kind].is_on)
		return;
	m->faults[kind].is_on = false;
	journal_fault(m, kind, "cleared");
	if (rows[kind].on_clear != NULL)
		rows[kind].on_clear(m);
}

bool
fault_take(struct modem *m, enum fault_kind kind)
{
	struct fault *f = &m->faults[kind];

	if (!f->is_on)
		return false;
	journal_fault(m, kind, "used");
	if (f->count > 0 && --f->count == 0)
		fault_clear(m, kind);
	return true;
}

static int
fault_find(const char *name)
{
	int i;

	for (i = 0; i < FAULT_NKINDS; i++)
		if (strcmp(rows[i].name, name) == 0)
			return i;
	return TC_EINVAL;
}

static void
fault_clear_all(struct modem *m)
{
	int i;

	for (i = 0; i < FAULT_NKINDS; i++)
		if (i != FAULT_VANISH)
			fault_clear(m, (enum fault_kind)i);
}

int
fault_set(struct modem *m, const struct fault_request *r)
{
	struct fault *f;
	int kind;

	if (strcmp(r->kind, "clear") == 0) {
		fault_clear_all(m);
		return 0;
	}
	kind = fault_find(r->kind);
	if (kind < 0 || r->count > COUNT_MAX || r->ms > MS_MAX ||
	    r->code > CODE_MAX)
		return TC_EINVAL;
	f = &m->faults[kind];
	f->is_on = true;
	f->count = r->count >= 0 ? (unsigned)r->count : rows[kind].count;
	f->ms = r->ms >= 0 ? (unsigned)r->ms : rows[kind].ms;
	f->code = r->code >= 0 ? (int)r->code : CODE_DEFAULT;
	journal_fault(m, (enum fault_kind)kind, "set");
	if (rows[kind].on_set == NULL)
		return 0;
	return rows[kind].on_set(m);
}

json_t *
fault_list(const struct modem *m)
{
	json_t *o = json_object();
	int i;

	for (i = 0; i < FAULT_NKINDS; i++)
		if (m->faults[i].is_on)
			(void)json_object_set_new(
			    o, rows[i].name, json_integer(m->faults[i].count));
	return o;
}

/* hang: with ms it ends by itself */

static void
on_hang_end(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	fault_clear(arg, FAULT_HANG);
}

static int
start_hang(struct modem *m)
{
	if (m->ev_hang == NULL)
		m->ev_hang = event_new(m->sim->base, -1, 0, on_hang_end, m);
	event_del(m->ev_hang);
	if (m->faults[FAULT_HANG].ms > 0)
		sim_timer(m->ev_hang, m->faults[FAULT_HANG].ms);
	return 0;
}

/* chatter: unasked lines, as some sticks write about their signal */

static void
on_chatter(evutil_socket_t fd, short what, void *arg)
{
	struct modem *m = arg;

	(void)fd;
	(void)what;
	if (!fault_take(m, FAULT_CHATTER))
		return;
	modem_notify(m, NULL, NULL, "^RSSI:%u",
	    (unsigned)(10 + sim_random(m->sim) % 20));
	if (fault_is_on(m, FAULT_CHATTER))
		sim_timer(m->ev_chatter, m->faults[FAULT_CHATTER].ms);
}

static int
start_chatter(struct modem *m)
{
	if (m->faults[FAULT_CHATTER].ms == 0)
		m->faults[FAULT_CHATTER].ms = 1;
	if (m->ev_chatter == NULL)
		m->ev_chatter = event_new(m->sim->base, -1, 0, on_chatter, m);
	sim_timer(m->ev_chatter, m->faults[FAULT_CHATTER].ms);
	return 0;
}

static void
stop_chatter(struct modem *m)
{
	event_del(m->ev_chatter);
}

/* vanish, back: somebody pulls the plug, and puts it in again */

static int
vanish(struct modem *m)
{
	call_end(m, "vanished", false);
	ussd_cancel(m);
	if (modem_is_open(m))
		modem_close(m);
	return 0;
}

static int
come_back(struct modem *m)
{
	m->faults[FAULT_BACK].is_on = false;
	m->faults[FAULT_VANISH].is_on = false;
	return modem_is_open(m) ? 0 : modem_open(m);
}
