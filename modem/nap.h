/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_NAP_H
#define TINCAY_NAP_H

/*
 * What happens while libgammu naps. libgammu waits by usleep(): 0.7 s around
 * every text message, 3.5 s in the start. nap.c defines a usleep() of its own,
 * which the dynamic linker takes for libgammu's calls too because the program
 * exports the symbol. It cuts a nap short as soon as the modem has said
 * something, and looks at the link to tincayd meanwhile, so that a PING is
 * answered although libgammu holds the only thread.
 */

#include "util.h"

/* Something can be read on the link. Returns false when it need not be watched
 * any more. Must not call libgammu, except GSM_AbortOperation(). */
typedef bool (*nap_link_cb)(void *ctx);

/* device: path of the modem's tty, copied; any link to it will do. full: keep
 * the naps as long as libgammu asked for, for a modem that needs them. */
void nap_init(const char *device, bool full);

/* The tty hung up. The same rule. */
typedef void (*nap_hung_up_cb)(void *ctx);

/* Watch fd, and the tty's end, during naps, full ones too: a device that vanishes
 * ends the question that runs, or the send, at once. */
void nap_watch_link(int fd, nap_link_cb cb, void *ctx);
void nap_watch_tty(nap_hung_up_cb cb, void *ctx);

/* The descriptor under which libgammu has the modem's tty open, or -1. It is
 * found by st_rdev, for a by-id path is a link and libgammu does not tell. */
int nap_find_tty(void);

/* True when every caller in this process, libgammu included, gets our
 * usleep(). */
bool nap_is_taken(void);

#endif
