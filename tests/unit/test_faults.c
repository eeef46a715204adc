/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What goes wrong at the modem: questions that kill its child, devices that are
 * not there, deletes that are refused, stores that are full, texts that are
 * none. The children are played by the test. */
#include "config.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "unit.h"
#include "clock.h"
#include "radio_steps.h"
#include "store/inbound.h"

static unsigned
skipped(struct pool *p)
{
	struct ml_config config;

	steps_starting(p, 0);
	assert_true(steps_config(p, 0, &config));
	assert_int_equal(config.skip, p->radio->modems[0].row.skip);
	return config.skip;
}

/* --- steps --- */

static void
test_step_that_kills_is_left_out(void **state)
{
	struct pool *p = *state;

	steps_up(p, 0);
	steps_step(p, 0, ML_STEP_NETWORK);
	steps_die(p, 0, SIGABRT);
	assert_int_equal(skipped(p), ML_SKIP(ML_STEP_NETWORK));
	steps_ready(p, 0, 0, 0);
	steps_step(p, 0, ML_STEP_SIGNAL);
	steps_step(p, 0, ML_STEP_NONE);
	steps_die(p, 0, SIGSEGV); /* not in it */
	steps_turn(p);
	steps_restart(p);
	assert_int_equal(skipped(p), ML_SKIP(ML_STEP_NETWORK));
}

/* Any question finds out that a modem is dead; twice the same one is no
 * chance. Somebody's kill -9 says nothing of the modem. */
static void
test_steps_that_only_hang(void **state)
{
	struct pool *p = *state;
	struct modem *m = &p->radio->modems[0];

	steps_up(p, 0);
	steps_step(p, 0, ML_STEP_SIGNAL);
	steps_die(p, 0, SIGKILL);
	assert_int_equal(skipped(p), 0);
	steps_step(p, 0, ML_STEP_CONNECT); /* it starts in it */
	steps_fire(p, m->step_timer);
	assert_string_equal(m->reason, "hung");
	steps_end(p, 0);
	steps_up(p, 0);
	steps_step(p, 0, ML_STEP_SIGNAL);
	steps_fire(p, m->step_timer);
	steps_end(p, 0);
	assert_int_equal(skipped(p), 0);
	steps_ready(p, 0, 0, 0);
	steps_step(p, 0, ML_STEP_SIGNAL);
	steps_gone(p, 0, ML_GONE_MODEM_ERROR, false);
	assert_int_equal(skipped(p), ML_SKIP(ML_STEP_SIGNAL));
}

static void
test_step_that_came_back_has_no_deadline(void **state)
{
	struct pool *p = *state;
	struct modem *m = steps_up(p, 0);

	steps_step(p, 0, ML_STEP_READ);
	assert_true(event_pending(m->step_timer, EV_TIMEOUT, NULL));
	steps_step(p, 0, ML_STEP_NONE);
	assert_false(event_pending(m->step_timer, EV_TIMEOUT, NULL));
}

/* --- devices --- */

static void
device_make(const char *path)
{
	int fd = open(path, O_CREAT | O_RDWR, 0600);

	assert_true(fd >= 0);
	close(fd);
}

/* Will it start within the next second? */
static bool
is_due(struct pool *p, struct modem *m)
{
	struct timeval end, now;

	if (!event_pending(m->again, EV_TIMEOUT, &end))
		return false;
	assert_int_equal(event_base_gettimeofday_cached(p->base, &now), 0);
	return end.tv_sec - now.tv_sec <= 1;
}

/* No child is made for a device that is not there; when it comes it starts,
 * although the backoff has not ended. */
static void
test_device_is_waited_for(void **state)
{
	struct pool *p = *state;
	struct modem *m = &p->radio->modems[0];
	int i;

	assert_int_equal(unlink(m->device), 0);
	for (i = 0; i < 10; i++) /* it is away for long */
		child_start(m);
	steps_expect(p, 0, MODEM_ABSENT, "no-device");
	assert_int_equal(m->pid, 0);
	assert_false(is_due(p, m));
	device_make(m->device);
	while (!is_due(p, m))
		assert_true(event_base_loop(p->base, EVLOOP_ONCE) >= 0);
}

