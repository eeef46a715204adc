/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Cases: store/case.h. */
#include "config.h"

#include <string.h>

#include "store/case.h"
#include "store/sql.h"

#define CASE_COLUMNS                                                           \
	"c.id, c.code, c.contact_id, c.queue, c.public_key, c.urgency,"        \
	" c.state, c.hushed, c.opened_at, c.due_at, c.claimed_by, u.name,"     \
	" c.claimed_at, c.closed_at, c.outcome, c.items, c.change, c.hold,"    \
	" c.lead, c.refer_to, c.call_back, c.claim_until, c.next_at,"          \
	" c.repeated"
#define CASE_FROM " FROM \"case\" c LEFT JOIN user u ON u.id = c.claimed_by"
#define CASE_HELD_FROM                                                         \
	" FROM case_seal s JOIN \"case\" c ON c.id = s.case_id"                \
	" LEFT JOIN user u ON u.id = c.claimed_by"                             \
	" WHERE s.agency = ?1 AND s.shown_at IS NOT NULL"
#define RANK_URGENCY (INT64_C(1) << 40) /* above any time */
#define LAST_CHANGE                                                            \
	"max((SELECT coalesce(max(change), 0) FROM \"case\"),"                 \
	" coalesce((SELECT n FROM counter WHERE name = 'change'), 0))"
#define NEXT_CHANGE "(1 + " LAST_CHANGE ")"

enum {
	CASE_ADD,
	CASE_GET,
	CASE_FOR,
	CASE_OF_QUEUE,
	CASE_OF_ANY,
	CASE_UPDATE,
	CASE_LAST_CHANGE,
	CASE_QUEUE,
	CASE_QUEUE_OPEN,
	CASE_OPEN_OF,
	CASE_CLAIMED_BY,
	CASE_COUNTS,
	CASE_RANK,
	CASE_ASKED,
	ITEM_ADD,
	ITEM_EACH,
	EVENT_ADD,
	EVENT_HEAD,
	EVENT_EACH,
	EVENT_OTHERS,
	EVENT_LAST,
	EVENT_WALK
};

static const char *const case_sql[] = {
    [CASE_ADD] = "INSERT INTO \"case\"(id, code, contact_id, queue,"
		 " public_key, urgency, opened_at, due_at, items, change)"
		 " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, " NEXT_CHANGE ")",
    [CASE_GET] = "SELECT " CASE_COLUMNS CASE_FROM " WHERE c.id = ?1",
    [CASE_FOR] = "SELECT " CASE_COLUMNS CASE_HELD_FROM " AND c.code = ?2",
    [CASE_OF_QUEUE] = "SELECT " CASE_COLUMNS CASE_FROM
		      " WHERE c.contact_id = ?1 AND c.queue = ?2"
		      " ORDER BY c.opened_at DESC LIMIT 1",
    [CASE_OF_ANY] = "SELECT " CASE_COLUMNS CASE_FROM
		    " WHERE c.contact_id = ?1 AND c.state <> 'closed'"
		    " ORDER BY c.opened_at DESC LIMIT 1",
    [CASE_UPDATE] = "UPDATE \"case\" SET urgency = ?2, state = ?3,"
		    " hushed = ?4, opened_at = ?5, due_at = ?6,"
		    " claimed_by = nullif(?7, 0),"
		    " claimed_at = nullif(?8, 0),"
		    " closed_at = nullif(?9, 0), outcome = ?10,"
		    " items = ?11, hold = ?12, lead = ?13, refer_to = ?14,"
		    " call_back = ?15, claim_until = nullif(?16, 0),"
		    " next_at = nullif(?17, 0), queue = ?18, repeated = ?19,"
		    " change = " NEXT_CHANGE " WHERE id = ?1 RETURNING change",
    [CASE_LAST_CHANGE] = "SELECT " LAST_CHANGE,
    [CASE_QUEUE] = "SELECT " CASE_COLUMNS CASE_HELD_FROM
		   " AND s.change > ?2 ORDER BY s.change LIMIT ?3",
    [CASE_QUEUE_OPEN] =
	"SELECT " CASE_COLUMNS CASE_HELD_FROM " AND s.rank IS NOT NULL"
	" AND (s.rank, s.case_id) > (?2, ?3)"
	" ORDER BY s.rank, s.case_id LIMIT ?4",
    [CASE_OPEN_OF] = "SELECT id FROM \"case\" WHERE contact_id = ?1"
		     " AND state <> 'closed' LIMIT 64",
    [CASE_CLAIMED_BY] = "SELECT id FROM \"case\" WHERE claimed_by = ?1"
			" AND state NOT IN ('new', 'closed') LIMIT 64",
    [CASE_COUNTS] = "SELECT (rank >> 40) - 1, count(*) FROM case_seal"
		    " WHERE agency = ?1 AND rank IS NOT NULL GROUP BY 1",
    [CASE_RANK] = "UPDATE case_seal SET change = ?2, rank = nullif(?3, 0)"
		  " WHERE case_id = ?1 AND shown_at IS NOT NULL",
    [CASE_ASKED] = "SELECT count(*) FROM case_event WHERE case_id = ?1"
		   " AND at > ?2 AND act IN ('opened', 'again')",
    [ITEM_ADD] = "INSERT INTO case_item(id, case_id, kind, at, sealed)"
		 " VALUES(?1, ?2, ?3, ?4, ?5)",
    [ITEM_EACH] = "SELECT id, kind, at, sealed FROM case_item"
		  " WHERE case_id = ?1 ORDER BY at, id",
    [EVENT_ADD] = "INSERT INTO case_event(case_id, at, act, user_id,"
		  " agency, hash, detail) VALUES(?1, ?2, ?3, nullif(?4, 0),"
		  " ?5, ?6, ?7)",
    [EVENT_HEAD] = "SELECT hash FROM case_event ORDER BY seq DESC LIMIT 1",
    [EVENT_EACH] = "SELECT e.seq, e.at, e.act, e.user_id, u.name,"
		   " e.agency, e.detail FROM case_event e"
		   " LEFT JOIN user u ON u.id = e.user_id"
		   " WHERE e.case_id = ?1 ORDER BY e.seq",
    [EVENT_OTHERS] =
	"SELECT e.seq, e.at, e.act, e.user_id, u.name, e.agency, e.detail,"
	" e.case_id FROM case_event e LEFT JOIN user u ON u.id = e.user_id"
	" WHERE e.seq > ?1 AND e.agency <> ?2 ORDER BY e.seq LIMIT ?3",
    [EVENT_LAST] = "SELECT seq FROM case_event ORDER BY seq DESC LIMIT 1",
    [EVENT_WALK] = "SELECT seq, at, act, user_id, agency, case_id, hash,"
		   " detail FROM case_event ORDER BY seq",
};
const struct sql_table sql_case = {case_sql, TC_NELEM(case_sql)};

