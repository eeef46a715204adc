/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Alarms (daemon/alarm.h): told once, merged, capped, through a modem that
 * works; a small radio and a small outbox of the test's own around them. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "unit.h"
#include "watch/alarm.h"
#include "clock.h"
#include "conf.h"
#include "turn.h"
#include "world.h"

#define TEXTS_MAX 32

struct bench {
	struct world w;
	struct conf_modem modems[3];
	struct conf conf;
	struct alarm *alarm;
	bool down[3], is_refused;
	struct {
		char line[256], not_modem[32];
		bool is_lost;
	} texts[TEXTS_MAX];
	int n;
};

static bool
is_up(const char *modem, void *ctx)
{
	struct bench *b = ctx;

	return !b->down[modem[1] - '1'];
}

static int
take_text(const struct alarm_text *t, int64_t *message_id, void *ctx)
{
	struct bench *b = ctx;

	if (b->is_refused)
		return TC_EFULL;
	assert_true(b->n < TEXTS_MAX);
	assert_string_equal(t->number, "+84900000099");
	assert_int_equal(t->expires_at - clock_now(), ALARM_TEXT_S);
	assert_int_equal(
	    str_printf(b->texts[b->n].line, sizeof(b->texts[b->n].line),
		"%s %s", t->template_id, t->slots),
	    0);
	assert_int_equal(
	    str_printf(b->texts[b->n].not_modem,
		sizeof(b->texts[b->n].not_modem), "%s", t->not_modem),
	    0);
	*message_id = ++b->n;
	return 0;
}

static int
is_lost(int64_t message_id, void *ctx)
{
	struct bench *b = ctx;

	return b->texts[message_id - 1].is_lost;
}

static void
bench_start(struct bench *b)
{
	const struct alarm_ops ops = {is_up, take_text, is_lost, b};

	b->alarm = alarm_new(&b->w.core, &ops);
}

static int
setup(void **state)
{
	static char names[][4] = {"m1", "m2", "m3"};
	struct bench *b = xcalloc(1, sizeof(*b));

	world_open(&b->w);
	for (size_t i = 0; i < TC_NELEM(b->modems); i++)
		b->modems[i].name = names[i];
	b->conf.modems = b->modems;
	b->conf.nmodems = TC_NELEM(b->modems);
	memcpy(b->conf.technician, "+84900000099", 13);
	b->conf.alarm_after = 10;
	b->conf.alarm_undelivered = 3;
	b->conf.alarms_per_day = 3;
	b->w.core.conf = &b->conf;
	bench_start(b);
	*state = b;
	return 0;
}

static int
teardown(void **state)
{
	struct bench *b = *state;

	alarm_free(b->alarm);
	world_close(&b->w);
	free(b);
	return 0;
}

/* --- steps --- */

struct step {
	struct bench *bench;
	enum alarm_kind kind;
	const char *modem;
	bool is_on;
	unsigned tp_status;
};

static int
op_set(void *arg)
{
	struct step *s = arg;

	return alarm_set(s->bench->alarm, s->kind, s->modem, s->is_on);
}

static int
op_report(void *arg)
{
	struct step *s = arg;

	return alarm_on_report(s->bench->alarm, s->modem, s->tp_status);
}

static int
op_upkeep(void *arg)
{
	return alarm_upkeep(((struct bench *)arg)->alarm);
}

static void
set(struct bench *b, enum alarm_kind kind, const char *modem, bool is_on)
{
	struct step s = {b, kind, modem, is_on, 0};

	if (kind < ALARM_SIM_FULL)
		b->down[modem[1] - '1'] = is_on;
	world_expect(&b->w, 0, op_set, &s);
}

static void
report(struct bench *b, const char *modem, unsigned tp_status)
{
	struct step s = {b, 0, modem, false, tp_status};

	world_expect(&b->w, 0, op_report, &s);
}

/* So many seconds later somebody looks. */
static void
look(struct bench *b, int64_t seconds)
{
	world_advance(&b->w, seconds);
	world_expect(&b->w, 0, op_upkeep, b);
}

/* The texts since the last time. */
static void
expect(struct bench *b, int before, const char *line, const char *not_modem)
{
	assert_int_equal(b->n, before + (line != NULL));
	if (line == NULL)
		return;
	assert_string_equal(b->texts[before].line, line);
	assert_string_equal(b->texts[before].not_modem, not_modem);
}

