/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_CHACHA20_H
#define TINCAY_CHACHA20_H

/*
 * The ChaCha20 stream cipher of RFC 8439 section 2.4, for the one program that
 * must keep a number unreadable on disk and may not link a cryptographic
 * library (tincay-modem, its spool). It hides; it does not authenticate. The
 * daemon uses libsodium.
 */

#include "util.h"

#define CHACHA20_KEY 32
#define CHACHA20_NONCE 12

/* Encrypt or decrypt len bytes in place. A nonce must never serve twice with
 * one key. counter is the number of the first 64-byte block. */
void chacha20_xor(const unsigned char key[CHACHA20_KEY],
    const unsigned char nonce[CHACHA20_NONCE], uint32_t counter, void *data,
    size_t len);

#endif
