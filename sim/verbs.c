/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The verbs of the control socket: each checks its request and asks the part of
 * the simulator that it is about. Called by control.c; owns nothing. What
 * cannot be done is answered {"ok":false,"error":...}.
 */

#include "config.h"

#include <string.h>

#include "radio.h"
#include "sim.h"
#include "verbs.h"

#define WAIT_MS_MAX 600000
#define WAIT_MS_DEFAULT 10000
#define CALL_SECONDS_DEFAULT 20
#define CALL_RING_MS_DEFAULT 3000
#define REPORT_MS_MAX 3600000
#define INTEGER_MAX 1000000000

/* Returns the answer (a new object), or NULL when it comes later. */
typedef json_t *(*verb_handler)(struct client *c, const json_t *request);

json_t *
answer_ok(void)
{
	return json_pack("{s:b}", "ok", 1);
}

json_t *
answer_error(const char *error)
{
	return json_pack("{s:b,s:s}", "ok", 0, "error", error);
}

static json_t *
answer_rc(int rc)
{
	return rc == 0 ? answer_ok() : answer_error(tc_strerror(rc));
}

static const char *
get_string(const json_t *request, const char *key)
{
	return json_string_value(json_object_get(request, key));
}

/* An integer >= 0, or fallback when it is missing; -2 for anything else. */
static int64_t
get_integer(const json_t *request, const char *key, int64_t fallback)
{
	const json_t *v = json_object_get(request, key);

	if (v == NULL)
		return fallback;
	if (!json_is_integer(v) || json_integer_value(v) < 0 ||
	    json_integer_value(v) > INTEGER_MAX)
		return -2;
	return json_integer_value(v);
}

static struct modem *
get_modem(const struct client *c, const json_t *request, const char *key)
{
	const char *name = get_string(request, key);

	return name != NULL ? sim_modem_find(client_sim(c), name) : NULL;
}

/* Verbs */

static json_t *
do_text(struct client *c, const json_t *request)
{
	struct radio_text t = {
	    .from = get_string(request, "from"),
	    .to = get_string(request, "to"),
	    .text = get_string(request, "text"),
	    .form = get_string(request, "form"),
	    .pdu = get_string(request, "pdu"),
	    .msg_class = (int)get_integer(request, "class", -1),
	    .ref_bits = (unsigned)get_integer(request, "ref_bits", 8),
	    .ref = (int)get_integer(request, "ref", -1),
	    .ucs2 = json_is_true(json_object_get(request, "ucs2")),
	    .me = json_is_true(json_object_get(request, "me")),
	};
	json_t *answer;
	unsigned parts;
	int rc;

	if (t.form != NULL && t.text == NULL)
		t.text = "";
	if (t.to == NULL || (t.pdu == NULL && (!t.from || !t.text)))
		return answer_error("needs from, to and text (or to and pdu)");
	if (t.msg_class < -1 || t.msg_class > 3)
		return answer_error("class is 0 to 3");
	if (t.ref_bits != 8 && t.ref_bits != 16)
		return answer_error("ref_bits is 8 or 16");
	if (t.ref < -1 || t.ref >= 1 << t.ref_bits)
		return answer_error("ref is out of range");
	rc = radio_text(client_sim(c), &t, &parts);
	if (rc == TC_ENOENT)
		return answer_error("to is no modem");
	if (rc != 0)
		return answer_rc(rc);
	answer = answer_ok();
	(void)json_object_set_new(answer, "parts", json_integer(parts));
	return answer;
}

static json_t *
do_call(struct client *c, const json_t *request)
{
	const char *from = get_string(request, "from");
	struct modem *m = get_modem(c, request, "to");
	int64_t seconds, ring_ms;
	int rc;

	seconds = get_integer(request, "seconds", CALL_SECONDS_DEFAULT);
	ring_ms = get_integer(request, "ring_ms", CALL_RING_MS_DEFAULT);
	if (from == NULL || m == NULL)
		return answer_error("needs from and to (a modem)");
	if (seconds < 1 || seconds > 3600 || ring_ms < 10 || ring_ms > 60000)
		return answer_error("seconds or ring_ms out of range");
	rc = call_start(m, from, (unsigned)ring_ms, (unsigned)seconds);
	return rc == TC_ESTATE ? answer_error("busy") : answer_rc(rc);
}

