/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The tty side of a modem: pty, bytes to lines, answers and notifications to
 * bytes. Called by the event loop, by at*.c (answers) and radio.c
 * (notifications); owns the descriptors, the events and all buffers of a modem.
 *
 * What comes in is bounded: a line by MODEM_LINE_MAX, what waits for its turn
 * by INPUT_MAX; beyond that bytes are lost, as on a UART. A reader that never
 * reads loses output beyond OUTPUT_MAX. Only opening the pty can fail.
 */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <pty.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "at.h"
#include "log.h"
#include "modem.h"
#include "radio.h"
#include "sim.h"

#define INPUT_MAX (16 * 1024)
#define OUTPUT_MAX (256 * 1024)
#define ANSWER_MAX (128 * 1024)
#define NOTICE_MAX 1024
#define NOTICES_MAX 512
#define READ_SIZE 4096
#define GARBAGE_MIN 8
#define GARBAGE_SPAN 32

#define CTRL_Z 0x1a
#define ESC 0x1b
#define BACKSPACE 0x08

/* Bytes that were read together. */
struct chunk {
	TAILQ_ENTRY(chunk) entry;
	int64_t t;
	size_t len;
	size_t at;
	unsigned char data[];
};

struct notice {
	TAILQ_ENTRY(notice) entry;
	char *lines;
	const char *ev;
	json_t *fields;
};

static void on_read(evutil_socket_t fd, short what, void *arg);
static void on_write(evutil_socket_t fd, short what, void *arg);
static void on_delay(evutil_socket_t fd, short what, void *arg);
static void modem_feed(struct modem *m);

const struct modem_settings modem_settings_default = {
    .echo = true, .mem = {STORE_SM, STORE_SM, STORE_SM}};

static const char *const store_names[] = {[STORE_SM] = "SM", [STORE_ME] = "ME"};
_Static_assert(TC_NELEM(store_names) == STORE_NKINDS, "store names");

const char *
store_name(enum store_kind kind)
{
	return kind < STORE_NKINDS ? store_names[kind] : "?";
}

/* Life */

static void
modem_set_identity(struct modem *m)
{
	(void)snprintf(
	    m->number, sizeof(m->number), "+84%09u", 900000900 + m->index);
	(void)snprintf(
	    m->imei, sizeof(m->imei), "35000000%06u0", 900 + m->index);
	(void)snprintf(
	    m->imsi, sizeof(m->imsi), "45204000000%04u", 900 + m->index);
	(void)snprintf(m->smsc, sizeof(m->smsc), "%s", SIM_SMSC);
}

struct modem *
modem_new(struct sim *sim, unsigned index)
{
	struct modem *m = xcalloc(1, sizeof(*m));
	size_t i;

	m->sim = sim;
	m->index = index;
	m->master = m->slave = -1;
	m->link = xasprintf("%s/modem%u", sim->opt.dir, index);
	modem_set_identity(m);
	TAILQ_INIT(&m->in);
	TAILQ_INIT(&m->notices);
	TAILQ_INIT(&m->pending);
	buf_init(&m->line, MODEM_LINE_MAX);
	buf_init(&m->answer, ANSWER_MAX);
	buf_init(&m->out, OUTPUT_MAX);
	for (i = 0; i < STORE_NKINDS; i++)
		m->stores[i].slots =
		    xcalloc(sim->opt.nslots, sizeof(*m->stores[i].slots));
	m->ev_delay = event_new(sim->base, -1, 0, on_delay, m);
	radio_modem_init(m);
	return m;
}

static void
notice_free(struct modem *m, struct notice *n)
{
	TAILQ_REMOVE(&m->notices, n, entry);
	m->nnotices--;
	free(n->lines);
	json_decref(n->fields);
	free(n);
}

static void
chunk_free(struct modem *m, struct chunk *c)
{
	TAILQ_REMOVE(&m->in, c, entry);
	m->in_len -= c->len - c->at;
	free(c);
}

