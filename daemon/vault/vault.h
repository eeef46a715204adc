/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_VAULT_H
#define TINCAY_VAULT_H

/*
 * Everything secret of the daemon: the data key and what is derived from it,
 * pseudonyms, boxes, the envelopes of cases, random names, password hashes.
 *
 * Who has disk and data key reads what vault_box() wrote (numbers, lists), but
 * never a case: that takes the private key of an agency, which never was on
 * this machine (design promise 5). Opening a case is in ctl/keyfile.h.
 *
 * Threads: an open vault is read-only memory, but for the moment when it is
 * unlocked, and belongs to the loop; functions without a vault argument have no
 * state at all.
 */

#include "util.h"

struct buf;
struct vault;

#define VAULT_KEY 32                 /* X25519 keys, the data key */
#define VAULT_MAC 32                 /* bytes of a pseudonym or a token hash */
#define VAULT_SEEN 16                /* bytes of a dedupe hash ... */
#define VAULT_SEEN_STAMP 4           /* ... of which so many are the time */
#define VAULT_FINGERPRINT 16         /* bytes of what a word run is known by */
#define VAULT_SEALED_KEY 80          /* a case secret sealed to an agency */
#define VAULT_CASE_CODE_SIZE 9       /* 8 letters and NUL */
#define VAULT_TOKEN_SIZE 44          /* 43 base64url letters and NUL */
#define VAULT_PWHASH_SIZE 128        /* crypto_pwhash_str, NUL included */
#define VAULT_WEBHOOK_SECRET_SIZE 51 /* "whsec_", base64 and NUL */
#define VAULT_WEBHOOK_SIGNATURE_SIZE 48 /* "v1,", base64 and NUL */
#define VAULT_PLAIN_MAX 65536           /* longest text for box and seal_item */
#define VAULT_PASSPHRASE_MIN 12         /* bytes */

/*
 * What a MAC is for; each has a sub-key of its own, numbered by its place here:
 * only add at the end. A person and a contact of the same number have MACs that
 * nothing joins (promise 8).
 */
enum vault_domain {
	VAULT_PERSON,      /* subscribers and staff, by canonical number */
	VAULT_CONTACT,     /* who wrote for help, by canonical number */
	VAULT_IDEMPOTENCY, /* Idempotency-Key with its token and request */
	VAULT_MODEM,       /* IMEI, IMSI and PIN of our own modems: under the
			      house key, once that is set */
	VAULT_GUARD,       /* texts that hold no trusted address */
	VAULT_NDOMAINS
};

/* What a box holds; each has a sub-key, so that one cannot pass for another.
 * Only add at the end. */
enum vault_purpose {
	VAULT_BOX_PERSON,  /* number (and name) of a person */
	VAULT_BOX_CONTACT, /* number of a contact */
	VAULT_BOX_MESSAGE, /* receiver and slots of a queued message */
	VAULT_BOX_PART,    /* inbound segment that waits for its others */
	VAULT_BOX_STAFF,   /* number of our own staff or modem */
	VAULT_BOX_WEBHOOK, /* secret that a webhook is signed with */
	VAULT_BOX_PAIR,    /* secret half of the pair for a locked start */
	VAULT_NPURPOSES
};

/* --- Data key (vault.c) --- */

/*
 * Once, before any other function here: starts libsodium and sets the core size
 * limit to 0 (a core would hold keys). 0 or TC_ECRYPTO. May be called again.
 */
int vault_init(void) TC_MUSTCHECK;

/*
 * Read the data key and derive the sub-keys into locked, read-only memory.
 * key_source is "file:PATH" (mode 0600 or stricter, ours or root's; 32 raw
 * bytes or 64 hex digits), "credential:NAME" ($CREDENTIALS_DIRECTORY/NAME), or
 * "passphrase:PATH" (vault_wrap_key()): the vault is then locked, that is
 * without a data key. Logs one warning when the memory cannot be locked.
 * 0; TC_EINVAL (source or content), TC_ENOENT, TC_EDENIED (no regular file,
 * owner, mode), TC_EIO, TC_EFULL (no memory). The caller frees *out with
 * vault_close; it is NULL on error.
 */
int vault_open(const char *key_source, struct vault **out) TC_MUSTCHECK;

/* Wipe and free; NULL is allowed. */
void vault_close(struct vault *v);

/* A locked vault makes MACs of VAULT_MODEM under the house key and nothing
 * else: boxes are refused with TC_ENOTREADY, other MACs must not be asked for.
 * On the loop's thread alone. */
bool vault_is_locked(const struct vault *v);
void vault_unlock(struct vault *v, const unsigned char key[VAULT_KEY]);
/* Locked again: the key was not the right one. */
void vault_lock(struct vault *v);

