/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The open vault: sub-keys of the data key, and what is computed with them
 * (pseudonyms, dedupe hashes, boxes). Every part of the daemon that stores
 * something personal calls it.
 *
 * Owns one block of locked, guarded memory with all sub-keys; the data key
 * itself is wiped as soon as they are derived. The sub-keys come from
 * crypto_kdf with the contexts below: to change a context or a number makes
 * every database unreadable. Opening fails with the source of the key; boxes
 * fail when they were changed, and never crash on what they are given.
 */
#include "config.h"

#include <assert.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "buf.h"
#include "datakey.h"
#include "log.h"

#define VAULT_KDF_MAC "tincymac"
#define VAULT_KDF_BOX "tincybox"
#define VAULT_KDF_SEEN "tincysee"
#define VAULT_KDF_SPOOL "tincyspo"
#define VAULT_KDF_ADDRESS "tincyadr"
#define VAULT_BOX_PAD 32
#define VAULT_BOX_EXTRA                                                        \
	(crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES)

struct vault {
	unsigned char mac[VAULT_NDOMAINS][crypto_generichash_KEYBYTES];
	unsigned char box[VAULT_NPURPOSES][crypto_secretbox_KEYBYTES];
	unsigned char seen[crypto_generichash_KEYBYTES];
	unsigned char spool[crypto_generichash_KEYBYTES];
	unsigned char modem[crypto_generichash_KEYBYTES]; /* VAULT_MODEM */
	bool has_house;
	bool is_locked;
	unsigned char address[VAULT_KEY];
};

static void vault_derive(
    struct vault *v, const unsigned char key[crypto_kdf_KEYBYTES]);
static void vault_lock_memory(struct vault *v);
static void vault_hash_int(crypto_generichash_state *h, int64_t value);
static void vault_hash_bytes(
    crypto_generichash_state *h, const void *data, size_t len);

int
vault_init(void)
{
	static const struct rlimit none = {0, 0};

	if (sodium_init() < 0 || setrlimit(RLIMIT_CORE, &none) != 0)
		return TC_ECRYPTO;
	return 0;
}

int
vault_open(const char *key_source, struct vault **out)
{
	unsigned char *key;
	struct vault *v;
	int rc;

	*out = NULL;
	key = sodium_malloc(VAULT_KEY);
	v = sodium_malloc(sizeof(*v));
	if (key == NULL || v == NULL)
		rc = TC_EFULL;
	else
		rc = datakey_read(key_source, key);
	if (rc == 0 || rc == TC_ENOTREADY) {
		memset(v, 0, sizeof(*v));
		v->is_locked = rc == TC_ENOTREADY;
		if (rc == 0)
			vault_derive(v, key);
		vault_lock_memory(v);
		*out = v;
		v = NULL;
		rc = 0;
	}
	sodium_free(v);
	sodium_free(key);
	return rc;
}

void
vault_close(struct vault *v)
{
	sodium_free(v); /* wipes, and takes NULL */
}

bool
vault_is_locked(const struct vault *v)
{
	return v->is_locked;
}

void
vault_unlock(struct vault *v, const unsigned char key[VAULT_KEY])
{
	(void)sodium_mprotect_readwrite(v);
	vault_derive(v, key);
	v->is_locked = false;
	(void)sodium_mprotect_readonly(v);
}

void
vault_lock(struct vault *v)
{
	(void)sodium_mprotect_readwrite(v);
	sodium_memzero(v->mac, sizeof(v->mac));
	sodium_memzero(v->box, sizeof(v->box));
	sodium_memzero(v->seen, sizeof(v->seen));
	sodium_memzero(v->spool, sizeof(v->spool));
	v->is_locked = true;
	(void)sodium_mprotect_readonly(v);
}

void
vault_set_house_key(struct vault *v, const unsigned char key[VAULT_KEY])
{
	(void)sodium_mprotect_readwrite(v);
	(void)crypto_kdf_derive_from_key(
	    v->modem, sizeof(v->modem), VAULT_MODEM + 1, VAULT_KDF_MAC, key);
	v->has_house = true;
	(void)sodium_mprotect_readonly(v);
}

void
vault_mac(const struct vault *v, enum vault_domain domain, const void *data,
    size_t len, unsigned char out[VAULT_MAC])
{
	bool is_house = domain == VAULT_MODEM && v->has_house;

	assert(is_house || !v->is_locked);
	(void)crypto_generichash(out, VAULT_MAC, data, len,
	    is_house ? v->modem : v->mac[domain], sizeof(v->mac[domain]));
}

void
vault_phone_mac(const struct vault *v, enum vault_domain domain,
    const char *canonical, unsigned char out[VAULT_MAC])
{
	vault_mac(v, domain, canonical, strlen(canonical), out);
}

