/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The modems of the API: what is shown, and what a technician does with them;
 * requests that wait for a modem. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <cmocka.h>

#include "clock.h"
#include "http_fixture.h"
#include "inbound.h"
#include "intake/intake.h"
#include "outbox/outbox.h"
#include "store/alarm.h"
#include "store/modem.h"
#include "turn.h"

static int
setup(void **state)
{
	*state = fx_open();
	fx_set_keys(*state);
	return 0;
}

static int
teardown(void **state)
{
	fx_close(*state);
	return 0;
}

static size_t
polls(struct fx *f)
{
	struct http_stats s;

	http_get_stats(f->http, &s);
	return s.polls;
}

/* A client whose request waits for a modem. */
static struct client *
ask(struct fx *f, const char *token, const char *what, const char *body)
{
	struct client *c = client_tcp(f);
	size_t before = polls(f);
	char path[64];

	assert_int_equal(
	    str_printf(path, sizeof(path), "/api/v1/modems/usb0/%s", what), 0);
	client_request(c, token, "POST", path, body);
	fx_until(f, polls(f) == before + 1);
	return c;
}

/* The answer to it. */
static void
expect(struct fx *f, struct client *c, int status, const char *body)
{
	struct reply r;

	client_wait(f, c, &r);
	assert_int_equal(r.status, status);
	if (body != NULL)
		assert_string_equal(r.body, body);
	reply_clear(&r);
	assert_int_equal(polls(f), 0);
	client_close(c);
}

/* --- what is shown --- */

static int
op_trouble(void *arg)
{
	struct store *s = arg;
	int rc;

	rc = store_modem_set_credit(s, "usb0", 19000, 1773108000);
	if (rc == 0)
		rc = store_alarm_raise(s, "reserve", "usb0", 1773108000);
	if (rc >= 0)
		rc = store_alarm_raise(s, "pin", "usb1", 1773108001);
	return rc;
}

static void
trouble(struct fx *f)
{
	assert_true(turn_run(f->core.turn, op_trouble, f->core.store) >= 0);
	assert_int_equal(turn_commit(f->core.turn), 0);
}

static void
test_shown(void **state)
{
	struct fx *f = *state;
	const char *tech = fx_user(f, "tech", "", ROLE_TECHNICIAN);
	struct reply r;

	fx_call(f, tech, "GET /api/v1/modems/usb0", NULL, &r);
	assert_int_equal(r.status, 200);
	assert_string_equal(reply_text(&r, "registration"), "home");
	assert_string_equal(reply_text(&r, "last_error"), "deadline");
	assert_true(json_is_null(json_object_get(r.json, "credit")));
	assert_true(json_is_true(json_object_get(r.json, "credit_asked")));
	reply_clear(&r);
	trouble(f);
	fx_call(f, tech, "GET /api/v1/modems/usb0", NULL, &r);
	assert_int_equal(reply_int(&r, "credit"), 19000);
	assert_int_equal(reply_int(&r, "credit_at"), 1773108000);
	assert_true(json_is_true(json_object_get(r.json, "credit_low")));
	assert_non_null(strstr(r.body, "\"alarms\":[\"reserve\"]"));
	assert_non_null(strstr(r.body,
	    "\"day\":{\"used\":40,\"limit\":200,\"campaign_used\":30,"
	    "\"campaign_limit\":160}"));
	assert_non_null(strstr(r.body,
	    "\"hour\":{\"used\":0,\"limit\":null,\"campaign_used\":0,"
	    "\"campaign_limit\":null}"));
	reply_clear(&r);
	fx_call(f, tech, "GET /api/v1/status", NULL, &r);
	assert_non_null(strstr(r.body,
	    "\"alarms\":[{\"modem\":\"usb0\",\"kind\":\"reserve\",\"since\":"
	    "1773108000,\"told_at\":null},{\"modem\":\"usb1\","));
	assert_int_equal(
	    json_array_size(json_object_get(r.json, "modem_list")), 2);
	reply_clear(&r);
	assert_int_equal(
	    fx_call(f, tech, "GET /api/v1/modems/usb9", NULL, NULL), 404);
}

