/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * USSD towards the operator (radio.h): one session a modem, from the code to
 * the last menu. Called by child.c for USSD_IN, by life.c for ends and by
 * radio.c at the end of every loop iteration; owns struct dial of the modem.
 *
 *   none ──> waiting (for the modem to be idle) ──> asked ──> none
 *     asked ──> menu ──> asked            asked ──> waiting, in another form
 *     asked, menu ──> none, by a restart of the child: help waits, nobody
 *                     answers, no time is left
 *
 * There is no other way to end a session: libgammu cannot cancel one. How a
 * modem wants its strings is not known before: when a form fails the child
 * starts again with the next, and the one that works is remembered.
 */
#include "config.h"

#include <string.h>

#include "clock.h"
#include "conf.h"
#include "log.h"
#include "radio/radio_private.h"
#include "turn.h"
#include "vault/vault.h"

#define ANSWER_MS (100 * 1000) /* a dial blocks for 30 s, then it waits */
#define HEX_MIN 16             /* so many hexadecimal digits are no text */

/* --- which codes --- */

/* Service codes that nobody may dial from here: forwarding, barring and its
 * password, PIN and PUK (3GPP 22.030 annex B and 6.6). */
static const char *const dial_forbidden[] = {"002", "004", "21", "61", "62",
    "67", "33", "330", "331", "332", "333", "35", "351", "353", "03", "04",
    "042", "05", "052"};

static bool
dial_is_forbidden(const char *code)
{
	size_t i, len;

	if (strncmp(code, "**", 2) == 0 || strncmp(code, "##", 2) == 0)
		return true; /* registration and erasure */
	code += strspn(code, "*#");
	len = strspn(code, "0123456789");
	for (i = 0; i < TC_NELEM(dial_forbidden); i++)
		if (strlen(dial_forbidden[i]) == len &&
		    strncmp(code, dial_forbidden[i], len) == 0)
			return true;
	return false;
}

static bool
dial_may_dial(const struct conf_modem *conf, const char *code)
{
	size_t i;

	if (dial_is_forbidden(code))
		return false;
	if (strcmp(code, conf->ussd_balance) == 0)
		return true;
	for (i = 0; i < conf->ussd_codes.n; i++)
		if (strcmp(code, conf->ussd_codes.items[i].text) == 0)
			return true;
	return false;
}

/* --- a session --- */

static void
dial_time(struct modem *m, int64_t ms)
{
	int64_t left = m->dial.end_ms - clock_mono_ms();
	struct timeval tv;

	if (ms > left)
		ms = left > 0 ? left : 0;
	tv = (struct timeval){
	    .tv_sec = ms / 1000, .tv_usec = (ms % 1000) * 1000};
	(void)event_add(m->dial.timer, &tv);
}

/* Whoever asked hears it once. */
static void
dial_tell(struct modem *m, enum ml_ussd_status status, const char *text)
{
	struct radio_ussd_answer a = {m->conf->name, status, text};
	radio_ussd_cb cb = m->dial.cb;
	void *ctx = m->dial.ctx;

	m->dial.cb = NULL;
	log_info("ussd answer name=%s status=%s", m->conf->name,
	    modemlink_ussd_status_name(status));
	if (cb != NULL)
		cb(&a, ctx);
}

static void
dial_end(struct modem *m, enum ml_ussd_status status, const char *text)
{
	(void)event_del(m->dial.timer);
	m->dial.phase = DIAL_NONE;
	vault_wipe(m->dial.code, sizeof(m->dial.code));
	m->asked_generation = 0; /* it takes everything again */
	dial_tell(m, status, text);
	if (m->dial.phase == DIAL_NONE) /* else it was dialled again */
		m->dial.ctx = NULL;
}

/* The network still waits for an answer that will not come. */
static void
dial_hang_up(struct modem *m, enum ml_ussd_status status)
{
	m->is_planned = true;
	child_kill(m, "ussd");
	dial_end(m, status, "");
}

static void
dial_ask(struct modem *m, const char *text)
{
	struct ml_ussd body = {{0}};

	memcpy(body.text, text, strlen(text) + 1); /* radio_ussd() measured */
	m->dial.phase = DIAL_ASKED;
	dial_time(m, ANSWER_MS);
	child_send(m, ML_USSD, m->dial.id, &body);
	explicit_bzero(&body, sizeof(body));
}

