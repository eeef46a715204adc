/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Campaigns and recipients: store/campaign.h. */
#include "config.h"

#include <string.h>

#include "buf.h"
#include "store/campaign.h"
#include "store/sql.h"

#define CAMPAIGN_RULES                                                         \
	"name, plan_year, coding, segments, theme, legal_basis, review_on,"    \
	" start_at, end_at, send_from, send_until, per_day, per_month,"        \
	" budget, budget_source, canary, canary_minutes, is_drill"
#define CAMPAIGN_COLUMNS                                                       \
	"c.id, c.name, c.plan_year, c.coding, c.segments, c.theme,"            \
	" c.legal_basis, c.review_on, c.start_at, c.end_at, c.send_from,"      \
	" c.send_until, c.per_day, c.per_month, c.budget, c.budget_source,"    \
	" c.canary, c.canary_minutes, c.is_drill, c.state, c.reason, a.name,"  \
	" p.name, c.author_id, c.created_at, c.approved_at, c.started_at,"     \
	" c.ended_at, c.spent, c.canary_at, c.went_on, c.fed, c.frozen,"       \
	" c.frozen_hash"
/* What those who list campaigns want to know besides. */
#define CAMPAIGN_LISTS                                                         \
	", (SELECT group_concat(name, char(10)) FROM (SELECT l.name"           \
	" FROM campaign_list cl JOIN list l ON l.id = cl.list_id"              \
	" WHERE cl.campaign_id = c.id ORDER BY l.name))"
#define CAMPAIGN_FROM                                                          \
	" FROM campaign c JOIN user a ON a.id = c.author_id"                   \
	" LEFT JOIN user p ON p.id = c.approver_id"

enum {
	CAMPAIGN_ADD,
	CAMPAIGN_EDIT,
	CAMPAIGN_EDIT_TEXT,
	CAMPAIGN_UNFREEZE,
	CAMPAIGN_UNLIST,
	CAMPAIGN_ADD_LIST,
	CAMPAIGN_GET,
	CAMPAIGN_TEXT,
	CAMPAIGN_EACH,
	CAMPAIGN_MOVE,
	CAMPAIGN_GO_ON,
	CAMPAIGN_SET_BUDGET,
	CAMPAIGN_NEXT,
	CAMPAIGN_OVERDUE,
	CAMPAIGN_FEED,
	CAMPAIGN_UNFEED,
	CAMPAIGN_SEGMENT,
	CAMPAIGN_LEDGER,
	CAMPAIGN_SET_FROZEN,
	AUDIENCE_COUNT,
	RECIPIENT_FREEZE,
	RECIPIENT_EACH,
	RECIPIENT_NEXT,
	RECIPIENT_NEXT_OF,
	RECIPIENT_SET,
	RECIPIENT_WAIT,
	RECIPIENT_WAKE,
	RECIPIENT_FED,
	RECIPIENT_END,
	RECIPIENT_OPEN,
	RECIPIENT_COUNTS
};

/* Everybody with consent who is on one of its lists or fits one; of a drill those
 * alone who are on a drill list. The set in the middle makes one of many. */
#define AUDIENCE                                                               \
	" FROM person p WHERE p.consenting = 1 AND p.id IN ("                  \
	"SELECT m.person_id FROM campaign_list cl"                             \
	" JOIN membership m ON m.list_id = cl.list_id"                         \
	" WHERE cl.campaign_id = ?1"                                           \
	" UNION ALL SELECT q.id FROM campaign_list cl"                         \
	" JOIN list l ON l.id = cl.list_id AND l.is_smart"                     \
	" JOIN person q ON (l.hamlet = '' OR q.hamlet = l.hamlet)"             \
	" AND (l.kind = '' OR q.kind = l.kind)"                                \
	" WHERE cl.campaign_id = ?1)"                                          \
	" AND NOT EXISTS(SELECT 1 FROM theme_optout t WHERE"                   \
	" t.person_id = p.id"                                                  \
	" AND t.theme = (SELECT theme FROM campaign WHERE id = ?1))"           \
	" AND (NOT (SELECT is_drill FROM campaign WHERE id = ?1)"              \
	" OR EXISTS(SELECT 1 FROM membership m"                                \
	" JOIN list l ON l.id = m.list_id AND l.is_drill"                      \
	" WHERE m.person_id = p.id))"

