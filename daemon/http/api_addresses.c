/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Trusted addresses (desk/address.h), for handlers of DCTC alone: what is sealed
 * comes and goes as it is; the daemon reads labels, places and fingerprints.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "desk/address.h"
#include "http/api.h"
#include "wordrun.h"

/* What an error of the registry is to a client. */
static const struct {
	int err, status;
	const char *detail;
} address_refusals[] = {
    {TC_EDENIED, 403, "only a handler of DCTC, and whoever has the case"},
    {TC_EFULL, 409, "not so many places are free"},
    {TC_EEXIST, 409, "the case has a place already"},
    {TC_ESTATE, 409, "somebody is there, or the case is not claimed"},
    {TC_ENOTREADY, 409, "DCTC has no key"},
    {TC_EINVAL, 422, "not how it was said, no places, or not sealed"},
};

/* rc as the answer of a request that failed, otherwise rc. */
static int
addresses_refuse(struct api_req *r, int rc)
{
	size_t i;

	for (i = 0; i < TC_NELEM(address_refusals); i++)
		if (address_refusals[i].err == rc && r->status == 0)
			return api_refuse(r, rc, address_refusals[i].status,
			    address_refusals[i].detail);
	return rc;
}

/* --- the registry --- */

static int
on_stay(const struct address_stay *stay, void *ctx)
{
	json_array_append_new(
	    ctx, json_pack("{s:o, s:o, s:o}", "case", jval_text(stay->code),
		     "places", jval_int(stay->places), "since",
		     jval_time(stay->since)));
	return 0;
}

/* As the list shows it; NULL when the stays cannot be read. */
static json_t *
address_json(struct api_req *r, const struct address_row *a)
{
	char label[ADDRESS_LABEL_MAX];
	json_t *stays = json_array();

	address_label(a->id, label);
	if (store_stay_each(r->core->store, a->id, on_stay, stays) != 0) {
		json_decref(stays);
		return NULL;
	}
	return json_pack("{s:o, s:o, s:o, s:o, s:b, s:o}", "label",
	    jval_text(label), "places", jval_int(a->places), "free",
	    jval_int(a->places - a->taken), "added_at", jval_time(a->added_at),
	    "is_old", a->is_old, "stays", stays);
}

struct addresses_list {
	struct api_req *r;
	json_t *list;
};

static int
on_address(const struct address_row *a, void *ctx)
{
	struct addresses_list *l = ctx;
	json_t *row = address_json(l->r, a);

	return row != NULL ? json_array_append_new(l->list, row) : TC_EIO;
}

int
api_addresses_list(struct api_req *r)
{
	struct addresses_list l = {r, json_array()};
	int rc = address_each(r->core, &r->user, on_address, &l);

	if (rc != 0) {
		json_decref(l.list);
		return addresses_refuse(r, rc);
	}
	return api_reply(r, 200, json_pack("{s:o}", "addresses", l.list));
}

static void
on_phrase(const char *phrase, void *ctx)
{
	json_array_append_new(ctx, jval_text(phrase));
}

int
api_addresses_key(struct api_req *r)
{
	unsigned char key[WORDRUN_KEY];
	json_t *phrases, *answer;
	int rc = address_key(r->core, &r->user, key);

	if (rc != 0)
		return addresses_refuse(r, rc);
	phrases = json_array();
	address_public(r->core, on_phrase, phrases);
	answer = json_pack("{s:o, s:o}", "key", jval_base64(key, sizeof(key)),
	    "public", phrases);
	explicit_bzero(key, sizeof(key));
	return api_reply(r, 200, answer);
}

/* --- one of them --- */

static int
body_sealed(struct api_req *r, struct buf *out)
{
	unsigned char *bytes;
	size_t len;
	int rc = api_body_bytes(r, "sealed", &bytes, &len);

	buf_init(out, ADDRESS_SEALED_MAX + 4);
	if (rc == 0)
		rc = buf_put(out, bytes, len);
	free(bytes);
	return rc;
}