static int64_t
rows(struct bench *b)
{
	return world_count(&b->w, "SELECT count(*) FROM alarm");
}

/* --- tests --- */

/* Each kind: when it is told, in which words, and that its end is told. */
static void
test_every_kind(void **state)
{
	static const struct {
		enum alarm_kind kind;
		int64_t wait;
		const char *line;
	} cases[] = {
	    {ALARM_DOWN, 600, "mất kết nối"},
	    {ALARM_HELD, ALARM_SETTLE_S, "bị tạm dừng"},
	    {ALARM_PIN, ALARM_SETTLE_S, "cần mã PIN"},
	    {ALARM_PUK, ALARM_SETTLE_S, "SIM bị khóa PUK"},
	    {ALARM_SIM_CHANGED, ALARM_SETTLE_S, "bị đổi SIM"},
	    {ALARM_SIM_FULL, ALARM_SETTLE_S, "SIM đầy tin"},
	    {ALARM_RESERVE, ALARM_SETTLE_S, "sắp hết tiền"},
	    {ALARM_UNDELIVERED, ALARM_SETTLE_S, "gửi không tới"},
	};
	struct bench *b = *state;
	char line[128];
	size_t i;

	_Static_assert(TC_NELEM(cases) == ALARM_NKINDS, "every kind");
	b->conf.alarms_per_day = 100;
	for (i = 0; i < TC_NELEM(cases); i++) {
		int n = b->n;

		set(b, cases[i].kind, "m1", true);
		look(b, cases[i].wait - 2);
		expect(b, n, NULL, NULL);
		look(b, 4);
		assert_int_equal(
		    str_printf(line, sizeof(line),
			"ALARM {\"modem\":\"m1\",\"event\":\"%s\"}",
			cases[i].line),
		    0);
		expect(b, n, line, "m1");
		look(b, 7200);
		expect(b, n + 1, NULL, NULL); /* once */
		set(b, cases[i].kind, "m1", true);
		look(b, 7200);
		expect(b, n + 1, NULL, NULL);
		set(b, cases[i].kind, "m1", false);
		look(b, 1);
		expect(b, n + 1, "ALARM_OK {\"modem\":\"m1\"}", "");
		assert_int_equal(rows(b), 0);
	}
}

/* What passes by itself, or was not told, is not told to be over. */
static void
test_short_trouble(void **state)
{
	struct bench *b = *state;

	set(b, ALARM_DOWN, "m1", true);
	look(b, 500);
	set(b, ALARM_DOWN, "m1", false);
	look(b, 500);
	expect(b, 0, NULL, NULL);
	assert_int_equal(rows(b), 0);
	/* The clock of one that comes again starts anew. */
	set(b, ALARM_DOWN, "m1", true);
	look(b, 500);
	expect(b, 0, NULL, NULL);
	look(b, 101);
	assert_int_equal(b->n, 1);
}

static void
test_merged(void **state)
{
	struct bench *b = *state;

	set(b, ALARM_RESERVE, "m1", true);
	world_advance(&b->w, 1);
	set(b, ALARM_SIM_FULL, "m1", true);
	world_advance(&b->w, 1);
	set(b, ALARM_HELD, "m2", true);
	look(b, 60);
	expect(b, 0,
	    "ALARM {\"modem\":\"m1\",\"event\":\"sắp hết tiền, SIM đầy tin; "
	    "m2 bị tạm dừng\"}",
	    "m1");
	set(b, ALARM_SIM_FULL, "m1", false);
	set(b, ALARM_HELD, "m2", false);
	look(b, 1); /* m1 is not well yet */
	expect(b, 1, "ALARM_OK {\"modem\":\"m2\"}", "");
	set(b, ALARM_RESERVE, "m1", false);
	look(b, 1);
	expect(b, 2, "ALARM_OK {\"modem\":\"m1\"}", "");
}

static void
test_cut(void **state)
{
	struct bench *b = *state;

	set(b, ALARM_UNDELIVERED, "m1", true);
	world_advance(&b->w, 1);
	set(b, ALARM_RESERVE, "m1", true);
	world_advance(&b->w, 1);
	set(b, ALARM_SIM_FULL, "m1", true);
	world_advance(&b->w, 1);
	set(b, ALARM_PUK, "m2", true);
	look(b, 60);
	expect(b, 0,
	    "ALARM {\"modem\":\"m1\",\"event\":\"gửi không tới, sắp hết tiền"
	    ", SIM đầy tin, +1\"}",
	    "m1");
}

