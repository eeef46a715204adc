/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * modem/spool: what a killed child leaves behind, and what a thief can read.
 */
#include "config.h"

#include <sys/stat.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "modem/spool.h"

#define NUMBER "+84900000123"

static const unsigned char key[CHACHA20_KEY] = {1, 2, 3, 4, 5};
static const unsigned char other_key[CHACHA20_KEY] = {9};

struct fixture {
	char folder[64];
	char path[128];
	struct spool spool;
};

static int
setup(void **state)
{
	struct fixture *f = xcalloc(1, sizeof(*f));

	memcpy(f->folder, "/tmp/tc-spool-XXXXXX", 21);
	assert_non_null(mkdtemp(f->folder));
	assert_int_equal(
	    str_printf(f->path, sizeof(f->path), "%s/m1", f->folder), 0);
	spool_init(&f->spool);
	*state = f;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *f = *state;
	char lock[160];

	spool_clear(&f->spool);
	assert_int_equal(str_printf(lock, sizeof(lock), "%s.lock", f->path), 0);
	(void)unlink(lock);
	(void)unlink(f->path);
	assert_int_equal(rmdir(f->folder), 0); /* no temporary file left */
	free(f);
	return 0;
}

/* The child dies and the next one opens what is there. */
static void
reopen(struct fixture *f, const unsigned char *k)
{
	spool_clear(&f->spool);
	assert_int_equal(spool_lock(&f->spool, f->path), 0);
	assert_int_equal(spool_open(&f->spool, k), 0);
}

static void
send_one(struct fixture *f, uint64_t part, struct ml_result *r, bool late)
{
	assert_int_equal(spool_begin(&f->spool, part), 0);
	assert_int_equal(spool_result(&f->spool, part, r, late), 0);
}

static void
test_entries_survive(void **state)
{
	struct fixture *f = *state;
	struct ml_result sent = {.outcome = ML_SENT, .tp_mr = 17};
	struct ml_result refused = {
	    .outcome = ML_REFUSED, .tp_mr = -1, .code = 38};
	struct ml_report_in report = {
	    .number = NUMBER, .tp_mr = 17, .tp_status = 0x46, .smsc_time = 99};
	struct ml_call_in call = {.number = NUMBER, .at = 1234};
	const struct spool_entry *e;

	reopen(f, key);
	send_one(f, 7001, &sent, false);
	send_one(f, 7002, &refused, false);
	assert_int_equal(spool_report(&f->spool, &report), 0);
	assert_int_equal(spool_call(&f->spool, &call), 0);
	assert_int_equal(spool_ack(&f->spool, sent.spool_id), 0);
	assert_int_equal(spool_ack(&f->spool, sent.spool_id), TC_ENOENT);

	reopen(f, key);
	assert_int_equal(f->spool.nentries, 3);
	assert_false(f->spool.is_sending);
	e = f->spool.entries;
	assert_int_equal(e[0].type, ML_RESULT);
	assert_int_equal(e[0].part_id, 7002);
	assert_int_equal(e[0].body.result.outcome, ML_REFUSED);
	assert_int_equal(e[0].body.result.tp_mr, -1);
	assert_int_equal(e[0].body.result.code, 38);
	assert_int_equal(e[0].body.result.spool_id, refused.spool_id);
	assert_int_equal(e[1].type, ML_REPORT_IN);
	assert_string_equal(e[1].body.report_in.number, NUMBER);
	assert_int_equal(e[1].body.report_in.tp_status, 0x46);
	assert_int_equal(e[1].body.report_in.smsc_time, 99);
	assert_int_equal(e[2].type, ML_CALL_IN);
	assert_string_equal(e[2].body.call_in.number, NUMBER);
	assert_int_equal(e[2].body.call_in.at, 1234);

	/* ids are never used twice */
	assert_int_equal(spool_call(&f->spool, &call), 0);
	assert_true(call.spool_id > e[2].body.call_in.spool_id);
}

