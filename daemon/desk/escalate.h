/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_ESCALATE_H
#define TINCAY_ESCALATE_H

/*
 * A case that nobody claims (R28). From when it should have been claimed, at
 * the pace of its urgency:
 *
 *   0  the person on duty is texted
 *   1  his deputy
 *   2  the next agency of the ladder gets its copy, its person is texted
 *   3  TRIAGE gets its copy, the duty officer is texted
 *   4+ everybody on duty who sees it, again and again; U0 also goes on to the
 *      agencies further up
 *
 * U0 every 5 minutes, and every 15 from step 3 on; U1 every 30, then 60; U2
 * every 4 working hours, U3 every 2 working days. U4 needs nobody.
 *
 * And when an emergency comes in while nobody watches the queue, the person on
 * duty is texted at once; so is whoever has the case when a number asks again
 * and again. Inside a turn op.
 */

#include "core.h"
#include "store/case.h"

/* Somebody of the agency looked at its queue, or waits for it. */
void escalate_watched(const char *agency);

/* A text was filed into this case: alert now if that must be. */
struct escalate_text {
	bool is_danger;
	bool is_fresh;    /* the case is new with it, or more urgent */
	bool is_repeated; /* with it the case was marked so */
};
int escalate_filed(struct core *c, const struct case_row *k,
    const struct escalate_text *text) TC_MUSTCHECK;

/* For due.c: the case was not claimed in time. */
int escalate_case(struct core *c, int64_t case_id, int step) TC_MUSTCHECK;

#endif
