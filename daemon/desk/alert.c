/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Texts to handlers: alert.h. Called by escalate.c, legal.c, duty.c and due.c. A
 * number is in clear only while its text is queued. */
#include "config.h"

#include <inttypes.h>
#include <string.h>

#include "buf.h"
#include "clock.h"
#include "desk/alert.h"
#include "desk/desk_private.h"
#include "desk/due.h"
#include "desk/flood.h"
#include "intake/content.h"
#include "intake/workdays.h"
#include "log.h"
#include "vault/vault.h"

#define HOUR_S INT64_C(3600)

int
alert_text_user(struct core *c, int64_t user_id, const struct alert_text *text)
{
	struct outbox_staff staff = {.template_id = text->template_id,
	    .slots = text->slots,
	    .lane = text->lane,
	    .expires_at = text->expires_at,
	    .modem = "",
	    .not_modem = ""};
	int rc = outbox_staff_user(c, user_id, &staff);

	if (rc == TC_ENOENT)
		log_warn("a handler has no number and is not texted "
			 "user_id=%016" PRIx64,
		    (uint64_t)user_id);
	else if (rc != 0 && rc != TC_EIO)
		/* What is wrong with the pack must not stop a case. */
		log_err("a text to staff cannot be sent template=%s "
			"why=\"%s\"",
		    text->template_id, tc_strerror(rc));
	return rc == TC_EIO ? rc : 0;
}

/* When the next one may go to him; now or earlier: at once. He who had his
 * share of the hour has the rest of it for emergencies alone, evenly. */
static int64_t
alert_when(struct core *c, const struct alert_row *a)
{
	const struct workdays *w = content_workdays(c->content);
	bool is_urgent = a->urgency == CONTENT_U0;
	int64_t at = a->sent_at + ALERT_MERGE_S, full = a->sent_at;

	/* A clock that was set back must not silence anybody. */
	if (a->sent_at == 0 || a->sent_at > clock_now())
		return 0;
	if (flood_is_on(c) && !is_urgent)
		at = a->sent_at + FLOOD_MERGE_S;
	if (a->hour == clock_now() / HOUR_S && a->sent >= w->alerts_per_hour)
		full = is_urgent ? a->sent_at + HOUR_S / w->alerts_per_hour
				 : (a->hour + 1) * HOUR_S;
	return full > at ? full : at;
}

static int
alert_send(struct core *c, struct alert_row *a)
{
	int64_t now = clock_now(), hour = now / HOUR_S;
	char slots[128], more[16] = "";
	const struct alert_text text = {
	    "ALERT", slots, now + ALERT_TTL_S, LANE_CRISIS};
	int rc = 0;

	if (a->waiting > 1)
		rc = str_printf(more, sizeof(more), " +%d", a->waiting - 1);
	if (rc == 0)
		rc = str_printf(slots, sizeof(slots),
		    "{\"queue\":\"%s\",\"urgency\":\"U%d\",\"code\":\"%s%s\"}",
		    a->queue, a->urgency, a->code, more);
	if (rc == 0)
		rc = alert_text_user(c, a->user_id, &text);
	a->sent = a->hour == hour ? a->sent + 1 : 1;
	a->hour = hour;
	a->sent_at = now;
	a->waiting = 0;
	return rc;
}

/* Now, or when it may be. */
static int
alert_try(struct core *c, struct alert_row *a)
{
	int64_t at = alert_when(c, a);
	int rc;

	if (vault_is_locked(c->vault)) /* his number is */
		rc = due_set(c,
		    &(struct due_item){DUE_ALERT, a->user_id, clock_now(), 0});
	else if (at <= clock_now())
		rc = alert_send(c, a);
	else
		rc = due_set(
		    c, &(struct due_item){DUE_ALERT, a->user_id, at, 0});
	return rc != 0 ? rc : store_alert_set(c->store, a);
}

int
alert_user(struct core *c, int64_t user_id, const struct case_row *k)
{
	struct alert_row a;
	int rc = store_alert_get(c->store, user_id, &a);

	if (rc != 0)
		return rc;
	if (a.waiting == 0 || k->urgency < a.urgency) {
		rc = str_printf(a.queue, sizeof(a.queue), "%s", k->queue);
		if (rc == 0)
			rc = str_printf(a.code, sizeof(a.code), "%s", k->code);
		a.urgency = k->urgency;
	}
	a.waiting++;
	return rc != 0 ? rc : alert_try(c, &a);
}

int
alert_waiting(struct core *c, int64_t user_id, int step)
{
	struct alert_row a;
	int rc = store_alert_get(c->store, user_id, &a);

	(void)step;
	return rc != 0 || a.waiting == 0 ? rc : alert_try(c, &a);
}

/* Those on duty who have a number; the deputy when the person has none. */
static int
alert_reached(struct core *c, const char *agency, enum duty_who who,
    int64_t users[DUTY_USERS_MAX])
{
	int n = duty_users(c, agency, who, users), i, left = 0, rc;
	struct buf box;

	for (i = 0; i < n; i++) {
		buf_init(&box, 1024);
		rc = store_phone_get(c->store, users[i], &box);
		buf_clear(&box);
		if (rc != 0 && rc != TC_ENOENT)
			return rc;
		if (rc == 0)
			users[left++] = users[i];
	}
	if (n > 0 && left == 0 && who == DUTY_PERSON)
		return alert_reached(c, agency, DUTY_DEPUTY, users);
	return n < 0 ? n : left;
}

int
alert_agency(struct core *c, const char *agency, enum duty_who who,
    const struct case_row *k)
{
	int64_t users[DUTY_USERS_MAX];
	int n, i, rc;

	n = alert_reached(c, agency, who, users);
	if (n == 0 && strcmp(agency, AGENCY_TRIAGE) != 0)
		n = alert_reached(c, AGENCY_TRIAGE, who, users);
	if (n == 0)
		log_warn("nobody on duty has a number, nobody is alerted "
			 "agency=%s code=%s",
		    agency, k->code);
	for (i = 0; i < n; i++)
		if ((rc = alert_user(c, users[i], k)) != 0)
			return rc;
	return n < 0 ? n : 0;
}
