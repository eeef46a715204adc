/* SPDX-License-Identifier: GPL-2.0-or-later */
/* numbers-ok: a fixed line and an old number, all zeros but the prefix */
/* Sheets of people: what a CSV file may hold, that a fault leaves nothing
 * behind, who is kept out. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "unit.h"
#include "buf.h"
#include "outreach/people.h"
#include "outreach/sheet.h"
#include "turn.h"
#include "world.h"

#define HEAD "number,consent_source,consent_date,collector\n"
#define ROW "0900000001,hop thon,2026-01-05,Lan\n"

struct import {
	struct people_import im;
	size_t limit;           /* rows an op; 0: two */
	int rows, faults, line; /* of the first fault */
	const char *field, *reason;
};

static void
import_bytes(struct import *i, struct world *w, const char *csv, size_t len)
{
	const struct content_commune *k = content_commune(w->core.content);
	const struct sheet_want want = {i->im.is_dnc, k->kinds, k->nkinds};
	struct sheet *s = sheet_read(csv, len, &want);

	i->im.sheet = s;
	i->rows = (int)s->nrows;
	i->faults = (int)s->nfaults;
	i->field = i->reason = "";
	if (s->nfaults > 0) {
		i->line = s->faults[0].line;
		i->field = s->faults[0].field;
		i->reason = s->faults[0].reason;
	}
	assert_int_equal(world_import(w, &i->im, i->limit > 0 ? i->limit : 2),
	    s->nfaults > 0 ? TC_EINVAL : 0);
	sheet_free(s);
}

static void
import(struct import *i, struct world *w, const char *csv)
{
	import_bytes(i, w, csv, strlen(csv));
}

static const struct {
	const char *name, *csv;
	int rows, people; /* people in the end */
} good[] = {
    {"plain", HEAD ROW, 1, 1},
    {"BOM", "\xef\xbb\xbf" HEAD ROW, 1, 1},
    {"semicolons",
	"number;consent_source;consent_date;collector\n"
	"0900000001;hop thon;2026-01-05;Lan\n",
	1, 1},
    {"semicolons, BOM, CRLF",
	"\xef\xbb\xbfnumber;consent_source;consent_date;collector\r\n"
	"0900000001;hop, thon;2026-01-05;Lan\r\n",
	1, 1},
    {"CRLF",
	"number,consent_source,consent_date,collector\r\n"
	"0900000001,a,2026-01-05,b\r\n0900000002,a,2026-01-05,b\r\n",
	2, 2},
    {"no newline at the end", HEAD "0900000001,a,2026-01-05,b", 1, 1},
    {"quotes", HEAD "\"0900000001\",\"hop, \"\"thon\"\"\",2026-01-05,\"b\"\n",
	1, 1},
    {"a line break in quotes", HEAD "0900000001,\"hop\nthon\",2026-01-05,b\n",
	1, 1},
    {"Vietnamese names",
	"so_dien_thoai,nguon_dong_y,ngay_dong_y,nguoi_thu\n" ROW, 1, 1},
    {"capitals", "NUMBER,Consent_Source,CONSENT_DATE,Collector\n" ROW, 1, 1},
    {"other columns, other order",
	"stt,collector,consent_date,consent_source,number,thon\n"
	"1,Lan,05/01/2026,hop,0900000001,Thôn 1\n",
	1, 1},
    {"empty lines", HEAD "\n" ROW "\n\n", 1, 1},
    {"rows of commas", HEAD ",,,\n" ROW ",,,\n", 1, 1},
    {"header only", HEAD, 0, 0},
    {"header only, no newline", "number,consent_source,consent_date,collector",
	0, 0},
    {"twice in the file", HEAD ROW ROW, 2, 1},
    {"one number in many forms",
	HEAD ROW "+84900000001,a,2026-01-05,b\n84900000001,a,2026-01-05,b\n"
		 "0900 000 001,a,2026-01-05,b\n900000001,a,2026-01-05,b\n"
		 "00 84 900.000.001,a,2026-01-05,b\n",
	6, 1},
    {"sep= and accents in the header",
	"\xef\xbb\xbfsep=;\r\nSố điện thoại;Nguồn đồng ý;Ngày đồng ý;"
	"Người thu;Thôn\r\n0900000001;họp;5/1/2026;Lan;Thôn 1\r\n",
	1, 1},
    {"spaces, apostrophes and formulas",
	HEAD "'0900000001, a ,2026-01-05,b\n"
	     "\"=\"\"0900000002\"\"\",\xc2\xa0"
	     "a,2026-01-05,b\n",
	2, 2},
    {"a pupil with his guardian",
	"number,consent_source,consent_date,collector,minor,guardian_consent\n"
	"0900000001,a,2026-01-05,b,,\n0900000002,a,2026-01-05,b,không,\n",
	2, 2},
    {"29 February", HEAD "0900000001,a,2024-02-29,b\n", 1, 1},
    {"date of a sheet", HEAD "0900000001,a,31/12/2025,b\n", 1, 1},
};

