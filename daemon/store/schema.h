/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_SCHEMA_H
#define TINCAY_SCHEMA_H

/*
 * The tables and the steps that lead to them. Private to store/.
 *
 * Step i brings a file from user_version i to i + 1, in one transaction. A step
 * that was released is never changed again. Foreign keys are off meanwhile, so
 * that a step may make a table anew.
 */

#include <stddef.h>

#define SCHEMA_APPLICATION_ID 0x74696e63 /* "tinc" */

/* Steps that are files of their own. */
extern const char schema_outreach[];

extern const char *const schema_steps[];
extern const size_t schema_nsteps;

/* Steps with a file of their own. */
extern const char schema_desk[];

#endif
