/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Agency key files and the opening of cases, for tincayctl and the tests.
 *
 * An unwrapped key lives in locked, guarded memory that keyfile_open() makes
 * and keyfile_close() wipes; everything else that was secret is wiped before a
 * function returns. Fails on files that others can read, on anything that is
 * not exactly the form of the header, and on every changed byte. What is opened
 * may come from a hostile server: lengths are checked first.
 */
#include "config.h"

#include <jansson.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "buf.h"
#include "ctl/keyfile.h"
#include "secretfile.h"

#define KEYFILE_VERSION 1
#define KEYFILE_SIZE_MAX 4096
#define KEYFILE_KDF "argon2id13"
/* Moderate: who steals the file has all the time he wants. The bounds keep a
 * forged file from taking the machine. */
#define KEYFILE_OPS crypto_pwhash_OPSLIMIT_MODERATE
#define KEYFILE_MEM crypto_pwhash_MEMLIMIT_MODERATE
#define KEYFILE_OPS_MAX 16
#define KEYFILE_MEM_MAX (1024 * 1024 * 1024)
#define KEYFILE_ITEM_PAD 64
#define KEYFILE_ITEM_MAX 65536
#define KEYFILE_B64 sodium_base64_VARIANT_ORIGINAL
#define KEYFILE_PLAIN_MAX (KEYFILE_KEY + KEYFILE_AGENCY_SIZE - 1)

_Static_assert(KEYFILE_SEALED_KEY == crypto_box_SEALBYTES + KEYFILE_KEY, "");
_Static_assert(KEYFILE_KEY == crypto_box_SECRETKEYBYTES, "");

struct keyfile {
	struct keyfile_public pub;
	unsigned char sk[KEYFILE_KEY];
};

/* The file, decoded. */
struct keyfile_form {
	struct keyfile_public pub;
	json_int_t ops;
	json_int_t mem;
	unsigned char salt[crypto_pwhash_SALTBYTES];
	unsigned char nonce[crypto_secretbox_NONCEBYTES];
	unsigned char wrapped[crypto_secretbox_MACBYTES + KEYFILE_PLAIN_MAX];
	size_t wrapped_len;
};

static bool keyfile_agency_ok(const char *agency);
static int keyfile_seal_form(struct keyfile_form *f,
    const unsigned char sk[KEYFILE_KEY], const char *passphrase);
static int keyfile_write_form(const char *path, const struct keyfile_form *f);
static int keyfile_read_form(const char *path, struct keyfile_form *f);
static int keyfile_parse_form(json_t *root, struct keyfile_form *f);
static int keyfile_decode(const char *b64, void *dst, size_t size, size_t *len);
static int keyfile_decode_exact(const char *b64, void *dst, size_t size);
static int keyfile_unwrap_form(
    const struct keyfile_form *f, const char *passphrase, struct keyfile *kf);
static int keyfile_check(const struct keyfile_form *f,
    const unsigned char *plain, struct keyfile *kf);
static int keyfile_stretch(const struct keyfile_form *f, const char *passphrase,
    unsigned char out[crypto_secretbox_KEYBYTES]);

int
keyfile_init(void)
{
	static const struct rlimit none = {0, 0};

	if (sodium_init() < 0 || setrlimit(RLIMIT_CORE, &none) != 0)
		return TC_ECRYPTO;
	return 0;
}

int
keyfile_create(const char *path, const char *agency, const char *passphrase,
    struct keyfile_public *out)
{
	unsigned char sk[KEYFILE_KEY];
	struct keyfile_form f;
	int rc;

