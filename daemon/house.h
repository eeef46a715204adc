/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_HOUSE_H
#define TINCAY_HOUSE_H

/*
 * What a database and its data key know of each other, in the table house, and
 * what works without that key: a start with a key_source of "passphrase:".
 *
 * Without the data key nobody can be looked up and no number opened. The house
 * key, in clear, makes the modems known all the same; what they bring is sealed
 * whole to the public half of a pair (radio/locked.c), whose secret half is in a
 * box under the data key.
 */

#include "core.h"
#include "util.h"
#include "vault/vault.h"

/* At start, with store, turn and vault open: the house key, and whether the data
 * key is that of this database. 0; TC_ECRYPTO: it is another's; TC_EIO. */
int house_open(struct core *c) TC_MUSTCHECK;

/* With this data key, inside a turn op. 0; TC_ECRYPTO: it is not that of this
 * database, and the vault is locked again; TC_EIO. */
int house_unlock(
    struct core *c, const unsigned char key[VAULT_KEY]) TC_MUSTCHECK;

/* The pair; of a locked vault only its public half. 0; TC_ENOTREADY: no data key
 * was ever here, or it is locked; TC_ECRYPTO, TC_EIO. The caller wipes pair. */
int house_pair(struct core *c, struct vault_pair *pair) TC_MUSTCHECK;
int house_pair_pk(struct core *c, unsigned char pk[VAULT_KEY]) TC_MUSTCHECK;

#endif
