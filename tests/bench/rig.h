/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_BENCH_RIG_H
#define TINCAY_BENCH_RIG_H

/* What the benchmarks of the daemon's own code stand on: a content pack, a new
 * data key and database, agencies with keys. No modems, no loop. */

#include "core.h"

/* Everything of core but conf, radio and budget. 0 or an error. */
int rig_open(struct core *core, const char *content_dir, const char *state_dir);
/* The same on what is there: the data key and the database of a daemon that has
 * ended, whose agencies have keys. */
int rig_open_with(struct core *core, const char *content_dir,
    const char *state_dir, const char *key_file);
/* One number out of the database, on a connection of its own; -1: none. */
int64_t rig_count(const char *state_dir, const char *sql);
void rig_close(struct core *core);

#endif
