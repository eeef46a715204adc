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
	struct buf box, number;
	int64_t message_id;
	int rc;

	buf_init(&box, 1024);
	buf_init(&number, 256);
	rc = store_phone_get(c->store, user_id, &box);
	if (rc == 0)
		rc = vault_unbox(
		    c->vault, VAULT_BOX_STAFF, box.data, box.len, &number);
	if (rc == 0) {
		staff.number = buf_str(&number);
		rc = outbox_staff(c, &staff, &message_id);
		/* What is wrong with the pack must not stop a case. */
		if (rc != 0 && rc != TC_EIO) {
			log_err("a text to staff cannot be sent template=%s "
				"why=\"%s\"",
			    text->template_id, tc_strerror(rc));
			rc = 0;
		}
	} else if (rc == TC_ENOENT) {
		log_warn("a handler has no number and is not texted "
			 "user_id=%016" PRIx64,
		    (uint64_t)user_id);
		rc = 0;
	}
	if (number.data != NULL)
		vault_wipe(number.data, number.cap);
	buf_clear(&number);
	buf_clear(&box);
	return rc;
}

/* When the next one may go to him; now or earlier: at once. */
static int64_t
alert_when(struct core *c, const struct alert_row *a)
{
	const struct workdays *w = content_workdays(c->content);
	int64_t at = a->sent_at + ALERT_MERGE_S;

	/* A clock that was set back must not silence anybody. */
	if (a->sent_at == 0 || a->sent_at > clock_now())
		return 0;
	if (a->hour == clock_now() / HOUR_S && a->sent >= w->alerts_per_hour &&
	    at < (a->hour + 1) * HOUR_S)
		at = (a->hour + 1) * HOUR_S;
	return at;
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

int
alert_agency(struct core *c, const char *agency, enum duty_who who,
    const struct case_row *k)
{
	int64_t users[DUTY_USERS_MAX];
	int n, i, rc;

	n = duty_users(c, agency, who, users);
	if (n == 0 && strcmp(agency, AGENCY_TRIAGE) != 0)
		n = duty_users(c, AGENCY_TRIAGE, who, users);
	if (n == 0)
		log_warn("nobody is on duty, nobody is alerted agency=%s "
			 "code=%s",
		    agency, k->code);
	for (i = 0; i < n; i++)
		if ((rc = alert_user(c, users[i], k)) != 0)
			return rc;
	return n < 0 ? n : 0;
}
