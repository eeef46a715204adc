/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The database file: opening, migrating, transactions. Called by server.c and
 * turn.c; the verbs are in the subject files beside this one.
 *
 * WAL with synchronous=FULL: a commit that returned survives a power cut.
 * There is one connection and one writer, so SQLITE_BUSY can only come from a
 * person with the sqlite3 shell: it is waited for a little and then an error of
 * the turn, never of the daemon.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "buf.h"
#include "log.h"
#include "store/schema.h"
#include "store/store_private.h"

#define STORE_BUSY_MS 250

static const char *const store_pragmas[] = {
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=OFF", /* on behind the migration */
    "PRAGMA trusted_schema=OFF",
    "PRAGMA secure_delete=ON",
    "PRAGMA cache_size=-4096",
    "PRAGMA temp_store=MEMORY",
    "PRAGMA wal_autocheckpoint=4000",
};

static const char *const control_sql[] = {
    [CONTROL_BEGIN] = "BEGIN IMMEDIATE",
    [CONTROL_COMMIT] = "COMMIT",
    [CONTROL_ROLLBACK] = "ROLLBACK",
    [CONTROL_SAVEPOINT] = "SAVEPOINT op",
    [CONTROL_RELEASE] = "RELEASE op",
    [CONTROL_ROLLBACK_TO] = "ROLLBACK TO op",
};
const struct sql_table sql_control = {control_sql, TC_NELEM(control_sql)};

static const struct sql_table *const store_tables[SQL_NSUBJECTS] = {
    [SUBJECT_CONTROL] = &sql_control,
    [SUBJECT_ADDRESS] = &sql_address,
    [SUBJECT_ALARM] = &sql_alarm,
    [SUBJECT_CASE] = &sql_case,
    [SUBJECT_CAMPAIGN] = &sql_campaign,
    [SUBJECT_CONTACT] = &sql_contact,
    [SUBJECT_DUE] = &sql_due,
    [SUBJECT_DUTY] = &sql_duty,
    [SUBJECT_HEALTH] = &sql_health,
    [SUBJECT_INBOUND] = &sql_inbound,
    [SUBJECT_LOCKED] = &sql_locked,
    [SUBJECT_MESSAGE] = &sql_message,
    [SUBJECT_MODEM] = &sql_modem,
    [SUBJECT_PERSON] = &sql_person,
    [SUBJECT_PURGE] = &sql_purge,
    [SUBJECT_REKEY] = &sql_rekey,
    [SUBJECT_SEAL] = &sql_seal,
    [SUBJECT_USER] = &sql_user,
    [SUBJECT_WEBHOOK] = &sql_webhook,
};

static int
store_pragma(struct store *s, const char *sql)
{
	char *why = NULL;

	if (sqlite3_exec(s->db, sql, NULL, NULL, &why) == SQLITE_OK)
		return 0;
	log_err("store statement failed what=\"%s\" why=\"%s\"", sql,
	    why != NULL ? why : "?");
	sqlite3_free(why);
	return TC_EIO;
}

static int
store_pragma_int(struct store *s, const char *sql, int64_t *out)
{
	sqlite3_stmt *st;
	int rc;

	if (sqlite3_prepare_v2(s->db, sql, -1, &st, NULL) != SQLITE_OK)
		return TC_EIO;
	rc = sqlite3_step(st) == SQLITE_ROW ? 0 : TC_EIO;
	if (rc == 0)
		*out = sqlite3_column_int64(st, 0);
	sqlite3_finalize(st);
	return rc;
}

static int
store_migrate_step(struct store *s, size_t step)
{
	char *sql;
	int rc;

	sql = xasprintf("BEGIN IMMEDIATE; %s PRAGMA application_id=%d; "
			"PRAGMA user_version=%zu; COMMIT",
	    schema_steps[step], SCHEMA_APPLICATION_ID, step + 1);
	rc = store_pragma(s, sql);
	free(sql);
	if (rc != 0)
		(void)sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
	return rc;
}

