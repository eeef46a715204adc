/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Outbound messages and parts: store/message.h. */
#include "config.h"

#include <stddef.h>
#include <string.h>

#include "buf.h"
#include "store/message.h"
#include "store/sql.h"

#define MESSAGE_COLUMNS                                                        \
	"id, lane, state, reason, contact_id, person_id, campaign_id,"         \
	" template, modem, inbound_id, sensitive, created_at, expires_at,"     \
	" settled_at, nparts, concat_ref, slots, staff_box IS NOT NULL,"       \
	" pinned, text_id"
#define PART_COLUMNS                                                           \
	"id, message_id, seq, lane, state, modem, queue_seq, attempts,"        \
	" report, tp_mr, code, settled_at, not_modem, not_before, submitted_at"

enum {
	MESSAGE_ADD,
	MESSAGE_GET,
	MESSAGE_STAFF,
	MESSAGE_SET_STATE,
	MESSAGE_BIND,
	MESSAGE_BIND_PARTS,
	MESSAGE_RELEASE,
	MESSAGE_RELEASE_PARTS,
	MESSAGE_EXPIRED,
	MESSAGE_NEWEST,
	MESSAGE_OLDER,
	MESSAGE_QUEUED_FOR,
	MESSAGE_NOT_BEGUN,
	PART_ADD,
	PART_GET,
	PART_EACH,
	PART_NEXT_BOUND,
	PART_NEXT_FREE,
	PART_WAIT,
	PART_WAKE,
	PART_DUE,
	PART_STUCK,
	PART_UNREPORTED,
	PART_BOUND_AFTER,
	PART_SUBMIT,
	PART_MOVE,
	PART_CANCEL,
	PART_SUBMITTING,
	PART_SUBMITTING_ON,
	PART_COUNTS,
	PART_REPORTED,
	PART_UNKNOWN,
	REPORT_COUNT,
	REPORT_RUN,
	QUEUE_LENGTHS
};

