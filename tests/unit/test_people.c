/* SPDX-License-Identifier: GPL-2.0-or-later */
/* numbers-ok: a fixed line and an old number, all zeros but the prefix */
/* People: what a CSV file may hold and that a fault leaves nothing behind, the
 * question DK and its answer CO, TC, lists. */
#include "config.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"
#include "buf.h"
#include "clock.h"
#include "outreach/people.h"
#include "turn.h"
#include "world.h"

#define HEAD "number,consent_source,consent_date,collector\n"
#define ROW "0900000001,hop thon,2026-01-05,Lan\n"

/* --- import --- */

struct import {
	struct world *world;
	struct people_import im;
	int line; /* of the first fault */
	char field[32], reason[64];
};

static void
on_fault(const struct people_fault *f, void *ctx)
{
	struct import *i = ctx;

	if (i->line != 0)
		return;
	i->line = f->line;
	assert_int_equal(
	    str_printf(i->field, sizeof(i->field), "%s", f->field), 0);
	assert_int_equal(
	    str_printf(i->reason, sizeof(i->reason), "%s", f->reason), 0);
}

static int
op_import(void *arg)
{
	struct import *i = arg;

	i->im.on_fault = on_fault;
	i->im.ctx = i;
	return people_import(&i->world->core, &i->im);
}

static void
import(struct import *i, struct world *w, const char *csv, int rc)
{
	i->world = w;
	i->im.csv = csv;
	i->im.len = strlen(csv);
	world_expect(w, rc, op_import, i);
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
		import(&im, &w, good[i].csv, 0);
		if (im.im.rows != good[i].rows ||
		    im.im.added != good[i].people ||
		    im.im.added + im.im.updated != good[i].rows ||
		    im.im.listed != good[i].people || im.im.faults != 0)
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
	"not a Vietnamese mobile number", 1},
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
    {"not UTF-8",
	HEAD "0900000001,h\xff"
	     "p,2026-01-05,b\n",
	2, "consent_source", "not UTF-8", 2},
    {"language",
	"number,consent_source,consent_date,collector,language\n"
	"0900000001,a,2026-01-05,b,fr\n",
	2, "language", "unknown language (vi)", 1},
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

		import(&im, w, bad[i].csv, TC_EINVAL);
		if ((bad[i].line != 0 && im.line != bad[i].line) ||
		    strcmp(im.field, bad[i].field) != 0 ||
		    strcmp(im.reason, bad[i].reason) != 0 ||
		    im.im.faults != bad[i].faults)
			fail_msg("%s: line %d field %s: %s (%d)", bad[i].name,
			    im.line, im.field, im.reason, im.im.faults);
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
	struct import im = {
	    .world = *state, .im = {.csv = csv, .len = sizeof(csv) - 1}};

	world_expect(*state, TC_EINVAL, op_import, &im);
	assert_string_equal(im.reason, "not UTF-8");
}

/* 012x to 07x and so on: the number that the phone has today. */
static void
test_old_numbers_are_converted(void **state)
{
	struct world *w = *state;
	struct import im = {.im.list = "l", .im.agency = "HPN"}, again = im;

	import(&im, w, HEAD "01200000001,a,2026-01-05,b\n", 0);
	assert_int_equal(im.im.added, 1);
	import(&again, w, HEAD "0700000001,a,2026-01-05,b\n", 0);
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
	    "0900000001,a,2026-01-05,b,Thôn 1,nam\n",
	    0);
	import(&b, w,
	    "number,consent_source,consent_date,collector,thon\n"
	    "0900000001,a,2026-02-05,b,Thôn 2\n",
	    0);
	import(&c, w, HEAD ROW, 0);
	text = world_text(w, "SELECT hamlet || kind || language FROM person");
	assert_string_equal(text, "Thôn 2namvi");
	free(text);
	assert_int_equal(world_count(w, "SELECT count(*) FROM consent"), 1);
}

