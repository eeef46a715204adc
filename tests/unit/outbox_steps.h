/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_TEST_OUTBOX_STEPS_H
#define TINCAY_TEST_OUTBOX_STEPS_H

/* What the tests of the outbox do to it, each in a turn of its own; every failure ends the test. */

#include "outbox/outbox.h"
#include "outreach/campaign.h"
#include "radio/radio.h"
#include "turn.h"
#include "world.h"

/* A contact with this canonical number. */
int64_t steps_contact(struct world *w, const char *number);

/* The reply N1, on modem m1, good for 300 s. Returns the message. */
int64_t steps_reply(struct world *w, int64_t contact, enum lane lane);

/* As a turn op, for other replies. */
struct steps_reply {
	struct world *world;
	struct outbox_reply reply;
	int64_t message_id;
};
int steps_op_reply(void *arg);

/* What a modem does. Each returns what the outbox returned. */
int steps_next(struct world *w, const char *modem, struct radio_part *out);
int steps_offer(
    struct world *w, const struct radio_offer *offer, struct radio_part *out);
int steps_upkeep(struct world *w);
/* A word of the modem that has the part, or of the one that it names. */
int steps_result_of(struct world *w, const struct radio_result *r);
int steps_result(
    struct world *w, int64_t part, enum ml_outcome outcome, int code);
int steps_sent(struct world *w, int64_t part, int tp_mr);
int steps_report(struct world *w, const struct radio_report *r);
int steps_lost(struct world *w, const char *modem);

/* The id of a part of a message. */
int64_t steps_part(struct world *w, int64_t message, int seq);

void steps_expect_part(struct world *w, int64_t part, const char *state);
void steps_expect_message(struct world *w, int64_t message, const char *state);
void steps_expect_reason(
    struct world *w, int64_t message, const char *state, const char *reason);

/* People +84900000101, ...102 ... on the list "l", who have given consent. */
void steps_people(struct world *w, int n);
/* A campaign to the list "l" that tuan wrote and hoa approved; running. */
int64_t steps_campaign(struct world *w, const char *text);
/* The same with rules of its own (NULL = none), and the draft alone. */
int64_t steps_run_campaign(
    struct world *w, const char *text, const struct campaign_draft *draft);
int64_t steps_draft(
    struct world *w, const char *text, const struct campaign_draft *draft);
/* One act of a user on a campaign. */
int steps_act(
    struct world *w, const struct user *u, int64_t id, enum campaign_act act);
/* Its state and figures; fails when the figures do not add up. */
void steps_get(struct world *w, int64_t id, struct campaign *out);

#endif
