/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One tincay-modem process: start, frames both ways, deadlines, death. Used by
 * radio.c. A child that breaks the protocol, misses a deadline or goes silent
 * is killed; the daemon never waits for it.
 */
#include "config.h"

#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"
#include "conf.h"
#include "log.h"
#include "radio/radio_private.h"
#include "turn.h"
#include "vault/vault.h"

#define START_DEADLINE_MS (180 * 1000) /* it may wait for its predecessor */
#define EXIT_DEADLINE_MS 5000          /* between its last word and its end */
#define SILENCE_MS 2000
#define INPUT_HIGH_WATERMARK (4 * (FRAME_HEADER + FRAME_BODY_MAX))

/* --- frames out --- */

void
child_send(struct modem *m, enum ml_type type, uint64_t id, const void *body)
{
	struct buf b;

	if (m->bev == NULL)
		return;
	buf_init(&b, FRAME_HEADER + FRAME_BODY_MAX);
	if (modemlink_put(&b, type, id, body) != 0 ||
	    bufferevent_write(m->bev, b.data, b.len) != 0)
		child_kill(m, "frame");
	if (b.data != NULL)
		explicit_bzero(b.data, b.len);
	buf_clear(&b);
}

int64_t
child_send_ms(const struct modem *m)
{
	return (int64_t)m->conf->send_deadline_s * 1000;
}

void
child_set_deadline(struct modem *m, int64_t ms)
{
	struct timeval tv = {
	    .tv_sec = ms / 1000, .tv_usec = (ms % 1000) * 1000};

	if (ms == 0)
		(void)event_del(m->deadline);
	else
		(void)event_add(m->deadline, &tv);
}

/* From here on it gets nothing more, and of what it says only RESULT is taken:
 * what it has finished, and what it never began. What is not acknowledged comes
 * again from its successor. Why it is held stays. */
static void
child_leave(struct modem *m, const char *reason)
{
	if (m->state != MODEM_HELD && m->state != MODEM_ABSENT)
		modem_set_state(m, MODEM_KILLING, reason);
}

void
child_stop(struct modem *m, const char *reason)
{
	if (m->pid == 0 || m->state == MODEM_KILLING)
		return;
	child_send(m, ML_STOP, 0, NULL);
	m->is_asked = true;
	child_leave(m, reason);
	/* it finishes what is on the air */
	child_set_deadline(m, child_send_ms(m) + CHILD_GRACE_MS);
}

void
child_kill(struct modem *m, const char *reason)
{
	if (m->pid == 0)
		return;
	m->is_deaf = true;
	child_leave(m, reason);
	child_set_deadline(m, 0);
	if (kill(m->pid, SIGKILL) != 0)
		log_warn("modem cannot be killed name=%s errno=%d",
		    m->conf->name, errno);
}

/* --- frames in --- */

static void
on_hello(struct modem *m, uint64_t id, const union ml_body *b)
{
	(void)id;
	(void)b;
	if (m->phase == ML_PHASE_HELLO)
		m->phase = ML_PHASE_STARTING;
}

static void
on_ready(struct modem *m, uint64_t id, const union ml_body *b)
{
	(void)id;
	m->phase = ML_PHASE_READY;
	child_set_deadline(m, 0);
	life_on_ready(m, &b->ready);
}

static void
on_result(struct modem *m, uint64_t id, const union ml_body *b)
{
	send_on_result(m, id, &b->result);
}

static void
on_sms_in(struct modem *m, uint64_t id, const union ml_body *b)
{
	(void)id;
	receive_sms(m, &b->sms_in);
}

static void
on_report_in(struct modem *m, uint64_t id, const union ml_body *b)
{
	(void)id;
	receive_report(m, &b->report_in);
}

static void
on_call_in(struct modem *m, uint64_t id, const union ml_body *b)
{
	(void)id;
	receive_call(m, &b->call_in);
}

