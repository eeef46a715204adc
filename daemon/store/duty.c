/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Duty, alerts and legal clocks: store/duty.h. */
#include "config.h"

#include <string.h>

#include "buf.h"
#include "store/duty.h"
#include "store/sql.h"

#define DUTY_COLUMNS                                                           \
	"d.id, d.agency, d.user_id, d.deputy_id, u.name, p.name, d.starts_at," \
	" d.ends_at, d.taken_at"
#define DUTY_FROM                                                              \
	" FROM duty d JOIN user u ON u.id = d.user_id"                         \
	" LEFT JOIN user p ON p.id = d.deputy_id"

enum {
	PHONE_SET,
	PHONE_REMOVE,
	PHONE_GET,
	DUTY_REPLACE,
	DUTY_ADD,
	DUTY_AT,
	DUTY_OF,
	DUTY_ALL,
	DUTY_TAKE,
	ALERT_GET,
	ALERT_SET,
	CLOCK_START,
	CLOCK_STOP,
	CLOCK_EACH
};

static const char *const duty_sql[] = {
    [PHONE_SET] = ("INSERT INTO user_phone(user_id, box) VALUES(?1, ?2)"
		   " ON CONFLICT DO UPDATE SET box = ?2"),
    [PHONE_REMOVE] = "DELETE FROM user_phone WHERE user_id = ?1",
    [PHONE_GET] = "SELECT box FROM user_phone WHERE user_id = ?1",
    [DUTY_REPLACE] = "DELETE FROM duty WHERE agency = ?1 AND starts_at = ?2",
    [DUTY_ADD] = "INSERT INTO duty(id, agency, user_id, deputy_id, starts_at,"
		 " ends_at) VALUES(?1, ?2, ?3, nullif(?4, 0), ?5, ?6)",
    [DUTY_AT] = "SELECT " DUTY_COLUMNS DUTY_FROM
		" WHERE d.agency = ?1 AND d.starts_at <= ?2 AND d.ends_at > ?2"
		" ORDER BY d.starts_at DESC LIMIT 1",
    [DUTY_OF] = "SELECT " DUTY_COLUMNS DUTY_FROM
		" WHERE d.agency = ?1 AND d.ends_at > ?2"
		" ORDER BY d.starts_at",
    [DUTY_ALL] = "SELECT " DUTY_COLUMNS DUTY_FROM " WHERE d.ends_at > ?1"
		 " ORDER BY d.agency, d.starts_at",
    [DUTY_TAKE] = "UPDATE duty SET taken_at = ?2 WHERE user_id = ?1"
		  " AND taken_at IS NULL AND starts_at <= ?3 AND ends_at > ?2",
    [ALERT_GET] = "SELECT user_id, queue, code, urgency, waiting, sent_at,"
		  " hour, sent FROM alert WHERE user_id = ?1",
    [ALERT_SET] = "INSERT OR REPLACE INTO alert(user_id, queue, code, urgency,"
		  " waiting, sent_at, hour, sent)"
		  " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    [CLOCK_START] = "INSERT OR REPLACE INTO case_clock(case_id, clock,"
		    " started_at, due_at, act) VALUES(?1, ?2, ?3, ?4, ?5)",
    [CLOCK_STOP] = "UPDATE case_clock SET stopped_at = ?3, act = ?4"
		   " WHERE case_id = ?1 AND clock = ?2"
		   " AND stopped_at IS NULL",
    [CLOCK_EACH] = "SELECT clock, started_at, due_at, stopped_at, act"
		   " FROM case_clock WHERE case_id = ?1",
};
const struct sql_table sql_duty = {duty_sql, TC_NELEM(duty_sql)};

int
store_phone_set(struct store *s, int64_t user_id, const struct buf *box)
{
	int rc;

	if (box == NULL)
		rc = sql_run(
		    s, SQL_ID(SUBJECT_DUTY, PHONE_REMOVE), "i", user_id);
	else
		rc = sql_run(s, SQL_ID(SUBJECT_DUTY, PHONE_SET), "ib", user_id,
		    box->data, box->len);
	return rc < 0 ? rc : 0;
}

int
store_phone_get(struct store *s, int64_t user_id, struct buf *out)
{
	struct sql q;

	sql_use(&q, s, SQL_ID(SUBJECT_DUTY, PHONE_GET), "i", user_id);
	return sql_one_blob(&q, out);
}

int
store_duty_set(struct store *s, const struct duty_term *t)
{
	int rc;

	rc = sql_run(s, SQL_ID(SUBJECT_DUTY, DUTY_REPLACE), "ti", t->agency,
	    t->starts_at);
	if (rc >= 0)
		rc = sql_run(s, SQL_ID(SUBJECT_DUTY, DUTY_ADD), "itiiii", t->id,
		    t->agency, t->user_id, t->deputy_id, t->starts_at,
		    t->ends_at);
	return rc < 0 ? rc : 0;
}

static void
duty_read(struct sql *q, void *out)
{
	struct duty_term *t = out;

	t->id = sql_int(q, 0);
	sql_copy(q, 1, t->agency, sizeof(t->agency));
	t->user_id = sql_int(q, 2);
	t->deputy_id = sql_int(q, 3);
	sql_copy(q, 4, t->user, sizeof(t->user));
	sql_copy(q, 5, t->deputy, sizeof(t->deputy));
	t->starts_at = sql_int(q, 6);
	t->ends_at = sql_int(q, 7);
	t->taken_at = sql_int(q, 8);
}

int
store_duty_at(
    struct store *s, const char *agency, int64_t at, struct duty_term *out)
{
	struct sql q;

	sql_use(&q, s, SQL_ID(SUBJECT_DUTY, DUTY_AT), "ti", agency, at);
	return sql_one(&q, duty_read, out);
}

int
store_duty_each(struct store *s, const char *agency, int64_t after,
    store_duty_cb cb, void *ctx)
{
	struct duty_term t;
	struct sql q;
	int rc;

	if (agency != NULL)
		sql_use(
		    &q, s, SQL_ID(SUBJECT_DUTY, DUTY_OF), "ti", agency, after);
	else
		sql_use(&q, s, SQL_ID(SUBJECT_DUTY, DUTY_ALL), "i", after);
	while ((rc = sql_row(&q)) == 1) {
		duty_read(&q, &t);
		if ((rc = cb(&t, ctx)) < 0)
			break;
	}
	return sql_done(&q) != 0 ? q.error : rc;
}

int
store_duty_take(struct store *s, int64_t user_id, int64_t now, int64_t until)
{
	return sql_run(
	    s, SQL_ID(SUBJECT_DUTY, DUTY_TAKE), "iii", user_id, now, until);
}

static void
alert_read(struct sql *q, void *out)
{
	struct alert_row *a = out;

	a->user_id = sql_int(q, 0);
	sql_copy(q, 1, a->queue, sizeof(a->queue));
	sql_copy(q, 2, a->code, sizeof(a->code));
	a->urgency = (int)sql_int(q, 3);
	a->waiting = (int)sql_int(q, 4);
	a->sent_at = sql_int(q, 5);
	a->hour = sql_int(q, 6);
	a->sent = (int)sql_int(q, 7);
}

int
store_alert_get(struct store *s, int64_t user_id, struct alert_row *out)
{
	struct sql q;
	int rc;

	memset(out, 0, sizeof(*out));
	sql_use(&q, s, SQL_ID(SUBJECT_DUTY, ALERT_GET), "i", user_id);
	rc = sql_one(&q, alert_read, out);
	out->user_id = user_id;
	return rc == TC_ENOENT ? 0 : rc;
}

int
store_alert_set(struct store *s, const struct alert_row *a)
{
	int rc;

	rc = sql_run(s, SQL_ID(SUBJECT_DUTY, ALERT_SET), "ittiiiii", a->user_id,
	    a->queue, a->code, (int64_t)a->urgency, (int64_t)a->waiting,
	    a->sent_at, a->hour, (int64_t)a->sent);
	return rc < 0 ? rc : 0;
}

int
store_clock_start(struct store *s, const struct case_clock *k)
{
	int rc;

	rc = sql_run(s, SQL_ID(SUBJECT_DUTY, CLOCK_START), "itiit", k->case_id,
	    k->clock, k->started_at, k->due_at, k->act);
	return rc < 0 ? rc : 0;
}

int
store_clock_stop(struct store *s, const struct case_clock *k)
{
	int rc;

	rc = sql_run(s, SQL_ID(SUBJECT_DUTY, CLOCK_STOP), "itit", k->case_id,
	    k->clock, k->stopped_at, k->act);
	return rc < 0 ? rc : rc == 0 ? TC_ENOENT : 0;
}

int
store_clock_each(struct store *s, int64_t case_id, store_clock_cb cb, void *ctx)
{
	struct case_clock k = {.case_id = case_id};
	struct sql q;
	int rc;

	sql_use(&q, s, SQL_ID(SUBJECT_DUTY, CLOCK_EACH), "i", case_id);
	while ((rc = sql_row(&q)) == 1) {
		k.clock = sql_text(&q, 0);
		k.started_at = sql_int(&q, 1);
		k.due_at = sql_int(&q, 2);
		k.stopped_at = sql_int(&q, 3);
		k.act = sql_text(&q, 4);
		if ((rc = cb(&k, ctx)) < 0)
			break;
	}
	return sql_done(&q) != 0 ? q.error : rc;
}
