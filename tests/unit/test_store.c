/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The database file: from nothing to the schema, what is refused at the door,
 * copies; and every write that the schema itself forbids, whoever tries. */
#include "config.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "unit.h"
#include "buf.h"
#include "clock.h"
#include "store/campaign.h"
#include "store/case.h"
#include "store/message.h"
#include "store/modem.h"
#include "store/person.h"
#include "store/schema.h"
#include "store/store.h"
#include "tempdir.h"
#include "world.h"

/* --- the file --- */

static int
file_sql(const char *path, const char *sql)
{
	sqlite3 *db;
	int rc;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	rc = sqlite3_exec(db, sql, NULL, NULL, NULL);
	sqlite3_close(db);
	return rc;
}

static void
test_from_nothing(void **state)
{
	char *dir = tempdir_new(), *path = xasprintf("%s/tincay.db", dir);
	struct store *s;
	struct stat sb;

	(void)state;
	assert_int_equal(store_open(dir, &s), 0);
	assert_int_equal(store_check(s), 0);
	assert_int_equal(stat(path, &sb), 0);
	assert_int_equal(sb.st_mode & 0777, 0600);
	store_close(s);
	/* again: nothing to migrate */
	assert_int_equal(store_open(dir, &s), 0);
	assert_int_equal(store_check(s), 0);
	store_close(s);
	free(path);
	tempdir_remove(dir);
}

/* What a file of the first version holds is in the last one, rows that refer to
 * each other included. */
static void
test_from_version_1(void **state)
{
	static const char rows[] =
	    "INSERT INTO user VALUES(1, 'a', 'HPN', 1, 'x', 0, NULL),"
	    " (2, 'b', 'HPN', 1, 'x', 0, NULL);"
	    "INSERT INTO list VALUES(3, 'l', 'HPN', 0);"
	    "INSERT INTO campaign(id, name, plan_year, list_id, author_id,"
	    " state, text_box, coding, segments, created_at)"
	    " VALUES(4, 'c', 2019, 3, 1, 'checked', x'00', 'gsm7', 1, 0);"
	    "INSERT INTO recipient VALUES(4, 7, 'queued', '', NULL);"
	    "UPDATE campaign SET state = 'running', approver_id = 2;"
	    "INSERT INTO message(id, lane, contact_id, sensitive, created_at,"
	    " nparts) VALUES(5, 1, 8, 1, 0, 1);"
	    "INSERT INTO part(id, message_id, seq, lane, queue_seq)"
	    " VALUES(6, 5, 1, 1, 9);"
	    "PRAGMA application_id=1953066595; PRAGMA user_version=1;";
	char *dir = tempdir_new(), *path = xasprintf("%s/tincay.db", dir);
	struct message m;
	struct store *s;
	int64_t person;
	struct part p;

	(void)state;
	assert_int_equal(SCHEMA_APPLICATION_ID, 1953066595);
	assert_int_equal(file_sql(path, schema_steps[0]), SQLITE_OK);
	assert_int_equal(file_sql(path, rows), SQLITE_OK);
	assert_int_equal(store_open(dir, &s), 0);
	assert_int_equal(store_check(s), 0);
	assert_int_equal(store_message_get(s, 5, &m), 0);
	assert_int_equal(m.contact_id, 8);
	assert_int_equal(store_part_get(s, 6, &p), 0);
	assert_int_equal(p.message_id, 5);
	assert_int_equal(store_recipient_next(s, 4, "", &person), 0);
	assert_int_equal(person, 7);
	store_close(s);
	free(path);
	tempdir_remove(dir);
}

/* What makes a file one that store_open() must leave alone. */
static const struct {
	const char *name, *sql;
	bool is_made_by_us; /* the SQL changes a file of ours */
} refused[] = {
    {"newer", "PRAGMA user_version=1000", true},
    {"negative version", "PRAGMA user_version=-1", true},
    {"another program's", "PRAGMA application_id=42", true},
    {"another program's, version 0",
	"CREATE TABLE t(x); PRAGMA application_id=42", false},
    {"another program's, no id", "CREATE TABLE t(x)", false},
    {"another program's, version 1", "CREATE TABLE t(x); PRAGMA user_version=1",
	false},
};

