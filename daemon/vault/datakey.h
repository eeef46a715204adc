/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_DATAKEY_H
#define TINCAY_DATAKEY_H

/* Internal to the vault: where the data key comes from. */

#include "vault.h"

/* Read the data key of a key_source into key, which should be locked memory.
 * Errors as vault_open, and TC_ENOTREADY: it takes a passphrase; key is
 * undefined then. */
int datakey_read(
    const char *key_source, unsigned char key[VAULT_KEY]) TC_MUSTCHECK;

#endif
