/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_SANDBOX_H
#define TINCAY_SANDBOX_H

/*
 * What the child gives up before it talks to a modem: new privileges, its
 * environment, and (Landlock) every file but the spool's folder and the
 * devices. The peer on the radio side is hostile input for a library that was
 * not written for it.
 */

#include "util.h"

/* Call first: no new privileges, no core dump (it would hold numbers and
 * texts), and an environment of TZ only. 0 or TC_EIO. */
int sandbox_enter(void) TC_MUSTCHECK;

/* Let only `folder` and the devices be opened from now on. Returns the version
 * of the kernel's Landlock, 0 when it has none, TC_EIO when a rule was
 * refused. */
int sandbox_lock_files(const char *folder) TC_MUSTCHECK;

#endif
