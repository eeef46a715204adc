/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Alarms of modems and the texts about them: store/alarm.h. */
#include "config.h"

#include "store/alarm.h"
#include "store/sql.h"

#define TEXT_KEEP_S (2 * 24 * 3600)

enum {
	ALARM_RAISE,
	ALARM_FORGET,
	ALARM_CLEAR,
	ALARM_TELL,
	ALARM_REMOVE,
	ALARM_LIST,
	ALARM_TEXT_ADD,
	ALARM_TEXT_PURGE,
	ALARM_TEXT_REMOVE,
	ALARM_TEXTS
};

static const char *const alarm_sql[] = {
    /* What comes back before its end was told goes on as it was. */
    [ALARM_RAISE] = "INSERT INTO alarm(kind, modem, raised_at)"
		    " VALUES(?1, ?2, ?3) ON CONFLICT DO UPDATE"
		    " SET cleared_at = NULL, raised_at = ?3"
		    " WHERE cleared_at IS NOT NULL",
    [ALARM_FORGET] = "DELETE FROM alarm WHERE kind = ?1 AND modem = ?2"
		     " AND told_at IS NULL",
    [ALARM_CLEAR] = "UPDATE alarm SET cleared_at = ?3"
		    " WHERE kind = ?1 AND modem = ?2 AND cleared_at IS NULL",
    [ALARM_TELL] = "UPDATE alarm SET told_at = nullif(?3, 0),"
		   " message_id = nullif(?4, 0) WHERE kind = ?1 AND modem = ?2",
    [ALARM_REMOVE] = "DELETE FROM alarm WHERE kind = ?1 AND modem = ?2",
    [ALARM_LIST] = "SELECT kind, modem, raised_at, told_at, cleared_at,"
		   " message_id FROM alarm ORDER BY raised_at, modem, kind",
    [ALARM_TEXT_ADD] = "INSERT INTO alarm_text(message_id, at) VALUES(?1, ?2)",
    [ALARM_TEXT_PURGE] = "DELETE FROM alarm_text WHERE at < ?1",
    [ALARM_TEXT_REMOVE] = "DELETE FROM alarm_text WHERE message_id = ?1",
    [ALARM_TEXTS] = "SELECT count(*) FROM alarm_text WHERE at > ?1",
};
const struct sql_table sql_alarm = {alarm_sql, TC_NELEM(alarm_sql)};

int
store_alarm_raise(
    struct store *s, const char *kind, const char *modem, int64_t now)
{
	return sql_run(
	    s, SQL_ID(SUBJECT_ALARM, ALARM_RAISE), "tti", kind, modem, now);
}

int
store_alarm_clear(
    struct store *s, const char *kind, const char *modem, int64_t now)
{
	int rc;

	rc = sql_run(s, SQL_ID(SUBJECT_ALARM, ALARM_FORGET), "tt", kind, modem);
	if (rc != 0)
		return rc;
	return sql_run(
	    s, SQL_ID(SUBJECT_ALARM, ALARM_CLEAR), "tti", kind, modem, now);
}

int
store_alarm_tell(struct store *s, const struct alarm_row *row)
{
	int rc;

	rc = sql_run(s, SQL_ID(SUBJECT_ALARM, ALARM_TELL), "ttii", row->kind,
	    row->modem, row->told_at, row->message_id);
	return rc < 0 ? rc : 0;
}

int
store_alarm_remove(struct store *s, const char *kind, const char *modem)
{
	int rc;

	rc = sql_run(s, SQL_ID(SUBJECT_ALARM, ALARM_REMOVE), "tt", kind, modem);
	return rc < 0 ? rc : 0;
}

int
store_alarm_list(struct store *s, struct alarm_row *rows, size_t max)
{
	struct alarm_row *row;
	struct sql q;
	size_t n = 0;
	int rc = 0, end;

	sql_use(&q, s, SQL_ID(SUBJECT_ALARM, ALARM_LIST), "");
	while (n < max && (rc = sql_row(&q)) == 1) {
		row = &rows[n++];
		sql_copy(&q, 0, row->kind, sizeof(row->kind));
		sql_copy(&q, 1, row->modem, sizeof(row->modem));
		row->raised_at = sql_int(&q, 2);
		row->told_at = sql_int(&q, 3);
		row->cleared_at = sql_int(&q, 4);
		row->message_id = sql_int(&q, 5);
	}
	end = sql_done(&q);
	if (rc < 0 || end != 0)
		return rc < 0 ? rc : end;
	return (int)n;
}

int
store_alarm_text_add(struct store *s, int64_t message_id, int64_t now)
{
	int rc;

	rc = sql_run(
	    s, SQL_ID(SUBJECT_ALARM, ALARM_TEXT_PURGE), "i", now - TEXT_KEEP_S);
	if (rc >= 0)
		rc = sql_run(s, SQL_ID(SUBJECT_ALARM, ALARM_TEXT_ADD), "ii",
		    message_id, now);
	return rc < 0 ? rc : 0;
}

int
store_alarm_text_remove(struct store *s, int64_t message_id)
{
	int rc;

	rc = sql_run(
	    s, SQL_ID(SUBJECT_ALARM, ALARM_TEXT_REMOVE), "i", message_id);
	return rc < 0 ? rc : 0;
}

int
store_alarm_texts(struct store *s, int64_t since, int64_t *out)
{
	*out = 0;
	return sql_value(
	    s, out, SQL_ID(SUBJECT_ALARM, ALARM_TEXTS), "i", since);
}