static void
test_file_of_others_is_refused(void **state)
{
	struct store *s;
	size_t i;

	(void)state;
	for (i = 0; i < TC_NELEM(refused); i++) {
		char *dir = tempdir_new();
		char *path = xasprintf("%s/tincay.db", dir);

		if (refused[i].is_made_by_us) {
			assert_int_equal(store_open(dir, &s), 0);
			store_close(s);
		}
		assert_int_equal(file_sql(path, refused[i].sql), SQLITE_OK);
		if (store_open(dir, &s) != TC_EINVAL)
			fail_msg("opened: %s", refused[i].name);
		assert_null(s);
		if (!refused[i].is_made_by_us) /* nothing of ours is in it */
			assert_int_not_equal(
			    file_sql(path, "SELECT * FROM campaign"),
			    SQLITE_OK);
		free(path);
		tempdir_remove(dir);
	}
}

static void
test_no_database_is_refused(void **state)
{
	static const char *const contents[] = {
	    "This is not a database, it is a letter of some length.....",
	    "SQLite format 3"};
	struct store *s;
	size_t i;

	(void)state;
	for (i = 0; i < TC_NELEM(contents); i++) {
		char *dir = tempdir_new();

		tempdir_write(dir, "tincay.db", contents[i]);
		assert_int_equal(store_open(dir, &s), TC_EIO);
		assert_null(s);
		tempdir_remove(dir);
	}
	assert_int_equal(store_open("/nonexistent", &s), TC_EIO);
	assert_null(s);
}

static void
test_reopening_keeps_all(void **state)
{
	struct world *w = *state;
	int i;

	world_receive(w, "0900000001", "giup toi");
	for (i = 0; i < 3; i++) {
		world_restart(w);
		assert_int_equal(
		    world_count(w, "SELECT count(*) FROM user"), 3);
		assert_int_equal(
		    world_count(w, "SELECT count(*) FROM \"case\""), 1);
		assert_int_equal(world_count(w, "SELECT count(*) FROM part"
						" WHERE state = 'queued'"),
		    1);
		assert_int_equal(store_check(w->core.store), 0);
	}
}

static void
test_backup(void **state)
{
	struct world *w = *state;
	char *dir = tempdir_new(), *path = xasprintf("%s/tincay.db", dir);
	struct store *copy;
	struct stat sb;
	struct user u;

	assert_int_equal(store_backup(w->core.store, path), 0);
	assert_int_equal(stat(path, &sb), 0);
	assert_int_equal(sb.st_mode & 0777, 0600);
	assert_int_equal(store_backup(w->core.store, path), TC_EEXIST);
	assert_int_equal(
	    store_backup(w->core.store, "/nonexistent/copy"), TC_EIO);
	assert_int_equal(store_open(dir, &copy), 0);
	assert_int_equal(store_check(copy), 0);
	assert_int_equal(store_user_by_name(copy, "lan", &u), 0);
	assert_int_equal(u.id, w->lan.id);
	store_close(copy);
	free(path);
	tempdir_remove(dir);
}

/* Overwrite the start of a page in the middle of the file. */
static void
test_check_finds_damage(void **state)
{
	char *dir = tempdir_new(), *path = xasprintf("%s/tincay.db", dir);
	char junk[512];
	struct store *s;
	FILE *f;
	int i;

	(void)state;
	assert_int_equal(store_open(dir, &s), 0);
	store_close(s);
	memset(junk, 0x5a, sizeof(junk));
	f = fopen(path, "r+b");
	assert_non_null(f);
	for (i = 3; i < 12; i++) {
		assert_int_equal(fseek(f, i * 4096L, SEEK_SET), 0);
		assert_int_equal(fwrite(junk, sizeof(junk), 1, f), 1);
	}
	assert_int_equal(fclose(f), 0);
	assert_int_equal(store_open(dir, &s), 0);
	assert_int_equal(store_check(s), TC_EIO);
	store_close(s);
	free(path);
	tempdir_remove(dir);
}

static void
test_check_finds_orphans(void **state)
{
	struct world *w = *state;

	assert_int_equal(store_check(w->core.store), 0);
	assert_int_equal(world_sql(w, "PRAGMA foreign_keys=OFF;"
				      "INSERT INTO membership VALUES(1, 2)"),
	    SQLITE_OK);
	assert_int_equal(store_check(w->core.store), TC_EIO);
}