/* PIN, PUK, another SIM and a hold say why a modem is down. */
static void
test_cause_hides_effect(void **state)
{
	struct bench *b = *state;

	set(b, ALARM_DOWN, "m1", true);
	set(b, ALARM_HELD, "m1", true);
	set(b, ALARM_SIM_CHANGED, "m1", true);
	look(b, 3600);
	expect(b, 0, "ALARM {\"modem\":\"m1\",\"event\":\"bị đổi SIM\"}", "m1");
	set(b, ALARM_SIM_CHANGED, "m1", false);
	set(b, ALARM_HELD, "m1", false);
	b->down[0] = true;
	look(b, 10); /* down still: that is not well, and news */
	expect(
	    b, 1, "ALARM {\"modem\":\"m1\",\"event\":\"mất kết nối\"}", "m1");
	set(b, ALARM_DOWN, "m1", false);
	look(b, 10);
	expect(b, 2, "ALARM_OK {\"modem\":\"m1\"}", "");
	assert_int_equal(rows(b), 0);
}

/* Through a modem that works, or not at all for now. */
static void
test_door(void **state)
{
	struct bench *b = *state;

	b->down[1] = b->down[2] = true;
	set(b, ALARM_SIM_FULL, "m1", true);
	look(b, 60);
	expect(b, 0, NULL, NULL);
	b->down[2] = false;
	look(b, 10);
	expect(
	    b, 0, "ALARM {\"modem\":\"m1\",\"event\":\"SIM đầy tin\"}", "m1");
	/* A modem with little credit takes it when there is no other. */
	b->down[2] = true;
	set(b, ALARM_SIM_FULL, "m1", false);
	look(b, 10);
	assert_int_equal(b->n, 2);
	set(b, ALARM_RESERVE, "m1", true);
	look(b, 60);
	expect(b, 2, "ALARM {\"modem\":\"m1\",\"event\":\"sắp hết tiền\"}", "");
	/* One that has trouble of its own is no door. */
	b->conf.alarms_per_day = 100;
	b->down[1] = false;
	set(b, ALARM_HELD, "m3", true);
	world_advance(&b->w, 1);
	set(b, ALARM_UNDELIVERED, "m2", true);
	look(b, 60);
	expect(b, 3,
	    "ALARM {\"modem\":\"m3\",\"event\":\"bị tạm dừng; m2 gửi không "
	    "tới\"}",
	    "m2");
}

static void
test_capped(void **state)
{
	struct bench *b = *state;

	for (int i = 0; i < 2; i++) {
		set(b, ALARM_SIM_FULL, "m1", true);
		look(b, 60);
		set(b, ALARM_SIM_FULL, "m1", false);
		look(b, 60); /* 2, then 3: the end of the second waits */
	}
	expect(b, 3, NULL, NULL);
	set(b, ALARM_RESERVE, "m2", true);
	look(b, 3600);
	set(b, ALARM_HELD, "m3", true);
	look(b, 3600);
	expect(b, 3, NULL, NULL);
	look(b, 79100); /* two of the three are older than a day */
	assert_int_equal(b->n, 5);
	assert_string_equal(b->texts[3].line,
	    "ALARM {\"modem\":\"m2\",\"event\":\"sắp hết tiền; m3 bị tạm "
	    "dừng\"}");
	assert_string_equal(b->texts[4].line, "ALARM_OK {\"modem\":\"m1\"}");
}

static void
test_restart(void **state)
{
	struct bench *b = *state;

	set(b, ALARM_PIN, "m1", true);
	set(b, ALARM_DOWN, "m2", true);
	look(b, 60);
	assert_int_equal(b->n, 1);
	alarm_free(b->alarm);
	world_restart(&b->w);
	bench_start(b);
	set(b, ALARM_PIN, "m1", true); /* the pool tells it again */
	set(b, ALARM_DOWN, "m2", true);
	look(b, 300);
	expect(b, 1, NULL, NULL);
	look(b, 300); /* it was down before the restart, too */
	expect(
	    b, 1, "ALARM {\"modem\":\"m2\",\"event\":\"mất kết nối\"}", "m2");
	alarm_free(b->alarm);
	world_restart(&b->w);
	bench_start(b);
	set(b, ALARM_PIN, "m1", false);
	set(b, ALARM_DOWN, "m2", false);
	look(b, 10);
	expect(b, 2, "ALARM_OK {\"modem\":\"m1, m2\"}", "");
}

