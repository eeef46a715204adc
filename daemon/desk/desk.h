/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_DESK_H
#define TINCAY_DESK_H

/*
 * The desk: contacts who wrote for help, their cases, the queues of the
 * agencies. What is done with a case is in act.h and refer.h.
 *
 *                      ┌───────────── hand ─────────────┐
 *                      v                                │
 *   new ──claim──> claimed ──touch──> active <──> waiting
 *    ^ ^               │                │  ^            │
 *    │ └ claim expired ┘                │  └─declined,  │
 *    │   user revoked (any)       refer v   revoked,    │
 *    │                             referred expired     │
 *    │                                └─accept─> claimed│
 *    └─ she wrote again ── closed <── close ────────────┘
 *
 * hushed and call_back are flags, not states.
 *
 * In clear a case has its random code, state, urgency and clocks. Each text,
 * with the intent that was read from it, is sealed to the public half of the
 * case key; the secret half is sealed to every agency of the intent's ladder
 * and then forgotten. An agency sees a case in its queue when its copy is shown,
 * and opens it when the copy is released.
 *
 * Functions that change something run inside a turn op; they wake the long
 * polls of the agencies concerned after the commit.
 */

#include "core.h"
#include "util.h"
#include "store/case.h"
#include "store/contact.h"
#include "store/user.h"

#define CASE_CODE_MAX 12 /* 8 characters, NUL included */
#define CASE_OUTCOME_MAX 24
#define SEALED_KEY_LEN 80 /* crypto_box_SEALBYTES + 32 */

struct content_intent; /* intake/content.h */

/* One case as its queue shows it. */
struct desk_case {
	int64_t id;
	char code[CASE_CODE_MAX];
	char state[12];            /* "new", "claimed", ... */
	int urgency;               /* 0..4 */
	int64_t opened_at, due_at; /* UTC; due = when it must be acknowledged */
	int64_t claimed_at, closed_at; /* 0 = not */
	char claimed_by[USER_NAME_MAX];
	char outcome[CASE_OUTCOME_MAX];
	char hold[16];                  /* why it is not destroyed, "" */
	char lead[AGENCY_CODE_MAX];     /* agency of who has it, "" */
	char refer_to[AGENCY_CODE_MAX]; /* agency that it is offered to, "" */
	int64_t claim_until, next_at;   /* 0 = none */
	unsigned char public_key[32];   /* notes are sealed to it */
	bool hushed;
	bool call_back; /* a reply to her never went out: call her */
	bool repeated;  /* one number asked for it again and again */
	int64_t items;  /* how many texts and notes */
	int64_t change; /* cursor: grows with every change of any case */
	int64_t rank;   /* place in the queue of open cases, 0 = closed */
};

struct desk_item {
	int64_t id;
	const char *kind; /* "sms", "call", "ussd", "note" */
	int64_t at;
	const void *sealed; /* sealed box to the case's public key */
	size_t len;
};

struct desk_event {
	int64_t seq, at;
	const char *act, *actor, *agency,
	    *detail; /* "opened", "claimed", "viewed", ... */
};

/* What a handler's side gets to open a case. */
struct desk_envelope {
	unsigned char public_key[32];
	unsigned char
	    sealed_key[SEALED_KEY_LEN]; /* the copy of the asking agency */
};

/* Is everything there that a case needs: a key for TRIAGE and for RECOVERY.
 * Before that no modem is started. */
bool desk_is_ready(struct core *c);

/* The codes of agencies (NULL-terminated, static storage in content) whose key
 * is missing although the content names them as agencies of an intent; calls cb
 * for each. */
void desk_missing_keys(
    struct core *c, void (*cb)(const char *agency, void *ctx), void *ctx);

/* --- from intake, inside a turn op --- */

struct desk_text {
	int64_t contact_id;
	const struct content_intent *intent;
	const char *kind;   /* "sms", "call" or "ussd" */
	const char *number; /* canonical or as received; sealed with the text */
	const char *text;   /* UTF-8 */
	const char *note;   /* what is odd about it: "", "binary", "push",
			       "incomplete", "premium" ..., fixed words */
	const char *hours;  /* when to call, as a person reads it; NULL, "" */
	bool is_joining;    /* belongs to whatever she has open */
	bool is_danger;     /* a word of danger: only raises the urgency */
	bool is_emergency;  /* U0, whatever the intent says */
	bool is_witness;    /* tells of others: witness.h */
	bool is_same;       /* the very text that this number has sent again
			       and again: its case knows it already */
	int64_t at;         /* SMSC time, or arrival */
};

/* File a text: into the contact's open case of the same agencies (or, for an
 * intent without agencies of its own, the latest open one; a closed one is
 * reopened as new), else into a new case. What is_same is counted there and not
 * kept once more. 0 and the case id; TC_ENOTREADY; TC_EIO. */
int desk_file_text(
    struct core *c, const struct desk_text *t, int64_t *case_id) TC_MUSTCHECK;

/* A reply to her will certainly not go out, or nobody knows whether it did:
 * her latest open case says "call her back". state, reason: of the message. */
int desk_on_unsent(struct core *c, int64_t contact_id, const char *state,
    const char *reason) TC_MUSTCHECK;

/* KHONG and an agency: it loses its copies of her open cases, unless somebody
 * there has claimed one already; when nobody else has a copy the duty officer
 * gets his. Returns how many cases, or an error (R19). */
int desk_refuse(
    struct core *c, int64_t contact_id, const char *agency) TC_MUSTCHECK;

/* THOI: set hushed on all open cases of the contact, tell the handlers (R7).
 * Returns how many cases, or an error. */
int desk_hush(struct core *c, int64_t contact_id) TC_MUSTCHECK;

/* --- for handlers, agency = the user's own --- */

typedef int (*desk_case_cb)(const struct desk_case *k, void *ctx);

/* Cases of the agency that changed after the cursor, in the order of change, at
 * most limit; after < 0: those that are open, the most urgent first, behind the
 * place (rank, id). Returns how many, or an error. A caller that saw all of them
 * continues with the largest .change. */
int desk_queue(struct core *c, const struct case_query *query, desk_case_cb cb,
    void *ctx) TC_MUSTCHECK;

/* The cursor to start from when a queue is empty. */
int64_t desk_cursor(struct core *c);

/* One case of the agency: TC_ENOENT also when it exists but is not the agency's
 * (nobody learns of others' cases). */
int desk_get(struct core *c, const char *agency, const char *code,
    struct desk_case *out) TC_MUSTCHECK;

/* View (TC_EDENIED: it is only offered to the agency): the envelope for the user's agency, then every item and event through
 * the callbacks; writes a "viewed" event. A negative answer of a callback ends
 * it and is returned. */
struct desk_viewer {
	/* Filled in before the first callback. */
	struct desk_envelope envelope;
	struct contact contact; /* how she may be reached (R5, R6, R7) */

	int (*on_item)(const struct desk_item *i, void *ctx);
	int (*on_event)(const struct desk_event *e, void *ctx);
	void *ctx;
};
int desk_view(struct core *c, const struct user *u, const char *code,
    struct desk_viewer *v) TC_MUSTCHECK;

/* --- long polls (http) --- */

/* Called after a commit that changed a queue, once per agency and turn. At most
 * one listener. */
void desk_set_listener(void (*cb)(const char *agency, void *ctx), void *ctx);

/* Open cases of an agency by urgency (counts[5]) for status and metrics. */
int desk_count(
    struct core *c, const char *agency, int64_t counts[5]) TC_MUSTCHECK;

#endif