/* A dry run counts and finds faults, and writes nothing. */
static void
test_dry_run_writes_nothing(void **state)
{
	struct world *w = *state;
	struct import im = {
	    .im = {.dry_run = true, .list = "new", .agency = "HPN"}};
	struct import faulty = {.im.dry_run = true};

	import(&im, w, HEAD ROW "0900000002,a,2026-01-05,b\n" ROW, 0);
	assert_int_equal(im.im.rows, 3);
	assert_int_equal(im.im.added, 2);
	assert_int_equal(im.im.updated, 1);
	assert_int_equal(im.im.listed, 2);
	import(&faulty, w, HEAD "x,a,2026-01-05,b\n", TC_EINVAL);
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
		     "0900000003,a,2026-01-05,b\n",
	    0);
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
	struct import im = {.im.list = "l", .im.agency = "HPN"};
	struct import last = {.im.list = "l", .im.agency = "HPN"};
	struct buf csv;
	int i;

	buf_init(&csv, 1 << 20);
	(void)buf_put_str(&csv, HEAD);
	for (i = 0; i < 10000; i++)
		(void)buf_printf(
		    &csv, "09000%05d,hop thon,2026-01-05,Lan\n", i);
	assert_int_equal(buf_error(&csv), 0);
	(void)buf_put_str(&csv, "x,hop thon,2026-01-05,Lan\n");
	import(&last, w, buf_str(&csv), TC_EINVAL);
	assert_int_equal(last.line, 10002);
	assert_int_equal(world_count(w, "SELECT count(*) FROM person"), 0);
	csv.len -= strlen("x,hop thon,2026-01-05,Lan\n");
	csv.data[csv.len] = '\0';
	import(&im, w, buf_str(&csv), 0);
	assert_int_equal(im.im.added, 10000);
	assert_int_equal(
	    world_count(w, "SELECT count(*) FROM membership"), 10000);
	buf_clear(&csv);
}

/* Help waits for as long as a file is read. Nothing is written after the first
 * fault, so that this is quick. */
static void
test_file_of_too_many_rows(void **state)
{
	struct world *w = *state;
	struct import full = {.im.agency = "HPN"}, over = full;
	struct buf csv;
	int i;

	buf_init(&csv, 1 << 20);
	(void)buf_put_str(&csv, HEAD "x,hop thon,2026-01-05,Lan\n");
	for (i = 1; i < PEOPLE_IMPORT_ROWS; i++)
		(void)buf_put_str(&csv, "0900000001,thon,2026-01-05,Lan\n");
	import(&full, w, buf_str(&csv), TC_EINVAL);
	assert_int_equal(full.im.faults, 1);
	(void)buf_put_str(&csv, "0900000001,thon,2026-01-05,Lan\n");
	assert_int_equal(buf_error(&csv), 0);
	import(&over, w, buf_str(&csv), TC_EINVAL);
	assert_int_equal(over.im.faults, 2);
	buf_clear(&csv);
}

/* --- DK, CO, TC --- */

struct say {
	struct world *world;
	int (*verb)(struct core *c, const char *number, int64_t *person_id);
	int64_t person;
};

static int
op_say(void *arg)
{
	struct say *s = arg;

	return s->verb(&s->world->core, "+84900000001", &s->person);
}

static void
say(struct world *w,
    int (*verb)(struct core *c, const char *number, int64_t *person_id), int rc)
{
	struct say s = {w, verb, 0};

	world_expect(w, rc, op_say, &s);
	if (rc == 0)
		assert_int_equal(
		    s.person, world_count(w, "SELECT id FROM person"));
}

static void
expect_consent(struct world *w, int consenting, int ledger)
{
	assert_int_equal(
	    world_count(w, "SELECT coalesce(max(consenting), 0) FROM person"),
	    consenting);
	assert_int_equal(
	    world_count(w, "SELECT count(*) FROM consent"), ledger);
}

static void
test_answer_within_a_day(void **state)
{
	static const struct {
		int64_t after;
		int rc;
	} rows[] = {
	    {0, 0}, {86390, 0}, {86410, TC_ESTATE}, {7 * 86400, TC_ESTATE}};
	size_t i;

	(void)state;
	for (i = 0; i < TC_NELEM(rows); i++) {
		struct world w;

		world_open(&w);
		say(&w, people_confirm, TC_ESTATE); /* nobody asked */
		say(&w, people_ask, 0);
		expect_consent(&w, 0, 0); /* silence is not consent */
		world_advance(&w, rows[i].after);
		say(&w, people_confirm, rows[i].rc);
		expect_consent(&w, rows[i].rc == 0, rows[i].rc == 0);
		say(&w, people_confirm, TC_ESTATE); /* one answer a question */
		world_close(&w);
	}
}