/* Forget everything that belongs to one opening of the pty. */
static void
modem_reset(struct modem *m)
{
	while (!TAILQ_EMPTY(&m->notices))
		notice_free(m, TAILQ_FIRST(&m->notices));
	while (!TAILQ_EMPTY(&m->in))
		chunk_free(m, TAILQ_FIRST(&m->in));
	m->in_len = 0;
	buf_reset(&m->line);
	buf_reset(&m->answer);
	buf_reset(&m->out);
	m->is_overlong = false;
	m->state = MODEM_COMMAND;
	m->set = modem_settings_default;
	m->air.answers = false;
	event_del(m->ev_delay);
	event_del(m->air.ev_final);
}

static void
event_drop(struct event **ev)
{
	if (*ev != NULL)
		event_free(*ev);
	*ev = NULL;
}

void
modem_free(struct modem *m)
{
	size_t i;

	if (m == NULL)
		return;
	if (modem_is_open(m))
		modem_close(m);
	modem_reset(m);
	radio_modem_clear(m);
	event_drop(&m->ev_delay);
	event_drop(&m->ev_hang);
	event_drop(&m->ev_chatter);
	for (i = 0; i < STORE_NKINDS; i++)
		free(m->stores[i].slots);
	buf_clear(&m->line);
	buf_clear(&m->answer);
	buf_clear(&m->out);
	free(m->link);
	free(m);
}

/* A pair of descriptors, raw, close-on-exec, master non-blocking. */
static int
pty_open(int *master, int *slave)
{
	struct termios tio;
	int i, fds[2];

	if (openpty(&fds[0], &fds[1], NULL, NULL, NULL) != 0)
		return TC_EIO;
	for (i = 0; i < 2; i++)
		(void)fcntl(fds[i], F_SETFD, FD_CLOEXEC);
	if (tcgetattr(fds[1], &tio) != 0 ||
	    evutil_make_socket_nonblocking(fds[0]) != 0) {
		(void)close(fds[0]);
		(void)close(fds[1]);
		return TC_EIO;
	}
	cfmakeraw(&tio);
	(void)tcsetattr(fds[1], TCSANOW, &tio);
	*master = fds[0];
	*slave = fds[1];
	return 0;
}

/* The link, but never in place of something that is no link. */
static int
modem_link(struct modem *m)
{
	const char *tty = ttyname(m->slave);
	struct stat st;

	if (tty == NULL)
		return TC_EIO;
	if (lstat(m->link, &st) == 0 && S_ISLNK(st.st_mode))
		(void)unlink(m->link);
	return symlink(tty, m->link) == 0 ? 0 : TC_EIO;
}

int
modem_open(struct modem *m)
{
	struct event_base *base = m->sim->base;

	if (pty_open(&m->master, &m->slave) != 0)
		return TC_EIO;
	modem_reset(m);
	m->ev_read =
	    event_new(base, m->master, EV_READ | EV_PERSIST, on_read, m);
	m->ev_write = event_new(base, m->master, EV_WRITE, on_write, m);
	event_add(m->ev_read, NULL);
	if (modem_link(m) != 0) {
		modem_close(m);
		return TC_EIO;
	}
	journal_log(&m->sim->journal, m->index, "open",
	    json_pack("{s:s}", "number", m->number));
	radio_pump(m);
	return 0;
}

void
modem_close(struct modem *m)
{
	event_drop(&m->ev_read);
	event_drop(&m->ev_write);
	(void)unlink(m->link);
	(void)close(m->slave);
	(void)close(m->master);
	m->slave = m->master = -1;
	modem_reset(m);
	journal_log(&m->sim->journal, m->index, "close", NULL);
}

bool
modem_is_open(const struct modem *m)
{
	return m->master >= 0;
}

/* Output */

static void
modem_flush(struct modem *m)
{
	ssize_t n;

	while (m->out.len > 0) {
		n = write(m->master, m->out.data, m->out.len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			event_add(m->ev_write, NULL);
			return;
		}
		buf_drain(&m->out, (size_t)n);
	}
}

static void
on_write(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	modem_flush(arg);
}

static void
modem_write(struct modem *m, const void *data, size_t len)
{
	if (!modem_is_open(m) || fault_is_on(m, FAULT_HANG))
		return;
	if (m->out.len + len <= OUTPUT_MAX)
		(void)buf_put(&m->out, data, len);
	modem_flush(m);
}

static void
journal_tx(struct modem *m, const char *line, size_t len)
{
	journal_log(&m->sim->journal, m->index, "tx",
	    json_pack("{s:o}", "data", journal_bytes(line, len)));
}