static const char *const message_sql[] = {
    [MESSAGE_ADD] = "INSERT INTO message(id, lane, contact_id, person_id,"
		    " campaign_id, template, modem, inbound_id, sensitive,"
		    " created_at, expires_at, nparts, concat_ref, slots,"
		    " staff_box, pinned, text_id) VALUES("
		    "?1, ?2, nullif(?3, 0), nullif(?4, 0), nullif(?5, 0),"
		    " ?6, ?7, nullif(?8, 0), ?9, ?10, nullif(?11, 0), ?12,"
		    " ?13, ?14, ?15, ?16, nullif(?17, 0))",
    [MESSAGE_GET] = "SELECT " MESSAGE_COLUMNS " FROM message WHERE id = ?1",
    [MESSAGE_STAFF] = "SELECT staff_box FROM message WHERE id = ?1"
		      " AND staff_box IS NOT NULL",
    [MESSAGE_SET_STATE] = "UPDATE message SET state = ?2, reason = ?3,"
			  " settled_at = nullif(?4, 0) WHERE id = ?1",
    [MESSAGE_BIND] = "UPDATE message SET modem = ?2, state = 'sending'"
		     " WHERE id = ?1",
    [MESSAGE_BIND_PARTS] = "UPDATE part SET modem = ?2"
			   " WHERE message_id = ?1 AND state = 'queued'",
    [MESSAGE_RELEASE] = "UPDATE message SET state = 'queued',"
			" modem = iif(pinned, modem, '') WHERE id = ?1"
			" AND NOT EXISTS(SELECT 1 FROM part"
			" WHERE message_id = ?1 AND state <> 'queued')",
    [MESSAGE_RELEASE_PARTS] =
	("UPDATE part SET modem = (SELECT modem FROM message WHERE id = ?1)"
	 " WHERE message_id = ?1"),
    [MESSAGE_EXPIRED] =
	("SELECT " MESSAGE_COLUMNS " FROM message m WHERE expires_at < ?1"
	 " AND state IN ('queued', 'sending') AND NOT EXISTS(SELECT 1"
	 " FROM part WHERE message_id = m.id AND state = 'submitting')"
	 " ORDER BY expires_at LIMIT 1"),
    /* an id grows with the time when it was made */
    [MESSAGE_NEWEST] = "SELECT " MESSAGE_COLUMNS " FROM message"
		       " ORDER BY id DESC LIMIT ?1",
    [MESSAGE_OLDER] = "SELECT " MESSAGE_COLUMNS " FROM message"
		      " WHERE id < ?2 ORDER BY id DESC LIMIT ?1",
    [MESSAGE_QUEUED_FOR] = "SELECT id FROM message WHERE contact_id = ?1"
			   " AND state = 'queued' LIMIT 64",
    /* of the few parts that wait, not of all messages of the campaign */
    [MESSAGE_NOT_BEGUN] =
	("SELECT " MESSAGE_COLUMNS " FROM message WHERE campaign_id = ?1"
	 " AND state = 'queued' AND id IN (SELECT message_id FROM part"
	 " WHERE state = 'queued' AND not_before > 0"
	 " UNION ALL SELECT message_id FROM part WHERE state = 'queued'"
	 " AND not_before = 0) LIMIT 1"),
    [PART_ADD] = "INSERT INTO part(id, message_id, seq, lane, modem,"
		 " queue_seq, not_modem) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    [PART_GET] = "SELECT " PART_COLUMNS " FROM part WHERE id = ?1",
    [PART_EACH] = "SELECT " PART_COLUMNS " FROM part WHERE message_id = ?1"
		  " ORDER BY seq",
    [PART_NEXT_BOUND] = "SELECT " PART_COLUMNS " FROM part WHERE modem = ?1"
			" AND lane <= ?2 AND state = 'queued'"
			" AND not_before = 0 ORDER BY lane, queue_seq LIMIT 1",
    [PART_NEXT_FREE] = "SELECT " PART_COLUMNS " FROM part WHERE modem = ''"
		       " AND lane <= ?2 AND not_modem <> ?1"
		       " AND state = 'queued' AND not_before = 0"
		       " ORDER BY lane, queue_seq LIMIT 1",
    [PART_WAIT] = "UPDATE part SET not_before = ?2 WHERE id = ?1"
		  " AND state = 'queued'",
    [PART_WAKE] = "UPDATE part SET not_before = 0 WHERE state = 'queued'"
		  " AND not_before > 0 AND not_before <= ?1",
    [PART_DUE] = "SELECT not_before FROM part WHERE state = 'queued'"
		 " AND not_before > 0 ORDER BY not_before LIMIT 1",
    [PART_STUCK] = "SELECT " PART_COLUMNS " FROM part"
		   " WHERE state = 'submitting' AND submitted_at < ?1 LIMIT 1",
    [PART_UNREPORTED] = "SELECT " PART_COLUMNS " FROM part WHERE report = 1"
			" AND state = 'sent' AND submitted_at < ?1"
			" ORDER BY submitted_at LIMIT 1",
    [PART_BOUND_AFTER] = "SELECT " PART_COLUMNS " FROM part"
			 " WHERE modem > ?1 AND state = 'queued'"
			 " AND not_before = 0 ORDER BY modem LIMIT 1",
    [PART_SUBMIT] = "UPDATE part SET state = 'submitting', modem = ?2,"
		    " report = ?3, attempts = attempts + 1,"
		    " submitted_at = ?4 WHERE id = ?1"
		    " AND state = 'queued'",
    [PART_MOVE] = "UPDATE part SET state = ?3, tp_mr = ?4, code = ?5,"
		  " modem = ?6, settled_at = nullif(?7, 0),"
		  " attempts = ?8, not_before = ?9"
		  " WHERE id = ?1 AND state = ?2",
    [PART_CANCEL] = "UPDATE part SET state = 'cancelled', settled_at = ?2"
		    " WHERE message_id = ?1 AND state = 'queued'",
    [PART_SUBMITTING] = "SELECT " PART_COLUMNS " FROM part"
			" WHERE state = 'submitting' LIMIT 1",
    [PART_SUBMITTING_ON] = "SELECT " PART_COLUMNS " FROM part"
			   " WHERE state = 'submitting' AND modem = ?1"
			   " LIMIT 1",
    [PART_COUNTS] = "SELECT count(*) FILTER (WHERE state = 'queued'),"
		    " count(*) FILTER (WHERE state = 'submitting'),"
		    " count(*) FILTER (WHERE state = 'sent'),"
		    " count(*) FILTER (WHERE state = 'delivered'),"
		    " count(*) FILTER (WHERE state = 'undelivered'),"
		    " count(*) FILTER (WHERE state = 'failed'),"
		    " count(*) FILTER (WHERE state = 'uncertain'),"
		    " count(*) FILTER (WHERE state = 'cancelled'),"
		    " count(*) FILTER (WHERE state = 'no_report')"
		    " FROM part WHERE message_id = ?1",
    [PART_REPORTED] =
	("SELECT " PART_COLUMNS " FROM part WHERE modem = ?1 AND tp_mr = ?2"
	 " AND report = 1 AND (state = 'sent' OR state = 'delivered'"
	 " OR state = 'undelivered' OR state = 'no_report')"
	 " AND submitted_at >= ?3"
	 " ORDER BY state = 'sent' DESC, submitted_at DESC"),
    [PART_UNKNOWN] =
	("SELECT " PART_COLUMNS " FROM part WHERE modem = ?1 AND report = 1"
	 " AND state = 'uncertain' AND tp_mr IN (?2, -1)"
	 " AND submitted_at >= ?3"
	 " UNION ALL SELECT " PART_COLUMNS " FROM part WHERE modem = ?1"
	 " AND tp_mr = -1 AND report = 1 AND (state = 'sent'"
	 " OR state = 'delivered' OR state = 'undelivered'"
	 " OR state = 'no_report') AND state = 'sent'"
	 " AND submitted_at >= ?3"),
    [REPORT_COUNT] = "INSERT INTO report_run(modem, undelivered)"
		     " VALUES(?1, NOT ?2) ON CONFLICT(modem) DO UPDATE SET"
		     " undelivered = iif(?2, 0, undelivered + 1)",
    [REPORT_RUN] = "SELECT undelivered FROM report_run WHERE modem = ?1",
    /* in two halves, as the indexes are */
    [QUEUE_LENGTHS] =
	("SELECT lane, count(*) FROM part WHERE state = 'queued'"
	 " AND not_before = 0 GROUP BY lane"
	 " UNION ALL SELECT lane, count(*) FROM part WHERE state = 'queued'"
	 " AND not_before > 0 GROUP BY lane"),
};
const struct sql_table sql_message = {message_sql, TC_NELEM(message_sql)};

