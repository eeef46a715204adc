/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Contacts: store/contact.h. */
#include "config.h"

#include "buf.h"
#include "store/contact.h"
#include "store/sql.h"

#define CONTACT_COLUMNS                                                        \
	"id, state, modem, fallback_at, language, hour_until, call_from,"      \
	" call_until, call_days, safe_word, hushed, script"

enum {
	CONTACT_FIND,
	CONTACT_GET,
	CONTACT_ADD,
	CONTACT_BOX,
	CONTACT_UPDATE,
	CONTACT_REFUSE,
	CONTACT_UNREFUSE,
	CONTACT_IS_REFUSED,
	CONTACT_REFUSED
};

static const char *const contact_sql[] = {
    [CONTACT_FIND] = "SELECT " CONTACT_COLUMNS " FROM contact"
		     " WHERE mac = ?1",
    [CONTACT_GET] = "SELECT " CONTACT_COLUMNS " FROM contact"
		    " WHERE id = ?1",
    [CONTACT_ADD] = "INSERT INTO contact(id, mac, box, state, modem,"
		    " fallback_at, created_at)"
		    " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    [CONTACT_BOX] = "SELECT box FROM contact WHERE id = ?1",
    [CONTACT_UPDATE] = "UPDATE contact SET state = ?2, modem = ?3,"
		       " fallback_at = ?4, language = ?5, hour_until = ?6,"
		       " call_from = ?7, call_until = ?8, call_days = ?9,"
		       " safe_word = ?10, hushed = ?11, script = ?12"
		       " WHERE id = ?1",
    [CONTACT_REFUSE] =
	("INSERT OR IGNORE INTO contact_refusal(contact_id, agency)"
	 " VALUES(?1, ?2)"),
    [CONTACT_UNREFUSE] = "DELETE FROM contact_refusal"
			 " WHERE contact_id = ?1 AND agency = ?2",
    [CONTACT_IS_REFUSED] = "SELECT count(*) FROM contact_refusal"
			   " WHERE contact_id = ?1 AND agency = ?2",
    [CONTACT_REFUSED] =
	"SELECT agency FROM contact_refusal WHERE contact_id = ?1",
};
const struct sql_table sql_contact = {contact_sql, TC_NELEM(contact_sql)};

static void
contact_read(struct sql *q, void *out)
{
	struct contact *c = out;

	c->id = sql_int(q, 0);
	sql_copy(q, 1, c->state, sizeof(c->state));
	sql_copy(q, 2, c->modem, sizeof(c->modem));
	c->fallback_at = sql_int(q, 3);
	sql_copy(q, 4, c->language, sizeof(c->language));
	c->hour_until = sql_int(q, 5);
	c->hours.from = (int)sql_int(q, 6);
	c->hours.until = (int)sql_int(q, 7);
	c->hours.days = (unsigned)sql_int(q, 8);
	sql_copy(q, 9, c->safe_word, sizeof(c->safe_word));
	c->hushed = sql_int(q, 10) != 0;
	sql_copy(q, 11, c->script, sizeof(c->script));
}

int
store_contact_find(
    struct store *s, const unsigned char mac[32], struct contact *out)
{
	struct sql q;

	sql_use(
	    &q, s, SQL_ID(SUBJECT_CONTACT, CONTACT_FIND), "b", mac, (size_t)32);
	return sql_one(&q, contact_read, out);
}

int
store_contact_get(struct store *s, int64_t id, struct contact *out)
{
	struct sql q;

	sql_use(&q, s, SQL_ID(SUBJECT_CONTACT, CONTACT_GET), "i", id);
	return sql_one(&q, contact_read, out);
}

int
store_contact_add(struct store *s, const struct contact *c,
    const unsigned char mac[32], const struct buf *box, int64_t now)
{
	int rc;

	rc = sql_run(s, SQL_ID(SUBJECT_CONTACT, CONTACT_ADD), "ibbttii", c->id,
	    mac, (size_t)32, box->data, box->len, c->state, c->modem,
	    c->fallback_at, now);
	return rc < 0 ? rc : 0;
}

int
store_contact_box(struct store *s, int64_t id, struct buf *out)
{
	struct sql q;

	sql_use(&q, s, SQL_ID(SUBJECT_CONTACT, CONTACT_BOX), "i", id);
	return sql_one_blob(&q, out);
}

int
store_contact_update(struct store *s, const struct contact *c)
{
	int rc;

	rc = sql_run(s, SQL_ID(SUBJECT_CONTACT, CONTACT_UPDATE), "ittitiiiitit",
	    c->id, c->state, c->modem, c->fallback_at, c->language,
	    c->hour_until, (int64_t)c->hours.from, (int64_t)c->hours.until,
	    (int64_t)c->hours.days, c->safe_word, (int64_t)c->hushed,
	    c->script);
	return rc < 0 ? rc : rc == 0 ? TC_ENOENT : 0;
}

int
store_contact_refuse(struct store *s, int64_t id, const char *agency)
{
	int rc;

	rc = sql_run(
	    s, SQL_ID(SUBJECT_CONTACT, CONTACT_REFUSE), "it", id, agency);
	return rc < 0 ? rc : 0;
}

int
store_contact_unrefuse(struct store *s, int64_t id, const char *agency)
{
	int rc;

	rc = sql_run(
	    s, SQL_ID(SUBJECT_CONTACT, CONTACT_UNREFUSE), "it", id, agency);
	return rc < 0 ? rc : 0;
}

int
store_contact_is_refused(struct store *s, int64_t id, const char *agency)
{
	int64_t n = 0;
	int rc;

	rc = sql_value(s, &n, SQL_ID(SUBJECT_CONTACT, CONTACT_IS_REFUSED), "it",
	    id, agency);
	return rc != 0 ? rc : n > 0;
}

int
store_contact_refused(
    struct store *s, int64_t id, char agencies[][AGENCY_CODE_MAX], size_t max)
{
	struct sql q;
	int n = 0, rc = 0;

	sql_use(&q, s, SQL_ID(SUBJECT_CONTACT, CONTACT_REFUSED), "i", id);
	while ((size_t)n < max && (rc = sql_row(&q)) == 1)
		sql_copy(&q, 0, agencies[n++], AGENCY_CODE_MAX);
	rc = sql_done(&q);
	return rc != 0 ? rc : n;
}
