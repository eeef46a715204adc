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
	for (i = 0; i < STEPS_MODEMS; i++)
		p->children[i] = -1;
}

static void
pool_drop(struct pool *p)
{
	size_t i;

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
	world_close(&p->world);
	free(p);
	return 0;
}

void
steps_restart(struct pool *p)
{
	assert_int_equal(turn_commit(p->world.core.turn), 0);
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

struct modem *
steps_up(struct pool *p, size_t i)
{
	static const char *const imeis[] = {
	    "350000000000001", "350000000000002"};
	static const char *const imsis[] = {
	    "452000000000001", "452000000000002"};
	struct ml_ready ready = {.model = "TEST", .notifies = 1};
	struct modem *m = steps_starting(p, i);
	enum ml_type types[8];

	memcpy(ready.imei, imeis[i], strlen(imeis[i]));
	memcpy(ready.imsi, imsis[i], strlen(imsis[i]));
	(void)steps_frames(p, i, types);
	steps_say(p, i, ML_READY, 0, &ready);
	assert_int_equal(m->state, MODEM_READY);
	return m;
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

size_t
steps_frames(struct pool *p, size_t i, enum ml_type types[8])
{
	unsigned char data[16384];
	struct frame f;
	size_t at = 0, n = 0, total;
	ssize_t len;

	assert_true(event_base_loop(p->base, EVLOOP_NONBLOCK) >= 0);
	len = recv(p->children[i], data, sizeof(data), MSG_DONTWAIT);
	while (len > 0 && at < (size_t)len && n < 8) {
		assert_int_equal(
		    frame_peek(data + at, (size_t)len - at, &f, &total), 1);
		types[n++] = f.type;
		at += total;
	}
	return n;
}

void
steps_told(struct pool *p, const char *lines)
{
	assert_string_equal(p->told, lines);
	p->told_len = 0;
	p->told[0] = '\0';
}
