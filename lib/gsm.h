/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_GSM_H
#define TINCAY_GSM_H

/*
 * What a text costs on the air and where it is cut: 3GPP 23.038 (GSM 7-bit
 * default alphabet and its extension table, UCS-2) and 23.040 clause 9.2.3.24
 * (concatenation). Nothing is encoded here: libgammu makes the TPDU from the
 * text of one segment.
 *
 * A text is GSM-7 when every character is in the default or the extension table
 * (which costs 2 septets), UCS-2 otherwise. One segment holds 160 septets or 70
 * code units; with a concatenation header of 8-bit reference, 153 or 67. A cut
 * never falls inside a surrogate pair, an extension escape, or between a base
 * letter and its combining marks.
 */

#include "util.h"

#define GSM_SEGMENTS_MAX 255
#define GSM_UDH_CONCAT                                                         \
	6 /* octets of a concatenation header with 8-bit reference, UDHL       \
	     included */

enum gsm_coding {
	GSM_CODING_7BIT,
	GSM_CODING_UCS2,
	GSM_NCODINGS
};

struct gsm_segment {
	size_t start;   /* byte offset into the UTF-8 text */
	size_t len;     /* bytes */
	unsigned units; /* septets or UTF-16 code units used */
};

struct gsm_text {
	enum gsm_coding coding;
	unsigned units;     /* of the whole text */
	unsigned nsegments; /* 1 for an empty text */
};

/* "gsm7" or "ucs2". */
const char *gsm_coding_name(enum gsm_coding coding);

/* Septets that one character costs in GSM-7: 1, 2, or 0 when it is not in the
 * alphabet. */
unsigned gsm_septets(uint32_t codepoint);

/*
 * Measure a valid UTF-8 text and cut it. segments may be NULL when only the
 * figures are wanted; otherwise it holds max entries. 0; TC_EINVAL: not UTF-8,
 * or contains NUL; TC_EFULL: more than max (or GSM_SEGMENTS_MAX) segments, and
 * out->nsegments is then 0.
 */
int gsm_segment(const char *text, size_t len, struct gsm_text *out,
    struct gsm_segment *segments, size_t max) TC_MUSTCHECK;

/* The user data header of part seq (1..total) of a concatenated message, 8-bit
 * reference (IEI 00). Writes GSM_UDH_CONCAT octets. */
void gsm_udh_concat(
    unsigned char out[GSM_UDH_CONCAT], uint8_t ref, uint8_t total, uint8_t seq);

#endif
