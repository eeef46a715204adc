/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The agencies of the content pack and their public keys (M12). A key is set
 * once; replacing one is rotation, which needs the open cases re-sealed by a
 * holder and is not this resource. RECOVERY and TRIAGE may have a key without
 * being in the pack.
 */
#include "config.h"

#include <string.h>

#include "clock.h"
#include "http/api.h"
#include "intake/content.h"
#include "vault/vault.h"

static const struct content_agency house_agencies[] = {
    {.code = (char *)"TRIAGE", .name = (char *)"TRIAGE"},
    {.code = (char *)"RECOVERY", .name = (char *)"RECOVERY"},
};

static json_t *
agency_json(const char *code, const char *name, const struct agency *a)
{
	return json_pack("{s:o, s:o, s:o, s:o}", "code", jval_text(code),
	    "name", jval_text(name), "public_key",
	    a != NULL ? jval_base64(a->public_key, sizeof(a->public_key))
		      : json_null(),
	    "key_set_at", jval_time(a != NULL ? a->key_set_at : 0));
}

static int
agencies_add(
    struct api_req *r, json_t *list, const struct content_agency *known)
{
	struct agency a;
	int rc = store_agency_get(r->core->store, known->code, &a);

	if (rc != 0 && rc != TC_ENOENT)
		return rc;
	json_array_append_new(
	    list, agency_json(known->code, known->name, rc == 0 ? &a : NULL));
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
	if (rc != 0) {
		json_decref(list);
		return rc;
	}
	return api_reply(r, 200, json_pack("{s:o}", "agencies", list));
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
	return api_reply(r, 200, agency_json(known->code, known->name, &a));
}