int
store_message_add(
    struct store *s, const struct message *m, const struct buf *staff)
{
	int rc;

	rc = sql_run(s, SQL_ID(SUBJECT_MESSAGE, MESSAGE_ADD),
	    "iiiiittiiiiiitbii", m->id, (int64_t)m->lane, m->contact_id,
	    m->person_id, m->campaign_id, m->template_id, m->modem,
	    m->inbound_id, (int64_t)m->sensitive, m->created_at, m->expires_at,
	    (int64_t)m->nparts, (int64_t)m->concat_ref, m->slots,
	    staff != NULL ? staff->data : NULL, staff != NULL ? staff->len : 0,
	    (int64_t)m->pinned, m->text_id);
	return rc < 0 ? rc : 0;
}

int
store_message_staff(struct store *s, int64_t id, struct buf *out)
{
	struct sql q;

	sql_use(&q, s, SQL_ID(SUBJECT_MESSAGE, MESSAGE_STAFF), "i", id);
	return sql_one_blob(&q, out);
}

static void
message_read(struct sql *q, void *out)
{
	struct message *m = out;

	m->id = sql_int(q, 0);
	m->lane = (int)sql_int(q, 1);
	sql_copy(q, 2, m->state, sizeof(m->state));
	sql_copy(q, 3, m->reason, sizeof(m->reason));
	m->contact_id = sql_int(q, 4);
	m->person_id = sql_int(q, 5);
	m->campaign_id = sql_int(q, 6);
	sql_copy(q, 7, m->template_id, sizeof(m->template_id));
	sql_copy(q, 8, m->modem, sizeof(m->modem));
	m->inbound_id = sql_int(q, 9);
	m->sensitive = sql_int(q, 10) != 0;
	m->created_at = sql_int(q, 11);
	m->expires_at = sql_int(q, 12);
	m->settled_at = sql_int(q, 13);
	m->nparts = (int)sql_int(q, 14);
	m->concat_ref = (int)sql_int(q, 15);
	sql_copy(q, 16, m->slots, sizeof(m->slots));
	m->is_staff = sql_int(q, 17) != 0;
	m->pinned = sql_int(q, 18) != 0;
	m->text_id = sql_int(q, 19);
}