/* A text that ended without leaving told nobody, and does not count. */
static void
test_lost_text(void **state)
{
	struct bench *b = *state;

	b->conf.alarms_per_day = 1;
	set(b, ALARM_PIN, "m1", true);
	look(b, 60);
	assert_int_equal(b->n, 1);
	b->texts[0].is_lost = true;
	look(b, 1000);
	assert_int_equal(b->n, 2);
	assert_string_equal(b->texts[1].line, b->texts[0].line);
	b->texts[1].is_lost = true;
	set(b, ALARM_PIN, "m1", false);
	look(b, 10);
	expect(b, 2, NULL, NULL);
	assert_int_equal(rows(b), 0);
}

/* What the outbox refuses is tried again, and nothing of it stays. */
static void
test_refused(void **state)
{
	struct bench *b = *state;

	set(b, ALARM_PIN, "m1", true);
	world_advance(&b->w, 60);
	b->is_refused = true;
	world_expect(&b->w, TC_EFULL, op_upkeep, b);
	b->is_refused = false;
	look(b, 10);
	assert_int_equal(b->n, 1);
}

static void
test_no_technician(void **state)
{
	struct bench *b = *state;
	struct alarm_row *list;

	b->conf.technician[0] = '\0';
	set(b, ALARM_PIN, "m1", true);
	look(b, 3600);
	expect(b, 0, NULL, NULL);
	assert_int_equal(alarm_list(&b->w.core, &list), 1);
	assert_string_equal(list[0].kind, "pin");
	assert_string_equal(list[0].modem, "m1");
	assert_int_equal(list[0].told_at, 0);
	free(list);
	set(b, ALARM_PIN, "m1", false);
	assert_int_equal(rows(b), 0);
}

static void
test_modem_left(void **state)
{
	struct bench *b = *state;

	set(b, ALARM_PIN, "m3", true);
	look(b, 60);
	assert_int_equal(b->n, 1);
	alarm_free(b->alarm);
	b->conf.nmodems = 2;
	bench_start(b);
	look(b, 10);
	expect(b, 1, NULL, NULL);
	assert_int_equal(rows(b), 0);
}

/* Reports in a row: d delivered, u undelivered, . still trying; '!' the alarm
 * stands. */
static void
test_undelivered(void **state)
{
	static const struct {
		const char *reports, *stands;
		int limit;
	} cases[] = {
	    {"uuu", "--!", 3},
	    {"uduuu", "----!", 3},
	    {"u.u.u", "----!", 3},
	    {"uuuud", "--!!-", 3},
	    {"uuudu", "--!--", 3},
	    {"u", "!", 1},
	    {"uuuuuuu", "-------", 0},
	};
	struct bench *b = *state;
	size_t i, k;

	for (i = 0; i < TC_NELEM(cases); i++) {
		alarm_free(b->alarm);
		b->conf.alarm_undelivered = cases[i].limit;
		bench_start(b);
		assert_int_equal(world_sql(&b->w, "DELETE FROM alarm"), 0);
		for (k = 0; k < strlen(cases[i].reports); k++) {
			char c = cases[i].reports[k];

			report(b, "m2",
			    c == 'd'   ? 0x00
			    : c == 'u' ? 0x46
				       : 0x30);
			assert_int_equal(rows(b), cases[i].stands[k] == '!');
		}
	}
	report(b, "gone", 0x46); /* no modem of ours */
}

#define BENCH_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    BENCH_TEST(test_every_kind),
	    BENCH_TEST(test_short_trouble),
	    BENCH_TEST(test_merged),
	    BENCH_TEST(test_cut),
	    BENCH_TEST(test_cause_hides_effect),
	    BENCH_TEST(test_door),
	    BENCH_TEST(test_capped),
	    BENCH_TEST(test_restart),
	    BENCH_TEST(test_lost_text),
	    BENCH_TEST(test_refused),
	    BENCH_TEST(test_no_technician),
	    BENCH_TEST(test_modem_left),
	    BENCH_TEST(test_undelivered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