/* How many fingerprints were read, or refused. */
static int
body_runs(struct api_req *r, unsigned char runs[ADDRESS_RUNS_MAX][ADDRESS_MAC])
{
	const json_t *list = json_object_get(r->body, "fingerprints");
	const json_t *item;
	size_t i;

	json_array_foreach(list, i,
	    item) if (i >= ADDRESS_RUNS_MAX ||
		      jval_parse_base64(json_string_value(item), runs[i],
			  ADDRESS_MAC) != 0) return api_refuse_field(r,
	    TC_EINVAL, 422, "fingerprints", "is not a list of 16 bytes each");
	return (int)json_array_size(list);
}

static int
address_register(struct api_req *r, const struct buf *sealed)
{
	unsigned char runs[ADDRESS_RUNS_MAX][ADDRESS_MAC];
	struct address_new a = {.places = (int)api_body_int(r, "places", 0),
	    .sealed = sealed,
	    .runs = (const unsigned char(*)[ADDRESS_MAC])runs};
	char label[ADDRESS_LABEL_MAX];
	int n = body_runs(r, runs), rc;

	if (n < 0)
		return n;
	a.nruns = (size_t)n;
	rc = address_add(r->core, &r->user, &a, label);
	if (rc == TC_EEXIST)
		return api_refuse_with(r, rc, 409,
		    "a text of the content pack has words of it",
		    json_pack("{s:o}", "text", jval_text(a.text)));
	return rc != 0 ? addresses_refuse(r, rc)
		       : api_reply(r, 201,
			     json_pack("{s:o}", "label", jval_text(label)));
}

int
api_addresses_new(struct api_req *r)
{
	struct buf sealed;
	int rc = body_sealed(r, &sealed);

	if (rc == 0)
		rc = address_register(r, &sealed);
	buf_clear(&sealed);
	return rc;
}

int
api_addresses_get(struct api_req *r)
{
	struct address_row row;
	struct buf sealed;
	json_t *answer = NULL;
	int rc;

	buf_init(&sealed, ADDRESS_SEALED_MAX);
	rc = address_view(r->core, &r->user, r->args[0], &row, &sealed);
	if (rc == 0) {
		answer = address_json(r, &row);
		rc = answer != NULL ? json_object_set_new(answer, "sealed",
					  jval_base64(sealed.data, sealed.len))
				    : TC_EIO;
	}
	buf_clear(&sealed);
	return rc != 0 ? addresses_refuse(r, rc) : api_reply(r, 200, answer);
}

int
api_addresses_remove(struct api_req *r)
{
	int rc = address_remove(r->core, &r->user, r->args[0]);

	return rc != 0 ? addresses_refuse(r, rc)
		       : api_reply(r, 200, json_object());
}

int
api_addresses_reseal(struct api_req *r)
{
	struct buf sealed;
	int rc = body_sealed(r, &sealed);

	if (rc == 0)
		rc = address_reseal(r->core, &r->user, r->args[0], &sealed);
	buf_clear(&sealed);
	return rc != 0 ? addresses_refuse(r, rc)
		       : api_reply(r, 200, json_object());
}

/* --- who is where --- */

static int
address_reply(struct api_req *r, int rc)
{
	struct address_row row;
	json_t *answer;

	if (rc != 0)
		return addresses_refuse(r, rc);
	rc = store_address_get(r->core->store, address_id(r->args[0]), &row);
	if (rc != 0)
		return rc;
	answer = address_json(r, &row);
	return answer != NULL ? api_reply(r, 200, answer) : TC_EIO;
}

int
api_addresses_assign(struct api_req *r)
{
	struct address_wish wish = {.label = r->args[0],
	    .code = api_body_text(r, "case"),
	    .how = api_body_text(r, "how"),
	    .places = (int)api_body_int(r, "places", 1)};
	int rc = address_assign(r->core, &r->user, &wish);

	if (rc == TC_EAGAIN)
		return api_refuse(r, rc, 409, wish.why);
	return address_reply(r, rc);
}

int
api_addresses_release(struct api_req *r)
{
	const struct address_wish wish = {
	    .label = r->args[0], .code = api_body_text(r, "case")};

	return address_reply(r, address_release(r->core, &r->user, &wish));
}
