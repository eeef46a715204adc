/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Filing: a text of somebody who needs a person becomes a sealed item of a
 * case. The text is in clear for this one turn; what stays is a sealed box
 * that only the private key of an agency opens (design promise 5).
 *
 * Called by intake inside a turn op. Fails, and then nothing of it stays and
 * the message remains on the SIM, when the keys of TRIAGE and RECOVERY are not
 * set up (TC_ENOTREADY) or the database refuses.
 */
#include "config.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "clock.h"
#include "desk/desk.h"
#include "desk/desk_private.h"
#include "desk/due.h"
#include "desk/escalate.h"
#include "desk/flood.h"
#include "desk/ladder.h"
#include "desk/witness.h"
#include "forward/forward.h"
#include "intake/content.h"
#include "log.h"
#include "outbox/outbox.h"
#include "store/contact.h"
#include "store/seal.h"
#include "vault/vault.h"

#define CODE_TRIES 8
#define REPEATS_S INT64_C(604800) /* a week */
/* Bytes of text in one item: as JSON it fits into a box even when each byte is
 * a control character. */
#define ITEM_TEXT_MAX ((VAULT_PLAIN_MAX - 1024) / 6)

static bool
desk_has_key(struct core *c, const char *agency)
{
	struct agency a;

	return store_agency_get(c->store, agency, &a) == 0;
}

bool
desk_is_ready(struct core *c)
{
	return desk_has_key(c, AGENCY_TRIAGE) &&
	       desk_has_key(c, AGENCY_RECOVERY);
}

static bool
desk_is_named(const struct content *content, const char *code)
{
	const struct content_intent *intent;
	size_t i, j;

	for (i = 0; i < content_nintents(content); i++) {
		intent = content_intent(content, i);
		for (j = 0; j < intent->nagencies; j++)
			if (strcmp(intent->agencies[j]->code, code) == 0)
				return true;
		for (j = 0; j < intent->nladder; j++)
			if (strcmp(intent->ladder[j]->code, code) == 0)
				return true;
	}
	return strcmp(code, AGENCY_TRIAGE) == 0;
}

void
desk_missing_keys(
    struct core *c, void (*cb)(const char *agency, void *ctx), void *ctx)
{
	const struct content_commune *commune = content_commune(c->content);
	size_t i;

	if (!desk_has_key(c, AGENCY_RECOVERY))
		cb(AGENCY_RECOVERY, ctx);
	for (i = 0; i < commune->nagencies; i++)
		if (desk_is_named(c->content, commune->agencies[i].code) &&
		    !desk_has_key(c, commune->agencies[i].code))
			cb(commune->agencies[i].code, ctx);
}

/* --- a new case --- */

struct sealing {
	struct core *core;
	const struct case_key *key;
	int64_t case_id, now;
	int released;
};

/* Seal the case key to one agency. Without a key of its own it gets no copy
 * (TC_ENOENT); a second copy for the same agency is left out. */
static int
desk_seal_to(struct sealing *s, const char *agency, int rung)
{
	struct case_seal seal = {.case_id = s->case_id,
	    .agency = agency,
	    .rung = rung,
	    .released_at = rung == RUNG_FIRST ? s->now : 0};
	struct agency a;
	int rc;

	if ((rc = store_agency_get(s->core->store, agency, &a)) != 0)
		return rc;
	if ((rc = vault_case_seal_key(s->key, a.public_key, seal.sealed)) != 0)
		return rc;
	rc = store_seal_add(s->core->store, &seal);
	if (rc == 0 && rung == RUNG_FIRST)
		s->released++;
	return rc == TC_EEXIST ? 0 : rc;
}

/* A list of agencies from a rung on; the first share one. */
static int
desk_seal_list(struct sealing *s, const char *const *list, size_t n, int rung)
{
	size_t i;
	int rc;

	for (i = 0; i < n; i++) {
		rc = desk_seal_to(
		    s, list[i], rung == RUNG_FIRST ? rung : rung + (int)i);
		if (rc == TC_ENOENT)
			log_warn("case without a copy for an agency that has "
				 "no key agency=%s",
			    list[i]);
		else if (rc != 0)
			return rc;
	}
	return 0;
}

/* First agencies, second agencies (withheld), TRIAGE (withheld, unless nobody of
 * the first has a key), recovery (withheld). */
static int
desk_seal_ladder(struct sealing *s, const struct ladder *l)
{
	int rc;

	rc = desk_seal_list(s, l->first, l->nfirst, RUNG_FIRST);
	if (rc == 0)
		rc = desk_seal_list(s, l->second, l->nsecond, RUNG_SECOND);
	if (rc == 0 && (l->has_triage || s->released == 0))
		rc = desk_seal_to(s, AGENCY_TRIAGE,
		    s->released == 0 ? RUNG_FIRST : RUNG_TRIAGE);
	if (rc == 0)
		rc = desk_seal_to(s, AGENCY_RECOVERY, RUNG_RECOVERY);
	return rc == TC_ENOENT ? TC_ENOTREADY : rc;
}

