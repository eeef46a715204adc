/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who reported, apart from what was reported: witness.h. Called by file.c and
 * http/. */
#include "config.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "clock.h"
#include "desk/desk_private.h"
#include "desk/witness.h"
#include "store/seal.h"
#include "vault/vault.h"

static const char *const reasons[] = {"call", "danger", "legal"};

int
witness_keep(struct core *c, const struct case_row *k, const char *number)
{
	json_t *o = json_pack("{s:s}", "number", number);
	char *json = o != NULL ? json_dumps(o, JSON_COMPACT) : NULL;
	struct buf sealed;
	int rc;

	json_decref(o);
	if (json == NULL)
		return TC_EINVAL;
	buf_init(&sealed, 1024);
	rc = vault_case_seal_item(k->public_key, json, strlen(json), &sealed);
	vault_wipe(json, strlen(json));
	free(json);
	if (rc == 0)
		rc = store_reporter_add(c->store, k->id, clock_now(), &sealed);
	buf_clear(&sealed);
	return rc;
}

int
witness_is(struct core *c, int64_t case_id)
{
	struct buf sealed;
	int rc;

	buf_init(&sealed, 1024);
	rc = store_reporter_get(c->store, case_id, &sealed);
	buf_clear(&sealed);
	return rc == TC_ENOENT ? 0 : rc == 0 ? 1 : rc;
}

int
witness_view(struct core *c, const struct user *u, struct witness_look *look)
{
	struct case_row k;
	size_t i;
	int rc;

	for (i = 0; i < TC_NELEM(reasons); i++)
		if (strcmp(reasons[i], look->reason) == 0)
			break;
	if (i == TC_NELEM(reasons))
		return TC_EINVAL;
	if ((rc = desk_own(c, u, look->code, &k)) != 0)
		return rc;
	rc = store_seal_get(c->store, k.id, u->agency, look->sealed_key);
	if (rc != 0)
		return rc == TC_ENOENT ? TC_EDENIED : rc;
	rc = store_reporter_get(c->store, k.id, look->sealed);
	return rc != 0 ? rc : desk_log(c, k.id, "reporter", look->reason, u);
}