/* Officials see why a campaign does not go on. */
static void
test_campaign_waits(void **state)
{
	struct fx *f = *state;
	const char *hoa = fx_user(f, "hoa", "HPN", ROLE_DRAFTER);
	struct reply r;
	char path[64];

	assert_int_equal(
	    fx_call(f, hoa, "POST /api/v1/lists", "{\"name\":\"l\"}", NULL),
	    201);
	fx_call(f, hoa, "POST /api/v1/campaigns",
	    "{\"name\":\"k\",\"lists\":[\"l\"],\"text\":\"Song An: hop\"}", &r);
	assert_int_equal(r.status, 201);
	assert_non_null(strstr(r.body, "\"low_credit\":[]"));
	assert_int_equal(str_printf(path, sizeof(path),
			     "GET /api/v1/campaigns/%s", reply_text(&r, "id")),
	    0);
	reply_clear(&r);
	trouble(f);
	fx_call(f, hoa, path, NULL, &r);
	assert_non_null(strstr(r.body, "\"low_credit\":[\"usb0\"]"));
	reply_clear(&r);
}

static void
test_metrics(void **state)
{
	static const char *const lines[] = {
	    ("tincay_modem_info{modem=\"usb0\",state=\"ready\",network="
	     "\"Viet?tel?\"} 1\n"),
	    "tincay_modem_registered{modem=\"usb0\"} 1\n",
	    "tincay_modem_registered{modem=\"usb1\"} 0\n",
	    "tincay_modem_sim_used{modem=\"usb0\"} 3\n",
	    ("tincay_modem_quota_used{modem=\"usb0\",span=\"day\","
	     "by=\"all\"} 40\n"),
	    ("tincay_modem_quota_used{modem=\"usb0\",span=\"day\","
	     "by=\"campaign\"} 30\n"),
	    ("tincay_modem_quota_limit{modem=\"usb0\",span=\"day\","
	     "by=\"all\"} 200\n"),
	    ("tincay_modem_quota_limit{modem=\"usb0\",span=\"day\","
	     "by=\"campaign\"} 160\n"),
	    "tincay_modem_credit_dong{modem=\"usb0\"} 19000\n",
	    "tincay_modem_credit_low{modem=\"usb0\"} 1\n",
	    "tincay_modem_alarm{modem=\"usb1\",kind=\"pin\"} 1\n",
	    "tincay_queue_oldest_seconds{lane=\"reply\"} 75\n",
	    "tincay_queue_oldest_seconds{lane=\"campaign\"} 80\n",
	    "tincay_queue_oldest_seconds{lane=\"crisis\"} 0\n",
	};
	struct fx *f = *state;
	const char *tech = fx_user(f, "tech", "", ROLE_TECHNICIAN);
	struct reply r;
	char sql[512];
	size_t i;

	trouble(f);
	/* Parts of one message wait: for a modem, for any, for another try. */
	assert_int_equal(
	    str_printf(sql, sizeof(sql),
		"INSERT INTO message(id, lane, contact_id, sensitive,"
		" created_at, nparts) VALUES(1, 2, 1, 0, 0, 2);"
		"INSERT INTO part(id, message_id, seq, lane, queue_seq, modem,"
		" not_before) VALUES(1, 1, 1, 2, %lld, '', 0),"
		" (2, 1, 2, 2, %lld, 'usb0', 0), (3, 1, 3, 3, %lld, '', %lld)",
		(long long)(clock_now_us() - 30000000),
		(long long)(clock_now_us() - 75000000),
		(long long)(clock_now_us() - 80000000),
		(long long)(clock_now() + 60)),
	    0);
	fx_sql(f, sql);
	assert_int_equal(fx_call(f, tech, "GET /metrics", NULL, &r), 200);
	for (i = 0; i < TC_NELEM(lines); i++)
		if (strstr(r.body, lines[i]) == NULL)
			fail_msg("no line %s in %s", lines[i], r.body);
	/* What is not known has no line. */
	assert_null(strstr(r.body, "signal_percent{modem=\"usb1\"}"));
	assert_null(strstr(r.body, "limit{modem=\"usb0\",span=\"hour\""));
	assert_null(strstr(r.body, "credit_dong{modem=\"usb1\"}"));
	assert_null(strstr(r.body, "credit_low{modem=\"usb1\"}"));
	reply_clear(&r);
	fx_call(f, tech, "GET /api/v1/status", NULL, &r);
	assert_non_null(strstr(
	    r.body, "\"queue_age_s\":{\"crisis\":0,\"case\":0,\"reply\":75,"));
	reply_clear(&r);
}

/* --- hold and resume --- */

