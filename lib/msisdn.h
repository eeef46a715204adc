/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_MSISDN_H
#define TINCAY_MSISDN_H

/*
 * Telephone numbers: the Vietnamese plan since 2018 and plain E.164 for the
 * rest of the world.
 *
 * The canonical form is "+" and digits ("+84900000001"). Written forms that are
 * understood: 0..., 84..., +84..., 0084..., +840..., the nine digits that a
 * spreadsheet leaves of a mobile number, all with spaces, dots, dashes or
 * brackets in between. A foreign number needs its + or 00. Mobile numbers of
 * the old eleven-digit plan (012x, 016x, 018x, 019x) are converted. Number
 * portability: the prefix tells who gave the number out, not whose it is today.
 */

#include "util.h"

#define MSISDN_MAX                                                             \
	20 /* "+" and at most 15 digits, or an alphanumeric sender of 11; NUL  \
	      included */

enum msisdn_kind {
	MSISDN_MOBILE,  /* Vietnamese mobile: can be texted and called */
	MSISDN_FIXED,   /* Vietnamese fixed line: can be called only */
	MSISDN_FOREIGN, /* E.164 outside +84: a valid sender */
	MSISDN_SHORT,   /* 3 to 5 digits: a service, never answered */
	MSISDN_PREMIUM, /* premium short code or 1900: never answered, never
			   sent to */
	MSISDN_SERVICE, /* toll-free 1800, 1900-less service numbers: never
			   texted */
	MSISDN_ALPHA,   /* alphanumeric sender name: never answered */
	MSISDN_INVALID, /* nothing of the above */
	MSISDN_NKINDS
};

/*
 * Bring a number to its canonical form. out holds MSISDN_MAX bytes and is
 * always NUL-terminated: canonical for MOBILE, FIXED and FOREIGN; the bare
 * digits for SHORT, PREMIUM and SERVICE; the name itself, cut to fit, for
 * ALPHA; "" for INVALID.
 */
enum msisdn_kind msisdn_parse(const char *s, char out[MSISDN_MAX]);

/* "mobile", "fixed", ... */
const char *msisdn_kind_name(enum msisdn_kind kind);

/* Who gave a canonical number out: "viettel", "mobifone", "vinaphone",
 * "vietnamobile", "gmobile", "itel" or "wintel"; "" when that is not known. It
 * may have been carried to another operator since: good enough for the cheaper
 * of two roads, never for whether somebody can be reached. */
const char *msisdn_operator(const char *canonical);

/* Is this one of these names? */
bool msisdn_is_operator(const char *name);

/* May an automatic answer go to a sender of this kind? (R30: only mobiles and
 * foreign numbers.) */
bool msisdn_can_answer(enum msisdn_kind kind);

/* "0900 000 xxx" style for people: the canonical number with its last digits
 * shown and the rest masked, always by five stars, "+84*****001". Numbers of up
 * to five digits are shown whole. Returns out. */
const char *msisdn_mask(const char *canonical, char out[MSISDN_MAX]);

#endif
