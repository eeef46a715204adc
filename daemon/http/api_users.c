/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Users (M12): add, list, revoke. The password is hashed on the worker before
 * the turn. Never shows a hash.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "desk/act.h"
#include "desk/rekey.h"
#include "http/server.h"
#include "intake/content.h"
#include "msisdn.h"
#include "store/holder.h"
#include "vault/vault.h"

static json_t *
user_json(const struct user *u)
{
	return json_pack("{s:o, s:o, s:o, s:o, s:o}", "name",
	    jval_text(u->name), "agency", jval_text(u->agency), "roles",
	    auth_roles(u->roles), "created_at", jval_time(u->created_at),
	    "revoked_at", jval_time(u->revoked_at));
}

static int
on_user(const struct user *u, void *ctx)
{
	json_array_append_new(ctx, user_json(u));
	return 0;
}

int
api_users_list(struct api_req *r)
{
	json_t *list = json_array();
	int rc = store_user_each(r->core->store, on_user, list);

	return api_reply_list(r, "users", list, rc);
}

/* The roles of the body as bits; 0 or refused. */
static int
users_roles(struct api_req *r, unsigned *roles)
{
	json_t *list = json_object_get(r->body, "roles");
	unsigned bit;

	*roles = 0;
	for (size_t i = 0; i < json_array_size(list); i++) {
		if (role_parse(json_string_value(json_array_get(list, i)),
			&bit) != 0 ||
		    bit == ROLE_SETUP)
			return api_refuse_field(r, TC_EINVAL, 422, "roles",
			    "holds an unknown role");
		*roles |= bit;
	}
	return 0;
}

/* What the new user's row will hold, but the password. 0 or refused. */
static int
users_read(struct api_req *r, struct user *u)
{
	const char *agency = api_body_text(r, "agency");
	int rc;

	memset(u, 0, sizeof(*u));
	rc = users_roles(r, &u->roles);
	if (rc != 0)
		return rc;
	if (agency == NULL)
		agency = "";
	if (*agency != '\0' &&
	    content_agency_by_code(r->core->content, agency) == NULL)
		return api_refuse_field(
		    r, TC_EINVAL, 422, "agency", "is not in the content pack");
	if (*agency == '\0' && (u->roles & ROLE_HANDLER) != 0)
		return api_refuse_field(
		    r, TC_EINVAL, 422, "agency", "is needed by a handler");
	if (str_printf(u->name, sizeof(u->name), "%s",
		api_body_text(r, "name")) != 0 ||
	    str_printf(u->agency, sizeof(u->agency), "%s", agency) != 0)
		return api_refuse_error(r, TC_EINVAL);
	if (strcmp(u->name, role_name(ROLE_SETUP)) == 0)
		return api_refuse_field(
		    r, TC_EINVAL, 422, "name", "is not free");
	return 0;
}

static void
hash_work(void *arg)
{
	struct api_req *r = arg;

	r->secret->rc =
	    vault_password_hash(r->secret->password, r->secret->hash);
}

int
api_users_prepare(struct api_req *r)
{
	struct user u;
	int rc;

	rc = users_read(r, &u);
	if (rc != 0)
		return rc;
	r->secret = xcalloc(1, sizeof(*r->secret));
	/* The field's maximum is smaller. */
	(void)!str_printf(r->secret->password, sizeof(r->secret->password),
	    "%s", api_body_text(r, "password"));
	return request_work(r, hash_work);
}

int
api_users_new(struct api_req *r)
{
	struct user u;
	int rc;

	if (r->secret->rc != 0)
		return TC_EAGAIN;
	rc = users_read(r, &u);
	if (rc != 0)
		return rc;
	u.id = vault_random_id();
	u.created_at = clock_now();
	memcpy(u.password, r->secret->hash, sizeof(u.password));
	rc = store_user_add(r->core->store, &u);
	vault_wipe(u.password, sizeof(u.password));
	if (rc == TC_EEXIST)
		return api_refuse(r, rc, 409, "the name is taken");
	return rc != 0 ? rc : api_reply(r, 201, user_json(&u));
}

int
api_users_revoke(struct api_req *r)
{
	struct user u;
	int rc;

	rc = store_user_revoke(r->core->store, r->args[0], clock_now());
	if (rc == 0)
		rc = store_user_by_name(r->core->store, r->args[0], &u);
	if (rc == 0 && (u.roles & ROLE_HANDLER) != 0)
		rc = rekey_due(r->core, u.agency);
	if (rc == 0)
		rc = store_holder_remove(r->core->store, u.id);
	if (rc == 0)
		rc = desk_release(r->core, u.id, &r->user);
	return rc < 0 ? rc : api_reply(r, 200, user_json(&u));
}

/* His own number, and those of his household: texts from there are not for his
 * agency. Kept as a keyed hash that cannot be shown again. */
int
api_users_number(struct api_req *r)
{
	bool is_removed = json_is_true(json_object_get(r->body, "remove"));
	char number[MSISDN_MAX];
	unsigned char mac[VAULT_MAC];
	struct user u;
	int rc;

	if (msisdn_parse(api_body_text(r, "number"), number) != MSISDN_MOBILE)
		return api_refuse_field(r, TC_EINVAL, 422, "number",
		    "is not a Vietnamese mobile number");
	rc = store_user_by_name(r->core->store, r->args[0], &u);
	vault_wipe(u.password, sizeof(u.password));
	if (rc != 0)
		return rc;
	vault_phone_mac(r->core->vault, VAULT_PERSON, number, mac);
	rc = is_removed ? store_staff_remove(r->core->store, mac, u.id)
			: store_staff_add(r->core->store, mac, u.id);
	return rc != 0 ? rc : api_reply(r, 200, user_json(&u));
}
