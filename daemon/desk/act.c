/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is done with a case: act.h. Called by http/ for handlers, by intake for
 * her, by due.c when a time is over. Owns nothing. */
#include "config.h"

#include <string.h>

#include "clock.h"
#include "desk/act.h"
#include "desk/alert.h"
#include "desk/desk_private.h"
#include "intake/content.h"
#include "log.h"
#include "outbox/outbox.h"
#include "store/address.h"
#include "store/seal.h"
#include "vault/vault.h"

#define DAY_S INT64_C(86400)
#define NEXT_MAX_S (731 * DAY_S)

static const char *const desk_outcomes[] = {
    "helped", "referred", "unreachable", "mistaken", "duplicate", NULL};
static const char *const desk_holds[] = {
    "", "report", "investigation", "court", NULL};
/* Why somebody is called outside of her hours. */
static const char *const call_reasons[] = {
    "", "danger", "child", "asked", NULL};
static const char *const contact_states[] = {"unknown", "safe", "unsafe", NULL};

/* How long a claim lasts that nobody touches, by urgency. */
static const int64_t claim_seconds[CONTENT_NURGENCIES] = {
    [CONTENT_U0] = 3600,
    [CONTENT_U1] = 4 * 3600,
    [CONTENT_U2] = DAY_S,
    [CONTENT_U3] = 3 * DAY_S,
    [CONTENT_U4] = 7 * DAY_S,
};

static bool
desk_is_word(const char *const *words, const char *word)
{
	for (; *words != NULL; words++)
		if (strcmp(*words, word) == 0)
			return true;
	return false;
}

int
desk_own(
    struct core *c, const struct user *u, const char *code, struct case_row *k)
{
	int rc = store_case_for(c->store, code, u->agency, k);

	if (rc != 0)
		return rc;
	if (k->claimed_by == 0)
		return TC_ESTATE;
	if (k->claimed_by != u->id)
		return TC_EDENIED;
	return desk_is(k, "closed") ? TC_ESTATE : 0;
}

static int
desk_give(struct case_row *k, const struct user *u)
{
	k->claimed_by = u->id;
	k->claimed_at = clock_now();
	k->claim_until = k->claimed_at + claim_seconds[k->urgency];
	k->next_at = 0;
	return str_printf(k->lead, sizeof(k->lead), "%s", u->agency);
}

int
desk_take(struct case_row *k, const struct user *u)
{
	int rc = desk_move(k, "claimed");

	return rc != 0 ? rc : desk_give(k, u);
}

int
desk_claim(struct core *c, const struct user *u, const char *code)
{
	struct case_row k;
	int rc;

	if ((rc = store_case_for(c->store, code, u->agency, &k)) != 0)
		return rc;
	if (k.claimed_by == u->id && !desk_is(&k, "closed"))
		return 0;
	if (!desk_is(&k, "new"))
		return TC_ESTATE;
	if ((rc = desk_take(&k, u)) != 0)
		return rc;
	return desk_write(c, &k, &(struct desk_act){"claimed", NULL, u});
}

int
desk_touch(struct case_row *k)
{
	if (desk_is(k, "active"))
		return 0;
	k->claim_until = 0;
	k->next_at = 0;
	return desk_move(k, "active");
}

static int
desk_add_note(struct core *c, struct case_row *k, const struct desk_note *note)
{
	struct case_item item = {.id = outbox_new_id(),
	    .case_id = k->id,
	    .at = clock_now(),
	    .kind = "note",
	    .sealed = note->sealed,
	    .len = note->len};

	if (note->len > DESK_NOTE_MAX)
		return TC_EFULL;
	k->items++;
	return store_item_add(c->store, &item);
}

