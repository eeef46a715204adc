/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_STORE_H
#define TINCAY_STORE_H

/*
 * The database: one SQLite file, one writer, the only folder with SQL. One verb
 * file per subject (store_case.c, store_message.c ...); each keeps its
 * statements in a table that is prepared at start, so that a wrong SQL fails at
 * boot and in a test.
 *
 * What a verb returns: 0 (or a count), TC_ENOENT (no such row), TC_EEXIST (a
 * UNIQUE refused), TC_ESTATE (a CHECK or a trigger refused: not a legal move),
 * TC_EIO (everything else; logged here once with SQLite's words, never with
 * values).
 */

#include "util.h"

struct store;

/* Open (create) DIR/tincay.db: WAL, synchronous=FULL, foreign keys, migrations
 * up to date. 0; TC_EIO; TC_EINVAL: the file is newer than this program, or not
 * ours. */
int store_open(const char *dir, struct store **out) TC_MUSTCHECK;
void store_close(struct store *s);

/* For turn.c alone; a savepoint inside an op may be opened and taken back by
 * whoever needs a dry run. */
int store_begin(struct store *s) TC_MUSTCHECK;
int store_commit(struct store *s) TC_MUSTCHECK;
void store_rollback(struct store *s);
int store_savepoint(struct store *s) TC_MUSTCHECK;
int store_release(struct store *s) TC_MUSTCHECK;
int store_rollback_to(struct store *s) TC_MUSTCHECK;

/* Another connection to the same file, for one long read on the helper thread:
 * it sees one state of the database and cannot write. No migrations. As
 * store_open(). */
int store_open_reader(const char *dir, struct store **out) TC_MUSTCHECK;

/* Check everything that SQLite can check (PRAGMA integrity_check,
 * foreign_key_check). 0, TC_EIO. */
int store_check(struct store *s) TC_MUSTCHECK;

/* Passive checkpoint, called when the daemon is idle. */
void store_checkpoint(struct store *s);

/* Everything into the database file, and the WAL cut to nothing: what was
 * deleted is nowhere any more. No transaction may be open. 0; TC_EAGAIN: a
 * reader is in the way; TC_EIO. */
int store_truncate(struct store *s) TC_MUSTCHECK;

/* A consistent copy into a new file (VACUUM INTO); holds the loop for its
 * length. 0, TC_EEXIST, TC_EIO. */
int store_backup(struct store *s, const char *path) TC_MUSTCHECK;

#endif
