/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Telephone numbers. Called for every inbound sender, every imported person and
 * every outbound number. Owns nothing but its tables; never allocates.
 *
 * The written form is first reduced to an optional plus sign and digits; then
 * the prefix decides which of the plans below applies. What is no number may
 * still be the name of an alphanumeric sender. Everything else is
 * MSISDN_INVALID, and nothing can fail.
 *
 * Mobile numbers are accepted by the plan ("+84", nine digits, first in 3 5 7 8
 * 9), not by the list of prefixes in service: operators open new ones, and a
 * woman who writes from one of them must be answered. tests/unit/test_msisdn.c
 * lists those of today.
 */
#include "config.h"

#include <string.h>

#include "msisdn.h"

#define E164_MIN 7
#define E164_MAX 15
#define MOBILE_DIGITS 9      /* without the 0 */
#define OLD_MOBILE_DIGITS 10 /* 012x, 016x, 018x, 019x before 2018 */
#define FIXED_DIGITS 10      /* area code and number, since 2017 */
#define STATE_DIGITS 7       /* 080: Party and State network */

static const char *const kind_names[] = {
    [MSISDN_MOBILE] = "mobile",
    [MSISDN_FIXED] = "fixed",
    [MSISDN_FOREIGN] = "foreign",
    [MSISDN_SHORT] = "short",
    [MSISDN_PREMIUM] = "premium",
    [MSISDN_SERVICE] = "service",
    [MSISDN_ALPHA] = "alpha",
    [MSISDN_INVALID] = "invalid",
};

_Static_assert(TC_NELEM(kind_names) == MSISDN_NKINDS, "a name per kind");

/* The change of 15 September 2018: three digits became two. */
static const struct {
	char from[4], to[3];
} old_mobile[] = {
    {"120", "70"},
    {"121", "79"},
    {"122", "77"},
    {"126", "76"},
    {"128", "78"},
    {"123", "83"},
    {"124", "84"},
    {"125", "85"},
    {"127", "81"},
    {"129", "82"},
    {"162", "32"},
    {"163", "33"},
    {"164", "34"},
    {"165", "35"},
    {"166", "36"},
    {"167", "37"},
    {"168", "38"},
    {"169", "39"},
    {"186", "56"},
    {"188", "58"},
    {"199", "59"},
};

/* Who gave out the numbers behind a mobile prefix, without the 0. */
static const struct {
	const char *name;
	char prefixes[12][3];
} operators[] = {
    {"viettel", {"32", "33", "34", "35", "36", "37", "38", "39", "86", "96",
		    "97", "98"}},
    {"mobifone", {"70", "76", "77", "78", "79", "89", "90", "93"}},
    {"vinaphone", {"81", "82", "83", "84", "85", "88", "91", "94"}},
    {"vietnamobile", {"52", "56", "58", "92"}},
    {"gmobile", {"59", "99"}},
    {"itel", {"87"}},
    {"wintel", {"55"}},
};

/* Area codes since 17 June 2017, without the 0: all of the ten-digit plan. */
static const char area_codes[][4] = {
    "24",
    "28",
    "203",
    "204",
    "205",
    "206",
    "207",
    "208",
    "209",
    "210",
    "211",
    "212",
    "213",
    "214",
    "215",
    "216",
    "218",
    "219",
    "220",
    "221",
    "222",
    "225",
    "226",
    "227",
    "228",
    "229",
    "232",
    "233",
    "234",
    "235",
    "236",
    "237",
    "238",
    "239",
    "251",
    "252",
    "254",
    "255",
    "256",
    "257",
    "258",
    "259",
    "260",
    "261",
    "262",
    "263",
    "269",
    "270",
    "271",
    "272",
    "273",
    "274",
    "275",
    "276",
    "277",
    "290",
    "291",
    "292",
    "293",
    "294",
    "296",
    "297",
    "299",
};

/* Separators beyond ASCII that word processors and address books leave in a
 * number: no-break spaces, dashes, marks of writing direction. */
static const char *const wide_separators[] = {
    "\xc2\xa0",     /* U+00A0 no-break space */
    "\xe2\x80\xaf", /* U+202F narrow no-break space */
    "\xe2\x80\x8b", /* U+200B zero-width space */
    "\xe2\x80\x8e", /* U+200E left-to-right mark */
    "\xe2\x80\x90", /* U+2010 hyphen */
    "\xe2\x80\x91", /* U+2011 no-break hyphen */
    "\xe2\x80\x93", /* U+2013 en dash */
    "\xe2\x80\xaa", /* U+202A left-to-right embedding */
    "\xe2\x80\xac", /* U+202C end of it */
    "\xe2\x81\xa6", /* U+2066 left-to-right isolate */
    "\xe2\x81\xa9", /* U+2069 end of it */
};