	if (!keyfile_agency_ok(agency) ||
	    strlen(passphrase) < KEYFILE_PASSPHRASE_MIN ||
	    strlen(passphrase) >= PASSPHRASE_SIZE)
		return TC_EINVAL;
	memset(&f, 0, sizeof(f));
	memcpy(f.pub.agency, agency, strlen(agency));
	(void)crypto_box_keypair(f.pub.pk, sk);
	f.ops = KEYFILE_OPS;
	f.mem = KEYFILE_MEM;
	randombytes_buf(f.salt, sizeof(f.salt));
	randombytes_buf(f.nonce, sizeof(f.nonce));
	rc = keyfile_seal_form(&f, sk, passphrase);
	sodium_memzero(sk, sizeof(sk));
	if (rc == 0)
		rc = keyfile_write_form(path, &f);
	if (rc == 0 && out != NULL)
		*out = f.pub;
	return rc;
}

int
keyfile_open(const char *path, const char *passphrase, struct keyfile **out)
{
	struct keyfile_form f;
	struct keyfile *kf;
	int rc;

	*out = NULL;
	rc = keyfile_read_form(path, &f);
	if (rc != 0)
		return rc;
	kf = sodium_malloc(sizeof(*kf));
	if (kf == NULL)
		return TC_EFULL;
	rc = keyfile_unwrap_form(&f, passphrase, kf);
	if (rc != 0) {
		sodium_free(kf);
		return rc;
	}
	(void)sodium_mprotect_readonly(kf);
	*out = kf;
	return 0;
}

void
keyfile_close(struct keyfile *kf)
{
	sodium_free(kf); /* wipes, and takes NULL */
}

const struct keyfile_public *
keyfile_public(const struct keyfile *kf)
{
	return &kf->pub;
}

int
keyfile_open_case(const struct keyfile *kf, const void *sealed, size_t len,
    unsigned char case_sk[KEYFILE_KEY])
{
	if (len != KEYFILE_SEALED_KEY ||
	    crypto_box_seal_open(case_sk, sealed, len, kf->pub.pk, kf->sk) != 0)
		return TC_ECRYPTO;
	return 0;
}

int
keyfile_open_item(const unsigned char case_sk[KEYFILE_KEY], const void *sealed,
    size_t len, struct buf *out)
{
	unsigned char pk[KEYFILE_KEY], *text;
	size_t padded, plain;
	int rc;

	if (len < crypto_box_SEALBYTES + KEYFILE_ITEM_PAD ||
	    len > crypto_box_SEALBYTES + KEYFILE_ITEM_MAX + KEYFILE_ITEM_PAD)
		return TC_ECRYPTO;
	padded = len - crypto_box_SEALBYTES;
	text = xmalloc(padded);
	if (crypto_scalarmult_base(pk, case_sk) != 0 ||
	    crypto_box_seal_open(text, sealed, len, pk, case_sk) != 0 ||
	    sodium_unpad(&plain, text, padded, KEYFILE_ITEM_PAD) != 0)
		rc = TC_ECRYPTO;
	else
		rc = buf_put(out, text, plain);
	sodium_memzero(text, padded);
	free(text);
	return rc;
}

int
keyfile_open_box(
    const struct keyfile *kf, const void *sealed, size_t len, struct buf *out)
{
	return keyfile_open_item(kf->sk, sealed, len, out);
}

int
keyfile_seal_item(const unsigned char case_pk[KEYFILE_KEY], const void *plain,
    size_t len, struct buf *out)
{
	unsigned char *text, *sealed;
	size_t padded;
	int rc;

	if (len > KEYFILE_ITEM_MAX)
		return TC_EFULL;
	text = xmalloc(len + KEYFILE_ITEM_PAD);
	memcpy(text, plain, len);
	(void)sodium_pad(
	    &padded, text, len, KEYFILE_ITEM_PAD, len + KEYFILE_ITEM_PAD);
	sealed = xmalloc(crypto_box_SEALBYTES + padded);
	rc = crypto_box_seal(sealed, text, padded, case_pk) != 0
		 ? TC_ECRYPTO
		 : buf_put(out, sealed, crypto_box_SEALBYTES + padded);
	sodium_memzero(text, padded);
	free(text);
	free(sealed);
	return rc;
}

