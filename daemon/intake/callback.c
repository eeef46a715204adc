/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The date of a wished call: callback.h. Called by intake.c and ussd.c. */
#include "config.h"

#include <string.h>
#include <time.h>

#include "buf.h"
#include "intake/callback.h"

#define DAY_S INT64_C(86400)
#define DAY_MINUTES (24 * 60)
#define WEEK 7
#define EPOCH_WEEKDAY 3 /* 1 January 1970 was a Thursday; Monday is 0 */

/* Now, in the commune. */
struct local {
	int64_t day; /* since the epoch */
	int minute, weekday;
};

static struct local
local_time(int64_t at, int zone_minutes)
{
	int64_t s = at + zone_minutes * INT64_C(60);
	struct local l;

	l.day = s / DAY_S;
	l.minute = (int)(s % DAY_S / 60);
	l.weekday = (int)((l.day + EPOCH_WEEKDAY) % WEEK);
	return l;
}

/* Is that window over for today? */
static bool
is_over(const struct argument_hours *h, const struct local *now)
{
	int end = h->until > h->from ? h->until : h->until + DAY_MINUTES;

	return h->from >= 0 && now->minute >= end;
}

/* The days that are meant, as bits: today and the seven behind it. */
static unsigned
callback_days(const struct argument_hours *h, const struct local *now)
{
	unsigned wanted = 0;
	int i, ahead;

	if (h->in_days >= 0)
		wanted |= 1U << h->in_days;
	for (i = 0; i < WEEK; i++) {
		if ((h->days & 1U << i) == 0)
			continue;
		ahead = (i - now->weekday + WEEK) % WEEK;
		if (ahead == 0 && is_over(h, now))
			ahead = WEEK;
		wanted |= 1U << ahead;
	}
	if (wanted == 0)
		wanted = is_over(h, now) ? 1U << 1 : 1U;
	return wanted;
}

static void
add_date(struct buf *b, int64_t day)
{
	static const char *const names[WEEK] = {
	    "T2", "T3", "T4", "T5", "T6", "T7", "CN"};
	time_t t = (time_t)(day * DAY_S);
	struct tm tm = {0};

	(void)gmtime_r(&t, &tm);
	(void)buf_printf(b, "%s%s %02d/%02d", buf_str(b)[0] != '\0' ? ", " : "",
	    names[(day + EPOCH_WEEKDAY) % WEEK], tm.tm_mday, tm.tm_mon + 1);
}

const char *
callback_text(const struct argument_hours *h, int64_t at, int zone_minutes,
    char buf[CALLBACK_TEXT_MAX])
{
	struct local now = local_time(at, zone_minutes);
	unsigned wanted = callback_days(h, &now);
	struct buf b;
	int i;

	buf_init(&b, CALLBACK_TEXT_MAX - 1);
	for (i = 0; i <= WEEK; i++)
		if (wanted & 1U << i)
			add_date(&b, now.day + i);
	if (h->from >= 0)
		(void)buf_printf(&b, " %02d:%02d-%02d:%02d", h->from / 60,
		    h->from % 60, h->until / 60, h->until % 60);
	if (str_printf(buf, CALLBACK_TEXT_MAX, "%s", buf_str(&b)) != 0)
		buf[0] = '\0';
	buf_clear(&b);
	return buf;
}

unsigned
callback_weekdays(const struct argument_hours *h, int64_t at, int zone_minutes)
{
	struct local now = local_time(at, zone_minutes);

	if (h->in_days < 0)
		return h->days;
	return h->days | 1U << (now.weekday + h->in_days) % WEEK;
}

struct argument_hours
callback_hour(int hour)
{
	return (struct argument_hours){
	    .in_days = -1, .from = hour * 60, .until = (hour + 1) * 60};
}
