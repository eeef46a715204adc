/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_ALERT_H
#define TINCAY_ALERT_H

/*
 * Texts to handlers: queue, urgency and the random code of a case, nothing else
 * (R16). To one person at most one in ALERT_MERGE_S and so many an hour, or one
 * in FLOOD_MERGE_S while there is a flood (flood.h); what comes in between is
 * said in one text later, by the most urgent case and how many more there are.
 * So alerts never eat the credit of replies. An emergency waits for no flood and
 * for no next hour: when the share of the hour is used up, one more goes each
 * hour / alerts_per_hour.
 *
 * Inside a turn op.
 */

#include "core.h"
#include "desk/duty.h"
#include "outbox/outbox.h"
#include "store/case.h"

#define ALERT_MERGE_S 120
#define ALERT_TTL_S 1800

/* Text whoever is on duty in an agency and has a number, or, when nobody is, in
 * TRIAGE. 0; the log tells when nobody could be reached. */
int alert_agency(struct core *c, const char *agency, enum duty_who who,
    const struct case_row *k) TC_MUSTCHECK;

/* Text one user. 0. */
int alert_user(
    struct core *c, int64_t user_id, const struct case_row *k) TC_MUSTCHECK;

/* A fixed text to one user now, past all merging. 0, also when he has no
 * number, which is logged. */
struct alert_text {
	const char *template_id, *slots;
	int64_t expires_at;
	enum lane lane;
};
int alert_text_user(struct core *c, int64_t user_id,
    const struct alert_text *text) TC_MUSTCHECK;

/* For due.c: what waited for this user. */
int alert_waiting(struct core *c, int64_t user_id, int step) TC_MUSTCHECK;

#endif