static json_t *
do_ussd(struct client *c, const json_t *request)
{
	struct modem *m = get_modem(c, request, "modem");
	const char *text = get_string(request, "text");

	if (m == NULL || text == NULL)
		return answer_error("needs modem and text");
	return answer_rc(ussd_notify(
	    m, text, json_is_true(json_object_get(request, "more"))));
}

static json_t *
do_menu(struct client *c, const json_t *request)
{
	const char *path = get_string(request, "path");
	const char *text = get_string(request, "text");

	if (path == NULL || text == NULL)
		return answer_error("needs path and text");
	return answer_rc(ussd_page_set(client_sim(c), path, text,
	    json_is_true(json_object_get(request, "more"))));
}

static json_t *
do_inbox(struct client *c, const json_t *request)
{
	const char *written = get_string(request, "number");
	char number[PHONE_NUMBER_MAX];
	json_t *answer;

	if (written == NULL || phone_number(written, number) != 0)
		return answer_error("needs number");
	answer = answer_ok();
	(void)json_object_set_new(
	    answer, "messages", phones_inbox(&client_sim(c)->phones, number));
	return answer;
}

static json_t *
do_clear(struct client *c, const json_t *request)
{
	const char *written = get_string(request, "number");
	char number[PHONE_NUMBER_MAX];

	if (written != NULL && phone_number(written, number) != 0)
		return answer_error("invalid number");
	phones_clear(&client_sim(c)->phones, written != NULL ? number : NULL);
	return answer_ok();
}

static json_t *
modem_json(const struct modem *m)
{
	const struct sms *sms;
	int waiting = 0;

	TAILQ_FOREACH(sms, &m->pending, entry)
		waiting++;
	return json_pack(
	    "{s:i,s:s,s:s,s:b,s:b,s:i,s:i,s:i,s:i,s:I,s:I,s:b,s:o}", "modem",
	    (int)m->index, "number", m->number, "device", m->link, "present",
	    modem_is_open(m), "on_air", m->air.is_on, "sm_used",
	    (int)m->stores[STORE_SM].used, "me_used",
	    (int)m->stores[STORE_ME].used, "slots", (int)m->sim->opt.nslots,
	    "waiting", waiting, "sent", (json_int_t)m->nsent, "received",
	    (json_int_t)m->nreceived, "call", m->call.is_on, "faults",
	    fault_list(m));
}

static const char *const report_modes[] = {[SIM_REPORT_ON] = "on",
    [SIM_REPORT_OFF] = "off",
    [SIM_REPORT_FAIL] = "fail"};
_Static_assert(TC_NELEM(report_modes) == SIM_REPORT_NMODES, "report modes");

static json_t *
do_status(struct client *c, const json_t *request)
{
	struct sim *sim = client_sim(c);
	json_t *list = json_array();
	unsigned i;

	(void)request;
	for (i = 0; i < sim->opt.nmodems; i++)
		(void)json_array_append_new(list, modem_json(sim->modems[i]));
	return json_pack("{s:b,s:i,s:s,s:i,s:o}", "ok", 1, "air_ms",
	    (int)sim->opt.air_ms, "report", report_modes[sim->report_mode],
	    "report_ms", (int)sim->report_ms, "modems", list);
}

static json_t *
do_fault(struct client *c, const json_t *request)
{
	struct modem *m = get_modem(c, request, "modem");
	struct fault_request r = {
	    .kind = get_string(request, "kind"),
	    .count = get_integer(request, "count", -1),
	    .ms = get_integer(request, "ms", -1),
	    .code = get_integer(request, "code", -1),
	};

	if (m == NULL || r.kind == NULL)
		return answer_error("needs modem and kind");
	if (r.count < -1 || r.ms < -1 || r.code < -1 || fault_set(m, &r) != 0)
		return answer_error("unknown kind, or a value out of range");
	return answer_ok();
}

