/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Messages: lane, state and times; never a text or a number. */
#include "config.h"

#include "http/api.h"
#include "outbox/outbox.h"

struct message_page {
	json_t *list;
	int64_t last;
};

static int
on_message(const struct outbox_message *m, void *ctx)
{
	struct message_page *page = ctx;
	json_t *j;

	j = json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:i, s:i}",
	    "id", jval_id(m->id), "lane", jval_text(m->lane), "state",
	    jval_text(m->state), "reason", jval_opt(m->reason), "modem",
	    jval_opt(m->modem), "created_at", jval_time(m->created_at),
	    "expires_at", jval_time(m->expires_at), "settled_at",
	    jval_time(m->settled_at), "parts", m->parts, "parts_sent",
	    m->parts_sent);
	if (m->campaign_id != 0)
		json_object_set_new(j, "campaign", jval_id(m->campaign_id));
	json_array_append_new(page->list, j);
	page->last = m->id;
	return 0;
}

int
api_messages_list(struct api_req *r)
{
	struct message_page page = {json_array(), 0};
	const char *before = api_query_text(r, "before");
	int limit = (int)api_query_int(r, "limit", 100);
	int64_t id = 0;
	int rc = 0;

	if (before != NULL)
		rc = jval_parse_id(before, &id);
	if (rc == 0)
		rc = outbox_each(r->core, id, limit, on_message, &page);
	if (rc < 0) {
		json_decref(page.list);
		return rc;
	}
	return api_reply(r, 200,
	    json_pack("{s:o, s:o}", "messages", page.list, "next",
		jval_opt_id(rc < limit ? 0 : page.last)));
}

static void
on_part(const struct outbox_part *p, void *ctx)
{
	json_t *tp_mr = p->tp_mr >= 0 ? jval_int(p->tp_mr) : json_null();
	json_t *code = p->code != 0 ? jval_int(p->code) : json_null();
	json_t *tp_status =
	    p->tp_status >= 0 ? jval_int(p->tp_status) : json_null();

	json_array_append_new(ctx,
	    json_pack("{s:i, s:o, s:o, s:o, s:i, s:o, s:o, s:b, s:o, s:o, s:o,"
		      " s:o}",
		"seq", p->seq, "state", jval_text(p->state), "reason",
		jval_opt(p->reason), "modem", jval_opt(p->modem), "attempts",
		p->attempts, "tp_mr", tp_mr, "code", code, "report",
		(int)p->report, "tp_status", tp_status, "not_before",
		jval_time(p->not_before), "submitted_at",
		jval_time(p->submitted_at), "settled_at",
		jval_time(p->settled_at)));
}

int
api_messages_get(struct api_req *r)
{
	struct message_page page = {json_array(), 0};
	json_t *parts = json_array(), *j = NULL;
	int64_t id;
	int rc;

	rc = api_arg_id(r, &id);
	if (rc == 0)
		rc = outbox_get(r->core, id, on_message, &page);
	if (rc == 0)
		rc = outbox_parts(r->core, id, on_part, parts);
	if (rc >= 0)
		j = json_incref(json_array_get(page.list, 0));
	json_object_set(j, "part_list", parts);
	json_decref(parts);
	json_decref(page.list);
	if (rc < 0)
		return rc;
	return j != NULL ? api_reply(r, 200, j) : TC_ENOENT;
}