/* The whole folder is away when no stick is in. */
static void
test_folder_of_the_device_is_waited_for(void **state)
{
	struct pool *p = *state;
	struct modem *m = &p->radio->modems[0];
	char *folder = xasprintf("%s/by-id", p->world.dir);
	char *device = xasprintf("%s/stick", folder);

	m->device = device;
	child_start(m);
	assert_int_equal(m->state, MODEM_ABSENT);
	life_wait(m, 60000);
	assert_int_equal(mkdir(folder, 0700), 0);
	assert_int_equal(event_base_loop(p->base, EVLOOP_ONCE), 0);
	assert_false(is_due(p, m));
	device_make(device);
	while (!is_due(p, m))
		assert_true(event_base_loop(p->base, EVLOOP_ONCE) >= 0);
	m->device = m->conf->device;
	assert_int_equal(unlink(device), 0);
	assert_int_equal(rmdir(folder), 0);
	free(device);
	free(folder);
}

/* --- deletes that are refused --- */

static const struct ml_sms_in text = {
    .place = {.folder = 1, .slot = 3, .hash = UINT64_C(0xfedcba9876543210)},
    .number = "+84900000001",
    .smsc_time = 1700000000,
    .text = "SOS"};

static void
say_text(struct pool *p)
{
	steps_say(p, 0, ML_SMS_IN, 0, &text);
	steps_turn(p);
}

static void
say_deleted(struct pool *p, int rc)
{
	struct ml_deleted deleted = {.place = text.place, .rc = rc};

	steps_say(p, 0, ML_DELETED, 0, &deleted);
	steps_turn(p);
}

static int64_t
tombstones(struct pool *p)
{
	return world_count(&p->world, "SELECT count(*) FROM tombstone");
}

/* How many deletes the child has got. */
static int
deletes(struct pool *p)
{
	enum ml_type types[8];
	size_t n = steps_frames(p, 0, types);
	int found = 0;

	while (n-- > 0)
		found += types[n] == ML_DELETE_SMS;
	return found;
}

/* It stays on the SIM for longer than texts are remembered: it does not come
 * twice, and it is not asked for at each look at the store. */
static void
test_refused_delete(void **state)
{
	struct pool *p = *state;
	struct modem *m = steps_up(p, 0);
	struct ml_status status = {.signal_percent = 50};

	say_text(p);
	assert_int_equal(deletes(p), 1);
	say_deleted(p, TC_EIO);
	assert_int_equal(tombstones(p), 1);
	steps_end(p, 0);
	steps_restart(p);
	assert_int_equal(world_sql(&p->world, "DELETE FROM seen"), 0);
	m = steps_up(p, 0);
	assert_int_equal(deletes(p), 1); /* at READY */
	say_text(p);
	assert_int_equal(p->received, 1);
	assert_int_equal(deletes(p), 0);
	say_deleted(p, TC_EIO);
	steps_say(p, 0, ML_STATUS, 0, &status);
	assert_int_equal(deletes(p), 0); /* not yet */
	m->delete_again_ms = clock_mono_ms();
	steps_say(p, 0, ML_STATUS, 0, &status);
	assert_int_equal(deletes(p), 1);
	say_deleted(p, 0);
	assert_int_equal(tombstones(p), 0);
	assert_int_equal(m->ntombstones, 0);
}

/* A SIM that nobody has any more is forgotten after a while, the texts of one that
 * a modem has never. */
static void
test_tombstones_of_a_sim_that_is_gone(void **state)
{
	struct pool *p = *state;

	steps_up(p, 0);
	say_text(p);
	say_deleted(p, TC_EIO);
	assert_int_equal(
	    world_sql(&p->world,
		"INSERT INTO tombstone(sim, folder, slot, hash, at)"
		" SELECT zeroblob(32), folder, slot, hash, at"
		" FROM tombstone"),
	    0);
	assert_int_equal(
	    store_tombstone_purge(p->world.core.store, clock_now() - 60), 0);
	assert_int_equal(
	    store_tombstone_purge(p->world.core.store, clock_now() + 60), 1);
	assert_int_equal(turn_commit(p->world.core.turn), 0);
	assert_int_equal(tombstones(p), 1);
}

/* Another message is in its place: it is gone all the same. */
static void
test_slot_that_is_used_again(void **state)
{
	struct pool *p = *state;

	steps_up(p, 0);
	say_text(p);
	say_deleted(p, TC_EDENIED);
	assert_int_equal(tombstones(p), 1);
	say_deleted(p, TC_ENOENT);
	assert_int_equal(tombstones(p), 0);
	say_deleted(p, TC_ENOENT); /* of none */
	assert_int_equal(p->radio->modems[0].ntombstones, 0);
}