static void
test_check_finds_a_forbidden_value(void **state)
{
	struct world *w = *state;

	world_receive(w, "0900000001", "giup toi");
	assert_int_equal(store_check(w->core.store), 0);
	assert_int_equal(world_sql(w, "PRAGMA ignore_check_constraints=ON;"
				      "UPDATE contact SET state = 'gone'"),
	    SQLITE_OK);
	assert_int_equal(store_check(w->core.store), TC_EIO);
}

/* --- what the schema forbids --- */

/* Rows to write against: user 1 and 2, a list, a person, campaigns in two
 * states, a contact, a case, a message. */
static const char rows[] =
    "INSERT INTO user VALUES(1, 'a', 'X', 0, 'x', 0, NULL),"
    " (2, 'b', 'X', 0, 'x', 0, NULL);"
    "INSERT INTO list(id, name, agency, created_at) VALUES(1, 'l', 'X', 0);"
    "INSERT INTO person(id, phone_mac, phone_box, created_at)"
    " VALUES(1, x'01', x'01', 0), (2, x'02', x'02', 0);"
    "INSERT INTO consent(id, person_id, scope, given, at, how)"
    " VALUES(1, 1, 'broadcast', 1, 0, 'sms');"
    "INSERT INTO campaign(id, name, plan_year, author_id, text_box,"
    " coding, segments, created_at)"
    " VALUES(1, 'c', 2026, 1, x'00', 'gsm7', 1, 0),"
    " (2, 'd', 2026, 1, x'00', 'gsm7', 1, 0);"
    "INSERT INTO campaign_list VALUES(1, 1), (2, 1);"
    "UPDATE campaign SET state = 'checked' WHERE id = 2;"
    "INSERT INTO recipient(campaign_id, person_id) VALUES(2, 1);"
    "UPDATE campaign SET state = 'approved', approver_id = 2 WHERE id = 2;"
    "INSERT INTO contact(id, mac, box, created_at) VALUES(1, x'01', x'01', 0);"
    "INSERT INTO \"case\"(id, code, contact_id, queue, public_key, urgency,"
    " opened_at, due_at, change)"
    " VALUES(1, 'AAAA', 1, 'HPN', zeroblob(32), 1, 0, 0, 1);"
    "INSERT INTO case_event(case_id, at, act, hash) VALUES(1, 0, 'opened',"
    " zeroblob(32));"
    "INSERT INTO message(id, lane, contact_id, sensitive, created_at, nparts)"
    " VALUES(1, 0, 1, 1, 0, 1);"
    "INSERT INTO part(id, message_id, seq, lane, queue_seq)"
    " VALUES(1, 1, 1, 0, 1);";

#define CHECKED SQLITE_CONSTRAINT_CHECK
#define TRIGGER SQLITE_CONSTRAINT_TRIGGER
#define UNIQUE SQLITE_CONSTRAINT_UNIQUE
#define FOREIGN SQLITE_CONSTRAINT_FOREIGNKEY
#define DATATYPE SQLITE_CONSTRAINT_DATATYPE

