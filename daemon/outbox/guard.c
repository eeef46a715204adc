/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The guard of trusted addresses (guard.h). Called by render.c, by outreach and
 * intake for what they send, by desk and server.c for the content pack. Owns a
 * small table of hashes of texts that passed. */
#include "config.h"

#include <string.h>

#include "intake/content.h"
#include "outbox/guard.h"
#include "store/address.h"
#include "vault/vault.h"
#include "wordrun.h"

_Static_assert(WORDRUN_MAC == VAULT_FINGERPRINT, "fingerprints");
_Static_assert(ADDRESS_MAC == VAULT_FINGERPRINT, "fingerprints");

#define GUARD_PASSED 128

/* Keyed with the data key and the state of the registry: nothing of another
 * database or of yesterday's registry fits. */
static unsigned char guard_passed[GUARD_PASSED][VAULT_MAC];

struct guard {
	struct core *core;
	unsigned char key[VAULT_KEY];
};

static int
guard_run(const char *run, size_t len, void *ctx)
{
	unsigned char mac[VAULT_FINGERPRINT];
	struct guard *g = ctx;
	int rc;

	vault_fingerprint(g->key, run, len, mac);
	rc = store_address_has_run(g->core->store, mac);
	return rc > 0 ? TC_EDENIED : rc;
}

static int
guard_look(struct core *c, const char *text)
{
	struct guard g = {.core = c};
	int rc;

	vault_address_key(c->vault, g.key);
	rc = wordrun_each(text, guard_run, &g);
	vault_wipe(g.key, sizeof(g.key));
	return rc == TC_EFULL ? TC_EINVAL : rc;
}

/* What this text is remembered by while the registry is as it is. */
static void
guard_hash(struct core *c, int64_t change, const char *text,
    unsigned char out[VAULT_MAC])
{
	unsigned char inner[VAULT_MAC + sizeof(change)];

	vault_mac(c->vault, VAULT_GUARD, text, strlen(text), inner);
	memcpy(inner + VAULT_MAC, &change, sizeof(change));
	vault_mac(c->vault, VAULT_GUARD, inner, sizeof(inner), out);
}

int
outbox_guard(struct core *c, const char *text)
{
	unsigned char hash[VAULT_MAC], *place;
	int64_t change;
	int rc;

	if ((rc = store_address_change(c->store, &change)) != 0)
		return rc;
	if (change == 0)
		return 0; /* there never was an address */
	guard_hash(c, change, text, hash);
	place = guard_passed[hash[0] % GUARD_PASSED];
	if (memcmp(place, hash, sizeof(hash)) == 0)
		return 0;
	rc = guard_look(c, text);
	if (rc == 0)
		memcpy(place, hash, sizeof(hash));
	return rc;
}

static int
guard_pack_text(const char *name, const char *text, void *ctx)
{
	struct core *c = ((void **)ctx)[0];
	const char **found = ((void **)ctx)[1];
	int rc = outbox_guard(c, text);

	if (rc != 0)
		*found = name;
	return rc;
}

int
outbox_guard_content(
    struct core *c, const struct content *content, const char **name)
{
	void *ctx[] = {c, name};

	*name = "";
	return content_each_text(content, guard_pack_text, ctx);
}
