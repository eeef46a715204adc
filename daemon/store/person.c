/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Subscribers, consent, lists: store/person.h. */
#include "config.h"

#include "buf.h"
#include "store/person.h"
#include "store/sql.h"

#define PERSON_COLUMNS                                                         \
	"id, language, hamlet, kind, consenting, opted_out_at, asked_at,"      \
	" created_at, is_minor, operator"
#define LIST_COLUMNS                                                           \
	"id, name, agency, iif(is_smart, (SELECT count(*) FROM person p"       \
	" WHERE (list.hamlet = '' OR p.hamlet = list.hamlet)"                  \
	" AND (list.kind = '' OR p.kind = list.kind)),"                        \
	" (SELECT count(*) FROM membership WHERE list_id = list.id)),"         \
	" hamlet, kind, is_smart, is_drill"

enum {
	PERSON_FIND,
	PERSON_GET,
	PERSON_ADD,
	PERSON_UPDATE,
	PERSON_BOX,
	PERSON_EACH,
	CONSENT_ADD,
	LIST_ADD,
	LIST_FIND,
	LIST_EACH,
	LIST_PUT,
	LIST_PUT_ALL,
	PERSON_REMOVE,
	PERSON_FACTS,
	PERSON_COVERAGE,
	THEME_OUT,
	THEME_IN,
	THEME_IS_OUT,
	BLOCK_ADD,
	BLOCK_HAS,
	BLOCK_REMOVE
};

