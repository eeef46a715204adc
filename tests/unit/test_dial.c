/* SPDX-License-Identifier: GPL-2.0-or-later */
/* USSD towards the operator: which codes, one session a modem, menus, the forms
 * that are tried, help that goes first. The child is played by the test. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "unit.h"
#include "radio_steps.h"

#define CODES 5

struct dialer {
	struct pool *pool;
	struct modem *modem;
	int answers;
	enum ml_ussd_status status;
	char text[ML_TEXT_MAX];
	bool cancels;     /* from within the callback */
	const char *next; /* typed from within the callback; NULL = nothing */
};

static struct opt_value codes[CODES];

static void
on_answer(const struct radio_ussd_answer *a, void *ctx)
{
	struct dialer *d = ctx;
	struct radio_ussd_request q = {"m1", d->next, true, on_answer, d};

	assert_string_equal(a->modem, "m1");
	d->answers++;
	d->status = a->status;
	assert_int_equal(
	    str_printf(d->text, sizeof(d->text), "%s", a->text), 0);
	d->next = NULL;
	if (d->cancels)
		radio_ussd_cancel(d->pool->radio, d);
	if (q.text != NULL)
		assert_int_equal(radio_ussd(d->pool->radio, &q), 0);
}

static int
dial(struct dialer *d, const char *code)
{
	struct radio_ussd_request q = {"m1", code, false, on_answer, d};

	return radio_ussd(d->pool->radio, &q);
}

static int
answer(struct dialer *d, const char *text)
{
	struct radio_ussd_request q = {"m1", text, true, on_answer, d};

	return radio_ussd(d->pool->radio, &q);
}

/* The child has got exactly this. */
static void
expect_frame(struct dialer *d, enum ml_type type)
{
	enum ml_type types[8];

	assert_int_equal(steps_frames(d->pool, 0, types), 1);
	assert_int_equal(types[0], type);
}

static void
expect_nothing(struct dialer *d)
{
	enum ml_type types[8];

	assert_int_equal(steps_frames(d->pool, 0, types), 0);
}

static void
network_says(struct dialer *d, enum ml_ussd_status status, const char *text)
{
	struct ml_ussd_in in = {.status = (uint8_t)status};

	memcpy(in.text, text, strlen(text));
	steps_say(d->pool, 0, ML_USSD_IN, d->modem->dial.id, &in);
}

static void
expect_answer(
    struct dialer *d, int answers, enum ml_ussd_status status, const char *text)
{
	assert_int_equal(d->answers, answers);
	assert_int_equal(d->status, status);
	assert_string_equal(d->text, text);
}

static int
setup(void **state)
{
	static const char *const allowed[CODES] = {
	    "*101#", "*098#", "*21#", "**21*0900000001#", "##002#"};
	struct dialer *d = xcalloc(1, sizeof(*d));
	void *pool;
	size_t i;

	assert_int_equal(steps_open(&pool), 0);
	d->pool = pool;
	for (i = 0; i < CODES; i++)
		codes[i].text = (char *)allowed[i];
	d->pool->modem_conf[0].ussd_codes.items = codes;
	d->pool->modem_conf[0].ussd_codes.n = CODES;
	d->pool->modem_conf[0].ussd_balance = (char *)"*102#";
	d->modem = steps_up(d->pool, 0);
	steps_turn(d->pool);
	*state = d;
	return 0;
}

static int
teardown(void **state)
{
	struct dialer *d = *state;
	void *pool = d->pool;

	assert_int_equal(steps_close(&pool), 0);
	free(d);
	return 0;
}

static void
test_code_and_answer(void **state)
{
	struct dialer *d = *state;

	assert_int_equal(dial(d, "*101#"), 0);
	assert_int_equal(dial(d, "*101#"), TC_EAGAIN);
	expect_nothing(d);
	steps_turn(d->pool);
	expect_frame(d, ML_USSD);
	assert_int_equal(d->answers, 0);
	network_says(d, ML_USSD_DONE, "TKC 12.000d");
	expect_answer(d, 1, ML_USSD_DONE, "TKC 12.000d");
	assert_int_equal(dial(d, "*102#"), 0); /* the balance */
}

static void
test_codes_that_may_not_be_dialled(void **state)
{
	static const struct {
		const char *code;
		int rc;
	} cases[] = {
	    {"*100#", TC_EDENIED},            /* not in the list */
	    {"*21#", TC_EDENIED},             /* in it: forwarding */
	    {"**21*0900000001#", TC_EDENIED}, /* in it: forwarding */
	    {"##002#", TC_EDENIED},           /* in it: forwarding */
	    {"", TC_EINVAL},
	    {"\xff", TC_EINVAL},
	    {"*098#", 0},
	};
	struct dialer *d = *state;
	size_t i;

	for (i = 0; i < TC_NELEM(cases); i++)
		assert_int_equal(dial(d, cases[i].code), cases[i].rc);
}

