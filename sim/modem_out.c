/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a modem writes: echo, answers, and notifications that wait for their
 * moment. Called by at*.c (answers) and radio.c, smsc.c, call.c, ussd.c
 * (notifications). A reader that never reads loses output beyond
 * MODEM_OUTPUT_MAX and notifications beyond NOTICES_MAX. Nothing can fail.
 */

#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "modem_io.h"
#include "sim.h"

#define NOTICE_MAX 1024
#define NOTICES_MAX 512
#define GARBAGE_MIN 8
#define GARBAGE_SPAN 32

struct notice {
	TAILQ_ENTRY(notice) entry;
	char *lines;
	const char *ev;
	json_t *fields;
};

static void
notice_free(struct modem *m, struct notice *n)
{
	TAILQ_REMOVE(&m->notices, n, entry);
	m->nnotices--;
	free(n->lines);
	json_decref(n->fields);
	free(n);
}

void
modem_out_reset(struct modem *m)
{
	while (!TAILQ_EMPTY(&m->notices))
		notice_free(m, TAILQ_FIRST(&m->notices));
	buf_reset(&m->answer);
	buf_reset(&m->out);
}

void
modem_out_echo(struct modem *m, unsigned char c)
{
	if (m->set.echo && !fault_is_on(m, FAULT_HANG) &&
	    m->out.len < MODEM_OUTPUT_MAX)
		(void)buf_put_char(&m->out, (char)c);
}

void
modem_out_flush(struct modem *m)
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

void
modem_out_write_cb(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	modem_out_flush(arg);
}

static void
modem_write(struct modem *m, const void *data, size_t len)
{
	if (!modem_is_open(m) || fault_is_on(m, FAULT_HANG))
		return;
	if (m->out.len + len <= MODEM_OUTPUT_MAX)
		(void)buf_put(&m->out, data, len);
	modem_out_flush(m);
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
		text += n + (text + n < end);
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
	modem_in_feed(m);
}

void
modem_prompt(struct modem *m, unsigned pdu_len)
{
	m->pdu_len = pdu_len;
	m->state = MODEM_PROMPT;
	modem_write(m, "\r\n> ", 4);
	journal_tx_lines(m, "> ", 2);
	modem_in_feed(m);
}