static void
test_out_and_in_again(void **state)
{
	struct world *w = *state;

	say(w, people_optout, 0); /* a number that was not known */
	expect_consent(w, 0, 1);
	say(w, people_ask, 0);
	say(w, people_optout, 0); /* ends the question too */
	say(w, people_confirm, TC_ESTATE);
	say(w, people_ask, 0);
	say(w, people_confirm, 0);
	expect_consent(w, 1, 3);
	assert_int_equal(world_count(w, "SELECT count(*) FROM person"
					" WHERE opted_out_at IS NULL"),
	    1);
	say(w, people_optout, 0);
	expect_consent(w, 0, 4);
	assert_int_equal(world_count(w, "SELECT count(*) FROM person"), 1);
}

/* --- lists --- */

struct list_op {
	struct world *world;
	const char *name, *number, *hamlet;
};

static int
op_list_new(void *arg)
{
	struct list_op *op = arg;

	return list_new(&op->world->core, op->name, "HPN");
}

static int
op_list_add(void *arg)
{
	struct list_op *op = arg;

	return list_add(&op->world->core, op->name, op->number, op->hamlet);
}

static const struct {
	const char *name;
	int rc;
} names[] = {
    {"thôn 1", 0},
    {"thôn 1", TC_EEXIST},
    {"", TC_EINVAL},
    {"a/b", TC_EINVAL},
    {"a\nb", TC_EINVAL},
    {"a\x7f", TC_EINVAL},
    {"\xff", TC_EINVAL},
    {"0123456789012345678901234567890123456789012345678901234567890123",
	TC_EINVAL},
    {"012345678901234567890123456789012345678901234567890123456789012", 0},
};

static const struct {
	const char *list, *number, *hamlet;
	int rc;
} adds[] = {
    {"l", "0900000001", NULL, 1},
    {"l", "+84 900 000 001", NULL, 0}, /* each person once */
    {"l", "0900000009", NULL, TC_ENOENT},
    {"l", "113", NULL, TC_EINVAL},
    {"none", "0900000001", NULL, TC_ENOENT},
    {"l", NULL, "B", 1},
    {"l", NULL, "C", 0},
    {"l", NULL, NULL, 1},
    {"l", NULL, NULL, 0},
};

static void
test_lists(void **state)
{
	struct world *w = *state;
	struct import im = {0};
	struct list_op op = {.world = w};
	struct list_row l;
	size_t i;
	int rc;

	for (i = 0; i < TC_NELEM(names); i++) {
		op.name = names[i].name;
		world_expect(w, names[i].rc, op_list_new, &op);
	}
	import(&im, w,
	    "number,consent_source,consent_date,collector,hamlet\n"
	    "0900000001,a,2026-01-05,b,A\n"
	    "0900000002,a,2026-01-05,b,B\n"
	    "0900000003,a,2026-01-05,b,A\n",
	    0);
	op.name = "l";
	world_expect(w, 0, op_list_new, &op);
	for (i = 0; i < TC_NELEM(adds); i++) {
		op = (struct list_op){
		    w, adds[i].list, adds[i].number, adds[i].hamlet};
		rc = turn_run(w->core.turn, op_list_add, &op);
		if (rc != adds[i].rc)
			fail_msg("row %zu: %d", i, rc);
		assert_int_equal(turn_commit(w->core.turn), 0);
	}
	assert_int_equal(list_get(&w->core, "l", &l), 0);
	assert_int_equal(l.members, 3);
	assert_string_equal(l.agency, "HPN");
}

static int
on_person(const struct person_row *p, void *ctx)
{
	int64_t *last = ctx;

	assert_true(p->id > *last);
	assert_null(strstr(p->number, "900000")); /* masked (R23) */
	*last = p->id;
	return 0;
}

static void
test_r23_people_are_listed_masked(void **state)
{
	struct world *w = *state;
	struct import im = {0};
	int64_t last = 0;
	int rc, n = 0;

	import(&im, w,
	    HEAD ROW "0900000002,a,2026-01-05,b\n"
		     "0900000003,a,2026-01-05,b\n",
	    0);
	while ((rc = people_each(&w->core, last, 2, on_person, &last)) > 0)
		n += rc;
	assert_int_equal(rc, 0);
	assert_int_equal(n, 3);
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
	    WORLD_TEST(test_dry_run_writes_nothing),
	    WORLD_TEST(test_r9_whoever_opted_out_stays_out),
	    WORLD_TEST(test_ten_thousand_rows),
	    WORLD_TEST(test_file_of_too_many_rows),
	    cmocka_unit_test(test_answer_within_a_day),
	    WORLD_TEST(test_out_and_in_again),
	    WORLD_TEST(test_lists),
	    WORLD_TEST(test_r23_people_are_listed_masked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