/* A word of danger makes what is urgent an emergency, and what could wait
 * urgent. */
static int
desk_urgency(const struct desk_text *t)
{
	int urgency = (int)t->intent->urgency;

	if (t->is_emergency)
		return CONTENT_U0;
	if (!t->is_danger)
		return urgency;
	return urgency <= CONTENT_U1 ? CONTENT_U0 : CONTENT_U1;
}

static int
desk_insert(struct core *c, struct case_row *k)
{
	int rc = TC_EEXIST, i;

	for (i = 0; i < CODE_TRIES && rc == TC_EEXIST; i++) {
		vault_case_code(k->code);
		rc = store_case_add(c->store, k);
	}
	return rc;
}

static int
desk_open(struct core *c, const struct desk_text *t, const struct ladder *l,
    struct case_row *k)
{
	struct sealing s = {.core = c, .now = clock_now()};
	struct case_key key;
	int rc;

	k->id = outbox_new_id();
	memcpy(k->state, "new", sizeof("new"));
	k->contact_id = t->contact_id;
	k->urgency = desk_urgency(t);
	k->opened_at = s.now;
	k->due_at = desk_due(c, k->urgency, s.now);
	vault_case_new(&key);
	memcpy(k->public_key, key.pk, sizeof(k->public_key));
	s.key = &key;
	s.case_id = k->id;
	if ((rc = desk_insert(c, k)) == 0)
		rc = desk_seal_ladder(&s, l);
	vault_case_wipe(&key);
	if (rc == 0)
		rc = desk_log(c, k->id, "opened", "", NULL);
	if (rc == 0)
		log_info(
		    "case opened code=%s urgency=U%d", k->code, k->urgency);
	return rc;
}

/* --- items --- */

/* What the handler's side finds in the box (ctl/keyfile.h opens it). */
static char *
desk_item_json(const struct desk_text *t)
{
	json_t *o;
	char *s;

	o = json_pack("{s:s, s:s, s:s, s:s, s:s, s:I}", "number",
	    t->is_witness ? "" : t->number, "text", t->text, "intent",
	    t->intent->name, "note", t->note, "callback",
	    t->hours != NULL ? t->hours : "", "at", (json_int_t)t->at);
	s = o != NULL ? json_dumps(o, JSON_COMPACT) : NULL;
	json_decref(o);
	return s;
}

static int
desk_add_item(struct core *c, const struct case_row *k,
    const struct desk_text *t, int64_t id)
{
	struct case_item item = {
	    .id = id, .case_id = k->id, .at = clock_now(), .kind = t->kind};
	struct buf sealed;
	char *json;
	int rc;

	if ((json = desk_item_json(t)) == NULL)
		return TC_EINVAL;
	buf_init(&sealed, VAULT_PLAIN_MAX + 256);
	rc = vault_case_seal_item(k->public_key, json, strlen(json), &sealed);
	vault_wipe(json, strlen(json));
	free(json);
	if (rc == 0) {
		item.sealed = sealed.data;
		item.len = sealed.len;
		rc = store_item_add(c->store, &item);
	}
	buf_clear(&sealed);
	return rc;
}

/* How much of a text goes into one item: whole characters. */
static size_t
desk_item_len(const char *text)
{
	size_t len = strnlen(text, ITEM_TEXT_MAX + 1);

	if (len <= ITEM_TEXT_MAX)
		return len;
	len = ITEM_TEXT_MAX;
	while (((unsigned char)text[len] & 0xc0) == 0x80)
		len--;
	return len;
}

/* A text as one item, or, when somebody sent a book, as several in a row. */
static int
desk_add_text(struct core *c, struct case_row *k, const struct desk_text *t)
{
	int64_t id = outbox_new_id(); /* growing: they are shown in order */
	struct desk_text piece = *t;
	const char *rest = t->text;
	char *text;
	size_t len;
	int rc;

	/* What comes later to a report has no number either. */
	rc = t->is_witness ? witness_keep(c, k, t->number)
			   : witness_is(c, k->id);
	if (rc < 0)
		return rc;
	piece.is_witness = t->is_witness || rc == 1;
	do {
		len = desk_item_len(rest);
		text = xstrndup(rest, len);
		piece.text = text;
		rc = desk_add_item(c, k, &piece, id++);
		vault_wipe(text, len);
		free(text);
		k->items++;
		rest += len;
	} while (rc == 0 && *rest != '\0');
	return rc;
}