/* What was written, reduced. */
struct digits {
	bool plus;
	size_t n;
	char d[E164_MAX + 4]; /* room for 00 or for +84 0..., and the NUL */
};

static bool
has_prefix(const char *s, const char *prefix)
{
	return strncmp(s, prefix, strlen(prefix)) == 0;
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Bytes of the separator at s, 0 when there is none. */
static size_t
separator_length(const char *s)
{
	size_t i;

	switch (*s) {
	case ' ':
	case '\t':
	case '.':
	case '-':
	case '(':
	case ')':
	case '[':
	case ']':
		return 1;
	default:
		break;
	}
	if ((unsigned char)*s < 0x80)
		return 0;
	for (i = 0; i < TC_NELEM(wide_separators); i++)
		if (has_prefix(s, wide_separators[i]))
			return strlen(wide_separators[i]);
	return 0;
}

/* False when s holds anything but one leading plus, digits and separators. */
static bool
digits_read(const char *s, struct digits *out)
{
	size_t skip;

	out->plus = false;
	out->n = 0;
	while (*s != '\0') {
		if (is_digit(*s)) {
			if (out->n >= sizeof(out->d) - 1)
				return false;
			out->d[out->n++] = *s++;
			continue;
		}
		if (*s == '+' && !out->plus && out->n == 0) {
			out->plus = true;
			s++;
			continue;
		}
		skip = separator_length(s);
		if (skip == 0)
			return false;
		s += skip;
	}
	out->d[out->n] = '\0';
	return out->n > 0;
}

/* Digits, which fit because digits_read() bounds them, behind a prefix. */
static enum msisdn_kind
result(enum msisdn_kind kind, const char *prefix, const char *digits,
    char out[MSISDN_MAX])
{
	if (str_printf(out, MSISDN_MAX, "%s%s", prefix, digits) == 0)
		return kind;
	out[0] = '\0';
	return MSISDN_INVALID;
}

/* "1900" (the caller pays) and "1800" (free) with nothing, four or six digits
 * behind. */
static enum msisdn_kind
parse_service(const char *d, size_t n, char out[MSISDN_MAX])
{
	if (n != 4 && n != 8 && n != 10)
		return MSISDN_INVALID;
	if (has_prefix(d, "1900"))
		return result(MSISDN_PREMIUM, "", d, out);
	if (has_prefix(d, "1800"))
		return result(MSISDN_SERVICE, "", d, out);
	return MSISDN_INVALID;
}

static bool
is_mobile(const char *d, size_t n)
{
	return n == MOBILE_DIGITS && strchr("35789", d[0]) != NULL &&
	       !has_prefix(d, "80");
}

static bool
is_fixed(const char *d, size_t n)
{
	size_t i;

	if (n == STATE_DIGITS && has_prefix(d, "80"))
		return true;
	if (n != FIXED_DIGITS)
		return false;
	for (i = 0; i < TC_NELEM(area_codes); i++)
		if (has_prefix(d, area_codes[i]))
			return true;
	return false;
}

static enum msisdn_kind
parse_old_mobile(const char *d, size_t n, char out[MSISDN_MAX])
{
	char prefix[sizeof("+84") + 2];
	size_t i;

	if (n != OLD_MOBILE_DIGITS)
		return MSISDN_INVALID;
	for (i = 0; i < TC_NELEM(old_mobile); i++) {
		if (!has_prefix(d, old_mobile[i].from))
			continue;
		if (str_printf(
			prefix, sizeof(prefix), "+84%s", old_mobile[i].to) != 0)
			return MSISDN_INVALID;
		return result(MSISDN_MOBILE, prefix, d + 3, out);
	}
	return MSISDN_INVALID;
}

/* A number of Vietnam behind 0 or 84. */
static enum msisdn_kind
parse_national(const char *d, size_t n, char out[MSISDN_MAX])
{
	if (is_mobile(d, n))
		return result(MSISDN_MOBILE, "+84", d, out);
	if (is_fixed(d, n))
		return result(MSISDN_FIXED, "+84", d, out);
	if (n > 4 && parse_service(d, n, out) != MSISDN_INVALID)
		return parse_service(d, n, out);
	return parse_old_mobile(d, n, out);
}

/* Behind + or 00. */
static enum msisdn_kind
parse_international(const char *d, size_t n, char out[MSISDN_MAX])
{
	if (has_prefix(d, "84")) {
		/* "+84 0900 ..." is a habit; no national number begins so. */
		if (d[2] == '0')
			return parse_national(d + 3, n - 3, out);
		return parse_national(d + 2, n - 2, out);
	}
	if (n < E164_MIN || n > E164_MAX || d[0] == '0')
		return MSISDN_INVALID;
	return result(MSISDN_FOREIGN, "+", d, out);
}

/* Neither +, 00 nor 0 in front. */
static enum msisdn_kind
parse_bare(const char *d, size_t n, char out[MSISDN_MAX])
{
	enum msisdn_kind kind = parse_service(d, n, out);

	if (kind != MSISDN_INVALID)
		return kind;
	if (n == 4 && strchr("678", d[0]) != NULL)
		return result(MSISDN_PREMIUM, "", d, out);
	if (n >= 3 && n <= 5)
		return result(MSISDN_SHORT, "", d, out);
	/* A spreadsheet dropped the 0. */
	if (is_mobile(d, n))
		return result(MSISDN_MOBILE, "+84", d, out);
	if (has_prefix(d, "84"))
		return parse_international(d, n, out);
	return MSISDN_INVALID;
}

/* Bytes of the character at s when it may stand in a sender name, else 0. */
static size_t
name_char_length(const char *s)
{
	unsigned char c = (unsigned char)*s;
	size_t n;

	if (c < 0x80)
		return (c >= 0x20 && c != 0x7f) ? 1 : 0;
	n = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : 2;
	if (strnlen(s, n) < n || !utf8_is_valid(s, n))
		return 0;
	return (c == 0xc2 && (unsigned char)s[1] < 0xa0) ? 0 : n;
}

/* Letters that senders have: ASCII, Latin (U+00C0..U+024F, U+1E00..U+1EFF) and
 * Greek, which is in GSM-7. By lead byte, so a few signs pass too. */
static bool
is_name_letter(const char *s)
{
	unsigned char c = (unsigned char)*s;

	if ((c | 0x20) >= 'a' && (c | 0x20) <= 'z')
		return true;
	return (c >= 0xc3 && c <= 0xc9) || c == 0xce || c == 0xcf ||
	       (c == 0xe1 && (unsigned char)s[1] >= 0xb8 &&
		   (unsigned char)s[1] <= 0xbb);
}

/* An alphanumeric sender (3GPP 23.040, 9.1.2.5): at least one letter must be
 * left after the cut. */
static enum msisdn_kind
parse_alpha(const char *s, char out[MSISDN_MAX])
{
	bool letter = false, fits = true;
	size_t at = 0, n;

	while (*s == ' ')
		s++;
	for (; *s != '\0'; s += n) {
		n = name_char_length(s);
		if (n == 0) {
			out[0] = '\0';
			return MSISDN_INVALID;
		}
		fits = fits && at + n < MSISDN_MAX;
		if (!fits)
			continue;
		letter = letter || is_name_letter(s);
		memcpy(out + at, s, n);
		at += n;
	}
	while (at > 0 && out[at - 1] == ' ')
		at--;
	out[letter ? at : 0] = '\0';
	return letter ? MSISDN_ALPHA : MSISDN_INVALID;
}

enum msisdn_kind
msisdn_parse(const char *s, char out[MSISDN_MAX])
{
	struct digits w;

	out[0] = '\0';
	if (!digits_read(s, &w))
		return parse_alpha(s, out);
	if (w.plus)
		return parse_international(w.d, w.n, out);
	if (has_prefix(w.d, "00"))
		return parse_international(w.d + 2, w.n - 2, out);
	if (w.d[0] == '0')
		return parse_national(w.d + 1, w.n - 1, out);
	return parse_bare(w.d, w.n, out);
}

const char *
msisdn_kind_name(enum msisdn_kind kind)
{
	return (unsigned)kind < MSISDN_NKINDS ? kind_names[kind] : "?";
}

static bool
operator_has(size_t i, const char *digits)
{
	size_t j;

	for (j = 0; j < TC_NELEM(operators[i].prefixes); j++)
		if (operators[i].prefixes[j][0] != '\0' &&
		    has_prefix(digits, operators[i].prefixes[j]))
			return true;
	return false;
}

const char *
msisdn_operator(const char *canonical)
{
	size_t i;

	if (!has_prefix(canonical, "+84") ||
	    strlen(canonical) != 3 + MOBILE_DIGITS)
		return "";
	for (i = 0; i < TC_NELEM(operators); i++)
		if (operator_has(i, canonical + 3))
			return operators[i].name;
	return "";
}

bool
msisdn_is_operator(const char *name)
{
	size_t i;

	for (i = 0; i < TC_NELEM(operators); i++)
		if (strcmp(operators[i].name, name) == 0)
			return true;
	return false;
}

bool
msisdn_can_answer(enum msisdn_kind kind)
{
	return kind == MSISDN_MOBILE || kind == MSISDN_FOREIGN;
}

const char *
msisdn_mask(const char *canonical, char out[MSISDN_MAX])
{
	size_t len = strlen(canonical);
	int rc;

	if (len <= 5)
		rc = str_printf(out, MSISDN_MAX, "%s", canonical);
	else
		rc = str_printf(out, MSISDN_MAX, "%.3s*****%s", canonical,
		    canonical + len - 3);
	if (rc != 0)
		out[0] = '\0';
	return out;
}