/* A copy of the file as it was, before the first step that changes it. */
static int
store_backup_before(struct store *s, const char *path, int64_t version)
{
	char *copy = xasprintf("%s.before-%lld", path, (long long)version + 1);
	int rc;

	rc = store_backup(s, copy);
	free(copy);
	return rc == TC_EEXIST ? 0 : rc;
}

/* May this program work on the file? An empty one becomes ours; version 0 with
 * anything in it is another program's. */
static int
store_is_ours(struct store *s, int64_t version, bool *is_ours)
{
	int64_t app = 0, objects = 0;

	if (store_pragma_int(s, "PRAGMA application_id", &app) != 0 ||
	    store_pragma_int(
		s, "SELECT count(*) FROM sqlite_schema", &objects) != 0)
		return TC_EIO;
	*is_ours = version == 0
		       ? app == 0 && objects == 0
		       : version > 0 && version <= (int64_t)schema_nsteps &&
			     app == SCHEMA_APPLICATION_ID;
	return 0;
}

static int
store_migrate(struct store *s, const char *path)
{
	int64_t version = 0;
	bool is_ours;
	size_t step;
	int rc;

	if (store_pragma_int(s, "PRAGMA user_version", &version) != 0 ||
	    store_is_ours(s, version, &is_ours) != 0)
		return TC_EIO;
	if (!is_ours) {
		log_err("store file is newer than this program or not ours "
			"path=%s version=%lld",
		    path, (long long)version);
		return TC_EINVAL;
	}
	if (version > 0 && version < (int64_t)schema_nsteps &&
	    (rc = store_backup_before(s, path, version)) != 0)
		return rc;
	for (step = (size_t)version; step < schema_nsteps; step++) {
		if ((rc = store_migrate_step(s, step)) != 0)
			return rc;
		log_info("store migrated version=%zu", step + 1);
	}
	return 0;
}

static int
store_prepare(struct store *s)
{
	const struct sql_table *t;
	size_t subject, i;

	for (subject = 0; subject < SQL_NSUBJECTS; subject++) {
		t = store_tables[subject];
		s->statements[subject] = xcalloc(t->n, sizeof(sqlite3_stmt *));
		for (i = 0; i < t->n; i++) {
			if (sqlite3_prepare_v3(s->db, t->sql[i], -1,
				SQLITE_PREPARE_PERSISTENT,
				&s->statements[subject][i], NULL) == SQLITE_OK)
				continue;
			log_err("store statement does not compile sql=\"%s\" "
				"why=\"%s\"",
			    t->sql[i], sqlite3_errmsg(s->db));
			return TC_EIO;
		}
	}
	return 0;
}

static int
store_connect(struct store *s, const char *path, int flags)
{
	if (sqlite3_open_v2(path, &s->db,
		flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE,
		NULL) != SQLITE_OK) {
		log_err("store cannot open path=%s why=\"%s\"", path,
		    s->db != NULL ? sqlite3_errmsg(s->db) : "no memory");
		return TC_EIO;
	}
	sqlite3_busy_timeout(s->db, STORE_BUSY_MS);
	return 0;
}

