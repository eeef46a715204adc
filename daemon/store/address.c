/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Trusted addresses: store/address.h. */
#include "config.h"

#include "buf.h"
#include "store/address.h"
#include "store/sql.h"

#define ADDRESS_COLUMNS                                                        \
	"a.id, a.places, a.added_at, a.is_old,"                                \
	" (SELECT coalesce(sum(s.places), 0) FROM address_stay s"              \
	" WHERE s.address_id = a.id)"
#define STAY_COLUMNS                                                           \
	"s.case_id, s.address_id, s.since, s.places, c.code"                   \
	" FROM address_stay s JOIN \"case\" c ON c.id = s.case_id"

enum {
	ADDRESS_ADD,
	ADDRESS_ID,
	ADDRESS_GET,
	ADDRESS_SEALED,
	ADDRESS_EACH,
	ADDRESS_REMOVE,
	ADDRESS_AGE,
	ADDRESS_RESEAL,
	ADDRESS_COUNT,
	ADDRESS_CHANGE,
	RUN_ADD,
	RUN_HAS,
	RUN_REMOVE,
	STAY_ADD,
	STAY_GET,
	STAY_END,
	STAY_EACH,
	ACT_AT
};

static const char *const address_sql[] = {
    [ADDRESS_ADD] = "INSERT INTO address(places, sealed, added_at)"
		    " VALUES(?1, ?2, ?3)",
    [ADDRESS_ID] = "SELECT max(id) FROM address",
    [ADDRESS_GET] = "SELECT " ADDRESS_COLUMNS " FROM address a WHERE a.id = ?1",
    [ADDRESS_SEALED] = "SELECT sealed FROM address WHERE id = ?1",
    [ADDRESS_EACH] = "SELECT " ADDRESS_COLUMNS " FROM address a ORDER BY a.id",
    [ADDRESS_REMOVE] = "DELETE FROM address WHERE id = ?1",
    [ADDRESS_AGE] = "UPDATE address SET is_old = 1",
    [ADDRESS_RESEAL] = "UPDATE address SET sealed = ?2, is_old = 0"
		       " WHERE id = ?1",
    [ADDRESS_COUNT] = "INSERT INTO counter(name, n) VALUES('address', 1)"
		      " ON CONFLICT DO UPDATE SET n = n + 1",
    [ADDRESS_CHANGE] = "SELECT n FROM counter WHERE name = 'address'",
    [RUN_ADD] = "INSERT INTO address_run(mac, address_id) VALUES(?1, ?2)"
		" ON CONFLICT DO NOTHING",
    [RUN_HAS] = "SELECT 1 FROM address_run WHERE mac = ?1 LIMIT 1",
    [RUN_REMOVE] = "DELETE FROM address_run WHERE address_id = ?1",
    [STAY_ADD] = "INSERT INTO address_stay(case_id, address_id, places, since)"
		 " VALUES(?1, ?2, ?3, ?4)",
    [STAY_GET] = "SELECT " STAY_COLUMNS " WHERE s.case_id = ?1",
    [STAY_END] = "DELETE FROM address_stay WHERE case_id = ?1",
    [STAY_EACH] = ("SELECT " STAY_COLUMNS
		   " WHERE s.address_id = ?1 ORDER BY s.since, s.case_id"),
    [ACT_AT] = "SELECT coalesce(max(at), 0) FROM case_event"
	       " WHERE case_id = ?1 AND act = ?2",
};
const struct sql_table sql_address = {address_sql, TC_NELEM(address_sql)};

#define ADDRESS_SQL(statement) SQL_ID(SUBJECT_ADDRESS, statement)

static int
address_changed(struct store *s)
{
	int rc = sql_run(s, ADDRESS_SQL(ADDRESS_COUNT), "");

	return rc < 0 ? rc : 0;
}

int
store_address_add(struct store *s, const struct address_row *a,
    const struct buf *sealed, int64_t *id)
{
	int rc;

	rc = sql_run(s, ADDRESS_SQL(ADDRESS_ADD), "ibi", (int64_t)a->places,
	    sealed->data, sealed->len, a->added_at);
	if (rc >= 0)
		rc = sql_value(s, id, ADDRESS_SQL(ADDRESS_ID), "");
	return rc < 0 ? rc : address_changed(s);
}

static void
address_read(struct sql *q, void *out)
{
	struct address_row *a = out;

	a->id = sql_int(q, 0);
	a->places = (int)sql_int(q, 1);
	a->added_at = sql_int(q, 2);
	a->is_old = sql_int(q, 3) != 0;
	a->taken = (int)sql_int(q, 4);
}

