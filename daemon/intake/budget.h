/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_BUDGET_H
#define TINCAY_BUDGET_H

/*
 * How often one number is answered (R30). A phone that sends the same text again
 * and again is a machine, or a pocket; two machines would answer each other for
 * ever. And how often all of them together are, so that a flood cannot eat the
 * credit of those in danger: emergencies do not count against that. What comes
 * over the budget is kept and filed like everything else: only the automatic
 * reply is left out.
 *
 * In memory: after a restart everybody may be answered again.
 */

#include "util.h"

#define BUDGET_REPLIES 6 /* in BUDGET_WINDOW_S */
#define BUDGET_WINDOW_S 3600
#define BUDGET_REPEATS 3            /* of one text in a row ... */
#define BUDGET_REPEATS_WINDOW_S 600 /* ... in this time are still answered */
#define BUDGET_NUMBERS 4096
#define BUDGET_ALL_REPLIES 600 /* to everybody, in BUDGET_WINDOW_S */

struct budget;

struct budget *budget_new(void);
void budget_free(struct budget *b);

struct budget_ask {
	uint64_t number; /* any keyed hash of it */
	uint64_t text;   /* any hash of what it wrote */
	int64_t mono_ms;
	bool is_emergency;
	bool is_flood; /* one reply in BUDGET_WINDOW_S is enough */
};

/* A text of a number came in. Is it the very same one again, more than
 * BUDGET_REPEATS times in a row? */
bool budget_hear(struct budget *b, const struct budget_ask *ask);

enum budget_verdict {
	BUDGET_GIVEN, /* and counted */
	BUDGET_NUMBER_SPENT,
	BUDGET_ALL_SPENT
};

/* May this text, the last one that was heard of that number, be answered? */
enum budget_verdict budget_take(struct budget *b, const struct budget_ask *ask);

#endif
