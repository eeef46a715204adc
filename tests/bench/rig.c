/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See rig.h. */
#include "config.h"

#include <stdlib.h>

#include "clock.h"
#include "faults.h"
#include "intake/content.h"
#include "rig.h"
#include "store/store.h"
#include "store/user.h"
#include "turn.h"
#include "vault/vault.h"

static int
op_setup(void *arg)
{
	static const char *const agencies[] = {
	    "RECOVERY", "TRIAGE", "HPN", "VHXH"};
	struct core *core = arg;
	struct case_key key;
	size_t i;
	int rc;

	for (i = 0; i < TC_NELEM(agencies); i++) {
		vault_case_new(&key); /* any X25519 pair does */
		rc = store_agency_set_key(
		    core->store, agencies[i], key.pk, clock_now());
		if (rc != 0)
			return rc;
	}
	return 0;
}

int
rig_open(struct core *core, const char *content_dir, const char *state_dir)
{
	char *key = xasprintf("%s/data.key", state_dir);
	char *source = xasprintf("file:%s", key);
	struct faults faults;
	int rc;

	faults_init(&faults);
	core->content = content_load(content_dir, &faults);
	faults_clear(&faults);
	rc = core->content != NULL ? vault_init() : TC_EINVAL;
	if (rc == 0)
		rc = vault_new_key(key);
	if (rc == 0)
		rc = vault_open(source, &core->vault);
	if (rc == 0)
		rc = store_open(state_dir, &core->store);
	free(source);
	free(key);
	if (rc != 0)
		return rc;
	core->turn = turn_new(core->store);
	return turn_run(core->turn, op_setup, core);
}

void
rig_close(struct core *core)
{
	turn_free(core->turn);
	store_close(core->store);
	vault_close(core->vault);
	content_free((struct content *)core->content);
}
