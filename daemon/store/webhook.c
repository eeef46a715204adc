/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Webhooks and their deliveries: store/webhook.h. */
#include "config.h"

#include <string.h>

#include "buf.h"
#include "store/sql.h"
#include "store/webhook.h"

#define WEBHOOK_COLUMNS                                                        \
	"w.id, w.name, w.agency, w.url, w.created_at, w.failures, w.next_at, " \
	"coalesce(w.tried_at, 0), w.result, "                                  \
	"(SELECT count(*) FROM delivery WHERE webhook_id = w.id"               \
	" AND state = 'queued'), "                                             \
	"(SELECT count(*) FROM delivery WHERE webhook_id = w.id"               \
	" AND state = 'dead')"
#define DELIVERY_COLUMNS                                                       \
	"seq, id, webhook_id, event, urgency, code, cursor, at, queued_at, "   \
	"state, tries, coalesce(settled_at, 0), result, next_at"

enum {
	WEBHOOK_ADD,
	WEBHOOK_REMOVE,
	WEBHOOK_BY_NAME,
	WEBHOOK_ALL,
	WEBHOOK_SECRET,
	WEBHOOK_TRIED,
	DELIVERY_ADD,
	DELIVERY_NEXT,
	DELIVERY_WAKE,
	DELIVERY_GET,
	DELIVERY_SET,
	DELIVERY_EXPIRE,
	DELIVERY_PAGE,
	DELIVERY_PURGE,
	DELIVERY_COUNT
};

static const char *const webhook_sql[] = {
    [WEBHOOK_ADD] = "INSERT INTO webhook(id, name, agency, url, secret_box,"
		    " created_at) VALUES(?1, ?2, ?3, ?4, ?5, ?6)",
    [WEBHOOK_REMOVE] = "DELETE FROM webhook WHERE id = ?1",
    [WEBHOOK_BY_NAME] =
	"SELECT " WEBHOOK_COLUMNS " FROM webhook w WHERE w.name = ?1",
    [WEBHOOK_ALL] = "SELECT " WEBHOOK_COLUMNS " FROM webhook w ORDER BY w.name",
    [WEBHOOK_SECRET] = "SELECT secret_box FROM webhook WHERE id = ?1",
    [WEBHOOK_TRIED] = "UPDATE webhook SET failures = ?2, next_at = ?3,"
		      " tried_at = ?4, result = ?5 WHERE id = ?1",
    [DELIVERY_ADD] = "INSERT INTO delivery(id, webhook_id, event, urgency,"
		     " code, cursor, at, queued_at)"
		     " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7)",
    [DELIVERY_NEXT] = "SELECT " DELIVERY_COLUMNS " FROM delivery"
		      " WHERE webhook_id = ?1 AND state = 'queued'"
		      " AND next_at NOT BETWEEN ?2 + 1 AND ?3"
		      " ORDER BY seq LIMIT 1",
    [DELIVERY_WAKE] = "SELECT coalesce(min(next_at), 0) FROM delivery"
		      " WHERE webhook_id = ?1 AND state = 'queued'",
    [DELIVERY_GET] = "SELECT " DELIVERY_COLUMNS " FROM delivery WHERE id = ?1",
    [DELIVERY_SET] = "UPDATE delivery SET queued_at = ?2, state = ?3,"
		     " tries = ?4, settled_at = nullif(?5, 0), result = ?6,"
		     " next_at = ?7"
		     " WHERE id = ?1",
    [DELIVERY_EXPIRE] = "UPDATE delivery SET state = 'dead', settled_at = ?3"
			" WHERE webhook_id = ?1 AND state = 'queued'"
			" AND queued_at < ?2",
    [DELIVERY_PAGE] = "SELECT " DELIVERY_COLUMNS " FROM delivery"
		      " WHERE webhook_id = ?1 AND seq < ?2"
		      " AND (?3 IS NULL OR state = ?3)"
		      " ORDER BY seq DESC LIMIT ?4",
    [DELIVERY_PURGE] = "DELETE FROM delivery WHERE seq IN ("
		       "SELECT seq FROM delivery WHERE state = ?1"
		       " AND state <> 'queued' AND settled_at < ?2"
		       " ORDER BY settled_at LIMIT 500)",
    [DELIVERY_COUNT] =
	"SELECT (SELECT count(*) FROM delivery WHERE state = 'queued'),"
	" (SELECT count(*) FROM delivery WHERE state = 'dead'"
	"  AND state <> 'queued')",
};
const struct sql_table sql_webhook = {webhook_sql, TC_NELEM(webhook_sql)};