static void
test_menu_step_by_step(void **state)
{
	struct dialer *d = *state;

	assert_int_equal(answer(d, "1"), TC_ESTATE);
	assert_int_equal(dial(d, "*101#"), 0);
	steps_turn(d->pool);
	expect_frame(d, ML_USSD);
	d->next = "1"; /* typed from the callback */
	network_says(d, ML_USSD_MENU, "1. Tai khoan");
	expect_answer(d, 1, ML_USSD_MENU, "1. Tai khoan");
	expect_frame(d, ML_USSD);
	network_says(d, ML_USSD_MENU, "2. Goi cuoc");
	assert_int_equal(d->answers, 2);
	assert_int_equal(answer(d, "*21#"), TC_EDENIED);
	assert_int_equal(answer(d, "2"), 0);
	expect_frame(d, ML_USSD);
	network_says(d, ML_USSD_TERMINATED, "Tam biet");
	expect_answer(d, 3, ML_USSD_TERMINATED, "Tam biet");
	assert_int_equal(answer(d, "2"), TC_ESTATE);
	assert_int_equal(d->modem->state, MODEM_READY);
}

/* Nobody answers: the child starts again, and that is no failure. */
static void
test_menu_that_nobody_answers(void **state)
{
	struct dialer *d = *state;

	assert_int_equal(dial(d, "*101#"), 0);
	steps_turn(d->pool);
	network_says(d, ML_USSD_MENU, "1. Tai khoan");
	event_active(d->modem->dial.timer, EV_TIMEOUT, 0);
	assert_true(event_base_loop(d->pool->base, EVLOOP_NONBLOCK) >= 0);
	assert_int_equal(d->modem->state, MODEM_KILLING);
	assert_int_equal(d->answers, 1);
	steps_end(d->pool, 0);
	assert_int_equal(d->modem->state, MODEM_BACKOFF);
	assert_int_equal(d->modem->failures, 0);
	assert_int_equal(d->modem->nends, 0);
	steps_turn(d->pool);
	steps_told(
	    d->pool, "m1 down off\nm1 held off\nm1 pin off\nm1 puk off\n");
}

static void
test_who_asked_is_gone(void **state)
{
	struct dialer *d = *state;

	assert_int_equal(dial(d, "*101#"), 0);
	radio_ussd_cancel(d->pool->radio, d);
	steps_turn(d->pool);
	expect_nothing(d); /* it was not dialled yet */
	assert_int_equal(dial(d, "*101#"), 0);
	steps_turn(d->pool);
	radio_ussd_cancel(d->pool->radio, d);
	network_says(d, ML_USSD_MENU, "1. Tai khoan");
	assert_int_equal(d->modem->state, MODEM_KILLING);
	assert_int_equal(d->answers, 0);
}

static void
test_menu_that_nobody_wants(void **state)
{
	struct dialer *d = *state;

	assert_int_equal(dial(d, "*101#"), 0);
	steps_turn(d->pool);
	d->cancels = true;
	network_says(d, ML_USSD_MENU, "1. Tai khoan");
	expect_answer(d, 1, ML_USSD_MENU, "1. Tai khoan");
	assert_int_equal(d->modem->state, MODEM_KILLING);
	assert_int_equal(answer(d, "1"), TC_ESTATE);
}

static void
test_child_dies_in_a_session(void **state)
{
	struct dialer *d = *state;

	assert_int_equal(dial(d, "*101#"), 0);
	steps_turn(d->pool);
	steps_end(d->pool, 0);
	expect_answer(d, 1, ML_USSD_FAILED, "");
	assert_int_equal(dial(d, "*101#"), TC_ESTATE);
}

/* The child starts again in the next form, and dials again. */
static void
next_form(struct dialer *d, enum ml_ussd_form form)
{
	assert_int_equal(d->modem->state, MODEM_KILLING);
	assert_int_equal(d->answers, 0);
	steps_end(d->pool, 0);
	assert_int_equal(d->modem->state, MODEM_BACKOFF);
	steps_up(d->pool, 0);
	assert_int_equal(d->modem->dial_form, form);
	steps_turn(d->pool);
	expect_frame(d, ML_USSD);
}

static void
test_forms_are_tried_and_remembered(void **state)
{
	struct dialer *d = *state;
	struct world *w = &d->pool->world;

	assert_int_equal(dial(d, "*101#"), 0);
	steps_turn(d->pool);
	network_says(d, ML_USSD_FAILED, "");
	next_form(d, ML_USSD_TEXT);
	network_says(d, ML_USSD_DONE, "0054004B0043002000310032");
	next_form(d, ML_USSD_PACKED);
	network_says(d, ML_USSD_DONE, "TKC \357\277\275");
	next_form(d, ML_USSD_UCS2);
	network_says(d, ML_USSD_DONE, "TKC 12");
	expect_answer(d, 1, ML_USSD_DONE, "TKC 12");
	steps_turn(d->pool);
	assert_int_equal(
	    world_count(w, "SELECT ussd_form FROM modem WHERE name = 'm1'"),
	    ML_USSD_UCS2);
	steps_end(d->pool, 0);
	steps_up(d->pool, 0);
	assert_int_equal(d->modem->dial_form, ML_USSD_UCS2);
	/* It is known now: what fails is told. */
	assert_int_equal(dial(d, "*101#"), 0);
	steps_turn(d->pool);
	network_says(d, ML_USSD_FAILED, "");
	expect_answer(d, 2, ML_USSD_FAILED, "");
}