static void
test_good_files(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < TC_NELEM(good); i++) {
		struct import im = {.im.list = "l", .im.agency = "HPN"};
		struct world w;

		world_open(&w);
		import(&im, &w, good[i].csv);
		if (im.rows != good[i].rows || im.im.added != good[i].people ||
		    im.im.added + im.im.updated != good[i].rows ||
		    im.im.listed != good[i].people || im.faults != 0)
			fail_msg("%s", good[i].name);
		assert_int_equal(world_count(&w, "SELECT count(*) FROM person"
						 " WHERE consenting = 1"),
		    good[i].people);
		assert_int_equal(
		    world_count(&w, "SELECT count(*) FROM consent"),
		    good[i].people);
		assert_int_equal(
		    world_count(&w, "SELECT count(*) FROM membership"),
		    good[i].people);
		world_close(&w);
	}
}

static const struct {
	const char *name, *csv;
	int line;
	const char *field, *reason;
	int faults;
} bad[] = {
    {"empty file", "", 0, "", "the file is empty", 1},
    {"BOM only", "\xef\xbb\xbf", 0, "", "the file is empty", 1},
    {"no header", ROW, 1, "number", "column missing in the header", 4},
    {"a column missing", "number,consent_source,consent_date\n", 1, "collector",
	"column missing in the header", 1},
    {"no number", HEAD ",a,2026-01-05,b\n", 2, "number", "missing", 1},
    {"no source", HEAD "0900000001,,2026-01-05,b\n", 2, "consent_source",
	"missing", 1},
    {"no date", HEAD "0900000001,a,,b\n", 2, "consent_date", "missing", 1},
    {"short row", HEAD ROW "0900000002\n", 3, "consent_source", "missing", 3},
    {"no mobile", HEAD "02690000000,a,2026-01-05,b\n", 2, "number",
	"a fixed line gets no texts", 1},
    {"foreign", HEAD "+12025550123,a,2026-01-05,b\n", 2, "number",
	"not a Vietnamese mobile number", 1},
    {"short code", HEAD "113,a,2026-01-05,b\n", 2, "number",
	"not a Vietnamese mobile number", 1},
    {"words", HEAD "khong co,a,2026-01-05,b\n", 2, "number",
	"not a Vietnamese mobile number", 1},
    {"month 13", HEAD "0900000001,a,2026-13-01,b\n", 2, "consent_date",
	"not a date (YYYY-MM-DD)", 1},
    {"day 0", HEAD "0900000001,a,2026-01-00,b\n", 2, "consent_date",
	"not a date (YYYY-MM-DD)", 1},
    {"30 February", HEAD "0900000001,a,2026-02-30,b\n", 2, "consent_date",
	"not a date (YYYY-MM-DD)", 1},
    {"29 February of no leap year", HEAD "0900000001,a,29/02/2025,b\n", 2,
	"consent_date", "not a date (YYYY-MM-DD)", 1},
    {"31 April", HEAD "0900000001,a,31/04/2026,b\n", 2, "consent_date",
	"not a date (YYYY-MM-DD)", 1},
    {"American", HEAD "0900000001,a,12/31/2025,b\n", 2, "consent_date",
	"not a date (YYYY-MM-DD)", 1},
    {"two digits", HEAD "0900000001,a,05/01/26,b\n", 2, "consent_date",
	"not a date (YYYY-MM-DD)", 1},
    {"signs", HEAD "0900000001,a,+026-01-05,b\n", 2, "consent_date",
	"not a date (YYYY-MM-DD)", 1},
    {"an old code page",
	HEAD ROW "0900000001,h\xff"
		 "p,2026-01-05,b\n" ROW,
	3, "", "not UTF-8: save the sheet as \"CSV UTF-8\"", 1},
    {"UTF-16", "\xff\xfen", 1, "", "not UTF-8: save the sheet as \"CSV UTF-8\"",
	1},
    {"an old font",
	"number,consent_source,consent_date,collector,thon\n"
	"0900000001,a,2026-01-05,b,Plei ]ar\n",
	2, "hamlet", "letters of an old font, not Unicode", 1},
    {"rounded", HEAD "9E+08,a,2026-01-05,b\n", 2, "number",
	"rounded by the spreadsheet: format the column as text", 1},
    {"a minor alone",
	"number,consent_source,consent_date,collector,minor\n"
	"0900000001,a,2026-01-05,b,x\n",
	2, "guardian_consent", "a minor needs the guardian's consent", 1},
    {"a kind that the commune does not have",
	"number,consent_source,consent_date,collector,kind\n"
	"0900000001,a,2026-01-05,b,phu nu\n"
	"0900000002,a,2026-01-05,b,Phụ nữ\n"
	"0900000003,a,2026-01-05,b,nguoi ngoai\n",
	4, "kind", "a kind that commune.conf does not have", 1},
    {"hours that are none",
	"number,consent_source,consent_date,collector,gio_khong_nhan\n"
	"0900000001,a,2026-01-05,b,12-14\n"
	"0900000002,a,2026-01-05,b,12\n",
	3, "quiet_hours", "not hours such as 12:00-14:00", 1},
    {"hours of nothing",
	"number,consent_source,consent_date,collector,quiet_hours\n"
	"0900000002,a,2026-01-05,b,0-24x\n0900000002,a,2026-01-05,b,9-9\n"
	"0900000002,a,2026-01-05,b,25-26\n",
	2, "quiet_hours", "not hours such as 12:00-14:00", 3},
    {"a guardian without a date",
	"number,consent_source,consent_date,collector,minor,guardian_consent\n"
	"0900000001,a,2026-01-05,b,x,yes\n",
	2, "guardian_consent", "not a date (YYYY-MM-DD)", 1},
    {"language",
	"number,consent_source,consent_date,collector,language\n"
	"0900000001,a,2026-01-05,b,fr\n",
	2, "language", "unknown language (vi, bdq, jra)", 1},
    {"quote not closed", HEAD "0900000001,\"a,2026-01-05,b\n", 2, "",
	"a quote is not closed", 1},
    {"good rows before the bad one",
	HEAD ROW "0900000002,a,2026-01-05,b\n"
		 "x,a,2026-01-05,b\n" ROW,
	4, "number", "not a Vietnamese mobile number", 1},
    {"line numbers under CRLF",
	"number,consent_source,consent_date,collector\r\n"
	"0900000001,a,2026-01-05,b\r\n\r\nx,a,2026-01-05,b\r\n",
	4, "number", "not a Vietnamese mobile number", 1},
};

