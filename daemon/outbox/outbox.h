/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_OUTBOX_H
#define TINCAY_OUTBOX_H

/*
 * One door for everything that is sent. A message is a template id or a
 * campaign, never a stored text; it is rendered, linted, checked for consent,
 * hours and expiry at the moment when a modem asks for the next part.
 *
 * The states of messages and parts are drawn in outbox/state.h.
 */

#include "core.h"
#include "util.h"

enum lane {
	LANE_CRISIS,
	LANE_CASE,
	LANE_REPLY,
	LANE_CAMPAIGN,
	LANE_NLANES
};
const char *lane_name(enum lane lane);

struct radio_offer;
struct radio_part;
struct radio_result;
struct radio_report;

/* A reply to somebody who wrote: fixed text of the content pack by its id.
 * Inside a turn op. */
struct outbox_reply {
	int64_t contact_id; /* either the contact ... */
	int64_t person_id;  /* ... or the person; the other is 0 */
	const char *template_id;
	const char *slots; /* JSON object of strings for {name}; NULL = none */
	enum lane lane;
	const char *modem;  /* the SIM she wrote to; on no other */
	int64_t expires_at; /* UTC; later it is not sent any more (R3) */
	bool sensitive;     /* short validity, no delivery report (R4, R32) */
	int64_t inbound_id; /* what caused it */
};
/* 0. With slots the text is put together and linted here, too: TC_EINVAL: not
 * an object of short one-line strings, or one is missing; TC_EDENIED: the lint
 * refuses it, or it is not one segment; TC_ENOENT: no such template. */
int outbox_reply(struct core *c, const struct outbox_reply *r,
    int64_t *message_id) TC_MUSTCHECK;

/* A text to our own staff (alarm, duty alert, heartbeat, self-test): a fixed
 * text of the content pack by its id, its slots filled. Inside a turn op. */
struct outbox_staff {
	const char *number;      /* canonical */
	const char *template_id; /* a reply of the pack: "ALARM", "ALERT" ... */
	const char *slots; /* JSON object of strings for {name}; NULL = none */
	enum lane lane;
	int64_t expires_at;    /* UTC */
	const char *modem;     /* the one it must go through; "" = any */
	const char *not_modem; /* one it must not go through; "" = none */
};
/* 0, or as outbox_reply(). When the accented text is too long for one segment
 * the bare one goes. */
int outbox_staff(struct core *c, const struct outbox_staff *s,
    int64_t *message_id) TC_MUSTCHECK;

/* The same to a user by the number that he has (number is not looked at).
 * TC_ENOENT: he has none. */
int outbox_staff_user(
    struct core *c, int64_t user_id, const struct outbox_staff *s) TC_MUSTCHECK;

/* Could the reminder of this event be sent? 0, or as outbox_reply(). */
struct meeting;
int outbox_event_check(struct core *c, const struct meeting *e) TC_MUSTCHECK;

/* A reply to a contact will certainly never go out, or nobody knows whether it
 * did: expired, suppressed, failed or uncertain, but not hushed, forgotten or
 * cancelled. Called inside the turn op that settled it, once for each of these
 * states; its error takes that op back. NULL = nobody is told. */
typedef int (*outbox_unsent_cb)(
    struct core *c, int64_t contact_id, const char *state, const char *reason);
void outbox_on_unsent(outbox_unsent_cb cb);

/* Cancel what is queued for a contact (THOI). Returns how many messages. */
int outbox_cancel_contact(struct core *c, int64_t contact_id) TC_MUSTCHECK;

/* running -> done when nobody is queued or sending any more. Also for whoever
 * sets a campaign running: the last one may have ended while it was paused. */
int outbox_end_campaign(struct core *c, int64_t campaign_id) TC_MUSTCHECK;

/* Of a campaign that was paused or cancelled: what waits and was not begun, for
 * another try perhaps, goes back on the list, or is cancelled; of any other
 * nothing. Returns how many messages. */
int outbox_recall(struct core *c, int64_t campaign_id) TC_MUSTCHECK;

