/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The argument parser; the first byte says which kind. Whatever the text: what
 * is understood is within its bounds and can be written, and hours that were
 * written are read as the same hours.
 */
#include "config.h"

#include <string.h>

#include "fuzz.h"
#include "intake/argument.h"

static char thon_3[] = "Thôn 3", thuong_an[] = "Thượng An";
static char *const hamlets[] = {thon_3, thuong_an, NULL};
static char gdvh[] = "GDVH", gia_dinh[] = "gia dinh";
static char *gdvh_words[] = {gia_dinh};
static const struct argument_topic themes[] = {{gdvh, gia_dinh, gdvh_words, 1}};
static const struct argument_names names = {hamlets, themes, 1};

static void
check_hours(const struct argument *a, const char *text)
{
	const struct argument_hours *h = &a->hours;
	struct argument again;

	FUZZ_CHECK(h->days < 1U << 7);
	FUZZ_CHECK(h->in_days >= -1 && h->in_days <= 2);
	FUZZ_CHECK(h->from >= -1 && h->from < 1440);
	FUZZ_CHECK((h->from == -1) == (h->until == -1));
	FUZZ_CHECK(h->from == -1 || (h->until > 0 && h->until <= 1440));
	FUZZ_CHECK(h->from == -1 || h->from != h->until);
	FUZZ_CHECK(argument_parse(ARGUMENT_HOURS, text, strlen(text), &names,
		       &again) == 0);
	FUZZ_CHECK(again.hours.days == h->days);
	FUZZ_CHECK(again.hours.in_days == h->in_days);
	FUZZ_CHECK(again.hours.from == h->from);
	FUZZ_CHECK(again.hours.until == h->until);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char text[ARGUMENT_TEXT_MAX];
	enum argument_kind kind;
	struct argument a;
	int rc;

	if (size == 0)
		return 0;
	kind = (enum argument_kind)(data[0] % ARGUMENT_NKINDS);
	rc = argument_parse(kind, (const char *)data + 1, size - 1, &names, &a);
	FUZZ_CHECK(a.kind == (rc == 0 ? kind : ARGUMENT_NONE));
	(void)argument_text(&a, text, sizeof(text));
	FUZZ_CHECK((text[0] != '\0') == (rc == 0));
	if (rc == 0 && kind == ARGUMENT_HOURS)
		check_hours(&a, text);
	if (rc == 0 && kind == ARGUMENT_HAMLET)
		FUZZ_CHECK(a.hamlet == thon_3 || a.hamlet == thuong_an);
	if (rc == 0 && kind == ARGUMENT_NUMBER)
		FUZZ_CHECK(a.numbers[0] > 0 && a.numbers[1] >= 0 &&
			   a.numbers[0] < 100 && a.numbers[1] < 100);
	return 0;
}
