/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Replies per number and to all: budget.h. Called by reply.c. Owns one table; a
 * number has one place in it, and a newer number may push an older one out. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "intake/budget.h"

#define BUDGET_PLACES 4 /* where a number may stand, from its hash on */

struct account {
	uint64_t number; /* 0 = free */
	uint64_t text;   /* the last one */
	unsigned repeats, replies;
	int64_t since_ms, text_ms; /* of the window, of the first repeat */
	int64_t last_ms;
};

struct budget {
	struct account accounts[BUDGET_NUMBERS];
	unsigned replies; /* to everybody ... */
	int64_t since_ms; /* ... since then */
};

struct budget *
budget_new(void)
{
	return xcalloc(1, sizeof(struct budget));
}

void
budget_free(struct budget *b)
{
	free(b);
}

/* The account of a number; a new one takes a free place or that of the number
 * which was silent longest. */
static struct account *
budget_find(struct budget *b, uint64_t number)
{
	struct account *a, *oldest = NULL;
	size_t i;

	for (i = 0; i < BUDGET_PLACES; i++) {
		a = &b->accounts[(number + i) % BUDGET_NUMBERS];
		if (a->number == number)
			return a;
		if (oldest == NULL || a->number == 0 ||
		    (oldest->number != 0 && a->last_ms < oldest->last_ms))
			oldest = a;
	}
	memset(oldest, 0, sizeof(*oldest));
	oldest->number = number;
	return oldest;
}

bool
budget_hear(struct budget *b, const struct budget_ask *ask)
{
	struct account *a = budget_find(b, ask->number | 1);

	a->last_ms = ask->mono_ms;
	if (a->repeats == 0 || a->text != ask->text ||
	    ask->mono_ms - a->text_ms > BUDGET_REPEATS_WINDOW_S * 1000) {
		a->text = ask->text;
		a->text_ms = ask->mono_ms;
		a->repeats = 0;
	}
	return ++a->repeats > BUDGET_REPEATS;
}

static bool
account_is_spent(struct account *a, const struct budget_ask *ask)
{
	int64_t now = ask->mono_ms;

	if (a->replies == 0 || now - a->since_ms > BUDGET_WINDOW_S * 1000) {
		a->since_ms = now;
		a->replies = 0;
	}
	return a->repeats > BUDGET_REPEATS ||
	       a->replies >= (ask->is_flood ? 1 : BUDGET_REPLIES);
}

static bool
budget_is_spent(struct budget *b, const struct budget_ask *ask)
{
	if (b->replies == 0 ||
	    ask->mono_ms - b->since_ms > BUDGET_WINDOW_S * 1000) {
		b->since_ms = ask->mono_ms;
		b->replies = 0;
	}
	return !ask->is_emergency && b->replies >= BUDGET_ALL_REPLIES;
}

enum budget_verdict
budget_take(struct budget *b, const struct budget_ask *ask)
{
	struct account *a = budget_find(b, ask->number | 1);

	if (account_is_spent(a, ask))
		return BUDGET_NUMBER_SPENT;
	if (budget_is_spent(b, ask))
		return BUDGET_ALL_SPENT;
	a->replies++;
	b->replies += !ask->is_emergency;
	return BUDGET_GIVEN;
}
