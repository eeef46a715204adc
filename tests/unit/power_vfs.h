/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_TEST_POWER_VFS_H
#define TINCAY_TEST_POWER_VFS_H

/*
 * A disk whose power can be cut, for the tests of what is durable: an SQLite VFS
 * over the real one. It remembers, file by file, what was written and not yet
 * synchronised, and which names were made or removed since the folder was. When
 * the power fails every call fails; power_restore() then leaves on the real disk
 * what such a disk may have kept: any part of what was not synchronised, in
 * sectors, some of them torn, and rubbish in the shared memory.
 *
 * All files are in one folder. What a write does not touch is not harmed by it,
 * as SQLite expects of a disk.
 */

#include <stdbool.h>
#include <stdint.h>

/* Make it the default of this process. Once. */
void power_install(void);

/* Forget everything: what is on the disk now is safe. No file may be open. */
void power_reset(void);

/* The power fails at the n-th write, truncation, removal or synchronisation from
 * now on; 0: it stays. */
void power_cut_at(uint64_t n);
/* How many there were since power_reset(), power_cut_at() or power_restore(). */
uint64_t power_ops(void);
bool power_is_out(void);

/* All files are closed: the disk after the cut, drawn with *seed
 * (world_draw()). The power is back, and is not cut again. */
void power_restore(uint64_t *seed);

#endif
