/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Figures for status, metrics and the watch: store/health.h. */
#include "config.h"

#include "store/health.h"
#include "store/sql.h"

enum {
	HEALTH_OLDEST,
	HEALTH_OLDEST_WAITING,
	HEALTH_CAMPAIGN
};

static const char *const health_sql[] = {
    [HEALTH_OLDEST] = "SELECT queue_seq FROM part WHERE state = 'queued'"
		      " AND not_before = 0 AND modem = ?1 AND lane = ?2"
		      " ORDER BY queue_seq LIMIT 1",
    [HEALTH_OLDEST_WAITING] =
	("SELECT min(queue_seq) FROM part WHERE state = 'queued'"
	 " AND not_before > 0 AND lane = ?1"),
    [HEALTH_CAMPAIGN] = "SELECT EXISTS(SELECT 1 FROM campaign"
			" WHERE state IN ('approved', 'running'))",
};
const struct sql_table sql_health = {health_sql, TC_NELEM(health_sql)};

int
store_health_oldest(
    struct store *s, const char *modem, int lane, int64_t *queue_seq)
{
	*queue_seq = 0;
	return sql_value(s, queue_seq, SQL_ID(SUBJECT_HEALTH, HEALTH_OLDEST),
	    "ti", modem, (int64_t)lane);
}

int
store_health_oldest_waiting(struct store *s, int lane, int64_t *queue_seq)
{
	*queue_seq = 0;
	return sql_value(s, queue_seq,
	    SQL_ID(SUBJECT_HEALTH, HEALTH_OLDEST_WAITING), "i", (int64_t)lane);
}

int
store_health_campaign(struct store *s, bool *is_near)
{
	int64_t n = 0;
	int rc;

	rc = sql_value(s, &n, SQL_ID(SUBJECT_HEALTH, HEALTH_CAMPAIGN), "");
	*is_near = n != 0;
	return rc;
}
