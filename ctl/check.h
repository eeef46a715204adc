/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_CTL_CHECK_H
#define TINCAY_CTL_CHECK_H

/*
 * What a value on the command line must look like, so that a slip is told at
 * once and in plain words, and nothing strange goes into a request. The daemon
 * checks all of it again.
 */

#include "util.h"

#define CHECK_TEXT_MAX 1599 /* bytes of a campaign text */
#define CHECK_SEGMENTS_MAX 6

struct check {
	bool (*ok)(const char *value);
	const char *rule; /* Vietnamese: what is expected */
};

extern const struct check check_user;     /* a-z 0-9 . _ - */
extern const struct check check_agency;   /* A-Z 0-9, either case is taken */
extern const struct check check_roles;    /* role[,role] */
extern const struct check check_id;       /* 16 hex digits */
extern const struct check check_code;     /* of a case, either case is taken */
extern const struct check check_outcome;  /* a lower-case word */
extern const struct check check_modem;    /* a-z 0-9 _ - */
extern const struct check check_ussd;     /* digits * # */
extern const struct check check_answer;   /* to a USSD menu */
extern const struct check check_list;     /* name of a list */
extern const struct check check_campaign; /* name of a campaign */
extern const struct check check_hamlet;
extern const struct check check_number; /* a number that can be texted */
extern const struct check check_year;
extern const struct check check_per_day, check_per_month;
extern const struct check check_theme;    /* NAMGIOI */
extern const struct check check_money;    /* dong */
extern const struct check check_count;    /* 0..100000 */
extern const struct check check_wait;     /* 0..60 seconds */
extern const struct check check_interval; /* 1..3600 seconds */
extern const struct check check_limit;    /* 1..1000000 */
extern const struct check check_cursor;
extern const struct check check_line; /* any UTF-8 without control characters */
extern const struct check check_path; /* not empty */
extern const struct check check_time; /* "2026-12-01 09:00" (check_time.c) */
extern const struct check check_hours;    /* "9-11", "19:30-21" */
extern const struct check check_clock;    /* "9:30" */
extern const struct check check_template; /* A-Z 0-9 _, either case */
extern const struct check check_days;     /* "T2,T4,CN" */
extern const struct check check_label;    /* of a trusted address, "A" */
extern const struct check check_places;   /* 1..99 */
extern const struct check
    check_head; /* SEQ:HASH of the ledger, or its first 16 digits and more */

#define CHECK_PASSWORD_MIN 10 /* bytes of a login password */

/* What those say: minutes of the day; bits from Monday on; UTC seconds of a
 * time of the commune (or, utc, of UTC). False: it is none. */
bool check_read_hours(const char *value, int *from, int *until);
bool check_read_clock(const char *value, int *minute);
bool check_read_days(const char *value, unsigned *days);
bool check_read_time(const char *value, bool utc, int64_t *out);

/* The code of an agency or a case in upper case, as the daemon has it: a new
 * string, the caller frees it. */
char *check_upper(const char *value);

/* The n-th role of "a,b,c" into out; false behind the last one. */
#define CHECK_ROLE_SIZE 16
bool check_role_at(const char *roles, size_t n, char out[CHECK_ROLE_SIZE]);

/* May this be sent as a text: UTF-8, not empty, no control characters but line
 * breaks, at most CHECK_SEGMENTS_MAX segments. NULL, or why not (Vietnamese).
 */
const char *check_text(const char *text, size_t len);

#endif