int
desk_note(struct core *c, const struct user *u, const char *code,
    const struct desk_note *note)
{
	unsigned char sealed[SEALED_KEY_LEN];
	struct case_row k;
	int rc;

	if ((rc = store_case_for(c->store, code, u->agency, &k)) != 0)
		return rc;
	rc = store_seal_get(c->store, k.id, u->agency, sealed);
	if (rc != 0)
		return rc == TC_ENOENT ? TC_EDENIED : rc;
	if (desk_is(&k, "closed"))
		return TC_ESTATE;
	if (k.claimed_by == u->id && desk_is(&k, "claimed") &&
	    (rc = desk_touch(&k)) != 0)
		return rc;
	if ((rc = desk_add_note(c, &k, note)) != 0)
		return rc;
	return desk_write(c, &k, &(struct desk_act){"noted", NULL, u});
}

int
desk_next(struct core *c, const struct user *u, const char *code, int64_t at)
{
	int64_t now = clock_now();
	struct case_row k;
	int rc;

	if (at != 0 && (at <= now || at > now + NEXT_MAX_S))
		return TC_EINVAL;
	if ((rc = desk_own(c, u, code, &k)) != 0 || (rc = desk_touch(&k)) != 0)
		return rc;
	if (at != 0 && (rc = desk_move(&k, "waiting")) != 0)
		return rc;
	k.next_at = at;
	return desk_write(
	    c, &k, &(struct desk_act){at != 0 ? "waits" : "goes_on", NULL, u});
}

int
desk_hand(
    struct core *c, const struct user *u, const char *code, const char *to)
{
	struct case_row k;
	struct user other;
	int rc;

	if ((rc = desk_own(c, u, code, &k)) != 0)
		return rc;
	rc = store_user_by_name(c->store, to, &other);
	if (rc != 0)
		return rc == TC_ENOENT ? TC_EINVAL : rc;
	vault_wipe(other.password, sizeof(other.password));
	if (other.id == u->id || other.revoked_at != 0 ||
	    strcmp(other.agency, u->agency) != 0 ||
	    (other.roles & ROLE_HANDLER) == 0)
		return TC_EINVAL;
	if (desk_is(&k, "referred"))
		return TC_ESTATE;
	rc = desk_is(&k, "claimed") ? 0 : desk_move(&k, "claimed");
	if (rc != 0 || (rc = desk_give(&k, &other)) != 0)
		return rc;
	return desk_write(c, &k, &(struct desk_act){"handed", other.name, u});
}

/* --- her --- */

bool
desk_is_hour(const struct core *c, const struct call_hours *hours, int64_t t)
{
	const struct content_commune *k = content_commune(c->content);
	int minute = clock_minute_of_day(t, k->zone_minutes);
	int64_t day = (t + k->zone_minutes * 60) / DAY_S;
	bool is_late;

	/* Behind midnight the day that the hours began on counts. */
	is_late = hours->from > hours->until && minute < hours->until;
	/* 1970-01-01 was a Thursday. */
	if (hours->days != 0 &&
	    (hours->days >> ((day - is_late + 3) % 7) & 1) == 0)
		return false;
	if (hours->from == hours->until)
		return true;
	if (hours->from < hours->until)
		return minute >= hours->from && minute < hours->until;
	return minute >= hours->from || minute < hours->until;
}

int
desk_call(
    struct core *c, const struct user *u, const char *code, const char *reason)
{
	struct contact contact;
	struct case_row k;
	int rc;

	if (!desk_is_word(call_reasons, reason))
		return TC_EINVAL;
	if ((rc = desk_own(c, u, code, &k)) != 0 ||
	    (rc = store_contact_get(c->store, k.contact_id, &contact)) != 0)
		return rc;
	if (k.hushed || strcmp(contact.state, "hushed") == 0)
		return TC_ESTATE;
	if (reason[0] == '\0' && !desk_is_hour(c, &contact.hours, clock_now()))
		return TC_EAGAIN;
	if (!desk_is(&k, "referred") && (rc = desk_touch(&k)) != 0)
		return rc;
	k.call_back = false;
	return desk_write(c, &k, &(struct desk_act){"called", reason, u});
}

