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
#include "log.h"
#include "modem.h"
#include "radio.h"
#include "sim.h"

#define COUNT_MAX 1000000
#define MS_MAX 3600000
#define CODE_MAX 999
#define CMS_DEFAULT 38  /* network out of order */
#define CME_DEFAULT 100 /* unknown */
#define CUSD_DEFAULT 4  /* not supported */
#define CHATTER_MS 100
#define LATE_MS 5000
#define SLOW_MS 5000
#define PIN_TRIES 3

struct fault_row {
	const char *name;
	unsigned count;                 /* default */
	unsigned ms;                    /* default */
	int code;                       /* default */
	int (*on_set)(struct modem *m); /* an error takes the fault back */
	void (*on_clear)(struct modem *m);
};

static int start_hang(struct modem *m);
static int start_chatter(struct modem *m);
static void stop_chatter(struct modem *m);
static int vanish(struct modem *m);
static int come_back(struct modem *m);

static const struct fault_row rows[] = {
    [FAULT_HANG] = {"hang", 0, 0, 0, start_hang, radio_pump},
    [FAULT_NO_FINAL] = {"no-final", .count = 1},
    [FAULT_LATE_FINAL] = {"late-final", .count = 1, .ms = LATE_MS},
    [FAULT_SLOW] = {"slow", .ms = SLOW_MS},
    [FAULT_REFUSE] = {"refuse", .count = 1, .code = CMS_DEFAULT},
    [FAULT_BARE_ERROR] = {"bare-error", .count = 1},
    [FAULT_NO_PROMPT] = {"no-prompt", .count = 1},
    [FAULT_GARBAGE] = {"garbage", .count = 1},
    [FAULT_CHATTER] = {"chatter", 0, CHATTER_MS, 0, start_chatter,
	stop_chatter},
    [FAULT_FULL] = {"full", .on_clear = radio_pump},
    [FAULT_DELETE_REFUSED] = {"delete-refused", .count = 1},
    [FAULT_SLOT_REUSED] = {"slot-reused", .count = 1, .on_clear = radio_pump},
    [FAULT_SLOT_ZERO] = {"slot-zero", .count = 0},
    [FAULT_NOTIFY_REFUSED] = {"notify-refused", .count = 0},
    [FAULT_NOTIFY_NONE] = {"notify-none", .count = 0},
    [FAULT_NO_NOTIFY] = {"no-notify", .count = 1},
    [FAULT_DUPLICATE_NOTIFY] = {"duplicate-notify", .count = 1},
    [FAULT_NO_CLIP] = {"no-clip", .count = 0},
    [FAULT_SHUFFLE] = {"shuffle", .count = 1},
    [FAULT_PART_MISSING] = {"part-missing", .count = 1},
    [FAULT_PART_DOUBLED] = {"part-doubled", .count = 1},
    [FAULT_NO_NETWORK] = {"no-network", .on_clear = radio_pump},
    [FAULT_NO_SIM] = {"no-sim", .on_clear = radio_pump},
    [FAULT_SIM_PIN] = {"sim-pin", .count = PIN_TRIES, .on_clear = radio_pump},
    [FAULT_SIM_PUK] = {"sim-puk", .on_clear = radio_pump},
    [FAULT_SIM_SWAPPED] = {"sim-swapped", .count = 0},
    [FAULT_LONG_OPERATOR] = {"long-operator", .count = 0},
    [FAULT_SIGNAL_SILENT] = {"signal-silent", .count = 0},
    [FAULT_USSD_SILENT] = {"ussd-silent", .count = 1},
    [FAULT_USSD_REFUSED] = {"ussd-refused", .count = 1, .code = CME_DEFAULT},
    [FAULT_USSD_FAILED] = {"ussd-failed", .count = 1, .code = CUSD_DEFAULT},
    [FAULT_VANISH] = {"vanish", .on_set = vanish},
    [FAULT_VANISH_BEFORE_PROMPT] = {"vanish-before-prompt", .count = 1},
    [FAULT_VANISH_AFTER_PROMPT] = {"vanish-after-prompt", .count = 1},
    [FAULT_VANISH_ON_AIR] = {"vanish-on-air", .count = 1},
    [FAULT_VANISH_BEFORE_FINAL] = {"vanish-before-final", .count = 1},
    [FAULT_BACK] = {"back", .on_set = come_back},
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

void
fault_start(struct modem *m, enum fault_kind kind)
{
	const struct fault_request r = {rows[kind].name, -1, -1, -1};

	if (fault_set(m, &r) != 0)
		log_err("sim: fault %s cannot be set", r.kind);
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
	f->code = r->code >= 0 ? (int)r->code : rows[kind].code;
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

static void
on_back(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	if (come_back(arg) != 0)
		log_err("sim: a modem cannot come back");
}

static int
vanish(struct modem *m)
{
	unsigned ms = m->faults[FAULT_VANISH].ms;

	call_end(m, "vanished", false);
	ussd_cancel(m);
	if (modem_is_open(m))
		modem_close(m);
	if (m->ev_back == NULL)
		m->ev_back = event_new(m->sim->base, -1, 0, on_back, m);
	if (ms > 0)
		sim_timer(m->ev_back, ms);
	return 0;
}

static int
come_back(struct modem *m)
{
	m->faults[FAULT_BACK].is_on = false;
	m->faults[FAULT_VANISH].is_on = false;
	if (m->ev_back != NULL)
		event_del(m->ev_back);
	return modem_is_open(m) ? 0 : modem_open(m);
}

static void
on_vanish(evutil_socket_t fd, short what, void *arg)
{
	struct modem *m = arg;
	const struct fault_request r = {"vanish", -1, m->vanish_ms, -1};

	(void)fd;
	(void)what;
	if (fault_set(m, &r) != 0)
		log_err("sim: a modem cannot vanish");
}

bool
fault_vanish(struct modem *m, enum fault_kind step, unsigned delay)
{
	if (!fault_take(m, step))
		return false;
	m->vanish_ms = m->faults[step].ms;
	if (m->ev_vanish == NULL)
		m->ev_vanish = event_new(m->sim->base, -1, 0, on_vanish, m);
	if (delay > 0)
		sim_timer(m->ev_vanish, delay);
	else
		on_vanish(-1, 0, m);
	return true;
}

unsigned
fault_slow_ms(struct modem *m)
{
	return fault_take(m, FAULT_SLOW) ? m->faults[FAULT_SLOW].ms : 0;
}

void
fault_clear_events(struct modem *m)
{
	struct event **const events[] = {
	    &m->ev_hang, &m->ev_chatter, &m->ev_back, &m->ev_vanish};
	size_t i;

	for (i = 0; i < TC_NELEM(events); i++) {
		if (*events[i] != NULL)
			event_free(*events[i]);
		*events[i] = NULL;
	}
}
