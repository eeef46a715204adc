/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_TEST_WORLD_H
#define TINCAY_TEST_WORLD_H

/*
 * A commune in a temporary folder for the unit tests of daemon/: the shipped
 * content pack, a data key, a fresh database, agencies with keys that the test
 * holds, two users. No modems and no loop: the test calls the modules and
 * commits the turn itself. The clock is driven.
 */

#include "core.h"
#include "store/user.h"
#include "vault/vault.h"

#define WORLD_NAGENCIES 7

struct world {
	struct core core;
	char *dir;
	char *clock_path;
	struct {
		const char *code;
		struct case_key key;
	} agencies[WORLD_NAGENCIES];
	struct user lan;  /* handler of HPN */
	struct user tuan; /* drafter */
	struct user hoa;  /* approver */
};

/* Fails the test when anything of it does not work. */
void world_open(struct world *w);
void world_close(struct world *w);

/* Close and open the database again, as after a restart; or one of the two. */
void world_restart(struct world *w);
void world_down(struct world *w);
void world_up(struct world *w);

/* Set the commune's wall clock to a minute of the day (UTC+7), today. */
void world_set_minute(struct world *w, int minute);
/* Let the wall clock run on by some seconds. */
void world_advance(struct world *w, int64_t seconds);

/* Run op in the turn and commit; fails the test when it is not rc. */
void world_expect(struct world *w, int rc, int (*op)(void *), void *arg);

/* A text arrives on modem "m1" now. */
void world_receive(struct world *w, const char *number, const char *text);

struct people_import;
/* Write what people.sheet holds, limit rows a turn. 0 or an error. */
int world_import(struct world *w, struct people_import *im, size_t limit);
/* A sheet without faults, read and written. */
void world_sheet(struct world *w, struct people_import *im, const char *csv);

/* One value of the database. */
int64_t world_count(struct world *w, const char *sql);
char *world_text(struct world *w, const char *sql);

/* Run SQL on a connection of its own, as a person with a shell would; no turn may be open. Returns SQLite's extended code. */
int world_sql(struct world *w, const char *sql);

/* The key pair of an agency of this world. */
const struct case_key *world_key(const struct world *w, const char *agency);

/* A seed for a test with random operations: printed, so that a failure can be repeated with TINCAY_TEST_SEED. */
uint64_t world_seed(void);
/* The next number of the generator, 0..n-1. */
unsigned world_draw(uint64_t *seed, unsigned n);

/* For cmocka: *state is a struct world. */
int world_setup(void **state);
int world_teardown(void **state);
#define WORLD_TEST(test)                                                       \
	cmocka_unit_test_setup_teardown(test, world_setup, world_teardown)

#endif