static bool
desk_is_hours(const struct call_hours *h)
{
	return h->from >= 0 && h->from < 1440 && h->until >= 0 &&
	       h->until <= 1440 && h->days < 1u << 7;
}

int
desk_contact(struct core *c, const struct user *u, const char *code,
    const struct desk_contact *how)
{
	struct contact contact;
	struct case_row k;
	int rc;

	if ((how->state != NULL && !desk_is_word(contact_states, how->state)) ||
	    (how->has_hours && !desk_is_hours(&how->hours)))
		return TC_EINVAL;
	if ((rc = desk_own(c, u, code, &k)) != 0 ||
	    (rc = store_contact_get(c->store, k.contact_id, &contact)) != 0)
		return rc;
	if (strcmp(contact.state, "hushed") == 0)
		return TC_ESTATE;
	if (how->state != NULL)
		rc = str_printf(
		    contact.state, sizeof(contact.state), "%s", how->state);
	if (how->has_hours)
		contact.hours = how->hours;
	if (rc != 0 || (rc = store_contact_update(c->store, &contact)) != 0)
		return rc;
	return desk_write(
	    c, &k, &(struct desk_act){"contact", contact.state, u});
}

/* Take an agency's copy of one case away. 1, 0: it had none, or has claimed it. */
static int
desk_refuse_one(struct core *c, int64_t case_id, const char *agency)
{
	struct case_row k;
	int rc;

	if ((rc = store_case_get(c->store, case_id, &k)) != 0)
		return rc;
	rc = store_seal_refuse(c->store, &k, agency, clock_now());
	if (rc == TC_ENOENT)
		return 0;
	if (rc == 0 && strcmp(k.refer_to, agency) == 0 &&
	    (rc = desk_move(&k, "active")) == 0)
		k.refer_to[0] = '\0';
	if (rc == 0)
		rc = desk_write(
		    c, &k, &(struct desk_act){"refused", agency, NULL});
	return rc == 0 ? 1 : rc;
}

int
desk_refuse(struct core *c, int64_t contact_id, const char *agency)
{
	int64_t ids[64];
	int n, i, rc, total = 0;

	n = store_case_open_of(c->store, contact_id, ids);
	for (i = 0; i < n; i++) {
		rc = desk_refuse_one(c, ids[i], agency);
		if (rc < 0)
			return rc;
		total += rc;
	}
	return n < 0 ? n : total;
}

int
desk_hush(struct core *c, int64_t contact_id)
{
	struct case_row k;
	int64_t ids[64];
	int n, i, rc;

	n = store_case_open_of(c->store, contact_id, ids);
	for (i = 0; i < n; i++) {
		if ((rc = store_case_get(c->store, ids[i], &k)) != 0)
			return rc;
		k.hushed = true;
		rc =
		    desk_write(c, &k, &(struct desk_act){"hushed", NULL, NULL});
		if (rc != 0)
			return rc;
	}
	return n;
}

int
desk_on_unsent(
    struct core *c, int64_t contact_id, const char *state, const char *reason)
{
	struct case_row k;
	int rc;

	rc = store_case_of(c->store, contact_id, NULL, &k);
	if (rc != 0)
		return rc == TC_ENOENT ? 0 : rc;
	k.call_back = true;
	return desk_write(c, &k,
	    &(struct desk_act){
		"unsent", reason[0] != '\0' ? reason : state, NULL});
}

/* --- the end of it --- */

int
desk_close(
    struct core *c, const struct user *u, const char *code, const char *outcome)
{
	struct address_stay stay;
	struct case_row k;
	int rc;

	if (!desk_is_word(desk_outcomes, outcome))
		return TC_EINVAL;
	if ((rc = desk_own(c, u, code, &k)) != 0 ||
	    (rc = desk_move(&k, "closed")) != 0)
		return rc;
	/* Somebody stays at a trusted address: it is not over. */
	rc = store_stay_get(c->store, k.id, &stay);
	if (rc != TC_ENOENT)
		return rc == 0 ? TC_ESTATE : rc;
	k.closed_at = clock_now();
	k.claim_until = k.next_at = 0;
	k.call_back = false;
	if ((rc = str_printf(k.outcome, sizeof(k.outcome), "%s", outcome)) != 0)
		return rc;
	return desk_write(c, &k, &(struct desk_act){"closed", outcome, u});
}