int
store_case_add(struct store *s, const struct case_row *c)
{
	int rc;

	rc = sql_run(s, SQL_ID(SUBJECT_CASE, CASE_ADD), "ititbiiii", c->id,
	    c->code, c->contact_id, c->queue, c->public_key,
	    sizeof(c->public_key), (int64_t)c->urgency, c->opened_at, c->due_at,
	    c->items);
	return rc < 0 ? rc : 0;
}

static void
case_read(struct sql *q, void *out)
{
	struct case_row *c = out;

	c->id = sql_int(q, 0);
	sql_copy(q, 1, c->code, sizeof(c->code));
	c->contact_id = sql_int(q, 2);
	sql_copy(q, 3, c->queue, sizeof(c->queue));
	sql_copy_blob(q, 4, c->public_key, sizeof(c->public_key));
	c->urgency = (int)sql_int(q, 5);
	sql_copy(q, 6, c->state, sizeof(c->state));
	c->hushed = sql_int(q, 7) != 0;
	c->opened_at = sql_int(q, 8);
	c->due_at = sql_int(q, 9);
	c->claimed_by = sql_int(q, 10);
	sql_copy(q, 11, c->claimer, sizeof(c->claimer));
	c->claimed_at = sql_int(q, 12);
	c->closed_at = sql_int(q, 13);
	sql_copy(q, 14, c->outcome, sizeof(c->outcome));
	c->items = sql_int(q, 15);
	c->change = sql_int(q, 16);
	sql_copy(q, 17, c->hold, sizeof(c->hold));
	sql_copy(q, 18, c->lead, sizeof(c->lead));
	sql_copy(q, 19, c->refer_to, sizeof(c->refer_to));
	c->call_back = sql_int(q, 20) != 0;
	c->claim_until = sql_int(q, 21);
	c->next_at = sql_int(q, 22);
	c->repeated = sql_int(q, 23) != 0;
}

int
store_case_get(struct store *s, int64_t id, struct case_row *out)
{
	struct sql q;

	sql_use(&q, s, SQL_ID(SUBJECT_CASE, CASE_GET), "i", id);
	return sql_one(&q, case_read, out);
}

int
store_case_for(
    struct store *s, const char *code, const char *agency, struct case_row *out)
{
	struct sql q;