/* Of equal indexes SQLite takes the primary key, and would read every recipient
 * that is done before each text: the index is named. */
static const char *const campaign_sql[] = {
    [CAMPAIGN_ADD] =
	("INSERT INTO campaign(id, author_id, created_at, text_box,"
	 " " CAMPAIGN_RULES ") VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10,"
	 " ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22)"),
    [CAMPAIGN_EDIT] =
	("UPDATE campaign SET (" CAMPAIGN_RULES ") = (?2, ?3, ?4, ?5, ?6, ?7,"
	 " ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19),"
	 " state = 'draft', approver_id = NULL, approved_at = NULL,"
	 " frozen = 0, frozen_hash = NULL"
	 " WHERE id = ?1 AND state IN ('draft', 'checked', 'approved')"),
    [CAMPAIGN_EDIT_TEXT] = "UPDATE campaign SET text_box = ?2 WHERE id = ?1",
    [CAMPAIGN_UNFREEZE] = "DELETE FROM recipient WHERE campaign_id = ?1",
    [CAMPAIGN_UNLIST] = "DELETE FROM campaign_list WHERE campaign_id = ?1",
    [CAMPAIGN_ADD_LIST] = "INSERT OR IGNORE INTO campaign_list(campaign_id,"
			  " list_id) VALUES(?1, ?2)",
    [CAMPAIGN_GET] = "SELECT " CAMPAIGN_COLUMNS CAMPAIGN_LISTS CAMPAIGN_FROM
		     " WHERE c.id = ?1",
    [CAMPAIGN_TEXT] = "SELECT text_box FROM campaign WHERE id = ?1",
    [CAMPAIGN_EACH] = "SELECT " CAMPAIGN_COLUMNS CAMPAIGN_LISTS CAMPAIGN_FROM
		      " WHERE ?1 = 0 OR c.plan_year = ?1"
		      " ORDER BY c.created_at DESC, c.id",
    [CAMPAIGN_MOVE] = "UPDATE campaign SET state = ?3, reason = ?6,"
		      " approver_id = coalesce(nullif(?4, 0), approver_id),"
		      " approved_at = iif(?3 = 'approved', ?5,"
		      "  approved_at),"
		      " started_at = iif(?3 = 'running',"
		      "  coalesce(started_at, ?5), started_at),"
		      " ended_at = iif(?3 IN ('done', 'cancelled'), ?5,"
		      "  ended_at)"
		      " WHERE id = ?1 AND state = ?2",
    [CAMPAIGN_GO_ON] = "UPDATE campaign SET went_on = 1 WHERE id = ?1"
		       " AND canary > 0 AND NOT went_on"
		       " AND state IN ('running', 'paused')",
    [CAMPAIGN_SET_BUDGET] = "UPDATE campaign SET budget = ?2 WHERE id = ?1",
    [CAMPAIGN_NEXT] =
	("SELECT " CAMPAIGN_COLUMNS ", ''" CAMPAIGN_FROM
	 " WHERE c.state = 'running' AND c.start_at <= ?1"
	 " AND (c.end_at = 0 OR c.end_at > ?1)"
	 " AND ?2 >= c.send_from AND ?2 < c.send_until"
	 " AND (c.canary = 0 OR c.went_on OR c.fed < c.canary"
	 "  OR (c.canary_minutes > 0"
	 "   AND c.canary_at + c.canary_minutes * 60 <= ?1))"
	 " AND EXISTS(SELECT 1 FROM recipient INDEXED BY recipient_queue"
	 "  WHERE campaign_id = c.id AND state = 'queued' AND not_before = 0)"
	 " ORDER BY c.started_at, c.id LIMIT 1"),
    [CAMPAIGN_OVERDUE] = "SELECT id FROM campaign WHERE state = 'running'"
			 " AND end_at > 0 AND end_at <= ?1 LIMIT 1",
    [CAMPAIGN_FEED] = "UPDATE campaign SET fed = fed + 1, spent = spent + ?2,"
		      " canary_at = iif(fed + 1 = canary, ?3, canary_at)"
		      " WHERE id = ?1",
    [CAMPAIGN_UNFEED] = "UPDATE campaign SET fed = fed - 1,"
			" spent = spent - ?2 WHERE id = ?1",
    [CAMPAIGN_SEGMENT] =
	("INSERT INTO campaign_ledger(campaign_id, modem, segments)"
	 " SELECT campaign_id, ?2, 1 FROM message"
	 " WHERE id = ?1 AND campaign_id IS NOT NULL"
	 " ON CONFLICT DO UPDATE SET segments = segments + 1"),
    [CAMPAIGN_LEDGER] = "SELECT modem, segments FROM campaign_ledger"
			" WHERE campaign_id = ?1 ORDER BY modem",
    [CAMPAIGN_SET_FROZEN] = "UPDATE campaign SET frozen = ?2, frozen_hash = ?3"
			    " WHERE id = ?1",
    [AUDIENCE_COUNT] = "SELECT count(*)" AUDIENCE,
    [RECIPIENT_FREEZE] = "INSERT INTO recipient(campaign_id, person_id,"
			 " operator) SELECT ?1, p.id, p.operator" AUDIENCE,
    [RECIPIENT_EACH] = "SELECT person_id FROM recipient WHERE campaign_id = ?1"
		       " ORDER BY person_id",
    [RECIPIENT_NEXT] = "SELECT person_id FROM recipient"
		       " INDEXED BY recipient_queue"
		       " WHERE campaign_id = ?1 AND state = 'queued'"
		       " AND not_before = 0 ORDER BY operator LIMIT 1",
    [RECIPIENT_NEXT_OF] =
	("SELECT person_id FROM recipient INDEXED BY recipient_queue"
	 " WHERE campaign_id = ?1 AND operator = ?2 AND state = 'queued'"
	 " AND not_before = 0 LIMIT 1"),
    [RECIPIENT_SET] =
	("UPDATE recipient SET state = ?3, reason = ?4, at = ?5,"
	 " not_before = 0, fed_at = iif(?3 = 'sending', ?5,"
	 "  iif(?3 IN ('suppressed', 'cancelled', 'failed'), NULL, fed_at))"
	 " WHERE campaign_id = ?1 AND person_id = ?2"),
    [RECIPIENT_WAIT] = "UPDATE recipient SET not_before = ?4, reason = ?3"
		       " WHERE campaign_id = ?1 AND person_id = ?2"
		       " AND state = 'queued'",
    [RECIPIENT_WAKE] =
	("UPDATE recipient SET not_before = 0, reason = ''"
	 " WHERE state = 'queued' AND not_before > 0 AND not_before <= ?1"
	 " AND campaign_id IN (SELECT id FROM campaign"
	 "  WHERE state = 'running')"),
    [RECIPIENT_FED] = "SELECT fed_at FROM recipient WHERE person_id = ?1"
		      " AND fed_at > ?2 ORDER BY fed_at DESC LIMIT ?3",
    [RECIPIENT_END] = "UPDATE recipient SET state = ?2, reason = ?3, at = ?4,"
		      " not_before = 0"
		      " WHERE campaign_id = ?1 AND state = 'queued'",
    [RECIPIENT_OPEN] =
	("SELECT EXISTS(SELECT 1 FROM recipient INDEXED BY recipient_queue"
	 "  WHERE campaign_id = ?1 AND state = 'queued' AND not_before = 0)"
	 " OR EXISTS(SELECT 1 FROM recipient INDEXED BY recipient_waiting"
	 "  WHERE campaign_id = ?1 AND state = 'queued' AND not_before > 0)"
	 " OR EXISTS(SELECT 1 FROM recipient INDEXED BY recipient_sending"
	 "  WHERE campaign_id = ?1 AND state = 'sending')"),
    [RECIPIENT_COUNTS] = ("SELECT state, reason, count(*) FROM recipient"
			  " WHERE campaign_id = ?1 GROUP BY state, reason"),
};
const struct sql_table sql_campaign = {campaign_sql, TC_NELEM(campaign_sql)};

