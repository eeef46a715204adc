/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Random names, tokens, password hashes and hashes without a data key. Called
 * from everywhere; the password functions from the helper thread only.
 *
 * Holds no state. Randomness is the kernel's and cannot fail; a password hash
 * fails when its 64 MiB cannot be had.
 */
#include "config.h"

#include <sodium.h>
#include <string.h>

#include "vault.h"

#define PASSWORD_MAX 1024

_Static_assert(VAULT_PWHASH_SIZE == crypto_pwhash_STRBYTES, "size");
_Static_assert(
    VAULT_TOKEN_SIZE ==
	sodium_base64_ENCODED_LEN(32, sodium_base64_VARIANT_URLSAFE_NO_PADDING),
    "size");

int64_t
vault_random_id(void)
{
	uint64_t id;

	do {
		randombytes_buf(&id, sizeof(id));
		id &= INT64_MAX;
	} while (id == 0);
	return (int64_t)id;
}

void
vault_random(void *dst, size_t len)
{
	randombytes_buf(dst, len);
}

void
vault_case_code(char out[VAULT_CASE_CODE_SIZE])
{
	static const char letters[] = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
	unsigned char r[VAULT_CASE_CODE_SIZE - 1];
	size_t i;

	_Static_assert(sizeof(letters) - 1 == 32, "5 bits a letter");
	randombytes_buf(r, sizeof(r));
	for (i = 0; i < sizeof(r); i++)
		out[i] = letters[r[i] & 31];
	out[i] = '\0';
}

void
vault_token_new(char out[VAULT_TOKEN_SIZE])
{
	unsigned char r[32];

	randombytes_buf(r, sizeof(r));
	(void)sodium_bin2base64(out, VAULT_TOKEN_SIZE, r, sizeof(r),
	    sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	sodium_memzero(r, sizeof(r));
}

/* No key and no stretching: a token has 256 bits of its own. */
void
vault_token_hash(const char *token, unsigned char out[VAULT_MAC])
{
	(void)crypto_generichash(out, VAULT_MAC, (const unsigned char *)token,
	    strlen(token), NULL, 0);
}

int
vault_password_hash(const char *pw, char out[VAULT_PWHASH_SIZE])
{
	size_t len = strlen(pw);

	if (len == 0 || len > PASSWORD_MAX)
		return TC_EINVAL;
	if (crypto_pwhash_str(out, pw, len, crypto_pwhash_OPSLIMIT_INTERACTIVE,
		crypto_pwhash_MEMLIMIT_INTERACTIVE) != 0)
		return TC_EFULL;
	return 0;
}

int
vault_password_verify(const char *hash, const char *pw)
{
	size_t len = strlen(pw);

	if (len == 0 || len > PASSWORD_MAX ||
	    strlen(hash) >= crypto_pwhash_STRBYTES)
		return TC_EDENIED;
	if (crypto_pwhash_str_verify(hash, pw, len) != 0)
		return TC_EDENIED;
	return 0;
}

void
vault_chain(const unsigned char prev[VAULT_MAC], const void *data, size_t len,
    unsigned char out[VAULT_MAC])
{
	crypto_generichash_state h;

	(void)crypto_generichash_init(&h, NULL, 0, VAULT_MAC);
	(void)crypto_generichash_update(&h, prev, VAULT_MAC);
	(void)crypto_generichash_update(&h, data, len);
	(void)crypto_generichash_final(&h, out, VAULT_MAC);
}

bool
vault_equal(const void *a, const void *b, size_t len)
{
	return sodium_memcmp(a, b, len) == 0;
}

void
vault_wipe(void *p, size_t len)
{
	sodium_memzero(p, len);
}
