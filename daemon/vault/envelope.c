/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Envelopes of cases. The desk makes a key pair for a new case, seals its
 * secret to every agency of the ladder and to the recovery key, seals the texts
 * to its public key, and forgets the secret when the turn ends.
 *
 * Owns nothing, needs no data key: it works while the daemon is locked. What is
 * sealed here cannot be opened here; ctl/keyfile.c does that. Only an unusable
 * public key makes it fail.
 */
#include "config.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "vault.h"

#define ENVELOPE_PAD 64

_Static_assert(VAULT_SEALED_KEY == crypto_box_SEALBYTES + VAULT_KEY, "size");
_Static_assert(VAULT_KEY == crypto_box_SECRETKEYBYTES, "size");
_Static_assert(
    crypto_box_SEALBYTES == crypto_box_PUBLICKEYBYTES + crypto_box_MACBYTES,
    "a sealed box is an ephemeral key and a box");

void
vault_case_new(struct case_key *ck)
{
	(void)crypto_box_keypair(ck->pk, ck->sk);
	(void)crypto_box_keypair(ck->copy_pk, ck->copy_sk);
}

void
vault_case_wipe(struct case_key *ck)
{
	sodium_memzero(ck, sizeof(*ck));
}

/* That of crypto_box_seal(): whoever opens it needs to know nothing. */
static void
envelope_nonce(const unsigned char ephemeral_pk[VAULT_KEY],
    const unsigned char pk[VAULT_KEY],
    unsigned char nonce[crypto_box_NONCEBYTES])
{
	crypto_generichash_state h;

	(void)crypto_generichash_init(&h, NULL, 0, crypto_box_NONCEBYTES);
	(void)crypto_generichash_update(&h, ephemeral_pk, VAULT_KEY);
	(void)crypto_generichash_update(&h, pk, VAULT_KEY);
	(void)crypto_generichash_final(&h, nonce, crypto_box_NONCEBYTES);
}

int
vault_case_seal_key(const struct case_key *ck,
    const unsigned char agency_pk[VAULT_KEY],
    unsigned char out[VAULT_SEALED_KEY])
{
	unsigned char nonce[crypto_box_NONCEBYTES];

	envelope_nonce(ck->copy_pk, agency_pk, nonce);
	memcpy(out, ck->copy_pk, crypto_box_PUBLICKEYBYTES);
	if (crypto_box_easy(out + crypto_box_PUBLICKEYBYTES, ck->sk,
		sizeof(ck->sk), nonce, agency_pk, ck->copy_sk) == 0)
		return 0;
	/* What libsodium left in out must not be taken for an envelope. */
	memset(out, 0, VAULT_SEALED_KEY);
	return TC_ECRYPTO;
}

int
vault_case_seal_item(const unsigned char pk[VAULT_KEY], const void *plain,
    size_t len, struct buf *out)
{
	unsigned char *text, *sealed;
	size_t padded;
	int rc;

	if (len > VAULT_PLAIN_MAX)
		return TC_EFULL;
	text = xmalloc(len + ENVELOPE_PAD);
	if (len > 0)
		memcpy(text, plain, len);
	(void)sodium_pad(&padded, text, len, ENVELOPE_PAD, len + ENVELOPE_PAD);
	sealed = xmalloc(crypto_box_SEALBYTES + padded);
	if (crypto_box_seal(sealed, text, padded, pk) != 0)
		rc = TC_ECRYPTO;
	else
		rc = buf_put(out, sealed, crypto_box_SEALBYTES + padded);
	sodium_memzero(text, padded);
	free(text);
	free(sealed);
	return rc;
}

/* libsodium refuses a shared secret of zero, which all low-order points give.
 */
bool
vault_pk_valid(const unsigned char pk[VAULT_KEY])
{
	unsigned char secret[crypto_scalarmult_SCALARBYTES];
	unsigned char shared[crypto_scalarmult_BYTES];
	bool valid;

	randombytes_buf(secret, sizeof(secret));
	valid = crypto_scalarmult(shared, secret, pk) == 0;
	sodium_memzero(shared, sizeof(shared));
	sodium_memzero(secret, sizeof(secret));
	return valid;
}
