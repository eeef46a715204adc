/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The agencies of the content pack and their public keys (M12). A key is set
 * once; a new one (rotate) needs every copy sealed anew by a holder, one by one
 * (seals). RECOVERY and TRIAGE may have a key without
 * being in the pack.
 */
#include "config.h"

#include <string.h>

#include "clock.h"
#include "desk/rekey.h"
#include "http/api.h"
#include "intake/content.h"
#include "vault/vault.h"

static const struct content_agency house_agencies[] = {
    {.code = (char *)"TRIAGE", .name = (char *)"TRIAGE"},
    {.code = (char *)"RECOVERY", .name = (char *)"RECOVERY"},
};

static json_t *
agency_json(struct api_req *r, const char *code, const char *name,
    const struct agency *a)
{
	struct rekey_state state = {0, 0};

	if (a != NULL && store_rekey_state(r->core->store, code, &state) != 0)
		state.old = 0;
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o}", "code",
	    jval_text(code), "name", jval_text(name), "public_key",
	    a != NULL ? jval_base64(a->public_key, sizeof(a->public_key))
		      : json_null(),
	    "key_set_at", jval_time(a != NULL ? a->key_set_at : 0),
	    "key_due_at", jval_time(state.due_at), "old_seals",
	    jval_int(state.old));
}

static int
agencies_add(
    struct api_req *r, json_t *list, const struct content_agency *known)
{
	struct agency a;
	int rc = store_agency_get(r->core->store, known->code, &a);

	if (rc != 0 && rc != TC_ENOENT)
		return rc;
	json_array_append_new(list,
	    agency_json(r, known->code, known->name, rc == 0 ? &a : NULL));
	return 0;
}

int
api_agencies_list(struct api_req *r)
{
	const struct content_commune *k = content_commune(r->core->content);
	json_t *list = json_array();
	int rc = 0;

	for (size_t i = 0; i < k->nagencies && rc == 0; i++)
		rc = agencies_add(r, list, &k->agencies[i]);
	for (size_t i = 0; i < TC_NELEM(house_agencies) && rc == 0; i++)
		if (content_agency_by_code(
			r->core->content, house_agencies[i].code) == NULL)
			rc = agencies_add(r, list, &house_agencies[i]);
	return api_reply_list(r, "agencies", list, rc);
}

/* NULL when there is no such agency. */
static const struct content_agency *
agency_find(const struct content *c, const char *code)
{
	const struct content_agency *a = content_agency_by_code(c, code);

	for (size_t i = 0; a == NULL && i < TC_NELEM(house_agencies); i++)
		if (strcmp(house_agencies[i].code, code) == 0)
			a = &house_agencies[i];
	return a;
}

int
api_agencies_set_key(struct api_req *r)
{
	const struct content_agency *known;
	unsigned char pk[VAULT_KEY];
	struct agency a;
	int rc;

	known = agency_find(r->core->content, r->args[0]);
	if (known == NULL)
		return TC_ENOENT;
	if (jval_parse_base64(api_body_text(r, "public_key"), pk, sizeof(pk)) !=
		0 ||
	    !vault_pk_valid(pk))
		return api_refuse_field(r, TC_EINVAL, 422, "public_key",
		    "is not a usable X25519 key");
	rc = store_agency_get(r->core->store, known->code, &a);
	if (rc == 0 && !vault_equal(a.public_key, pk, sizeof(pk)))
		return api_refuse(
		    r, TC_EEXIST, 409, "the agency has another key");
	if (rc == TC_ENOENT) {
		rc = store_agency_set_key(
		    r->core->store, known->code, pk, clock_now());
		if (rc == 0)
			rc = store_agency_get(r->core->store, known->code, &a);
	}
	if (rc != 0)
		return rc;
	return api_reply(r, 200, agency_json(r, known->code, known->name, &a));
}

int
api_agencies_rotate(struct api_req *r)
{
	unsigned char pk[VAULT_KEY];
	int rc;

	if (jval_parse_base64(api_body_text(r, "public_key"), pk, sizeof(pk)) !=
	    0)
		return api_refuse_field(r, TC_EINVAL, 422, "public_key",
		    "is not a usable X25519 key");
	rc = rekey_rotate(r->core, &r->user, r->args[0], pk);
	if (rc == TC_EDENIED)
		return api_refuse(r, rc, 403, "not your agency");
	if (rc == TC_EINVAL)
		return api_refuse_field(
		    r, rc, 422, "public_key", "is not a usable X25519 key");
	if (rc == TC_EEXIST)
		return api_refuse(r, rc, 409, "that is its key already");
	if (rc == TC_ESTATE)
		return api_refuse(
		    r, rc, 409, "copies are left for the key before");
	return rc != 0 ? rc : api_reply(r, 200, json_object());
}

static int
on_old_seal(int64_t case_id, const void *sealed, size_t len, void *ctx)
{
	json_array_append_new(
	    ctx, json_pack("{s:o, s:o}", "case", jval_id(case_id), "sealed_key",
		     jval_base64(sealed, len)));
	return 0;
}

int
api_agencies_seals(struct api_req *r)
{
	const char *from = api_query_text(r, "from");
	struct rekey_query query = {.agency = r->args[0],
	    .from = from != NULL ? from : r->args[0],
	    .limit = (int)api_query_int(r, "limit", 100)};
	json_t *list = json_array();
	int rc = rekey_each(r->core, &r->user, &query, on_old_seal, list);

	if (rc < 0) {
		json_decref(list);
		return rc == TC_EDENIED
			   ? api_refuse(r, rc, 403, "not your copies")
			   : rc;
	}
	return api_reply(r, 200, json_pack("{s:o}", "seals", list));
}

int
api_agencies_reseal(struct api_req *r)
{
	unsigned char sealed[80];
	struct rekey_copy copy = {.agency = r->args[0], .sealed = sealed};
	int rc;

	if (jval_parse_id(r->args[1], &copy.case_id) != 0)
		return TC_ENOENT;
	if (jval_parse_base64(
		api_body_text(r, "sealed_key"), sealed, sizeof(sealed)) != 0)
		return api_refuse_field(
		    r, TC_EINVAL, 422, "sealed_key", "is not 80 bytes");
	rc = rekey_replace(r->core, &r->user, &copy);
	if (rc == TC_EDENIED)
		return api_refuse(r, rc, 403, "not your copies");
	return rc != 0 ? rc : api_reply(r, 200, json_object());
}
