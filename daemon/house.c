/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The house key and the pair of a locked start: house.h. Called by server.c at
 * start, by http/ for the passphrase and by radio/locked.c. Owns nothing; the
 * rows are written once and never changed.
 */
#include "config.h"

#include <string.h>

#include "buf.h"
#include "house.h"
#include "store/locked.h"
#include "turn.h"

#define HOUSE_KEY "house_key"
#define PAIR_PK "pair_pk"
#define PAIR_SK "pair_sk_box"

/* A fact that has exactly size bytes. */
static int
house_read(struct core *c, const char *name, void *out, size_t size)
{
	struct buf b;
	int rc;

	buf_init(&b, 256);
	rc = store_house_get(c->store, name, &b);
	if (rc == 0 && b.len != size)
		rc = TC_ECRYPTO;
	if (rc == 0)
		memcpy(out, b.data, size);
	buf_clear(&b);
	return rc;
}

static int
house_open_key(struct core *c)
{
	unsigned char key[VAULT_KEY];
	int rc;

	rc = house_read(c, HOUSE_KEY, key, sizeof(key));
	if (rc == TC_ENOENT) {
		vault_random(key, sizeof(key));
		rc = store_house_put(c->store, HOUSE_KEY, key, sizeof(key));
	}
	if (rc == 0)
		vault_set_house_key(c->vault, key);
	vault_wipe(key, sizeof(key));
	return rc;
}

static int
pair_make(struct core *c)
{
	struct vault_pair pair;
	struct buf box;
	int rc;

	vault_pair_new(&pair);
	buf_init(&box, 256);
	rc =
	    vault_box(c->vault, VAULT_BOX_PAIR, pair.sk, sizeof(pair.sk), &box);
	if (rc == 0)
		rc = store_house_put(c->store, PAIR_SK, box.data, box.len);
	if (rc == 0)
		rc = store_house_put(
		    c->store, PAIR_PK, pair.pk, sizeof(pair.pk));
	buf_clear(&box);
	vault_wipe(&pair, sizeof(pair));
	return rc;
}

int
house_pair_pk(struct core *c, unsigned char pk[VAULT_KEY])
{
	int rc = house_read(c, PAIR_PK, pk, VAULT_KEY);

	return rc == TC_ENOENT ? TC_ENOTREADY : rc;
}

int
house_pair(struct core *c, struct vault_pair *pair)
{
	struct buf box, sk;
	int rc;

	rc = house_pair_pk(c, pair->pk);
	if (rc != 0)
		return rc;
	buf_init(&box, 256);
	buf_init(&sk, sizeof(pair->sk));
	rc = store_house_get(c->store, PAIR_SK, &box);
	if (rc == 0)
		rc = vault_unbox(
		    c->vault, VAULT_BOX_PAIR, box.data, box.len, &sk);
	if (rc == 0 && sk.len != sizeof(pair->sk))
		rc = TC_ECRYPTO;
	if (rc == 0)
		memcpy(pair->sk, sk.data, sizeof(pair->sk));
	if (sk.data != NULL)
		vault_wipe(sk.data, sk.len);
	buf_clear(&sk);
	buf_clear(&box);
	return rc;
}

/* Made with the first data key that this database sees. */
static int
pair_check(struct core *c)
{
	struct vault_pair pair;
	int rc = house_pair(c, &pair);

	vault_wipe(&pair, sizeof(pair));
	return rc == TC_ENOTREADY ? pair_make(c) : rc;
}

static int
op_open(void *arg)
{
	struct core *c = arg;
	int rc = house_open_key(c);

	return rc != 0 || vault_is_locked(c->vault) ? rc : pair_check(c);
}

int
house_open(struct core *c)
{
	int rc = turn_run(c->turn, op_open, c);

	return rc != 0 ? rc : turn_commit(c->turn);
}

int
house_unlock(struct core *c, const unsigned char key[VAULT_KEY])
{
	int rc;

	vault_unlock(c->vault, key);
	rc = pair_check(c);
	if (rc != 0)
		vault_lock(c->vault);
	return rc;
}
