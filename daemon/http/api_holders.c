/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A handler's own key and his copy of the agency's (desk/holder.h). What is
 * sealed comes and goes as it is: nobody here can open it. */
#include "config.h"

#include "desk/holder.h"
#include "http/api.h"
#include "vault/vault.h"

static json_t *
key_json(bool is_there, const unsigned char *data, size_t len)
{
	return is_there ? jval_base64(data, len) : json_null();
}

int
api_keys_get(struct api_req *r)
{
	struct holder h;
	int rc = store_holder_get(r->core->store, r->user.id, &h);

	if (rc != 0)
		return rc;
	return api_reply(r, 200,
	    json_pack("{s:o, s:o, s:o, s:o}", "agency", jval_text(h.agency),
		"public_key", jval_base64(h.public_key, sizeof(h.public_key)),
		"agency_key",
		key_json(h.has_share, h.agency_key, sizeof(h.agency_key)),
		"sealed_key",
		key_json(h.has_share, h.sealed, sizeof(h.sealed))));
}

int
api_keys_set(struct api_req *r)
{
	unsigned char pk[VAULT_KEY];
	int rc;

	if (jval_parse_base64(api_body_text(r, "public_key"), pk, sizeof(pk)) !=
	    0)
		rc = TC_EINVAL;
	else
		rc = holder_set_key(r->core, &r->user, pk);
	if (rc == TC_EINVAL)
		return api_refuse_field(
		    r, rc, 422, "public_key", "is not a usable X25519 key");
	if (rc == TC_EDENIED)
		return api_refuse(r, rc, 403, "a handler needs an agency");
	return rc != 0 ? rc : api_reply(r, 200, json_object());
}

struct holder_list {
	json_t *rows;
	struct agency agency;
	bool has_agency;
};

/* A share of the agency's last key opens nothing new. */
static int
on_holder(const struct holder *h, void *ctx)
{
	struct holder_list *l = ctx;
	bool is_current = h->has_share && l->has_agency &&
			  vault_equal(h->agency_key, l->agency.public_key,
			      sizeof(h->agency_key));

	json_array_append_new(l->rows,
	    json_pack("{s:o, s:o, s:b, s:b}", "user", jval_text(h->user),
		"public_key",
		key_json(h->has_key, h->public_key, sizeof(h->public_key)),
		"has_share", (int)h->has_share, "is_current", (int)is_current));
	return 0;
}

int
api_holders_list(struct api_req *r)
{
	struct holder_list l = {NULL, {.code = ""}, false};
	int rc;

	if (!holder_may(&r->user, r->args[0]))
		return api_refuse(r, TC_EDENIED, 403, "not your agency");
	rc = store_agency_get(r->core->store, r->args[0], &l.agency);
	if (rc != 0 && rc != TC_ENOENT)
		return rc;
	l.has_agency = rc == 0;
	l.rows = json_array();
	rc = store_holder_each(r->core->store, r->args[0], on_holder, &l);
	return api_reply_list(r, "holders", l.rows, rc);
}

int
api_holders_give(struct api_req *r)
{
	unsigned char sealed[VAULT_SEALED_KEY];
	const struct holder_gift gift = {r->args[0], r->args[1], sealed};
	int rc;

	if (jval_parse_base64(
		api_body_text(r, "sealed_key"), sealed, sizeof(sealed)) != 0)
		return api_refuse_field(
		    r, TC_EINVAL, 422, "sealed_key", "is not 80 bytes");
	rc = holder_give(r->core, &r->user, &gift);
	if (rc == TC_EDENIED)
		return api_refuse(r, rc, 403, "not your agency");
	if (rc == TC_ESTATE)
		return api_refuse(
		    r, rc, 409, "the user or the agency has no key");
	return rc != 0 ? rc : api_reply(r, 200, json_object());
}
