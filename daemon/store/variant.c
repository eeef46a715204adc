/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The texts of campaigns: store/variant.h. */
#include "config.h"

#include <string.h>

#include "buf.h"
#include "store/sql.h"
#include "store/variant.h"

#define TEXT_COLUMNS                                                           \
	"id, kind, language, script, coding, segments, is_personal, people"

enum {
	VARIANT_PUT,
	VARIANT_REVIEW,
	VARIANT_REMOVE,
	VARIANT_EACH,
	TEXT_PUT,
	TEXT_DROP,
	TEXT_EACH,
	TEXT_FIND,
	TEXT_BOX
};

static const char *const variant_sql[] = {
    [VARIANT_PUT] =
	("INSERT INTO campaign_variant(campaign_id, kind, language, script,"
	 " reviewer, text_box) VALUES(?1, ?2, ?3, ?4, ?5, ?6)"
	 " ON CONFLICT DO UPDATE SET reviewer = ?5, text_box = ?6"),
    [VARIANT_REVIEW] =
	("UPDATE campaign_variant SET reviewer = ?5 WHERE campaign_id = ?1"
	 " AND kind = ?2 AND language = ?3 AND script = ?4"),
    [VARIANT_REMOVE] = ("DELETE FROM campaign_variant WHERE campaign_id = ?1"
			" AND kind = ?2 AND language = ?3 AND script = ?4"),
    [VARIANT_EACH] = ("SELECT kind, language, script, reviewer, text_box"
		      " FROM campaign_variant WHERE campaign_id = ?1"
		      " ORDER BY kind, language, script"),
    [TEXT_PUT] =
	("INSERT INTO campaign_text(id, campaign_id, kind, language, script,"
	 " coding, segments, is_personal, people, text_box)"
	 " VALUES(abs(random()), ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"
	 " ON CONFLICT DO UPDATE SET coding = ?5, segments = ?6,"
	 " is_personal = ?7, people = ?8, text_box = ?9"),
    [TEXT_DROP] = "DELETE FROM campaign_text WHERE campaign_id = ?1",
    [TEXT_EACH] = ("SELECT " TEXT_COLUMNS ", text_box FROM campaign_text"
		   " WHERE campaign_id = ?1 ORDER BY kind, language, script"),
    [TEXT_FIND] =
	("SELECT " TEXT_COLUMNS " FROM campaign_text WHERE campaign_id = ?1"
	 " AND kind IN (?2, '') AND language IN (?3, 'vi') AND script = ?4"),
    [TEXT_BOX] = "SELECT text_box FROM campaign_text WHERE id = ?1",
};
const struct sql_table sql_variant = {variant_sql, TC_NELEM(variant_sql)};

int
variant_rank(const struct variant_key *text, const struct variant_key *reader)
{
	bool is_language = strcmp(text->language, reader->language) == 0;
	bool is_kind = strcmp(text->kind, reader->kind) == 0;

	if (strcmp(text->script, reader->script) != 0 ||
	    (!is_language && strcmp(text->language, "vi") != 0) ||
	    (!is_kind && text->kind[0] != '\0'))
		return -1;
	return 2 * is_language + is_kind;
}

int
store_variant_put(struct store *s, int64_t campaign_id,
    const struct variant_row *v, const struct buf *text_box)
{
	int rc;

	if (text_box == NULL)
		rc = sql_run(s, SQL_ID(SUBJECT_VARIANT, VARIANT_REVIEW),
		    "itttt", campaign_id, v->key.kind, v->key.language,
		    v->key.script, v->reviewer);
	else
		rc = sql_run(s, SQL_ID(SUBJECT_VARIANT, VARIANT_PUT), "ittttb",
		    campaign_id, v->key.kind, v->key.language, v->key.script,
		    v->reviewer, text_box->data, text_box->len);
	return rc < 0 ? rc : rc == 0 ? TC_ENOENT : 0;
}

int
store_variant_remove(
    struct store *s, int64_t campaign_id, const struct variant_key *key)
{
	int rc;