/* All rows or none, and each fault is told. */
static void
test_bad_files_leave_nothing(void **state)
{
	struct world *w = *state;
	size_t i;

	for (i = 0; i < TC_NELEM(bad); i++) {
		struct import im = {.im.list = "l", .im.agency = "HPN"};

		import(&im, w, bad[i].csv);
		if ((bad[i].line != 0 && im.line != bad[i].line) ||
		    strcmp(im.field, bad[i].field) != 0 ||
		    strcmp(im.reason, bad[i].reason) != 0 ||
		    im.faults != bad[i].faults)
			fail_msg("%s: line %d field %s: %s (%d)", bad[i].name,
			    im.line, im.field, im.reason, im.faults);
		assert_int_equal(
		    world_count(w, "SELECT (SELECT count(*) FROM person) +"
				   " (SELECT count(*) FROM consent) +"
				   " (SELECT count(*) FROM list)"),
		    0);
	}
}

/* A NUL byte in the middle is no text. */
static void
test_nul_byte(void **state)
{
	static const char csv[] = HEAD "0900000001,a\0b,2026-01-05,b\n";
	struct import im = {0};

	import_bytes(&im, *state, csv, sizeof(csv) - 1);
	assert_int_equal(im.faults, 1);
	assert_int_equal(im.line, 2);
}

/* 012x to 07x and so on: the number that the phone has today. */
static void
test_old_numbers_are_converted(void **state)
{
	struct world *w = *state;
	struct import im = {.im.list = "l", .im.agency = "HPN"}, again = im;

	import(&im, w, HEAD "01200000001,a,2026-01-05,b\n");
	assert_int_equal(im.im.added, 1);
	import(&again, w, HEAD "0700000001,a,2026-01-05,b\n");
	assert_int_equal(again.im.added, 0);
	assert_int_equal(again.im.updated, 1);
	assert_int_equal(again.im.listed, 0);
}

