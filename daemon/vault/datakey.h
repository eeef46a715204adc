/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_DATAKEY_H
#define TINCAY_DATAKEY_H

/* Internal to the vault: where the data key comes from. */

#include "vault.h"

/*
 * Read the data key of a key_source (see vault_open) into key, which should be
 * locked memory. passphrase is for "passphrase:PATH" alone; NULL only checks
 * that file's form and returns TC_ENOTREADY. Errors as vault_open and
 * vault_unlock; key is undefined then.
 */
int datakey_read(const char *key_source, const char *passphrase,
    unsigned char key[VAULT_KEY]) TC_MUSTCHECK;

#endif
