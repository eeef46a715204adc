/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Quizzes and pledges: their questions, and totals of what is closed. */
#include "config.h"

#include <string.h>

#include "http/api.h"
#include "outreach/quiz.h"

static const char *const round_names[] = {
    "none", [QUIZ_BEFORE] = "before", [QUIZ_AFTER] = "after"};

static json_t *
quiz_json(const struct quiz *q)
{
	return json_pack("{s:o, s:b, s:o, s:o, s:o, s:o, s:i}", "id",
	    jval_id(q->id), "pledge", q->is_pledge, "name", jval_text(q->name),
	    "author", jval_text(q->author), "created_at",
	    jval_time(q->created_at), "open",
	    q->round == 0 ? json_null() : jval_text(round_names[q->round]),
	    "questions", q->nquestions);
}

static int
on_quiz(const struct quiz *q, void *ctx)
{
	json_array_append_new(ctx, quiz_json(q));
	return 0;
}

int
api_quizzes_list(struct api_req *r)
{
	json_t *list = json_array();
	int rc = store_quiz_each(r->core->store, on_quiz, list);

	return api_reply_list(r, "quizzes", list, rc);
}

/* One row a choice: -1 becomes null. */
static void
result_rows(json_t *rows, const struct quiz_round *round,
    const struct quiz_question *q, const struct quiz_result *res)
{
	int i;

	for (i = 0; i < res->nchoices; i++)
		json_array_append_new(rows,
		    json_pack("{s:s, s:i, s:o, s:i, s:o, s:o}", "round",
			round_names[round->round], "question", q->number,
			"text", jval_text(q->text), "choice", i + 1, "answers",
			res->n[i] < 0 ? json_null() : jval_int(res->n[i]),
			"total",
			res->total < 0 ? json_null() : jval_int(res->total)));
}

/* Rounds that are closed. */
static int
quiz_rows(struct api_req *r, const struct quiz *q, json_t *rows)
{
	struct quiz_question question;
	struct quiz_result res;
	struct quiz_round round;
	int no, i, rc;

	for (no = QUIZ_BEFORE; no <= QUIZ_NROUNDS; no++) {
		rc = store_quiz_round(r->core->store, q->id, no, &round);
		if (rc == TC_ENOENT || (rc == 0 && round.closed_at == 0))
			continue;
		for (i = 1; rc == 0 && i <= q->nquestions; i++) {
			rc = store_quiz_question(
			    r->core->store, q->id, i, &question);
			if (rc == 0)
				rc = quiz_result(
				    r->core, &round, &question, &res);
			if (rc == 0)
				result_rows(rows, &round, &question, &res);
		}
		if (rc != 0)
			return rc;
	}
	return 0;
}

static int
quizzes_reply(struct api_req *r, int status, int64_t id)
{
	json_t *rows, *j;
	struct quiz q;
	int rc;

	if ((rc = store_quiz_get(r->core->store, id, &q)) != 0)
		return rc;
	rows = json_array();
	if ((rc = quiz_rows(r, &q, rows)) != 0) {
		json_decref(rows);
		return rc;
	}
	j = quiz_json(&q);
	json_object_set_new(j, "results", rows);
	return api_reply(r, status, j);
}

int
api_quizzes_get(struct api_req *r)
{
	int64_t id;
	int rc = api_arg_id(r, &id);

	return rc != 0 ? rc : quizzes_reply(r, 200, id);
}

static int
quizzes_question(struct api_req *r, struct quiz_question *q, int choices)
{
	memset(q, 0, sizeof(*q));
	q->nchoices = (int)api_body_int(r, "choices", choices);
	return str_printf(
	    q->text, sizeof(q->text), "%s", api_body_text(r, "question"));
}

int
api_quizzes_new(struct api_req *r)
{
	struct campaign_refusal why = {""};
	struct quiz q = {
	    .is_pledge = json_is_true(json_object_get(r->body, "pledge"))};
	struct quiz_question first;
	int rc;

	rc = str_printf(q.name, sizeof(q.name), "%s", api_body_text(r, "name"));
	if (rc == 0)
		rc = quizzes_question(r, &first, q.is_pledge ? 1 : 2);
	if (rc == 0)
		rc = quiz_new(r->core, &r->user, &q, &first, &why);
	return rc != 0 ? api_refuse_step(r, rc, &why)
		       : quizzes_reply(r, 201, q.id);
}

int
api_quizzes_add(struct api_req *r)
{
	struct campaign_refusal why = {""};
	struct quiz_question question;
	int64_t id;
	int rc;

	if ((rc = api_arg_id(r, &id)) != 0 ||
	    (rc = quizzes_question(r, &question, 2)) != 0)
		return rc;
	rc = quiz_add(r->core, id, &question, &why);
	return rc != 0 ? api_refuse_step(r, rc, &why)
		       : quizzes_reply(r, 201, id);
}

int
api_quizzes_open(struct api_req *r)
{
	const char *round = api_body_text(r, "round");
	struct campaign_refusal why = {""};
	int64_t id;
	int rc, no = QUIZ_BEFORE;

	if ((rc = api_arg_id(r, &id)) != 0)
		return rc;
	if (round != NULL && strcmp(round, round_names[QUIZ_AFTER]) == 0)
		no = QUIZ_AFTER;
	else if (round != NULL && strcmp(round, round_names[no]) != 0)
		return api_refuse_field(
		    r, TC_EINVAL, 422, "round", "is before or after");
	rc = quiz_open(
	    r->core, id, no, (int)api_body_int(r, "days", QUIZ_DAYS), &why);
	return rc != 0 ? api_refuse_step(r, rc, &why)
		       : quizzes_reply(r, 200, id);
}

int
api_quizzes_close(struct api_req *r)
{
	struct campaign_refusal why = {""};
	int64_t id;
	int rc = api_arg_id(r, &id);

	if (rc != 0)
		return rc;
	rc = quiz_close(r->core, id, &why);
	return rc != 0 ? api_refuse_step(r, rc, &why)
		       : quizzes_reply(r, 200, id);
}
