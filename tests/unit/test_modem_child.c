/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The whole tincay-modem against a simulated modem: this test is its tincayd.
 * Every test has a simulator and a folder of its own; every wait has a deadline
 * and ends with the event.
 */
#include "config.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>
#include <jansson.h>

#include "clock.h"
#include "modemlink.h"

#define WAIT_MS 15000
#define PHONE "+84900000001"
#define SENDER "+84900000777"
#define SLOTS "20"

struct world {
	char dir[64];
	pid_t sim, child;
	FILE *control;
	int fd; /* our end of the link */
	enum ml_phase phase;
	struct ml_config config;
	unsigned char in[65536];
	size_t len;
	uint64_t id; /* of the frame that expect() returned */
};

/* --- the simulator --- */

static pid_t
spawn(const char *const argv[], int out, int as)
{
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		if (dup2(out, as) < 0)
			_exit(126);
		execv(argv[0], (char *const *)argv);
		_exit(127);
	}
	(void)close(out);
	return pid;
}

static char *
program(const char *variable)
{
	char *path = getenv(variable);

	if (path == NULL)
		fail_msg("%s is not set", variable);
	return path;
}

static FILE *
control_open(const char *dir)
{
	struct sockaddr_un sun = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	FILE *f;

	assert_int_equal(str_printf(sun.sun_path, sizeof(sun.sun_path),
			     "%s/control.sock", dir),
	    0);
	assert_int_equal(connect(fd, (struct sockaddr *)&sun, sizeof(sun)), 0);
	f = fdopen(fd, "r+");
	assert_non_null(f);
	return f;
}

static void
sim_start(struct world *w)
{
	const char *argv[] = {program("TINCAY_SIM"), "--dir", w->dir, "--air",
	    "50", "--slots", SLOTS, NULL};
	char line[16] = "";
	int pipefd[2];
	FILE *out;

	assert_int_equal(pipe2(pipefd, O_CLOEXEC), 0);
	w->sim = spawn(argv, pipefd[1], STDOUT_FILENO);
	out = fdopen(pipefd[0], "r");
	assert_non_null(out);
	assert_non_null(fgets(line, sizeof(line), out));
	assert_string_equal(line, "ready\n");
	(void)fclose(out);
	w->control = control_open(w->dir);
}

/* One request as JSON; the answer must be ok. The caller owns it. */
static json_t *sim_ask(struct world *w, const char *fmt, ...) TC_PRINTF(2, 3);

static json_t *
sim_ask(struct world *w, const char *fmt, ...)
{
	char request[2048], *line = NULL;
	size_t size = 0;
	json_t *answer;
	va_list ap;

	va_start(ap, fmt);
	assert_in_range(vsnprintf(request, sizeof(request), fmt, ap), 1, 2047);
	va_end(ap);
	assert_true(fprintf(w->control, "%s\n", request) > 0);
	assert_int_equal(fflush(w->control), 0);
	assert_true(getline(&line, &size, w->control) > 0);
	answer = json_loads(line, 0, NULL);
	if (!json_is_true(json_object_get(answer, "ok")))
		fail_msg("simulator: %s -> %s", request, line);
	free(line);
	return answer;
}

#define sim_do(w, ...) json_decref(sim_ask(w, __VA_ARGS__))

static void
sim_fault(struct world *w, const char *kind, int ms, int code)
{
	sim_do(w,
	    "{\"do\":\"fault\",\"modem\":\"modem1\",\"kind\":\"%s\","
	    "\"ms\":%d,\"code\":%d,\"count\":1}",
	    kind, ms, code);
}

static void
sim_text(struct world *w, const char *from, const char *text, const char *more)
{
	sim_do(w,
	    "{\"do\":\"text\",\"from\":\"%s\",\"to\":\"modem1\","
	    "\"text\":\"%s\"%s}",
	    from, text, more);
}

static int
sim_used(struct world *w)
{
	json_t *a = sim_ask(w, "{\"do\":\"status\"}");
	json_t *m = json_array_get(json_object_get(a, "modems"), 0);
	int used = (int)json_integer_value(json_object_get(m, "sm_used")) +
		   (int)json_integer_value(json_object_get(m, "me_used"));

	json_decref(a);
	return used;
}

