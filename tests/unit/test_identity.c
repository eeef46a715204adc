/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which stick and SIM a section is, and its PIN: learnt, swapped, stolen,
 * refused; over restarts. The children are played by the test. */
#include "config.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "unit.h"
#include "radio_steps.h"

static int
op_resume(void *arg)
{
	struct pool *p = arg;

	return radio_resume(p->radio, "m1");
}

static void
test_learnt_and_known_again(void **state)
{
	struct pool *p = *state;

	steps_up(p, 0);
	steps_up(p, 1);
	steps_turn(p);
	assert_int_equal(
	    world_count(&p->world, "SELECT count(DISTINCT imsi_mac) FROM modem"
				   " WHERE length(imsi_mac) = 32"
				   " AND length(imei_mac) = 32"),
	    2);
	steps_restart(p);
	steps_up(p, 0);
	steps_up(p, 1);
}

/* Held over a restart; nothing goes out, nothing that its SIM received comes
 * in. A person says that it is right. */
static void
test_another_sim_is_held(void **state)
{
	struct pool *p = *state;
	struct ml_sms_in in = {.number = "+84900000001", .text = "SOS"};
	int64_t message;

	steps_up(p, 0);
	steps_end(p, 0);
	steps_restart(p);
	message = steps_reply(
	    &p->world, steps_contact(&p->world, "+84900000001"), LANE_CRISIS);
	steps_starting(p, 0);
	steps_ready(p, 0, 0, 7);
	steps_expect(p, 0, MODEM_HELD, "sim_changed");
	steps_say(p, 0, ML_SMS_IN, 0, &in);
	assert_int_equal(p->received, 0);
	steps_turn(p);
	steps_end(p, 0);
	steps_expect_message(&p->world, message, "queued");
	steps_expect(p, 0, MODEM_HELD, "sim_changed");
	steps_turn(p);
	steps_restart(p);
	steps_expect(p, 0, MODEM_HELD, "sim_changed");
	steps_turn(p);
	steps_told(p, "m1 sim_changed on\n");
	world_expect(&p->world, 0, op_resume, p);
	steps_turn(p);
	steps_told(p, "m1 held off\nm1 sim_changed off\n");
	steps_starting(p, 0);
	steps_ready(p, 0, 0, 7);
	steps_expect(p, 0, MODEM_READY, "");
	steps_turn(p);
	steps_expect_message(&p->world, message, "sending");
	steps_end(p, 0);
	steps_starting(p, 0);
	steps_ready(p, 0, 0, 0); /* the old one is the stranger now */
	steps_expect(p, 0, MODEM_HELD, "sim_changed");
}

/* Two sticks changed places: the sections follow their SIMs. */
static void
test_sticks_changed_places(void **state)
{
	struct pool *p = *state;
	struct ml_config config;

	steps_up(p, 0);
	steps_up(p, 1);
	steps_end(p, 0);
	steps_end(p, 1);
	steps_restart(p);
	steps_starting(p, 0);
	steps_starting(p, 1);
	steps_ready(p, 0, 1, 1);
	steps_expect(p, 0, MODEM_KILLING, "moved");
	steps_expect(p, 1, MODEM_KILLING, "moved");
	steps_end(p, 0);
	steps_end(p, 1);
	assert_int_equal(p->radio->modems[0].nends, 0);
	steps_starting(p, 0);
	assert_true(steps_config(p, 0, &config));
	assert_string_equal(config.device, p->modem_conf[1].device);
	assert_string_equal(config.name, "m1");
	steps_ready(p, 0, 0, 0);
	steps_expect(p, 0, MODEM_READY, "");
	steps_starting(p, 1);
	assert_true(steps_config(p, 1, &config));
	assert_string_equal(config.device, p->modem_conf[0].device);
	steps_ready(p, 1, 1, 1);
	steps_expect(p, 1, MODEM_READY, "");
}

/* The stick of m2, which is missing, is found at the device of m1. */
static void
test_stick_at_the_device_of_another(void **state)
{
	struct pool *p = *state;

	steps_up(p, 1);
	steps_end(p, 1);
	assert_int_equal(unlink(p->modem_conf[1].device), 0);
	child_start(&p->radio->modems[1]);
	steps_expect(p, 1, MODEM_ABSENT, "no-device");
	steps_starting(p, 0);
	steps_ready(p, 0, 1, 1);
	steps_end(p, 0);
	steps_expect(p, 1, MODEM_BACKOFF, "moved");
	assert_string_equal(
	    p->radio->modems[1].device, p->modem_conf[0].device);
	steps_up(p, 1);
}

/* One SIM is not in two sticks: the one that is up keeps it. */
static void
test_sim_that_is_in_use(void **state)
{
	struct pool *p = *state;

	steps_up(p, 1);
	steps_starting(p, 0);
	steps_ready(p, 0, 0, 1);
	steps_expect(p, 0, MODEM_KILLING, "sim_elsewhere");
	steps_expect(p, 1, MODEM_READY, "");
	assert_string_equal(
	    p->radio->modems[0].device, p->modem_conf[0].device);
}

/* Its SIM in another stick: the same modem, whose habits are new. */
static void
test_another_stick(void **state)
{
	struct pool *p = *state;
	struct modem *m = steps_up(p, 0);
	struct modem_row row = m->row;

	row.skip = ML_SKIP(ML_STEP_NETWORK);
	row.ussd_form = ML_USSD_UCS2;
	assert_int_equal(row_save(m, &row), 0);
	steps_end(p, 0);
	steps_up(p, 0);
	assert_int_equal(m->row.skip, ML_SKIP(ML_STEP_NETWORK));
	steps_end(p, 0);
	steps_starting(p, 0);
	steps_ready(p, 0, 8, 0);
	steps_expect(p, 0, MODEM_READY, "");
	assert_int_equal(m->row.skip, 0);
	assert_int_equal(m->row.ussd_form, ML_USSD_AUTO);
}