/* The two change places: each is behind the link of the other. */
static json_t *
do_swap(struct client *c, const json_t *request)
{
	struct modem *a = get_modem(c, request, "modem");
	struct modem *b = get_modem(c, request, "with");

	if (a == NULL || b == NULL || a == b)
		return answer_error("needs modem and with, two modems");
	return answer_rc(modem_swap(a, b));
}

static json_t *
do_air(struct client *c, const json_t *request)
{
	int64_t ms = get_integer(request, "ms", -2);

	if (ms < 0 || ms > 600000)
		return answer_error("needs ms, 0 to 600000");
	client_sim(c)->opt.air_ms = (unsigned)ms;
	return answer_ok();
}

static int
report_mode_find(const char *mode)
{
	int i;

	for (i = 0; i < SIM_REPORT_NMODES; i++)
		if (strcmp(mode, report_modes[i]) == 0)
			return i;
	return TC_ENOENT;
}

/* Mode "delay" is "on" with another delay. */
static json_t *
do_report(struct client *c, const json_t *request)
{
	struct sim *sim = client_sim(c);
	const char *mode = get_string(request, "mode");
	bool is_delay = mode != NULL && strcmp(mode, "delay") == 0;
	int64_t ms;
	int i;

	ms =
	    get_integer(request, "ms", is_delay ? -2 : (int64_t)sim->report_ms);
	if (mode == NULL || ms < 0 || ms > REPORT_MS_MAX)
		return answer_error("needs mode (and ms with delay)");
	i = is_delay ? SIM_REPORT_ON : report_mode_find(mode);
	if (i < 0)
		return answer_error("mode is on, off, delay or fail");
	sim->report_mode = (enum sim_report_mode)i;
	sim->report_ms = (unsigned)ms;
	return answer_ok();
}

static json_t *
do_wait(struct client *c, const json_t *request)
{
	const char *written = get_string(request, "number");
	int64_t count = get_integer(request, "count", 1);
	int64_t ms = get_integer(request, "timeout_ms", WAIT_MS_DEFAULT);
	char number[PHONE_NUMBER_MAX];

	if (written == NULL || phone_number(written, number) != 0)
		return answer_error("needs number");
	if (count < 0 || ms < 0 || ms > WAIT_MS_MAX)
		return answer_error("count or timeout_ms out of range");
	if (phones_count(&client_sim(c)->phones, number) >= (size_t)count)
		return answer_ok();
	client_wait(c, number, (size_t)count, (unsigned)ms);
	return NULL;
}

static json_t *
do_quit(struct client *c, const json_t *request)
{
	struct timeval soon = {0, 10000};

	(void)request;
	/* the answer first */
	(void)event_base_loopexit(client_sim(c)->base, &soon);
	return answer_ok();
}

static const struct {
	const char *name;
	verb_handler handler;
} verbs[] = {
    {"text", do_text},
    {"call", do_call},
    {"ussd", do_ussd},
    {"menu", do_menu},
    {"inbox", do_inbox},
    {"clear", do_clear},
    {"status", do_status},
    {"fault", do_fault},
    {"swap", do_swap},
    {"air", do_air},
    {"report", do_report},
    {"wait", do_wait},
    {"quit", do_quit},
};

json_t *
verbs_run(struct client *c, const char *line, size_t len)
{
	json_t *request, *answer;
	const char *verb;
	size_t i;

	request = json_loadb(line, len, JSON_REJECT_DUPLICATES, NULL);
	verb = request != NULL ? get_string(request, "do") : NULL;
	if (verb == NULL) {
		json_decref(request);
		return answer_error("not a JSON object with a string do");
	}
	for (i = 0; i < TC_NELEM(verbs); i++)
		if (strcmp(verbs[i].name, verb) == 0)
			break;
	if (i < TC_NELEM(verbs))
		answer = verbs[i].handler(c, request);
	else
		answer = answer_error("unknown verb");
	json_decref(request);
	return answer;
}
