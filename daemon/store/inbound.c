/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Dedupe and assembly of what came in: store/inbound.h. */
#include "config.h"

#include <string.h>

#include "store/inbound.h"
#include "store/sql.h"

#define MAC_LEN ((size_t)32)

enum {
	SEEN_ADD,
	SEEN_PURGE,
	PART_ADD,
	PART_COUNT,
	PART_EACH,
	PART_REMOVE,
	PART_STALE,
	TOMBSTONE_ADD,
	TOMBSTONE_HAS,
	TOMBSTONE_REMOVE,
	TOMBSTONE_PURGE,
	TOMBSTONE_COUNT,
	TOMBSTONE_EACH
};

static const char *const inbound_sql[] = {
    [SEEN_ADD] = "INSERT OR IGNORE INTO seen(hash, at) VALUES(?1, ?2)",
    [SEEN_PURGE] = "DELETE FROM seen WHERE at < ?1",
    [PART_ADD] = "INSERT INTO inbound_part(mac, seq, total, modem, box,"
		 " smsc_time, at) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    [PART_COUNT] = "SELECT count(*) FROM inbound_part WHERE mac = ?1",
    [PART_EACH] = "SELECT seq, total, modem, box, smsc_time, at"
		  " FROM inbound_part WHERE mac = ?1 ORDER BY seq",
    [PART_REMOVE] = "DELETE FROM inbound_part WHERE mac = ?1",
    [PART_STALE] = "SELECT p.mac FROM inbound_part p"
		   " WHERE (p.at < ?1 OR p.at > ?2)"
		   " AND NOT EXISTS(SELECT 1 FROM inbound_part n"
		   " WHERE n.mac = p.mac AND n.at BETWEEN ?1 AND ?2) LIMIT 1",
    [TOMBSTONE_ADD] = "INSERT OR IGNORE INTO tombstone(sim, folder, slot, hash,"
		      " at) VALUES(?1, ?2, ?3, ?4, ?5)",
    [TOMBSTONE_HAS] = "SELECT 1 FROM tombstone WHERE sim = ?1 AND folder = ?2"
		      " AND slot = ?3 AND hash = ?4",
    [TOMBSTONE_REMOVE] = "DELETE FROM tombstone WHERE sim = ?1 AND folder = ?2"
			 " AND slot = ?3 AND hash = ?4",
    [TOMBSTONE_PURGE] = "DELETE FROM tombstone WHERE at < ?1 AND sim NOT IN"
			" (SELECT imsi_mac FROM modem"
			" WHERE imsi_mac IS NOT NULL)",
    [TOMBSTONE_COUNT] = "SELECT count(*) FROM tombstone WHERE sim = ?1",
    [TOMBSTONE_EACH] = "SELECT folder, slot, hash FROM tombstone"
		       " WHERE sim = ?1 LIMIT ?2",
};
const struct sql_table sql_inbound = {inbound_sql, TC_NELEM(inbound_sql)};

int
store_seen_add(struct store *s, const unsigned char hash[16], int64_t now)
{
	int rc;

	rc = sql_run(
	    s, SQL_ID(SUBJECT_INBOUND, SEEN_ADD), "bi", hash, (size_t)16, now);
	return rc < 0 ? rc : rc == 0 ? TC_EEXIST : 0;
}

int
store_seen_purge(struct store *s, int64_t before)
{
	return sql_run(s, SQL_ID(SUBJECT_INBOUND, SEEN_PURGE), "i", before);
}

int
store_inbound_part_add(struct store *s, const struct inbound_part *p)
{
	int rc;

	rc = sql_run(s, SQL_ID(SUBJECT_INBOUND, PART_ADD), "biitbii", p->mac,
	    MAC_LEN, (int64_t)p->seq, (int64_t)p->total, p->modem, p->box,
	    p->box_len, p->smsc_time, p->at);
	return rc < 0 ? rc : 0;
}

int
store_inbound_part_count(struct store *s, const unsigned char mac[32])
{
	int64_t n = 0;
	int rc;

	rc = sql_value(
	    s, &n, SQL_ID(SUBJECT_INBOUND, PART_COUNT), "b", mac, MAC_LEN);
	return rc != 0 ? rc : (int)n;
}