static void
test_hold(void **state)
{
	static const struct {
		const char *request;
		int status;
	} steps[] = {
	    {"POST /api/v1/modems/usb0/resume", 409},
	    {"POST /api/v1/modems/usb0/hold", 204},
	    {"POST /api/v1/modems/usb0/hold", 409},
	    {"POST /api/v1/modems/usb0/resume", 204},
	    {"POST /api/v1/modems/usb9/hold", 404},
	    {"POST /api/v1/modems/usb9/resume", 404},
	};
	struct fx *f = *state;
	const char *tech = fx_user(f, "tech", "", ROLE_TECHNICIAN);
	size_t i;

	for (i = 0; i < TC_NELEM(steps); i++)
		assert_int_equal(fx_call(f, tech, steps[i].request, "{}", NULL),
		    steps[i].status);
}

static void
test_roles(void **state)
{
	static const char *const requests[] = {"POST /api/v1/modems/usb1/hold",
	    "POST /api/v1/modems/usb1/resume", "POST /api/v1/modems/usb9/ussd",
	    "POST /api/v1/modems/usb9/test"};
	static const char *const bodies[] = {
	    "{}", "{}", "{\"code\":\"*101#\"}", "{\"step\":\"text\"}"};
	static const int allowed[] = {204, 204, 404, 404};
	struct fx *f = *state;
	const char *others = fx_user(
	    f, "hoa", "HPN", ROLE_DRAFTER | ROLE_APPROVER | ROLE_HANDLER);
	const char *admin = fx_user(f, "boss", "", ROLE_ADMIN);
	size_t i;

	for (i = 0; i < TC_NELEM(requests); i++) {
		assert_int_equal(
		    fx_call(f, others, requests[i], bodies[i], NULL), 403);
		assert_int_equal(
		    fx_call(f, admin, requests[i], bodies[i], NULL),
		    allowed[i]);
	}
	/* Root on the socket sets up. */
	for (i = 0; i < TC_NELEM(requests); i++)
		assert_int_equal(
		    fx_call(f, NULL, requests[i], bodies[i], NULL), allowed[i]);
}

/* --- USSD --- */

static void
test_ussd(void **state)
{
	struct fx *f = *state;
	const char *tech = fx_user(f, "tech", "HPN", ROLE_TECHNICIAN);
	struct client *c;

	c = ask(f, tech, "ussd", "{\"code\":\"*098#\"}");
	assert_string_equal(f->radio.dialled, "*098#");
	assert_false(f->radio.is_answer);
	/* What wakes the long polls of an agency dials nothing again. */
	fx_file(f, "SUPPORT", "x");
	assert_true(client_is_quiet(f, c));
	assert_int_equal(f->radio.dials, 1);
	fx_ussd(f, ML_USSD_MENU, "1. Mot");
	expect(f, c, 200, "{\"status\":\"menu\",\"text\":\"1. Mot\"}");
	assert_int_equal(f->radio.cancels, 0); /* the menu stays */
	c = ask(f, tech, "ussd", "{\"answer\":\"1\"}");
	assert_string_equal(f->radio.dialled, "1");
	assert_true(f->radio.is_answer);
	fx_ussd(f, ML_USSD_DONE, "");
	expect(f, c, 200, "{\"status\":\"done\",\"text\":\"\"}");
}

static void
test_ussd_refused(void **state)
{
	static const struct {
		int rc, status;
		const char *body;
	} cases[] = {
	    {TC_ESTATE, 409, "{\"code\":\"*101#\"}"},
	    {TC_EAGAIN, 409, "{\"code\":\"*101#\"}"},
	    {TC_EDENIED, 403, "{\"code\":\"**21*1#\"}"},
	    {TC_EINVAL, 422, "{\"answer\":\"1\"}"},
	    {0, 422, "{}"},
	    {0, 422, "{\"code\":\"*101#\",\"answer\":\"1\"}"},
	    {0, 422, "{\"code\":\"\"}"},
	    {0, 422, "{\"code\":7}"},
	};
	struct fx *f = *state;
	const char *tech = fx_user(f, "tech", "", ROLE_TECHNICIAN);
	size_t i;

	for (i = 0; i < TC_NELEM(cases); i++) {
		f->radio.rc = cases[i].rc;
		assert_int_equal(
		    fx_call(f, tech, "POST /api/v1/modems/usb0/ussd",
			cases[i].body, NULL),
		    cases[i].status);
	}
	assert_int_equal(f->radio.dials, 0);
	assert_int_equal(f->radio.cancels, 0);
	assert_int_equal(polls(f), 0);
}

