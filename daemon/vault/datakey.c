/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The data key at rest: a plain key file, a systemd credential, or a file that
 * a passphrase unwraps. vault.c reads through here; `tincayctl key` and setup
 * make new ones.
 *
 * A wrapped file is 96 bytes: "tincayW1", salt (16), nonce (24), secretbox of
 * the key (48). Keys pass through locked or wiped memory only. Fails on files
 * that others can read, on wrong sizes, and on a key of 32 equal bytes, which
 * is an empty disk block and no key.
 */
#include "config.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "datakey.h"
#include "secretfile.h"

#define WRAP_MAGIC "tincayW1"
#define PASSPHRASE_MIN 12
#define PASSPHRASE_MAX 1024

struct wrapped_key {
	unsigned char magic[8];
	unsigned char salt[crypto_pwhash_SALTBYTES];
	unsigned char nonce[crypto_secretbox_NONCEBYTES];
	unsigned char box[crypto_secretbox_MACBYTES + VAULT_KEY];
};
_Static_assert(sizeof(struct wrapped_key) == 96, "file format");
_Static_assert(crypto_kdf_KEYBYTES == VAULT_KEY, "data key size");

struct datakey_source {
	const char *prefix;
	int (*read)(const char *rest, const char *passphrase,
	    unsigned char key[VAULT_KEY]);
};

static int datakey_read_file(
    const char *path, const char *passphrase, unsigned char key[VAULT_KEY]);
static int datakey_read_credential(
    const char *name, const char *passphrase, unsigned char key[VAULT_KEY]);
static int datakey_read_wrapped(
    const char *path, const char *passphrase, unsigned char key[VAULT_KEY]);
static int datakey_read_plain(const char *path, enum secretfile_policy policy,
    unsigned char key[VAULT_KEY]);
static int datakey_parse(
    const char *text, size_t len, unsigned char key[VAULT_KEY]);
static int datakey_stretch(const char *passphrase, const struct wrapped_key *w,
    unsigned char out[crypto_secretbox_KEYBYTES]);

static const struct datakey_source datakey_sources[] = {
    {"file:", datakey_read_file},
    {"credential:", datakey_read_credential},
    {"passphrase:", datakey_read_wrapped},
};

int
datakey_read(const char *key_source, const char *passphrase,
    unsigned char key[VAULT_KEY])
{
	const struct datakey_source *s;
	size_t i, n;

	for (i = 0; i < TC_NELEM(datakey_sources); i++) {
		s = &datakey_sources[i];
		n = strlen(s->prefix);
		if (strncmp(key_source, s->prefix, n) == 0)
			return s->read(key_source + n, passphrase, key);
	}
	return TC_EINVAL;
}

int
vault_new_key(const char *path)
{
	unsigned char key[VAULT_KEY];
	char text[2 * VAULT_KEY + 1];
	int rc;

	randombytes_buf(key, sizeof(key));
	sodium_bin2hex(text, sizeof(text), key, sizeof(key));
	text[2 * VAULT_KEY] = '\n'; /* in the place of the NUL */
	rc = secretfile_create(path, text, sizeof(text));
	sodium_memzero(text, sizeof(text));
	sodium_memzero(key, sizeof(key));
	return rc;
}

int
vault_new_wrapped_key(const char *path, const char *passphrase)
{
	unsigned char key[VAULT_KEY], stretched[crypto_secretbox_KEYBYTES];
	struct wrapped_key w;
	int rc;

	if (strlen(passphrase) < PASSPHRASE_MIN)
		return TC_EINVAL;
	memcpy(w.magic, WRAP_MAGIC, sizeof(w.magic));
	randombytes_buf(w.salt, sizeof(w.salt));
	randombytes_buf(w.nonce, sizeof(w.nonce));
	rc = datakey_stretch(passphrase, &w, stretched);
	if (rc == 0) {
		randombytes_buf(key, sizeof(key));
		(void)crypto_secretbox_easy(
		    w.box, key, sizeof(key), w.nonce, stretched);
		rc = secretfile_create(path, &w, sizeof(w));
	}
	sodium_memzero(key, sizeof(key));
	sodium_memzero(stretched, sizeof(stretched));
	return rc;
}

