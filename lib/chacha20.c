/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ChaCha20, RFC 8439 sections 2.1 to 2.4, written from the specification and
 * held to its test vectors (tests/unit/test_chacha20.c). Called by
 * modem/spool.c. Owns nothing; cannot fail.
 */
#include "config.h"

#include <string.h>

#include "chacha20.h"

#define BLOCK 64

static uint32_t
word_load(const unsigned char *p)
{
	return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
	       (uint32_t)p[3] << 24;
}

static void
word_store(unsigned char *p, uint32_t v)
{
	p[0] = (unsigned char)v;
	p[1] = (unsigned char)(v >> 8);
	p[2] = (unsigned char)(v >> 16);
	p[3] = (unsigned char)(v >> 24);
}

static uint32_t
rotate(uint32_t v, unsigned n)
{
	return v << n | v >> (32 - n);
}

static void
quarter_round(uint32_t x[16], const unsigned char at[4])
{
	uint32_t *a = &x[at[0]], *b = &x[at[1]], *c = &x[at[2]], *d = &x[at[3]];

	*a += *b;
	*d = rotate(*d ^ *a, 16);
	*c += *d;
	*b = rotate(*b ^ *c, 12);
	*a += *b;
	*d = rotate(*d ^ *a, 8);
	*c += *d;
	*b = rotate(*b ^ *c, 7);
}

/* The key stream of one block (RFC 8439 section 2.3). */
static void
block_make(const uint32_t state[16], unsigned char out[BLOCK])
{
	static const unsigned char rounds[8][4] = {{0, 4, 8, 12}, {1, 5, 9, 13},
	    {2, 6, 10, 14}, {3, 7, 11, 15}, {0, 5, 10, 15}, {1, 6, 11, 12},
	    {2, 7, 8, 13}, {3, 4, 9, 14}};
	uint32_t x[16];
	unsigned i, j;

	memcpy(x, state, sizeof(x));
	for (i = 0; i < 10; i++)
		for (j = 0; j < 8; j++)
			quarter_round(x, rounds[j]);
	for (i = 0; i < 16; i++)
		word_store(out + 4 * i, x[i] + state[i]);
}

void
chacha20_xor(const unsigned char key[CHACHA20_KEY],
    const unsigned char nonce[CHACHA20_NONCE], uint32_t counter, void *data,
    size_t len)
{
	/* "expand 32-byte k" */
	uint32_t state[16] = {0x61707865, 0x3320646e, 0x79622d32, 0x6b206574};
	unsigned char stream[BLOCK];
	unsigned char *p = data;
	size_t i;

	for (i = 0; i < 8; i++)
		state[4 + i] = word_load(key + 4 * i);
	state[12] = counter;
	for (i = 0; i < 3; i++)
		state[13 + i] = word_load(nonce + 4 * i);
	for (i = 0; i < len; i++) {
		if (i % BLOCK == 0) {
			block_make(state, stream);
			state[12]++;
		}
		p[i] ^= stream[i % BLOCK];
	}
	explicit_bzero(stream, sizeof(stream));
	explicit_bzero(state, sizeof(state));
}