static const struct {
	int rc;
	const char *sql;
} writes[] = {
    /* two people for a campaign */
    {CHECKED, "UPDATE campaign SET approver_id = author_id WHERE id = 1"},
    {SQLITE_OK, "UPDATE campaign SET approver_id = 2 WHERE id = 1"},
    {CHECKED, "UPDATE campaign SET state = 'approved' WHERE id = 1"},
    {CHECKED, "UPDATE campaign SET state = 'running' WHERE id = 1"},
    {CHECKED, "UPDATE campaign SET state = 'paused' WHERE id = 1"},
    {CHECKED, "UPDATE campaign SET state = 'done' WHERE id = 1"},
    {SQLITE_OK, "UPDATE campaign SET state = 'checked' WHERE id = 1"},
    {SQLITE_OK, "UPDATE campaign SET state = 'cancelled' WHERE id = 1"},
    {CHECKED, "UPDATE campaign SET state = 'sent' WHERE id = 1"},
    {CHECKED, "UPDATE campaign SET approver_id = NULL WHERE id = 2"},
    {FOREIGN, "UPDATE campaign SET approver_id = 99 WHERE id = 2"},
    /* recipients are frozen */
    {TRIGGER, "INSERT INTO recipient(campaign_id, person_id) VALUES(1, 1)"},
    {TRIGGER, "INSERT INTO recipient(campaign_id, person_id) VALUES(2, 2)"},
    {SQLITE_OK, "UPDATE recipient SET state = 'suppressed'"},
    {SQLITE_OK, "DELETE FROM recipient"},
    {CHECKED, "UPDATE recipient SET state = 'expired'"},
    /* ledgers */
    {TRIGGER, "UPDATE consent SET given = 0"},
    {TRIGGER, "DELETE FROM consent"},
    {SQLITE_OK, "DELETE FROM person WHERE id = 1"}, /* with his consents */
    {CHECKED, "INSERT INTO consent(id, person_id, scope, given, at, how)"
	      " VALUES(2, 1, 'broadcast', 2, 0, 'sms')"},
    {FOREIGN, "INSERT INTO consent(id, person_id, scope, given, at, how)"
	      " VALUES(2, 9, 'broadcast', 1, 0, 'sms')"},
    {TRIGGER, "UPDATE case_event SET act = 'viewed'"},
    {TRIGGER, "DELETE FROM case_event"},
    /* people, contacts */
    {UNIQUE, "INSERT INTO person(id, phone_mac, phone_box, created_at)"
	     " VALUES(3, x'01', x'03', 0)"},
    {CHECKED, "UPDATE person SET consenting = 2"},
    {UNIQUE, "INSERT INTO contact(id, mac, box, created_at)"
	     " VALUES(2, x'01', x'02', 0)"},
    {CHECKED, "UPDATE contact SET state = 'gone'"},
    {CHECKED, "UPDATE contact SET state = 'hushed'"}, /* a flag */
    {SQLITE_OK, "UPDATE contact SET state = 'unsafe', hushed = 1"},
    {UNIQUE,
	"INSERT INTO list(id, name, agency, created_at) VALUES(2, 'l', 'Y', 0)"},
    {UNIQUE, "INSERT INTO user VALUES(3, 'a', 'Y', 0, 'x', 0, NULL)"},
    {CHECKED,
	"INSERT INTO agency(code, public_key, key_set_at) VALUES('NEW', zeroblob(31), 0)"},
    {UNIQUE, "INSERT INTO \"case\"(id, code, contact_id, queue, public_key,"
	     " urgency, opened_at, due_at, change)"
	     " VALUES(2, 'AAAA', 1, 'X', zeroblob(32), 1, 0, 0, 2)"},
    {UNIQUE, "INSERT INTO \"case\"(id, code, contact_id, queue, public_key,"
	     " urgency, opened_at, due_at, change)"
	     " VALUES(2, 'BBBB', 1, 'X', zeroblob(32), 1, 0, 0, 1)"},
    /* messages */
    {CHECKED, "UPDATE message SET person_id = 1"},
    {CHECKED, "UPDATE message SET contact_id = NULL"},
    {CHECKED, "UPDATE message SET lane = 4"},
    {CHECKED, "UPDATE message SET state = 'submitting'"},
    {SQLITE_OK, "UPDATE message SET state = 'expired'"},
    {CHECKED, "UPDATE part SET state = 'expired'"},
    {SQLITE_OK, "UPDATE part SET state = 'uncertain'"},
    {FOREIGN, "INSERT INTO part(id, message_id, seq, lane, queue_seq)"
	      " VALUES(2, 9, 1, 0, 1)"},
    /* cases */
    {CHECKED, "UPDATE \"case\" SET state = 'referred'"},
    {CHECKED, "UPDATE \"case\" SET urgency = 5"},
    {CHECKED, "UPDATE \"case\" SET urgency = -1"},
    {CHECKED, "UPDATE \"case\" SET public_key = zeroblob(33)"},
    {FOREIGN, "UPDATE \"case\" SET claimed_by = 99"},
    {SQLITE_OK, "UPDATE \"case\" SET claimed_by = 1, state = 'claimed'"},
    /* STRICT */
    {DATATYPE, "UPDATE person SET created_at = 'yesterday'"},
};

