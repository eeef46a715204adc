/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_STORE_INBOUND_H
#define TINCAY_STORE_INBOUND_H

/* What came in: keyed hashes of everything seen, and the parts of long messages
 * that wait for the others. Verbs return as store.h says. */

#include "store/store.h"

/* 0 the first time, TC_EEXIST when it was there. */
int store_seen_add(
    struct store *s, const unsigned char hash[16], int64_t now) TC_MUSTCHECK;
int store_seen_purge(struct store *s, int64_t before) TC_MUSTCHECK;

struct inbound_part {
	unsigned char mac
	    [32]; /* keyed hash of sender, reference, total and SIM: the parts of one message */
	int seq, total;
	const char *modem;
	const void *box;
	size_t box_len;
	int64_t smsc_time, at;
};

/* TC_EEXIST when this part is there already. */
int store_inbound_part_add(
    struct store *s, const struct inbound_part *p) TC_MUSTCHECK;

/* How many parts of this message are there. */
int store_inbound_part_count(
    struct store *s, const unsigned char mac[32]) TC_MUSTCHECK;

/* In the order of seq; the pointers live for the call. A negative answer of cb
 * ends it. */
typedef int (*inbound_part_cb)(const struct inbound_part *p, void *ctx);
int store_inbound_part_each(struct store *s, const unsigned char mac[32],
    inbound_part_cb cb, void *ctx) TC_MUSTCHECK;
int store_inbound_part_remove(
    struct store *s, const unsigned char mac[32]) TC_MUSTCHECK;

/* A text that was taken in and is still on the SIM: what was read at this place
 * of the SIM with this keyed hash of its IMSI. */
struct tombstone {
	unsigned char sim[32];
	uint32_t folder, slot;
	uint64_t hash;
};
/* TC_EEXIST when it is there. */
int store_tombstone_add(
    struct store *s, const struct tombstone *t, int64_t now) TC_MUSTCHECK;
/* 0 or TC_ENOENT. */
int store_tombstone_has(
    struct store *s, const struct tombstone *t) TC_MUSTCHECK;
/* How many went: 1 or 0. */
int store_tombstone_remove(
    struct store *s, const struct tombstone *t) TC_MUSTCHECK;
/* Forget those from before then on SIMs that no modem has any more. Returns how
 * many. */
int store_tombstone_purge(struct store *s, int64_t before) TC_MUSTCHECK;
int store_tombstone_count(
    struct store *s, const unsigned char sim[32]) TC_MUSTCHECK;
/* A negative answer of cb ends it. cb does not change tombstones. */
typedef int (*tombstone_cb)(const struct tombstone *t, void *ctx);
int store_tombstone_each(struct store *s, const unsigned char sim[32],
    int limit, tombstone_cb cb, void *ctx) TC_MUSTCHECK;

/* The mac of a message of which no part is from between `before` and `now`, or
 * TC_ENOENT. A part from the future is one of a clock that was wrong. */
int store_inbound_part_stale(struct store *s, int64_t before, int64_t now,
    unsigned char mac[32]) TC_MUSTCHECK;

#endif
