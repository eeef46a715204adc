/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Quizzes and pledges (quiz.h). Called by http/ for officials, by intake for who
 * answers, by server.c. Owns nothing. */
#include "config.h"

#include <inttypes.h>
#include <string.h>

#include "buf.h"
#include "clock.h"
#include "log.h"
#include "outreach/campaign_private.h"
#include "outreach/quiz.h"
#include "vault/vault.h"

#define DAY_S INT64_C(86400)

/* --- the record --- */

static int
quiz_check_question(
    const struct quiz_question *q, bool is_pledge, struct campaign_refusal *why)
{
	if (q->text[0] == '\0')
		return campaign_refuse(why, TC_EINVAL, "a question is needed");
	if (is_pledge ? q->nchoices != 1
		      : q->nchoices < 2 || q->nchoices > QUIZ_CHOICES_MAX)
		return campaign_refuse(why, TC_EINVAL,
		    "a question has 2 to 9 choices, a pledge has one");
	return 0;
}

int
quiz_new(struct core *c, const struct user *author, struct quiz *q,
    const struct quiz_question *first, struct campaign_refusal *why)
{
	struct quiz_question question = *first;
	int rc;

	question.number = 1;
	q->id = vault_random_id();
	q->author_id = author->id;
	q->created_at = clock_now();
	if (q->name[0] == '\0')
		return campaign_refuse(why, TC_EINVAL, "a name is needed");
	if ((rc = quiz_check_question(first, q->is_pledge, why)) != 0 ||
	    (rc = store_quiz_add(c->store, q)) != 0)
		return rc;
	return store_quiz_add_question(c->store, q->id, &question);
}

int
quiz_add(struct core *c, int64_t id, const struct quiz_question *question,
    struct campaign_refusal *why)
{
	struct quiz_question next = *question;
	struct quiz q;
	int rc;

	if ((rc = store_quiz_get(c->store, id, &q)) != 0 ||
	    (rc = quiz_check_question(question, q.is_pledge, why)) != 0)
		return rc;
	if (q.is_pledge || q.nrounds > 0 || q.nquestions == QUIZ_QUESTIONS_MAX)
		return campaign_refuse(why, TC_ESTATE,
		    "it is a pledge, it was open before, or it is full");
	next.number = q.nquestions + 1;
	return store_quiz_add_question(c->store, id, &next);
}

int
quiz_open(struct core *c, int64_t id, int round, int days,
    struct campaign_refusal *why)
{
	struct quiz_round r = {.quiz_id = id,
	    .round = round,
	    .opened_at = clock_now(),
	    .closes_at = clock_now() + days * DAY_S};
	unsigned char salt[QUIZ_SALT];
	struct quiz q;
	int rc;

	if ((rc = store_quiz_get(c->store, id, &q)) != 0)
		return rc;
	if (q.round != 0 || (q.is_pledge && round != QUIZ_BEFORE))
		return campaign_refuse(why, TC_ESTATE,
		    "it is open, or a pledge, which has one round");
	vault_random(salt, sizeof(salt));
	rc = store_quiz_open(c->store, &r, salt);
	vault_wipe(salt, sizeof(salt));
	if (rc == TC_EEXIST)
		return campaign_refuse(why, TC_ESTATE,
		    "this round was open before, or another quiz is open");
	if (rc == 0)
		log_info("quiz open id=%016" PRIx64 " round=%d", (uint64_t)id,
		    round);
	return rc;
}

int
quiz_close(struct core *c, int64_t id, struct campaign_refusal *why)
{
	struct quiz q;
	int rc;

	if ((rc = store_quiz_get(c->store, id, &q)) != 0)
		return rc;
	if (q.round == 0)
		return campaign_refuse(why, TC_ESTATE, "it is not open");
	log_info("quiz closed id=%016" PRIx64, (uint64_t)id);
	return store_quiz_close(c->store, id, clock_now());
}