/* --- webhooks --- */

int
store_webhook_add(
    struct store *s, const struct webhook *w, const struct buf *secret_box)
{
	int rc;

	rc = sql_run(s, SQL_ID(SUBJECT_WEBHOOK, WEBHOOK_ADD), "itttbi", w->id,
	    w->name, w->agency, w->url, (const void *)secret_box->data,
	    secret_box->len, w->created_at);
	return rc < 0 ? rc : 0;
}

int
store_webhook_remove(struct store *s, int64_t id)
{
	int rc;

	rc = sql_run(s, SQL_ID(SUBJECT_WEBHOOK, WEBHOOK_REMOVE), "i", id);
	return rc < 0 ? rc : rc == 0 ? TC_ENOENT : 0;
}

static void
webhook_read(struct sql *q, void *out)
{
	struct webhook *w = out;

	memset(w, 0, sizeof(*w));
	w->id = sql_int(q, 0);
	sql_copy(q, 1, w->name, sizeof(w->name));
	sql_copy(q, 2, w->agency, sizeof(w->agency));
	sql_copy(q, 3, w->url, sizeof(w->url));
	w->created_at = sql_int(q, 4);
	w->failures = sql_int(q, 5);
	w->next_at = sql_int(q, 6);
	w->tried_at = sql_int(q, 7);
	sql_copy(q, 8, w->result, sizeof(w->result));
	w->queued = sql_int(q, 9);
	w->dead = sql_int(q, 10);
}

int
store_webhook_by_name(struct store *s, const char *name, struct webhook *out)
{
	struct sql q;

	sql_use(&q, s, SQL_ID(SUBJECT_WEBHOOK, WEBHOOK_BY_NAME), "t", name);
	return sql_one(&q, webhook_read, out);
}

int
store_webhook_each(struct store *s, store_webhook_cb cb, void *ctx)
{
	struct webhook w;
	struct sql q;
	int rc = 0, n = 0, stop = 0, end;

	sql_use(&q, s, SQL_ID(SUBJECT_WEBHOOK, WEBHOOK_ALL), "");
	while (stop == 0 && (rc = sql_row(&q)) == 1) {
		webhook_read(&q, &w);
		stop = cb(&w, ctx);
		n++;
	}
	end = sql_done(&q);
	if (stop != 0)
		return stop;
	return end != 0 ? end : n;
}

int
store_webhook_secret(struct store *s, int64_t id, struct buf *out)
{
	struct sql q;

	sql_use(&q, s, SQL_ID(SUBJECT_WEBHOOK, WEBHOOK_SECRET), "i", id);
	return sql_one_blob(&q, out);
}

int
store_webhook_tried(struct store *s, const struct webhook *w)
{
	int rc;

	rc = sql_run(s, SQL_ID(SUBJECT_WEBHOOK, WEBHOOK_TRIED), "iiiit", w->id,
	    w->failures, w->next_at, w->tried_at, w->result);
	return rc < 0 ? rc : 0;
}

/* --- deliveries --- */

int
store_delivery_add(struct store *s, const struct delivery *d)
{
	int rc;

	rc = sql_run(s, SQL_ID(SUBJECT_WEBHOOK, DELIVERY_ADD), "iititii", d->id,
	    d->webhook_id, d->event, (int64_t)d->urgency, d->code, d->cursor,
	    d->at);
	return rc < 0 ? rc : 0;
}

