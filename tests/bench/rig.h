/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_BENCH_RIG_H
#define TINCAY_BENCH_RIG_H

/* What the benchmarks of the daemon's own code stand on: a content pack, a new
 * data key and database, agencies with keys. No modems, no loop. */

#include "core.h"

/* Everything of core but conf, radio and budget. 0 or an error. */
int rig_open(struct core *core, const char *content_dir, const char *state_dir);
void rig_close(struct core *core);

#endif