	sql_use(&q, s, SQL_ID(SUBJECT_CASE, CASE_FOR), "tt", agency, code);
	return sql_one(&q, case_read, out);
}

int
store_case_of(struct store *s, int64_t contact_id, const char *queue,
    struct case_row *out)
{
	struct sql q;

	if (queue == NULL)
		sql_use(
		    &q, s, SQL_ID(SUBJECT_CASE, CASE_OF_ANY), "i", contact_id);
	else
		sql_use(&q, s, SQL_ID(SUBJECT_CASE, CASE_OF_QUEUE), "it",
		    contact_id, queue);
	return sql_one(&q, case_read, out);
}

/* In a queue the most urgent is first, then what is due first; 0: not open. */
int64_t
store_case_rank(const struct case_row *c)
{
	if (strcmp(c->state, "closed") == 0)
		return 0;
	return ((int64_t)c->urgency + 1) * RANK_URGENCY + c->due_at;
}

int
store_case_update(struct store *s, struct case_row *c)
{
	struct sql q;
	int rc;

	sql_use(&q, s, SQL_ID(SUBJECT_CASE, CASE_UPDATE), "iitiiiiiititttiiiti",
	    c->id, (int64_t)c->urgency, c->state, (int64_t)c->hushed,
	    c->opened_at, c->due_at, c->claimed_by, c->claimed_at, c->closed_at,
	    c->outcome, c->items, c->hold, c->lead, c->refer_to,
	    (int64_t)c->call_back, c->claim_until, c->next_at, c->queue,
	    (int64_t)c->repeated);
	if ((rc = sql_row(&q)) == 1)
		c->change = sql_int(&q, 0);
	if (sql_done(&q) != 0)
		return q.error;
	if (rc != 1)
		return TC_ENOENT;
	rc = sql_run(s, SQL_ID(SUBJECT_CASE, CASE_RANK), "iii", c->id,
	    c->change, store_case_rank(c));
	return rc < 0 ? rc : 0;
}

int64_t
store_case_last_change(struct store *s)
{
	int64_t change = 0;

	if (sql_value(s, &change, SQL_ID(SUBJECT_CASE, CASE_LAST_CHANGE), "") !=
	    0)
		return 0;
	return change;
}

int
store_case_queue(struct store *s, const struct case_query *query,
    store_case_cb cb, void *ctx)
{
	struct case_row c;
	struct sql q;
	int rc, n = 0;

	if (query->after < 0)
		sql_use(&q, s, SQL_ID(SUBJECT_CASE, CASE_QUEUE_OPEN), "tiii",
		    query->agency, query->rank, query->id,
		    (int64_t)query->limit);
	else
		sql_use(&q, s, SQL_ID(SUBJECT_CASE, CASE_QUEUE), "tii",
		    query->agency, query->after, (int64_t)query->limit);
	while ((rc = sql_row(&q)) == 1) {
		case_read(&q, &c);
		if ((rc = cb(&c, ctx)) < 0)
			break;
		n++;
	}
	if (sql_done(&q) != 0)
		return q.error;
	return rc < 0 ? rc : n;
}

static int
case_ids(struct store *s, int statement, int64_t of, int64_t ids[64])
{
	struct sql q;
	int n = 0;

	sql_use(&q, s, SQL_ID(SUBJECT_CASE, statement), "i", of);
	while (n < 64 && sql_row(&q) == 1)
		ids[n++] = sql_int(&q, 0);
	return sql_done(&q) != 0 ? q.error : n;
}

int
store_case_asked(struct store *s, int64_t case_id, int64_t since)
{
	int64_t n = 0;
	int rc;

	rc = sql_value(
	    s, &n, SQL_ID(SUBJECT_CASE, CASE_ASKED), "ii", case_id, since);
	return rc != 0 ? rc : (int)n;
}

int
store_case_open_of(struct store *s, int64_t contact_id, int64_t ids[64])
{
	return case_ids(s, CASE_OPEN_OF, contact_id, ids);
}

int
store_case_claimed_by(struct store *s, int64_t user_id, int64_t ids[64])
{
	return case_ids(s, CASE_CLAIMED_BY, user_id, ids);
}

int
store_case_counts(struct store *s, const char *agency, int64_t counts[5])
{
	struct sql q;
	int64_t urgency;

	memset(counts, 0, 5 * sizeof(counts[0]));
	sql_use(&q, s, SQL_ID(SUBJECT_CASE, CASE_COUNTS), "t", agency);
	while (sql_row(&q) == 1) {
		urgency = sql_int(&q, 0);
		if (urgency >= 0 && urgency < 5)
			counts[urgency] = sql_int(&q, 1);
	}
	return sql_done(&q);
}

