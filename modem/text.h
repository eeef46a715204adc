/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_TEXT_H
#define TINCAY_TEXT_H

/*
 * libgammu's texts: arrays of big-endian UTF-16 code units with two zero bytes
 * at the end. In UCS-2 messages (and only there) libgammu 1.42 gives '~' a
 * meaning of its own, for Nokia's U+0001: it must be doubled on the way out and
 * comes doubled on the way in.
 */

#include "util.h"

enum text_form {
	TEXT_PLAIN,
	TEXT_TILDE /* of a UCS-2 message */
};

/* Code units before the end mark, at most max. */
size_t text_gammu_units(const unsigned char *src, size_t max);

/* units code units as UTF-8 into dst, cut to fit at a character. U+0000 is left
 * out, a lone surrogate becomes U+FFFD. */
void text_from_gammu(char *dst, size_t size, const unsigned char *src,
    size_t units, enum text_form form);

/* Valid UTF-8 to at most max code units; dst holds 2 * (max + 1) bytes. With
 * TEXT_TILDE a text that has no room for its doubled tildes gets U+223C in
 * their place. 0; TC_EINVAL: not UTF-8; TC_EFULL: too long. */
int text_to_gammu(unsigned char *dst, size_t max, const char *src,
    enum text_form form) TC_MUSTCHECK;

/* A USSD string that libgammu left in hexadecimal (UCS-2, or packed septets)
 * becomes UTF-8, in place: it never is longer than its digits. Any other text
 * stays as it is, digits that may be a balance or an account too. */
void text_mend_hex(char *text);

/* Take one character off a valid UTF-8 string; 0 at its end. */
uint32_t text_next(const char **s);

#endif
