/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A case that nobody claims: escalate.h. Called by file.c for what comes in and
 * by due.c for what was not claimed in time. Owns the times at which queues were
 * looked at. */
#include "config.h"

#include <string.h>

#include "clock.h"
#include "desk/alert.h"
#include "desk/desk_private.h"
#include "desk/due.h"
#include "desk/escalate.h"
#include "desk/flood.h"
#include "intake/content.h"
#include "intake/workdays.h"
#include "store/seal.h"

#define WATCH_S 90 /* longer than a long poll waits */
#define AGENCIES_MAX 16

/* --- who watches --- */

static struct {
	char agency[AGENCY_CODE_MAX];
	int64_t at;
} watched[64]; /* agencies; the one seen longest ago makes room */

void
escalate_watched(const char *agency)
{
	size_t i, oldest = 0;

	for (i = 0; i < TC_NELEM(watched); i++) {
		if (strcmp(watched[i].agency, agency) == 0)
			break;
		if (watched[i].at < watched[oldest].at)
			oldest = i;
	}
	if (i == TC_NELEM(watched)) {
		i = oldest;
		if (str_printf(watched[i].agency, sizeof(watched[i].agency),
			"%s", agency) != 0)
			return;
	}
	watched[i].at = clock_now();
}

static bool
escalate_is_watched(const char *agency)
{
	int64_t now = clock_now();
	size_t i;

	for (i = 0; i < TC_NELEM(watched); i++)
		if (strcmp(watched[i].agency, agency) == 0)
			return watched[i].at <= now &&
			       watched[i].at > now - WATCH_S;
	return false;
}

/* --- whom it concerns --- */

struct agencies {
	char code[AGENCIES_MAX][AGENCY_CODE_MAX];
	size_t n;
};

static void
agencies_add(const char *agency, void *ctx)
{
	struct agencies *a = ctx;

	if (a->n < AGENCIES_MAX && strcmp(agency, AGENCY_RECOVERY) != 0 &&
	    str_printf(a->code[a->n], AGENCY_CODE_MAX, "%s", agency) == 0)
		a->n++;
}

/* Everybody on duty who sees the case. */
static int
escalate_alert(struct core *c, const struct case_row *k, enum duty_who who)
{
	struct agencies a = {.n = 0};
	size_t i;
	int rc;

	rc = store_seal_each(c->store, k->id, agencies_add, &a);
	for (i = 0; rc == 0 && i < a.n; i++)
		rc = alert_agency(c, a.code[i], who, k);
	return rc;
}

/* The agencies that see it and that nobody watches for. */
static int
escalate_alert_unwatched(struct core *c, const struct case_row *k)
{
	struct agencies a = {.n = 0};
	size_t i;
	int rc;

	rc = store_seal_each(c->store, k->id, agencies_add, &a);
	for (i = 0; rc == 0 && i < a.n; i++)
		if (!escalate_is_watched(a.code[i]))
			rc = alert_agency(c, a.code[i], DUTY_PERSON, k);
	return rc;
}

int
escalate_filed(
    struct core *c, const struct case_row *k, const struct escalate_text *text)
{
	if (text->is_danger && k->claimed_by != 0)
		return alert_user(c, k->claimed_by, k);
	if (!desk_is(k, "new"))
		return text->is_repeated && k->claimed_by != 0
			   ? alert_user(c, k->claimed_by, k)
			   : 0;
	if (text->is_repeated ||
	    (k->urgency == CONTENT_U0 &&
		(text->is_fresh || (text->is_danger && !flood_is_on(c)))))
		return escalate_alert_unwatched(c, k);
	return 0;
}

/* --- the steps --- */

/* Give the lowest withheld copy between two rungs to its agency and text it. 1,
 * 0: there is none. */
static int
escalate_release(struct core *c, struct case_row *k, int from, int until)
{
	char agency[AGENCY_CODE_MAX];
	int rc;

	rc = store_seal_next(
	    c->store, k->id, (const int[]){from, until}, agency);
	if (rc != 0)
		return rc == TC_ENOENT ? 0 : rc;
	if ((rc = store_seal_release(c->store, &(struct seal_of){k->id, agency},
		 clock_now())) != 0 ||
	    (rc = desk_write(
		 c, k, &(struct desk_act){"escalated", agency, NULL})) != 0)
		return rc;
	rc = alert_agency(c, agency, DUTY_PERSON, k);
	return rc != 0 ? rc : 1;
}

static int
step_person(struct core *c, struct case_row *k)
{
	return escalate_alert(c, k, DUTY_PERSON);
}

static int
step_deputy(struct core *c, struct case_row *k)
{
	return escalate_alert(c, k, DUTY_DEPUTY);
}

static int
step_second(struct core *c, struct case_row *k)
{
	int rc = escalate_release(c, k, RUNG_SECOND, RUNG_TRIAGE - 1);

	if (rc == 0)
		rc = escalate_release(c, k, RUNG_TRIAGE, RUNG_TRIAGE);
	return rc < 0 ? rc : rc == 0 ? step_person(c, k) : 0;
}

static int
step_triage(struct core *c, struct case_row *k)
{
	int rc = escalate_release(c, k, RUNG_TRIAGE, RUNG_TRIAGE);

	return rc < 0 ? rc : rc == 0 ? step_person(c, k) : 0;
}

static int
step_again(struct core *c, struct case_row *k)
{
	int rc = 0;

	if (k->urgency == CONTENT_U0)
		rc = escalate_release(c, k, RUNG_SECOND, RUNG_TRIAGE - 1);
	return rc < 0 ? rc : step_person(c, k);
}

static const struct {
	const char *name; /* in the ledger */
	int (*act)(struct core *c, struct case_row *k);
} steps[] = {{"person", step_person}, {"deputy", step_deputy},
    {"second", step_second}, {"triage", step_triage}, {"again", step_again}};

/* When the next step is due. */
static int64_t
escalate_next(const struct core *c, const struct case_row *k, int step)
{
	bool is_late = step >= 3;
	int64_t now = clock_now();

	switch (k->urgency) {
	case CONTENT_U0:
		return now + (is_late ? 15 : 5) * 60;
	case CONTENT_U1:
		return now + (is_late ? 60 : 30) * 60;
	default:
		return desk_due(c, k->urgency, now);
	}
}

int
escalate_case(struct core *c, int64_t case_id, int step)
{
	size_t i = (size_t)step;
	struct case_row k;
	int rc;

	rc = store_case_get(c->store, case_id, &k);
	if (rc != 0 || !desk_is(&k, "new"))
		return rc == TC_ENOENT ? 0 : rc;
	if (i >= TC_NELEM(steps))
		i = TC_NELEM(steps) - 1;
	if ((rc = due_set(c, &(struct due_item){DUE_ACK, case_id,
				 escalate_next(c, &k, step), step + 1})) != 0 ||
	    (rc = desk_write(c, &k,
		 &(struct desk_act){"overdue", steps[i].name, NULL})) != 0)
		return rc;
	return steps[i].act(c, &k);
}