static const char *const person_sql[] = {
    [PERSON_FIND] =
	"SELECT " PERSON_COLUMNS " FROM person WHERE phone_mac = ?1",
    [PERSON_GET] = "SELECT " PERSON_COLUMNS " FROM person WHERE id = ?1",
    [PERSON_ADD] = "INSERT INTO person(id, phone_mac, phone_box, language,"
		   " hamlet, kind, consenting, opted_out_at, asked_at,"
		   " created_at, is_minor, operator) VALUES(?1, ?2, ?3, ?4,"
		   " ?5, ?6, ?7, nullif(?8, 0), nullif(?9, 0), ?10, ?11,"
		   " ?12)",
    [PERSON_UPDATE] = "UPDATE person SET language = ?2, hamlet = ?3,"
		      " kind = ?4, consenting = ?5,"
		      " opted_out_at = nullif(?6, 0),"
		      " asked_at = nullif(?7, 0), is_minor = ?8"
		      " WHERE id = ?1",
    [PERSON_BOX] = "SELECT phone_box FROM person WHERE id = ?1",
    [PERSON_EACH] = "SELECT " PERSON_COLUMNS " FROM person WHERE id > ?1"
		    " ORDER BY id LIMIT ?2",
    [CONSENT_ADD] = "INSERT INTO consent(id, person_id, scope, given, at,"
		    " how, collected_on, collector, wording)"
		    " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    [LIST_ADD] = "INSERT INTO list(id, name, agency, created_at, hamlet,"
		 " kind, is_smart, is_drill)"
		 " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    [LIST_FIND] = "SELECT " LIST_COLUMNS " FROM list WHERE name = ?1",
    [LIST_EACH] = "SELECT " LIST_COLUMNS " FROM list ORDER BY name",
    [LIST_PUT] = "INSERT OR IGNORE INTO membership(list_id, person_id)"
		 " VALUES(?1, ?2)",
    [LIST_PUT_ALL] = "INSERT OR IGNORE INTO membership(list_id, person_id)"
		     " SELECT ?1, id FROM person WHERE ?2 IS NULL"
		     " OR hamlet = ?2",
    [PERSON_REMOVE] = "DELETE FROM person WHERE id = ?1",
    [PERSON_FACTS] =
	("SELECT 'consent', at, scope, iif(given, 'given', 'withdrawn'), how,"
	 "  collected_on, collector, wording FROM consent WHERE person_id = ?1"
	 " UNION ALL SELECT 'list', l.created_at, l.name, '', '', '', '', ''"
	 "  FROM membership m JOIN list l ON l.id = m.list_id"
	 "  WHERE m.person_id = ?1"
	 " UNION ALL SELECT 'campaign', r.at, c.name, r.state, r.reason, '',"
	 "  '', '' FROM campaign c JOIN recipient r ON r.campaign_id = c.id"
	 "  WHERE r.person_id = ?1"
	 " ORDER BY 1 DESC, 2"),
    [PERSON_COVERAGE] = "SELECT hamlet, count(*) FROM person"
			" WHERE consenting = 1 GROUP BY hamlet",
    [THEME_OUT] = "INSERT OR IGNORE INTO theme_optout(person_id, theme)"
		  " VALUES(?1, ?2)",
    [THEME_IN] = "DELETE FROM theme_optout WHERE person_id = ?1"
		 " AND theme = ?2",
    [THEME_IS_OUT] = "SELECT count(*) FROM theme_optout WHERE person_id = ?1"
		     " AND theme = ?2",
    [BLOCK_ADD] = "INSERT INTO do_not_import(mac, why, at) VALUES(?1, ?2, ?3)",
    [BLOCK_HAS] = "SELECT count(*) FROM do_not_import WHERE mac = ?1",
    [BLOCK_REMOVE] = "DELETE FROM do_not_import WHERE mac = ?1",
};
const struct sql_table sql_person = {person_sql, TC_NELEM(person_sql)};

static void
person_read(struct sql *q, void *out)
{
	struct person *p = out;

	p->id = sql_int(q, 0);
	sql_copy(q, 1, p->language, sizeof(p->language));
	sql_copy(q, 2, p->hamlet, sizeof(p->hamlet));
	sql_copy(q, 3, p->kind, sizeof(p->kind));
	p->consenting = sql_int(q, 4) != 0;
	p->opted_out_at = sql_int(q, 5);
	p->asked_at = sql_int(q, 6);
	p->created_at = sql_int(q, 7);
	p->is_minor = sql_int(q, 8) != 0;
	sql_copy(q, 9, p->operator_name, sizeof(p->operator_name));
}

int
store_person_find(
    struct store *s, const unsigned char mac[32], struct person *out)
{
	struct sql q;

	sql_use(
	    &q, s, SQL_ID(SUBJECT_PERSON, PERSON_FIND), "b", mac, (size_t)32);
	return sql_one(&q, person_read, out);
}

int
store_person_get(struct store *s, int64_t id, struct person *out)
{
	struct sql q;

	sql_use(&q, s, SQL_ID(SUBJECT_PERSON, PERSON_GET), "i", id);
	return sql_one(&q, person_read, out);
}

int
store_person_add(struct store *s, const struct person *p,
    const unsigned char mac[32], const struct buf *box)
{
	int rc;

	rc = sql_run(s, SQL_ID(SUBJECT_PERSON, PERSON_ADD), "ibbtttiiiiit",
	    p->id, mac, (size_t)32, box->data, box->len, p->language, p->hamlet,
	    p->kind, (int64_t)p->consenting, p->opted_out_at, p->asked_at,
	    p->created_at, (int64_t)p->is_minor, p->operator_name);
	return rc < 0 ? rc : 0;
}

int
store_person_update(struct store *s, const struct person *p)
{
	int rc;

	rc = sql_run(s, SQL_ID(SUBJECT_PERSON, PERSON_UPDATE), "itttiiii",
	    p->id, p->language, p->hamlet, p->kind, (int64_t)p->consenting,
	    p->opted_out_at, p->asked_at, (int64_t)p->is_minor);
	return rc < 0 ? rc : rc == 0 ? TC_ENOENT : 0;
}

int
store_person_box(struct store *s, int64_t id, struct buf *out)
{
	struct sql q;

	sql_use(&q, s, SQL_ID(SUBJECT_PERSON, PERSON_BOX), "i", id);
	return sql_one_blob(&q, out);
}

int
store_person_each(
    struct store *s, int64_t after, int limit, store_person_cb cb, void *ctx)
{
	struct person p;
	struct sql q;
	int rc, n = 0;

	sql_use(&q, s, SQL_ID(SUBJECT_PERSON, PERSON_EACH), "ii", after,
	    (int64_t)limit);
	while ((rc = sql_row(&q)) == 1) {
		person_read(&q, &p);
		if ((rc = cb(&p, ctx)) < 0)
			break;
		n++;
	}
	if (sql_done(&q) != 0)
		return q.error;
	return rc < 0 ? rc : n;
}

int
store_consent_add(struct store *s, int64_t id, const struct consent *c)
{
	int rc;

	rc = sql_run(s, SQL_ID(SUBJECT_PERSON, CONSENT_ADD), "iitiitttt", id,
	    c->person_id, c->scope, (int64_t)c->given, c->at, c->how,
	    c->collected_on, c->collector, c->wording);
	return rc < 0 ? rc : 0;
}

int
store_person_remove(struct store *s, int64_t id)
{
	int rc = sql_run(s, SQL_ID(SUBJECT_PERSON, PERSON_REMOVE), "i", id);

	return rc < 0 ? rc : rc == 0 ? TC_ENOENT : 0;
}

int
store_person_facts(
    struct store *s, int64_t person_id, store_fact_cb cb, void *ctx)
{
	struct person_fact f;
	struct sql q;

	sql_use(&q, s, SQL_ID(SUBJECT_PERSON, PERSON_FACTS), "i", person_id);
	while (sql_row(&q) == 1) {
		f = (struct person_fact){.kind = sql_text(&q, 0),
		    .at = sql_int(&q, 1),
		    .name = sql_text(&q, 2),
		    .state = sql_text(&q, 3),
		    .how = sql_text(&q, 4),
		    .collected_on = sql_text(&q, 5),
		    .collector = sql_text(&q, 6),
		    .wording = sql_text(&q, 7)};
		cb(&f, ctx);
	}
	return sql_done(&q);
}

int
store_person_coverage(struct store *s, store_coverage_cb cb, void *ctx)
{
	struct sql q;

	sql_use(&q, s, SQL_ID(SUBJECT_PERSON, PERSON_COVERAGE), "");
	while (sql_row(&q) == 1)
		cb(sql_text(&q, 0), sql_int(&q, 1), ctx);
	return sql_done(&q);
}

int
store_theme_set(
    struct store *s, int64_t person_id, const char *theme, bool is_out)
{
	int rc =
	    sql_run(s, SQL_ID(SUBJECT_PERSON, is_out ? THEME_OUT : THEME_IN),
		"it", person_id, theme);

	return rc < 0 ? rc : 0;
}

int
store_theme_is_out(struct store *s, int64_t person_id, const char *theme)
{
	int64_t n = 0;
	int rc = sql_value(s, &n, SQL_ID(SUBJECT_PERSON, THEME_IS_OUT), "it",
	    person_id, theme);

	return rc != 0 ? rc : (int)n;
}

int
store_block_add(
    struct store *s, const unsigned char mac[32], const char *why, int64_t now)
{
	int rc = sql_run(s, SQL_ID(SUBJECT_PERSON, BLOCK_ADD), "bti", mac,
	    (size_t)32, why, now);

	return rc < 0 ? rc : 0;
}

int
store_block_has(struct store *s, const unsigned char mac[32])
{
	int64_t n = 0;
	int rc = sql_value(
	    s, &n, SQL_ID(SUBJECT_PERSON, BLOCK_HAS), "b", mac, (size_t)32);

	return rc != 0 ? rc : (int)n;
}

int
store_block_remove(struct store *s, const unsigned char mac[32])
{
	return sql_run(
	    s, SQL_ID(SUBJECT_PERSON, BLOCK_REMOVE), "b", mac, (size_t)32);
}

int
store_list_add(struct store *s, const struct list *l, int64_t now)
{
	int rc;

	rc = sql_run(s, SQL_ID(SUBJECT_PERSON, LIST_ADD), "ittittii", l->id,
	    l->name, l->agency, now, l->hamlet, l->kind, (int64_t)l->is_smart,
	    (int64_t)l->is_drill);
	return rc < 0 ? rc : 0;
}

static void
list_read(struct sql *q, void *out)
{
	struct list *l = out;

	l->id = sql_int(q, 0);
	sql_copy(q, 1, l->name, sizeof(l->name));
	sql_copy(q, 2, l->agency, sizeof(l->agency));
	l->members = sql_int(q, 3);
	sql_copy(q, 4, l->hamlet, sizeof(l->hamlet));
	sql_copy(q, 5, l->kind, sizeof(l->kind));
	l->is_smart = sql_int(q, 6) != 0;
	l->is_drill = sql_int(q, 7) != 0;
}

int
store_list_find(struct store *s, const char *name, struct list *out)
{
	struct sql q;

	sql_use(&q, s, SQL_ID(SUBJECT_PERSON, LIST_FIND), "t", name);
	return sql_one(&q, list_read, out);
}

int
store_list_each(struct store *s, store_list_cb cb, void *ctx)
{
	struct list l;
	struct sql q;
	int rc, n = 0;

	sql_use(&q, s, SQL_ID(SUBJECT_PERSON, LIST_EACH), "");
	while ((rc = sql_row(&q)) == 1) {
		list_read(&q, &l);
		if ((rc = cb(&l, ctx)) < 0)
			break;
		n++;
	}
	if (sql_done(&q) != 0)
		return q.error;
	return rc < 0 ? rc : n;
}

int
store_list_put(struct store *s, int64_t list_id, int64_t person_id)
{
	return sql_run(
	    s, SQL_ID(SUBJECT_PERSON, LIST_PUT), "ii", list_id, person_id);
}

int
store_list_put_all(struct store *s, int64_t list_id, const char *hamlet)
{
	return sql_run(
	    s, SQL_ID(SUBJECT_PERSON, LIST_PUT_ALL), "it", list_id, hamlet);
}
