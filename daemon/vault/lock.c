/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a daemon needs that starts without its data key: the key file that is
 * wrapped with a passphrase, and the pair to which everything that comes in is
 * sealed until the key is there. main.c makes such files, radio/locked.c does
 * the rest.
 *
 * The file is one line of hex digits: magic, the two costs of Argon2id, salt,
 * nonce, secretbox of the key. Each of them goes into what opens the box, so
 * that a changed file does not open. Owns nothing; keys are wiped on every way
 * out.
 */
#include "config.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "secretfile.h"
#include "vault.h"

#define LOCK_MAGIC "TCwrap1"
#define LOCK_MAGIC_LEN 8 /* NUL included */
#define LOCK_OPS crypto_pwhash_OPSLIMIT_MODERATE
#define LOCK_MEM crypto_pwhash_MEMLIMIT_MODERATE
/* A forged file must not take the machine. */
#define LOCK_OPS_MAX 16
#define LOCK_MEM_MAX (1024 * 1024 * 1024)
#define LOCK_PAD 64 /* as vault_case_seal_item() */

struct wrapped {
	unsigned char magic[LOCK_MAGIC_LEN];
	unsigned char ops[4], mem[4]; /* little endian; mem in KiB */
	unsigned char salt[crypto_pwhash_SALTBYTES];
	unsigned char nonce[crypto_secretbox_NONCEBYTES];
	unsigned char box[crypto_secretbox_MACBYTES + VAULT_KEY];
};
#define LOCK_LINE (2 * sizeof(struct wrapped) + 1) /* newline included */

_Static_assert(sizeof(struct wrapped) ==
		   16 + crypto_pwhash_SALTBYTES + crypto_secretbox_NONCEBYTES +
		       crypto_secretbox_MACBYTES + VAULT_KEY,
    "no holes");

static void
lock_put_u32(unsigned char le[4], size_t v)
{
	for (size_t i = 0; i < 4; i++)
		le[i] = (unsigned char)(v >> (8 * i));
}

static size_t
lock_get_u32(const unsigned char le[4])
{
	return le[0] | (size_t)le[1] << 8 | (size_t)le[2] << 16 |
	       (size_t)le[3] << 24;
}

static int
lock_stretch(const struct wrapped *w, const char *passphrase,
    unsigned char out[crypto_secretbox_KEYBYTES])
{
	return crypto_pwhash(out, crypto_secretbox_KEYBYTES, passphrase,
		   strlen(passphrase), w->salt, lock_get_u32(w->ops),
		   lock_get_u32(w->mem) * 1024,
		   crypto_pwhash_ALG_ARGON2ID13) == 0
		   ? 0
		   : TC_EFULL;
}

int
vault_wrap_key(const char *path, const char *passphrase,
    const unsigned char key[VAULT_KEY])
{
	unsigned char stretched[crypto_secretbox_KEYBYTES];
	struct wrapped w = {.magic = LOCK_MAGIC};
	char line[LOCK_LINE];
	int rc;

	if (strlen(passphrase) < VAULT_PASSPHRASE_MIN)
		return TC_EINVAL;
	lock_put_u32(w.ops, LOCK_OPS);
	lock_put_u32(w.mem, LOCK_MEM / 1024);
	randombytes_buf(w.salt, sizeof(w.salt));
	randombytes_buf(w.nonce, sizeof(w.nonce));
	rc = lock_stretch(&w, passphrase, stretched);
	if (rc == 0) {
		(void)crypto_secretbox_easy(
		    w.box, key, VAULT_KEY, w.nonce, stretched);
		sodium_bin2hex(
		    line, sizeof(line), (const unsigned char *)&w, sizeof(w));
		line[LOCK_LINE - 1] = '\n'; /* in the place of the NUL */
		rc = secretfile_create(path, line, sizeof(line));
	}
	sodium_memzero(stretched, sizeof(stretched));
	return rc;
}

static int
lock_read(const char *path, struct wrapped *w)
{
	char line[LOCK_LINE];
	size_t len, n;
	int rc;

	rc = secretfile_read(path, SECRETFILE_OWN, line, sizeof(line), &len);
	if (rc != 0)
		return rc == TC_EFULL ? TC_EINVAL : rc;
	if (len != sizeof(line) || line[len - 1] != '\n' ||
	    sodium_hex2bin((unsigned char *)w, sizeof(*w), line, len - 1, NULL,
		&n, NULL) != 0 ||
	    n != sizeof(*w) ||
	    memcmp(w->magic, LOCK_MAGIC, LOCK_MAGIC_LEN) != 0)
		return TC_EINVAL;
	if (lock_get_u32(w->ops) < crypto_pwhash_OPSLIMIT_MIN ||
	    lock_get_u32(w->ops) > LOCK_OPS_MAX ||
	    lock_get_u32(w->mem) * 1024 < crypto_pwhash_MEMLIMIT_MIN ||
	    lock_get_u32(w->mem) * 1024 > LOCK_MEM_MAX)
		return TC_EINVAL;
	return 0;
}

int
vault_unwrap_key(
    const char *path, const char *passphrase, unsigned char key[VAULT_KEY])
{
	unsigned char stretched[crypto_secretbox_KEYBYTES];
	struct wrapped w;
	int rc;

	rc = lock_read(path, &w);
	if (rc == 0)
		rc = lock_stretch(&w, passphrase, stretched);
	if (rc == 0 && crypto_secretbox_open_easy(
			   key, w.box, sizeof(w.box), w.nonce, stretched) != 0)
		rc = TC_ECRYPTO;
	if (rc != 0)
		sodium_memzero(key, VAULT_KEY);
	sodium_memzero(stretched, sizeof(stretched));
	return rc;
}

int
vault_wrapped_check(const char *path)
{
	struct wrapped w;

	return lock_read(path, &w);
}

void
vault_pair_new(struct vault_pair *pair)
{
	(void)crypto_box_keypair(pair->pk, pair->sk);
}

int
vault_pair_open(const struct vault_pair *pair, const void *sealed, size_t len,
    struct buf *out)
{
	unsigned char *text;
	size_t padded, plain;
	int rc;

	if (len < crypto_box_SEALBYTES + LOCK_PAD ||
	    len > crypto_box_SEALBYTES + VAULT_PLAIN_MAX + LOCK_PAD)
		return TC_ECRYPTO;
	padded = len - crypto_box_SEALBYTES;
	text = xmalloc(padded);
	if (crypto_box_seal_open(text, sealed, len, pair->pk, pair->sk) != 0 ||
	    sodium_unpad(&plain, text, padded, LOCK_PAD) != 0)
		rc = TC_ECRYPTO;
	else
		rc = buf_put(out, text, plain);
	sodium_memzero(text, padded);
	free(text);
	return rc;
}