int
store_message_get(struct store *s, int64_t id, struct message *out)
{
	struct sql q;

	sql_use(&q, s, SQL_ID(SUBJECT_MESSAGE, MESSAGE_GET), "i", id);
	return sql_one(&q, message_read, out);
}

int
store_message_set_state(struct store *s, const struct message *m)
{
	int rc;

	rc = sql_run(s, SQL_ID(SUBJECT_MESSAGE, MESSAGE_SET_STATE), "itti",
	    m->id, m->state, m->reason, m->settled_at);
	return rc < 0 ? rc : rc == 0 ? TC_ENOENT : 0;
}

int
store_message_bind(struct store *s, const struct message *m, const char *modem)
{
	int rc;

	rc = sql_run(
	    s, SQL_ID(SUBJECT_MESSAGE, MESSAGE_BIND), "it", m->id, modem);
	if (rc >= 0 && m->nparts > 1)
		rc = sql_run(s, SQL_ID(SUBJECT_MESSAGE, MESSAGE_BIND_PARTS),
		    "it", m->id, modem);
	return rc < 0 ? rc : 0;
}

int
store_message_release(struct store *s, int64_t id)
{
	int rc;

	rc = sql_run(s, SQL_ID(SUBJECT_MESSAGE, MESSAGE_RELEASE), "i", id);
	if (rc > 0)
		rc = sql_run(
		    s, SQL_ID(SUBJECT_MESSAGE, MESSAGE_RELEASE_PARTS), "i", id);
	return rc;
}

int
store_message_expired(struct store *s, int64_t now, struct message *out)
{
	struct sql q;

	sql_use(&q, s, SQL_ID(SUBJECT_MESSAGE, MESSAGE_EXPIRED), "i", now);
	return sql_one(&q, message_read, out);
}

int
store_message_each(
    struct store *s, int64_t before, int limit, message_cb cb, void *ctx)
{
	struct message m;
	struct sql q;
	int rc, n = 0;

	sql_use(&q, s,
	    SQL_ID(
		SUBJECT_MESSAGE, before == 0 ? MESSAGE_NEWEST : MESSAGE_OLDER),
	    before == 0 ? "i" : "ii", (int64_t)limit, before);
	while ((rc = sql_row(&q)) == 1) {
		message_read(&q, &m);
		if ((rc = cb(&m, ctx)) < 0)
			break;
		n++;
	}
	if (sql_done(&q) != 0)
		return q.error;
	return rc < 0 ? rc : n;
}

int
store_message_queued_for(struct store *s, int64_t contact_id, int64_t ids[64])
{
	struct sql q;
	int n = 0;

	sql_use(&q, s, SQL_ID(SUBJECT_MESSAGE, MESSAGE_QUEUED_FOR), "i",
	    contact_id);
	while (n < 64 && sql_row(&q) == 1)
		ids[n++] = sql_int(&q, 0);
	return sql_done(&q) != 0 ? q.error : n;
}

int
store_message_not_begun(
    struct store *s, int64_t campaign_id, struct message *out)
{
	struct sql q;

	sql_use(&q, s, SQL_ID(SUBJECT_MESSAGE, MESSAGE_NOT_BEGUN), "i",
	    campaign_id);
	return sql_one(&q, message_read, out);
}

int
store_part_add(struct store *s, const struct part *p)
{
	int rc;

	rc = sql_run(s, SQL_ID(SUBJECT_MESSAGE, PART_ADD), "iiiitit", p->id,
	    p->message_id, (int64_t)p->seq, (int64_t)p->lane, p->modem,
	    p->queue_seq, p->not_modem);
	return rc < 0 ? rc : 0;
}

