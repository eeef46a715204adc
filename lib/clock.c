/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Wall clock, monotonic clock and the simple calendar of a fixed time zone.
 *
 * Called from everywhere. Owns the mapping of the TINCAY_CLOCK file. Only
 * clock_init() can fail.
 */
#include "config.h"

#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/timex.h>

#include <endian.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"

#define DAY_SECONDS 86400
#define YEAR_2026 INT64_C(1767225600) /* 2026-01-01T00:00:00Z */
#define NRTC 4

/* The driven offset; NULL when the clock is the real one. */
static const int64_t *clock_offset;

int
clock_init(void)
{
	const char *path = getenv("TINCAY_CLOCK");
	struct stat st;
	void *map = MAP_FAILED;
	int fd;

	if (path == NULL || *path == '\0')
		return 0;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return TC_EIO;
	if (fstat(fd, &st) == 0 && st.st_size >= (off_t)sizeof(*clock_offset))
		map = mmap(
		    NULL, sizeof(*clock_offset), PROT_READ, MAP_SHARED, fd, 0);
	(void)close(fd);
	if (map == MAP_FAILED)
		return TC_EIO;
	if (clock_offset != NULL)
		(void)munmap(
		    (void *)(uintptr_t)clock_offset, sizeof(*clock_offset));
	clock_offset = map;
	return 0;
}

/* Seconds to add. Absurd values are cut to 100,000 years, so that no sum can
 * overflow. */
static int64_t
offset_seconds(void)
{
	const int64_t limit = INT64_C(3155760000000);
	int64_t v;

	if (clock_offset == NULL)
		return 0;
	v = (int64_t)le64toh(
	    (uint64_t)__atomic_load_n(clock_offset, __ATOMIC_RELAXED));
	if (v > limit)
		return limit;
	return v < -limit ? -limit : v;
}

static struct timespec
read_clock(clockid_t id)
{
	struct timespec ts = {0, 0};

	(void)clock_gettime(id, &ts);
	return ts;
}

int64_t
clock_now(void)
{
	return read_clock(CLOCK_REALTIME).tv_sec + offset_seconds();
}

int64_t
clock_now_us(void)
{
	struct timespec ts = read_clock(CLOCK_REALTIME);

	return (ts.tv_sec + offset_seconds()) * 1000000 + ts.tv_nsec / 1000;
}

int64_t
clock_mono_ms(void)
{
	struct timespec ts = read_clock(CLOCK_MONOTONIC);

	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* Did the kernel set its clock from a battery-backed one at boot? It cannot
 * change later, so it is asked once. */
static bool
was_set_from_rtc(void)
{
	static int known = -1;
	char path[64], c;
	ssize_t n;
	int i, fd;

	if (known >= 0)
		return known == 1;
	known = 0;
	for (i = 0; i < NRTC && known == 0; i++) {
		if (str_printf(path, sizeof(path),
			"/sys/class/rtc/rtc%d/hctosys", i) != 0)
			continue;
		fd = open(path, O_RDONLY | O_CLOEXEC);
		if (fd < 0)
			continue;
		n = read(fd, &c, 1);
		(void)close(fd);
		if (n == 1 && c == '1')
			known = 1;
	}
	return known == 1;
}

/* What the kernel says, asked once a second: every text wants to know. */
static bool
is_synchronised(void)
{
	static int64_t asked_ms = INT64_MIN / 2;
	static bool known;
	struct timex tx = {.modes = 0};
	int64_t now = clock_mono_ms();
	int state;

	if (now - asked_ms < 1000)
		return known;
	asked_ms = now;
	state = adjtimex(&tx);
	known = state >= 0 && state != TIME_ERROR && !(tx.status & STA_UNSYNC);
	return known;
}

bool
clock_is_trusted(void)
{
	if (clock_offset != NULL)
		return true;
	if (clock_now() < YEAR_2026)
		return false;
	return is_synchronised() || was_set_from_rtc();
}

/* Seconds on the wall of the zone. A time that a peer made up may be anything:
 * absurd ones are cut, so that the sum cannot overflow. */
static int64_t
local_seconds(int64_t t, int zone_minutes)
{
	if (t > INT64_MAX / 2)
		t = INT64_MAX / 2;
	else if (t < INT64_MIN / 2)
		t = INT64_MIN / 2;
	return t + (int64_t)zone_minutes * 60;
}

static int64_t
second_of_day(int64_t local)
{
	int64_t second = local % DAY_SECONDS;

	return second < 0 ? second + DAY_SECONDS : second;
}

int
clock_minute_of_day(int64_t t, int zone_minutes)
{
	return (int)(second_of_day(local_seconds(t, zone_minutes)) / 60);
}

int64_t
clock_day_start(int64_t t, int zone_minutes)
{
	int64_t local = local_seconds(t, zone_minutes);

	return local - second_of_day(local) - (int64_t)zone_minutes * 60;
}
