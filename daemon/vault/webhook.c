/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Signatures of webhooks: Standard Webhooks, v1. Called by forward/. Owns
 * nothing, holds no state; fails only on a secret that is none.
 */
#include "config.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "vault.h"

#define PREFIX "whsec_"
#define SECRET_BYTES 32
#define SECRET_BYTES_MAX 64

_Static_assert(
    VAULT_WEBHOOK_SECRET_SIZE == sizeof(PREFIX) - 1 +
				     sodium_base64_ENCODED_LEN(SECRET_BYTES,
					 sodium_base64_VARIANT_ORIGINAL),
    "size");
_Static_assert(VAULT_WEBHOOK_SIGNATURE_SIZE ==
		   3 + sodium_base64_ENCODED_LEN(crypto_auth_hmacsha256_BYTES,
			   sodium_base64_VARIANT_ORIGINAL),
    "size");

void
vault_webhook_secret(char out[VAULT_WEBHOOK_SECRET_SIZE])
{
	const size_t prefix = sizeof(PREFIX) - 1;
	unsigned char r[SECRET_BYTES];

	randombytes_buf(r, sizeof(r));
	memcpy(out, PREFIX, prefix);
	(void)sodium_bin2base64(out + prefix,
	    VAULT_WEBHOOK_SECRET_SIZE - prefix, r, sizeof(r),
	    sodium_base64_VARIANT_ORIGINAL);
	sodium_memzero(r, sizeof(r));
}

static void
webhook_hash(crypto_auth_hmacsha256_state *h, const char *s)
{
	(void)crypto_auth_hmacsha256_update(
	    h, (const unsigned char *)s, strlen(s));
}

int
vault_webhook_sign(const char *secret, const struct vault_webhook *m,
    char out[VAULT_WEBHOOK_SIGNATURE_SIZE])
{
	unsigned char key[SECRET_BYTES_MAX], mac[crypto_auth_hmacsha256_BYTES];
	const size_t prefix = sizeof(PREFIX) - 1;
	crypto_auth_hmacsha256_state h;
	char at[24];
	size_t len;

	if (strncmp(secret, PREFIX, prefix) != 0 ||
	    sodium_base642bin(key, sizeof(key), secret + prefix,
		strlen(secret + prefix), NULL, &len, NULL,
		sodium_base64_VARIANT_ORIGINAL) != 0 ||
	    len == 0)
		return TC_ECRYPTO;
	(void)snprintf(at, sizeof(at), ".%" PRId64 ".", m->at);
	(void)crypto_auth_hmacsha256_init(&h, key, len);
	webhook_hash(&h, m->id);
	webhook_hash(&h, at);
	webhook_hash(&h, m->body);
	(void)crypto_auth_hmacsha256_final(&h, mac);
	memcpy(out, "v1,", 3);
	(void)sodium_bin2base64(out + 3, VAULT_WEBHOOK_SIGNATURE_SIZE - 3, mac,
	    sizeof(mac), sodium_base64_VARIANT_ORIGINAL);
	sodium_memzero(&h, sizeof(h));
	sodium_memzero(key, sizeof(key));
	return 0;
}