static void
test_begin_without_result(void **state)
{
	struct fixture *f = *state;
	struct ml_result r = {.outcome = ML_UNCERTAIN, .tp_mr = -1};

	reopen(f, key);
	assert_int_equal(spool_begin(&f->spool, 42), 0);
	reopen(f, key);
	assert_true(f->spool.is_sending);
	assert_int_equal(f->spool.part_id, 42);
	assert_int_equal(spool_result(&f->spool, 42, &r, true), 0);
	reopen(f, key);
	assert_false(f->spool.is_sending);
	assert_true(f->spool.is_late);
	send_one(f, 43, &r, false);
	reopen(f, key);
	assert_false(f->spool.is_late);
}

/* Whatever length of the last record reached the disk, the others stand and the
 * spool goes on. */
static void
test_torn_record(void **state)
{
	struct fixture *f = *state;
	struct ml_call_in call = {.number = NUMBER, .at = 1};
	struct stat st;
	size_t whole, cut;

	reopen(f, key);
	assert_int_equal(spool_call(&f->spool, &call), 0);
	whole = f->spool.size;
	for (cut = 1; cut < whole; cut++) {
		assert_int_equal(spool_call(&f->spool, &call), 0);
		assert_int_equal(truncate(f->path, (off_t)(whole + cut)), 0);
		reopen(f, key);
		assert_int_equal(f->spool.nentries, 1);
		assert_int_equal(stat(f->path, &st), 0);
		assert_int_equal(st.st_size, whole);
	}
}

static void
test_garbage_is_cut(void **state)
{
	struct fixture *f = *state;
	struct ml_call_in call = {.number = NUMBER, .at = 1};
	size_t whole;
	FILE *file;

	reopen(f, key);
	assert_int_equal(spool_call(&f->spool, &call), 0);
	whole = f->spool.size;
	assert_int_equal(spool_call(&f->spool, &call), 0);
	file = fopen(f->path, "r+");
	assert_non_null(file);
	assert_int_equal(fseek(file, (long)(f->spool.size - 20), SEEK_SET), 0);
	assert_int_equal(fputc('!', file), '!');
	assert_int_equal(fclose(file), 0);
	reopen(f, key);
	assert_int_equal(f->spool.nentries, 1);
	assert_int_equal(f->spool.size, whole);
}

static bool
file_contains(const char *path, const void *what, size_t len)
{
	char *data;
	size_t size;
	bool found;

	assert_int_equal(file_read(path, 1 << 20, &data, &size), 0);
	assert_true(size > 0);
	found = memmem(data, size, what, len) != NULL;
	free(data);
	return found;
}

static void
test_number_is_hidden(void **state)
{
	struct fixture *f = *state;
	static const unsigned char bcd[] = {0x09, 0x00, 0x00, 0x21};
	static const char *const plain[] = {
	    "84900000123", "900000123", "ODQ5MDAwMDAxMjM", "9\0000\0000\0000"};
	struct ml_call_in call = {.number = NUMBER, .at = 1};
	struct ml_report_in report = {.number = NUMBER, .tp_mr = 1};
	size_t i, size;

	reopen(f, key);
	assert_int_equal(spool_call(&f->spool, &call), 0);
	assert_int_equal(spool_report(&f->spool, &report), 0);
	for (i = 0; i < 3; i++)
		assert_false(
		    file_contains(f->path, plain[i], strlen(plain[i])));
	assert_false(file_contains(f->path, plain[3], 7));
	assert_false(file_contains(f->path, bcd, sizeof(bcd)));

	/* nor does its length show */
	size = f->spool.size;
	memcpy(call.number, "191", 4);
	memcpy(report.number, "191", 4);
	assert_int_equal(spool_call(&f->spool, &call), 0);
	assert_int_equal(spool_report(&f->spool, &report), 0);
	assert_int_equal(f->spool.size, 2 * size);

	reopen(f, other_key);
	assert_int_equal(f->spool.nentries, 4);
	assert_string_equal(f->spool.entries[0].body.call_in.number, "");
	reopen(f, key);
	assert_string_equal(f->spool.entries[0].body.call_in.number, NUMBER);
}

