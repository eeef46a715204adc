/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The data key at rest: a plain key file, a systemd credential, or a file that
 * takes a passphrase (lock.c). vault.c reads through here; `tincayd --new-key`
 * makes new ones.
 *
 * Keys pass through locked or wiped memory only. Fails on files that others can
 * read, on wrong sizes, and on a key of 32 equal bytes, which is an empty disk
 * block and no key.
 */
#include "config.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "datakey.h"
#include "secretfile.h"

_Static_assert(crypto_kdf_KEYBYTES == VAULT_KEY, "data key size");

struct datakey_source {
	const char *prefix;
	int (*read)(const char *rest, unsigned char key[VAULT_KEY]);
};

static int datakey_read_file(const char *path, unsigned char key[VAULT_KEY]);
static int datakey_read_credential(
    const char *name, unsigned char key[VAULT_KEY]);
static int datakey_read_wrapped(const char *path, unsigned char key[VAULT_KEY]);
static int datakey_read_plain(const char *path, enum secretfile_policy policy,
    unsigned char key[VAULT_KEY]);
static int datakey_parse(
    const char *text, size_t len, unsigned char key[VAULT_KEY]);
static const struct datakey_source datakey_sources[] = {
    {"file:", datakey_read_file},
    {"credential:", datakey_read_credential},
    {"passphrase:", datakey_read_wrapped},
};

int
datakey_read(const char *key_source, unsigned char key[VAULT_KEY])
{
	const struct datakey_source *s;
	size_t i, n;

	for (i = 0; i < TC_NELEM(datakey_sources); i++) {
		s = &datakey_sources[i];
		n = strlen(s->prefix);
		if (strncmp(key_source, s->prefix, n) == 0)
			return s->read(key_source + n, key);
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

static int
datakey_read_file(const char *path, unsigned char key[VAULT_KEY])
{
	return datakey_read_plain(path, SECRETFILE_OWN, key);
}

static int
datakey_read_credential(const char *name, unsigned char key[VAULT_KEY])
{
	const char *folder = getenv("CREDENTIALS_DIRECTORY");
	char *path;
	int rc;

	if (name[0] == '\0' || name[0] == '.' || strchr(name, '/') != NULL)
		return TC_EINVAL;
	if (folder == NULL || folder[0] != '/')
		return TC_ENOENT;
	path = xasprintf("%s/%s", folder, name);
	rc = datakey_read_plain(path, SECRETFILE_CREDENTIAL, key);
	free(path);
	return rc;
}

/* It is there, and takes a passphrase. */
static int
datakey_read_wrapped(const char *path, unsigned char key[VAULT_KEY])
{
	int rc = vault_wrapped_check(path);

	(void)key;
	return rc == 0 ? TC_ENOTREADY : rc;
}

int
vault_read_key(const char *key_source, unsigned char key[VAULT_KEY])
{
	return datakey_read(key_source, key);
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
