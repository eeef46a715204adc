/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See world.h. */
#include "config.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "unit.h"
#include "clock.h"
#include "conf.h"
#include "inbound.h"
#include "intake/content.h"
#include "intake/budget.h"
#include "intake/intake.h"
#include "intake/ussd.h"
#include "outreach/people.h"
#include "outreach/sheet.h"
#include "store/store.h"
#include "tempdir.h"
#include "turn.h"
#include "world.h"

#define ZONE (7 * 3600)

static const struct conf no_modems;

static const char *const codes[WORLD_NAGENCIES] = {
    "RECOVERY", "TRIAGE", "HPN", "CAX", "YTE", "DCTC", "VHXH"};

static void
world_write_clock(struct world *w, int64_t offset)
{
	int fd = open(w->clock_path, O_RDWR | O_CREAT, 0600);

	assert_true(fd >= 0);
	assert_int_equal(
	    pwrite(fd, &offset, sizeof(offset), 0), sizeof(offset));
	close(fd);
}

void
world_set_minute(struct world *w, int minute)
{
	int64_t now, day;

	world_write_clock(w, 0);
	now = clock_now();
	day = (now + ZONE) / 86400 * 86400 - ZONE;
	world_write_clock(w, day + minute * 60 - now);
}

void
world_advance(struct world *w, int64_t seconds)
{
	int64_t now = clock_now(), offset;

	world_write_clock(w, 0);
	offset = now - clock_now();
	world_write_clock(w, offset + seconds);
}

static int
op_setup(void *arg)
{
	struct world *w = arg;
	struct store *s = w->core.store;
	struct user *const users[] = {&w->lan, &w->tuan, &w->hoa};
	size_t i;

	for (i = 0; i < WORLD_NAGENCIES; i++) {
		w->agencies[i].code = codes[i];
		vault_case_new(&w->agencies[i].key);
		assert_int_equal(store_agency_set_key(s, codes[i],
				     w->agencies[i].key.pk, clock_now()),
		    0);
	}
	w->lan = (struct user){.id = vault_random_id(),
	    .name = "lan",
	    .agency = "HPN",
	    .roles = ROLE_HANDLER,
	    .password = "x"};
	w->tuan = (struct user){.id = vault_random_id(),
	    .name = "tuan",
	    .agency = "VHXH",
	    .roles = ROLE_DRAFTER,
	    .password = "x"};
	w->hoa = (struct user){.id = vault_random_id(),
	    .name = "hoa",
	    .agency = "UBND",
	    .roles = ROLE_APPROVER,
	    .password = "x"};
	for (i = 0; i < TC_NELEM(users); i++)
		assert_int_equal(store_user_add(s, users[i]), 0);
	return 0;
}

void
world_up(struct world *w)
{
	assert_int_equal(store_open(w->dir, &w->core.store), 0);
	w->core.turn = turn_new(w->core.store);
	w->core.ussd = ussd_new();
	w->core.budget = budget_new();
}

void
world_open(struct world *w)
{
	char *key, *source;
	struct faults faults;

	memset(w, 0, sizeof(*w));
	w->core.conf = &no_modems;
	w->dir = tempdir_new();
	w->clock_path = xasprintf("%s/clock", w->dir);
	world_write_clock(w, 0);
	assert_int_equal(setenv("TINCAY_CLOCK", w->clock_path, 1), 0);
	assert_int_equal(clock_init(), 0);
	world_set_minute(w, 9 * 60);
	faults_init(&faults);
	w->core.content = content_load(TEST_ETC, &faults);
	assert_non_null(w->core.content);
	key = xasprintf("%s/data.key", w->dir);
	source = xasprintf("file:%s", key);
	assert_int_equal(vault_init(), 0);
	assert_int_equal(vault_new_key(key), 0);
	assert_int_equal(vault_open(source, &w->core.vault), 0);
	free(source);
	free(key);
	world_up(w);
	world_expect(w, 0, op_setup, w);
}

void
world_down(struct world *w)
{
	turn_free(w->core.turn);
	ussd_free(w->core.ussd);
	budget_free(w->core.budget);
	store_close(w->core.store);
}

void
world_restart(struct world *w)
{
	world_down(w);
	world_up(w);
}

void
world_close(struct world *w)
{
	world_down(w);
	vault_close(w->core.vault);
	content_free((struct content *)w->core.content);
	free(w->clock_path);
	tempdir_remove(w->dir);
}

