/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Numbers. The result of parsing must be a fixed point of the same kind, have
 * the form of its kind, and never show more of a person's number in a log line
 * than its last three digits.
 */
#include "config.h"

#include <string.h>

#include "fuzz.h"
#include "log.h"
#include "msisdn.h"

static void
check_digits(const char *s, size_t min, size_t max)
{
	FUZZ_CHECK(strspn(s, "0123456789") == strlen(s));
	FUZZ_CHECK(strlen(s) >= min && strlen(s) <= max);
}

static void
check_form(enum msisdn_kind kind, const char *out)
{
	switch (kind) {
	case MSISDN_MOBILE:
		FUZZ_CHECK(strncmp(out, "+84", 3) == 0);
		check_digits(out + 3, 9, 9);
		break;
	case MSISDN_FIXED:
		FUZZ_CHECK(strncmp(out, "+84", 3) == 0);
		check_digits(out + 3, 7, 10);
		break;
	case MSISDN_FOREIGN:
		FUZZ_CHECK(out[0] == '+' && strncmp(out, "+84", 3) != 0);
		check_digits(out + 1, 7, 15);
		break;
	case MSISDN_SHORT:
		check_digits(out, 3, 5);
		break;
	case MSISDN_PREMIUM:
	case MSISDN_SERVICE:
		check_digits(out, 4, 10);
		break;
	case MSISDN_ALPHA:
		FUZZ_CHECK(*out != '\0' && utf8_is_valid(out, strlen(out)));
		break;
	default:
		FUZZ_CHECK(kind == MSISDN_INVALID && *out == '\0');
		break;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *s = xstrndup((const char *)data, size);
	char out[MSISDN_MAX], again[MSISDN_MAX], mask[MSISDN_MAX];
	enum msisdn_kind kind = msisdn_parse(s, out);

	FUZZ_CHECK(memchr(out, '\0', sizeof(out)) != NULL);
	check_form(kind, out);
	if (kind != MSISDN_INVALID) {
		FUZZ_CHECK(msisdn_parse(out, again) == kind);
		FUZZ_CHECK(strcmp(out, again) == 0);
	}
	if (kind == MSISDN_MOBILE || kind == MSISDN_FOREIGN) {
		FUZZ_CHECK(strlen(log_number(out)) == 6);
		FUZZ_CHECK(strlen(msisdn_mask(out, mask)) == 11);
	}
	FUZZ_CHECK(strlen(log_number(s)) <= 6);
	free(s);
	return 0;
}