static void
part_read(struct sql *q, void *out)
{
	struct part *p = out;

	p->id = sql_int(q, 0);
	p->message_id = sql_int(q, 1);
	p->seq = (int)sql_int(q, 2);
	p->lane = (int)sql_int(q, 3);
	sql_copy(q, 4, p->state, sizeof(p->state));
	sql_copy(q, 5, p->modem, sizeof(p->modem));
	p->queue_seq = sql_int(q, 6);
	p->attempts = (int)sql_int(q, 7);
	p->report = sql_int(q, 8) != 0;
	p->tp_mr = (int)sql_int(q, 9);
	p->code = (int)sql_int(q, 10);
	p->settled_at = sql_int(q, 11);
	sql_copy(q, 12, p->not_modem, sizeof(p->not_modem));
	p->not_before = sql_int(q, 13);
	p->submitted_at = sql_int(q, 14);
}

int
store_part_get(struct store *s, int64_t id, struct part *out)
{
	struct sql q;

	sql_use(&q, s, SQL_ID(SUBJECT_MESSAGE, PART_GET), "i", id);
	return sql_one(&q, part_read, out);
}

int
store_part_next_bound(
    struct store *s, const char *modem, int last_lane, struct part *out)
{
	struct sql q;

	sql_use(&q, s, SQL_ID(SUBJECT_MESSAGE, PART_NEXT_BOUND), "ti", modem,
	    (int64_t)last_lane);
	return sql_one(&q, part_read, out);
}

int
store_part_next_free(
    struct store *s, const char *modem, int last_lane, struct part *out)
{
	struct sql q;

	sql_use(&q, s, SQL_ID(SUBJECT_MESSAGE, PART_NEXT_FREE), "ti", modem,
	    (int64_t)last_lane);
	return sql_one(&q, part_read, out);
}

int
store_part_wait(struct store *s, int64_t id, int64_t at)
{
	int rc = sql_run(s, SQL_ID(SUBJECT_MESSAGE, PART_WAIT), "ii", id, at);

	return rc < 0 ? rc : 0;
}

int
store_part_wake(struct store *s, int64_t now)
{
	return sql_run(s, SQL_ID(SUBJECT_MESSAGE, PART_WAKE), "i", now);
}

int
store_part_due(struct store *s, int64_t *at)
{
	return sql_value(s, at, SQL_ID(SUBJECT_MESSAGE, PART_DUE), "");
}

int
store_part_stuck(struct store *s, int64_t at, struct part *out)
{
	struct sql q;

	sql_use(&q, s, SQL_ID(SUBJECT_MESSAGE, PART_STUCK), "i", at);
	return sql_one(&q, part_read, out);
}

int
store_part_unreported(struct store *s, int64_t at, struct part *out)
{
	struct sql q;

	sql_use(&q, s, SQL_ID(SUBJECT_MESSAGE, PART_UNREPORTED), "i", at);
	return sql_one(&q, part_read, out);
}

int
store_part_bound_after(struct store *s, const char *modem, struct part *out)
{
	struct sql q;

	sql_use(&q, s, SQL_ID(SUBJECT_MESSAGE, PART_BOUND_AFTER), "t", modem);
	return sql_one(&q, part_read, out);
}

int
store_part_submit(struct store *s, const struct part *p, int64_t now)
{
	int rc;

	rc = sql_run(s, SQL_ID(SUBJECT_MESSAGE, PART_SUBMIT), "itii", p->id,
	    p->modem, (int64_t)p->report, now);
	return rc < 0 ? rc : rc == 0 ? TC_ESTATE : 0;
}

int
store_part_move(struct store *s, const struct part *p, const char *from)
{
	int rc;

	rc = sql_run(s, SQL_ID(SUBJECT_MESSAGE, PART_MOVE), "ittiitiii", p->id,
	    from, p->state, (int64_t)p->tp_mr, (int64_t)p->code, p->modem,
	    p->settled_at, (int64_t)p->attempts, p->not_before);
	return rc < 0 ? rc : rc == 0 ? TC_ESTATE : 0;
}