static void
dial_timer_cb(evutil_socket_t fd, short what, void *arg)
{
	struct modem *m = arg;

	(void)fd;
	(void)what;
	if (m->dial.phase == DIAL_WAITING) {
		dial_end(m, ML_USSD_TIMEOUT, "");
	} else if (m->dial.phase == DIAL_MENU) {
		dial_hang_up(m, ML_USSD_TIMEOUT);
	} else {
		child_kill(m, "ussd deadline");
		dial_end(m, ML_USSD_TIMEOUT, "");
	}
}

void
dial_init(struct modem *m)
{
	m->dial.timer = evtimer_new(m->radio->base, dial_timer_cb, m);
	if (m->dial.timer == NULL)
		log_fatal("radio cannot make timers");
}

void
dial_clear(struct modem *m)
{
	event_free(m->dial.timer);
}

static int
dial_begin(struct modem *m, const struct radio_ussd_request *q)
{
	if (!dial_may_dial(m->conf, q->text))
		return TC_EDENIED;
	if (m->state != MODEM_READY && m->state != MODEM_BUSY)
		return TC_ESTATE;
	if (m->dial.phase != DIAL_NONE)
		return TC_EAGAIN;
	memcpy(m->dial.code, q->text, strlen(q->text) + 1);
	m->dial.phase = DIAL_WAITING;
	m->dial.id = (uint64_t)vault_random_id();
	m->dial.end_ms = clock_mono_ms() + RADIO_USSD_SESSION_S * 1000;
	m->dial.forms = 0;
	m->dial.is_answer = false;
	m->dial.asked_generation = 0;
	m->asked_generation = 0; /* help goes first */
	dial_time(m, RADIO_USSD_SESSION_S * 1000);
	return 0;
}

int
radio_ussd(struct radio *r, const struct radio_ussd_request *q)
{
	struct modem *m = radio_find(r, q->modem);
	size_t len = strlen(q->text);
	int rc = 0;

	if (m == NULL)
		return TC_ENOENT;
	if (len == 0 || len >= ML_USSD_MAX || !utf8_is_valid(q->text, len))
		return TC_EINVAL;
	if (r->is_locked)
		return TC_ESTATE;
	if (!q->is_answer)
		rc = dial_begin(m, q);
	else if (m->dial.phase != DIAL_MENU)
		rc = TC_ESTATE;
	else if (q->text[0] == '*' || q->text[0] == '#')
		rc = TC_EDENIED; /* a code, if the session just ended */
	if (rc != 0)
		return rc;
	m->dial.cb = q->cb;
	m->dial.ctx = q->ctx;
	if (q->is_answer) {
		m->dial.is_answer = true;
		dial_ask(m, q->text);
	}
	return 0;
}

void
radio_ussd_cancel(struct radio *r, const void *ctx)
{
	struct modem *m;
	size_t i;

	for (i = 0; i < r->nmodems; i++) {
		m = &r->modems[i];
		if (m->dial.phase == DIAL_NONE || m->dial.ctx != ctx)
			continue;
		m->dial.cb = NULL;
		m->dial.ctx = NULL;
		if (m->dial.phase == DIAL_WAITING)
			dial_end(m, ML_USSD_TERMINATED, "");
		else if (m->dial.phase == DIAL_MENU)
			dial_hang_up(m, ML_USSD_TERMINATED);
	}
}

/* --- forms --- */

/* What a modem says that was asked in a form it does not speak. */
static bool
dial_is_garbled(const struct ml_ussd_in *in)
{
	size_t len = strlen(in->text);

	if (in->status == ML_USSD_FAILED || in->status == ML_USSD_UNSUPPORTED)
		return true;
	if (strstr(in->text, "\357\277\275") != NULL) /* U+FFFD */
		return true;
	return len >= HEX_MIN && len % 2 == 0 &&
	       strspn(in->text, "0123456789ABCDEFabcdef") == len;
}