static int
store_open_file(struct store *s, const char *path)
{
	size_t i;
	int rc;

	rc = store_connect(s, path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
	if (rc != 0)
		return rc;
	for (i = 0; i < TC_NELEM(store_pragmas); i++)
		if ((rc = store_pragma(s, store_pragmas[i])) != 0)
			return rc;
	if ((rc = store_migrate(s, path)) != 0 ||
	    (rc = store_pragma(s, "PRAGMA foreign_keys=ON")) != 0)
		return rc;
	/* A daemon that was killed may have left in the WAL what it purged. */
	if (store_truncate(s) != 0)
		log_warn("store cannot empty the WAL, it is tried again when "
			 "something is purged");
	return store_prepare(s);
}

int
store_open(const char *dir, struct store **out)
{
	struct store *s = xcalloc(1, sizeof(*s));
	char *path = xasprintf("%s/tincay.db", dir);
	mode_t mask;
	int rc;

	*out = NULL;
	/* Its own statistics cost a lock each time it takes memory; refused,
	 * and harmless, when the library was used before. */
	(void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
	mask = umask(077);
	rc = store_open_file(s, path);
	umask(mask);
	free(path);
	if (rc != 0) {
		store_close(s);
		return rc;
	}
	*out = s;
	return 0;
}

int
store_open_reader(const char *dir, struct store **out)
{
	struct store *s = xcalloc(1, sizeof(*s));
	char *path = xasprintf("%s/tincay.db", dir);
	int rc;

	*out = NULL;
	rc = store_connect(s, path, SQLITE_OPEN_READONLY);
	free(path);
	if (rc == 0)
		rc = store_prepare(s);
	if (rc != 0)
		store_close(s);
	else
		*out = s;
	return rc;
}

void
store_close(struct store *s)
{
	size_t subject, i;

	if (s == NULL)
		return;
	for (subject = 0; subject < SQL_NSUBJECTS; subject++) {
		if (s->statements[subject] == NULL)
			continue;
		for (i = 0; i < store_tables[subject]->n; i++)
			sqlite3_finalize(s->statements[subject][i]);
		free(s->statements[subject]);
	}
	sqlite3_close(s->db);
	free(s);
}

static int
store_control(struct store *s, int statement)
{
	int rc = sql_run(s, SQL_ID(SUBJECT_CONTROL, statement), "");

	return rc < 0 ? rc : 0;
}

int
store_begin(struct store *s)
{
	return store_control(s, CONTROL_BEGIN);
}

int
store_commit(struct store *s)
{
	return store_control(s, CONTROL_COMMIT);
}

void
store_rollback(struct store *s)
{
	/* After some errors SQLite has rolled back by itself. */
	if (sqlite3_get_autocommit(s->db) == 0)
		(void)store_control(s, CONTROL_ROLLBACK);
}

int
store_savepoint(struct store *s)
{
	return store_control(s, CONTROL_SAVEPOINT);
}

int
store_release(struct store *s)
{
	return store_control(s, CONTROL_RELEASE);
}

int
store_rollback_to(struct store *s)
{
	int rc;

	if (sqlite3_get_autocommit(s->db) != 0)
		return TC_EIO;
	rc = store_control(s, CONTROL_ROLLBACK_TO);
	return rc != 0 ? rc : store_control(s, CONTROL_RELEASE);
}

int
store_check(struct store *s)
{
	sqlite3_stmt *st;
	int rc = TC_EIO;

	if (sqlite3_prepare_v2(
		s->db, "PRAGMA integrity_check(1)", -1, &st, NULL) != SQLITE_OK)
		return TC_EIO;
	if (sqlite3_step(st) == SQLITE_ROW &&
	    strcmp((const char *)sqlite3_column_text(st, 0), "ok") == 0)
		rc = 0;
	sqlite3_finalize(st);
	if (rc != 0 || sqlite3_prepare_v2(s->db, "PRAGMA foreign_key_check", -1,
			   &st, NULL) != SQLITE_OK)
		return TC_EIO;
	rc = sqlite3_step(st) == SQLITE_DONE ? 0 : TC_EIO;
	sqlite3_finalize(st);
	return rc;
}

void
store_checkpoint(struct store *s)
{
	(void)sqlite3_wal_checkpoint_v2(
	    s->db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
}

int
store_truncate(struct store *s)
{
	int frames = -1, rc;

	rc = sqlite3_wal_checkpoint_v2(
	    s->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, &frames, NULL);
	if (rc == SQLITE_OK && frames == 0)
		return 0;
	return rc == SQLITE_BUSY || rc == SQLITE_LOCKED ? TC_EAGAIN : TC_EIO;
}

int
store_backup(struct store *s, const char *path)
{
	sqlite3_stmt *st;
	struct stat sb;
	mode_t mask;
	int rc;

	if (stat(path, &sb) == 0)
		return TC_EEXIST;
	if (sqlite3_prepare_v2(s->db, "VACUUM INTO ?1", -1, &st, NULL) !=
	    SQLITE_OK)
		return TC_EIO;
	mask = umask(077);
	sqlite3_bind_text(st, 1, path, -1, SQLITE_STATIC);
	rc = sqlite3_step(st) == SQLITE_DONE ? 0 : TC_EIO;
	umask(mask);
	sqlite3_finalize(st);
	return rc;
}