int
quiz_upkeep(struct core *c)
{
	int64_t id;
	int rc;

	if (!clock_is_trusted())
		return 0;
	while ((rc = store_quiz_overdue(c->store, clock_now(), &id)) == 0) {
		log_info("quiz is over id=%016" PRIx64, (uint64_t)id);
		if ((rc = store_quiz_close(c->store, id, clock_now())) != 0)
			return rc;
	}
	return rc == TC_ENOENT ? 0 : rc;
}

/* --- answers --- */

/* Under the salt of the round, and the data key: without both it is noise. */
static int
quiz_mac(struct core *c, const struct quiz *q, const char *number,
    unsigned char mac[VAULT_MAC])
{
	struct buf plain;
	int rc;

	buf_init(&plain, 256);
	rc = buf_put(&plain, q->salt, sizeof(q->salt));
	if (rc == 0)
		rc = buf_put_str(&plain, number);
	if (rc == 0)
		vault_mac(c->vault, VAULT_PERSON, plain.data, plain.len, mac);
	if (plain.data != NULL)
		vault_wipe(plain.data, plain.cap);
	buf_clear(&plain);
	return rc;
}

int
quiz_answer(struct core *c, const struct quiz_vote *v)
{
	struct quiz_question question;
	unsigned char mac[VAULT_MAC];
	struct quiz q;
	int rc, number = v->question;

	if ((rc = store_quiz_open_one(c->store, v->is_pledge, &q)) != 0)
		return rc;
	if (number == 0) {
		if (q.nquestions != 1)
			return TC_ENOENT;
		number = 1;
	}
	rc = store_quiz_question(c->store, q.id, number, &question);
	if (rc == 0 && (v->choice < 1 || v->choice > question.nchoices))
		rc = TC_ENOENT;
	if (rc == 0)
		rc = quiz_mac(c, &q, v->number, mac);
	if (rc == 0)
		rc = store_quiz_voter(c->store, q.id, number, mac);
	vault_wipe(q.salt, sizeof(q.salt));
	if (rc != 0)
		return rc == TC_EEXIST ? 0 : rc; /* the first one counts */
	return store_quiz_count(c->store, q.id, q.round, number, v->choice);
}

/* --- totals --- */

/* The smallest that is shown and not nought; nchoices: there is none. */
static int
result_smallest(const struct quiz_result *r, const bool *hidden)
{
	int i, least = r->nchoices;

	for (i = 0; i < r->nchoices; i++)
		if (!hidden[i] && r->n[i] > 0 &&
		    (least == r->nchoices || r->n[i] < r->n[least]))
			least = i;
	return least;
}

/* Small ones first; then the next smallest, until what is hidden cannot be told
 * by subtraction and is not few people together; when that is all of them, the
 * total goes too. */
void
quiz_suppress(struct quiz_result *r)
{
	bool hidden[QUIZ_CHOICES_MAX] = {false};
	int64_t sum = 0;
	int i, n = 0;

	for (i = 0; i < r->nchoices; i++) {
		hidden[i] = r->n[i] > 0 && r->n[i] < QUIZ_SMALL;
		n += hidden[i];
		sum += hidden[i] ? r->n[i] : 0;
	}
	while (n > 0 && (n == 1 || sum < QUIZ_SMALL)) {
		i = result_smallest(r, hidden);
		if (i == r->nchoices) {
			r->total = -1;
			break;
		}
		hidden[i] = true;
		n++;
		sum += r->n[i];
	}
	/* Without the total a nought tells who the others were. */
	for (i = 0; i < r->nchoices; i++)
		if (hidden[i] || r->total < 0)
			r->n[i] = -1;
}

int
quiz_result(struct core *c, const struct quiz_round *r,
    const struct quiz_question *q, struct quiz_result *out)
{
	int rc, i;

	memset(out, 0, sizeof(*out));
	out->nchoices = q->nchoices;
	rc = store_quiz_totals(c->store, r, q->number, out->n);
	for (i = 0; i < q->nchoices; i++)
		out->total += out->n[i];
	if (rc == 0)
		quiz_suppress(out);
	return rc;
}
