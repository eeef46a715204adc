/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Measuring and cutting texts for the air. Called for every text that is
 * checked, shown with a price, or sent. Owns nothing but the alphabet tables
 * and allocates nothing. The text is taken as it is given, without
 * normalisation: what is measured is what will be sent.
 *
 * gsm_segment() goes over the text twice: once to find coding and size, and,
 * when one segment does not hold it, once more to cut. What is kept whole in a
 * cut is a grapheme cluster (Unicode UAX 29), so Jrai letters without a
 * precomposed form stay together, and emoji too. A cluster that is longer than
 * a segment is cut between code points.
 */
#include "config.h"

#include <string.h>

#include <utf8proc.h>

#include "gsm.h"

/* 3GPP 23.038 (7-bit and UCS-2, 140 octets) and 23.040, 9.2.3.24.1. */
static const struct {
	const char *name;
	unsigned single;
	unsigned part; /* with a concatenation header */
} codings[] = {
    [GSM_CODING_7BIT] = {"gsm7", 160, 153},
    [GSM_CODING_UCS2] = {"ucs2", 70, 67},
};

_Static_assert(TC_NELEM(codings) == GSM_NCODINGS, "a row per coding");

/* 3GPP 23.038, 6.2.1 and 6.2.1.1, as far as they lie in Latin-1: septets of
 * each character. */
static const uint8_t latin1_septets[256] = {
    ['\n'] = 1,
    ['\f'] = 2,
    ['\r'] = 1,
    [' ' ... 'Z'] = 1,
    ['['] = 2,
    ['\\'] = 2,
    [']'] = 2,
    ['^'] = 2,
    ['_'] = 1,
    ['a' ... 'z'] = 1,
    ['{'] = 2,
    ['|'] = 2,
    ['}'] = 2,
    ['~'] = 2,
    [0xa1] = 1, /* inverted exclamation mark */
    [0xa3] = 1, /* pound */
    [0xa4] = 1, /* currency */
    [0xa5] = 1, /* yen */
    [0xa7] = 1, /* section */
    [0xbf] = 1, /* inverted question mark */
    [0xc4] = 1, /* A diaeresis */
    [0xc5] = 1, /* A ring */
    [0xc6] = 1, /* AE */
    [0xc7] = 1, /* C cedilla */
    [0xc9] = 1, /* E acute */
    [0xd1] = 1, /* N tilde */
    [0xd6] = 1, /* O diaeresis */
    [0xd8] = 1, /* O stroke */
    [0xdc] = 1, /* U diaeresis */
    [0xdf] = 1, /* sharp s */
    [0xe0] = 1, /* a grave */
    [0xe4] = 1, /* a diaeresis */
    [0xe5] = 1, /* a ring */
    [0xe6] = 1, /* ae */
    [0xe8] = 1, /* e grave */
    [0xe9] = 1, /* e acute */
    [0xec] = 1, /* i grave */
    [0xf1] = 1, /* n tilde */
    [0xf2] = 1, /* o grave */
    [0xf6] = 1, /* o diaeresis */
    [0xf8] = 1, /* o stroke */
    [0xf9] = 1, /* u grave */
    [0xfc] = 1, /* u diaeresis */
};

const char *
gsm_coding_name(enum gsm_coding coding)
{
	return (unsigned)coding < GSM_NCODINGS ? codings[coding].name : "?";
}

unsigned
gsm_septets(uint32_t codepoint)
{
	if (codepoint < TC_NELEM(latin1_septets))
		return latin1_septets[codepoint];
	switch (codepoint) {
	case 0x0393: /* Gamma */
	case 0x0394: /* Delta */
	case 0x0398: /* Theta */
	case 0x039b: /* Lambda */
	case 0x039e: /* Xi */
	case 0x03a0: /* Pi */
	case 0x03a3: /* Sigma */
	case 0x03a6: /* Phi */
	case 0x03a8: /* Psi */
	case 0x03a9: /* Omega */
		return 1;
	case 0x20ac: /* euro */
		return 2;
	default:
		return 0;
	}
}

/* The code point at text[at] and its length in bytes; 0 when it is not UTF-8
 * or NUL. */
static size_t
next_char(const char *text, size_t len, size_t at, int32_t *cp)
{
	const utf8proc_uint8_t *p = (const utf8proc_uint8_t *)text + at;
	utf8proc_ssize_t n;

	if (*p < 0x80) {
		*cp = *p;
		return *p != 0 ? 1 : 0;
	}
	n = utf8proc_iterate(p, (utf8proc_ssize_t)(len - at), cp);
	return n > 0 ? (size_t)n : 0;
}