int
keyfile_seal_key(const unsigned char agency_pk[KEYFILE_KEY],
    const unsigned char case_sk[KEYFILE_KEY],
    unsigned char out[KEYFILE_SEALED_KEY])
{
	return crypto_box_seal(out, case_sk, KEYFILE_KEY, agency_pk) == 0
		   ? 0
		   : TC_ECRYPTO;
}

void
keyfile_wipe(void *p, size_t len)
{
	sodium_memzero(p, len);
}

static bool
keyfile_agency_ok(const char *agency)
{
	size_t len = strspn(agency, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-");

	return agency[len] == '\0' && len > 0 && len < KEYFILE_AGENCY_SIZE;
}

/* The agency goes in with the key, so that the label cannot be changed. */
static int
keyfile_seal_form(struct keyfile_form *f, const unsigned char sk[KEYFILE_KEY],
    const char *passphrase)
{
	unsigned char stretched[crypto_secretbox_KEYBYTES];
	unsigned char plain[KEYFILE_PLAIN_MAX];
	size_t n = strlen(f->pub.agency);
	int rc;

	rc = keyfile_stretch(f, passphrase, stretched);
	if (rc == 0) {
		memcpy(plain, sk, KEYFILE_KEY);
		memcpy(plain + KEYFILE_KEY, f->pub.agency, n);
		(void)crypto_secretbox_easy(
		    f->wrapped, plain, KEYFILE_KEY + n, f->nonce, stretched);
		f->wrapped_len = crypto_secretbox_MACBYTES + KEYFILE_KEY + n;
	}
	sodium_memzero(plain, sizeof(plain));
	sodium_memzero(stretched, sizeof(stretched));
	return rc;
}

static int
keyfile_write_form(const char *path, const struct keyfile_form *f)
{
	char pk[64], salt[64], nonce[64], wrapped[128];
	json_t *root;
	char *text;
	int rc;

	sodium_bin2base64(
	    pk, sizeof(pk), f->pub.pk, sizeof(f->pub.pk), KEYFILE_B64);
	sodium_bin2base64(
	    salt, sizeof(salt), f->salt, sizeof(f->salt), KEYFILE_B64);
	sodium_bin2base64(
	    nonce, sizeof(nonce), f->nonce, sizeof(f->nonce), KEYFILE_B64);
	sodium_bin2base64(
	    wrapped, sizeof(wrapped), f->wrapped, f->wrapped_len, KEYFILE_B64);
	root = json_pack("{s:i, s:s, s:s, s:{s:s, s:I, s:I}, s:s, s:s, s:s}",
	    "tincay_key", KEYFILE_VERSION, "agency", f->pub.agency,
	    "public_key", pk, "kdf", "name", KEYFILE_KDF, "ops", f->ops, "mem",
	    f->mem, "salt", salt, "nonce", nonce, "wrapped", wrapped);
	text = json_dumps(root, JSON_INDENT(2));
	json_decref(root);
	if (text == NULL)
		return TC_EFULL;
	rc = secretfile_create(path, text, strlen(text));
	free(text);
	return rc;
}

static int
keyfile_read_form(const char *path, struct keyfile_form *f)
{
	char text[KEYFILE_SIZE_MAX];
	json_t *root;
	size_t len;
	int rc;

	rc = secretfile_read(path, SECRETFILE_OWN, text, sizeof(text), &len);
	if (rc != 0)
		return rc == TC_EFULL ? TC_EINVAL : rc;
	root = json_loadb(text, len, JSON_REJECT_DUPLICATES, NULL);
	if (root == NULL)
		return TC_EINVAL;
	rc = keyfile_parse_form(root, f);
	json_decref(root);
	return rc;
}

static int
keyfile_parse_form(json_t *root, struct keyfile_form *f)
{
	const char *agency, *pk, *kdf, *salt, *nonce, *wrapped;
	int version;

	memset(f, 0, sizeof(*f));
	if (json_unpack(root,
		"{s:i, s:s, s:s, s:{s:s, s:I, s:I !}, s:s, s:s, s:s !}",
		"tincay_key", &version, "agency", &agency, "public_key", &pk,
		"kdf", "name", &kdf, "ops", &f->ops, "mem", &f->mem, "salt",
		&salt, "nonce", &nonce, "wrapped", &wrapped) != 0)
		return TC_EINVAL;
	if (version != KEYFILE_VERSION || strcmp(kdf, KEYFILE_KDF) != 0 ||
	    !keyfile_agency_ok(agency))
		return TC_EINVAL;
	if (f->ops < (json_int_t)crypto_pwhash_OPSLIMIT_MIN ||
	    f->ops > KEYFILE_OPS_MAX ||
	    f->mem < (json_int_t)crypto_pwhash_MEMLIMIT_MIN ||
	    f->mem > KEYFILE_MEM_MAX)
		return TC_EINVAL;
	memcpy(f->pub.agency, agency, strlen(agency));
	if (keyfile_decode_exact(pk, f->pub.pk, sizeof(f->pub.pk)) != 0 ||
	    keyfile_decode_exact(salt, f->salt, sizeof(f->salt)) != 0 ||
	    keyfile_decode_exact(nonce, f->nonce, sizeof(f->nonce)) != 0)
		return TC_EINVAL;
	return keyfile_decode(
	    wrapped, f->wrapped, sizeof(f->wrapped), &f->wrapped_len);
}

static int
keyfile_decode(const char *b64, void *dst, size_t size, size_t *len)
{
	if (sodium_base642bin(
		dst, size, b64, strlen(b64), NULL, len, NULL, KEYFILE_B64) != 0)
		return TC_EINVAL;
	return 0;
}

static int
keyfile_decode_exact(const char *b64, void *dst, size_t size)
{
	size_t len;

	if (keyfile_decode(b64, dst, size, &len) != 0 || len != size)
		return TC_EINVAL;
	return 0;
}

static int
keyfile_unwrap_form(
    const struct keyfile_form *f, const char *passphrase, struct keyfile *kf)
{
	unsigned char stretched[crypto_secretbox_KEYBYTES];
	unsigned char plain[KEYFILE_PLAIN_MAX];
	int rc;

	if (f->wrapped_len !=
	    crypto_secretbox_MACBYTES + KEYFILE_KEY + strlen(f->pub.agency))
		return TC_ECRYPTO;
	rc = keyfile_stretch(f, passphrase, stretched);
	if (rc == 0 && crypto_secretbox_open_easy(plain, f->wrapped,
			   f->wrapped_len, f->nonce, stretched) != 0)
		rc = TC_ECRYPTO;
	if (rc == 0)
		rc = keyfile_check(f, plain, kf);
	sodium_memzero(plain, sizeof(plain));
	sodium_memzero(stretched, sizeof(stretched));
	return rc;
}

/* Does what was written in clear fit what was wrapped? A forged public key
 * would have cases sealed to somebody else. */
static int
keyfile_check(const struct keyfile_form *f, const unsigned char *plain,
    struct keyfile *kf)
{
	if (memcmp(plain + KEYFILE_KEY, f->pub.agency, strlen(f->pub.agency)) !=
	    0)
		return TC_ECRYPTO;
	memcpy(kf->sk, plain, KEYFILE_KEY);
	kf->pub = f->pub;
	if (crypto_scalarmult_base(kf->pub.pk, kf->sk) != 0 ||
	    memcmp(kf->pub.pk, f->pub.pk, KEYFILE_KEY) != 0)
		return TC_ECRYPTO;
	return 0;
}

static int
keyfile_stretch(const struct keyfile_form *f, const char *passphrase,
    unsigned char out[crypto_secretbox_KEYBYTES])
{
	if (crypto_pwhash(out, crypto_secretbox_KEYBYTES, passphrase,
		strlen(passphrase), f->salt, (unsigned long long)f->ops,
		(size_t)f->mem, crypto_pwhash_ALG_ARGON2ID13) != 0)
		return TC_EFULL;
	return 0;
}
