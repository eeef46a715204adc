/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_SIM_FAULT_H
#define TINCAY_SIM_FAULT_H

/*
 * Faults that a modem can be given, by name. Each applies count times (0: until
 * it is cleared) and then is gone.
 */

#include <jansson.h>

#include "util.h"

struct modem;

enum fault_kind {
	FAULT_HANG,
	FAULT_NO_FINAL,
	FAULT_LATE_FINAL,
	FAULT_SLOW,
	FAULT_REFUSE,
	FAULT_BARE_ERROR,
	FAULT_NO_PROMPT,
	FAULT_GARBAGE,
	FAULT_CHATTER,
	FAULT_FULL,
	FAULT_DELETE_REFUSED,
	FAULT_SLOT_REUSED,
	FAULT_SLOT_ZERO,
	FAULT_NOTIFY_REFUSED,
	FAULT_NOTIFY_NONE,
	FAULT_NO_NOTIFY,
	FAULT_DUPLICATE_NOTIFY,
	FAULT_NO_CLIP,
	FAULT_SHUFFLE,
	FAULT_PART_MISSING,
	FAULT_PART_DOUBLED,
	FAULT_NO_NETWORK,
	FAULT_NO_SIM,
	FAULT_SIM_PIN,
	FAULT_SIM_PUK,
	FAULT_SIM_SWAPPED,
	FAULT_LONG_OPERATOR,
	FAULT_SIGNAL_SILENT,
	FAULT_USSD_SILENT,
	FAULT_USSD_REFUSED,
	FAULT_USSD_FAILED,
	FAULT_VANISH,
	FAULT_VANISH_BEFORE_PROMPT,
	FAULT_VANISH_AFTER_PROMPT,
	FAULT_VANISH_ON_AIR,
	FAULT_VANISH_BEFORE_FINAL,
	FAULT_BACK,
	FAULT_NKINDS
};

struct fault {
	bool is_on;
	unsigned count; /* left; 0 = until cleared */
	unsigned ms;
	int code;
};

/* What a request asks for; -1 = the default of that kind. */
struct fault_request {
	const char *kind; /* a name of the table, or "clear" */
	int64_t count;
	int64_t ms;
	int64_t code;
};

/* Set a fault ("clear": take all back). 0, or TC_EINVAL: no such kind, a value
 * out of range. */
int fault_set(struct modem *m, const struct fault_request *r) TC_MUSTCHECK;
/* Set one with its defaults. */
void fault_start(struct modem *m, enum fault_kind kind);
void fault_clear(struct modem *m, enum fault_kind kind);

/* Is it on? Does not use it up. */
bool fault_is_on(const struct modem *m, enum fault_kind kind);

/* Use it once: true when it was on. */
bool fault_take(struct modem *m, enum fault_kind kind);

/* Use up one of the FAULT_VANISH_ steps of a send: the modem vanishes after
 * delay ms (0: before this returns) and, if the fault has ms, comes back after
 * those. True when the fault was on. */
bool fault_vanish(struct modem *m, enum fault_kind step, unsigned delay);
/* What a slow network adds to this air time; uses the fault. */
unsigned fault_slow_ms(struct modem *m);

/* Free the events of a modem that goes. */
void fault_clear_events(struct modem *m);

/* {"hang":0,...}: the faults that are on and how often they still apply (a new
 * reference). */
json_t *fault_list(const struct modem *m);

#endif