static int
measure(const char *text, size_t len, struct gsm_text *out)
{
	unsigned septets = 0, units = 0, cost;
	bool is_gsm = true;
	size_t at, n;
	int32_t cp;

	/* Before the figures could overflow; 4 is the most bytes of a unit. */
	if (len > (size_t)4 * GSM_SEGMENTS_MAX * codings[0].single)
		return utf8_is_valid(text, len) && memchr(text, 0, len) == NULL
			   ? TC_EFULL
			   : TC_EINVAL;
	for (at = 0; at < len; at += n) {
		n = next_char(text, len, at, &cp);
		if (n == 0)
			return TC_EINVAL;
		cost = gsm_septets((uint32_t)cp);
		is_gsm = is_gsm && cost != 0;
		septets += cost;
		units += cp >= 0x10000 ? 2 : 1;
	}
	out->coding = is_gsm ? GSM_CODING_7BIT : GSM_CODING_UCS2;
	out->units = is_gsm ? septets : units;
	out->nsegments = 0;
	return 0;
}

/* Letters that never join with what is before them: a quick yes for nearly all
 * of a Vietnamese text. */
static bool
is_plain(int32_t cp)
{
	return (cp >= 0x20 && cp < 0x7f) || (cp >= 0xc0 && cp < 0x300) ||
	       (cp >= 0x1e00 && cp < 0x1f00);
}

static bool
is_boundary(int32_t before, int32_t cp, int32_t *state)
{
	if (is_plain(before) && is_plain(cp)) {
		*state = 0;
		return true;
	}
	return utf8proc_grapheme_break_stateful(before, cp, state);
}

struct cutter {
	const char *text;
	size_t len;
	enum gsm_coding coding;
	struct gsm_segment *segments; /* may be NULL */
	size_t max;
	size_t nsegments;
	struct gsm_segment now; /* being filled */
};

static unsigned
char_units(const struct cutter *c, int32_t cp)
{
	if (c->coding == GSM_CODING_7BIT)
		return gsm_septets((uint32_t)cp);
	return cp >= 0x10000 ? 2 : 1;
}

static int
cutter_close(struct cutter *c)
{
	if (c->nsegments >= c->max)
		return TC_EFULL;
	if (c->segments != NULL)
		c->segments[c->nsegments] = c->now;
	c->nsegments++;
	c->now.start += c->now.len;
	c->now.len = 0;
	c->now.units = 0;
	return 0;
}

/* The end of the cluster that begins at `at` and its units; but a cluster ends
 * at the latest where a segment would. */
static size_t
cluster_end(const struct cutter *c, size_t at, unsigned *units)
{
	unsigned limit = codings[c->coding].part, cost;
	int32_t before, cp, state = 0;
	size_t n = next_char(c->text, c->len, at, &before);

	*units = char_units(c, before);
	for (at += n; at < c->len; at += n) {
		/* No character of the GSM alphabet is a combining mark. */
		if (c->coding == GSM_CODING_7BIT)
			break;
		n = next_char(c->text, c->len, at, &cp);
		cost = char_units(c, cp);
		if (is_boundary(before, cp, &state) || *units + cost > limit)
			break;
		*units += cost;
		before = cp;
	}
	return at;
}

static int
cut(struct cutter *c)
{
	unsigned limit = codings[c->coding].part, units;
	size_t at = 0, end;

	while (at < c->len) {
		end = cluster_end(c, at, &units);
		if (c->now.units + units > limit && cutter_close(c) != 0)
			return TC_EFULL;
		c->now.len += end - at;
		c->now.units += units;
		at = end;
	}
	return cutter_close(c);
}

int
gsm_segment(const char *text, size_t len, struct gsm_text *out,
    struct gsm_segment *segments, size_t max)
{
	struct cutter c = {.text = text, .len = len, .segments = segments};
	int rc = measure(text, len, out);

	if (rc != 0)
		return rc;
	c.coding = out->coding;
	c.max = GSM_SEGMENTS_MAX;
	if (segments != NULL && max < c.max)
		c.max = max;
	if (out->units <= codings[out->coding].single) {
		c.now.len = len;
		c.now.units = out->units;
		rc = cutter_close(&c);
	} else {
		rc = cut(&c);
	}
	out->nsegments = rc == 0 ? (unsigned)c.nsegments : 0;
	return rc;
}

void
gsm_udh_concat(
    unsigned char out[GSM_UDH_CONCAT], uint8_t ref, uint8_t total, uint8_t seq)
{
	out[0] = GSM_UDH_CONCAT - 1; /* UDHL */
	out[1] = 0x00;               /* IEI: concatenated, 8-bit reference */
	out[2] = 3;                  /* its length */
	out[3] = ref;
	out[4] = total;
	out[5] = seq;
}