#define CAMPAIGN_RULES_FMT "tititttiiiiiiitiii"
#define CAMPAIGN_RULES_VALUES(c)                                               \
	(c)->name, (int64_t)(c)->plan_year, (c)->coding,                       \
	    (int64_t)(c)->segments, (c)->theme, (c)->legal_basis,              \
	    (c)->review_on, (c)->start_at, (c)->end_at,                        \
	    (int64_t)(c)->send_from, (int64_t)(c)->send_until,                 \
	    (int64_t)(c)->per_day, (int64_t)(c)->per_month, (c)->budget,       \
	    (c)->budget_source, (int64_t)(c)->canary,                          \
	    (int64_t)(c)->canary_minutes, (int64_t)(c)->is_drill

int
store_campaign_add(
    struct store *s, const struct campaign_row *c, const struct buf *text_box)
{
	int rc;

	rc = sql_run(s, SQL_ID(SUBJECT_CAMPAIGN, CAMPAIGN_ADD),
	    "iiib" CAMPAIGN_RULES_FMT, c->id, c->author_id, c->created_at,
	    text_box->data, text_box->len, CAMPAIGN_RULES_VALUES(c));
	return rc < 0 ? rc : 0;
}

int
store_campaign_edit(
    struct store *s, const struct campaign_row *c, const struct buf *text_box)
{
	int rc;