static int
datakey_read_file(
    const char *path, const char *passphrase, unsigned char key[VAULT_KEY])
{
	(void)passphrase;
	return datakey_read_plain(path, SECRETFILE_OWN, key);
}

static int
datakey_read_credential(
    const char *name, const char *passphrase, unsigned char key[VAULT_KEY])
{
	const char *folder = getenv("CREDENTIALS_DIRECTORY");
	char *path;
	int rc;

	(void)passphrase;
	if (name[0] == '\0' || name[0] == '.' || strchr(name, '/') != NULL)
		return TC_EINVAL;
	if (folder == NULL || folder[0] != '/')
		return TC_ENOENT;
	path = xasprintf("%s/%s", folder, name);
	rc = datakey_read_plain(path, SECRETFILE_CREDENTIAL, key);
	free(path);
	return rc;
}

static int
datakey_read_wrapped(
    const char *path, const char *passphrase, unsigned char key[VAULT_KEY])
{
	unsigned char stretched[crypto_secretbox_KEYBYTES];
	struct wrapped_key w;
	size_t len;
	int rc;

	rc = secretfile_read(path, SECRETFILE_OWN, &w, sizeof(w), &len);
	if (rc != 0)
		return rc == TC_EFULL ? TC_EINVAL : rc;
	if (len != sizeof(w) ||
	    memcmp(w.magic, WRAP_MAGIC, sizeof(w.magic)) != 0)
		return TC_EINVAL;
	if (passphrase == NULL)
		return TC_ENOTREADY;
	rc = datakey_stretch(passphrase, &w, stretched);
	if (rc == 0 && crypto_secretbox_open_easy(
			   key, w.box, sizeof(w.box), w.nonce, stretched) != 0)
		rc = TC_ECRYPTO;
	sodium_memzero(stretched, sizeof(stretched));
	return rc;
}

static int
datakey_read_plain(const char *path, enum secretfile_policy policy,
    unsigned char key[VAULT_KEY])
{
	char text[2 * VAULT_KEY + 1]; /* hex digits and a newline */
	size_t len;
	int rc;

	rc = secretfile_read(path, policy, text, sizeof(text), &len);
	if (rc == TC_EFULL)
		rc = TC_EINVAL;
	if (rc == 0)
		rc = datakey_parse(text, len, key);
	sodium_memzero(text, sizeof(text));
	return rc;
}

static int
datakey_parse(const char *text, size_t len, unsigned char key[VAULT_KEY])
{
	unsigned char differs = 0;
	size_t i;

	if (len == 2 * VAULT_KEY + 1 && text[2 * VAULT_KEY] == '\n')
		len--;
	if (len == VAULT_KEY)
		memcpy(key, text, VAULT_KEY);
	else if (len != 2 * VAULT_KEY ||
		 sodium_hex2bin(key, VAULT_KEY, text, len, NULL, &len, NULL) !=
		     0 ||
		 len != VAULT_KEY)
		return TC_EINVAL;
	for (i = 1; i < VAULT_KEY; i++)
		differs |= key[i] ^ key[0];
	return differs == 0 ? TC_EINVAL : 0;
}

/* Interactive limits: a small box must be able to unlock itself. */
static int
datakey_stretch(const char *passphrase, const struct wrapped_key *w,
    unsigned char out[crypto_secretbox_KEYBYTES])
{
	size_t len = strlen(passphrase);

	if (len > PASSPHRASE_MAX)
		return TC_EINVAL;
	if (crypto_pwhash(out, crypto_secretbox_KEYBYTES, passphrase, len,
		w->salt, crypto_pwhash_OPSLIMIT_INTERACTIVE,
		crypto_pwhash_MEMLIMIT_INTERACTIVE,
		crypto_pwhash_ALG_ARGON2ID13) != 0)
		return TC_EFULL;
	return 0;
}
