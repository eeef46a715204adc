/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What outreach adds to the schema: one of the steps in schema.c. */
#include "config.h"

#include "store/schema.h"

const char schema_outreach[] =
    /* Numbers that no sheet may bring in: who was forgotten, and the national
     * do-not-call list. */
    "CREATE TABLE do_not_import("
    "  mac BLOB PRIMARY KEY,"
    "  why TEXT NOT NULL CHECK(why IN ('forgotten', 'dnc')),"
    "  at INTEGER NOT NULL"
    ") STRICT, WITHOUT ROWID;"
    "ALTER TABLE person ADD COLUMN is_minor INTEGER NOT NULL DEFAULT 0;";