	rc = sql_run(s, SQL_ID(SUBJECT_CAMPAIGN, CAMPAIGN_EDIT),
	    "i" CAMPAIGN_RULES_FMT, c->id, CAMPAIGN_RULES_VALUES(c));
	if (rc <= 0)
		return rc < 0 ? rc : TC_ESTATE;
	rc =
	    sql_run(s, SQL_ID(SUBJECT_CAMPAIGN, CAMPAIGN_UNFREEZE), "i", c->id);
	if (rc >= 0)
		rc = sql_run(
		    s, SQL_ID(SUBJECT_CAMPAIGN, CAMPAIGN_UNLIST), "i", c->id);
	if (rc >= 0 && text_box != NULL)
		rc = sql_run(s, SQL_ID(SUBJECT_CAMPAIGN, CAMPAIGN_EDIT_TEXT),
		    "ib", c->id, text_box->data, text_box->len);
	return rc < 0 ? rc : 0;
}

int
store_campaign_add_list(struct store *s, int64_t id, int64_t list_id)
{
	int rc = sql_run(
	    s, SQL_ID(SUBJECT_CAMPAIGN, CAMPAIGN_ADD_LIST), "ii", id, list_id);

	return rc < 0 ? rc : 0;
}

static void
campaign_read_rules(struct sql *q, struct campaign_row *c)
{
	c->id = sql_int(q, 0);
	sql_copy(q, 1, c->name, sizeof(c->name));
	c->plan_year = (int)sql_int(q, 2);
	sql_copy(q, 3, c->coding, sizeof(c->coding));
	c->segments = (int)sql_int(q, 4);
	sql_copy(q, 5, c->theme, sizeof(c->theme));
	sql_copy(q, 6, c->legal_basis, sizeof(c->legal_basis));
	sql_copy(q, 7, c->review_on, sizeof(c->review_on));
	c->start_at = sql_int(q, 8);
	c->end_at = sql_int(q, 9);
	c->send_from = (int)sql_int(q, 10);
	c->send_until = (int)sql_int(q, 11);
	c->per_day = (int)sql_int(q, 12);
	c->per_month = (int)sql_int(q, 13);
	c->budget = sql_int(q, 14);
	sql_copy(q, 15, c->budget_source, sizeof(c->budget_source));
	c->canary = (int)sql_int(q, 16);
	c->canary_minutes = (int)sql_int(q, 17);
	c->is_drill = sql_int(q, 18) != 0;
}