int
store_item_add(struct store *s, const struct case_item *i)
{
	int rc;

	rc = sql_run(s, SQL_ID(SUBJECT_CASE, ITEM_ADD), "iitib", i->id,
	    i->case_id, i->kind, i->at, i->sealed, i->len);
	return rc < 0 ? rc : 0;
}

int
store_item_each(struct store *s, int64_t case_id, store_item_cb cb, void *ctx)
{
	struct case_item i = {.case_id = case_id};
	struct sql q;
	int rc;

	sql_use(&q, s, SQL_ID(SUBJECT_CASE, ITEM_EACH), "i", case_id);
	while ((rc = sql_row(&q)) == 1) {
		i.id = sql_int(&q, 0);
		i.kind = sql_text(&q, 1);
		i.at = sql_int(&q, 2);
		i.sealed = sql_blob(&q, 3, &i.len);
		if ((rc = cb(&i, ctx)) < 0)
			break;
	}
	return sql_done(&q) != 0 ? q.error : rc;
}

int
store_event_add(struct store *s, const struct case_event *e)
{
	int rc;

	rc = sql_run(s, SQL_ID(SUBJECT_CASE, EVENT_ADD), "iititbt", e->case_id,
	    e->at, e->act, e->user_id, e->agency, e->hash, sizeof(e->hash),
	    e->detail);
	return rc < 0 ? rc : 0;
}

int
store_event_head(struct store *s, unsigned char hash[32])
{
	struct sql q;
	int rc;

	memset(hash, 0, 32);
	sql_use(&q, s, SQL_ID(SUBJECT_CASE, EVENT_HEAD), "");
	if ((rc = sql_row(&q)) == 1)
		sql_copy_blob(&q, 0, hash, 32);
	return sql_done(&q) != 0 ? q.error : 0;
}

/* The rows of a query of events, whose case_id is the column `id_col` (-1: e has
 * it already). */
static int
event_rows(struct sql *q, int id_col, store_event_cb cb, void *ctx)
{
	struct case_event e = {.case_id = 0};
	int rc, n = 0;

	while ((rc = sql_row(q)) == 1) {
		e.seq = sql_int(q, 0);
		e.at = sql_int(q, 1);
		e.act = sql_text(q, 2);
		e.user_id = sql_int(q, 3);
		e.actor = sql_text(q, 4);
		e.agency = sql_text(q, 5);
		e.detail = sql_text(q, 6);
		if (id_col >= 0)
			e.case_id = sql_int(q, id_col);
		if ((rc = cb(&e, ctx)) < 0)
			break;
		n++;
	}
	return sql_done(q) != 0 ? q->error : rc < 0 ? rc : n;
}

int
store_event_each(struct store *s, int64_t case_id, store_event_cb cb, void *ctx)
{
	struct sql q;
	int rc;

	sql_use(&q, s, SQL_ID(SUBJECT_CASE, EVENT_EACH), "i", case_id);
	rc = event_rows(&q, -1, cb, ctx);
	return rc < 0 ? rc : 0;
}

int
store_event_others(struct store *s, const struct event_query *query,
    store_event_cb cb, void *ctx)
{
	struct sql q;

	sql_use(&q, s, SQL_ID(SUBJECT_CASE, EVENT_OTHERS), "iti", query->after,
	    query->not_agency, (int64_t)query->limit);
	return event_rows(&q, 7, cb, ctx);
}

int
store_event_last(struct store *s, int64_t *seq)
{
	*seq = 0;
	return sql_value(s, seq, SQL_ID(SUBJECT_CASE, EVENT_LAST), "");
}

int
store_event_walk(struct store *s, store_event_cb cb, void *ctx)
{
	struct case_event e = {.actor = ""};
	struct sql q;
	int rc;

	sql_use(&q, s, SQL_ID(SUBJECT_CASE, EVENT_WALK), "");
	while ((rc = sql_row(&q)) == 1) {
		e.seq = sql_int(&q, 0);
		e.at = sql_int(&q, 1);
		e.act = sql_text(&q, 2);
		e.user_id = sql_int(&q, 3);
		e.agency = sql_text(&q, 4);
		e.case_id = sql_int(&q, 5);
		sql_copy_blob(&q, 6, e.hash, sizeof(e.hash));
		e.detail = sql_text(&q, 7);
		if ((rc = cb(&e, ctx)) < 0)
			break;
	}
	return sql_done(&q) != 0 ? q.error : rc;
}