int
store_address_get(struct store *s, int64_t id, struct address_row *out)
{
	struct sql q;

	sql_use(&q, s, ADDRESS_SQL(ADDRESS_GET), "i", id);
	return sql_one(&q, address_read, out);
}

int
store_address_sealed(struct store *s, int64_t id, struct buf *out)
{
	struct sql q;

	sql_use(&q, s, ADDRESS_SQL(ADDRESS_SEALED), "i", id);
	return sql_one_blob(&q, out);
}

int
store_address_each(struct store *s, store_address_cb cb, void *ctx)
{
	struct address_row a;
	struct sql q;
	int rc;

	sql_use(&q, s, ADDRESS_SQL(ADDRESS_EACH), "");
	while ((rc = sql_row(&q)) == 1) {
		address_read(&q, &a);
		if ((rc = cb(&a, ctx)) < 0)
			break;
	}
	return sql_done(&q) != 0 ? q.error : rc;
}

int
store_address_remove(struct store *s, int64_t id)
{
	int rc;

	rc = sql_run(s, ADDRESS_SQL(RUN_REMOVE), "i", id);
	if (rc >= 0)
		rc = sql_run(s, ADDRESS_SQL(ADDRESS_REMOVE), "i", id);
	if (rc <= 0)
		return rc < 0 ? rc : TC_ENOENT;
	return address_changed(s);
}

int
store_address_age(struct store *s)
{
	int rc = sql_run(s, ADDRESS_SQL(ADDRESS_AGE), "");

	return rc < 0 ? rc : 0;
}

int
store_address_reseal(struct store *s, int64_t id, const struct buf *sealed)
{
	int rc = sql_run(s, ADDRESS_SQL(ADDRESS_RESEAL), "ib", id, sealed->data,
	    sealed->len);

	return rc < 0 ? rc : rc == 0 ? TC_ENOENT : 0;
}

/* --- fingerprints --- */

int
store_address_add_run(
    struct store *s, int64_t id, const unsigned char mac[ADDRESS_MAC])
{
	int rc = sql_run(
	    s, ADDRESS_SQL(RUN_ADD), "bi", mac, (size_t)ADDRESS_MAC, id);

	return rc < 0 ? rc : 0;
}

int
store_address_has_run(struct store *s, const unsigned char mac[ADDRESS_MAC])
{
	int64_t found = 0;
	int rc = sql_value(
	    s, &found, ADDRESS_SQL(RUN_HAS), "b", mac, (size_t)ADDRESS_MAC);

	return rc != 0 ? rc : (int)found;
}

int
store_address_change(struct store *s, int64_t *change)
{
	*change = 0;
	return sql_value(s, change, ADDRESS_SQL(ADDRESS_CHANGE), "");
}

/* --- who stays where --- */

int
store_stay_add(struct store *s, const struct address_stay *stay)
{
	int rc = sql_run(s, ADDRESS_SQL(STAY_ADD), "iiii", stay->case_id,
	    stay->address_id, (int64_t)stay->places, stay->since);

	return rc < 0 ? rc : 0;
}

static void
stay_read(struct sql *q, void *out)
{
	struct address_stay *stay = out;

	stay->case_id = sql_int(q, 0);
	stay->address_id = sql_int(q, 1);
	stay->since = sql_int(q, 2);
	stay->places = (int)sql_int(q, 3);
	sql_copy(q, 4, stay->code, sizeof(stay->code));
}

int
store_stay_get(struct store *s, int64_t case_id, struct address_stay *out)
{
	struct sql q;

	sql_use(&q, s, ADDRESS_SQL(STAY_GET), "i", case_id);
	return sql_one(&q, stay_read, out);
}

int
store_stay_end(struct store *s, int64_t case_id)
{
	int rc = sql_run(s, ADDRESS_SQL(STAY_END), "i", case_id);

	return rc < 0 ? rc : rc == 0 ? TC_ENOENT : 0;
}

int
store_stay_each(
    struct store *s, int64_t address_id, store_stay_cb cb, void *ctx)
{
	struct address_stay stay;
	struct sql q;
	int rc;

	sql_use(&q, s, ADDRESS_SQL(STAY_EACH), "i", address_id);
	while ((rc = sql_row(&q)) == 1) {
		stay_read(&q, &stay);
		if ((rc = cb(&stay, ctx)) < 0)
			break;
	}
	return sql_done(&q) != 0 ? q.error : rc;
}

int
store_act_at(struct store *s, int64_t case_id, const char *act, int64_t *at)
{
	*at = 0;
	return sql_value(s, at, ADDRESS_SQL(ACT_AT), "it", case_id, act);
}
