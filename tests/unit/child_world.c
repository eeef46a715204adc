/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The simulator and the daemon's end of the link (see child_world.h). Used by
 * test_modem_child.c. Owns the processes, the folder and the descriptors of one
 * world until world_teardown().
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

#include "clock.h"
#include "child_world.h"

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
json_t *
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

void
sim_fault(struct world *w, const char *kind, int ms, int code)
{
	sim_do(w,
	    "{\"do\":\"fault\",\"modem\":\"modem1\",\"kind\":\"%s\","
	    "\"ms\":%d,\"code\":%d,\"count\":1}",
	    kind, ms, code);
}

void
sim_text(struct world *w, const char *from, const char *text, const char *more)
{
	sim_do(w,
	    "{\"do\":\"text\",\"from\":\"%s\",\"to\":\"modem1\","
	    "\"text\":\"%s\"%s}",
	    from, text, more);
}

int
sim_used(struct world *w)
{
	json_t *a = sim_ask(w, "{\"do\":\"status\"}");
	json_t *m = json_array_get(json_object_get(a, "modems"), 0);
	int used = (int)json_integer_value(json_object_get(m, "sm_used")) +
		   (int)json_integer_value(json_object_get(m, "me_used"));

	json_decref(a);
	return used;
}

/* A file that grows, or one of /proc: file_read() takes neither. */
int
file_count(const char *path, const char *what)
{
	char *line = NULL;
	size_t size = 0;
	int n = 0;
	FILE *f = fopen(path, "r");

	assert_non_null(f);
	while (getline(&line, &size, f) > 0)
		n += strstr(line, what) != NULL;
	free(line);
	(void)fclose(f);
	return n;
}

int
journal_count(struct world *w, const char *what)
{
	char path[128];

	assert_int_equal(
	    str_printf(path, sizeof(path), "%s/journal", w->dir), 0);
	return file_count(path, what);
}

void
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

void
link_put(struct world *w, enum ml_type type, uint64_t id, const void *body)
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

/* As tincayd does when a child takes its leave, which may be gone by then. */
static void
stop_say(struct world *w)
{
	struct buf b;

	buf_init(&b, FRAME_HEADER);
	assert_int_equal(modemlink_put(&b, ML_STOP, 0, NULL), 0);
	(void)send(w->fd, b.data, b.len, MSG_NOSIGNAL);
	buf_clear(&b);
}

/* The next frame: its type, 0 at the end of the link or at the deadline. */
unsigned
link_next_frame(struct world *w, union ml_body *body, int64_t ms)
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
	if (type == ML_STEP)
		w->steps |= ML_SKIP(body->step.step);
	if (type == ML_STEP)
		w->last_step = (enum ml_step)body->step.step;
	if (type == ML_GONE && !w->is_slow)
		stop_say(w);
	return type;
}

/* The next frame that is none of LOG, STATUS and STEP must be of that type. */
static void
expect_within(struct world *w, unsigned type, union ml_body *body, int64_t ms)
{
	unsigned got;

	do
		got = link_next_frame(w, body, ms);
	while (got == ML_LOG || got == ML_STATUS || got == ML_STEP);
	if (got == ML_GONE && type != ML_GONE)
		fail_msg("gone: %s %s", modemlink_gone_name(body->gone.why),
		    body->gone.detail);
	if (got != type)
		fail_msg("%s instead of %s", modemlink_type_name(got),
		    modemlink_type_name(type));
}

void
link_expect(struct world *w, unsigned type, union ml_body *body)
{
	expect_within(w, type, body, WAIT_MS);
}

/* Nothing may come but LOG, STATUS and STEP before the PONG. */
void
link_expect_quiet(struct world *w)
{
	union ml_body body;

	link_put(w, ML_PING, 99, NULL);
	link_expect(w, ML_PONG, &body);
}

void
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
	link_expect(w, ML_HELLO, &body);
	assert_string_equal(body.hello.program, "tincay-modem");
	w->phase = ML_PHASE_STARTING;
}

void
child_ready(struct world *w, struct ml_ready *ready)
{
	union ml_body body;

	link_expect(w, ML_READY, &body);
	w->phase = ML_PHASE_READY;
	if (ready != NULL)
		*ready = body.ready;
}

void
child_start(struct world *w)
{
	child_spawn(w);
	child_ready(w, NULL);
}

int
child_wait(struct world *w)
{
	int status = 0;

	assert_int_equal(waitpid(w->child, &status, 0), w->child);
	w->child = 0;
	(void)close(w->fd);
	w->fd = -1;
	return status;
}

void
child_kill(struct world *w)
{
	assert_int_equal(kill(w->child, SIGKILL), 0);
	(void)child_wait(w);
}

void
child_stop(struct world *w)
{
	union ml_body body;

	link_put(w, ML_STOP, 0, NULL);
	link_expect(w, ML_GONE, &body);
	assert_int_equal(body.gone.why, ML_GONE_STOPPED);
	assert_int_equal(child_wait(w), 0);
}

void
link_ack(struct world *w, uint64_t spool_id)
{
	struct ml_ack a = {spool_id};

	link_put(w, ML_ACK, 0, &a);
}

void
part_set(struct ml_send_part *part, enum gsm_coding coding, const char *text)
{
	memset(part, 0, sizeof(*part));
	memcpy(part->number, PHONE, sizeof(PHONE));
	part->coding = (uint8_t)coding;
	assert_int_equal(
	    str_printf(part->text, sizeof(part->text), "%s", text), 0);
}

void
send_text(
    struct world *w, uint64_t id, enum gsm_coding coding, const char *text)
{
	struct ml_send_part part;

	part_set(&part, coding, text);
	link_put(w, ML_SEND_PART, id, &part);
}

struct ml_result
result_of(struct world *w, uint64_t id)
{
	union ml_body body;

	link_expect(w, ML_RESULT, &body);
	assert_int_equal(w->id, id);
	return body.result;
}

void
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

int
world_setup(void **state)
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

int
world_teardown(void **state)
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