static void
test_what_the_schema_forbids(void **state)
{
	struct world *w = *state;
	char *sql;
	size_t i;
	int rc;

	assert_int_equal(world_sql(w, rows), SQLITE_OK);
	for (i = 0; i < TC_NELEM(writes); i++) {
		sql = xasprintf("BEGIN; %s; ROLLBACK", writes[i].sql);
		rc = world_sql(w, sql);
		if (rc != writes[i].rc)
			fail_msg("%d instead of %d: %s", rc, writes[i].rc,
			    writes[i].sql);
		free(sql);
	}
	assert_int_equal(world_sql(w, "DELETE FROM person WHERE id = 1"), 0);
	assert_int_equal(world_count(w, "SELECT count(*) FROM consent"), 0);
}

/* The same through the verbs: errors as store.h says. */
static void
test_verbs_tell_why(void **state)
{
	struct world *w = *state;
	struct store *s = w->core.store;
	unsigned char mac[32] = {1}, none[32] = {9};
	struct person p = {.id = 7, .language = "vi"}, found;
	struct campaign_move self = {1, "draft", "checked", NULL, 1, 5};
	struct campaign_move twice = {1, "draft", "checked", NULL, 2, 5};
	struct list l = {.id = 8, .name = "l", .agency = "X"};
	struct case_row k;
	struct buf box;

	assert_int_equal(world_sql(w, rows), SQLITE_OK);
	buf_init(&box, 16);
	(void)buf_put_str(&box, "x");
	assert_int_equal(store_person_add(s, &p, mac, &box), 0);
	p.id = 8;
	assert_int_equal(store_person_add(s, &p, mac, &box), TC_EEXIST);
	assert_int_equal(store_person_find(s, mac, &found), 0);
	assert_int_equal(found.id, 7);
	assert_int_equal(store_person_find(s, none, &found), TC_ENOENT);
	assert_int_equal(store_person_get(s, 99, &found), TC_ENOENT);
	assert_int_equal(store_campaign_move(s, &self), TC_ESTATE);
	assert_int_equal(store_campaign_move(s, &twice), 0);
	assert_int_equal(store_campaign_move(s, &twice), TC_ESTATE);
	assert_int_equal(store_recipient_freeze(s, 2), 0);
	assert_int_equal(world_sql(w, "UPDATE person SET consenting = 1;"
				      "INSERT INTO membership VALUES(1, 2)"),
	    SQLITE_OK);
	assert_int_equal(store_recipient_freeze(s, 2), TC_ESTATE);
	assert_int_equal(store_list_add(s, &l, 0), TC_EEXIST);
	assert_int_equal(store_case_get(s, 99, &k), TC_ENOENT);
	assert_int_equal(store_agency_set_key(s, "HPN", mac, 0), TC_EEXIST);
	buf_clear(&box);
}

/* Nothing known comes back as nothing known, the rest as it was written. */
static void
test_modem_rows(void **state)
{
	char *dir = tempdir_new();
	struct modem_row row, got;
	struct store *s;

	(void)state;
	assert_int_equal(store_open(dir, &s), 0);
	assert_int_equal(store_modem_get(s, "m1", &row), TC_ENOENT);
	assert_string_equal(row.name, "m1");
	memset(row.imsi_mac, 7, sizeof(row.imsi_mac));
	memcpy(row.held, "by hand", sizeof("by hand"));
	row.skip = 5;
	row.pin_open = true;
	assert_int_equal(store_modem_set_credit(s, "m1", -12, 99), 0);
	/* Who writes what it knows of the stick has an old credit in hand. */
	assert_int_equal(store_modem_put(s, &row), 0);
	row.credit = -12;
	row.credit_at = 99;
	assert_int_equal(store_modem_get(s, "m1", &got), 0);
	assert_memory_equal(&got, &row, sizeof(row));
	store_close(s);
	tempdir_remove(dir);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_from_nothing),
	    cmocka_unit_test(test_from_version_1),
	    cmocka_unit_test(test_modem_rows),
	    cmocka_unit_test(test_file_of_others_is_refused),
	    cmocka_unit_test(test_no_database_is_refused),
	    WORLD_TEST(test_reopening_keeps_all),
	    WORLD_TEST(test_backup),
	    cmocka_unit_test(test_check_finds_damage),
	    WORLD_TEST(test_check_finds_orphans),
	    WORLD_TEST(test_check_finds_a_forbidden_value),
	    WORLD_TEST(test_what_the_schema_forbids),
	    WORLD_TEST(test_verbs_tell_why),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