static void
test_second_sheet_updates(void **state)
{
	struct world *w = *state;
	struct import a = {0}, b = {0}, c = {0};
	char *text;

	import(&a, w,
	    "number,consent_source,consent_date,collector,thon,nhom\n"
	    "0900000001,a,2026-01-05,b,Thôn 1,nam\n");
	import(&b, w,
	    "number,consent_source,consent_date,collector,thon\n"
	    "0900000001,a,2026-02-05,b,Thôn 2\n");
	import(&c, w, HEAD ROW);
	text = world_text(w, "SELECT hamlet || kind || language FROM person");
	assert_string_equal(text, "Thôn 2menvi");
	free(text);
	assert_int_equal(world_count(w, "SELECT count(*) FROM consent"), 1);
}

/* Hours in which somebody wants no texts, as sheets have them. */
static void
test_quiet_hours(void **state)
{
	struct world *w = *state;
	struct import im = {0};
	char *text;

	import(&im, w,
	    "number,consent_source,consent_date,collector,giờ không nhận\n"
	    "0900000001,a,2026-01-05,b,12:00-14:00\n"
	    "0900000002,a,2026-01-05,b,21h30-6h\n"
	    "0900000003,a,2026-01-05,b,\n"
	    "0900000004,a,2026-01-05,b,18-24\n");
	text = world_text(w, "SELECT group_concat(quiet_from || '-' ||"
			     " quiet_until, ' ') FROM (SELECT * FROM person"
			     " ORDER BY id)");
	assert_string_equal(text, "720-840 1290-360 0-0 1080-1440");
	free(text);
}

/* A dry run counts and finds faults, and writes nothing. */
static void
test_dry_run_writes_nothing(void **state)
{
	struct world *w = *state;
	struct import im = {
	    .im = {.dry_run = true, .list = "new", .agency = "HPN"}};
	struct import faulty = {.im.dry_run = true};

	import(&im, w, HEAD ROW "0900000002,a,2026-01-05,b\n" ROW);
	assert_int_equal(im.rows, 3);
	assert_int_equal(im.im.added, 2);
	assert_int_equal(im.im.updated, 1);
	assert_int_equal(im.im.listed, 2);
	import(&faulty, w, HEAD "x,a,2026-01-05,b\n");
	assert_int_equal(world_count(w, "SELECT (SELECT count(*) FROM person)"
					" + (SELECT count(*) FROM list)"),
	    0);
}

static void
test_r9_whoever_opted_out_stays_out(void **state)
{
	struct world *w = *state;
	struct import im = {.im.list = "l", .im.agency = "HPN"};

	world_receive(w, "0900000001", "TC"); /* not known before */
	world_receive(w, "0900000002", "DK");
	world_receive(w, "0900000002", "CO");
	world_receive(w, "0900000002", "TC");
	import(&im, w,
	    HEAD ROW "0900000002,a,2026-01-05,b\n"
		     "0900000003,a,2026-01-05,b\n");
	assert_int_equal(im.im.added, 1);
	assert_int_equal(im.im.updated, 2);
	assert_int_equal(world_count(w, "SELECT count(*) FROM person"
					" WHERE consenting = 1"),
	    1);
	assert_int_equal(world_count(w, "SELECT count(*) FROM person"
					" WHERE opted_out_at IS NOT NULL"),
	    2);
}

static void
test_ten_thousand_rows(void **state)
{
	struct world *w = *state;
	struct import im = {.im.list = "l", .im.agency = "HPN", .limit = 1000};
	struct import last = im;
	struct buf csv;
	int i;

	buf_init(&csv, 1 << 20);
	(void)buf_put_str(&csv, HEAD);
	for (i = 0; i < 10000; i++)
		(void)buf_printf(
		    &csv, "09000%05d,hop thon,2026-01-05,Lan\n", i);
	assert_int_equal(buf_error(&csv), 0);
	(void)buf_put_str(&csv, "x,hop thon,2026-01-05,Lan\n");
	import(&last, w, buf_str(&csv));
	assert_int_equal(last.line, 10002);
	assert_int_equal(world_count(w, "SELECT count(*) FROM person"), 0);
	csv.len -= strlen("x,hop thon,2026-01-05,Lan\n");
	csv.data[csv.len] = '\0';
	import(&im, w, buf_str(&csv));
	assert_int_equal(im.im.added, 10000);
	assert_int_equal(
	    world_count(w, "SELECT count(*) FROM membership"), 10000);
	buf_clear(&csv);
}

/* In steps, and twice the same file is once (the second time after a power
 * cut). */