/* 32 random bytes that stay in the database in clear: modems are known by them
 * also while the data key is locked. Who has the sticks needs no key to know
 * their numbers. */
void vault_set_house_key(struct vault *v, const unsigned char key[VAULT_KEY]);

/*
 * Make a new data key file (0600), as hex digits so that it can be printed and
 * put in a safe. 0, TC_EEXIST (never overwrites), TC_ENOENT (no such folder),
 * TC_EDENIED, TC_EIO.
 */
int vault_new_key(const char *path) TC_MUSTCHECK;

/* --- Locked start (lock.c) --- */

/* Write a data key wrapped with a passphrase (0600). Takes 256 MiB for about a
 * second, like opening it. 0, TC_EINVAL (short passphrase), TC_EFULL (memory),
 * and as vault_new_key(). */
int vault_wrap_key(const char *path, const char *passphrase,
    const unsigned char key[VAULT_KEY]) TC_MUSTCHECK;
/* Open it, on any thread; the caller wipes key. 0, TC_ECRYPTO (another
 * passphrase, or a changed file), TC_EINVAL (no such file at all), TC_EFULL,
 * TC_ENOENT, TC_EDENIED, TC_EIO. */
int vault_unwrap_key(const char *path, const char *passphrase,
    unsigned char key[VAULT_KEY]) TC_MUSTCHECK;
/* Is it one? The same errors, but for the passphrase. */
int vault_wrapped_check(const char *path) TC_MUSTCHECK;
/* The plain key of a key_source with one, for whoever wraps it. */
int vault_read_key(
    const char *key_source, unsigned char key[VAULT_KEY]) TC_MUSTCHECK;

/* What comes in while the data key is locked is sealed to pk
 * (vault_case_seal_item()); sk is in a box under the data key. */
struct vault_pair {
	unsigned char pk[VAULT_KEY], sk[VAULT_KEY];
};
void vault_pair_new(struct vault_pair *pair);
/* Append what was sealed. 0, TC_ECRYPTO, TC_EFULL. */
int vault_pair_open(const struct vault_pair *pair, const void *sealed,
    size_t len, struct buf *out) TC_MUSTCHECK;

/* --- Pseudonyms and boxes (vault.c) --- */

/* Keyed BLAKE2b of len bytes under the sub-key of the domain. */
void vault_mac(const struct vault *v, enum vault_domain domain,
    const void *data, size_t len, unsigned char out[VAULT_MAC]);

/* vault_mac of a canonical number (msisdn_parse): VAULT_PERSON or _CONTACT. */
void vault_phone_mac(const struct vault *v, enum vault_domain domain,
    const char *canonical, unsigned char out[VAULT_MAC]);

/* What makes an inbound message or segment the same one again. */
struct vault_seen {
	const char *sender; /* canonical, or as received */
	int64_t scts;       /* service centre time stamp, unix seconds */
	int32_t ref;        /* concatenation reference (3GPP 23.040 9.2.3.24.1);
			       -1 when single */
	int32_t seq;        /* segment number; 0 when single */
	const void *body;
	size_t body_len;
};

/* Keyed hash for the table of what was seen, behind the time stamp: it tells no
 * more than when, without the data key, although the numbers and the common words
 * could be tried out. The time comes first so that texts which come together
 * lie together, and a commit writes few pages. */
void vault_seen_hash(const struct vault *v, const struct vault_seen *s,
    unsigned char out[VAULT_SEEN]);

/*
 * Append nonce and secretbox of the plain text, padded to a multiple of 32 so
 * that numbers of all lengths look the same, to out. The same text gives
 * another box each time. 0, TC_EFULL (over VAULT_PLAIN_MAX, or out is full),
 * TC_ENOTREADY (locked).
 */
int vault_box(const struct vault *v, enum vault_purpose purpose,
    const void *plain, size_t len, struct buf *out) TC_MUSTCHECK;

/* Append the plain text of a box to out. 0, TC_ECRYPTO (cut short, changed,
 * other purpose or key), TC_EFULL, TC_ENOTREADY (locked). Nothing is appended on
 * error. */
int vault_unbox(const struct vault *v, enum vault_purpose purpose,
    const void *box, size_t len, struct buf *out) TC_MUSTCHECK;

/* The key under which the child of this modem keeps the numbers of its spool:
 * it tells nothing of the data key. Not of a locked vault. */
void vault_spool_key(
    const struct vault *v, const char *modem, unsigned char out[VAULT_KEY]);

/* --- Fingerprints of trusted addresses (fingerprint.c) --- */

