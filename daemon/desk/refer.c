/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Referral and consent: refer.h. Called by http/ for handlers and by due.c.
 * Owns nothing. */
#include "config.h"

#include <string.h>

#include "clock.h"
#include "desk/desk_private.h"
#include "desk/ladder.h"
#include "desk/refer.h"
#include "outbox/outbox.h"
#include "intake/content.h"
#include "store/contact.h"
#include "store/seal.h"
#include "vault/vault.h"

static const char *const refer_overrides[] = {"", "life", "child", "legal"};
static const char *const consent_hows[] = {"voice", "person", "text"};

static bool
refer_is_word(const char *const *words, size_t n, const char *word)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (strcmp(words[i], word) == 0)
			return true;
	return false;
}

/* --- consent --- */

int
desk_consent(struct core *c, const struct user *u, const char *code,
    const struct desk_consent *consent)
{
	struct scope row = {.at = clock_now(),
	    .user_id = u->id,
	    .agency = consent->agency,
	    .how = consent->how,
	    .is_given = consent->is_given};
	struct case_row k;
	int rc;

	if (content_agency_by_code(c->content, consent->agency) == NULL ||
	    !refer_is_word(consent_hows, TC_NELEM(consent_hows), consent->how))
		return TC_EINVAL;
	if ((rc = store_case_for(c->store, code, u->agency, &k)) != 0)
		return rc;
	if (k.claimed_by != u->id)
		return k.claimed_by == 0 ? TC_ESTATE : TC_EDENIED;
	row.case_id = k.id;
	if ((rc = store_scope_add(c->store, &row)) != 0)
		return rc;
	/* What she says now counts, not what she texted before (KHONG). */
	if (consent->is_given && (rc = store_contact_unrefuse(c->store,
				      k.contact_id, consent->agency)) != 0)
		return rc;
	return desk_write(c, &k,
	    &(struct desk_act){consent->is_given ? "consent" : "no_consent",
		consent->agency, u});
}

struct consents {
	int (*cb)(const char *agency, bool is_given, void *ctx);
	void *ctx;
};

static int
consents_cb(const struct scope *k, void *arg)
{
	struct consents *x = arg;

	return x->cb(k->agency, k->is_given, x->ctx);
}

int
desk_consents(struct core *c, const struct user *u, const char *code,
    int (*cb)(const char *agency, bool is_given, void *ctx), void *ctx)
{
	struct consents x = {cb, ctx};
	struct case_row k;
	int rc;

	if ((rc = store_case_for(c->store, code, u->agency, &k)) != 0)
		return rc;
	return store_scope_each(c->store, k.id, consents_cb, &x);
}

/* --- referral --- */

/* May it go there at all? 0, TC_EAGAIN with r->why, another error. */
static int
refer_check(struct core *c, const struct case_row *k, struct desk_referral *r)
{
	unsigned char sealed[SEALED_KEY_LEN];
	int rc;

	rc = ladder_is_conflict(c, k->contact_id, r->agency);
	if (rc != 0) {
		r->why = "somebody of that agency is related to the sender";
		return rc < 0 ? rc : TC_EAGAIN;
	}
	if (r->override[0] != '\0')
		return 0;
	rc = store_contact_is_refused(c->store, k->contact_id, r->agency);
	if (rc != 0) {
		r->why = "she does not want that agency";
		return rc < 0 ? rc : TC_EAGAIN;
	}
	/* Who can read it already may get it back. */
	rc = store_seal_get(c->store, k->id, r->agency, sealed);
	if (rc != TC_ENOENT)
		return rc;
	rc = store_scope_given(c->store, k->id, r->agency);
	r->why = "she has not agreed to that agency";
	return rc < 0 ? rc : rc == 0 ? TC_EAGAIN : 0;
}

/* The agency sees the case; a copy of its own is there or comes with it. */
static int
refer_show(
    struct core *c, const struct case_row *k, const struct desk_referral *r)
{
	const struct seal_of of = {k->id, r->agency};
	struct case_seal seal = {
	    .case_id = k->id, .agency = r->agency, .rung = RUNG_REFERRAL};
	int rc;

	rc = store_seal_show(c->store, &of, clock_now());
	if (rc != TC_ENOENT)
		return rc;
	if (r->sealed_key == NULL)
		return TC_ENOTREADY;
	memcpy(seal.sealed, r->sealed_key, sizeof(seal.sealed));
	rc = store_seal_add(c->store, &seal);
	return rc != 0 ? rc : store_seal_show(c->store, &of, clock_now());
}

static int
refer_note(struct core *c, struct case_row *k, const struct desk_note *note)
{
	struct case_item item = {.id = outbox_new_id(),
	    .case_id = k->id,
	    .at = clock_now(),
	    .kind = "reason",
	    .sealed = note->sealed,
	    .len = note->len};

	if (note->len == 0)
		return 0;
	k->items++;
	return store_item_add(c->store, &item);
}