static void
test_no_key(void **state)
{
	struct fixture *f = *state;
	struct ml_call_in call = {.number = NUMBER, .at = 5};

	reopen(f, NULL);
	assert_int_equal(spool_call(&f->spool, &call), 0);
	assert_string_equal(call.number, NUMBER); /* the frame has it */
	assert_false(file_contains(f->path, "900000123", 9));
	reopen(f, NULL);
	assert_int_equal(f->spool.nentries, 1);
	assert_string_equal(f->spool.entries[0].body.call_in.number, "");
	assert_int_equal(f->spool.entries[0].body.call_in.at, 5);
}

/* A child without the key, while the data key is locked, does not tell what an
 * earlier one kept, and loses nothing of it. */
static void
test_locked(void **state)
{
	struct fixture *f = *state;
	struct ml_call_in call = {.number = NUMBER, .at = 5};
	struct ml_report_in report = {.number = NUMBER, .tp_mr = 1};
	struct ml_result r = {.outcome = ML_SENT, .tp_mr = 1};
	int i;

	reopen(f, key);
	assert_int_equal(spool_call(&f->spool, &call), 0);
	assert_int_equal(spool_report(&f->spool, &report), 0);
	reopen(f, NULL);
	assert_int_equal(f->spool.nentries, 2);
	assert_true(f->spool.entries[0].is_closed);
	assert_true(f->spool.entries[1].is_closed);
	for (i = 0; i < 2000; i++) { /* it is written anew */
		assert_int_equal(spool_begin(&f->spool, 7), 0);
		assert_int_equal(spool_result(&f->spool, 7, &r, false), 0);
		assert_int_equal(spool_ack(&f->spool, r.spool_id), 0);
	}
	assert_true(f->spool.size < SPOOL_REWRITE_SIZE + 1024);
	reopen(f, key);
	assert_int_equal(f->spool.nentries, 2);
	assert_false(f->spool.entries[0].is_closed);
	assert_string_equal(f->spool.entries[0].body.call_in.number, NUMBER);
	assert_string_equal(f->spool.entries[1].body.report_in.number, NUMBER);
}

static void
test_rewrite(void **state)
{
	struct fixture *f = *state;
	struct ml_call_in call = {.number = NUMBER, .at = 5};
	struct ml_result r = {.outcome = ML_SENT, .tp_mr = 1};
	uint64_t last = 0;
	size_t biggest = 0;
	int i;

	reopen(f, key);
	assert_int_equal(spool_call(&f->spool, &call), 0); /* stays */
	for (i = 0; i < 2000; i++) {
		send_one(f, (uint64_t)i, &r, false);
		assert_true(r.spool_id > last);
		last = r.spool_id;
		if (i == 1500)
			assert_int_equal(spool_begin(&f->spool, 77), 0);
		assert_int_equal(spool_ack(&f->spool, r.spool_id), 0);
		if (f->spool.size > biggest)
			biggest = f->spool.size;
	}
	assert_true(biggest <= SPOOL_REWRITE_SIZE + 1024);
	assert_int_equal(spool_begin(&f->spool, 78), 0);
	reopen(f, key);
	assert_int_equal(f->spool.nentries, 1);
	assert_string_equal(f->spool.entries[0].body.call_in.number, NUMBER);
	assert_true(f->spool.is_sending);
	assert_int_equal(f->spool.part_id, 78);
	assert_true(f->spool.next_id > last);
}

static void
test_lock(void **state)
{
	struct fixture *f = *state;
	struct spool second;

	reopen(f, key);
	spool_init(&second);
	assert_int_equal(spool_lock(&second, f->path), TC_EAGAIN);
	spool_clear(&f->spool);
	assert_int_equal(spool_lock(&second, f->path), 0);
	spool_clear(&second);
}

#define TEST(t) cmocka_unit_test_setup_teardown(t, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_entries_survive),
	    TEST(test_begin_without_result),
	    TEST(test_torn_record),
	    TEST(test_garbage_is_cut),
	    TEST(test_number_is_hidden),
	    TEST(test_no_key),
	    TEST(test_locked),
	    TEST(test_rewrite),
	    TEST(test_lock),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
