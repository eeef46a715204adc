/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_REFER_H
#define TINCAY_REFER_H

/*
 * A case goes to another agency: offered by whoever has it, accepted or
 * declined there, taken back before that. Until it is accepted the other agency
 * sees it in its queue and cannot open it. To whom it may go she has said
 * (R19); outside of that only with danger to life, a child or a legal duty, and
 * a note that says why. It never goes where somebody works whose number, or
 * whose household's, she wrote from.
 *
 * Inside a turn op; errors as in act.h.
 */

#include "desk/act.h"

/* She agreed, or took it back: that an agency of the pack may know. how:
 * "voice", "person" or "text". TC_EINVAL. */
struct desk_consent {
	const char *agency, *how;
	bool is_given;
};
int desk_consent(struct core *c, const struct user *u, const char *code,
    const struct desk_consent *consent) TC_MUSTCHECK;

/* What she said, in the order of saying, to whoever can open the case. */
int desk_consents(struct core *c, const struct user *u, const char *code,
    int (*cb)(const char *agency, bool is_given, void *ctx),
    void *ctx) TC_MUSTCHECK;

struct desk_referral {
	const char *agency;   /* to whom */
	const char *override; /* "" or "life", "child", "legal" */
	/* The case secret sealed to that agency's key by the handler's side;
	 * needed when the agency is not on the ladder. NULL: none. */
	const unsigned char *sealed_key;
	struct desk_note note; /* why, sealed; needed with an override */
	const char *why;       /* out, with TC_EAGAIN: fixed words */
};
/* Offer it. TC_EINVAL: no such agency or word, or the note is missing; TC_EAGAIN: it must not go there, see why;
 * TC_ENOTREADY: the agency has no copy, sealed_key is needed. */
int desk_refer(struct core *c, const struct user *u, const char *code,
    struct desk_referral *r) TC_MUSTCHECK;

/* By a handler of the agency that it is offered to: he has it then. */
int desk_accept(
    struct core *c, const struct user *u, const char *code) TC_MUSTCHECK;
int desk_decline(
    struct core *c, const struct user *u, const char *code) TC_MUSTCHECK;
/* By whoever offered it. */
int desk_revoke(
    struct core *c, const struct user *u, const char *code) TC_MUSTCHECK;

/* For due.c: nobody accepted in time. */
int desk_refer_expired(struct core *c, int64_t case_id, int step) TC_MUSTCHECK;

#endif