/* Why it went outside of her consent is a line of its own. */
static int
refer_log_override(struct core *c, const struct case_row *k,
    const struct user *u, const struct desk_referral *r)
{
	if (r->override[0] == '\0')
		return 0;
	return desk_log(c, k->id, "override", r->override, u);
}

static bool
refer_is_valid(struct core *c, const struct desk_referral *r)
{
	return content_agency_by_code(c->content, r->agency) != NULL &&
	       refer_is_word(
		   refer_overrides, TC_NELEM(refer_overrides), r->override) &&
	       r->note.len <= DESK_NOTE_MAX &&
	       (r->override[0] == '\0' || r->note.len > 0);
}

int
desk_refer(struct core *c, const struct user *u, const char *code,
    struct desk_referral *r)
{
	struct case_row k;
	int rc;

	if (!refer_is_valid(c, r) || strcmp(r->agency, u->agency) == 0)
		return TC_EINVAL;
	if ((rc = store_case_for(c->store, code, u->agency, &k)) != 0)
		return rc;
	if (k.claimed_by != u->id)
		return k.claimed_by == 0 ? TC_ESTATE : TC_EDENIED;
	if (desk_is(&k, "claimed") && (rc = desk_move(&k, "active")) != 0)
		return rc;
	if ((rc = refer_check(c, &k, r)) != 0 ||
	    (rc = desk_move(&k, "referred")) != 0 ||
	    (rc = refer_show(c, &k, r)) != 0 ||
	    (rc = refer_note(c, &k, &r->note)) != 0 ||
	    (rc = refer_log_override(c, &k, u, r)) != 0 ||
	    (rc = str_printf(
		 k.refer_to, sizeof(k.refer_to), "%s", r->agency)) != 0)
		return rc;
	k.claim_until = k.next_at = 0;
	k.due_at = desk_due(c, k.urgency, clock_now());
	return desk_write(c, &k, &(struct desk_act){"offered", r->agency, u});
}

/* The case that is offered to the user's agency. */
static int
refer_offered(
    struct core *c, const struct user *u, const char *code, struct case_row *k)
{
	int rc = store_case_for(c->store, code, u->agency, k);

	if (rc != 0)
		return rc;
	if (!desk_is(k, "referred"))
		return TC_ESTATE;
	return strcmp(k->refer_to, u->agency) == 0 ? 0 : TC_EDENIED;
}

int
desk_accept(struct core *c, const struct user *u, const char *code)
{
	struct case_row k;
	char from[AGENCY_CODE_MAX];
	int rc;

	if ((rc = refer_offered(c, u, code, &k)) != 0)
		return rc;
	memcpy(from, k.lead, sizeof(from));
	rc = store_seal_release(
	    c->store, &(struct seal_of){k.id, u->agency}, clock_now());
	if (rc != 0 || (rc = desk_take(&k, u)) != 0)
		return rc;
	k.refer_to[0] = '\0';
	return desk_write(c, &k, &(struct desk_act){"accepted", from, u});
}

/* Back to whoever offered it. */
static int
refer_back(struct core *c, struct case_row *k, const struct desk_act *act)
{
	int rc;

	/* Who waits there must hear of it, too. */
	if ((rc = desk_changed(c, k->id)) != 0 ||
	    (rc = store_seal_withhold(
		 c->store, &(struct seal_of){k->id, k->refer_to})) != 0 ||
	    (rc = desk_move(k, "active")) != 0)
		return rc;
	k->refer_to[0] = '\0';
	return desk_write(c, k, act);
}

int
desk_decline(struct core *c, const struct user *u, const char *code)
{
	struct case_row k;
	int rc = refer_offered(c, u, code, &k);

	return rc != 0
		   ? rc
		   : refer_back(c, &k, &(struct desk_act){"declined", NULL, u});
}

int
desk_revoke(struct core *c, const struct user *u, const char *code)
{
	char to[AGENCY_CODE_MAX];
	struct case_row k;
	int rc = store_case_for(c->store, code, u->agency, &k);

	if (rc != 0)
		return rc;
	if (!desk_is(&k, "referred"))
		return TC_ESTATE;
	if (k.claimed_by != u->id)
		return TC_EDENIED;
	memcpy(to, k.refer_to, sizeof(to));
	return refer_back(c, &k, &(struct desk_act){"revoked", to, u});
}

int
desk_refer_expired(struct core *c, int64_t case_id, int step)
{
	char to[AGENCY_CODE_MAX];
	struct case_row k;
	int rc = store_case_get(c->store, case_id, &k);

	(void)step;
	if (rc != 0 || !desk_is(&k, "referred"))
		return rc == TC_ENOENT ? 0 : rc;
	memcpy(to, k.refer_to, sizeof(to));
	return refer_back(c, &k, &(struct desk_act){"not_accepted", to, NULL});
}
