/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a modem reads: bytes become command lines and PDUs, one at a time, each
 * with the time of its first byte. Called by the event loop; hands over to
 * at.c. A line is bounded by MODEM_LINE_MAX, what waits for its turn by
 * INPUT_MAX; beyond that bytes are lost, as on a UART. Nothing can fail.
 */

#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "at.h"
#include "modem_io.h"
#include "sim.h"

#define INPUT_MAX (16 * 1024)
#define READ_SIZE 4096

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

static void
chunk_free(struct modem *m, struct chunk *c)
{
	TAILQ_REMOVE(&m->in, c, entry);
	m->in_len -= c->len - c->at;
	free(c);
}

/* The line is done with, whatever became of it. */
static void
line_reset(struct modem *m)
{
	buf_reset(&m->line);
	m->is_overlong = false;
}

void
modem_in_reset(struct modem *m)
{
	while (!TAILQ_EMPTY(&m->in))
		chunk_free(m, TAILQ_FIRST(&m->in));
	m->in_len = 0;
	line_reset(m);
	event_del(m->ev_delay);
}

static void
journal_rx(struct modem *m, const char *end)
{
	char *text = xasprintf("%s%s", buf_str(&m->line), end);

	journal_log_at(&m->sim->journal, m->line_t, m->index, "rx",
	    json_pack("{s:o}", "data", journal_bytes(text, strlen(text))));
	free(text);
}

static void
modem_line_done(struct modem *m)
{
	journal_rx(m, "");
	/* what is no command is ignored */
	if (strncasecmp(buf_str(&m->line), "AT", 2) != 0 ||
	    fault_take(m, FAULT_HANG)) {
		line_reset(m);
		return;
	}
	m->state = MODEM_DELAY;
	if (m->sim->opt.at_delay_ms > 0)
		sim_timer(m->ev_delay, m->sim->opt.at_delay_ms);
	else
		modem_in_delay_cb(-1, 0, m);
}

/* The at-delay is over: run the line. Its answer may take up the next one, so
 * nothing of this one may be left in the modem by then. */
void
modem_in_delay_cb(evutil_socket_t fd, short what, void *arg)
{
	struct modem *m = arg;
	bool is_overlong = m->is_overlong;
	char *line = xstrdup(buf_str(&m->line));

	(void)fd;
	(void)what;
	line_reset(m);
	if (is_overlong)
		at_finish(m, AT_ERROR);
	else
		at_run_line(m, line);
	free(line);
}

static void
modem_data_done(struct modem *m, bool is_cancelled)
{
	char *data;

	journal_rx(m, is_cancelled ? "\033" : "\032");
	if (fault_take(m, FAULT_HANG)) {
		line_reset(m);
		m->state = MODEM_COMMAND;
		return;
	}
	data = xstrdup(buf_str(&m->line));
	if (m->is_overlong)
		data[0] = '\0'; /* no PDU: refused as such */
	line_reset(m);
	m->state = MODEM_DELAY;
	at_run_data(m, data, is_cancelled);
	free(data);
}

static void
modem_collect(struct modem *m, unsigned char c)
{
	if (c == '\0' || buf_put_char(&m->line, (char)c) != 0)
		m->is_overlong = true;
	modem_out_echo(m, c);
}

static void
modem_command_byte(struct modem *m, unsigned char c)
{
	if (c == '\r') {
		modem_out_echo(m, c);
		if (m->line.len > 0)
			modem_line_done(m);
	} else if (c == ESC || c == CTRL_Z) {
		line_reset(m);
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
		modem_out_echo(m, c);
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
void
modem_in_feed(struct modem *m)
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
		modem_out_flush(m);
}

void
modem_in_read_cb(evutil_socket_t fd, short what, void *arg)
{
	struct modem *m = arg;
	unsigned char data[READ_SIZE];
	struct chunk *c;
	ssize_t n;

	(void)what;
	n = read(fd, data, sizeof(data));
	if (n <= 0 || m->in_len + (size_t)n > INPUT_MAX)
		return;
	c = xmalloc(sizeof(*c) + (size_t)n);
	memcpy(c->data, data, (size_t)n);
	c->t = journal_now();
	c->len = (size_t)n;
	c->at = 0;
	TAILQ_INSERT_TAIL(&m->in, c, entry);
	m->in_len += c->len;
	modem_in_feed(m);
}