int
store_inbound_part_each(
    struct store *s, const unsigned char mac[32], inbound_part_cb cb, void *ctx)
{
	struct inbound_part p = {0};
	struct sql q;
	int rc;

	sql_use(&q, s, SQL_ID(SUBJECT_INBOUND, PART_EACH), "b", mac, MAC_LEN);
	while ((rc = sql_row(&q)) == 1) {
		p.seq = (int)sql_int(&q, 0);
		p.total = (int)sql_int(&q, 1);
		p.modem = sql_text(&q, 2);
		p.box = sql_blob(&q, 3, &p.box_len);
		p.smsc_time = sql_int(&q, 4);
		p.at = sql_int(&q, 5);
		if ((rc = cb(&p, ctx)) < 0)
			break;
	}
	return sql_done(&q) != 0 ? q.error : rc;
}

int
store_inbound_part_remove(struct store *s, const unsigned char mac[32])
{
	return sql_run(
	    s, SQL_ID(SUBJECT_INBOUND, PART_REMOVE), "b", mac, MAC_LEN);
}

int
store_inbound_part_stale(
    struct store *s, int64_t before, int64_t now, unsigned char mac[32])
{
	struct sql q;
	int rc;

	sql_use(&q, s, SQL_ID(SUBJECT_INBOUND, PART_STALE), "ii", before, now);
	if ((rc = sql_row(&q)) == 1)
		sql_copy_blob(&q, 0, mac, MAC_LEN);
	if (sql_done(&q) != 0)
		return q.error;
	return rc == 1 ? 0 : TC_ENOENT;
}

/* --- tombstones --- */

int
store_tombstone_add(struct store *s, const struct tombstone *t, int64_t now)
{
	int rc;

	rc = sql_run(s, SQL_ID(SUBJECT_INBOUND, TOMBSTONE_ADD), "biiii", t->sim,
	    MAC_LEN, (int64_t)t->folder, (int64_t)t->slot, (int64_t)t->hash,
	    now);
	return rc < 0 ? rc : rc == 0 ? TC_EEXIST : 0;
}

int
store_tombstone_has(struct store *s, const struct tombstone *t)
{
	int64_t found = 0;
	int rc;

	rc = sql_value(s, &found, SQL_ID(SUBJECT_INBOUND, TOMBSTONE_HAS),
	    "biii", t->sim, MAC_LEN, (int64_t)t->folder, (int64_t)t->slot,
	    (int64_t)t->hash);
	return rc != 0 ? rc : found ? 0 : TC_ENOENT;
}

int
store_tombstone_remove(struct store *s, const struct tombstone *t)
{
	return sql_run(s, SQL_ID(SUBJECT_INBOUND, TOMBSTONE_REMOVE), "biii",
	    t->sim, MAC_LEN, (int64_t)t->folder, (int64_t)t->slot,
	    (int64_t)t->hash);
}

int
store_tombstone_purge(struct store *s, int64_t before)
{
	return sql_run(
	    s, SQL_ID(SUBJECT_INBOUND, TOMBSTONE_PURGE), "i", before);
}

int
store_tombstone_count(struct store *s, const unsigned char sim[32])
{
	int64_t n = 0;
	int rc;

	rc = sql_value(
	    s, &n, SQL_ID(SUBJECT_INBOUND, TOMBSTONE_COUNT), "b", sim, MAC_LEN);
	return rc != 0 ? rc : (int)n;
}

int
store_tombstone_each(struct store *s, const unsigned char sim[32], int limit,
    tombstone_cb cb, void *ctx)
{
	struct tombstone t;
	struct sql q;
	int rc;

	memcpy(t.sim, sim, sizeof(t.sim));
	sql_use(&q, s, SQL_ID(SUBJECT_INBOUND, TOMBSTONE_EACH), "bi", sim,
	    MAC_LEN, (int64_t)limit);
	while ((rc = sql_row(&q)) == 1) {
		t.folder = (uint32_t)sql_int(&q, 0);
		t.slot = (uint32_t)sql_int(&q, 1);
		t.hash = (uint64_t)sql_int(&q, 2);
		if ((rc = cb(&t, ctx)) < 0)
			break;
	}
	return sql_done(&q) != 0 ? q.error : rc;
}
