/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See radio_steps.h. */
#include "config.h"

#include <event2/bufferevent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "unit.h"
#include "buf.h"
#include "frame.h"
#include "intake/intake.h"
#include "radio_steps.h"
#include "turn.h"

static int
on_next_part(const struct radio_offer *offer, struct radio_part *out, void *ctx)
{
	struct pool *p = ctx;

	return outbox_next_part(&p->world.core, offer, out);
}

static int
on_result(const struct radio_result *r, void *ctx)
{
	struct pool *p = ctx;

	return outbox_on_result(&p->world.core, r);
}

static int
on_lost(const char *modem, void *ctx)
{
	struct pool *p = ctx;

	return outbox_on_lost(&p->world.core, modem);
}

static int
on_inbound(const struct inbound *in, void *ctx)
{
	struct pool *p = ctx;

	p->received++;
	p->kind = in->kind;
	p->is_binary = in->binary;
	return intake_receive(&p->world.core, in);
}

static int
on_event(const char *modem, enum radio_event e, bool is_on, void *ctx)
{
	struct pool *p = ctx;
	size_t left = sizeof(p->told) - p->told_len;

	if (p->told_rc != 0)
		return p->told_rc;
	assert_int_equal(str_printf(p->told + p->told_len, left, "%s %s %s\n",
			     modem, radio_event_name(e), is_on ? "on" : "off"),
	    0);
	p->told_len += strlen(p->told + p->told_len);
	return 0;
}

/* The test starts the children, not their timers. */
static void
on_again(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	(void)arg;
}

static void
pool_make(struct pool *p)
{
	struct radio_ops ops = {.on_inbound = on_inbound,
	    .next_part = on_next_part,
	    .on_result = on_result,
	    .on_lost = on_lost,
	    .on_event = on_event,
	    .generation = outbox_generation,
	    .ctx = p};
	size_t i;

	p->told_len = 0;
	p->told[0] = '\0';
	p->base = event_base_new();
	p->radio = radio_new(&p->world.core, p->base, &ops);
	p->radio->is_started = true; /* without its children */
	for (i = 0; i < STEPS_MODEMS; i++) {
		p->children[i] = -1;
		event_free(p->radio->modems[i].again);
		p->radio->modems[i].again =
		    evtimer_new(p->base, on_again, NULL);
	}
}

static void
pool_drop(struct pool *p)
{
	size_t i;

	assert_int_equal(turn_commit(p->world.core.turn), 0);
	for (i = 0; i < STEPS_MODEMS; i++) {
		if (p->children[i] >= 0)
			close(p->children[i]);
		if (p->radio->modems[i].pid == 0)
			continue;
		assert_int_equal(kill(p->radio->modems[i].pid, SIGKILL), 0);
		assert_true(waitpid(p->radio->modems[i].pid, NULL, 0) > 0);
	}
	radio_free(p->radio);
	event_base_free(p->base);
}

int
steps_open(void **state)
{
	static char *const names[STEPS_MODEMS] = {(char *)"m1", (char *)"m2"};
	struct pool *p = xcalloc(1, sizeof(*p));
	struct conf_modem *m;
	int fd;

	(void)signal(SIGPIPE, SIG_IGN); /* as server.c does */
	world_open(&p->world);
	for (m = p->modem_conf; m < p->modem_conf + STEPS_MODEMS; m++) {
		m->name = names[m - p->modem_conf];
		m->device = xasprintf("%s/tty-%s", p->world.dir, m->name);
		m->connection = m->operator_name = (char *)"";
		m->campaign_share = 100;
		m->pin_file = m->smsc = m->ussd_balance = (char *)"";
		fd = open(m->device, O_CREAT | O_RDWR, 0600);
		assert_true(fd >= 0);
		close(fd);
	}
	p->pin_path = xasprintf("%s/pin", p->world.dir);
	p->conf.state_dir = p->world.dir;
	p->conf.modem_program = (char *)"/bin/false";
	p->conf.modems = p->modem_conf;
	p->conf.nmodems = STEPS_MODEMS;
	p->world.core.conf = &p->conf;
	pool_make(p);
	*state = p;
	return 0;
}

int
steps_close(void **state)
{
	struct pool *p = *state;
	char *spool = xasprintf("%s/spool", p->world.dir), *dir;
	size_t i;

	pool_drop(p);
	for (i = 0; i < STEPS_MODEMS; i++) {
		dir = xasprintf("%s/%s", spool, p->modem_conf[i].name);
		(void)rmdir(dir);
		free(dir);
		(void)unlink(p->modem_conf[i].device);
		free(p->modem_conf[i].device);
	}
	assert_int_equal(rmdir(spool), 0);
	free(spool);
	(void)unlink(p->pin_path);
	free(p->pin_path);
	world_close(&p->world);
	free(p);
	return 0;
}

void
steps_restart(struct pool *p)
{
	pool_drop(p);
	world_restart(&p->world);
	pool_make(p);
}

/* A process that does nothing; what it says is said by the test. */
static pid_t
steps_fork(void)
{
	pid_t pid = fork();

	if (pid != 0)
		return pid;
	if (close_range(0, ~0U, 0) != 0) /* the sockets of the others */
		_exit(1);
	for (;;)
		(void)pause();
}