static void
test_import_in_steps(void **state)
{
	struct world *w = *state;
	struct import a = {.im.list = "l", .im.agency = "HPN"}, b = a;
	char csv[2048] = HEAD;
	size_t len = strlen(csv);
	int i;

	for (i = 0; i < 21; i++) {
		assert_int_equal(str_printf(csv + len, sizeof(csv) - len,
				     "09000000%02d,a,2026-01-05,b\n", i),
		    0);
		len += strlen(csv + len);
	}
	import(&a, w, csv);
	assert_int_equal(a.im.added, 21);
	assert_int_equal(a.im.listed, 21);
	import(&b, w, csv);
	assert_int_equal(b.im.updated, 21);
	assert_int_equal(b.im.listed, 0);
	assert_int_equal(world_count(w, "SELECT count(*) FROM consent"), 21);
}

/* Both consents are in the ledger, with the version of the form. */
static void
test_minor_with_guardian(void **state)
{
	struct world *w = *state;
	struct import im = {0};
	char *text;

	import(&im, w,
	    "number,consent_source,consent_date,collector,minor,"
	    "guardian_consent,wording\n"
	    "0900000001,lop 9A,2026-01-05,Lan,x,7/1/2026,M2\n");
	text = world_text(w,
	    "SELECT group_concat(scope || given || collected_on || wording)"
	    " FROM (SELECT * FROM consent ORDER BY scope)");
	assert_string_equal(
	    text, "broadcast12026-01-05M2,guardian12026-01-07M2");
	free(text);
	assert_int_equal(
	    world_count(w, "SELECT count(*) FROM person WHERE is_minor"), 1);
}

struct number_op {
	struct world *world;
	const char *number;
};

static int
op_forget(void *arg)
{
	struct number_op *op = arg;

	return people_forget(&op->world->core, op->number);
}

/* XOA: nothing stays but the hash that keeps him out; his own CO lifts it. */
static void
test_forgotten_is_not_imported(void **state)
{
	struct world *w = *state;
	struct import a = {.im.list = "l", .im.agency = "HPN"}, b = a;
	struct number_op op = {w, "+84900000001"}, other = {w, "+84900000009"};

	import(&a, w, HEAD ROW "0900000002,a,2026-01-05,b\n");
	world_expect(w, 0, op_forget, &op);
	assert_int_equal(turn_run(w->core.turn, op_forget, &other), TC_ENOENT);
	assert_int_equal(
	    world_count(w, "SELECT (SELECT count(*) FROM person) + 10 *"
			   " (SELECT count(*) FROM consent) + 100 *"
			   " (SELECT count(*) FROM membership)"),
	    111);
	import(&b, w, HEAD ROW "0900000002,a,2026-01-05,b\n");
	assert_int_equal(b.im.kept_out, 1);
	assert_int_equal(b.im.added, 0);
	assert_int_equal(world_count(w, "SELECT count(*) FROM person"), 1);
	world_receive(w, "0900000001", "DK");
	world_receive(w, "0900000001", "CO");
	assert_int_equal(
	    world_count(w, "SELECT count(*) FROM do_not_import"), 0);
	assert_int_equal(
	    world_count(w, "SELECT count(*) FROM person WHERE consenting"), 2);
}

static void
test_do_not_call(void **state)
{
	struct world *w = *state;
	struct import a = {0}, dnc = {.im.is_dnc = true}, b = a, again = dnc;

	import(&a, w, HEAD ROW "0900000002,a,2026-01-05,b\n");
	import(&dnc, w, "so_dien_thoai\n0900000001\n0900000003\n");
	assert_int_equal(dnc.im.added, 2);
	import(&again, w, "number\n0900000001\n");
	assert_int_equal(again.im.updated, 1);
	import(&b, w, HEAD ROW "0900000003,a,2026-01-05,b\n");
	assert_int_equal(b.im.kept_out, 2);
	assert_int_equal(
	    world_count(w, "SELECT count(*) FROM person WHERE consenting"), 1);
	assert_int_equal(world_count(w, "SELECT count(*) FROM consent WHERE"
					" given = 0 AND how = 'dnc'"),
	    1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_good_files),
	    WORLD_TEST(test_bad_files_leave_nothing),
	    WORLD_TEST(test_nul_byte),
	    WORLD_TEST(test_old_numbers_are_converted),
	    WORLD_TEST(test_second_sheet_updates),
	    WORLD_TEST(test_quiet_hours),
	    WORLD_TEST(test_dry_run_writes_nothing),
	    WORLD_TEST(test_r9_whoever_opted_out_stays_out),
	    WORLD_TEST(test_ten_thousand_rows),
	    WORLD_TEST(test_import_in_steps),
	    WORLD_TEST(test_minor_with_guardian),
	    WORLD_TEST(test_forgotten_is_not_imported),
	    WORLD_TEST(test_do_not_call),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