/* radio's callbacks (radio/radio.h), each inside a turn op: choose the next
 * part for a modem; settle results and reports. */
int outbox_next_part(struct core *c, const struct radio_offer *offer,
    struct radio_part *out) TC_MUSTCHECK; /* 1, 0 none, negative */
/* 0, or 1 when the refusal may be the modem's fault: it should take a rest. */
int outbox_on_result(struct core *c, const struct radio_result *r) TC_MUSTCHECK;
int outbox_on_report(struct core *c, const struct radio_report *r) TC_MUSTCHECK;

/* A modem's child is gone: what it was submitting is uncertain. At start for
 * all modems (modem NULL). Returns how many parts. */
int outbox_on_lost(struct core *c, const char *modem) TC_MUSTCHECK;

/* When a part that was refused may be tried again, UTC; 0 = none waits. Then
 * call outbox_wake() in a turn op, so that modems ask. */
int64_t outbox_wake_at(void);
int outbox_wake(struct core *c) TC_MUSTCHECK;

/* Every ten seconds, in a turn op of its own: messages that expired while no
 * modem could take them (R3) are settled, sent texts of which no report came
 * are "no_report", nothing stays "submitting" for ever, campaigns past their end
 * let go of the rest, who waited to get another one may. Does a bounded
 * number at once; returns how many: when it is more than 0 there may be more. */
int outbox_upkeep(struct core *c) TC_MUSTCHECK;

/* How long a delivery report is waited for. */
#define OUTBOX_REPORT_WINDOW_S (3 * 24 * 3600)

/* How many reports in a row said that a text of this modem was not delivered; a
 * look-up. Negative error. */
int outbox_reports_without_delivery(
    struct core *c, const char *modem) TC_MUSTCHECK;

/* At start: what waits for a modem that is not in the configuration any more is
 * suppressed ("no_modem"), since it goes out on no other. Returns how many
 * messages. */
int outbox_drop_orphans(struct core *c) TC_MUSTCHECK;

/* Grows whenever something was queued or may have become due: a modem that got
 * 0 need not ask again before it changes. */
uint64_t outbox_generation(void);
void outbox_touch(void);

/* The next place in the queue: microseconds, always growing. */
int64_t outbox_queue_seq(void);

/* An id for a message or a part, unique and in the order of making, so that new
 * rows lie side by side and a commit writes few pages. It tells when it was
 * made, which the row says too, and not how many there are. */
int64_t outbox_new_id(void);

/* For the API: queue length by lane, and messages in id order. */
int outbox_queue_lengths(
    struct core *c, int64_t lengths[LANE_NLANES]) TC_MUSTCHECK;

struct outbox_message {
	int64_t id;
	const char *lane, *state, *reason, *modem;
	int64_t created_at, expires_at, settled_at, campaign_id;
	int parts, parts_sent;
};
typedef int (*outbox_message_cb)(const struct outbox_message *m, void *ctx);
/* Newest first, before = 0 for the newest; returns how many, or an error. */
int outbox_each(struct core *c, int64_t before, int limit, outbox_message_cb cb,
    void *ctx) TC_MUSTCHECK;
int outbox_get(
    struct core *c, int64_t id, outbox_message_cb cb, void *ctx) TC_MUSTCHECK;

/* The parts of a message in their order. */
struct outbox_part {
	int seq, attempts;
	const char *state, *modem, *reason;
	int tp_mr;     /* -1 not known */
	int tp_status; /* of its delivery report; -1 none came */
	int code;      /* CMS or CME, when the modem refused it; 0 none */
	bool report;   /* one was asked for */
	int64_t not_before, submitted_at, settled_at; /* 0 = none */
};
typedef void (*outbox_part_cb)(const struct outbox_part *p, void *ctx);
int outbox_parts(struct core *c, int64_t message_id, outbox_part_cb cb,
    void *ctx) TC_MUSTCHECK;

/* May broadcasts go out now: sending hours of the commune, trusted clock. */
bool outbox_is_sending_hour(const struct core *c);

#endif
