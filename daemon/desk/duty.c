/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The roster: duty.h. Called by http/ for people, by escalate.c and due.c. Owns
 * nothing; a number is in clear only while a text is queued. */
#include "config.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "buf.h"
#include "clock.h"
#include "desk/alert.h"
#include "desk/audit.h"
#include "desk/due.h"
#include "desk/duty.h"
#include "desk/rekey.h"
#include "intake/content.h"
#include "intake/workdays.h"
#include "log.h"
#include "vault/vault.h"

#define DAY_S INT64_C(86400)
#define HEARTBEAT_TTL_S 7200

static int
duty_handler(struct core *c, const char *name, const char *agency, int64_t *id)
{
	struct user u;
	int rc = store_user_by_name(c->store, name, &u);

	vault_wipe(u.password, sizeof(u.password));
	if (rc != 0)
		return rc == TC_ENOENT ? TC_EINVAL : rc;
	if (u.revoked_at != 0 || strcmp(u.agency, agency) != 0 ||
	    (u.roles & ROLE_HANDLER) == 0)
		return TC_EINVAL;
	*id = u.id;
	return 0;
}

int
duty_set(struct core *c, const struct duty_wish *wish)
{
	struct duty_term t = {.id = vault_random_id(),
	    .starts_at = wish->starts_at,
	    .ends_at = wish->ends_at};
	int rc;

	if (content_agency_by_code(c->content, wish->agency) == NULL ||
	    wish->starts_at >= wish->ends_at || wish->ends_at <= clock_now())
		return TC_EINVAL;
	rc = str_printf(t.agency, sizeof(t.agency), "%s", wish->agency);
	if (rc == 0)
		rc = duty_handler(c, wish->user, wish->agency, &t.user_id);
	if (rc == 0 && wish->deputy[0] != '\0')
		rc = duty_handler(c, wish->deputy, wish->agency, &t.deputy_id);
	if (rc == 0 && t.deputy_id == t.user_id)
		rc = TC_EINVAL;
	return rc != 0 ? rc : store_duty_set(c->store, &t);
}

int
duty_take(struct core *c, const struct user *u)
{
	int64_t now = clock_now();

	return store_duty_take(c->store, u->id, now, now + DAY_S);
}

int
duty_set_phone(struct core *c, int64_t user_id, const char *number)
{
	unsigned char mac[VAULT_MAC];
	struct buf box;
	int rc;

	if (number == NULL)
		return store_phone_set(c->store, user_id, NULL);
	buf_init(&box, 1024);
	rc = vault_box(c->vault, VAULT_BOX_STAFF, number, strlen(number), &box);
	if (rc == 0)
		rc = store_phone_set(c->store, user_id, &box);
	buf_clear(&box);
	if (rc != 0)
		return rc;
	vault_phone_mac(c->vault, VAULT_PERSON, number, mac);
	return store_staff_add(c->store, mac, user_id);
}

/* Add a user who is still there. 0 or an error. */
static int
duty_add(struct core *c, int64_t id, int64_t users[DUTY_USERS_MAX], int *n)
{
	struct user u;
	int rc;

	if (id == 0 || *n == DUTY_USERS_MAX || (*n > 0 && users[0] == id))
		return 0;
	rc = store_user_by_id(c->store, id, &u);
	vault_wipe(u.password, sizeof(u.password));
	if (rc == 0 && u.revoked_at == 0)
		users[(*n)++] = id;
	return rc == TC_ENOENT ? 0 : rc;
}

/* Who had it before this term and was not told that he is free. */
static int
duty_add_last(struct core *c, const struct duty_term *t,
    int64_t users[DUTY_USERS_MAX], int *n)
{
	struct duty_term last;
	int rc;

	rc = store_duty_at(c->store, t->agency, t->starts_at - 1, &last);
	if (rc != 0)
		return rc == TC_ENOENT ? 0 : rc;
	return duty_add(c, last.user_id, users, n);
}

