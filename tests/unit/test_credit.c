/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The credit of the SIMs (daemon/credit.h): what is read in an answer, when it
 * is asked for, and what follows. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "unit.h"
#include "watch/alarm.h"
#include "clock.h"
#include "conf.h"
#include "watch/credit.h"
#include "turn.h"
#include "world.h"

#define PATTERN "([0-9][0-9.,]*) ?(d|đ|dong|đồng|VND)" /* as shipped */

static void
test_parse(void **state)
{
	static const struct {
		const char *pattern, *text;
		int rc;
		int64_t dong;
	} cases[] = {
	    {PATTERN, "So du TK chinh: 25.000d. HSD: 31/12/2027.", 0, 25000},
	    {PATTERN, "TK goc:1,234,567 VND", 0, 1234567},
	    {PATTERN, "Tài khoản gốc: 0đ", 0, 0},
	    {PATTERN, "Ban con 12.500 DONG, KM 3.000d", 0, 12500},
	    {PATTERN, "Quy khach con 50.000 đồng.", 0, 50000},
	    {PATTERN, "Bạn còn 150 tin nhắn, dùng đến 31/12/2027.", TC_EINVAL,
		0},
	    {PATTERN, "", TC_EINVAL, 0},
	    {PATTERN, "He thong ban, vui long thu lai sau.", TC_EINVAL, 0},
	    {PATTERN, "9999999999999999999999d", TC_EINVAL, 0},
	    {"so du: (-?[0-9.]+)", "SO DU: -1.500", 0, -1500},
	    {"so du: ([a-z]+)", "so du: nhieu", TC_EINVAL, 0},
	    {"so du", "so du: 5000d", TC_EINVAL, 0},      /* no group */
	    {"x|so (1)", "x 5000d", TC_EINVAL, 0},        /* it took no part */
	    {"(so du", "so du: 5000d", TC_EINVAL, 0},     /* no expression */
	    {"so du ([.,]*)", "so du ..,", TC_EINVAL, 0}, /* no digit */
	};
	size_t i;

	(void)state;
	for (i = 0; i < TC_NELEM(cases); i++) {
		int64_t dong = 0;
		int rc;

		rc = credit_parse(cases[i].pattern, cases[i].text, &dong);
		if (rc != cases[i].rc || (rc == 0 && dong != cases[i].dong))
			fail_msg(
			    "%s: %d %lld", cases[i].text, rc, (long long)dong);
	}
}

/* --- a pool of three: the third has no code --- */

struct bench {
	struct world w;
	struct conf_modem modems[3];
	struct conf conf;
	struct alarm *alarm;
	struct credit *credit;
	char dialled[64]; /* names, one after another */
	int rc[3], changes;
	struct credit_answer answer;
	int answers;
};

static int
dial(const char *modem, const char *code, void *ctx)
{
	struct bench *b = ctx;
	size_t len = strlen(b->dialled);
	int rc = b->rc[modem[1] - '1'];

	assert_string_equal(code, "*101#");
	if (rc == 0)
		assert_int_equal(str_printf(b->dialled + len,
				     sizeof(b->dialled) - len, "%s ", modem),
		    0);
	return rc;
}

static void
changed(const char *modem, void *ctx)
{
	(void)modem;
	((struct bench *)ctx)->changes++;
}

static bool
no_modem(const char *modem, void *ctx)
{
	(void)modem;
	(void)ctx;
	return false;
}

static void
bench_start(struct bench *b)
{
	const struct credit_ops ops = {dial, changed, b};
	const struct alarm_ops none = {.is_up = no_modem};

	b->alarm = alarm_new(&b->w.core, &none);
	b->credit = credit_new(&b->w.core, &ops, b->alarm);
}

static void
bench_stop(struct bench *b)
{
	credit_free(b->credit);
	alarm_free(b->alarm);
}