struct modem *
steps_starting(struct pool *p, size_t i)
{
	struct ml_hello hello = {"tincay-modem", "0"};
	struct modem *m = &p->radio->modems[i];
	int fds[2];
	pid_t pid;

	assert_int_equal(m->pid, 0);
	assert_int_equal(
	    socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), 0);
	p->children[i] = fds[1];
	pid = steps_fork();
	assert_true(pid > 0);
	child_adopt(m, pid, fds[0]);
	steps_say(p, i, ML_HELLO, 0, &hello);
	assert_int_equal(m->phase, ML_PHASE_STARTING);
	return m;
}

void
steps_ready(struct pool *p, size_t i, size_t stick, size_t sim)
{
	struct ml_ready ready = {.imei = "350000000000000",
	    .imsi = "452000000000000",
	    .model = "TEST",
	    .notifies = 1};

	ready.imei[14] = (char)('0' + stick);
	ready.imsi[14] = (char)('0' + sim);
	steps_say(p, i, ML_READY, 0, &ready);
}

struct modem *
steps_up(struct pool *p, size_t i)
{
	struct modem *m = steps_starting(p, i);
	enum ml_type types[8];

	(void)steps_frames(p, i, types);
	steps_ready(p, i, i, i);
	assert_int_equal(m->state, MODEM_READY);
	return m;
}

void
steps_die(struct pool *p, size_t i, int status)
{
	struct modem *m = &p->radio->modems[i];
	pid_t pid = m->pid;

	close(p->children[i]);
	p->children[i] = -1;
	while (m->bev != NULL)
		assert_true(event_base_loop(p->base, EVLOOP_ONCE) >= 0);
	child_reaped(m, status);
	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

void
steps_gone(struct pool *p, size_t i, enum ml_gone why, bool pin_tried)
{
	struct ml_gone_body gone = {
	    .why = (uint8_t)why, .pin_tried = pin_tried};

	steps_say(p, i, ML_GONE, 0, &gone);
	steps_end(p, i);
}

void
steps_step(struct pool *p, size_t i, enum ml_step step)
{
	struct ml_step_body body = {.step = (uint8_t)step};

	steps_say(p, i, ML_STEP, 0, &body);
}

void
steps_expect(
    struct pool *p, size_t i, enum modem_state state, const char *reason)
{
	assert_int_equal(p->radio->modems[i].state, state);
	assert_string_equal(p->radio->modems[i].reason, reason);
}

void
steps_fire(struct pool *p, struct event *timer)
{
	event_active(timer, EV_TIMEOUT, 0);
	assert_true(event_base_loop(p->base, EVLOOP_NONBLOCK) >= 0);
}

void
steps_end(struct pool *p, size_t i)
{
	struct modem *m = &p->radio->modems[i];

	close(p->children[i]);
	p->children[i] = -1;
	if (m->pid != 0)
		assert_int_equal(kill(m->pid, SIGKILL), 0);
	while (m->pid != 0 || m->bev != NULL)
		assert_true(event_base_loop(p->base, EVLOOP_ONCE) >= 0);
}

void
steps_turn(struct pool *p)
{
	radio_pump(p->radio);
	assert_int_equal(turn_commit(p->world.core.turn), 0);
}

void
steps_say(
    struct pool *p, size_t i, enum ml_type type, uint64_t id, const void *body)
{
	struct buf b;

	buf_init(&b, FRAME_HEADER + FRAME_BODY_MAX);
	assert_int_equal(modemlink_put(&b, type, id, body), 0);
	assert_int_equal(fd_write(p->children[i], b.data, b.len), 0);
	buf_clear(&b);
	assert_true(event_base_loop(p->base, EVLOOP_NONBLOCK) >= 0);
}

/* What the child has got since, frame by frame. */
static size_t
steps_read(struct pool *p, size_t i,
    void (*cb)(const struct frame *f, size_t n, void *ctx), void *ctx)
{
	unsigned char data[16384];
	struct frame f;
	size_t at = 0, n = 0, total;
	ssize_t len;

	assert_true(event_base_loop(p->base, EVLOOP_NONBLOCK) >= 0);
	len = recv(p->children[i], data, sizeof(data), MSG_DONTWAIT);
	for (; len > 0 && at < (size_t)len; at += total) {
		assert_int_equal(
		    frame_peek(data + at, (size_t)len - at, &f, &total), 1);
		cb(&f, n++, ctx);
	}
	return n;
}

static void
frames_cb(const struct frame *f, size_t n, void *ctx)
{
	enum ml_type *types = ctx;

	assert_true(n < 8);
	types[n] = f->type;
}

size_t
steps_frames(struct pool *p, size_t i, enum ml_type types[8])
{
	return steps_read(p, i, frames_cb, types);
}

struct config_search {
	struct ml_config *out;
	bool is_found;
};

static void
config_cb(const struct frame *f, size_t n, void *ctx)
{
	struct config_search *search = ctx;
	union ml_body body;

	(void)n;
	if (f->type != ML_CONFIG)
		return;
	assert_int_equal(
	    modemlink_get(f, ML_DAEMON, ML_PHASE_STARTING, &body), 0);
	*search->out = body.config;
	search->is_found = true;
}

bool
steps_config(struct pool *p, size_t i, struct ml_config *out)
{
	struct config_search search = {.out = out};

	(void)steps_read(p, i, config_cb, &search);
	return search.is_found;
}

void
steps_told(struct pool *p, const char *lines)
{
	assert_string_equal(p->told, lines);
	p->told_len = 0;
	p->told[0] = '\0';
}
