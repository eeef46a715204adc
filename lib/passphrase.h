/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_PASSPHRASE_H
#define TINCAY_PASSPHRASE_H

/* A password or passphrase, from a file or from the terminal; never from an
 * argument. The caller wipes out. */

#include "util.h"

#define PASSPHRASE_SIZE 1024

/* First line of a file of mode 0600 or stricter. 0, TC_ENOENT, TC_EDENIED,
 * TC_EINVAL (empty, too long, a NUL byte), TC_EIO. */
int passphrase_read(const char *path, char out[PASSPHRASE_SIZE]) TC_MUSTCHECK;

/* Ask on the terminal (/dev/tty) without echo; with confirm, twice. 0,
 * TC_ENOENT (no terminal), TC_EINVAL (empty, too long, the two differ), TC_EIO.
 */
int passphrase_ask(
    const char *prompt, bool confirm, char out[PASSPHRASE_SIZE]) TC_MUSTCHECK;

#endif