static void
test_no_form_works(void **state)
{
	struct dialer *d = *state;
	int form;

	assert_int_equal(dial(d, "*101#"), 0);
	steps_turn(d->pool);
	for (form = ML_USSD_TEXT; form < ML_USSD_NFORMS; form++) {
		network_says(d, ML_USSD_UNSUPPORTED, "");
		next_form(d, (enum ml_ussd_form)form);
	}
	network_says(d, ML_USSD_UNSUPPORTED, "");
	expect_answer(d, 1, ML_USSD_UNSUPPORTED, "");
	assert_int_equal(d->modem->row.ussd_form, ML_USSD_AUTO);
}

/* Her answer does not wait for a menu; and it is not sent before the child has
 * started again. */
static void
test_help_ends_a_session(void **state)
{
	struct dialer *d = *state;
	struct world *w = &d->pool->world;
	int64_t message, other;

	assert_int_equal(dial(d, "*101#"), 0);
	steps_turn(d->pool);
	expect_frame(d, ML_USSD);
	other = steps_reply(w, steps_contact(w, "+84900000002"), LANE_REPLY);
	steps_turn(d->pool);
	assert_int_equal(d->modem->state, MODEM_READY);
	message = steps_reply(w, steps_contact(w, "+84900000001"), LANE_CRISIS);
	steps_turn(d->pool);
	assert_int_equal(d->modem->state, MODEM_KILLING);
	expect_answer(d, 1, ML_USSD_TERMINATED, "");
	steps_expect_part(w, steps_part(w, message, 1), "queued");
	steps_expect_part(w, steps_part(w, other, 1), "queued");
	steps_end(d->pool, 0);
	steps_up(d->pool, 0);
	steps_turn(d->pool);
	steps_expect_part(w, steps_part(w, message, 1), "submitting");
}

/* A code waits for the part on the air, and for help; not for a campaign. */
static void
test_code_waits_for_help_alone(void **state)
{
	struct dialer *d = *state;
	struct world *w = &d->pool->world;
	struct ml_result sent = {.outcome = ML_SENT, .tp_mr = 1};
	int64_t help, other;

	(void)steps_reply(w, steps_contact(w, "+84900000001"), LANE_REPLY);
	steps_turn(d->pool);
	expect_frame(d, ML_SEND_PART);
	other = steps_reply(w, steps_contact(w, "+84900000002"), LANE_REPLY);
	help = steps_reply(w, steps_contact(w, "+84900000003"), LANE_CRISIS);
	assert_int_equal(dial(d, "*101#"), 0);
	send_on_result(d->modem, (uint64_t)d->modem->in_flight, &sent);
	steps_turn(d->pool);
	steps_expect_part(w, steps_part(w, help, 1), "submitting");
	send_on_result(d->modem, (uint64_t)d->modem->in_flight, &sent);
	steps_turn(d->pool);
	assert_int_equal(d->modem->dial.phase, DIAL_ASKED);
	steps_expect_part(w, steps_part(w, other, 1), "queued");
	network_says(d, ML_USSD_DONE, "TKC 1");
	steps_turn(d->pool);
	steps_expect_part(w, steps_part(w, other, 1), "submitting");
}

static void
test_network_begins(void **state)
{
	struct dialer *d = *state;
	struct ml_ussd_in in = {.status = ML_USSD_MENU, .text = "Trung thuong"};

	steps_say(d->pool, 0, ML_USSD_IN, 0, &in);
	steps_turn(d->pool);
	expect_nothing(d);
	assert_int_equal(d->answers, 0);
	assert_int_equal(answer(d, "1"), TC_ESTATE);
}

#define DIAL_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    DIAL_TEST(test_code_and_answer),
	    DIAL_TEST(test_codes_that_may_not_be_dialled),
	    DIAL_TEST(test_menu_step_by_step),
	    DIAL_TEST(test_menu_that_nobody_answers),
	    DIAL_TEST(test_who_asked_is_gone),
	    DIAL_TEST(test_menu_that_nobody_wants),
	    DIAL_TEST(test_child_dies_in_a_session),
	    DIAL_TEST(test_forms_are_tried_and_remembered),
	    DIAL_TEST(test_no_form_works),
	    DIAL_TEST(test_help_ends_a_session),
	    DIAL_TEST(test_code_waits_for_help_alone),
	    DIAL_TEST(test_network_begins),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