/* One journal line for each line of text; what a hanging modem does not write
 * is no event. */
static void
journal_tx_lines(struct modem *m, const char *text, size_t len)
{
	const char *end = text + len;
	size_t n;

	if (!modem_is_open(m) || fault_is_on(m, FAULT_HANG))
		return;
	while (text < end) {
		n = strcspn(text, "\r\n");
		if (n > 0)
			journal_tx(m, text, n);
		text += n + 1;
	}
}

void
modem_say(struct modem *m, const char *fmt, ...)
{
	char line[NOTICE_MAX];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	(void)buf_printf(&m->answer, "\r\n%s\r\n", line);
}

/* Noise on the line, NUL-free. */
static void
modem_garble(struct modem *m)
{
	unsigned char noise[GARBAGE_MIN + GARBAGE_SPAN];
	size_t n = GARBAGE_MIN + sim_random(m->sim) % GARBAGE_SPAN, i;

	for (i = 0; i < n; i++)
		noise[i] = (unsigned char)(1 + sim_random(m->sim) % 255);
	modem_write(m, noise, n);
	journal_tx(m, (const char *)noise, n);
}

static void
notice_write(struct modem *m, struct notice *n)
{
	modem_write(m, n->lines, strlen(n->lines));
	if (n->ev != NULL && !fault_is_on(m, FAULT_HANG)) {
		journal_log(&m->sim->journal, m->index, n->ev, n->fields);
		n->fields = NULL;
	} else {
		journal_tx_lines(m, n->lines, strlen(n->lines));
	}
	notice_free(m, n);
}

/* Write what waited, if this is a moment for it. */
static void
modem_flush_notices(struct modem *m)
{
	while (!TAILQ_EMPTY(&m->notices) &&
	       (m->state == MODEM_COMMAND || m->state == MODEM_AIR))
		notice_write(m, TAILQ_FIRST(&m->notices));
}

void
modem_notify(
    struct modem *m, const char *ev, json_t *fields, const char *fmt, ...)
{
	char lines[NOTICE_MAX];
	struct notice *n;
	va_list ap;

	if (!modem_is_open(m) || m->nnotices >= NOTICES_MAX) {
		json_decref(fields);
		return;
	}
	va_start(ap, fmt);
	(void)vsnprintf(lines, sizeof(lines), fmt, ap);
	va_end(ap);
	n = xcalloc(1, sizeof(*n));
	n->lines = xasprintf("\r\n%s\r\n", lines);
	n->ev = ev;
	n->fields = fields;
	TAILQ_INSERT_TAIL(&m->notices, n, entry);
	m->nnotices++;
	modem_flush_notices(m);
}

void
modem_finish(struct modem *m, const char *final)
{
	if (final != NULL) {
		modem_say(m, "%s", final);
		if (fault_take(m, FAULT_GARBAGE))
			modem_garble(m);
		modem_write(m, m->answer.data, m->answer.len);
		journal_tx_lines(m, buf_str(&m->answer), m->answer.len);
	}
	buf_reset(&m->answer);
	m->state = MODEM_COMMAND;
	modem_flush_notices(m);
	modem_feed(m);
}

void
modem_prompt(struct modem *m, unsigned pdu_len)
{
	m->pdu_len = pdu_len;
	m->state = MODEM_PROMPT;
	modem_write(m, "\r\n> ", 4);
	journal_tx_lines(m, "> ", 2);
	modem_feed(m);
}

/* Input */

static void
journal_rx(struct modem *m, const char *end)
{
	struct buf *line = &m->line;
	json_t *data;

	(void)buf_put_str(line, end);
	data = journal_bytes(buf_str(line), line->len);
	journal_log_at(&m->sim->journal, m->line_t, m->index, "rx",
	    json_pack("{s:o}", "data", data));
	line->len -= line->len > 0 ? strlen(end) : 0;
	if (line->data != NULL)
		line->data[line->len] = '\0';
}

static void
modem_line_done(struct modem *m)
{
	bool is_command;

	journal_rx(m, "");
	is_command = strncasecmp(buf_str(&m->line), "AT", 2) == 0;
	if (fault_take(m, FAULT_HANG) || !is_command) {
		buf_reset(&m->line);
		m->is_overlong = false;
		return;
	}
	m->state = MODEM_DELAY;
	if (m->sim->opt.at_delay_ms > 0)
		sim_timer(m->ev_delay, m->sim->opt.at_delay_ms);
	else
		on_delay(-1, 0, m);
}