/* How often the journal has a text so far. */
static int
journal_count(struct world *w, const char *what)
{
	char path[128], *data, *p;
	int n = 0;

	assert_int_equal(
	    str_printf(path, sizeof(path), "%s/journal", w->dir), 0);
	assert_int_equal(file_read(path, 64 << 20, &data, NULL), 0);
	for (p = data; (p = strstr(p, what)) != NULL; p++)
		n++;
	free(data);
	return n;
}

static void
journal_wait(struct world *w, const char *what, int count)
{
	int64_t end = clock_mono_ms() + WAIT_MS;

	while (journal_count(w, what) < count) {
		if (clock_mono_ms() > end)
			fail_msg("not in the journal: %s", what);
		(void)poll(NULL, 0, 2);
	}
}

/* --- the link --- */

static void
put(struct world *w, enum ml_type type, uint64_t id, const void *body)
{
	struct buf b;

	buf_init(&b, 65536);
	assert_int_equal(modemlink_put(&b, type, id, body), 0);
	assert_int_equal(send(w->fd, b.data, b.len, MSG_NOSIGNAL), b.len);
	buf_clear(&b);
}

/* In one write, so that the second is read along with the first. */
static void
put_hello_config(struct world *w)
{
	struct ml_hello hello = {"tincayd", "test"};
	struct buf b;

	buf_init(&b, 65536);
	assert_int_equal(modemlink_put(&b, ML_HELLO, 0, &hello), 0);
	assert_int_equal(modemlink_put(&b, ML_CONFIG, 0, &w->config), 0);
	assert_int_equal(send(w->fd, b.data, b.len, MSG_NOSIGNAL), b.len);
	buf_clear(&b);
}

/* The next frame: its type, 0 at the end of the link or at the deadline. */
static unsigned
next(struct world *w, union ml_body *body, int64_t ms)
{
	int64_t end = clock_mono_ms() + ms, left;
	struct pollfd p = {.fd = w->fd, .events = POLLIN};
	struct frame f;
	size_t total;
	unsigned type;
	ssize_t n;

	while (frame_peek(w->in, w->len, &f, &total) != 1) {
		left = end - clock_mono_ms();
		if (left <= 0 || poll(&p, 1, (int)left) != 1)
			return 0;
		n = recv(w->fd, w->in + w->len, sizeof(w->in) - w->len, 0);
		if (n <= 0)
			return 0;
		w->len += (size_t)n;
	}
	assert_int_equal(modemlink_get(&f, ML_CHILD, w->phase, body), 0);
	type = f.type;
	w->id = f.id;
	memmove(w->in, w->in + total, w->len - total);
	w->len -= total;
	if (type == ML_LOG && getenv("TEST_VERBOSE") != NULL)
		(void)fprintf(stderr, "# %s\n", body->log.line);
	return type;
}

/* The next frame that is neither LOG nor STATUS must be of that type. */
static void
expect_within(struct world *w, unsigned type, union ml_body *body, int64_t ms)
{
	unsigned got;

	do
		got = next(w, body, ms);
	while (got == ML_LOG || got == ML_STATUS);
	if (got == ML_GONE && type != ML_GONE)
		fail_msg("gone: %s %s", modemlink_gone_name(body->gone.why),
		    body->gone.detail);
	if (got != type)
		fail_msg("%s instead of %s", modemlink_type_name(got),
		    modemlink_type_name(type));
}

static void
expect(struct world *w, unsigned type, union ml_body *body)
{
	expect_within(w, type, body, WAIT_MS);
}

/* Nothing may come but LOG and STATUS before the PONG. */
static void
expect_quiet(struct world *w)
{
	union ml_body body;

	put(w, ML_PING, 99, NULL);
	expect(w, ML_PONG, &body);
}