/* Who leaves takes his session along. */
static void
test_ussd_left(void **state)
{
	struct fx *f = *state;
	const char *tech = fx_user(f, "tech", "", ROLE_TECHNICIAN);
	struct client *c = ask(f, tech, "ussd", "{\"code\":\"*098#\"}");

	client_close(c);
	fx_until(f, polls(f) == 0);
	assert_int_equal(f->radio.cancels, 1);
	assert_null(f->radio.cb);
}

/* The daemon stops: he is answered, and nobody calls back. */
static void
test_ussd_stop(void **state)
{
	struct fx *f = *state;
	const char *tech = fx_user(f, "tech", "", ROLE_TECHNICIAN);
	struct client *c = ask(f, tech, "ussd", "{\"code\":\"*098#\"}");

	http_stop(f->http);
	expect(f, c, 200, "{\"status\":\"timeout\",\"text\":\"\"}");
	assert_int_equal(f->radio.cancels, 1);
}

/* --- test --- */

static void
test_credit(void **state)
{
	struct fx *f = *state;
	const char *tech = fx_user(f, "tech", "", ROLE_TECHNICIAN);
	struct client *c;

	c = ask(f, tech, "test", "{\"step\":\"credit\"}");
	assert_string_equal(f->radio.dialled, "*101#");
	assert_int_equal(fx_call(f, tech, "POST /api/v1/modems/usb0/test",
			     "{\"step\":\"credit\"}", NULL),
	    409);
	fx_ussd(f, ML_USSD_DONE, "TK 25.000d");
	expect(f, c, 200,
	    "{\"step\":\"credit\",\"good\":true,\"answered\":true,"
	    "\"credit\":25000}");
	assert_int_equal(fx_value(f, "SELECT credit FROM modem"), 25000);
	c = ask(f, tech, "test", "{\"step\":\"credit\"}");
	fx_ussd(f, ML_USSD_DONE, "?");
	expect(f, c, 200,
	    "{\"step\":\"credit\",\"good\":false,\"answered\":true,"
	    "\"credit\":null}");
	c = ask(f, tech, "test", "{\"step\":\"credit\"}");
	fx_ussd(f, ML_USSD_TIMEOUT, "");
	expect(f, c, 200,
	    "{\"step\":\"credit\",\"good\":false,\"answered\":false,"
	    "\"credit\":null}");
	/* Nobody waits any more: the answer is kept all the same. */
	c = ask(f, tech, "test", "{\"step\":\"credit\"}");
	client_close(c);
	fx_until(f, polls(f) == 0);
	fx_ussd(f, ML_USSD_DONE, "TK 7.000d");
	fx_pump(f);
	assert_int_equal(fx_value(f, "SELECT credit FROM modem"), 7000);
	/* A menu that the balance opens is ended. */
	c = ask(f, tech, "test", "{\"step\":\"credit\"}");
	f->radio.cancels = 0;
	fx_ussd(f, ML_USSD_MENU, "TK 8.000d 1. Nap tien");
	expect(f, c, 200, NULL);
	assert_int_equal(f->radio.cancels, 1);
	assert_int_equal(fx_value(f, "SELECT credit FROM modem"), 8000);
}

static int
op_next(void *arg)
{
	void **args = arg;
	const struct radio_offer offer = {
	    .modem = "usb0", .operator_name = "", .lanes = ~0U};

	return outbox_next_part(args[0], &offer, args[1]);
}

static int
op_receive(void *arg)
{
	void **args = arg;

	return intake_receive(args[0], args[1]);
}

/* The text that waits for usb0 comes in from a number. */
static void
come_back(struct fx *f, const struct radio_part *part, const char *number,
    const char *modem)
{
	struct inbound in = {.modem = modem,
	    .number = number,
	    .text = part->text,
	    .len = strlen(part->text),
	    .received_at = clock_now()};
	void *args[] = {&f->core, &in};

	assert_int_equal(turn_run(f->core.turn, op_receive, args), 0);
	assert_int_equal(turn_commit(f->core.turn), 0);
}

static void
take_part(struct fx *f, struct radio_part *part)
{
	void *args[] = {&f->core, part};

	assert_int_equal(turn_run(f->core.turn, op_next, args), 1);
	assert_int_equal(turn_commit(f->core.turn), 0);
	assert_string_equal(part->number, "+84900000901");
}

