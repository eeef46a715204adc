/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Times as they are typed: days and hours of the week, a day with or without an
 * hour. Pure functions; nothing fails but the answer "no". */
#include "config.h"

#include <string.h>
#include <time.h>

#include "ctl/check.h"
#include "ctl/text.h"

/* "9", "19:30": minutes since midnight, at most max. */
static bool
read_minute(const char *s, size_t len, int max, int *out)
{
	int hour = 0, minute = 0;
	size_t i;

	for (i = 0; i < len && i < 2 && s[i] >= '0' && s[i] <= '9'; i++)
		hour = hour * 10 + (s[i] - '0');
	if (i == 0)
		return false;
	if (i < len) {
		if (len - i != 3 || s[i] != ':' || s[i + 1] < '0' ||
		    s[i + 1] > '5' || s[i + 2] < '0' || s[i + 2] > '9')
			return false;
		minute = (s[i + 1] - '0') * 10 + (s[i + 2] - '0');
	}
	*out = hour * 60 + minute;
	return *out <= max;
}

bool
check_read_hours(const char *value, int *from, int *until)
{
	const char *dash = strchr(value, '-');

	return dash != NULL &&
	       read_minute(value, (size_t)(dash - value), 1439, from) &&
	       read_minute(dash + 1, strlen(dash + 1), 1440, until);
}

bool
check_read_clock(const char *value, int *minute)
{
	return read_minute(value, strlen(value), 1439, minute);
}

bool
check_read_days(const char *value, unsigned *days)
{
	static const char *const names[] = {
	    "T2", "T3", "T4", "T5", "T6", "T7", "CN"};
	size_t len, i;

	*days = 0;
	for (;; value += len + 1) {
		len = strcspn(value, ",");
		for (i = 0; i < TC_NELEM(names); i++)
			if (len == 2 && strncmp(value, names[i], 2) == 0)
				break;
		if (i == TC_NELEM(names))
			return false;
		*days |= 1u << i;
		if (value[len] == '\0')
			return true;
	}
}

bool
check_read_time(const char *value, bool utc, int64_t *out)
{
	struct tm tm = {0};
	const char *end = strptime(value, "%Y-%m-%d", &tm);

	if (end != NULL && *end != '\0')
		end = strptime(end, " %H:%M", &tm);
	if (end == NULL || *end != '\0')
		return false;
	*out = (int64_t)timegm(&tm) - (utc ? 0 : TEXT_ZONE_S);
	return *out > 0;
}

static bool
ok_time(const char *s)
{
	int64_t t;

	return check_read_time(s, true, &t);
}

static bool
ok_hours(const char *s)
{
	int from, until;

	return check_read_hours(s, &from, &until);
}

static bool
ok_days(const char *s)
{
	unsigned days;

	return check_read_days(s, &days);
}

static bool
ok_clock(const char *s)
{
	int minute;

	return check_read_clock(s, &minute);
}

const struct check check_clock = {ok_clock, "một giờ, ví dụ 9:30"};
const struct check check_time = {
    ok_time, "ngày hoặc ngày giờ, ví dụ 2026-12-01 hoặc \"2026-12-01 09:00\""};
const struct check check_hours = {
    ok_hours, "hai giờ nối bằng dấu gạch, ví dụ 9-11 hoặc 19:30-21"};
const struct check check_days = {
    ok_days, "các ngày T2 T3 T4 T5 T6 T7 CN, cách nhau bằng dấu phẩy"};
