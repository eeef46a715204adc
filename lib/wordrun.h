/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_WORDRUN_H
#define TINCAY_WORDRUN_H

/*
 * What is recognised of an address in a text without knowing the address: its
 * runs of four words, folded (three where there are only three, as in a name),
 * and the nine last digits of a number. The side
 * that registers an address and the side that looks at a text make the same
 * runs; what they compare is a keyed hash of each (doc/architecture.md,
 * "Trusted addresses").
 *
 * A run is "nha ba hoa cau" or "#900000001". Digits count as one number however
 * they are grouped ("0900.000 001"), and every window of nine of them is a run,
 * so that 0, 84 or +84 in front makes no difference.
 */

#include "util.h"

#define WORDRUN_WORDS 4
#define WORDRUN_SHORT 3
#define WORDRUN_DIGITS 9

/* How a run is hashed: BLAKE2b-256 with the key, then so many times again of what
 * came out, and the first bytes of the last. It makes guessing of addresses a
 * hundred times dearer and is quick enough for a text of forty words; Argon2id
 * spends more on getting its memory than on hashing. */
#define WORDRUN_ROUNDS 128
#define WORDRUN_MAC 16
#define WORDRUN_KEY 32

/* A run of len bytes, not NUL-terminated. A negative answer ends it. */
typedef int (*wordrun_cb)(const char *run, size_t len, void *ctx);

/* Call cb for every run of a text, short ones too. 0; TC_EINVAL: not UTF-8;
 * TC_EFULL: longer than fold_text() looks at; what cb answered. */
int wordrun_each(const char *text, wordrun_cb cb, void *ctx) TC_MUSTCHECK;
/* The same for a field of an address: what a text is compared with. A short run
 * only when the field has no more words: three of a longer one are often said
 * by chance. */
int wordrun_field(const char *field, wordrun_cb cb, void *ctx) TC_MUSTCHECK;

/* Words that stand in public texts anyway (the name of the commune, of its
 * hamlets and agencies): a run of nothing else tells nothing. */
struct wordrun_public;
struct wordrun_public *wordrun_public_new(void);
void wordrun_public_free(struct wordrun_public *p);
/* Add the words of a phrase. 0, TC_EINVAL. */
int wordrun_public_add(
    struct wordrun_public *p, const char *phrase) TC_MUSTCHECK;
/* Is every word of this run one of them? A number never is. */
bool wordrun_is_public(
    const struct wordrun_public *p, const char *run, size_t len);

#endif
