/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_STORE_QUIZ_H
#define TINCAY_STORE_QUIZ_H

/*
 * Quizzes and pledges: questions and totals. Who has answered is a keyed hash
 * without the answer, which goes when the round is closed. Verbs return as
 * store.h says.
 */

#include "store/store.h"
#include "store/user.h"

#define QUIZ_NAME_MAX 64
#define QUIZ_TEXT_MAX 320
#define QUIZ_QUESTIONS_MAX 20
#define QUIZ_CHOICES_MAX 9
#define QUIZ_SALT 32

struct quiz {
	int64_t id;
	bool is_pledge;
	char name[QUIZ_NAME_MAX];
	int64_t author_id;
	char author[USER_NAME_MAX]; /* read only */
	int64_t created_at;
	int round;                     /* that is open; 0 = none */
	int nrounds, nquestions;       /* read only; rounds that were opened */
	unsigned char salt[QUIZ_SALT]; /* of the round that is open */
};
int store_quiz_add(struct store *s, const struct quiz *q) TC_MUSTCHECK;
int store_quiz_get(struct store *s, int64_t id, struct quiz *out) TC_MUSTCHECK;
/* That of its kind that is open now; TC_ENOENT. */
int store_quiz_open_one(
    struct store *s, bool is_pledge, struct quiz *out) TC_MUSTCHECK;
typedef int (*store_quiz_cb)(const struct quiz *q, void *ctx);
/* Newest first. Returns how many. */
int store_quiz_each(struct store *s, store_quiz_cb cb, void *ctx) TC_MUSTCHECK;

struct quiz_question {
	int number;
	char text[QUIZ_TEXT_MAX];
	int nchoices;
};
int store_quiz_add_question(
    struct store *s, int64_t id, const struct quiz_question *q) TC_MUSTCHECK;
int store_quiz_question(struct store *s, int64_t id, int number,
    struct quiz_question *out) TC_MUSTCHECK;

struct quiz_round {
	int64_t quiz_id;
	int round;                               /* 1 before, 2 after */
	int64_t opened_at, closes_at, closed_at; /* 0 = open */
};
/* TC_EEXIST: it was open before, or another of its kind is open. */
int store_quiz_open(struct store *s, const struct quiz_round *r,
    const unsigned char salt[QUIZ_SALT]) TC_MUSTCHECK;
/* Ends the round that is open: the salt and who has answered are gone. */
int store_quiz_close(struct store *s, int64_t id, int64_t now) TC_MUSTCHECK;
int store_quiz_round(struct store *s, int64_t id, int round,
    struct quiz_round *out) TC_MUSTCHECK;
/* A quiz whose round should have been closed by now; TC_ENOENT. */
int store_quiz_overdue(struct store *s, int64_t now, int64_t *id) TC_MUSTCHECK;

/* Remember that this hash has answered; TC_EEXIST: it had. */
int store_quiz_voter(struct store *s, int64_t id, int question,
    const unsigned char mac[32]) TC_MUSTCHECK;
int store_quiz_count(struct store *s, int64_t id, int round, int question,
    int choice) TC_MUSTCHECK;
/* How often each choice from 1 on was given, into n. */
int store_quiz_totals(struct store *s, const struct quiz_round *r, int question,
    int64_t n[QUIZ_CHOICES_MAX]) TC_MUSTCHECK;

#endif