static void
child_spawn(struct world *w)
{
	const char *argv[] = {program("TINCAY_MODEM"), NULL};
	union ml_body body;
	int pair[2];

	assert_int_equal(
	    socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
	w->fd = pair[0];
	w->len = 0;
	w->phase = ML_PHASE_HELLO;
	w->child = spawn(argv, pair[1], ML_FD);
	put_hello_config(w);
	expect(w, ML_HELLO, &body);
	assert_string_equal(body.hello.program, "tincay-modem");
	w->phase = ML_PHASE_STARTING;
}

static void
child_ready(struct world *w, struct ml_ready *ready)
{
	union ml_body body;

	expect(w, ML_READY, &body);
	w->phase = ML_PHASE_READY;
	if (ready != NULL)
		*ready = body.ready;
}

static void
child_start(struct world *w)
{
	child_spawn(w);
	child_ready(w, NULL);
}

static int
child_wait(struct world *w)
{
	int status = 0;

	assert_int_equal(waitpid(w->child, &status, 0), w->child);
	w->child = 0;
	(void)close(w->fd);
	w->fd = -1;
	return status;
}

static void
child_kill(struct world *w)
{
	assert_int_equal(kill(w->child, SIGKILL), 0);
	(void)child_wait(w);
}

static void
child_stop(struct world *w)
{
	union ml_body body;

	put(w, ML_STOP, 0, NULL);
	expect(w, ML_GONE, &body);
	assert_int_equal(body.gone.why, ML_GONE_STOPPED);
	assert_int_equal(child_wait(w), 0);
}

static void
ack(struct world *w, uint64_t spool_id)
{
	struct ml_ack a = {spool_id};

	put(w, ML_ACK, 0, &a);
}

static void
part_set(struct ml_send_part *part, enum gsm_coding coding, const char *text)
{
	memset(part, 0, sizeof(*part));
	memcpy(part->number, PHONE, sizeof(PHONE));
	part->coding = (uint8_t)coding;
	assert_int_equal(
	    str_printf(part->text, sizeof(part->text), "%s", text), 0);
}

static void
send_text(
    struct world *w, uint64_t id, enum gsm_coding coding, const char *text)
{
	struct ml_send_part part;

	part_set(&part, coding, text);
	put(w, ML_SEND_PART, id, &part);
}

static struct ml_result
result_of(struct world *w, uint64_t id)
{
	union ml_body body;

	expect(w, ML_RESULT, &body);
	assert_int_equal(w->id, id);
	return body.result;
}

static void
expect_inbox(
    struct world *w, const char *number, size_t count, const char *last)
{
	json_t *a, *list, *m;

	sim_do(w,
	    "{\"do\":\"wait\",\"number\":\"%s\",\"count\":%zu,"
	    "\"timeout_ms\":%d}",
	    number, count, WAIT_MS);
	a = sim_ask(w, "{\"do\":\"inbox\",\"number\":\"%s\"}", number);
	list = json_object_get(a, "messages");
	assert_int_equal(json_array_size(list), count);
	m = json_array_get(list, count - 1);
	assert_string_equal(
	    json_string_value(json_object_get(m, "text")), last);
	json_decref(a);
}

/* --- fixture --- */

static int
setup(void **state)
{
	struct world *w = xcalloc(1, sizeof(*w));
	char folder[80];

	memcpy(w->dir, "/tmp/tc-child-XXXXXX", 21);
	assert_non_null(mkdtemp(w->dir));
	assert_int_equal(
	    str_printf(folder, sizeof(folder), "%s/spool", w->dir), 0);
	assert_int_equal(mkdir(folder, 0700), 0);
	sim_start(w);
	w->fd = -1;
	memcpy(w->config.name, "m1", 3);
	memcpy(w->config.connection, "at", 3);
	assert_int_equal(str_printf(w->config.device, sizeof(w->config.device),
			     "%s/modem1", w->dir),
	    0);
	assert_int_equal(str_printf(w->config.spool, sizeof(w->config.spool),
			     "%s/m1", folder),
	    0);
	w->config.spool_key_len = ML_SPOOL_KEY;
	w->config.spool_key[5] = 7;
	w->config.poll_ms = 30000;
	w->config.silence_ms = 400;
	w->config.send_deadline_ms = 10000;
	*state = w;
	return 0;
}

static int
teardown(void **state)
{
	struct world *w = *state;
	const char *argv[] = {"/bin/rm", "-rf", w->dir, NULL};
	int status;
	pid_t rm;

	if (w->child > 0)
		child_kill(w);
	(void)fclose(w->control);
	(void)kill(w->sim, SIGTERM);
	(void)waitpid(w->sim, &status, 0);
	rm = spawn(argv, dup(STDERR_FILENO), STDERR_FILENO);
	(void)waitpid(rm, &status, 0);
	free(w);
	return 0;
}

/* --- tests --- */

static void
test_ready(void **state)
{
	struct world *w = *state;
	struct ml_ready ready;
	int64_t start = clock_mono_ms();

	child_spawn(w);
	child_ready(w, &ready);
	assert_in_range(clock_mono_ms() - start, 0, 3000);
	(void)fprintf(
	    stderr, "# start to READY %d ms\n", (int)(clock_mono_ms() - start));
	assert_true(strlen(ready.imsi) >= 14);
	assert_true(strlen(ready.imei) >= 14);
	assert_string_equal(ready.smsc, "+84900000999");
	assert_int_equal(ready.notifies, 1);
	expect_quiet(w);
	child_stop(w);
}

static void
test_send(void **state)
{
	static const unsigned char udh[] = {5, 0, 3, 9, 2, 1};
	struct world *w = *state;
	struct ml_send_part part;
	struct ml_result r;

	child_start(w);
	send_text(w, 1, GSM_CODING_7BIT, "Lich tiem @ {tram} \xe2\x82\xac~");
	r = result_of(w, 1);
	assert_int_equal(r.outcome, ML_SENT);
	assert_int_equal(r.tp_mr, 1);
	ack(w, r.spool_id);
	expect_inbox(w, PHONE, 1, "Lich tiem @ {tram} \xe2\x82\xac~");

	send_text(w, 2, GSM_CODING_UCS2, "Lịch tiêm ~ \xf0\x9f\x92\x89");
	r = result_of(w, 2);
	assert_int_equal(r.outcome, ML_SENT);
	assert_int_equal(r.tp_mr, 2);
	expect_inbox(w, PHONE, 2, "Lịch tiêm ~ \xf0\x9f\x92\x89");

	/* two parts become one message on the phone */
	part_set(&part, GSM_CODING_7BIT, "phan mot ");
	memcpy(part.udh, udh, sizeof(udh));
	part.udh_len = sizeof(udh);
	part.validity_min = 60;
	put(w, ML_SEND_PART, 3, &part);
	assert_int_equal(result_of(w, 3).outcome, ML_SENT);
	part_set(&part, GSM_CODING_7BIT, "phan hai");
	memcpy(part.udh, udh, sizeof(udh));
	part.udh[5] = 2;
	part.udh_len = sizeof(udh);
	put(w, ML_SEND_PART, 4, &part);
	assert_int_equal(result_of(w, 4).outcome, ML_SENT);
	expect_inbox(w, PHONE, 3, "phan mot phan hai");
	child_stop(w);
}

static long
rss_anon_kib(pid_t pid)
{
	char path[64], line[128];
	long kib = -1;
	FILE *f;

	assert_int_equal(
	    str_printf(path, sizeof(path), "/proc/%d/status", (int)pid), 0);
	f = fopen(path, "r");
	assert_non_null(f);
	while (kib < 0 && fgets(line, sizeof(line), f) != NULL)
		(void)sscanf(line, "RssAnon: %ld", &kib);
	(void)fclose(f);
	return kib;
}

/* With libgammu's own naps a segment takes 0.7 s more than its air time. */
static void
test_speed(void **state)
{
	struct world *w = *state;
	const int count = 10, air_ms = 200;
	union ml_body body;
	int64_t start, took, latency;
	int i;

	sim_do(w, "{\"do\":\"air\",\"ms\":%d}", air_ms);
	child_start(w);
	expect_quiet(w);
	start = clock_mono_ms();
	for (i = 0; i < count; i++) {
		send_text(w, (uint64_t)i + 1, GSM_CODING_7BIT, "chien dich");
		ack(w, result_of(w, (uint64_t)i + 1).spool_id);
	}
	took = clock_mono_ms() - start;
	start = clock_mono_ms();
	sim_text(w, SENDER, "cuu", "");
	expect(w, ML_SMS_IN, &body);
	latency = clock_mono_ms() - start;
	(void)fprintf(stderr,
	    "# air time used %d %%, text to SMS_IN %d ms, RssAnon %ld KiB\n",
	    (int)(100 * count * air_ms / took), (int)latency,
	    rss_anon_kib(w->child));
	/* half of what is expected, for a busy machine */
	assert_true(took < 2 * count * air_ms);
	assert_in_range(latency, 0, 500);
	child_stop(w);
}

/* 70 code units with tildes, 160 septets, and what does not fit. */
static void
test_send_limits(void **state)
{
	struct world *w = *state;
	struct ml_result r;
	char text[ML_TEXT_MAX];

	child_start(w);
	memset(text, 'a', 160);
	text[160] = '\0';
	send_text(w, 1, GSM_CODING_7BIT, text);
	assert_int_equal(result_of(w, 1).outcome, ML_SENT);
	expect_inbox(w, PHONE, 1, text);

	memset(text, '{', 80);
	text[80] = '\0';
	send_text(w, 2, GSM_CODING_7BIT, text);
	assert_int_equal(result_of(w, 2).outcome, ML_SENT);
	expect_inbox(w, PHONE, 2, text);

	memset(text, '{', 160);
	text[160] = '\0';
	send_text(w, 3, GSM_CODING_7BIT, text);
	r = result_of(w, 3);
	assert_int_equal(r.outcome, ML_REFUSED);
	assert_int_equal(r.code, 304);

	memset(text, 'b', 69);
	memcpy(text + 69, "~", 2);
	send_text(w, 4, GSM_CODING_UCS2, text);
	assert_int_equal(result_of(w, 4).outcome, ML_SENT);
	memcpy(text + 69, "\xe2\x88\xbc", 4);
	expect_inbox(w, PHONE, 3, text);

	memset(text, 'b', 71);
	text[71] = '\0';
	send_text(w, 5, GSM_CODING_UCS2, text);
	assert_int_equal(result_of(w, 5).outcome, ML_REFUSED);
	child_stop(w);
}

static void
test_send_refused(void **state)
{
	struct world *w = *state;
	struct ml_result r;

	child_start(w);
	sim_fault(w, "refuse", 0, 38);
	send_text(w, 1, GSM_CODING_7BIT, "mot");
	r = result_of(w, 1);
	assert_int_equal(r.outcome, ML_REFUSED);
	assert_int_equal(r.code, 38);
	assert_int_equal(r.tp_mr, -1);

	sim_fault(w, "bare-error", 0, 0);
	send_text(w, 2, GSM_CODING_7BIT, "hai");
	r = result_of(w, 2);
	assert_int_equal(r.outcome, ML_UNCERTAIN);
	assert_int_equal(r.code, 0);

	/* and the next one is none the worse */
	send_text(w, 3, GSM_CODING_7BIT, "ba");
	r = result_of(w, 3);
	assert_int_equal(r.outcome, ML_SENT);
	child_stop(w);
}

static void
test_send_without_end(void **state)
{
	struct world *w = *state;
	union ml_body body;
	int64_t start;

	w->config.send_deadline_ms = 700;
	child_start(w);
	sim_fault(w, "no-final", 0, 0);
	send_text(w, 1, GSM_CODING_7BIT, "mot");
	assert_int_equal(result_of(w, 1).outcome, ML_UNCERTAIN);
	expect(w, ML_GONE, &body);
	assert_int_equal(body.gone.why, ML_GONE_MODEM_ERROR);
	assert_int_not_equal(child_wait(w), 0);

	/* the next child is careful */
	start = clock_mono_ms();
	child_spawn(w);
	expect(w, ML_RESULT, &body);
	assert_int_equal(w->id, 1);
	assert_int_equal(body.result.outcome, ML_UNCERTAIN);
	child_ready(w, NULL);
	assert_true(clock_mono_ms() - start >= w->config.silence_ms);
}

static void
test_prompt_that_never_comes(void **state)
{
	struct world *w = *state;
	union ml_body body;

	child_start(w);
	sim_fault(w, "no-prompt", 0, 0);
	send_text(w, 1, GSM_CODING_7BIT, "mot");
	/* libgammu holds the thread, and the link lives */
	journal_wait(w, "AT+CMGS", 1);
	expect_quiet(w);
	expect(w, ML_RESULT, &body);
	assert_int_equal(body.result.outcome, ML_NOT_SENT);
	expect(w, ML_GONE, &body);
	assert_int_equal(body.gone.why, ML_GONE_MODEM_ERROR);
}

static void
test_two_sends_at_once(void **state)
{
	struct world *w = *state;
	union ml_body body;

	child_start(w);
	send_text(w, 1, GSM_CODING_7BIT, "mot");
	send_text(w, 2, GSM_CODING_7BIT, "hai");
	assert_int_equal(result_of(w, 1).outcome, ML_SENT);
	expect(w, ML_GONE, &body);
	assert_int_equal(body.gone.why, ML_GONE_PROTOCOL);
	assert_int_equal(journal_count(w, "\"air_start\""), 1);
}

static void
delete_expect(struct world *w, const struct ml_place *place, int rc)
{
	struct ml_delete_sms d = {.place = *place};
	union ml_body body;

	put(w, ML_DELETE_SMS, 55, &d);
	expect(w, ML_DELETED, &body);
	assert_int_equal(w->id, 55);
	assert_int_equal(body.deleted.rc, rc);
	assert_int_equal(body.deleted.place.hash, place->hash);
}

static void
test_incoming(void **state)
{
	struct world *w = *state;
	struct ml_place place, wrong;
	union ml_body body;
	int64_t now = clock_now();

	child_start(w);
	expect_quiet(w);
	sim_text(w, SENDER, "giup toi ~", ",\"ucs2\":true");
	expect(w, ML_SMS_IN, &body);
	assert_int_equal(body.sms_in.kind, ML_SMS_TEXT);
	assert_string_equal(body.sms_in.number, SENDER);
	assert_string_equal(body.sms_in.text, "giup toi ~");
	assert_in_range(body.sms_in.smsc_time, now - 2, now + 20);
	assert_in_range(body.sms_in.age_ms, 0, 1000);
	assert_int_equal(body.sms_in.udh_present, 0);
	assert_true(strlen(body.sms_in.place.imsi) >= 14);
	place = body.sms_in.place;
	assert_int_equal(sim_used(w), 1);

	wrong = place;
	wrong.hash ^= 1;
	delete_expect(w, &wrong, TC_ENOENT);
	wrong = place;
	wrong.slot += 1;
	delete_expect(w, &wrong, TC_ENOENT);
	wrong = place;
	wrong.imsi[3] ^= 1;
	delete_expect(w, &wrong, TC_ENOENT);
	assert_int_equal(sim_used(w), 1);
	delete_expect(w, &place, 0);
	assert_int_equal(sim_used(w), 0);
	delete_expect(w, &place, TC_ENOENT);
	child_stop(w);
}

static void
test_incoming_forms(void **state)
{
	struct world *w = *state;
	union ml_body body;
	char text[301];
	unsigned seen = 0, i;

	child_start(w);
	sim_text(w, "VTRACKING", "khuyen mai @ [x]", "");
	expect(w, ML_SMS_IN, &body);
	assert_string_equal(body.sms_in.number, "VTRACKING");
	assert_string_equal(body.sms_in.text, "khuyen mai @ [x]");
	sim_text(w, SENDER, "Cứu tôi \\ud83d\\ude2d", "");
	expect(w, ML_SMS_IN, &body);
	assert_string_equal(body.sms_in.text, "Cứu tôi \xf0\x9f\x98\xad");

	memset(text, 'x', 300);
	text[300] = '\0';
	sim_text(w, SENDER, text, ",\"ref_bits\":16");
	for (i = 0; i < 2; i++) {
		expect(w, ML_SMS_IN, &body);
		assert_int_equal(body.sms_in.udh_present, 1);
		assert_int_equal(body.sms_in.ref_bits, 16);
		assert_int_equal(body.sms_in.total, 2);
		seen |= 1U << body.sms_in.seq;
	}
	assert_int_equal(seen, 6);
	child_stop(w);
}

/* What is on the SIM at the start is offered; so is what nobody announced. */
static void
test_incoming_unannounced(void **state)
{
	struct world *w = *state;
	union ml_body body;

	w->config.poll_ms = 200;
	sim_text(w, SENDER, "truoc", "");
	journal_wait(w, "\"stored\"", 1);
	child_start(w);
	expect(w, ML_SMS_IN, &body);
	assert_string_equal(body.sms_in.text, "truoc");
	sim_fault(w, "no-notify", 0, 0);
	sim_text(w, SENDER, "lang le", "");
	expect(w, ML_SMS_IN, &body);
	assert_string_equal(body.sms_in.text, "lang le");
	/* twice announced is offered once */
	sim_fault(w, "duplicate-notify", 0, 0);
	sim_text(w, SENDER, "hai lan", "");
	expect(w, ML_SMS_IN, &body);
	assert_string_equal(body.sms_in.text, "hai lan");
	expect_quiet(w);
	child_stop(w);
}

/* A help text that comes during a send is told before the result of that send:
 * the next part is chosen when the result comes. */
static void
test_incoming_while_sending(void **state)
{
	struct world *w = *state;
	union ml_body body;
	int i, sent = 0, at = -1;

	sim_do(w, "{\"do\":\"air\",\"ms\":200}");
	child_start(w);
	for (i = 0; i < 4; i++) {
		send_text(w, (uint64_t)i + 1, GSM_CODING_7BIT, "chien dich");
		if (i == 0) {
			journal_wait(w, "\"air_start\"", 1);
			sim_text(w, SENDER, "cuu", "");
		}
		for (;;) {
			unsigned type = next(w, &body, WAIT_MS);

			if (type == ML_SMS_IN)
				at = sent;
			assert_int_not_equal(type, 0);
			if (type == ML_RESULT)
				break;
		}
		sent++;
	}
	assert_int_equal(at, 0); /* before the first RESULT */
	child_stop(w);
}

static void
test_result_is_replayed(void **state)
{
	struct world *w = *state;
	union ml_body body;
	uint64_t spool_id;

	sim_do(w, "{\"do\":\"air\",\"ms\":300}");
	child_start(w);
	send_text(w, 71, GSM_CODING_7BIT, "mot");
	journal_wait(w, "\"air_start\"", 1);
	/* the daemon dies; the orphan ends its send, its successor waits */
	(void)shutdown(w->fd, SHUT_RDWR);
	(void)close(w->fd);
	child_spawn(w);
	expect(w, ML_RESULT, &body);
	assert_int_equal(w->id, 71);
	assert_int_equal(body.result.outcome, ML_SENT);
	assert_int_equal(body.result.tp_mr, 1);
	spool_id = body.result.spool_id;
	child_ready(w, NULL);
	child_kill(w);

	/* again, until it is acknowledged */
	child_spawn(w);
	expect(w, ML_RESULT, &body);
	assert_int_equal(body.result.spool_id, spool_id);
	ack(w, spool_id);
	child_ready(w, NULL);
	child_stop(w);
	child_start(w);
	child_stop(w);
}

static void
test_killed_in_a_send(void **state)
{
	struct world *w = *state;
	union ml_body body;
	int64_t start;

	child_start(w);
	sim_fault(w, "late-final", 300, 0);
	send_text(w, 1, GSM_CODING_7BIT, "mot");
	journal_wait(w, "\"air_start\"", 1);
	start = clock_mono_ms();
	child_kill(w);
	child_spawn(w);
	expect(w, ML_RESULT, &body);
	assert_int_equal(w->id, 1);
	assert_int_equal(body.result.outcome, ML_UNCERTAIN);
	child_ready(w, NULL);
	/* not before the late answer and the silence after it */
	assert_true(clock_mono_ms() - start >= 300 + w->config.silence_ms);
	/* and it is not taken for an answer to this one */
	send_text(w, 2, GSM_CODING_7BIT, "hai");
	expect(w, ML_RESULT, &body);
	assert_int_equal(w->id, 2);
	assert_int_equal(body.result.outcome, ML_SENT);
	assert_int_equal(body.result.tp_mr, 2);
	child_stop(w);
}

static void
test_call(void **state)
{
	struct world *w = *state;
	union ml_body body;
	int i;

	child_start(w);
	for (i = 0; i < 2; i++) {
		sim_do(w,
		    "{\"do\":\"call\",\"from\":\"%s\",\"to\":\"modem1\","
		    "\"seconds\":10,\"ring_ms\":100}",
		    i == 0 ? SENDER : PHONE);
		expect(w, ML_CALL_IN, &body);
		assert_string_equal(
		    body.call_in.number, i == 0 ? SENDER : PHONE);
		assert_in_range(
		    body.call_in.at, clock_now() - 20, clock_now() + 1);
		ack(w, body.call_in.spool_id);
	}
	journal_wait(w, "\"hung up\"", 2);
	expect_quiet(w);

	/* It rings again and again while a send holds the line. */
	sim_do(w, "{\"do\":\"air\",\"ms\":600}");
	send_text(w, 9, GSM_CODING_7BIT, "mot");
	journal_wait(w, "\"air_start\"", 1);
	sim_do(w,
	    "{\"do\":\"call\",\"from\":\"%s\",\"to\":\"modem1\","
	    "\"seconds\":10,\"ring_ms\":100}",
	    SENDER);
	assert_int_equal(result_of(w, 9).outcome, ML_SENT);
	expect(w, ML_CALL_IN, &body);
	assert_string_equal(body.call_in.number, SENDER);
	journal_wait(w, "\"hung up\"", 3);
	expect_quiet(w);
	child_stop(w);
}

static void
test_report(void **state)
{
	struct world *w = *state;
	struct ml_send_part part;
	struct ml_result r;
	union ml_body body;

	child_start(w);
	part_set(&part, GSM_CODING_7BIT, "mot");
	part.report = 1;
	put(w, ML_SEND_PART, 1, &part);
	r = result_of(w, 1);
	assert_int_equal(r.outcome, ML_SENT);
	expect(w, ML_REPORT_IN, &body);
	assert_int_equal(body.report_in.tp_mr, r.tp_mr);
	assert_int_equal(body.report_in.tp_status, 0);
	assert_string_equal(body.report_in.number, PHONE);
	assert_true(body.report_in.smsc_time > 0);
	expect_quiet(w);
	assert_int_equal(sim_used(w), 0);
	child_kill(w);
	child_spawn(w);
	expect(w, ML_RESULT, &body);
	expect(w, ML_REPORT_IN, &body);
	assert_string_equal(body.report_in.number, PHONE);
}

static void
gone_expect(struct world *w, enum ml_gone why)
{
	union ml_body body;

	expect(w, ML_GONE, &body);
	assert_int_equal(body.gone.why, why);
	assert_int_not_equal(child_wait(w), 0);
}

static void
test_gone(void **state)
{
	struct world *w = *state;

	sim_fault(w, "sim-pin", 0, 0);
	child_spawn(w);
	gone_expect(w, ML_GONE_PIN);
	sim_fault(w, "clear", 0, 0);
	sim_fault(w, "sim-puk", 0, 0);
	child_spawn(w);
	gone_expect(w, ML_GONE_PUK);
	sim_fault(w, "clear", 0, 0);
	sim_fault(w, "no-sim", 0, 0);
	child_spawn(w);
	gone_expect(w, ML_GONE_NO_SIM);
	sim_fault(w, "clear", 0, 0);
	child_start(w);
	sim_fault(w, "vanish", 0, 0);
	gone_expect(w, ML_GONE_NO_DEVICE);
	child_spawn(w);
	gone_expect(w, ML_GONE_NO_DEVICE);
	sim_fault(w, "back", 0, 0);
	child_start(w);
	child_stop(w);
}

static void
test_bad_frame(void **state)
{
	struct world *w = *state;

	child_start(w);
	assert_int_equal(send(w->fd, "this is no frame at all", 23, 0), 23);
	gone_expect(w, ML_GONE_PROTOCOL);
}

/* What the kernel lets the child open: nothing beside its spool. */
static void
test_files_are_locked(void **state)
{
	struct world *w = *state;
	union ml_body body;
	char secret[128];

	assert_int_equal(
	    str_printf(secret, sizeof(secret), "%s/secret", w->dir), 0);
	assert_int_equal(file_write(secret, 0600, "key", 3), 0);
	/* A device path that is none of ours: the only file name that the
	 * child takes from outside. Without the lock libgammu opens it. */
	assert_int_equal(str_printf(w->config.device, sizeof(w->config.device),
			     "%s", secret),
	    0);
	child_spawn(w);
	do {
		unsigned type = next(w, &body, WAIT_MS);

		assert_int_not_equal(type, 0);
		if (type == ML_GONE)
			break;
		if (type == ML_LOG &&
		    strstr(body.log.line, "without landlock") != NULL)
			skip();
	} while (true);
	assert_int_equal(body.gone.why, ML_GONE_NO_DEVICE);
	assert_non_null(strstr(body.gone.detail, "required permission"));
	assert_int_not_equal(child_wait(w), 0);
}

#define TEST(t) cmocka_unit_test_setup_teardown(t, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_ready),
	    TEST(test_send),
	    TEST(test_speed),
	    TEST(test_send_limits),
	    TEST(test_send_refused),
	    TEST(test_send_without_end),
	    TEST(test_prompt_that_never_comes),
	    TEST(test_two_sends_at_once),
	    TEST(test_incoming),
	    TEST(test_incoming_forms),
	    TEST(test_incoming_unannounced),
	    TEST(test_incoming_while_sending),
	    TEST(test_result_is_replayed),
	    TEST(test_killed_in_a_send),
	    TEST(test_call),
	    TEST(test_report),
	    TEST(test_gone),
	    TEST(test_bad_frame),
	    TEST(test_files_are_locked),
	};

	cmocka_set_test_filter(getenv("TEST_FILTER"));
	return cmocka_run_group_tests(tests, NULL, NULL);
}
