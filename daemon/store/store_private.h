/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_STORE_PRIVATE_H
#define TINCAY_STORE_PRIVATE_H

/* What store.c and sql.c share. */

#include "store/sql.h"

enum control_statement {
	CONTROL_BEGIN,
	CONTROL_COMMIT,
	CONTROL_ROLLBACK,
	CONTROL_SAVEPOINT,
	CONTROL_RELEASE,
	CONTROL_ROLLBACK_TO
};
extern const struct sql_table sql_control;

struct store {
	sqlite3 *db;
	sqlite3_stmt **statements[SQL_NSUBJECTS];
};

#endif