static int
setup(void **state)
{
	static char names[][4] = {"m1", "m2", "m3"};
	static char code[] = "*101#", none[] = "", pattern[] = PATTERN;
	struct bench *b = xcalloc(1, sizeof(*b));

	world_open(&b->w);
	for (size_t i = 0; i < TC_NELEM(b->modems); i++) {
		b->modems[i].name = names[i];
		b->modems[i].ussd_balance = i < 2 ? code : none;
		b->modems[i].balance_pattern = pattern;
		b->modems[i].balance_hours = 12;
		b->modems[i].credit_reserve = 20000;
	}
	b->conf.modems = b->modems;
	b->conf.nmodems = TC_NELEM(b->modems);
	b->w.core.conf = &b->conf;
	bench_start(b);
	*state = b;
	return 0;
}

static int
teardown(void **state)
{
	struct bench *b = *state;

	bench_stop(b);
	world_close(&b->w);
	free(b);
	return 0;
}

/* So many seconds later: who is dialled? */
static void
look(struct bench *b, int64_t seconds, bool near, const char *dialled)
{
	world_advance(&b->w, seconds);
	b->dialled[0] = '\0';
	credit_upkeep(b->credit, near);
	assert_int_equal(turn_commit(b->w.core.turn), 0);
	assert_string_equal(b->dialled, dialled);
}

static void
answer(struct bench *b, const char *modem, const char *text)
{
	credit_on_answer(b->credit, modem, text);
	assert_int_equal(turn_commit(b->w.core.turn), 0);
}

static void
expect(struct bench *b, const char *modem, bool known, int64_t dong, bool low)
{
	struct credit_info info;

	assert_int_equal(credit_get(b->credit, modem, &info), 0);
	assert_int_equal(info.is_known, known);
	assert_int_equal(info.is_low, low);
	if (known) {
		assert_int_equal(info.dong, dong);
		assert_in_range(clock_now() - info.at, 0, 60);
	}
}

static int64_t
alarms(struct bench *b)
{
	return world_count(&b->w, "SELECT count(*) FROM alarm"
				  " WHERE kind = 'reserve'");
}

static void
test_schedule(void **state)
{
	struct bench *b = *state;

	look(b, 0, false, "m1 m2 ");
	look(b, 10, false, ""); /* they have not answered */
	answer(b, "m1", "25.000d");
	answer(b, "m2", "25.000d");
	answer(b, "m2", "1d"); /* nobody asked */
	expect(b, "m2", true, 25000, false);
	look(b, 12 * 3600 - 30, false, "");
	look(b, 40, false, "m1 m2 ");
	answer(b, "m1", NULL);
	answer(b, "m2", "he thong ban");
	look(b, CREDIT_RETRY_S - 10, false, "");
	look(b, 20, false, "m1 m2 ");
	answer(b, "m1", "25.000d");
	answer(b, "m2", "25.000d");
	look(b, CREDIT_RETRY_S + 10, false, "");
	assert_int_equal(b->changes, 6);
}

/* Not ready, or help waits: the next look tries again. Refused: not soon. */
static void
test_not_now(void **state)
{
	struct bench *b = *state;

	b->rc[0] = TC_EAGAIN;
	b->rc[1] = TC_EDENIED;
	look(b, 0, false, "");
	b->rc[0] = b->rc[1] = 0;
	look(b, 10, false, "m1 ");
	look(b, CREDIT_RETRY_S, false, "m2 ");
}

static void
test_campaign(void **state)
{
	struct bench *b = *state;

	look(b, 0, false, "m1 m2 ");
	answer(b, "m1", "25.000d");
	answer(b, "m2", "25.000d");
	look(b, CREDIT_FRESH_S - 10, true, ""); /* it was asked just now */
	look(b, CREDIT_CAMPAIGN_S - CREDIT_FRESH_S, true, "");
	look(b, 20, true, "m1 m2 ");
	answer(b, "m1", "25.000d");
	answer(b, "m2", "25.000d");
	look(b, CREDIT_CAMPAIGN_S + 10, false, ""); /* it is over */
	b->rc[1] = TC_ESTATE;
	look(b, 10, true, "m1 "); /* before the next */
	b->rc[1] = 0;
	look(b, 10, true, "m2 ");
	answer(b, "m1", "25.000d");
	answer(b, "m2", "25.000d");
	look(b, CREDIT_FRESH_S + 10, true, "");
}