void
vault_seen_hash(const struct vault *v, const struct vault_seen *s,
    unsigned char out[VAULT_SEEN])
{
	const uint32_t stamp = (uint32_t)s->scts;
	unsigned char hash[VAULT_SEEN];
	crypto_generichash_state h;
	size_t i;

	assert(!v->is_locked);
	for (i = 0; i < VAULT_SEEN_STAMP; i++)
		out[i] =
		    (unsigned char)(stamp >> 8 * (VAULT_SEEN_STAMP - 1 - i));
	(void)crypto_generichash_init(&h, v->seen, sizeof(v->seen), VAULT_SEEN);
	vault_hash_bytes(&h, s->sender, strlen(s->sender));
	vault_hash_int(&h, s->scts);
	vault_hash_int(&h, s->ref);
	vault_hash_int(&h, s->seq);
	vault_hash_bytes(&h, s->body, s->body_len);
	(void)crypto_generichash_final(&h, hash, sizeof(hash));
	memcpy(out + VAULT_SEEN_STAMP, hash, VAULT_SEEN - VAULT_SEEN_STAMP);
	sodium_memzero(&h, sizeof(h));
}

int
vault_box(const struct vault *v, enum vault_purpose purpose, const void *plain,
    size_t len, struct buf *out)
{
	unsigned char *box, *text;
	size_t padded, size;
	int rc;

	if (v->is_locked)
		return TC_ENOTREADY;
	if (len > VAULT_PLAIN_MAX)
		return TC_EFULL;
	size = VAULT_BOX_EXTRA + len + VAULT_BOX_PAD;
	box = xmalloc(size);
	text = box + VAULT_BOX_EXTRA;
	if (len > 0)
		memcpy(text, plain, len);
	(void)sodium_pad(
	    &padded, text, len, VAULT_BOX_PAD, len + VAULT_BOX_PAD);
	randombytes_buf(box, crypto_secretbox_NONCEBYTES);
	/* In place: the plain text is overwritten by its box. */
	(void)crypto_secretbox_easy(box + crypto_secretbox_NONCEBYTES, text,
	    padded, box, v->box[purpose]);
	rc = buf_put(out, box, VAULT_BOX_EXTRA + padded);
	free(box);
	return rc;
}

int
vault_unbox(const struct vault *v, enum vault_purpose purpose, const void *box,
    size_t len, struct buf *out)
{
	const unsigned char *nonce = box;
	unsigned char *text;
	size_t padded, plain;
	int rc;

	if (v->is_locked)
		return TC_ENOTREADY;
	if (len < VAULT_BOX_EXTRA + VAULT_BOX_PAD ||
	    len > VAULT_BOX_EXTRA + VAULT_PLAIN_MAX + VAULT_BOX_PAD)
		return TC_ECRYPTO;
	padded = len - VAULT_BOX_EXTRA;
	text = xmalloc(padded);
	if (crypto_secretbox_open_easy(text,
		nonce + crypto_secretbox_NONCEBYTES,
		len - crypto_secretbox_NONCEBYTES, nonce,
		v->box[purpose]) != 0 ||
	    sodium_unpad(&plain, text, padded, VAULT_BOX_PAD) != 0)
		rc = TC_ECRYPTO;
	else
		rc = buf_put(out, text, plain);
	sodium_memzero(text, padded);
	free(text);
	return rc;
}

void
vault_spool_key(
    const struct vault *v, const char *modem, unsigned char out[VAULT_KEY])
{
	assert(!v->is_locked);
	(void)crypto_generichash(out, VAULT_KEY, (const unsigned char *)modem,
	    strlen(modem), v->spool, sizeof(v->spool));
}

void
vault_address_key(const struct vault *v, unsigned char out[VAULT_KEY])
{
	memcpy(out, v->address, VAULT_KEY);
}

static void
vault_derive(struct vault *v, const unsigned char key[crypto_kdf_KEYBYTES])
{
	size_t i;

	for (i = 0; i < VAULT_NDOMAINS; i++)
		(void)crypto_kdf_derive_from_key(
		    v->mac[i], sizeof(v->mac[i]), i + 1, VAULT_KDF_MAC, key);
	for (i = 0; i < VAULT_NPURPOSES; i++)
		(void)crypto_kdf_derive_from_key(
		    v->box[i], sizeof(v->box[i]), i + 1, VAULT_KDF_BOX, key);
	(void)crypto_kdf_derive_from_key(
	    v->seen, sizeof(v->seen), 1, VAULT_KDF_SEEN, key);
	(void)crypto_kdf_derive_from_key(
	    v->spool, sizeof(v->spool), 1, VAULT_KDF_SPOOL, key);
	(void)crypto_kdf_derive_from_key(
	    v->address, sizeof(v->address), 1, VAULT_KDF_ADDRESS, key);
}

/* sodium_malloc locks too, but does not tell when it could not. */
static void
vault_lock_memory(struct vault *v)
{
	static bool warned;

	if (sodium_mlock(v, sizeof(*v)) != 0 && !warned) {
		warned = true;
		log_warn("vault: keys may be swapped out, raise LimitMEMLOCK");
	}
	(void)sodium_mprotect_readonly(v);
}

/* Fixed-width numbers and lengths before bytes: no two inputs run together. */
static void
vault_hash_int(crypto_generichash_state *h, int64_t value)
{
	unsigned char le[8];
	size_t i;

	for (i = 0; i < sizeof(le); i++)
		le[i] = (unsigned char)((uint64_t)value >> (8 * i));
	(void)crypto_generichash_update(h, le, sizeof(le));
}

static void
vault_hash_bytes(crypto_generichash_state *h, const void *data, size_t len)
{
	vault_hash_int(h, (int64_t)len);
	(void)crypto_generichash_update(h, data, len);
}