/* The key of the fingerprints: it goes to the holders of DCTC, who make them,
 * and tells nothing of the data key. */
void vault_address_key(const struct vault *v, unsigned char out[VAULT_KEY]);

/* What a run of words is known by (wordrun.h says how): who has disk and data key
 * can try an address that he guesses, slowly. Some 20 us. */
void vault_fingerprint(const unsigned char key[VAULT_KEY], const void *run,
    size_t len, unsigned char out[VAULT_FINGERPRINT]);

/* --- Case envelopes (envelope.c) --- */

/*
 * A case has an X25519 key pair. The public half is stored in clear, so that
 * later texts join the case; the secret half is sealed to the agencies and
 * forgotten at the end of the turn.
 */
struct case_key {
	unsigned char pk[VAULT_KEY];
	unsigned char sk[VAULT_KEY]; /* vault_case_wipe() destroys it */
	/* Of its copies; never used for anything else. */
	unsigned char copy_pk[VAULT_KEY], copy_sk[VAULT_KEY];
};

void vault_case_new(struct case_key *ck);
void vault_case_wipe(struct case_key *ck);

/* Seal the case secret to an agency's public key (crypto_box_seal of the 32
 * bytes). 0, or TC_ECRYPTO when that key is unusable. All copies of one case
 * share an ephemeral key, which saves one scalar multiplication in two: each has
 * a key and a nonce of its own by its receiver, and all hold the same 32 bytes,
 * so that even two copies for one receiver tell nothing more than one. */
int vault_case_seal_key(const struct case_key *ck,
    const unsigned char agency_pk[VAULT_KEY],
    unsigned char out[VAULT_SEALED_KEY]) TC_MUSTCHECK;

/*
 * Append plain, padded (ISO 7816-4) to a multiple of 64 and sealed to a case's
 * public key, to out. Bytes only it can open; it does not prove who wrote them.
 * 0, TC_EFULL (over VAULT_PLAIN_MAX, or out is full), TC_ECRYPTO (bad key).
 */
int vault_case_seal_item(const unsigned char pk[VAULT_KEY], const void *plain,
    size_t len, struct buf *out) TC_MUSTCHECK;

/* False for a point that gives no secret (all zero, low order): refuse such a
 * public key when an agency is set up. */
bool vault_pk_valid(const unsigned char pk[VAULT_KEY]);

/* --- Random names, tokens, passwords, hashes (names.c) --- */

/* 1 to INT64_MAX, from the kernel's generator. */
int64_t vault_random_id(void);

/* Fill with random bytes. */
void vault_random(void *dst, size_t len);

/* 8 random letters out of 32 (no 0 O 1 I): 40 bits that tell nothing of phone
 * or date (R17). Unique only by the database's constraint: try again. */
void vault_case_code(char out[VAULT_CASE_CODE_SIZE]);

/* 256 random bits as base64url; the database keeps the hash alone. */
void vault_token_new(char out[VAULT_TOKEN_SIZE]);
void vault_token_hash(const char *token, unsigned char out[VAULT_MAC]);

/*
 * Argon2id at the interactive limits: 64 MiB, about 0.1 s, thread-safe, never
 * on the loop. Also for the safe word of R15. 0, TC_EINVAL (empty or over 1024
 * bytes), TC_EFULL (no memory). verify: 0, or TC_EDENIED.
 */
int vault_password_hash(
    const char *pw, char out[VAULT_PWHASH_SIZE]) TC_MUSTCHECK;
int vault_password_verify(const char *hash, const char *pw) TC_MUSTCHECK;

/* The next link of a chain: BLAKE2b(prev || data), without a key, so that
 * another agency can check it. */
void vault_chain(const unsigned char prev[VAULT_MAC], const void *data,
    size_t len, unsigned char out[VAULT_MAC]);

/* --- Webhooks (webhook.c), Standard Webhooks --- */

/* A new secret, as its receiver wants it: "whsec_" and base64. */
void vault_webhook_secret(char out[VAULT_WEBHOOK_SECRET_SIZE]);

/* The value of webhook-signature: HMAC-SHA256 of "id.at.body". 0, or TC_ECRYPTO
 * (not a secret). */
struct vault_webhook {
	const char *id; /* webhook-id */
	int64_t at;     /* webhook-timestamp, UTC seconds */
	const char *body;
};
int vault_webhook_sign(const char *secret, const struct vault_webhook *m,
    char out[VAULT_WEBHOOK_SIGNATURE_SIZE]) TC_MUSTCHECK;

/* Comparison in constant time. */
bool vault_equal(const void *a, const void *b, size_t len);

/* Overwrite, and not be optimised away. */
void vault_wipe(void *p, size_t len);

#endif