/* She wrote again: a closed case is new again, one that waits is looked at
 * again, more urgent stays more urgent, the clock starts anew when nobody has
 * it. */
static void
desk_renew(const struct core *c, struct case_row *k, int urgency)
{
	int64_t now = clock_now(), due;

	if (urgency < k->urgency)
		k->urgency = urgency;
	if (desk_is(k, "closed") && desk_move(k, "new") == 0) {
		desk_unclaim(k);
		k->closed_at = 0;
		k->repeated = false;
		k->outcome[0] = '\0';
		k->opened_at = now;
		k->due_at = INT64_MAX;
	}
	if (desk_is(k, "waiting") && desk_move(k, "active") == 0)
		k->next_at = 0;
	due = desk_due(c, k->urgency, now);
	if (desk_is(k, "new") && k->due_at > due)
		k->due_at = due;
}

/* The case that this text belongs to, or TC_ENOENT. A text that says nothing
 * of its own joins whatever she has open. */
static int
desk_find(struct core *c, const struct desk_text *t, const struct ladder *l,
    struct case_row *k)
{
	char queue[CASE_QUEUE_MAX];
	int rc;

	if (t->is_joining) {
		rc = store_case_of(c->store, t->contact_id, NULL, k);
		if (rc != TC_ENOENT)
			return rc;
	}
	if ((rc = ladder_queue(l, queue)) != 0)
		return rc;
	rc = store_case_of(c->store, t->contact_id, queue, k);
	if (rc == TC_ENOENT) {
		memset(k, 0, sizeof(*k));
		memcpy(k->queue, queue, sizeof(k->queue));
	}
	return rc;
}

/* The flag follows the contact: a call, or a text that nobody can read, does
 * not end what she hushed. */
static int
desk_set_hushed(struct core *c, struct case_row *k)
{
	struct contact contact;
	int rc;

	rc = store_contact_get(c->store, k->contact_id, &contact);
	if (rc == 0)
		k->hushed = contact.hushed;
	return rc;
}

/* Was it new, or less urgent, before this text? */
static bool
desk_is_fresh(const struct case_row *before, const struct case_row *k)
{
	return before->id == 0 || desk_is(before, "closed") ||
	       k->urgency < before->urgency;
}

/* The line of the ledger for a text. */
static const char *
desk_filed_act(const struct desk_text *t, int64_t before_id)
{
	if (before_id == 0)
		return "opened";
	if (t->is_same)
		return "same";
	if (t->is_danger)
		return "danger";
	return t->intent->flag_repeats > 0 ? "again" : "text";
}

/* Who asks for this again and again may be somebody else than who needs it. */
static int
desk_mark_repeats(struct core *c, const struct desk_text *t, struct case_row *k)
{
	int n;

	if (t->intent->flag_repeats == 0 || k->repeated)
		return 0;
	n = store_case_asked(c->store, k->id, clock_now() - REPEATS_S);
	if (n < t->intent->flag_repeats)
		return n < 0 ? n : 0;
	k->repeated = true;
	return desk_log(c, k->id, "repeated", "", NULL);
}

int
desk_file_text(struct core *c, const struct desk_text *t, int64_t *case_id)
{
	struct ladder ladder;
	struct escalate_text text;
	struct case_row k, before;
	bool is_known;
	int rc;

	if ((rc = flood_count(c)) != 0 ||
	    (rc = ladder_make(c, t, &ladder)) != 0)
		return rc;
	rc = desk_find(c, t, &ladder, &k);
	before = k;
	if (rc == TC_ENOENT)
		rc = desk_open(c, t, &ladder, &k);
	else if (rc == 0) {
		desk_renew(c, &k, desk_urgency(t));
		rc = desk_log(c, k.id, desk_filed_act(t, before.id), "", NULL);
	}
	is_known = t->is_same && before.id != 0;
	if (rc == 0 && !is_known)
		rc = desk_add_text(c, &k, t);
	if (rc == 0)
		rc = desk_mark_repeats(c, t, &k);
	if (rc != 0)
		return rc;
	if ((rc = desk_set_hushed(c, &k)) != 0 ||
	    (rc = store_case_update(c->store, &k)) != 0 ||
	    (rc = due_case(c, &k)) != 0)
		return rc;
	*case_id = k.id;
	text.is_fresh = desk_is_fresh(&before, &k);
	text.is_danger = t->is_danger && !is_known;
	text.is_repeated = k.repeated && !before.repeated;
	if ((rc = escalate_filed(c, &k, &text)) != 0 ||
	    (rc = forward_case(c, &k, desk_filed_act(t, before.id))) != 0)
		return rc;
	return desk_changed(c, k.id);
}