static void
on_deleted(struct modem *m, uint64_t id, const union ml_body *b)
{
	(void)id;
	tombstone_on_deleted(m, &b->deleted);
}

static void
on_status(struct modem *m, uint64_t id, const union ml_body *b)
{
	(void)id;
	life_on_status(m, &b->status);
}

static void
on_step(struct modem *m, uint64_t id, const union ml_body *b)
{
	(void)id;
	step_on(m, (enum ml_step)b->step.step);
}

static void
on_ussd_in(struct modem *m, uint64_t id, const union ml_body *b)
{
	dial_on_in(m, id, &b->ussd_in);
}

static void
on_pong(struct modem *m, uint64_t id, const union ml_body *b)
{
	(void)id;
	(void)b;
	if (m->state == MODEM_READY)
		child_set_deadline(m, 0);
}

static void
on_log(struct modem *m, uint64_t id, const union ml_body *b)
{
	(void)id;
	if (b->log.level >= LOG_LEVEL_WARN)
		log_warn("child name=%s %s", m->conf->name, b->log.line);
	else if (b->log.level == LOG_LEVEL_INFO)
		log_info("child name=%s %s", m->conf->name, b->log.line);
	else
		log_debug("child name=%s %s", m->conf->name, b->log.line);
}

/* The rest follows from the end of the process. STOP tells it that nothing
 * comes behind what it has got. */
static void
on_gone(struct modem *m, uint64_t id, const union ml_body *b)
{
	(void)id;
	life_on_goodbye(m, &b->gone);
	child_send(m, ML_STOP, 0, NULL);
	child_set_deadline(m, EXIT_DEADLINE_MS);
}

static void (*const handlers[ML_NTYPES])(
    struct modem *, uint64_t, const union ml_body *) = {
    [ML_HELLO] = on_hello,
    [ML_READY] = on_ready,
    [ML_RESULT] = on_result,
    [ML_SMS_IN] = on_sms_in,
    [ML_REPORT_IN] = on_report_in,
    [ML_CALL_IN] = on_call_in,
    [ML_DELETED] = on_deleted,
    [ML_STATUS] = on_status,
    [ML_PONG] = on_pong,
    [ML_STEP] = on_step,
    [ML_USSD_IN] = on_ussd_in,
    [ML_LOG] = on_log,
    [ML_GONE] = on_gone,
};

static void
child_read_cb(struct bufferevent *bev, void *arg)
{
	struct evbuffer *in = bufferevent_get_input(bev);
	struct modem *m = arg;
	union ml_body body;
	struct frame f;
	size_t total;
	int rc;

	m->seen_at = clock_now();
	m->heard_ms = clock_mono_ms();
	while (!m->is_deaf && evbuffer_get_length(in) > 0) {
		size_t len = evbuffer_get_length(in);

		rc = frame_peek(
		    evbuffer_pullup(in, (ev_ssize_t)len), len, &f, &total);
		if (rc == 0)
			return;
		if (rc == 1 &&
		    (rc = modemlink_get(&f, ML_CHILD, m->phase, &body)) != 0)
			log_warn("modem child sent a bad frame name=%s type=%s",
			    m->conf->name, modemlink_type_name(f.type));
		if (rc != 0) {
			child_kill(m, "protocol");
			return;
		}
		if (handlers[f.type] != NULL &&
		    (m->state != MODEM_KILLING || f.type == ML_RESULT))
			handlers[f.type](m, f.id, &body);
		if (m->bev == NULL)
			return;
		evbuffer_drain(in, total);
	}
}

static void
child_event_cb(struct bufferevent *bev, short what, void *arg)
{
	struct modem *m = arg;

	if ((what & (BEV_EVENT_EOF | BEV_EVENT_ERROR)) == 0)
		return;
	child_read_cb(bev, m); /* what it said before it went */
	if (m->bev == NULL)
		return;
	bufferevent_free(m->bev);
	m->bev = NULL;
	if (m->pid == 0) {
		life_on_gone(m);
		return;
	}
	child_leave(m, m->reason[0] != '\0' ? m->reason : "end of file");
	child_set_deadline(m, EXIT_DEADLINE_MS);
}