/* Where the sixteen digits begin. */
static size_t
find_token(const char *text)
{
	const char *at = text;

	while (strspn(at, "0123456789abcdef") != 16)
		assert_int_not_equal(*at++, '\0');
	return (size_t)(at - text);
}

static void
test_text(void **state)
{
	struct fx *f = *state;
	const char *tech = fx_user(f, "tech", "", ROLE_TECHNICIAN);
	struct radio_part part;
	struct client *c;
	struct reply r;

	c = ask(f, tech, "test", "{\"step\":\"text\"}");
	assert_int_equal(fx_call(f, tech, "POST /api/v1/modems/usb0/test",
			     "{\"step\":\"text\"}", NULL),
	    409);
	take_part(f, &part);
	/* Neither from somebody else nor on another modem is it the test. */
	come_back(f, &part, "+84900000001", "usb0");
	come_back(f, &part, "+84900000901", "usb1");
	assert_true(client_is_quiet(f, c));
	assert_int_equal(fx_value(f, "SELECT count(*) FROM \"case\""), 2);
	come_back(f, &part, "+84900000901", "usb0");
	client_wait(f, c, &r);
	assert_int_equal(r.status, 200);
	assert_true(json_is_true(json_object_get(r.json, "good")));
	assert_true(reply_int(&r, "ms") >= 0);
	assert_string_equal(reply_text(&r, "state"), "sending");
	reply_clear(&r);
	client_close(c);
	/* It comes again, and nobody waits: still it is no case. */
	come_back(f, &part, "+84900000901", "usb0");
	assert_int_equal(fx_value(f, "SELECT count(*) FROM \"case\""), 2);
	assert_int_equal(fx_value(f, "SELECT count(*) FROM message"
				     " WHERE staff_box IS NULL"
				     " AND created_at > 0"),
	    1); /* the reply to 001 */
	/* A token with another hash is none. */
	part.text[find_token(part.text) + 15] ^= 1;
	come_back(f, &part, "+84900000901", "usb0");
	assert_int_equal(fx_value(f, "SELECT count(*) FROM case_item"), 3);
}

/* It does not come back, and the client, who leaves, takes nothing along. */
static void
test_text_over(void **state)
{
	struct fx *f = *state;
	const char *tech = fx_user(f, "tech", "", ROLE_TECHNICIAN);
	struct radio_part part;
	struct client *c;
	struct reply r;

	c = ask(f, tech, "test", "{\"step\":\"text\"}");
	client_close(c);
	fx_until(f, polls(f) == 0);
	take_part(f, &part);
	come_back(f, &part, "+84900000901", "usb0");
	c = ask(f, tech, "test", "{\"step\":\"text\"}");
	http_stop(f->http);
	client_wait(f, c, &r);
	assert_int_equal(r.status, 200);
	assert_true(json_is_false(json_object_get(r.json, "good")));
	assert_true(json_is_null(json_object_get(r.json, "ms")));
	assert_string_equal(reply_text(&r, "state"), "queued");
	reply_clear(&r);
	client_close(c);
}

static void
test_test_refused(void **state)
{
	static const struct {
		const char *modem, *body;
		int status;
	} cases[] = {
	    {"usb1", "{\"step\":\"text\"}", 409},   /* no number */
	    {"usb1", "{\"step\":\"credit\"}", 409}, /* no code */
	    {"usb9", "{\"step\":\"credit\"}", 404},
	    {"usb0", "{\"step\":\"fly\"}", 422},
	    {"usb0", "{}", 422},
	};
	struct fx *f = *state;
	const char *tech = fx_user(f, "tech", "", ROLE_TECHNICIAN);
	char request[64];
	size_t i;

	for (i = 0; i < TC_NELEM(cases); i++) {
		assert_int_equal(
		    str_printf(request, sizeof(request),
			"POST /api/v1/modems/%s/test", cases[i].modem),
		    0);
		assert_int_equal(fx_call(f, tech, request, cases[i].body, NULL),
		    cases[i].status);
	}
}

#define FX_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    FX_TEST(test_shown),
	    FX_TEST(test_campaign_waits),
	    FX_TEST(test_metrics),
	    FX_TEST(test_hold),
	    FX_TEST(test_roles),
	    FX_TEST(test_ussd),
	    FX_TEST(test_ussd_refused),
	    FX_TEST(test_ussd_left),
	    FX_TEST(test_ussd_stop),
	    FX_TEST(test_credit),
	    FX_TEST(test_text),
	    FX_TEST(test_text_over),
	    FX_TEST(test_test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