static void
delivery_read(struct sql *q, void *out)
{
	struct delivery *d = out;

	memset(d, 0, sizeof(*d));
	d->seq = sql_int(q, 0);
	d->id = sql_int(q, 1);
	d->webhook_id = sql_int(q, 2);
	sql_copy(q, 3, d->event, sizeof(d->event));
	d->urgency = (int)sql_int(q, 4);
	sql_copy(q, 5, d->code, sizeof(d->code));
	d->cursor = sql_int(q, 6);
	d->at = sql_int(q, 7);
	d->queued_at = sql_int(q, 8);
	sql_copy(q, 9, d->state, sizeof(d->state));
	d->tries = sql_int(q, 10);
	d->settled_at = sql_int(q, 11);
	sql_copy(q, 12, d->result, sizeof(d->result));
	d->next_at = sql_int(q, 13);
}

int
store_delivery_next(
    struct store *s, const struct delivery_when *when, struct delivery *out)
{
	struct sql q;

	sql_use(&q, s, SQL_ID(SUBJECT_WEBHOOK, DELIVERY_NEXT), "iii",
	    when->webhook_id, when->now, when->until);
	return sql_one(&q, delivery_read, out);
}

int
store_delivery_wake(struct store *s, int64_t webhook_id, int64_t *at)
{
	*at = 0;
	return sql_value(
	    s, at, SQL_ID(SUBJECT_WEBHOOK, DELIVERY_WAKE), "i", webhook_id);
}

int
store_delivery_get(struct store *s, int64_t id, struct delivery *out)
{
	struct sql q;

	sql_use(&q, s, SQL_ID(SUBJECT_WEBHOOK, DELIVERY_GET), "i", id);
	return sql_one(&q, delivery_read, out);
}

int
store_delivery_set(struct store *s, const struct delivery *d)
{
	int rc;

	rc = sql_run(s, SQL_ID(SUBJECT_WEBHOOK, DELIVERY_SET), "iitiiti", d->id,
	    d->queued_at, d->state, d->tries, d->settled_at, d->result,
	    d->next_at);
	return rc < 0 ? rc : 0;
}

int
store_delivery_expire(
    struct store *s, int64_t webhook_id, int64_t before, int64_t now)
{
	return sql_run(s, SQL_ID(SUBJECT_WEBHOOK, DELIVERY_EXPIRE), "iii",
	    webhook_id, before, now);
}

int
store_delivery_each(struct store *s, const struct delivery_query *query,
    store_delivery_cb cb, void *ctx)
{
	struct delivery d;
	struct sql q;
	int rc = 0, n = 0, stop = 0, end;

	sql_use(&q, s, SQL_ID(SUBJECT_WEBHOOK, DELIVERY_PAGE), "iiti",
	    query->webhook_id, query->before, query->state,
	    (int64_t)query->limit);
	while (stop == 0 && (rc = sql_row(&q)) == 1) {
		delivery_read(&q, &d);
		stop = cb(&d, ctx);
		n++;
	}
	end = sql_done(&q);
	if (stop != 0)
		return stop;
	return end != 0 ? end : n;
}

int
store_delivery_purge(struct store *s, const char *state, int64_t before)
{
	return sql_run(
	    s, SQL_ID(SUBJECT_WEBHOOK, DELIVERY_PURGE), "ti", state, before);
}

struct delivery_counts {
	int64_t *queued, *dead;
};

static void
delivery_counts_read(struct sql *q, void *out)
{
	struct delivery_counts *c = out;

	*c->queued = sql_int(q, 0);
	*c->dead = sql_int(q, 1);
}

int
store_delivery_count(struct store *s, int64_t *queued, int64_t *dead)
{
	struct delivery_counts counts = {queued, dead};
	struct sql q;

	sql_use(&q, s, SQL_ID(SUBJECT_WEBHOOK, DELIVERY_COUNT), "");
	return sql_one(&q, delivery_counts_read, &counts);
}
