/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Quizzes and pledges: store/quiz.h. */
#include "config.h"

#include <string.h>

#include "store/quiz.h"
#include "store/sql.h"

#define QUIZ_COLUMNS                                                           \
	"q.id, q.is_pledge, q.name, q.author_id, u.name, q.created_at,"        \
	" q.open_round, q.salt,"                                               \
	" (SELECT count(*) FROM quiz_round WHERE quiz_id = q.id),"             \
	" (SELECT count(*) FROM quiz_question WHERE quiz_id = q.id)"           \
	" FROM quiz q JOIN user u ON u.id = q.author_id"

enum {
	QUIZ_ADD,
	QUIZ_GET,
	QUIZ_OPEN_ONE,
	QUIZ_EACH,
	QUESTION_ADD,
	QUESTION_GET,
	ROUND_ADD,
	ROUND_GET,
	ROUND_OVERDUE,
	ROUND_CLOSE,
	QUIZ_OPEN,
	QUIZ_CLOSE,
	VOTER_ADD,
	VOTER_FORGET,
	TOTAL_COUNT,
	TOTAL_EACH
};

static const char *const quiz_sql[] = {
    [QUIZ_ADD] = "INSERT INTO quiz(id, is_pledge, name, author_id, created_at)"
		 " VALUES(?1, ?2, ?3, ?4, ?5)",
    [QUIZ_GET] = "SELECT " QUIZ_COLUMNS " WHERE q.id = ?1",
    [QUIZ_OPEN_ONE] = "SELECT " QUIZ_COLUMNS " WHERE q.open_round > 0"
		      " AND q.is_pledge = ?1",
    [QUIZ_EACH] = "SELECT " QUIZ_COLUMNS " ORDER BY q.created_at DESC, q.id",
    [QUESTION_ADD] = "INSERT INTO quiz_question(quiz_id, number, text, choices)"
		     " VALUES(?1, ?2, ?3, ?4)",
    [QUESTION_GET] = "SELECT number, text, choices FROM quiz_question"
		     " WHERE quiz_id = ?1 AND number = ?2",
    [ROUND_ADD] = "INSERT INTO quiz_round(quiz_id, round, opened_at, closes_at)"
		  " VALUES(?1, ?2, ?3, ?4)",
    [ROUND_GET] = "SELECT quiz_id, round, opened_at, closes_at, closed_at"
		  " FROM quiz_round WHERE quiz_id = ?1 AND round = ?2",
    [ROUND_OVERDUE] = "SELECT quiz_id FROM quiz_round WHERE closed_at = 0"
		      " AND closes_at <= ?1 LIMIT 1",
    [ROUND_CLOSE] = "UPDATE quiz_round SET closed_at = ?2 WHERE quiz_id = ?1"
		    " AND closed_at = 0",
    [QUIZ_OPEN] = "UPDATE quiz SET open_round = ?2, salt = ?3 WHERE id = ?1",
    [QUIZ_CLOSE] = "UPDATE quiz SET open_round = 0, salt = NULL"
		   " WHERE id = ?1",
    [VOTER_ADD] = "INSERT INTO quiz_voter(quiz_id, question, mac)"
		  " VALUES(?1, ?2, ?3)",
    [VOTER_FORGET] = "DELETE FROM quiz_voter WHERE quiz_id = ?1",
    [TOTAL_COUNT] =
	("INSERT INTO quiz_total(quiz_id, round, question, choice, n)"
	 " VALUES(?1, ?2, ?3, ?4, 1)"
	 " ON CONFLICT DO UPDATE SET n = n + 1"),
    [TOTAL_EACH] = "SELECT choice, n FROM quiz_total WHERE quiz_id = ?1"
		   " AND round = ?2 AND question = ?3",
};
const struct sql_table sql_quiz = {quiz_sql, TC_NELEM(quiz_sql)};

#define QUIZ_SQL(statement) SQL_ID(SUBJECT_QUIZ, statement)

int
store_quiz_add(struct store *s, const struct quiz *q)
{
	int rc = sql_run(s, QUIZ_SQL(QUIZ_ADD), "iitii", q->id,
	    (int64_t)q->is_pledge, q->name, q->author_id, q->created_at);

	return rc < 0 ? rc : 0;
}

static void
quiz_read(struct sql *q, void *out)
{
	struct quiz *z = out;

	memset(z, 0, sizeof(*z));
	z->id = sql_int(q, 0);
	z->is_pledge = sql_int(q, 1) != 0;
	sql_copy(q, 2, z->name, sizeof(z->name));
	z->author_id = sql_int(q, 3);
	sql_copy(q, 4, z->author, sizeof(z->author));
	z->created_at = sql_int(q, 5);
	z->round = (int)sql_int(q, 6);
	if (z->round > 0)
		sql_copy_blob(q, 7, z->salt, sizeof(z->salt));
	z->nrounds = (int)sql_int(q, 8);
	z->nquestions = (int)sql_int(q, 9);
}

int
store_quiz_get(struct store *s, int64_t id, struct quiz *out)
{
	struct sql q;

	sql_use(&q, s, QUIZ_SQL(QUIZ_GET), "i", id);
	return sql_one(&q, quiz_read, out);
}

