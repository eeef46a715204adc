/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_FORWARD_ADDRESS_H
#define TINCAY_FORWARD_ADDRESS_H

/* Which addresses a webhook may connect to. Asked for the address that a socket
 * is about to be connected to, never for a name: what a name means can change
 * between two questions. */

#include <sys/socket.h>

#include "util.h"

/* Is it an address of the public Internet: not this machine, not a local or
 * private network, not multicast, not reserved, and no such IPv4 address inside
 * an IPv6 one? Of other families: false. */
bool address_is_public(const struct sockaddr *sa);

#endif
