/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_QUIZ_H
#define TINCAY_QUIZ_H

/*
 * Quizzes before and after (M50), and pledges (M34), by SMS: "Q 3" is the answer
 * 3 to the only question, "Q 2 3" that to question 2; "CAM KET" is a pledge. One
 * quiz and one pledge are open at a time.
 *
 * Totals and nothing else: an answer is counted, and that this number has
 * answered is kept apart from it, as a hash under a salt of the round; both go
 * when the round is closed, by a person or by itself. What is open shows no
 * figures, and what is closed none that are small (R24, R25): nobody can
 * subtract two looks from each other.
 */

#include "core.h"
#include "outreach/campaign.h"
#include "store/quiz.h"
#include "store/user.h"

#define QUIZ_SMALL 5 /* fewer people than this are not shown */
#define QUIZ_DAYS 14 /* a round is open, when nobody says how long */
#define QUIZ_DAYS_MAX 60

enum quiz_round_no {
	QUIZ_BEFORE = 1,
	QUIZ_AFTER,
	QUIZ_NROUNDS = QUIZ_AFTER
};

/* All inside a turn op, with *why as campaigns have it. A quiz of one question;
 * a pledge has one choice. TC_EINVAL. */
int quiz_new(struct core *c, const struct user *author, struct quiz *q,
    const struct quiz_question *first,
    struct campaign_refusal *why) TC_MUSTCHECK;
/* One question more, before it was ever open. TC_ENOENT, TC_ESTATE, TC_EINVAL. */
int quiz_add(struct core *c, int64_t id, const struct quiz_question *question,
    struct campaign_refusal *why) TC_MUSTCHECK;
/* Open a round for so many days; each is opened once. TC_ENOENT, TC_ESTATE. */
int quiz_open(struct core *c, int64_t id, int round, int days,
    struct campaign_refusal *why) TC_MUSTCHECK;
int quiz_close(
    struct core *c, int64_t id, struct campaign_refusal *why) TC_MUSTCHECK;
/* From time to time: close what is over. 0 or an error. */
int quiz_upkeep(struct core *c) TC_MUSTCHECK;

/* From intake; number is canonical. Question 0: the only one. 0: it is counted,
 * or was already; TC_ENOENT: nothing is open, or no such question or choice. */
struct quiz_vote {
	const char *number;
	bool is_pledge;
	int question, choice;
};
int quiz_answer(struct core *c, const struct quiz_vote *v) TC_MUSTCHECK;

/* What may be shown of one question in a round that is closed: -1 for what may
 * not, because it is small or would tell what is. */
struct quiz_result {
	int nchoices;
	int64_t total, n[QUIZ_CHOICES_MAX];
};
int quiz_result(struct core *c, const struct quiz_round *r,
    const struct quiz_question *q, struct quiz_result *out) TC_MUSTCHECK;
/* Hide in place; for tests too. */
void quiz_suppress(struct quiz_result *r);

#endif
