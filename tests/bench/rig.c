/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See rig.h. */
#include "config.h"

#include <sqlite3.h>
#include <stdlib.h>

#include "clock.h"
#include "desk/flood.h"
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
rig_open_with(struct core *core, const char *content_dir, const char *state_dir,
    const char *key_file)
{
	char *source = xasprintf("file:%s", key_file);
	struct faults faults;
	int rc;

	faults_init(&faults);
	core->content = content_load(content_dir, &faults);
	faults_clear(&faults);
	rc = core->content != NULL ? vault_init() : TC_EINVAL;
	if (rc == 0)
		rc = vault_open(source, &core->vault);
	if (rc == 0)
		rc = store_open(state_dir, &core->store);
	free(source);
	if (rc == 0) {
		core->turn = turn_new(core->store);
		core->flood = flood_new();
	}
	return rc;
}

int
rig_open(struct core *core, const char *content_dir, const char *state_dir)
{
	char *key = xasprintf("%s/data.key", state_dir);
	int rc;

	if ((rc = vault_init()) == 0)
		rc = vault_new_key(key);
	if (rc == 0)
		rc = rig_open_with(core, content_dir, state_dir, key);
	free(key);
	return rc != 0 ? rc : turn_run(core->turn, op_setup, core);
}

int64_t
rig_count(const char *state_dir, const char *sql)
{
	char *path = xasprintf("%s/tincay.db", state_dir);
	sqlite3_stmt *st = NULL;
	sqlite3 *db = NULL;
	int64_t n = -1;

	if (sqlite3_open(path, &db) == SQLITE_OK &&
	    sqlite3_prepare_v2(db, sql, -1, &st, NULL) == SQLITE_OK &&
	    sqlite3_step(st) == SQLITE_ROW)
		n = sqlite3_column_int64(st, 0);
	sqlite3_finalize(st);
	sqlite3_close(db);
	free(path);
	return n;
}

void
rig_close(struct core *core)
{
	flood_free(core->flood);
	turn_free(core->turn);
	store_close(core->store);
	vault_close(core->vault);
	content_free((struct content *)core->content);
}
