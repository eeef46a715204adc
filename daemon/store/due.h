/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_STORE_DUE_H
#define TINCAY_STORE_DUE_H

/* What falls due, and when (desk/due.h says what the kinds are). Verbs return
 * as store.h says. */

#include "store/store.h"

struct due {
	int kind;
	int64_t subject; /* id of a case, a user ... */
	int64_t at;      /* UTC */
	int step;
};

/* One a kind and subject: the new one replaces what was there. */
int store_due_set(struct store *s, const struct due *d) TC_MUSTCHECK;
/* Nothing there is fine. */
int store_due_clear(struct store *s, int kind, int64_t subject) TC_MUSTCHECK;
/* The first one; TC_ENOENT. */
int store_due_first(struct store *s, struct due *out) TC_MUSTCHECK;
/* When; TC_ENOENT. */
int store_due_get(
    struct store *s, int kind, int64_t subject, struct due *out) TC_MUSTCHECK;

#endif