int
desk_hold(
    struct core *c, const struct user *u, const char *code, const char *reason)
{
	struct case_row k;
	int rc;

	if (!desk_is_word(desk_holds, reason))
		return TC_EINVAL;
	if ((rc = store_case_for(c->store, code, u->agency, &k)) != 0 ||
	    (rc = str_printf(k.hold, sizeof(k.hold), "%s", reason)) != 0)
		return rc;
	return desk_write(c, &k,
	    &(struct desk_act){
		reason[0] != '\0' ? "held" : "unheld", reason, u});
}

/* Back into the queue, with a clock of its own. */
static int
desk_to_queue(struct core *c, struct case_row *k, const struct desk_act *act)
{
	int rc = 0;

	if (k->refer_to[0] != '\0')
		rc = store_seal_withhold(
		    c->store, &(struct seal_of){k->id, k->refer_to});
	if (rc != 0 || (rc = desk_move(k, "new")) != 0)
		return rc;
	desk_unclaim(k);
	k->due_at = desk_due(c, k->urgency, clock_now());
	return desk_write(c, k, act);
}

/* To whoever is on duty in his agency, the deputy first; else into the queue. */
static int
desk_release_one(struct core *c, int64_t case_id, const struct user *by)
{
	char agency[AGENCY_CODE_MAX];
	int64_t users[DUTY_USERS_MAX];
	struct case_row k;
	struct user u;
	int rc, n;

	if ((rc = store_case_get(c->store, case_id, &k)) != 0)
		return rc;
	memcpy(agency, k.lead, sizeof(agency));
	rc = desk_to_queue(c, &k, &(struct desk_act){"released", NULL, by});
	if (rc != 0 || agency[0] == '\0')
		return rc;
	if ((n = duty_users(c, agency, DUTY_DEPUTY, users)) <= 0)
		return n;
	rc = store_user_by_id(c->store, users[0], &u);
	vault_wipe(u.password, sizeof(u.password));
	if (rc != 0 || (rc = desk_take(&k, &u)) != 0)
		return rc;
	rc = desk_write(c, &k, &(struct desk_act){"handed", u.name, by});
	return rc != 0 ? rc : alert_user(c, u.id, &k);
}

int
desk_release(struct core *c, int64_t user_id, const struct user *by)
{
	int64_t ids[64];
	int n, i, rc, total = 0;

	do {
		n = store_case_claimed_by(c->store, user_id, ids);
		for (i = 0; i < n; i++)
			if ((rc = desk_release_one(c, ids[i], by)) != 0)
				return rc;
		total += n;
	} while (n == 64);
	return n < 0 ? n : total;
}

int
desk_claim_expired(struct core *c, int64_t case_id, int step)
{
	struct case_row k, had;
	int rc = store_case_get(c->store, case_id, &k);

	(void)step;
	if (rc != 0 || !desk_is(&k, "claimed"))
		return rc == TC_ENOENT ? 0 : rc;
	had = k;
	return desk_to_queue(
	    c, &k, &(struct desk_act){"expired", had.claimer, NULL});
}

int
desk_wait_over(struct core *c, int64_t case_id, int step)
{
	struct case_row k;
	int rc = store_case_get(c->store, case_id, &k);

	(void)step;
	if (rc != 0 || !desk_is(&k, "waiting"))
		return rc == TC_ENOENT ? 0 : rc;
	if ((rc = desk_move(&k, "active")) != 0)
		return rc;
	k.next_at = 0;
	return desk_write(c, &k, &(struct desk_act){"is_due", NULL, NULL});
}
