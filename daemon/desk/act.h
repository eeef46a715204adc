/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_ACT_H
#define TINCAY_ACT_H

/*
 * What a handler does with a case. The agency is the user's own; every act
 * leaves a line in the ledger and runs inside a turn op. Where not said
 * otherwise only whoever has the case may act:
 *
 *   TC_ENOENT   it is not in the queue of his agency
 *   TC_EDENIED  another has it
 *   TC_ESTATE   not in this state (desk.h draws them)
 */

#include "desk/desk.h"
#include "store/contact.h"

/* Claim is exclusive: TC_ESTATE when it is not new; claiming one's own again is
 * fine. Untouched until claim_until it is new again. */
int desk_claim(
    struct core *c, const struct user *u, const char *code) TC_MUSTCHECK;

/* Add a note, sealed by the handler's side to the case's public key. Anybody
 * may whose agency can open the case; of whoever has it, it is the first sign
 * of work: claimed becomes active. TC_EFULL: over DESK_NOTE_MAX. */
#define DESK_NOTE_MAX 16384
struct desk_note {
	const void *sealed;
	size_t len;
};
int desk_note(struct core *c, const struct user *u, const char *code,
    const struct desk_note *note) TC_MUSTCHECK;

/* Nothing to do before `at`: it waits, and is active again then. at 0: active
 * now. TC_EINVAL: not within the next two years. */
int desk_next(struct core *c, const struct user *u, const char *code,
    int64_t at) TC_MUSTCHECK;

/* Hand it to a colleague, who has to touch it as if he had claimed it.
 * TC_EINVAL: no active handler of this agency has that name. */
int desk_hand(struct core *c, const struct user *u, const char *code,
    const char *to) TC_MUSTCHECK;

/* She is about to be called: put it on record, before the number is dialled.
 * reason: "" or one of "danger", "child", "asked". TC_EINVAL: another word;
 * TC_ESTATE: she wants no contact (R7); TC_EAGAIN: it is outside of her hours
 * and there is no reason (R6). */
int desk_call(struct core *c, const struct user *u, const char *code,
    const char *reason) TC_MUSTCHECK;

/* How she may be reached, as she said it: "unknown", "safe" or "unsafe" (R5),
 * and when. TC_EINVAL: another word or no hours; TC_ESTATE: she wants no
 * contact, and only she can take that back. */
struct desk_contact {
	const char *state; /* NULL: as it is */
	bool has_hours;
	struct call_hours hours;
};
int desk_contact(struct core *c, const struct user *u, const char *code,
    const struct desk_contact *how) TC_MUSTCHECK;

/* May she be called at t? Her hours in the commune's time. */
bool desk_is_hour(
    const struct core *c, const struct call_hours *hours, int64_t t);

/* Close with an outcome code (desk_outcomes in act.c). TC_EINVAL: another
 * word; TC_ESTATE also while DCTC keeps a place for it (desk/address.h). */
int desk_close(struct core *c, const struct user *u, const char *code,
    const char *outcome) TC_MUSTCHECK;

/* Keep a case beyond the days of retention ("report": it is a legal report,
 * "investigation", "court"), or "" to let it go; also when another has it.
 * TC_EINVAL: another word. */
int desk_hold(struct core *c, const struct user *u, const char *code,
    const char *reason) TC_MUSTCHECK;

/* The user is revoked (M12): what he had goes to the deputy on duty, or, when
 * there is none, is new again. by: who revoked him. Returns how many cases, or
 * an error. */
int desk_release(
    struct core *c, int64_t user_id, const struct user *by) TC_MUSTCHECK;

/* For due.c: a claim that nobody touched; a case that waited long enough. */
int desk_claim_expired(struct core *c, int64_t case_id, int step) TC_MUSTCHECK;
int desk_wait_over(struct core *c, int64_t case_id, int step) TC_MUSTCHECK;

#endif