/* True when the child starts again to ask in another form. */
static bool
dial_try_other_form(struct modem *m)
{
	int form = m->dial_form;

	m->dial.forms |= 1U << form;
	do {
		form = (form + 1) % ML_USSD_NFORMS;
		if (form == m->dial_form)
			return false;
	} while ((m->dial.forms & 1U << form) != 0);
	log_info("ussd tries another form name=%s form=%s", m->conf->name,
	    modemlink_ussd_form_name((unsigned)form));
	m->dial_form = form;
	m->dial.phase = DIAL_WAITING;
	dial_time(m, RADIO_USSD_SESSION_S * 1000);
	m->is_planned = true;
	child_stop(m, "ussd form");
	return true;
}

static void
dial_learn_form(struct modem *m)
{
	struct modem_row row = m->row;

	m->dial.is_proven = true;
	if (row.ussd_form == m->dial_form)
		return;
	row.ussd_form = m->dial_form;
	if (row_save(m, &row) != 0)
		m->dial.is_proven = false; /* it is found again another time */
}

int
dial_form_to_start(struct modem *m)
{
	if (m->dial.phase != DIAL_WAITING || m->dial.forms == 0)
		m->dial_form = m->row.ussd_form;
	return m->dial_form;
}

/* --- what comes back --- */

void
dial_on_in(struct modem *m, uint64_t id, const struct ml_ussd_in *in)
{
	bool is_garbled = dial_is_garbled(in);

	if (id == 0) {
		log_info("ussd from the network is not answered name=%s "
			 "status=%s",
		    m->conf->name, modemlink_ussd_status_name(in->status));
		return;
	}
	if (m->dial.phase != DIAL_ASKED || id != m->dial.id)
		return; /* of a session that was given up */
	if (is_garbled && !m->dial.is_answer && !m->dial.is_proven &&
	    dial_try_other_form(m))
		return;
	if (!is_garbled &&
	    (in->status == ML_USSD_DONE || in->status == ML_USSD_MENU))
		dial_learn_form(m);
	if (in->status != ML_USSD_MENU) {
		dial_end(m, in->status, in->text);
	} else if (m->dial.cb == NULL) {
		dial_hang_up(m, ML_USSD_TERMINATED);
	} else {
		m->dial.phase = DIAL_MENU;
		dial_time(m, RADIO_USSD_MENU_S * 1000);
		dial_tell(m, ML_USSD_MENU, in->text);
	}
}

/* A session that waits lives on: the child starts again, or its time ends. */
void
dial_on_gone(struct modem *m)
{
	if (m->dial.phase == DIAL_ASKED || m->dial.phase == DIAL_MENU ||
	    (m->dial.phase == DIAL_WAITING && m->state == MODEM_HELD))
		dial_end(m, ML_USSD_FAILED, "");
}

/* --- help goes first --- */

struct help_op {
	struct modem *modem;
	struct radio_part part;
};

/* Is there help for this modem? Nothing of it stays: an error takes it back. */
static int
op_help_waits(void *arg)
{
	struct help_op *op = arg;
	struct radio *r = op->modem->radio;
	struct radio_offer offer = {.modem = op->modem->conf->name,
	    .operator_name = op->modem->conf->operator_name,
	    .lanes = RADIO_HELP_LANES};
	int rc = r->ops.next_part(&offer, &op->part, r->ops.ctx);

	return rc == 1 ? TC_EAGAIN : rc;
}

static bool
dial_is_in_the_way(struct modem *m)
{
	uint64_t generation = m->radio->ops.generation();
	struct help_op op;
	int rc;

	if (m->dial.asked_generation == generation)
		return false;
	memset(&op, 0, sizeof(op));
	op.modem = m;
	rc = turn_run(m->radio->core->turn, op_help_waits, &op);
	explicit_bzero(&op, sizeof(op));
	if (rc == 0)
		m->dial.asked_generation = generation;
	return rc == TC_EAGAIN;
}

bool
dial_blocks(const struct modem *m)
{
	return m->dial.phase == DIAL_ASKED || m->dial.phase == DIAL_MENU;
}

void
dial_pump(struct modem *m)
{
	if (m->dial.phase == DIAL_WAITING && m->state == MODEM_READY &&
	    m->in_flight == 0) {
		dial_ask(m, m->dial.code);
	} else if (dial_blocks(m) && m->state == MODEM_READY &&
		   dial_is_in_the_way(m)) {
		log_info("ussd gives way to help name=%s", m->conf->name);
		dial_hang_up(m, ML_USSD_TERMINATED);
	}
}
