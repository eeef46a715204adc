/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_STORE_CONTACT_H
#define TINCAY_STORE_CONTACT_H

/* Who wrote for help. Verbs return as store.h says. Nothing joins this table to
 * person (promise 8). */

#include "store/store.h"
#include "store/user.h"

struct buf;

#define MODEM_NAME_MAX 64

/* When she may be called, in the commune's time. */
struct call_hours {
	int from;  /* minutes since midnight */
	int until; /* exclusive; the same as from: any time; earlier than from:
		      after midnight */
	unsigned days; /* bit 0 Monday ... bit 6 Sunday; 0: every day */
};

struct contact {
	int64_t id;
	char state[12]; /* of her phone: "unknown", "safe", "unsafe" (R5) */
	bool hushed;    /* she wants no contact (R7), whatever the state is */
	char modem[MODEM_NAME_MAX]; /* the SIM she wrote to last */
	char language[8];           /* "" = that of the commune */
	char script[12];            /* "bare", "accented"; "" the same */
	int64_t hour_until; /* until then a bare number is the hour of a call */
	int64_t fallback_at; /* when the fallback reply last went to her, UTC */
	struct call_hours hours;       /* of a safe contact */
	char safe_word[USER_HASH_MAX]; /* salted hash, "" = none (R15) */
};

int store_contact_find(struct store *s, const unsigned char mac[32],
    struct contact *out) TC_MUSTCHECK;
int store_contact_get(
    struct store *s, int64_t id, struct contact *out) TC_MUSTCHECK;
int store_contact_add(struct store *s, const struct contact *c,
    const unsigned char mac[32], const struct buf *box,
    int64_t now) TC_MUSTCHECK;

/* Append the boxed number to out. */
int store_contact_box(
    struct store *s, int64_t id, struct buf *out) TC_MUSTCHECK;

/* An agency that she does not want; twice is once. Goes with the contact. */
int store_contact_refuse(
    struct store *s, int64_t id, const char *agency) TC_MUSTCHECK;
/* She thinks better of it. */
int store_contact_unrefuse(
    struct store *s, int64_t id, const char *agency) TC_MUSTCHECK;
/* 1, 0, or an error. */
int store_contact_is_refused(
    struct store *s, int64_t id, const char *agency) TC_MUSTCHECK;
/* Those agencies: how many, at most max. */
int store_contact_refused(struct store *s, int64_t id,
    char agencies[][AGENCY_CODE_MAX], size_t max) TC_MUSTCHECK;

/* Write all of it but the id. */
int store_contact_update(struct store *s, const struct contact *c) TC_MUSTCHECK;

#endif