static void
campaign_read(struct sql *q, void *out)
{
	struct campaign_row *c = out;
	size_t len;

	memset(c, 0, sizeof(*c));
	campaign_read_rules(q, c);
	sql_copy(q, 19, c->state, sizeof(c->state));
	sql_copy(q, 20, c->reason, sizeof(c->reason));
	sql_copy(q, 21, c->author, sizeof(c->author));
	sql_copy(q, 22, c->approver, sizeof(c->approver));
	c->author_id = sql_int(q, 23);
	c->created_at = sql_int(q, 24);
	c->approved_at = sql_int(q, 25);
	c->started_at = sql_int(q, 26);
	c->ended_at = sql_int(q, 27);
	c->spent = sql_int(q, 28);
	c->canary_at = sql_int(q, 29);
	c->went_on = sql_int(q, 30) != 0;
	c->fed = sql_int(q, 31);
	c->frozen = sql_int(q, 32);
	(void)sql_blob(q, 33, &len);
	if (len > 0)
		sql_copy_blob(q, 33, c->frozen_hash, sizeof(c->frozen_hash));
	sql_copy(q, 34, c->lists, sizeof(c->lists));
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
store_campaign_each(struct store *s, int year, store_campaign_cb cb, void *ctx)
{
	struct campaign_row c;
	struct sql q;
	int rc, n = 0;

	sql_use(
	    &q, s, SQL_ID(SUBJECT_CAMPAIGN, CAMPAIGN_EACH), "i", (int64_t)year);
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

	rc = sql_run(s, SQL_ID(SUBJECT_CAMPAIGN, CAMPAIGN_MOVE), "ittiit",
	    m->id, m->from, m->to, m->approver_id, m->now,
	    m->reason != NULL ? m->reason : "");
	return rc < 0 ? rc : rc == 0 ? TC_ESTATE : 0;
}

int
store_campaign_go_on(struct store *s, int64_t id)
{
	int rc = sql_run(s, SQL_ID(SUBJECT_CAMPAIGN, CAMPAIGN_GO_ON), "i", id);

	return rc < 0 ? rc : rc == 0 ? TC_ESTATE : 0;
}

int
store_campaign_set_budget(struct store *s, int64_t id, int64_t budget)
{
	int rc = sql_run(
	    s, SQL_ID(SUBJECT_CAMPAIGN, CAMPAIGN_SET_BUDGET), "ii", id, budget);

	return rc < 0 ? rc : 0;
}

int
store_campaign_next(
    struct store *s, const struct campaign_hour *h, struct campaign_row *out)
{
	struct sql q;

	sql_use(&q, s, SQL_ID(SUBJECT_CAMPAIGN, CAMPAIGN_NEXT), "ii", h->now,
	    (int64_t)h->minute);
	return sql_one(&q, campaign_read, out);
}

int
store_campaign_overdue(struct store *s, int64_t now, int64_t *id)
{
	int rc;

	*id = 0;
	rc = sql_value(
	    s, id, SQL_ID(SUBJECT_CAMPAIGN, CAMPAIGN_OVERDUE), "i", now);
	return rc != 0 ? rc : *id == 0 ? TC_ENOENT : 0;
}

int
store_campaign_feed(struct store *s, int64_t id, int64_t cost, int64_t now)
{
	int rc = sql_run(
	    s, SQL_ID(SUBJECT_CAMPAIGN, CAMPAIGN_FEED), "iii", id, cost, now);

	return rc < 0 ? rc : 0;
}

int
store_campaign_unfeed(struct store *s, int64_t id, int64_t cost)
{
	int rc = sql_run(
	    s, SQL_ID(SUBJECT_CAMPAIGN, CAMPAIGN_UNFEED), "ii", id, cost);

	return rc < 0 ? rc : 0;
}

int
store_campaign_segment(struct store *s, int64_t message_id, const char *modem)
{
	int rc = sql_run(s, SQL_ID(SUBJECT_CAMPAIGN, CAMPAIGN_SEGMENT), "it",
	    message_id, modem);

	return rc < 0 ? rc : 0;
}

int
store_campaign_ledger(
    struct store *s, int64_t id, store_ledger_cb cb, void *ctx)
{
	struct sql q;

	sql_use(&q, s, SQL_ID(SUBJECT_CAMPAIGN, CAMPAIGN_LEDGER), "i", id);
	while (sql_row(&q) == 1)
		cb(sql_text(&q, 0), sql_int(&q, 1), ctx);
	return sql_done(&q);
}

int
store_campaign_set_frozen(
    struct store *s, int64_t id, int64_t n, const unsigned char hash[32])
{
	int rc = sql_run(s, SQL_ID(SUBJECT_CAMPAIGN, CAMPAIGN_SET_FROZEN),
	    "iib", id, n, hash, (size_t)32);

	return rc < 0 ? rc : 0;
}

int
store_audience_count(struct store *s, int64_t campaign_id, int64_t *n)
{
	*n = 0;
	return sql_value(
	    s, n, SQL_ID(SUBJECT_CAMPAIGN, AUDIENCE_COUNT), "i", campaign_id);
}

int
store_recipient_freeze(struct store *s, int64_t campaign_id)
{
	return sql_run(
	    s, SQL_ID(SUBJECT_CAMPAIGN, RECIPIENT_FREEZE), "i", campaign_id);
}

int
store_recipient_each(
    struct store *s, int64_t campaign_id, store_recipient_cb cb, void *ctx)
{
	struct sql q;
	int rc, n = 0;

	sql_use(
	    &q, s, SQL_ID(SUBJECT_CAMPAIGN, RECIPIENT_EACH), "i", campaign_id);
	while ((rc = sql_row(&q)) == 1) {
		if ((rc = cb(sql_int(&q, 0), ctx)) < 0)
			break;
		n++;
	}
	if (sql_done(&q) != 0)
		return q.error;
	return rc < 0 ? rc : n;
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
store_recipient_wait(struct store *s, const struct recipient *r)
{
	int rc;

	rc = sql_run(s, SQL_ID(SUBJECT_CAMPAIGN, RECIPIENT_WAIT), "iiti",
	    r->campaign_id, r->person_id, r->reason, r->at);
	return rc < 0 ? rc : rc == 0 ? TC_ESTATE : 0;
}

int
store_recipient_wake(struct store *s, int64_t now)
{
	return sql_run(s, SQL_ID(SUBJECT_CAMPAIGN, RECIPIENT_WAKE), "i", now);
}

int
store_recipient_fed(
    struct store *s, int64_t person_id, int64_t since, int64_t *at, int max)
{
	struct sql q;
	int n = 0;

	sql_use(&q, s, SQL_ID(SUBJECT_CAMPAIGN, RECIPIENT_FED), "iii",
	    person_id, since, (int64_t)max);
	while (n < max && sql_row(&q) == 1)
		at[n++] = sql_int(&q, 0);
	return sql_done(&q) != 0 ? q.error : n;
}

int
store_recipient_end(
    struct store *s, int64_t campaign_id, const struct recipient *as)
{
	return sql_run(s, SQL_ID(SUBJECT_CAMPAIGN, RECIPIENT_END), "itti",
	    campaign_id, as->state, as->reason, as->at);
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
		cb(sql_text(&q, 0), sql_text(&q, 1), sql_int(&q, 2), ctx);
	return sql_done(&q);
}