void
child_reaped(struct modem *m, int status)
{
	m->pid = 0;
	m->wait_status = status;
	child_set_deadline(m, 0);
	if (WIFSIGNALED(status) || WEXITSTATUS(status) != 0)
		log_warn("modem child ended name=%s signal=%d exit=%d",
		    m->conf->name, WIFSIGNALED(status) ? WTERMSIG(status) : 0,
		    WIFSIGNALED(status) ? 0 : WEXITSTATUS(status));
	if (m->bev == NULL)
		life_on_gone(m);
	/* otherwise its last words are still in the socket: wait for the end
	 * of file */
}

void
child_clear(struct modem *m)
{
	if (m->bev != NULL)
		bufferevent_free(m->bev);
	m->bev = NULL;
}

/* --- start --- */

static int
child_config(struct modem *m, struct ml_config *out)
{
	struct core *c = m->radio->core;
	char *dir = xasprintf("%s/spool/%s", c->conf->state_dir, m->conf->name);
	int rc;

	memset(out, 0, sizeof(*out));
	rc = mkdir(dir, 0700) == 0 || errno == EEXIST ? 0 : TC_EIO;
	if (rc == 0)
		rc = str_printf(
		    out->spool, sizeof(out->spool), "%s/results", dir);
	if (rc == 0)
		rc = str_printf(
		    out->name, sizeof(out->name), "%s", m->conf->name);
	if (rc == 0)
		rc = str_printf(
		    out->device, sizeof(out->device), "%s", m->device);
	if (rc == 0)
		rc = str_printf(out->connection, sizeof(out->connection), "%s",
		    m->conf->connection);
	if (rc == 0)
		rc = str_printf(
		    out->smsc, sizeof(out->smsc), "%s", m->conf->smsc);
	if (rc == 0)
		rc = pin_choose(m, out->pin);
	out->full_naps = m->conf->full_naps;
	out->skip = m->row.skip;
	out->ussd_form = (uint8_t)dial_form_to_start(m);
	out->poll_ms = (uint32_t)m->conf->poll_s * 1000;
	out->poll_mute_ms = (uint32_t)m->conf->poll_mute_s * 1000;
	out->silence_ms = SILENCE_MS;
	out->send_deadline_ms = (uint32_t)child_send_ms(m);
	m->is_keyless = vault_is_locked(c->vault);
	if (!m->is_keyless) {
		vault_spool_key(c->vault, m->conf->name, out->spool_key);
		out->spool_key_len = sizeof(out->spool_key);
	}
	free(dir);
	return rc;
}

/* CONFIG with a PIN, when it is written down that this child has it. */
struct config_effect {
	struct modem *modem;
	pid_t pid;
	struct ml_config config;
};

static void
config_drop(void *arg)
{
	struct config_effect *e = arg;

	explicit_bzero(e, sizeof(*e));
	free(e);
}

static void
config_let_out(void *arg)
{
	struct config_effect *e = arg;

	if (e->modem->pid == e->pid)
		child_send(e->modem, ML_CONFIG, 0, &e->config);
	config_drop(e);
}

static void
child_greet(struct modem *m)
{
	struct ml_hello hello = {
	    .program = "tincayd", .version = PACKAGE_VERSION};
	struct config_effect *e = xcalloc(1, sizeof(*e));
	int rc;

	e->modem = m;
	e->pid = m->pid;
	rc = child_config(m, &e->config);
	if (rc < 0) {
		log_err("modem child cannot be configured name=%s why=\"%s\"",
		    m->conf->name, tc_strerror(rc));
		config_drop(e);
		child_kill(m, "configuration");
		return;
	}
	child_send(m, ML_HELLO, 0, &hello);
	if (rc == 0)
		config_let_out(e);
	else
		turn_defer(m->radio->core->turn, EFFECT_HOUSE, config_let_out,
		    config_drop, e);
}

