/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Webhooks of agencies' systems: set up, look, send again. The secret is in one
 * answer alone, that to POST, which is therefore not remembered. */
#include "config.h"

#include <string.h>

#include "forward/forward.h"
#include "http/api.h"
#include "intake/content.h"

#define DELIVERIES_LIMIT 100

static json_t *
webhook_json(const struct webhook *w)
{
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}",
	    "name", jval_text(w->name), "agency", jval_text(w->agency), "url",
	    jval_text(w->url), "created_at", jval_time(w->created_at), "queued",
	    jval_int(w->queued), "dead", jval_int(w->dead), "failures",
	    jval_int(w->failures), "next_at",
	    jval_time(w->failures > 0 ? w->next_at : 0), "tried_at",
	    jval_time(w->tried_at), "result", jval_opt(w->result));
}

static json_t *
delivery_json(const struct delivery *d)
{
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}",
	    "id", jval_id(d->id), "event", jval_text(d->event), "code",
	    jval_opt(d->code), "urgency",
	    d->code[0] != '\0' ? jval_int(d->urgency) : json_null(), "at",
	    jval_time(d->at), "state", jval_text(d->state), "tries",
	    jval_int(d->tries), "next_at", jval_time(d->next_at), "settled_at",
	    jval_time(d->settled_at), "result", jval_opt(d->result));
}

static int
on_webhook(const struct webhook *w, void *ctx)
{
	json_array_append_new(ctx, webhook_json(w));
	return 0;
}

int
api_webhooks_list(struct api_req *r)
{
	json_t *list = json_array();
	int rc = store_webhook_each(r->core->store, on_webhook, list);

	return api_reply_list(r, "webhooks", list, rc);
}

int
api_webhooks_get(struct api_req *r)
{
	struct webhook w;
	int rc = store_webhook_by_name(r->core->store, r->args[0], &w);

	return rc != 0 ? rc : api_reply(r, 200, webhook_json(&w));
}

int
api_webhooks_new(struct api_req *r)
{
	const char *url = api_body_text(r, "url"), *why;
	const char *agency = api_body_text(r, "agency");
	char secret[VAULT_WEBHOOK_SECRET_SIZE];
	struct webhook w = {.result = ""};
	json_t *body;
	int rc;

	if ((why = forward_check_url(url)) != NULL)
		return api_refuse_field(r, TC_EINVAL, 422, "url", why);
	if (content_agency_by_code(r->core->content, agency) == NULL)
		return api_refuse_field(
		    r, TC_EINVAL, 422, "agency", "is not in the content pack");
	if (str_printf(
		w.name, sizeof(w.name), "%s", api_body_text(r, "name")) != 0 ||
	    str_printf(w.agency, sizeof(w.agency), "%s", agency) != 0 ||
	    str_printf(w.url, sizeof(w.url), "%s", url) != 0)
		return TC_EINVAL;
	rc = forward_add(r->core, &w, secret);
	if (rc == TC_EFULL)
		return api_refuse(r, rc, 409, "there are too many webhooks");
	if (rc == TC_EEXIST)
		return api_refuse(r, rc, 409, "the name is taken");
	if (rc != 0)
		return rc;
	body = webhook_json(&w);
	json_object_set_new(body, "secret", jval_text(secret));
	vault_wipe(secret, sizeof(secret));
	return api_reply(r, 201, body);
}

int
api_webhooks_remove(struct api_req *r)
{
	int rc = forward_remove(r->core, r->args[0]);

	return rc != 0 ? rc : api_reply(r, 204, NULL);
}

int
api_webhooks_test(struct api_req *r)
{
	struct delivery d;
	int rc = forward_test(r->core, r->args[0], &d);

	return rc != 0 ? rc : api_reply(r, 200, delivery_json(&d));
}

/* --- deliveries --- */

struct page {
	json_t *list;
	int64_t last;
};

static int
on_delivery(const struct delivery *d, void *ctx)
{
	struct page *p = ctx;

	json_array_append_new(p->list, delivery_json(d));
	p->last = d->seq;
	return 0;
}

int
api_webhooks_deliveries(struct api_req *r)
{
	struct page page = {.list = json_array()};
	struct delivery_query q = {
	    .before = api_query_int(r, "before", INT64_MAX),
	    .state = api_query_text(r, "state"),
	    .limit = (int)api_query_int(r, "limit", DELIVERIES_LIMIT)};
	struct webhook w;
	int rc;

	rc = store_webhook_by_name(r->core->store, r->args[0], &w);
	if (rc == 0) {
		q.webhook_id = w.id;
		rc =
		    store_delivery_each(r->core->store, &q, on_delivery, &page);
	}
	if (rc < 0) {
		json_decref(page.list);
		return rc;
	}
	return api_reply(r, 200,
	    json_pack("{s:o, s:o}", "deliveries", page.list, "next",
		rc == q.limit ? jval_int(page.last) : json_null()));
}

int
api_webhooks_retry(struct api_req *r)
{
	struct delivery d;
	int64_t id;
	int rc;

	if (jval_parse_id(r->args[1], &id) != 0)
		return TC_ENOENT;
	rc = forward_retry(r->core, r->args[0], id, &d);
	if (rc == TC_ESTATE)
		return api_refuse(r, rc, 409, "it is not dead");
	return rc != 0 ? rc : api_reply(r, 200, delivery_json(&d));
}