int
store_quiz_open_one(struct store *s, bool is_pledge, struct quiz *out)
{
	struct sql q;

	sql_use(&q, s, QUIZ_SQL(QUIZ_OPEN_ONE), "i", (int64_t)is_pledge);
	return sql_one(&q, quiz_read, out);
}

int
store_quiz_each(struct store *s, store_quiz_cb cb, void *ctx)
{
	struct quiz z;
	struct sql q;
	int rc, n = 0;

	sql_use(&q, s, QUIZ_SQL(QUIZ_EACH), "");
	while ((rc = sql_row(&q)) == 1) {
		quiz_read(&q, &z);
		if ((rc = cb(&z, ctx)) < 0)
			break;
		n++;
	}
	if (sql_done(&q) != 0)
		return q.error;
	return rc < 0 ? rc : n;
}

int
store_quiz_add_question(
    struct store *s, int64_t id, const struct quiz_question *q)
{
	int rc = sql_run(s, QUIZ_SQL(QUESTION_ADD), "iiti", id,
	    (int64_t)q->number, q->text, (int64_t)q->nchoices);

	return rc < 0 ? rc : 0;
}

static void
question_read(struct sql *q, void *out)
{
	struct quiz_question *x = out;

	x->number = (int)sql_int(q, 0);
	sql_copy(q, 1, x->text, sizeof(x->text));
	x->nchoices = (int)sql_int(q, 2);
}

int
store_quiz_question(
    struct store *s, int64_t id, int number, struct quiz_question *out)
{
	struct sql q;

	sql_use(&q, s, QUIZ_SQL(QUESTION_GET), "ii", id, (int64_t)number);
	return sql_one(&q, question_read, out);
}

int
store_quiz_open(struct store *s, const struct quiz_round *r,
    const unsigned char salt[QUIZ_SALT])
{
	int rc = sql_run(s, QUIZ_SQL(ROUND_ADD), "iiii", r->quiz_id,
	    (int64_t)r->round, r->opened_at, r->closes_at);

	if (rc >= 0)
		rc = sql_run(s, QUIZ_SQL(QUIZ_OPEN), "iib", r->quiz_id,
		    (int64_t)r->round, salt, (size_t)QUIZ_SALT);
	return rc < 0 ? rc : 0;
}

int
store_quiz_close(struct store *s, int64_t id, int64_t now)
{
	int rc = sql_run(s, QUIZ_SQL(ROUND_CLOSE), "ii", id, now);

	if (rc >= 0)
		rc = sql_run(s, QUIZ_SQL(VOTER_FORGET), "i", id);
	if (rc >= 0)
		rc = sql_run(s, QUIZ_SQL(QUIZ_CLOSE), "i", id);
	return rc < 0 ? rc : 0;
}

static void
round_read(struct sql *q, void *out)
{
	struct quiz_round *r = out;

	r->quiz_id = sql_int(q, 0);
	r->round = (int)sql_int(q, 1);
	r->opened_at = sql_int(q, 2);
	r->closes_at = sql_int(q, 3);
	r->closed_at = sql_int(q, 4);
}

int
store_quiz_round(struct store *s, int64_t id, int round, struct quiz_round *out)
{
	struct sql q;

	sql_use(&q, s, QUIZ_SQL(ROUND_GET), "ii", id, (int64_t)round);
	return sql_one(&q, round_read, out);
}

int
store_quiz_overdue(struct store *s, int64_t now, int64_t *id)
{
	int rc;

	*id = 0;
	rc = sql_value(s, id, QUIZ_SQL(ROUND_OVERDUE), "i", now);
	return rc != 0 ? rc : *id == 0 ? TC_ENOENT : 0;
}

int
store_quiz_voter(
    struct store *s, int64_t id, int question, const unsigned char mac[32])
{
	int rc = sql_run(s, QUIZ_SQL(VOTER_ADD), "iib", id, (int64_t)question,
	    mac, (size_t)32);

	return rc < 0 ? rc : 0;
}

int
store_quiz_count(
    struct store *s, int64_t id, int round, int question, int choice)
{
	int rc = sql_run(s, QUIZ_SQL(TOTAL_COUNT), "iiii", id, (int64_t)round,
	    (int64_t)question, (int64_t)choice);

	return rc < 0 ? rc : 0;
}

int
store_quiz_totals(struct store *s, const struct quiz_round *r, int question,
    int64_t n[QUIZ_CHOICES_MAX])
{
	struct sql q;
	int64_t choice;

	memset(n, 0, QUIZ_CHOICES_MAX * sizeof(*n));
	sql_use(&q, s, QUIZ_SQL(TOTAL_EACH), "iii", r->quiz_id,
	    (int64_t)r->round, (int64_t)question);
	while (sql_row(&q) == 1) {
		choice = sql_int(&q, 0);
		if (choice >= 1 && choice <= QUIZ_CHOICES_MAX)
			n[choice - 1] = sql_int(&q, 1);
	}
	return sql_done(&q);
}