/* --- stores, kinds --- */

static void
test_full_store_is_told(void **state)
{
	static const struct {
		unsigned used, size;
		const char *told;
	} cases[] = {
	    {10, 50, "m1 sim_full off\n"},
	    {44, 50, ""},
	    {45, 50, "m1 sim_full on\n"}, /* 90 % */
	    {50, 50, ""},
	    {41, 50, ""}, /* not before 80 % */
	    {0, 0, ""},   /* it does not say */
	    {39, 50, "m1 sim_full off\n"},
	};
	struct pool *p = *state;
	struct ml_status status = {.signal_percent = 50};
	size_t i;

	steps_up(p, 0);
	steps_turn(p);
	steps_told(p, "m1 down off\nm1 held off\nm1 pin off\nm1 puk off\n");
	for (i = 0; i < TC_NELEM(cases); i++) {
		status.used = cases[i].used;
		status.size = cases[i].size;
		steps_say(p, 0, ML_STATUS, 0, &status);
		steps_turn(p);
		steps_told(p, cases[i].told);
	}
}

/* What is no text is handed over as what it is, once; type 0 without what it
 * says. */
static void
test_kinds_of_texts(void **state)
{
	static const struct {
		enum ml_sms_kind kind;
		const char *text;
		bool binary;
	} cases[] = {
	    {ML_SMS_TEXT, "HD", false},
	    {ML_SMS_BINARY, "", true},
	    {ML_SMS_WAP, "", true},
	    {ML_SMS_WAITING, "1 tin nhan thoai", true},
	    {ML_SMS_SILENT, "x", true},
	    {ML_SMS_SILENT, "", true},
	};
	struct pool *p = *state;
	struct ml_sms_in in;
	size_t i;

	steps_up(p, 0);
	for (i = 0; i < TC_NELEM(cases); i++) {
		in = text;
		in.kind = (uint8_t)cases[i].kind;
		in.place.hash = i + 1;
		(void)snprintf(in.text, sizeof(in.text), "%s", cases[i].text);
		p->received = 0;
		steps_say(p, 0, ML_SMS_IN, 0, &in);
		steps_say(p, 0, ML_SMS_IN, 0, &in);
		steps_turn(p);
		assert_int_equal(p->received, 1);
		assert_int_equal(deletes(p), 2);
		assert_int_equal(p->kind, cases[i].kind);
		assert_int_equal(p->is_binary, cases[i].binary);
	}
}

/* The two parts of an MMS notification are one push, and another one with the
 * same reference is another one. */
static void
test_push_in_two_parts(void **state)
{
	struct pool *p = *state;
	struct ml_sms_in in = text;
	int i;

	steps_up(p, 0);
	in.text[0] = '\0';
	in.kind = ML_SMS_WAP;
	in.udh_present = 1;
	in.ref_bits = 8;
	in.total = 2;
	for (i = 0; i < 2; i++) {
		in.seq = 1;
		in.place.hash = (uint64_t)i * 10 + 1;
		steps_say(p, 0, ML_SMS_IN, 0, &in);
	}
	steps_turn(p);
	assert_int_equal(p->received, 1); /* the first, incomplete */
	in.seq = 2;
	in.place.hash = 12;
	steps_say(p, 0, ML_SMS_IN, 0, &in);
	steps_turn(p);
	assert_int_equal(p->received, 2);
	assert_int_equal(p->kind, ML_SMS_WAP);
	assert_true(p->is_binary);
}

#define FAULT_TEST(test)                                                       \
	cmocka_unit_test_setup_teardown(test, steps_open, steps_close)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    FAULT_TEST(test_step_that_kills_is_left_out),
	    FAULT_TEST(test_steps_that_only_hang),
	    FAULT_TEST(test_step_that_came_back_has_no_deadline),
	    FAULT_TEST(test_device_is_waited_for),
	    FAULT_TEST(test_folder_of_the_device_is_waited_for),
	    FAULT_TEST(test_refused_delete),
	    FAULT_TEST(test_tombstones_of_a_sim_that_is_gone),
	    FAULT_TEST(test_slot_that_is_used_again),
	    FAULT_TEST(test_full_store_is_told),
	    FAULT_TEST(test_kinds_of_texts),
	    FAULT_TEST(test_push_in_two_parts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
