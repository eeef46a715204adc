/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_TURN_H
#define TINCAY_TURN_H

/*
 * The turn: all that the handlers of one loop iteration write is one
 * transaction, and what they promise to the outside (a frame to a modem, an
 * HTTP answer, a wake-up of a long poll) leaves only after it is committed.
 *
 *   turn_run(op)      opens the transaction when it is not open (BEGIN
 * IMMEDIATE), runs op in a SAVEPOINT of its own; an op that returns an error
 * takes back its own writes and its own effects, and nobody else's turn_defer()
 * inside an op: to be let out after the commit turn_commit()     end of the
 * iteration (server.c): COMMIT with fsync, then the effects by class, crisis
 * first. When it fails: every effect is dropped (its drop function runs), the
 * mirrors registered with turn_on_reload() load themselves again from the
 * database; the daemon runs on.
 *
 * turn_run() commits by itself before the next op when a turn holds
 * TURN_MAX_OPS or is older than TURN_MAX_MS.
 */

#include "util.h"

struct store;
struct turn;

#define TURN_MAX_OPS 512
#define TURN_MAX_MS 50

/* In the order in which they are let out. */
enum effect_class {
	EFFECT_CRISIS, /* SEND_PART by lane */
	EFFECT_CASE,
	EFFECT_REPLY,
	EFFECT_CAMPAIGN,
	EFFECT_ANSWER, /* HTTP answers, long polls */
	EFFECT_HOUSE,  /* ACK, DELETE_SMS: the modem may forget */
	EFFECT_NCLASSES
};

/* 0 or a negative error: the op's own half is then taken back. */
typedef int (*turn_op_cb)(void *arg);
typedef void (*turn_effect_cb)(void *arg);

struct turn *turn_new(struct store *store);
void turn_free(struct turn *t);

/* Run op inside the current turn. Returns what op returned, or TC_EIO when the
 * database refused (nothing of op stays). */
int turn_run(struct turn *t, turn_op_cb op, void *arg) TC_MUSTCHECK;

/*
 * After the commit call let_out(arg); if the op or the commit fails call
 * drop(arg) instead (NULL: nothing to do). Exactly one of the two is called,
 * and whichever it is owns arg. Called outside any op (nothing is pending): let
 * out at the next turn_commit().
 */
void turn_defer(struct turn *t, enum effect_class class, turn_effect_cb let_out,
    turn_effect_cb drop, void *arg);

/* Commit what is open and let the effects out. 0, or TC_EIO after dropping
 * them. */
int turn_commit(struct turn *t);

/* Call cb(arg) whenever memory that mirrors the database must be thrown away
 * and loaded again. At most 8. */
void turn_on_reload(struct turn *t, turn_effect_cb cb, void *arg);

/* Figures for /metrics and tests: commits, ops, failed commits since start. */
struct turn_stats {
	uint64_t commits, ops, failed_ops, failed_commits;
};
void turn_get_stats(const struct turn *t, struct turn_stats *out);

#endif
