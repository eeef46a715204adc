/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Campaigns and recipients: store/campaign.h. */
#include "config.h"

#include "buf.h"
#include "store/campaign.h"
#include "store/sql.h"

#define CAMPAIGN_COLUMNS                                                       \
	"c.id, c.name, l.name, c.plan_year, c.state, a.name, p.name,"          \
	" c.author_id, c.list_id, c.created_at, c.approved_at, c.started_at,"  \
	" c.ended_at, c.coding, c.segments"
#define CAMPAIGN_FROM                                                          \
	" FROM campaign c JOIN list l ON l.id = c.list_id"                     \
	" JOIN user a ON a.id = c.author_id"                                   \
	" LEFT JOIN user p ON p.id = c.approver_id"

enum {
	CAMPAIGN_ADD,
	CAMPAIGN_GET,
	CAMPAIGN_TEXT,
	CAMPAIGN_EACH,
	CAMPAIGN_MOVE,
	CAMPAIGN_NEXT,
	RECIPIENT_FREEZE,
	RECIPIENT_NEXT,
	RECIPIENT_NEXT_OF,
	RECIPIENT_SET,
	RECIPIENT_CANCEL,
	RECIPIENT_OPEN,
	RECIPIENT_COUNTS
};

static const char *const campaign_sql[] = {
    [CAMPAIGN_ADD] = "INSERT INTO campaign(id, name, plan_year, list_id,"
		     " author_id, text_box, coding, segments, created_at)"
		     " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    [CAMPAIGN_GET] =
	"SELECT " CAMPAIGN_COLUMNS CAMPAIGN_FROM " WHERE c.id = ?1",
    [CAMPAIGN_TEXT] = "SELECT text_box FROM campaign WHERE id = ?1",
    [CAMPAIGN_EACH] = "SELECT " CAMPAIGN_COLUMNS CAMPAIGN_FROM
		      " ORDER BY c.created_at DESC, c.id",
    [CAMPAIGN_MOVE] = "UPDATE campaign SET state = ?3,"
		      " approver_id = coalesce(nullif(?4, 0), approver_id),"
		      " approved_at = iif(?3 = 'approved', ?5,"
		      "  approved_at),"
		      " started_at = iif(?3 = 'running',"
		      "  coalesce(started_at, ?5), started_at),"
		      " ended_at = iif(?3 IN ('done', 'cancelled'), ?5,"
		      "  ended_at)"
		      " WHERE id = ?1 AND state = ?2",
    [CAMPAIGN_NEXT] =
	("SELECT " CAMPAIGN_COLUMNS CAMPAIGN_FROM " WHERE c.state = 'running'"
	 " AND EXISTS(SELECT 1 FROM recipient"
	 " WHERE campaign_id = c.id AND state = 'queued')"
	 " ORDER BY c.started_at, c.id LIMIT 1"),
    [RECIPIENT_FREEZE] = "INSERT INTO recipient(campaign_id, person_id,"
			 " operator) SELECT c.id, m.person_id, p.operator"
			 " FROM campaign c"
			 " JOIN membership m ON m.list_id = c.list_id"
			 " JOIN person p ON p.id = m.person_id"
			 " WHERE c.id = ?1 AND p.consenting = 1",
    [RECIPIENT_NEXT] = "SELECT person_id FROM recipient"
		       " WHERE campaign_id = ?1 AND state = 'queued'"
		       " ORDER BY operator LIMIT 1",
    [RECIPIENT_NEXT_OF] = "SELECT person_id FROM recipient"
			  " WHERE campaign_id = ?1 AND operator = ?2"
			  " AND state = 'queued' LIMIT 1",
    [RECIPIENT_SET] = "UPDATE recipient SET state = ?3, reason = ?4,"
		      " at = ?5 WHERE campaign_id = ?1"
		      " AND person_id = ?2",
    [RECIPIENT_CANCEL] = "UPDATE recipient SET state = 'cancelled',"
			 " at = ?2 WHERE campaign_id = ?1"
			 " AND state = 'queued'",
    [RECIPIENT_OPEN] = "SELECT EXISTS(SELECT 1 FROM recipient"
		       " WHERE campaign_id = ?1 AND state = 'queued')"
		       " OR EXISTS(SELECT 1 FROM recipient"
		       " WHERE campaign_id = ?1 AND state = 'sending')",
    [RECIPIENT_COUNTS] =
	"SELECT state, count(*) FROM recipient WHERE campaign_id = ?1 GROUP BY state",
};
const struct sql_table sql_campaign = {campaign_sql, TC_NELEM(campaign_sql)};

int
store_campaign_add(
    struct store *s, const struct campaign_row *c, const struct buf *text_box)
{
	int rc;

	rc = sql_run(s, SQL_ID(SUBJECT_CAMPAIGN, CAMPAIGN_ADD), "itiiibtii",
	    c->id, c->name, (int64_t)c->plan_year, c->list_id, c->author_id,
	    text_box->data, text_box->len, c->coding, (int64_t)c->segments,
	    c->created_at);
	return rc < 0 ? rc : 0;
}