/* The at-delay is over: run the line, or what followed the prompt. */
static void
on_delay(evutil_socket_t fd, short what, void *arg)
{
	struct modem *m = arg;
	char *line;

	(void)fd;
	(void)what;
	line = xstrdup(buf_str(&m->line));
	buf_reset(&m->line);
	if (m->is_overlong)
		at_finish(m, AT_ERROR);
	else
		at_run_line(m, line);
	m->is_overlong = false;
	free(line);
}

static void
modem_data_done(struct modem *m, bool is_cancelled)
{
	char *data;

	journal_rx(m, is_cancelled ? "\033" : "\032");
	if (fault_take(m, FAULT_HANG)) {
		buf_reset(&m->line);
		m->is_overlong = false;
		m->state = MODEM_COMMAND;
		return;
	}
	data = xstrdup(buf_str(&m->line));
	if (m->is_overlong)
		data[0] = '\0'; /* no PDU: refused as such */
	buf_reset(&m->line);
	m->is_overlong = false;
	m->state = MODEM_DELAY;
	at_run_data(m, data, is_cancelled);
	free(data);
}

static void
modem_echo(struct modem *m, unsigned char c)
{
	if (m->set.echo && !fault_is_on(m, FAULT_HANG) &&
	    m->out.len < OUTPUT_MAX)
		(void)buf_put_char(&m->out, (char)c);
}

static void
modem_collect(struct modem *m, unsigned char c)
{
	/* one byte stays free for the Ctrl-Z of the journal */
	if (m->line.len + 1 < MODEM_LINE_MAX && c != '\0')
		(void)buf_put_char(&m->line, (char)c);
	else
		m->is_overlong = true;
	modem_echo(m, c);
}

static void
modem_command_byte(struct modem *m, unsigned char c)
{
	if (c == '\r') {
		modem_echo(m, c);
		if (m->line.len > 0)
			modem_line_done(m);
	} else if (c == ESC || c == CTRL_Z) {
		buf_reset(&m->line);
		m->is_overlong = false;
	} else if (c == BACKSPACE) {
		if (m->line.len > 0)
			m->line.data[--m->line.len] = '\0';
	} else if (c != '\n') {
		modem_collect(m, c);
	}
}

static void
modem_data_byte(struct modem *m, unsigned char c)
{
	if (c == CTRL_Z || c == ESC)
		modem_data_done(m, c == ESC);
	else if (c == '\r' || c == '\n')
		modem_echo(m, c);
	else
		modem_collect(m, c);
}

/* Take one byte of what waits. */
static unsigned char
modem_next_byte(struct modem *m)
{
	struct chunk *c = TAILQ_FIRST(&m->in);
	unsigned char byte = c->data[c->at++];

	m->in_len--;
	if (m->line.len == 0)
		m->line_t = c->t;
	if (c->at == c->len)
		chunk_free(m, c);
	return byte;
}

/* Work through the input as far as the state lets it. An answer may come from
 * within, so this must not enter itself. */
static void
modem_feed(struct modem *m)
{
	if (m->is_feeding)
		return;
	m->is_feeding = true;
	while (m->in_len > 0) {
		if (m->state == MODEM_COMMAND)
			modem_command_byte(m, modem_next_byte(m));
		else if (m->state == MODEM_PROMPT)
			modem_data_byte(m, modem_next_byte(m));
		else
			break;
	}
	m->is_feeding = false;
	if (modem_is_open(m))
		modem_flush(m);
}

static void
on_read(evutil_socket_t fd, short what, void *arg)
{
	struct modem *m = arg;
	struct chunk *c = xmalloc(sizeof(*c) + READ_SIZE);
	ssize_t n;

	(void)what;
	n = read(fd, c->data, READ_SIZE);
	if (n <= 0 || m->in_len + (size_t)n > INPUT_MAX) {
		free(c);
		return;
	}
	c->t = journal_now();
	c->len = (size_t)n;
	c->at = 0;
	TAILQ_INSERT_TAIL(&m->in, c, entry);
	m->in_len += c->len;
	modem_feed(m);
}