int
duty_users(struct core *c, const char *agency, enum duty_who who,
    int64_t users[DUTY_USERS_MAX])
{
	struct duty_term t;
	int rc, n = 0;

	rc = store_duty_at(c->store, agency, clock_now(), &t);
	if (rc != 0)
		return rc == TC_ENOENT ? 0 : rc;
	if (who == DUTY_DEPUTY)
		rc = duty_add(c, t.deputy_id, users, &n);
	if (rc == 0 && n == 0)
		rc = duty_add(c, t.user_id, users, &n);
	if (rc == 0 && n == 0) /* revoked */
		rc = duty_add(c, t.deputy_id, users, &n);
	if (rc == 0 && who == DUTY_PERSON && t.taken_at == 0)
		rc = duty_add_last(c, &t, users, &n);
	return rc != 0 ? rc : n;
}

/* --- the daily text --- */

int
duty_plan_heartbeat(struct core *c)
{
	const struct workdays *w = content_workdays(c->content);
	int64_t now = clock_now(), at;

	if (w->heartbeat < 0)
		return due_set(c, &(struct due_item){DUE_HEARTBEAT, 1, 0, 0});
	at = clock_day_start(now, content_commune(c->content)->zone_minutes) +
	     w->heartbeat * 60;
	if (at <= now)
		at += DAY_S;
	return due_set(c, &(struct due_item){DUE_HEARTBEAT, 1, at, 0});
}

struct telling {
	struct core *core;
	const struct alert_text *text;
	int64_t told[64]; /* one text a person, however many terms he has */
	int ntold;
};

static int
tell_user(struct telling *t, int64_t user_id)
{
	int i;

	for (i = 0; i < t->ntold; i++)
		if (t->told[i] == user_id)
			return 0;
	if (t->ntold < (int)TC_NELEM(t->told))
		t->told[t->ntold++] = user_id;
	return alert_text_user(t->core, user_id, t->text);
}

/* The deputy hears of it, too: he must know that he would be reached. */
static int
tell_agency(struct telling *t, const char *agency)
{
	static const enum duty_who whos[] = {DUTY_PERSON, DUTY_DEPUTY};
	int64_t users[DUTY_USERS_MAX];
	size_t w;
	int n, i, rc;

	for (w = 0; w < TC_NELEM(whos); w++) {
		n = duty_users(t->core, agency, whos[w], users);
		for (i = 0; i < n; i++)
			if ((rc = tell_user(t, users[i])) != 0)
				return rc;
		if (n < 0)
			return n;
	}
	return 0;
}

int
duty_tell(struct core *c, const struct alert_text *text)
{
	const struct content_commune *k = content_commune(c->content);
	struct telling t = {.core = c, .text = text};
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < k->nagencies; i++)
		rc = tell_agency(&t, k->agencies[i].code);
	return rc != 0 ? rc : t.ntold;
}

/* Whoever is on duty, and the ledger's head to those who keep it. */
static int
heartbeat_tell(struct core *c, const char *date)
{
	char slots[64];
	const struct alert_text text = {
	    "HEARTBEAT", slots, clock_now() + HEARTBEAT_TTL_S, LANE_CASE};
	int rc;

	rc = str_printf(slots, sizeof(slots), "{\"date\":\"%s\"}", date);
	if (rc == 0)
		rc = duty_tell(c, &text);
	if (rc == 0)
		log_warn("nobody is on duty, the daily text goes to nobody");
	return rc < 0 ? rc : audit_push(c, date);
}

int
duty_heartbeat(struct core *c, int64_t subject, int step)
{
	int zone = content_commune(c->content)->zone_minutes;
	time_t local = (time_t)(clock_now() + zone * 60);
	char date[24];
	struct tm tm;
	int rc;

	(void)subject;
	(void)step;
	if (gmtime_r(&local, &tm) == NULL)
		return TC_EINVAL;
	rc = str_printf(date, sizeof(date), "%d/%d", tm.tm_mday, tm.tm_mon + 1);
	if (rc == 0)
		rc = heartbeat_tell(c, date);
	rekey_nag(c);
	return rc != 0 ? rc : duty_plan_heartbeat(c);
}