/* Only what a sanitizer needs survives of the environment. */
static void
child_environment(char *env[4])
{
	static const char *const kept[] = {"ASAN_OPTIONS", "UBSAN_OPTIONS"};
	size_t i, n = 0;
	const char *v;

	env[n++] = xstrdup("TZ=UTC");
	for (i = 0; i < TC_NELEM(kept); i++)
		if ((v = getenv(kept[i])) != NULL)
			env[n++] = xasprintf("%s=%s", kept[i], v);
	env[n] = NULL;
}

/* In the new process: signals as at birth, the socket as descriptor 3, nothing
 * else open but standard error, then the program. Never returns. */
static void
child_exec(const char *program, int fd)
{
	char *env[4], *argv[] = {xstrdup("tincay-modem"), NULL};
	struct sigaction dfl = {.sa_handler = SIG_DFL};
	sigset_t none;
	int i, null;

	for (i = 1; i < NSIG; i++)
		(void)sigaction(i, &dfl, NULL);
	child_environment(env);
	null = open("/dev/null", O_RDWR);
	if (null < 0 || dup2(null, STDIN_FILENO) < 0 ||
	    dup2(null, STDOUT_FILENO) < 0 || dup2(fd, ML_FD) < 0)
		_exit(127);
	if (close_range(ML_FD + 1, ~0U, 0) != 0)
		_exit(127);
	sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
	execve(program, argv, env);
	_exit(127);
}

static pid_t
child_fork(struct modem *m, int fd)
{
	sigset_t all, old;
	pid_t pid;

	sigfillset(&all);
	(void)sigprocmask(SIG_SETMASK, &all, &old);
	pid = fork();
	if (pid == 0)
		child_exec(m->radio->core->conf->modem_program, fd);
	(void)sigprocmask(SIG_SETMASK, &old, NULL);
	return pid;
}

static int
child_attach(struct modem *m, int fd)
{
	if (evutil_make_socket_nonblocking(fd) != 0)
		return TC_EIO;
	m->bev =
	    bufferevent_socket_new(m->radio->base, fd, BEV_OPT_CLOSE_ON_FREE);
	if (m->bev == NULL)
		return TC_EIO;
	bufferevent_setcb(m->bev, child_read_cb, NULL, child_event_cb, m);
	bufferevent_setwatermark(m->bev, EV_READ, 0, INPUT_HIGH_WATERMARK);
	return bufferevent_enable(m->bev, EV_READ | EV_WRITE) == 0 ? 0 : TC_EIO;
}

void
child_adopt(struct modem *m, pid_t pid, int fd)
{
	m->pid = pid;
	m->phase = ML_PHASE_HELLO;
	m->starts++;
	m->is_deaf = m->is_hung = m->is_pin_refused = false;
	if (child_attach(m, fd) != 0) {
		if (m->bev == NULL)
			close(fd);
		child_kill(m, "start");
		return;
	}
	modem_set_state(m, MODEM_STARTING, "");
	child_set_deadline(m, START_DEADLINE_MS);
	child_greet(m);
}

void
child_start(struct modem *m)
{
	int fds[2];
	pid_t pid;

	if (watch_is_missing(m)) {
		life_on_missing(m);
		return;
	}
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) != 0) {
		log_warn("modem child cannot be started name=%s errno=%d",
		    m->conf->name, errno);
		life_on_gone(m);
		return;
	}
	pid = child_fork(m, fds[1]);
	close(fds[1]);
	if (pid > 0) {
		child_adopt(m, pid, fds[0]);
		return;
	}
	log_warn("modem child cannot be started name=%s errno=%d",
	    m->conf->name, errno);
	close(fds[0]);
	life_on_gone(m);
}
