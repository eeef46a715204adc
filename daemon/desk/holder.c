/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who holds an agency's key: holder.h. Called by http/. */
#include "config.h"

#include <string.h>

#include "desk/desk_private.h"
#include "desk/holder.h"
#include "log.h"
#include "vault/vault.h"

bool
holder_may(const struct user *u, const char *agency)
{
	return (u->roles & (ROLE_ADMIN | ROLE_SETUP)) != 0 ||
	       ((u->roles & ROLE_HANDLER) != 0 &&
		   strcmp(u->agency, agency) == 0);
}

int
holder_set_key(struct core *c, const struct user *u, const unsigned char pk[32])
{
	struct holder was;
	int rc;

	if ((u->roles & ROLE_HANDLER) == 0 || u->agency[0] == '\0')
		return TC_EDENIED;
	if (!vault_pk_valid(pk))
		return TC_EINVAL;
	rc = store_holder_get(c->store, u->id, &was);
	if (rc == 0 && vault_equal(was.public_key, pk, sizeof(was.public_key)))
		return 0;
	if (rc != 0 && rc != TC_ENOENT)
		return rc;
	if ((rc = store_holder_set_key(c->store, u->id, pk)) != 0)
		return rc;
	log_info("handler has a key user=%s agency=%s", u->name, u->agency);
	return desk_log(c, 0, "user_key", u->name, u);
}

int
holder_give(
    struct core *c, const struct user *by, const struct holder_gift *gift)
{
	struct holder share = {.has_share = true};
	struct agency agency;
	struct user to;
	int rc;

	if (!holder_may(by, gift->agency))
		return TC_EDENIED;
	rc = store_user_by_name(c->store, gift->user, &to);
	vault_wipe(to.password, sizeof(to.password));
	if (rc != 0)
		return rc;
	if (to.revoked_at != 0 || (to.roles & ROLE_HANDLER) == 0 ||
	    strcmp(to.agency, gift->agency) != 0)
		return TC_ENOENT;
	if ((rc = store_agency_get(c->store, gift->agency, &agency)) != 0)
		return rc == TC_ENOENT ? TC_ESTATE : rc;
	memcpy(share.agency_key, agency.public_key, sizeof(share.agency_key));
	memcpy(share.sealed, gift->sealed, sizeof(share.sealed));
	if ((rc = store_holder_give(c->store, to.id, &share)) != 0)
		return rc == TC_ENOENT ? TC_ESTATE : rc;
	log_info("agency key is shared agency=%s with=%s user=%s", gift->agency,
	    to.name, by->name);
	return desk_log(c, 0, "key_shared", to.name, by);
}
