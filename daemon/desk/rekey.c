/* SPDX-License-Identifier: GPL-2.0-or-later */
/* New keys of agencies: rekey.h. Called by http/ and by duty.c once a day. */
#include "config.h"

#include <string.h>

#include "clock.h"
#include "desk/address.h"
#include "desk/desk_private.h"
#include "desk/rekey.h"
#include "intake/content.h"
#include "log.h"
#include "vault/vault.h"

/* A handler for his own agency. */
static bool
rekey_is_own(const struct user *u, const char *agency)
{
	return (u->roles & ROLE_HANDLER) != 0 && strcmp(u->agency, agency) == 0;
}

static bool
rekey_is_admin(const struct user *u)
{
	return (u->roles & (ROLE_ADMIN | ROLE_SETUP)) != 0;
}

int
rekey_rotate(struct core *c, const struct user *u, const char *agency,
    const unsigned char pk[32])
{
	struct rekey_state state;
	struct agency a;
	int rc;

	if (!rekey_is_own(u, agency))
		return TC_EDENIED;
	if (!vault_pk_valid(pk))
		return TC_EINVAL;
	if ((rc = store_agency_get(c->store, agency, &a)) != 0)
		return rc;
	if (vault_equal(a.public_key, pk, sizeof(a.public_key)))
		return TC_EEXIST;
	if ((rc = store_rekey_state(c->store, agency, &state)) != 0)
		return rc;
	if (state.old > 0)
		return TC_ESTATE;
	if ((rc = store_rekey(c->store, agency, pk, clock_now())) != 0)
		return rc;
	if (strcmp(agency, AGENCY_DCTC) == 0 &&
	    (rc = store_address_age(c->store)) != 0)
		return rc;
	log_info("agency has a new key agency=%s user=%s", agency, u->name);
	return desk_log(c, 0, "key_rotated", agency, u);
}

int
rekey_each(struct core *c, const struct user *u, const struct rekey_query *q,
    store_rekey_cb cb, void *ctx)
{
	bool is_recovery = strcmp(q->from, AGENCY_RECOVERY) == 0;

	if (is_recovery ? !rekey_is_admin(u)
			: !rekey_is_own(u, q->agency) ||
			      strcmp(q->from, q->agency) != 0)
		return TC_EDENIED;
	return store_rekey_each(c->store, q, cb, ctx);
}

int
rekey_replace(
    struct core *c, const struct user *u, const struct rekey_copy *copy)
{
	int rc;

	if (!rekey_is_own(u, copy->agency) && !rekey_is_admin(u))
		return TC_EDENIED;
	rc = store_rekey_replace(
	    c->store, copy->case_id, copy->agency, copy->sealed);
	return rc != 0 ? rc
		       : desk_log(c, copy->case_id, "rekeyed", copy->agency, u);
}

int
rekey_due(struct core *c, const char *agency)
{
	return store_rekey_due(c->store, agency, clock_now());
}

void
rekey_nag(struct core *c)
{
	const struct content_commune *k = content_commune(c->content);
	struct rekey_state state;
	size_t i;

	for (i = 0; i < k->nagencies; i++) {
		if (store_rekey_state(c->store, k->agencies[i].code, &state) !=
		    0)
			continue;
		if (state.due_at != 0)
			log_warn("an agency needs a new key agency=%s",
			    k->agencies[i].code);
		if (state.old > 0)
			log_warn("cases are sealed to the last key of an "
				 "agency agency=%s n=%lld",
			    k->agencies[i].code, (long long)state.old);
	}
}
