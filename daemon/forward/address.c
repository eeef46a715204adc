/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Addresses that are not of the public Internet (IANA's registries of special
 * purpose addresses): address.h. Called by transfer.c before each connection. */
#include "config.h"

#include <netinet/in.h>
#include <string.h>

#include "forward/address.h"

static const struct {
	uint32_t net;
	int bits;
} closed4[] = {
    {0x00000000, 8},  /* this network */
    {0x0a000000, 8},  /* private */
    {0x64400000, 10}, /* shared by a provider's customers */
    {0x7f000000, 8},  /* this machine */
    {0xa9fe0000, 16}, /* link */
    {0xac100000, 12}, /* private */
    {0xc0000000, 24}, /* protocols */
    {0xc0000200, 24}, /* examples */
    {0xc0586300, 24}, /* 6to4 relays */
    {0xc0a80000, 16}, /* private */
    {0xc6120000, 15}, /* benchmarks */
    {0xc6336400, 24}, /* examples */
    {0xcb007100, 24}, /* examples */
    {0xe0000000, 3},  /* multicast, reserved, broadcast */
};

static bool
address4_is_public(uint32_t a)
{
	size_t i;

	for (i = 0; i < TC_NELEM(closed4); i++)
		if ((a ^ closed4[i].net) >> (32 - closed4[i].bits) == 0)
			return false;
	return true;
}

/* Where an IPv4 address is inside an IPv6 one: -1 the whole prefix is closed. */
static const struct {
	unsigned char net[12];
	int bytes;
	int at;
} inside6[] = {
    {{0x00, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0}, 12, 12}, /* NAT64 */
    {{0x20, 0x02}, 2, 2},                                       /* 6to4 */
    {{0x20, 0x01, 0x00, 0x00}, 4, -1},                          /* Teredo */
    {{0x20, 0x01, 0x0d, 0xb8}, 4, -1},                          /* examples */
    {{0x01, 0x00, 0, 0, 0, 0, 0, 0}, 8, -1},                    /* discarded */
};

/* Only 2000::/3 is given out, and the prefix of NAT64. */
static bool
address6_is_public(const unsigned char a[16])
{
	size_t i;
	int at;

	for (i = 0; i < TC_NELEM(inside6); i++) {
		if (memcmp(a, inside6[i].net, (size_t)inside6[i].bytes) != 0)
			continue;
		at = inside6[i].at;
		return at >= 0 &&
		       address4_is_public((uint32_t)a[at] << 24 |
					  (uint32_t)a[at + 1] << 16 |
					  (uint32_t)a[at + 2] << 8 | a[at + 3]);
	}
	return (a[0] & 0xe0) == 0x20;
}

bool
address_is_public(const struct sockaddr *sa)
{
	struct sockaddr_in6 six;
	struct sockaddr_in four;

	if (sa->sa_family == AF_INET) {
		memcpy(&four, sa, sizeof(four));
		return address4_is_public(ntohl(four.sin_addr.s_addr));
	}
	if (sa->sa_family != AF_INET6)
		return false;
	memcpy(&six, sa, sizeof(six));
	return address6_is_public(six.sin6_addr.s6_addr);
}