void
world_expect(struct world *w, int rc, int (*op)(void *), void *arg)
{
	assert_int_equal(turn_run(w->core.turn, op, arg), rc);
	assert_int_equal(turn_commit(w->core.turn), 0);
}

struct receive {
	struct world *world;
	struct inbound in;
};

static int
op_receive(void *arg)
{
	struct receive *r = arg;

	return intake_receive(&r->world->core, &r->in);
}

void
world_receive(struct world *w, const char *number, const char *text)
{
	struct receive r = {w, {.modem = "m1",
				   .number = number,
				   .text = text,
				   .len = strlen(text),
				   .smsc_time = clock_now(),
				   .received_at = clock_now(),
				   .inbound_id = vault_random_id()}};

	world_expect(w, 0, op_receive, &r);
}

struct import_op {
	struct world *world;
	struct people_import *import;
	size_t limit;
};

static int
op_import(void *arg)
{
	struct import_op *op = arg;

	return people_import_step(&op->world->core, op->import, op->limit);
}

int
world_import(struct world *w, struct people_import *im, size_t limit)
{
	struct import_op op = {w, im, limit};
	int rc;

	do {
		rc = turn_run(w->core.turn, op_import, &op);
		assert_int_equal(turn_commit(w->core.turn), 0);
	} while (rc == 1);
	return rc;
}

void
world_sheet(struct world *w, struct people_import *im, const char *csv)
{
	struct sheet *s = sheet_read(csv, strlen(csv), im->is_dnc);

	im->sheet = s;
	assert_int_equal(world_import(w, im, 1000), 0);
	sheet_free(s);
	im->sheet = NULL;
}

static sqlite3 *
world_query(struct world *w, const char *sql, sqlite3_stmt **st)
{
	char *path = xasprintf("%s/tincay.db", w->dir);
	sqlite3 *db;

	assert_int_equal(
	    sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, st, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(*st), SQLITE_ROW);
	free(path);
	return db;
}

int64_t
world_count(struct world *w, const char *sql)
{
	sqlite3_stmt *st;
	sqlite3 *db = world_query(w, sql, &st);
	int64_t n = sqlite3_column_int64(st, 0);

	sqlite3_finalize(st);
	sqlite3_close(db);
	return n;
}

char *
world_text(struct world *w, const char *sql)
{
	sqlite3_stmt *st;
	sqlite3 *db = world_query(w, sql, &st);
	const char *text = (const char *)sqlite3_column_text(st, 0);
	char *copy = xstrdup(text != NULL ? text : "");

	sqlite3_finalize(st);
	sqlite3_close(db);
	return copy;
}

int
world_sql(struct world *w, const char *sql)
{
	char *path = xasprintf("%s/tincay.db", w->dir);
	sqlite3 *db;
	int rc;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_extended_result_codes(db, 1), SQLITE_OK);
	assert_int_equal(
	    sqlite3_exec(db, "PRAGMA foreign_keys=ON", NULL, NULL, NULL),
	    SQLITE_OK);
	rc = sqlite3_exec(db, sql, NULL, NULL, NULL);
	sqlite3_close(db);
	free(path);
	return rc;
}

const struct case_key *
world_key(const struct world *w, const char *agency)
{
	size_t i;

	for (i = 0; i < WORLD_NAGENCIES; i++)
		if (strcmp(w->agencies[i].code, agency) == 0)
			return &w->agencies[i].key;
	fail_msg("no such agency: %s", agency);
	return NULL;
}

uint64_t
world_seed(void)
{
	const char *given = getenv("TINCAY_TEST_SEED");
	uint64_t seed;

	vault_random(&seed, sizeof(seed));
	if (given != NULL)
		seed = strtoull(given, NULL, 0);
	print_message("# TINCAY_TEST_SEED=%llu\n", (unsigned long long)seed);
	return seed;
}

unsigned
world_draw(uint64_t *seed, unsigned n)
{
	/* splitmix64 */
	uint64_t z = (*seed += UINT64_C(0x9e3779b97f4a7c15));

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return (unsigned)((z ^ (z >> 31)) % n);
}

int
world_setup(void **state)
{
	struct world *w = xcalloc(1, sizeof(*w));

	world_open(w);
	*state = w;
	return 0;
}

int
world_teardown(void **state)
{
	world_close(*state);
	free(*state);
	return 0;
}