int
store_part_cancel(struct store *s, int64_t message_id, int64_t now)
{
	return sql_run(
	    s, SQL_ID(SUBJECT_MESSAGE, PART_CANCEL), "ii", message_id, now);
}

int
store_part_submitting(struct store *s, const char *modem, struct part *out)
{
	struct sql q;

	if (modem == NULL)
		sql_use(&q, s, SQL_ID(SUBJECT_MESSAGE, PART_SUBMITTING), "");
	else
		sql_use(&q, s, SQL_ID(SUBJECT_MESSAGE, PART_SUBMITTING_ON), "t",
		    modem);
	return sql_one(&q, part_read, out);
}

int
store_part_counts(struct store *s, int64_t message_id, struct part_counts *out)
{
	struct sql q;

	memset(out, 0, sizeof(*out));
	sql_use(&q, s, SQL_ID(SUBJECT_MESSAGE, PART_COUNTS), "i", message_id);
	if (sql_row(&q) == 1) {
		out->queued = (int)sql_int(&q, 0);
		out->submitting = (int)sql_int(&q, 1);
		out->sent = (int)sql_int(&q, 2);
		out->delivered = (int)sql_int(&q, 3);
		out->undelivered = (int)sql_int(&q, 4);
		out->failed = (int)sql_int(&q, 5);
		out->uncertain = (int)sql_int(&q, 6);
		out->cancelled = (int)sql_int(&q, 7);
		out->no_report = (int)sql_int(&q, 8);
	}
	return sql_done(&q);
}

/* Bound and not yet run: rows to cb until it answers something. */
static int
part_each(struct sql *q, part_cb cb, void *ctx)
{
	struct part p;
	int rc;

	while ((rc = sql_row(q)) == 1) {
		part_read(q, &p);
		if ((rc = cb(&p, ctx)) != 0)
			break;
	}
	return sql_done(q) != 0 ? q->error : rc;
}

int
store_part_each(struct store *s, int64_t message_id, part_cb cb, void *ctx)
{
	struct sql q;

	sql_use(&q, s, SQL_ID(SUBJECT_MESSAGE, PART_EACH), "i", message_id);
	return part_each(&q, cb, ctx);
}

int
store_part_reported(
    struct store *s, const struct report_query *query, part_cb cb, void *ctx)
{
	struct sql q;

	sql_use(&q, s, SQL_ID(SUBJECT_MESSAGE, PART_REPORTED), "tii",
	    query->modem, (int64_t)query->tp_mr, query->since);
	return part_each(&q, cb, ctx);
}

int
store_part_unknown(
    struct store *s, const struct report_query *query, part_cb cb, void *ctx)
{
	struct sql q;

	sql_use(&q, s, SQL_ID(SUBJECT_MESSAGE, PART_UNKNOWN), "tii",
	    query->modem, (int64_t)query->tp_mr, query->since);
	return part_each(&q, cb, ctx);
}

int
store_report_count(struct store *s, const char *modem, bool is_delivered)
{
	int rc;

	rc = sql_run(s, SQL_ID(SUBJECT_MESSAGE, REPORT_COUNT), "ti", modem,
	    (int64_t)is_delivered);
	return rc < 0 ? rc : 0;
}

int
store_report_run(struct store *s, const char *modem)
{
	int64_t n = 0;
	int rc;

	rc = sql_value(s, &n, SQL_ID(SUBJECT_MESSAGE, REPORT_RUN), "t", modem);
	return rc != 0 ? rc : (int)n;
}

int
store_queue_lengths(struct store *s, int64_t lengths[4])
{
	struct sql q;
	int64_t lane;

	memset(lengths, 0, 4 * sizeof(lengths[0]));
	sql_use(&q, s, SQL_ID(SUBJECT_MESSAGE, QUEUE_LENGTHS), "");
	while (sql_row(&q) == 1) {
		lane = sql_int(&q, 0);
		if (lane >= 0 && lane < 4)
			lengths[lane] += sql_int(&q, 1);
	}
	return sql_done(&q);
}
