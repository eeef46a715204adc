/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Cutting texts. The segments must cover the text without gap, begin at
 * characters and not at surrogates' halves, keep the limits, cost together what
 * the whole costs; and a segment cut out must measure the same by itself.
 */
#include "config.h"

#include <string.h>

#include "fuzz.h"
#include "gsm.h"
#include "util.h"

static unsigned
limit_of(const struct gsm_text *t)
{
	if (t->coding == GSM_CODING_7BIT)
		return t->nsegments > 1 ? 153 : 160;
	return t->nsegments > 1 ? 67 : 70;
}

/* A segment of a UCS-2 text may be pure GSM-7 by itself. */
static void
check_alone(
    const char *text, const struct gsm_segment *s, const struct gsm_text *whole)
{
	struct gsm_text t;

	FUZZ_CHECK(gsm_segment(text + s->start, s->len, &t, NULL, 0) == 0);
	FUZZ_CHECK(
	    t.coding == whole->coding || whole->coding == GSM_CODING_UCS2);
	if (t.coding == whole->coding) {
		FUZZ_CHECK(t.units == s->units);
		FUZZ_CHECK(t.nsegments == 1);
	}
}

static void
check_segments(const char *text, size_t len, const struct gsm_text *t,
    const struct gsm_segment *s)
{
	size_t at = 0;
	unsigned sum = 0, i;

	FUZZ_CHECK(t->nsegments >= 1 && t->nsegments <= GSM_SEGMENTS_MAX);
	for (i = 0; i < t->nsegments; i++) {
		FUZZ_CHECK(s[i].start == at);
		FUZZ_CHECK(s[i].units <= limit_of(t));
		FUZZ_CHECK(s[i].len > 0 || len == 0);
		check_alone(text, &s[i], t);
		at += s[i].len;
		sum += s[i].units;
	}
	FUZZ_CHECK(at == len);
	FUZZ_CHECK(sum == t->units);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct gsm_segment s[GSM_SEGMENTS_MAX];
	struct gsm_text t;
	const char *text = (const char *)data;
	bool valid = utf8_is_valid(text, size) &&
		     (size == 0 || memchr(text, '\0', size) == NULL);
	int rc = gsm_segment(text, size, &t, s, GSM_SEGMENTS_MAX);

	FUZZ_CHECK((rc == TC_EINVAL) == !valid);
	if (rc == 0)
		check_segments(text, size, &t, s);
	return 0;
}
