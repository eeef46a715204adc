/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The ledger: its head, for whoever keeps it elsewhere; what other agencies did
 * and looked at, for a reviewer; and the check of the whole, on the helper
 * thread and a connection of its own, for it may be long. Ids and hashes only;
 * no case code leaves here.
 */
#include "config.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "conf.h"
#include "desk/audit.h"
#include "http/server.h"
#include "store/store.h"

struct api_audit {
	char *dir;
	struct audit_check check;
	int rc;
};

void
api_audit_free(struct api_audit *a)
{
	if (a != NULL)
		free(a->dir);
	free(a);
}

static void
audit_work(void *arg)
{
	struct api_req *r = arg;
	struct api_audit *a = r->audit;
	struct store *reader;

	a->rc = store_open_reader(a->dir, &reader);
	if (a->rc != 0)
		return;
	a->rc = audit_walk(reader, &a->check);
	store_close(reader);
}

/* A head that was kept elsewhere: both parts of it or none. 0 or refused. */
static int
audit_read(struct api_req *r, struct audit_check *check)
{
	const char *head = api_query_text(r, "head");

	check->kept_seq = api_query_int(r, "seq", 0);
	if ((check->kept_seq == 0) != (head == NULL))
		return api_refuse_field(r, TC_EINVAL, 400,
		    head == NULL ? "head" : "seq", "is missing");
	if (head == NULL)
		return 0;
	check->kept_len = strlen(head) / 2;
	if (strlen(head) % 2 != 0 ||
	    hex_decode(check->kept_hash, check->kept_len, head) != 0)
		return api_refuse_field(
		    r, TC_EINVAL, 400, "head", "is not 16 to 64 hex digits");
	return 0;
}

int
api_audit_prepare(struct api_req *r)
{
	struct audit_check check = {0};
	int rc;

	if ((rc = audit_read(r, &check)) != 0)
		return rc;
	r->audit = xcalloc(1, sizeof(*r->audit));
	r->audit->dir = xstrdup(r->core->conf->state_dir);
	r->audit->check = check;
	return request_work(r, audit_work);
}

int
api_audit_verify(struct api_req *r)
{
	const struct audit_check *k = &r->audit->check;
	char head[2 * AUDIT_HASH + 1];

	if (r->audit->rc != 0)
		return r->audit->rc;
	return api_reply(r, 200,
	    json_pack("{s:b, s:o, s:o, s:s, s:o, s:b}", "good",
		audit_is_good(k), "lines", jval_int(k->lines), "seq",
		jval_int(k->last_seq), "head",
		hex_encode(head, k->head, AUDIT_HASH), "bad_seq",
		k->bad_seq != 0 ? jval_int(k->bad_seq) : json_null(),
		"head_lost", k->is_kept_lost));
}

int
api_audit_head(struct api_req *r)
{
	unsigned char head[AUDIT_HASH];
	char hex[2 * AUDIT_HASH + 1];
	int64_t seq;
	int rc;

	if ((rc = store_event_last(r->core->store, &seq)) != 0 ||
	    (rc = store_event_head(r->core->store, head)) != 0)
		return rc;
	return api_reply(r, 200,
	    json_pack("{s:o, s:s, s:o}", "seq", jval_int(seq), "head",
		hex_encode(hex, head, sizeof(head)), "at",
		jval_time(clock_now())));
}

struct events_page {
	json_t *list;
	int64_t last;
};

static int
on_line(const struct case_event *e, void *ctx)
{
	struct events_page *page = ctx;

	page->last = e->seq;
	json_array_append_new(page->list,
	    json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "seq",
		jval_int(e->seq), "at", jval_time(e->at), "case",
		jval_id(e->case_id), "act", jval_text(e->act), "actor",
		jval_text(e->actor), "agency", jval_text(e->agency), "detail",
		jval_opt(e->detail)));
	return 0;
}

/* Nobody reviews his own agency. */
int
api_audit_events(struct api_req *r)
{
	struct event_query query = {.after = api_query_int(r, "after", 0),
	    .not_agency = r->user.agency,
	    .limit = (int)api_query_int(r, "limit", 100)};
	struct events_page page = {NULL, query.after};
	char next[24];
	int rc;

	if (r->user.agency[0] == '\0')
		return api_refuse(
		    r, TC_EDENIED, 403, "a reviewer belongs to an agency");
	page.list = json_array();
	rc = store_event_others(r->core->store, &query, on_line, &page);
	if (rc >= 0 &&
	    str_printf(next, sizeof(next), "%" PRId64, page.last) != 0)
		rc = TC_EFULL;
	if (rc < 0) {
		json_decref(page.list);
		return rc;
	}
	return api_reply(r, 200,
	    json_pack("{s:o, s:o}", "events", page.list, "next",
		rc == query.limit ? jval_text(next) : json_null()));
}