/* --- PIN --- */

static void
pin_write(struct pool *p, const char *text, mode_t mode)
{
	struct conf_modem *conf = &p->modem_conf[0];
	int fd;

	if (conf->pin_file[0] == '\0')
		conf->pin_file = p->pin_path;
	(void)unlink(conf->pin_file);
	fd = open(conf->pin_file, O_CREAT | O_WRONLY, 0600);
	assert_true(fd >= 0);
	assert_int_equal(fd_write(fd, text, strlen(text)), 0);
	assert_int_equal(fchmod(fd, mode), 0);
	close(fd);
}

/* The child starts, and the PIN that it gets is this one. */
static void
expect_pin(struct pool *p, const char *pin)
{
	struct ml_config config;

	steps_starting(p, 0);
	if (pin[0] != '\0') /* not before it is written down */
		assert_false(steps_config(p, 0, &config));
	steps_turn(p);
	assert_true(pin[0] == '\0' || steps_config(p, 0, &config));
	if (pin[0] == '\0')
		return;
	assert_string_equal(config.pin, pin);
}

/* Nothing was handed to the SIM: CONFIG came at once, without a PIN. */
static void
expect_no_pin(struct pool *p)
{
	struct ml_config config;

	steps_starting(p, 0);
	assert_true(steps_config(p, 0, &config));
	assert_string_equal(config.pin, "");
}

static void
test_refused_pin_is_not_tried_again(void **state)
{
	struct pool *p = *state;

	pin_write(p, "1234\n", 0600);
	expect_pin(p, "1234");
	steps_step(p, 0, ML_STEP_PIN);
	steps_gone(p, 0, ML_GONE_PIN, true);
	steps_expect(p, 0, MODEM_HELD, "pin");
	steps_turn(p);
	steps_told(p, "m1 down on\nm1 pin on\n");
	steps_restart(p);
	expect_no_pin(p);
	steps_gone(p, 0, ML_GONE_PIN, false);
	steps_expect(p, 0, MODEM_HELD, "pin");
	world_expect(&p->world, 0, op_resume, p);
	expect_no_pin(p); /* nor when a person lets it start */
	steps_gone(p, 0, ML_GONE_PIN, false);
	pin_write(p, "4321\n", 0600);
	world_expect(&p->world, 0, op_resume, p);
	expect_pin(p, "4321");
	steps_step(p, 0, ML_STEP_PIN);
	steps_ready(p, 0, 0, 0);
	steps_expect(p, 0, MODEM_READY, "");
	steps_turn(p);
	steps_end(p, 0);
	expect_pin(p, "4321"); /* it was right */
}

/* The daemon died while the child had the PIN: nobody knows, a person says. */
static void
test_pin_without_an_outcome(void **state)
{
	struct pool *p = *state;

	pin_write(p, "1234", 0600);
	expect_pin(p, "1234");
	steps_step(p, 0, ML_STEP_PIN);
	steps_restart(p);
	expect_no_pin(p);
	steps_gone(p, 0, ML_GONE_PIN, false);
	world_expect(&p->world, 0, op_resume, p);
	expect_pin(p, "1234");
}

/* The child ended before it came to the PIN. */
static void
test_pin_that_the_sim_never_saw(void **state)
{
	struct pool *p = *state;

	pin_write(p, "1234", 0600);
	expect_pin(p, "1234");
	steps_gone(p, 0, ML_GONE_MODEM_ERROR, false);
	expect_pin(p, "1234");
	steps_step(p, 0, ML_STEP_PIN);
	steps_gone(p, 0, ML_GONE_MODEM_ERROR, false);
	expect_no_pin(p);
}

static void
test_pin_file_that_is_refused(void **state)
{
	static const struct {
		const char *text;
		mode_t mode;
	} cases[] = {
	    {"1234", 0640},
	    {"1234", 0604},
	    {"12a4", 0600},
	    {"123", 0600},
	    {"123456789", 0600},
	    {"", 0600},
	};
	struct pool *p = *state;
	size_t i;

	for (i = 0; i < TC_NELEM(cases); i++) {
		pin_write(p, cases[i].text, cases[i].mode);
		expect_no_pin(p);
		steps_end(p, 0);
	}
}

static void
test_puk(void **state)
{
	struct pool *p = *state;

	steps_starting(p, 0);
	steps_gone(p, 0, ML_GONE_PUK, false);
	steps_expect(p, 0, MODEM_HELD, "puk");
	steps_turn(p);
	steps_told(p, "m1 down on\nm1 puk on\n");
	world_expect(&p->world, 0, op_resume, p);
	steps_up(p, 0);
	steps_turn(p);
	steps_told(p, "m1 down off\nm1 held off\nm1 pin off\nm1 puk off\n"
		      "m1 sim_changed off\n");
}

#define IDENTITY_TEST(test)                                                    \
	cmocka_unit_test_setup_teardown(test, steps_open, steps_close)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    IDENTITY_TEST(test_learnt_and_known_again),
	    IDENTITY_TEST(test_another_sim_is_held),
	    IDENTITY_TEST(test_sticks_changed_places),
	    IDENTITY_TEST(test_stick_at_the_device_of_another),
	    IDENTITY_TEST(test_sim_that_is_in_use),
	    IDENTITY_TEST(test_another_stick),
	    IDENTITY_TEST(test_refused_pin_is_not_tried_again),
	    IDENTITY_TEST(test_pin_without_an_outcome),
	    IDENTITY_TEST(test_pin_that_the_sim_never_saw),
	    IDENTITY_TEST(test_pin_file_that_is_refused),
	    IDENTITY_TEST(test_puk),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
