/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A modem as a thing: identity, memory, and the pty that comes and goes. Called
 * by sim.c and fault.c; owns the descriptors, the events and all buffers of a
 * modem. What it reads is the business of modem_in.c, what it writes that of
 * modem_out.c. Only opening the pty can fail.
 */

#include "config.h"

#include <fcntl.h>
#include <pty.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "modem_io.h"
#include "persona.h"
#include "radio.h"
#include "sim.h"

static const char *const store_names[] = {[STORE_SM] = "SM", [STORE_ME] = "ME"};
_Static_assert(TC_NELEM(store_names) == STORE_NKINDS, "store names");

const char *
store_name(enum store_kind kind)
{
	return kind < STORE_NKINDS ? store_names[kind] : "?";
}

void
modem_set_defaults(struct modem *m)
{
	enum store_kind kind = m->persona->memory;

	m->set =
	    (struct modem_settings){.echo = true, .mem = {kind, kind, kind}};
}

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
	m->persona = persona_pick(sim->opt.personalities, index);
	m->master = m->slave = -1;
	m->link = xasprintf("%s/modem%u", sim->opt.dir, index);
	modem_set_identity(m);
	TAILQ_INIT(&m->in);
	TAILQ_INIT(&m->notices);
	TAILQ_INIT(&m->pending);
	buf_init(&m->line, MODEM_LINE_MAX);
	buf_init(&m->answer, MODEM_ANSWER_MAX);
	buf_init(&m->out, MODEM_OUTPUT_MAX);
	for (i = 0; i < STORE_NKINDS; i++)
		m->stores[i].slots =
		    xcalloc(sim->opt.nslots + 1, sizeof(*m->stores[i].slots));
	m->ev_delay = event_new(sim->base, -1, 0, modem_in_delay_cb, m);
	radio_modem_init(m);
	return m;
}

/* Forget everything that belongs to one opening of the pty. */
static void
modem_reset(struct modem *m)
{
	modem_in_reset(m);
	modem_out_reset(m);
	m->state = MODEM_COMMAND;
	modem_set_defaults(m);
	m->air.answers = false;
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
	fault_clear_events(m);
	event_drop(&m->ev_murmur);
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
	m->ev_read = event_new(
	    base, m->master, EV_READ | EV_PERSIST, modem_in_read_cb, m);
	m->ev_write =
	    event_new(base, m->master, EV_WRITE, modem_out_write_cb, m);
	event_add(m->ev_read, NULL);
	if (modem_link(m) != 0) {
		modem_close(m);
		return TC_EIO;
	}
	journal_log(&m->sim->journal, m->index, "open",
	    json_pack("{s:s}", "number", m->number));
	persona_boot(m);
	radio_pump(m);
	return 0;
}

void
modem_close(struct modem *m)
{
	event_drop(&m->ev_read);
	event_drop(&m->ev_write);
	persona_hush(m);
	(void)unlink(m->link);
	(void)close(m->slave);
	(void)close(m->master);
	m->slave = m->master = -1;
	modem_reset(m);
	journal_log(&m->sim->journal, m->index, "close", NULL);
}

int
modem_swap(struct modem *a, struct modem *b)
{
	struct modem *both[2] = {a, b};
	bool was_open[2] = {modem_is_open(a), modem_is_open(b)};
	char *link = a->link;
	int i, rc = 0;

	for (i = 0; i < 2; i++)
		if (was_open[i])
			modem_close(both[i]);
	a->link = b->link;
	b->link = link;
	for (i = 0; i < 2; i++)
		if (was_open[i] && modem_open(both[i]) != 0)
			rc = TC_EIO;
	return rc;
}

bool
modem_is_open(const struct modem *m)
{
	return m->master >= 0;
}
