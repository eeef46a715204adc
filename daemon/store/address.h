/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_STORE_ADDRESS_H
#define TINCAY_STORE_ADDRESS_H

/*
 * Trusted addresses: what is sealed to DCTC, how many places there are, who
 * stays there, and the fingerprints of their word runs. Verbs return as store.h
 * says.
 */

#include "util.h"

struct buf;
struct store;

#define ADDRESS_MAC 16

struct address_row {
	int64_t id; /* 1, 2, ...; never used again */
	int places;
	int taken;
	int64_t added_at;
	bool is_old; /* sealed to the last key of DCTC */
};
/* Also counts the registry anew (store_address_change). */
int store_address_add(struct store *s, const struct address_row *a,
    const struct buf *sealed, int64_t *id) TC_MUSTCHECK;
int store_address_get(
    struct store *s, int64_t id, struct address_row *out) TC_MUSTCHECK;
/* Appends the sealed address. */
int store_address_sealed(
    struct store *s, int64_t id, struct buf *out) TC_MUSTCHECK;
typedef int (*store_address_cb)(const struct address_row *a, void *ctx);
/* In the order of their labels. A negative answer of cb ends it. */
int store_address_each(
    struct store *s, store_address_cb cb, void *ctx) TC_MUSTCHECK;
/* The row and its fingerprints. TC_ESTATE: somebody stays there. */
int store_address_remove(struct store *s, int64_t id) TC_MUSTCHECK;

/* A new key of DCTC: all are sealed to the last one; one is sealed anew. */
int store_address_age(struct store *s) TC_MUSTCHECK;
int store_address_reseal(
    struct store *s, int64_t id, const struct buf *sealed) TC_MUSTCHECK;

/* --- fingerprints --- */

int store_address_add_run(struct store *s, int64_t id,
    const unsigned char mac[ADDRESS_MAC]) TC_MUSTCHECK;
/* 1 it is one of a trusted address, 0 not, or an error. */
int store_address_has_run(
    struct store *s, const unsigned char mac[ADDRESS_MAC]) TC_MUSTCHECK;
/* Grows with every address that is added or removed; 0: there never was one. */
int store_address_change(struct store *s, int64_t *change) TC_MUSTCHECK;

/* --- who stays where --- */

struct address_stay {
	int64_t case_id, address_id, since;
	int places;
	char code[16]; /* of the case, read only */
};
/* TC_EEXIST: the case has a place already. */
int store_stay_add(
    struct store *s, const struct address_stay *stay) TC_MUSTCHECK;
/* TC_ENOENT: it has none. */
int store_stay_get(
    struct store *s, int64_t case_id, struct address_stay *out) TC_MUSTCHECK;
int store_stay_end(struct store *s, int64_t case_id) TC_MUSTCHECK;
typedef int (*store_stay_cb)(const struct address_stay *stay, void *ctx);
int store_stay_each(struct store *s, int64_t address_id, store_stay_cb cb,
    void *ctx) TC_MUSTCHECK;

/* When something was last done with a case; 0 = never. */
int store_act_at(struct store *s, int64_t case_id, const char *act,
    int64_t *at) TC_MUSTCHECK;

#endif