static void
campaign_read(struct sql *q, void *out)
{
	struct campaign_row *c = out;

	c->id = sql_int(q, 0);
	sql_copy(q, 1, c->name, sizeof(c->name));
	sql_copy(q, 2, c->list, sizeof(c->list));
	c->plan_year = (int)sql_int(q, 3);
	sql_copy(q, 4, c->state, sizeof(c->state));
	sql_copy(q, 5, c->author, sizeof(c->author));
	sql_copy(q, 6, c->approver, sizeof(c->approver));
	c->author_id = sql_int(q, 7);
	c->list_id = sql_int(q, 8);
	c->created_at = sql_int(q, 9);
	c->approved_at = sql_int(q, 10);
	c->started_at = sql_int(q, 11);
	c->ended_at = sql_int(q, 12);
	sql_copy(q, 13, c->coding, sizeof(c->coding));
	c->segments = (int)sql_int(q, 14);
}

int
store_campaign_get(struct store *s, int64_t id, struct campaign_row *out)
{
	struct sql q;

	sql_use(&q, s, SQL_ID(SUBJECT_CAMPAIGN, CAMPAIGN_GET), "i", id);
	return sql_one(&q, campaign_read, out);
}

int
store_campaign_text(struct store *s, int64_t id, struct buf *out)
{
	struct sql q;

	sql_use(&q, s, SQL_ID(SUBJECT_CAMPAIGN, CAMPAIGN_TEXT), "i", id);
	return sql_one_blob(&q, out);
}

int
store_campaign_each(struct store *s, store_campaign_cb cb, void *ctx)
{
	struct campaign_row c;
	struct sql q;
	int rc, n = 0;

	sql_use(&q, s, SQL_ID(SUBJECT_CAMPAIGN, CAMPAIGN_EACH), "");
	while ((rc = sql_row(&q)) == 1) {
		campaign_read(&q, &c);
		if ((rc = cb(&c, ctx)) < 0)
			break;
		n++;
	}
	if (sql_done(&q) != 0)
		return q.error;
	return rc < 0 ? rc : n;
}

int
store_campaign_move(struct store *s, const struct campaign_move *m)
{
	int rc;

	rc = sql_run(s, SQL_ID(SUBJECT_CAMPAIGN, CAMPAIGN_MOVE), "ittii", m->id,
	    m->from, m->to, m->approver_id, m->now);
	return rc < 0 ? rc : rc == 0 ? TC_ESTATE : 0;
}

int
store_campaign_next(struct store *s, struct campaign_row *out)
{
	struct sql q;

	sql_use(&q, s, SQL_ID(SUBJECT_CAMPAIGN, CAMPAIGN_NEXT), "");
	return sql_one(&q, campaign_read, out);
}

int
store_recipient_freeze(struct store *s, int64_t campaign_id)
{
	return sql_run(
	    s, SQL_ID(SUBJECT_CAMPAIGN, RECIPIENT_FREEZE), "i", campaign_id);
}

int
store_recipient_next(struct store *s, int64_t campaign_id,
    const char *operator_name, int64_t *person_id)
{
	int rc = 0;

	*person_id = 0;
	if (operator_name[0] != '\0')
		rc = sql_value(s, person_id,
		    SQL_ID(SUBJECT_CAMPAIGN, RECIPIENT_NEXT_OF), "it",
		    campaign_id, operator_name);
	if (rc == 0 && *person_id == 0)
		rc = sql_value(s, person_id,
		    SQL_ID(SUBJECT_CAMPAIGN, RECIPIENT_NEXT), "i", campaign_id);
	return rc != 0 ? rc : *person_id == 0 ? TC_ENOENT : 0;
}

int
store_recipient_set(struct store *s, const struct recipient *r)
{
	int rc;

	rc = sql_run(s, SQL_ID(SUBJECT_CAMPAIGN, RECIPIENT_SET), "iitti",
	    r->campaign_id, r->person_id, r->state, r->reason, r->at);
	return rc < 0 ? rc : rc == 0 ? TC_ENOENT : 0;
}

int
store_recipient_cancel(struct store *s, int64_t campaign_id, int64_t now)
{
	return sql_run(s, SQL_ID(SUBJECT_CAMPAIGN, RECIPIENT_CANCEL), "ii",
	    campaign_id, now);
}

int
store_recipient_open(struct store *s, int64_t campaign_id)
{
	int64_t open = 0;
	int rc;

	rc = sql_value(s, &open, SQL_ID(SUBJECT_CAMPAIGN, RECIPIENT_OPEN), "i",
	    campaign_id);
	return rc != 0 ? rc : (int)open;
}

int
store_recipient_counts(struct store *s, int64_t campaign_id,
    store_recipient_count_cb cb, void *ctx)
{
	struct sql q;

	sql_use(&q, s, SQL_ID(SUBJECT_CAMPAIGN, RECIPIENT_COUNTS), "i",
	    campaign_id);
	while (sql_row(&q) == 1)
		cb(sql_text(&q, 0), sql_int(&q, 1), ctx);
	return sql_done(&q);
}