	rc = sql_run(s, SQL_ID(SUBJECT_VARIANT, VARIANT_REMOVE), "ittt",
	    campaign_id, key->kind, key->language, key->script);
	return rc < 0 ? rc : rc == 0 ? TC_ENOENT : 0;
}

static void
variant_read_key(struct sql *q, int col, struct variant_key *key)
{
	sql_copy(q, col, key->kind, sizeof(key->kind));
	sql_copy(q, col + 1, key->language, sizeof(key->language));
	sql_copy(q, col + 2, key->script, sizeof(key->script));
}

int
store_variant_each(
    struct store *s, int64_t campaign_id, store_variant_cb cb, void *ctx)
{
	struct variant_row v;
	const void *box;
	struct sql q;
	size_t len;
	int rc = 0;

	sql_use(&q, s, SQL_ID(SUBJECT_VARIANT, VARIANT_EACH), "i", campaign_id);
	while (rc == 0 && sql_row(&q) == 1) {
		variant_read_key(&q, 0, &v.key);
		sql_copy(&q, 3, v.reviewer, sizeof(v.reviewer));
		box = sql_blob(&q, 4, &len);
		rc = cb(&v, box, len, ctx);
	}
	return sql_done(&q) != 0 ? q.error : rc;
}

int
store_text_put(struct store *s, int64_t campaign_id, const struct text_row *t,
    const struct buf *text_box)
{
	int rc;

	rc = sql_run(s, SQL_ID(SUBJECT_VARIANT, TEXT_PUT), "ittttiiib",
	    campaign_id, t->key.kind, t->key.language, t->key.script, t->coding,
	    (int64_t)t->segments, (int64_t)t->is_personal, t->people,
	    text_box->data, text_box->len);
	return rc < 0 ? rc : 0;
}

int
store_text_drop(struct store *s, int64_t campaign_id)
{
	int rc;

	rc = sql_run(s, SQL_ID(SUBJECT_VARIANT, TEXT_DROP), "i", campaign_id);
	return rc < 0 ? rc : 0;
}

static void
text_read(struct sql *q, void *out)
{
	struct text_row *t = out;

	t->id = sql_int(q, 0);
	variant_read_key(q, 1, &t->key);
	sql_copy(q, 4, t->coding, sizeof(t->coding));
	t->segments = (int)sql_int(q, 5);
	t->is_personal = sql_int(q, 6) != 0;
	t->people = sql_int(q, 7);
}

int
store_text_each(
    struct store *s, int64_t campaign_id, store_text_cb cb, void *ctx)
{
	struct text_row t;
	const void *box;
	struct sql q;
	size_t len;
	int rc = 0;

	sql_use(&q, s, SQL_ID(SUBJECT_VARIANT, TEXT_EACH), "i", campaign_id);
	while (rc == 0 && sql_row(&q) == 1) {
		text_read(&q, &t);
		box = sql_blob(&q, 8, &len);
		rc = cb(&t, box, len, ctx);
	}
	return sql_done(&q) != 0 ? q.error : rc;
}

int
store_text_find(struct store *s, int64_t campaign_id,
    const struct variant_key *reader, struct text_row *out)
{
	struct text_row t;
	int best = -1, rank;
	struct sql q;

	sql_use(&q, s, SQL_ID(SUBJECT_VARIANT, TEXT_FIND), "ittt", campaign_id,
	    reader->kind, reader->language, reader->script);
	while (sql_row(&q) == 1) {
		text_read(&q, &t);
		rank = variant_rank(&t.key, reader);
		if (rank > best) {
			best = rank;
			*out = t;
		}
	}
	if (sql_done(&q) != 0)
		return q.error;
	return best < 0 ? TC_ENOENT : 0;
}

int
store_text_box(struct store *s, int64_t id, struct buf *out)
{
	struct sql q;

	sql_use(&q, s, SQL_ID(SUBJECT_VARIANT, TEXT_BOX), "i", id);
	return sql_one_blob(&q, out);
}
