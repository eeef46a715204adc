/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Talking back: say.h. Called by http/. Owns nothing. */
#include "config.h"

#include <string.h>

#include "clock.h"
#include "desk/desk_private.h"
#include "desk/say.h"
#include "intake/content.h"
#include "outbox/outbox.h"
#include "store/seal.h"

#define DAY_MINUTES 1440

/* Why she must not be texted now, fixed words; NULL: she may. */
static const char *
say_forbidden(const struct core *c, const struct contact *contact)
{
	if (contact->hushed)
		return "she wants no contact";
	if (strcmp(contact->state, "safe") != 0)
		return "nobody knows that texts to her are safe";
	if (!desk_is_hour(c, &contact->hours, clock_now()))
		return "it is outside of her hours";
	return NULL;
}

/* The time as it is said: "9:30 T3". */
static int
say_slots(const struct desk_say *say, char *out, size_t size)
{
	static const char *const days[] = {
	    "", " T2", " T3", " T4", " T5", " T6", " T7", " CN"};

	if (say->minute < 0 || say->minute >= DAY_MINUTES || say->day < -1 ||
	    say->day > 6)
		return TC_EINVAL;
	return str_printf(out, size, "{\"time\":\"%d:%02d%s\"}",
	    say->minute / 60, say->minute % 60, days[say->day + 1]);
}

/* Not a second behind her hours. */
static int64_t
say_until(const struct core *c, const struct contact *contact)
{
	int64_t now = clock_now(), at;

	for (at = now + 60; at < now + SAY_TTL_S; at += 60)
		if (!desk_is_hour(c, &contact->hours, at))
			return at - at % 60;
	return at;
}

static int
say_queue(struct core *c, const struct case_row *k, struct desk_say *say)
{
	char slots[64];
	struct outbox_reply reply = {.contact_id = k->contact_id,
	    .template_id = say->template_id,
	    .slots = slots,
	    .lane = LANE_CASE,
	    .sensitive = true};
	struct contact contact;
	int64_t message_id;
	int rc;

	if ((rc = say_slots(say, slots, sizeof(slots))) != 0 ||
	    (rc = store_contact_get(c->store, k->contact_id, &contact)) != 0)
		return rc;
	say->why = say_forbidden(c, &contact);
	if (say->why != NULL)
		return TC_EAGAIN;
	reply.modem = contact.modem;
	reply.expires_at = say_until(c, &contact);
	return outbox_reply(c, &reply, &message_id);
}

int
desk_say(struct core *c, const struct user *u, const char *code,
    struct desk_say *say)
{
	struct case_row k;
	int rc;

	if (strncmp(say->template_id, SAY_PREFIX, strlen(SAY_PREFIX)) != 0 ||
	    content_reply_by_id(c->content, say->template_id) == NULL)
		return TC_EINVAL;
	if ((rc = desk_own(c, u, code, &k)) != 0 ||
	    (rc = say_queue(c, &k, say)) != 0)
		return rc;
	if (!desk_is(&k, "referred") && (rc = desk_touch(&k)) != 0)
		return rc;
	return desk_write(
	    c, &k, &(struct desk_act){"said", say->template_id, u});
}

/* --- the safe word --- */

int
desk_safe_word(struct core *c, const struct user *u, const char *code,
    char out[USER_HASH_MAX])
{
	unsigned char sealed[SEALED_KEY_LEN];
	struct contact contact;
	struct case_row k;
	int rc;

	if ((rc = store_case_for(c->store, code, u->agency, &k)) != 0)
		return rc;
	rc = store_seal_get(c->store, k.id, u->agency, sealed);
	if (rc != 0)
		return rc == TC_ENOENT ? TC_EDENIED : rc;
	if ((rc = store_contact_get(c->store, k.contact_id, &contact)) != 0)
		return rc;
	memcpy(out, contact.safe_word, USER_HASH_MAX);
	return 0;
}

int
desk_set_safe_word(
    struct core *c, const struct user *u, const char *code, const char *hash)
{
	struct contact contact;
	struct case_row k;
	int rc;

	if ((rc = desk_own(c, u, code, &k)) != 0 ||
	    (rc = store_contact_get(c->store, k.contact_id, &contact)) != 0 ||
	    (rc = str_printf(contact.safe_word, sizeof(contact.safe_word), "%s",
		 hash)) != 0 ||
	    (rc = store_contact_update(c->store, &contact)) != 0)
		return rc;
	return desk_write(c, &k,
	    &(struct desk_act){
		hash[0] != '\0' ? "safe_word" : "no_safe_word", NULL, u});
}

int
desk_compared_safe_word(
    struct core *c, const struct user *u, const char *code, bool is_same)
{
	struct case_row k;
	int rc = store_case_for(c->store, code, u->agency, &k);

	return rc != 0
		   ? rc
		   : desk_write(c, &k,
			 &(struct desk_act){
			     is_same ? "verified" : "not_verified", NULL, u});
}
