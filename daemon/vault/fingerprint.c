/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fingerprints of trusted addresses (vault.h). Owns nothing. */
#include "config.h"

#include <sodium.h>
#include <string.h>

#include "vault.h"
#include "wordrun.h"

_Static_assert(WORDRUN_KEY == VAULT_KEY, "the key of fingerprints");
_Static_assert(WORDRUN_MAC == VAULT_FINGERPRINT, "its bytes");

void
vault_fingerprint(const unsigned char key[VAULT_KEY], const void *run,
    size_t len, unsigned char out[VAULT_FINGERPRINT])
{
	unsigned char mac[VAULT_MAC];
	int i;

	(void)crypto_generichash(mac, sizeof(mac), run, len, key, VAULT_KEY);
	for (i = 0; i < WORDRUN_ROUNDS; i++)
		(void)crypto_generichash(
		    mac, sizeof(mac), mac, sizeof(mac), key, VAULT_KEY);
	memcpy(out, mac, VAULT_FINGERPRINT);
	sodium_memzero(mac, sizeof(mac));
}
