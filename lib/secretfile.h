/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_SECRETFILE_H
#define TINCAY_SECRETFILE_H

/*
 * Small files that hold a key or a passphrase: read only when nobody else can
 * read them, written once and never over another. The content passes through
 * the caller's buffer alone (no stdio), so that the caller can wipe it.
 */

#include "util.h"

enum secretfile_policy {
	/* mode 0600 or stricter */
	SECRETFILE_OWN,
	/* systemd's: 0640 or stricter, because an access list for the service's
	 * user shows as group bits, and the folder is closed to others */
	SECRETFILE_CREDENTIAL
};

/*
 * Read a whole file of at most size bytes into dst and set *len. It must be a
 * regular file (no symlink), owned by root or by us, with a mode that fits the
 * policy. 0, TC_ENOENT, TC_EDENIED (type, owner, mode), TC_EFULL (longer than
 * size), TC_EIO.
 */
int secretfile_read(const char *path, enum secretfile_policy policy, void *dst,
    size_t size, size_t *len) TC_MUSTCHECK;

/*
 * Write a new file of mode 0600 and make it durable (fsync of the file and of
 * its folder). 0, TC_EEXIST (what was there is untouched), TC_ENOENT (no such
 * folder), TC_EDENIED, TC_EIO (nothing is left behind).
 */
int secretfile_create(
    const char *path, const void *data, size_t len) TC_MUSTCHECK;

#endif
