/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_SIM_CHARSET_H
#define TINCAY_SIM_CHARSET_H

/*
 * Characters as the simulated network sees them: UTF-8, the GSM 7-bit default
 * alphabet with its extension table (3GPP 23.038 clause 6.2.1), UCS-2 with
 * surrogate pairs. Nothing here is shared with the product, so that a mistake
 * of the product cannot hide behind the same mistake in the simulator.
 */

#include "util.h"

/* Take one code point of valid UTF-8 at s (len > 0). Returns the bytes taken. A
 * byte that cannot begin a character gives U+FFFD and 1. */
size_t charset_utf8_get(const char *s, size_t len, uint32_t *cp);

/* Write cp as UTF-8 into out (4 bytes at least); a lone surrogate becomes
 * U+FFFD. Returns the bytes written. */
size_t charset_utf8_put(char *out, uint32_t cp);

/* The septets of one code point: 1 or 2 (escape first) with out[] set, or 0
 * when it is not in the alphabet. */
unsigned charset_gsm_encode(uint32_t cp, uint8_t out[2]);

/* Decode n septets into out, NUL-terminated, at most size bytes; an escape with
 * no partner is a space, an unknown extension is the default character
 * (23.038 6.2.1.1). 0, or TC_EFULL. */
int charset_gsm_decode(
    const uint8_t *septets, size_t n, char *out, size_t size) TC_MUSTCHECK;

/* One code point as UCS-2/UTF-16 big-endian; out holds 4. Returns 2 or 4. */
size_t charset_ucs2_encode(uint32_t cp, uint8_t *out);

/* Decode len bytes of UCS-2/UTF-16 big-endian; lone surrogates become U+FFFD,
 * an odd last byte and NUL characters are dropped. 0, or TC_EFULL. */
int charset_ucs2_decode(
    const uint8_t *data, size_t len, char *out, size_t size) TC_MUSTCHECK;

/* Pack n septets behind fill zero bits (0..6) into out, which holds
 * (n * 7 + fill + 7) / 8 octets. Returns the octets written (6.1.2.1). */
size_t charset_pack(
    const uint8_t *septets, size_t n, unsigned fill, uint8_t *out);

/* The reverse: take n septets out of len octets, leaving out fill bits. Returns
 * how many there were. */
size_t charset_unpack(const uint8_t *octets, size_t len, unsigned fill,
    uint8_t *septets, size_t n);

#endif
