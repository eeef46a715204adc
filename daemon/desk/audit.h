/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_AUDIT_H
#define TINCAY_AUDIT_H

/*
 * The ledger of acts and views (M65, R19): every line of case_event carries the
 * hash of the line before it, so that none can be changed, removed or moved
 * without all that follow being made anew. That, and a cut at the end, is found
 * with a head that somebody else has kept: seq and hash of a line.
 *
 *   hash = BLAKE2b(hash of the line before, "case at act user agency[ detail]")
 */

#include "core.h"
#include "store/case.h"
#include "util.h"

#define AUDIT_HASH 32
#define AUDIT_HASH_MIN                                                         \
	8 /* bytes of it that are enough to keep: nobody makes a
			    ledger anew that ends on the same ones */

/* The hash of a line behind prev. TC_EFULL: a word is too long. */
int audit_chain(const unsigned char prev[AUDIT_HASH],
    const struct case_event *e, unsigned char out[AUDIT_HASH]) TC_MUSTCHECK;

struct audit_check {
	/* in: a head that was kept elsewhere, or the first bytes of it; kept_seq
	 * 0 = none */
	int64_t kept_seq;
	unsigned char kept_hash[AUDIT_HASH];
	size_t kept_len; /* AUDIT_HASH_MIN to AUDIT_HASH */
	/* out */
	int64_t lines,
	    last_seq; /* good ones, and the seq of the last of them */
	unsigned char head[AUDIT_HASH];
	int64_t bad_seq;   /* the first line that does not follow, 0 = none */
	bool is_kept_lost; /* the kept head is not in the ledger */
};

/* Walk the whole ledger of a store (a reader's, on the helper thread). 0 when
 * it could be walked, whatever was found; TC_EIO. */
int audit_walk(struct store *s, struct audit_check *check) TC_MUSTCHECK;

/* The daily text to every reviewer who has a number (LEDGER in the content pack):
 * the head, "SEQ:HASH" with the first AUDIT_HASH_MIN bytes, so that it is kept by
 * another agency although nobody there logs in. date: as people write it. Inside
 * a turn op. 0, also when there is no line or no reviewer, which is logged. */
int audit_push(struct core *c, const char *date) TC_MUSTCHECK;

/* Nothing wrong was found. */
bool audit_is_good(const struct audit_check *check);

#endif
