/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_SAY_H
#define TINCAY_SAY_H

/*
 * Talking back: a fixed text of the content pack with a time in it, and nothing
 * else. Her state, her hours and her silence are enforced here (R5, R6, R7), by
 * expiry also while the text waits for its modem. And the safe word that she
 * chose in the first call (R15).
 *
 * By whoever has the case, inside a turn op; errors as in act.h.
 */

#include "desk/act.h"

#define SAY_PREFIX "SAY_" /* ids of the replies that a handler may choose */
#define SAY_TTL_S 600

struct desk_say {
	const char *template_id; /* "SAY_CALL" */
	int minute;              /* of the day that is said */
	int day;                 /* 0 Monday ... 6 Sunday; -1: none is said */
	const char *why;         /* out, with TC_EAGAIN: fixed words */
};
/* TC_EINVAL: no such template or time; TC_EAGAIN: she must not be texted now,
 * see why. */
int desk_say(struct core *c, const struct user *u, const char *code,
    struct desk_say *say) TC_MUSTCHECK;

/* The salted hash of her safe word into out, "" when she chose none; for the
 * helper thread, and to anybody whose agency can open the case. */
int desk_safe_word(struct core *c, const struct user *u, const char *code,
    char out[USER_HASH_MAX]) TC_MUSTCHECK;
/* Keep a hash, "" takes it away. */
int desk_set_safe_word(struct core *c, const struct user *u, const char *code,
    const char *hash) TC_MUSTCHECK;
/* It was asked and compared: put it on record. */
int desk_compared_safe_word(struct core *c, const struct user *u,
    const char *code, bool is_same) TC_MUSTCHECK;

#endif