static void
test_reserve(void **state)
{
	struct bench *b = *state;

	look(b, 0, false, "m1 m2 ");
	answer(b, "m1", "19.999d");
	answer(b, "m2", "20.000d");
	expect(b, "m1", true, 19999, true);
	expect(b, "m2", true, 20000, false);
	assert_int_equal(alarms(b), 1);
	/* Not understood: not known, and what was low stays low. */
	look(b, 13 * 3600, false, "m1 m2 ");
	answer(b, "m1", "he thong ban");
	expect(b, "m1", false, 0, true);
	assert_int_equal(alarms(b), 1);
	look(b, 3600, false, "m1 ");
	answer(b, "m1", "TK 120.000d");
	expect(b, "m1", true, 120000, false);
	assert_int_equal(alarms(b), 0);
	expect(b, "m3", false, 0, false);
}

/* What was known outlives the daemon; what the configuration says now counts. */
static void
test_restart(void **state)
{
	struct bench *b = *state;

	look(b, 0, false, "m1 m2 ");
	answer(b, "m1", "19.999d");
	answer(b, "m2", "25.000d");
	bench_stop(b);
	world_restart(&b->w);
	b->modems[0].credit_reserve = 0;
	b->modems[1].credit_reserve = 30000;
	bench_start(b);
	look(b, 10, false, "");
	expect(b, "m1", true, 19999, false);
	expect(b, "m2", true, 25000, true);
	assert_int_equal(alarms(b), 1);
	assert_int_equal(world_count(&b->w, "SELECT count(*) FROM alarm"
					    " WHERE modem = 'm2'"),
	    1);
}

static void
on_answer(const struct credit_answer *a, void *ctx)
{
	struct bench *b = ctx;

	b->answer = *a;
	b->answers++;
}

static void
test_ask(void **state)
{
	struct bench *b = *state;
	struct credit *cr = b->credit;
	struct credit_info info;

	assert_int_equal(credit_ask(cr, "m3", on_answer, b), TC_ENOENT);
	assert_int_equal(credit_ask(cr, "m9", on_answer, b), TC_ENOENT);
	assert_int_equal(credit_get(cr, "m9", &info), TC_ENOENT);
	b->rc[0] = TC_ESTATE;
	assert_int_equal(credit_ask(cr, "m1", on_answer, b), TC_ESTATE);
	b->rc[0] = 0;
	assert_int_equal(credit_ask(cr, "m1", on_answer, b), 0);
	assert_int_equal(credit_ask(cr, "m1", on_answer, b), TC_EAGAIN);
	look(b, 0, false, "m2 ");
	answer(b, "m1", "7.000d");
	assert_int_equal(b->answers, 1);
	assert_true(b->answer.is_answered && b->answer.is_known);
	assert_int_equal(b->answer.dong, 7000);
	assert_int_equal(credit_ask(cr, "m1", on_answer, b), 0);
	answer(b, "m1", "khong ro");
	assert_int_equal(b->answers, 2);
	assert_true(b->answer.is_answered && !b->answer.is_known);
	assert_int_equal(credit_ask(cr, "m1", on_answer, b), 0);
	answer(b, "m1", NULL);
	assert_int_equal(b->answers, 3);
	assert_false(b->answer.is_answered || b->answer.is_known);
	/* Who left is not called. */
	assert_int_equal(credit_ask(cr, "m1", on_answer, b), 0);
	credit_forget(cr, b);
	answer(b, "m1", "7.000d");
	assert_int_equal(b->answers, 3);
}

#define BENCH_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_parse),
	    BENCH_TEST(test_schedule),
	    BENCH_TEST(test_not_now),
	    BENCH_TEST(test_campaign),
	    BENCH_TEST(test_reserve),
	    BENCH_TEST(test_restart),
	    BENCH_TEST(test_ask),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
