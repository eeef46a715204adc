/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_KEYFILE_H
#define TINCAY_KEYFILE_H

/*
 * An agency's key on the handler's side, and the opening of cases with it. The
 * private half never leaves this program in clear, nor goes to the daemon.
 *
 * The file, JSON, mode 0600, never overwritten; binary fields are base64 with
 * padding:
 *   { "tincay_key": 1, "agency": "HPN", "public_key": 32 bytes,
 *     "kdf": {"name": "argon2id13", "ops": 3, "mem": 268435456},
 *     "salt": 16 bytes, "nonce": 24 bytes,
 *     "wrapped": crypto_secretbox(private key (32) || agency) }
 * The key of the secretbox is crypto_pwhash(passphrase, salt). The name inside
 * and the public key are compared after unwrapping: a changed file does not
 * open.
 */

#include "passphrase.h"
#include "util.h"

struct buf;

#define KEYFILE_KEY 32
#define KEYFILE_SEALED_KEY 80     /* = VAULT_SEALED_KEY of the daemon */
#define KEYFILE_AGENCY_SIZE 17    /* A-Z 0-9 _ -, 1 to 16; NUL */
#define KEYFILE_PASSPHRASE_MIN 12 /* bytes */

/* What may be shown and sent: all of the file but the private key. */
struct keyfile_public {
	char agency[KEYFILE_AGENCY_SIZE];
	unsigned char pk[KEYFILE_KEY];
};

/* An unwrapped key, in locked memory. */
struct keyfile;

/* Once, before any other function: starts libsodium, core size limit 0. */
int keyfile_init(void) TC_MUSTCHECK;

/*
 * Make a key pair and write it wrapped. Takes 256 MiB for about a second.
 * 0, TC_EINVAL (agency name, short passphrase), TC_EEXIST, TC_ENOENT (no such
 * folder), TC_EDENIED, TC_EFULL (memory), TC_EIO. out may be NULL.
 */
int keyfile_create(const char *path, const char *agency, const char *passphrase,
    struct keyfile_public *out) TC_MUSTCHECK;

/* Read and unwrap; the caller frees *out with keyfile_close. 0, TC_ENOENT,
 * TC_EDENIED (owner, mode), TC_EINVAL (not a key file), TC_ECRYPTO (wrong
 * passphrase, or a changed file), TC_EFULL (memory), TC_EIO. */
int keyfile_open(const char *path, const char *passphrase,
    struct keyfile **out) TC_MUSTCHECK;

/* Wipe and free; NULL is allowed. */
void keyfile_close(struct keyfile *kf);

/* The public part, proven; valid until keyfile_close. */
const struct keyfile_public *keyfile_public(const struct keyfile *kf);

/* Open a sealed case key: the 32-byte case secret, which the caller wipes. 0 or
 * TC_ECRYPTO (not sealed to this agency, cut short, changed). */
int keyfile_open_case(const struct keyfile *kf, const void *sealed, size_t len,
    unsigned char case_sk[KEYFILE_KEY]) TC_MUSTCHECK;

/* Open an item of a case: appends the plain text to out. 0, TC_ECRYPTO (other
 * case, cut short, changed), TC_EFULL; nothing is appended on error. */
int keyfile_open_item(const unsigned char case_sk[KEYFILE_KEY],
    const void *sealed, size_t len, struct buf *out) TC_MUSTCHECK;

/* Open what was sealed as an item to this agency itself: as
 * keyfile_open_item(). */
int keyfile_open_box(const struct keyfile *kf, const void *sealed, size_t len,
    struct buf *out) TC_MUSTCHECK;

/* Seal an item to a case's public key, as the daemon does: appends to out. 0,
 * TC_ECRYPTO (unusable key), TC_EFULL. */
int keyfile_seal_item(const unsigned char case_pk[KEYFILE_KEY],
    const void *plain, size_t len, struct buf *out) TC_MUSTCHECK;

/* Seal a case secret to another agency's public key. 0 or TC_ECRYPTO. */
int keyfile_seal_key(const unsigned char agency_pk[KEYFILE_KEY],
    const unsigned char case_sk[KEYFILE_KEY],
    unsigned char out[KEYFILE_SEALED_KEY]) TC_MUSTCHECK;

/* Overwrite a secret, and not be optimised away. */
void keyfile_wipe(void *p, size_t len);

#endif
