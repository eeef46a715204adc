/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tincay-modem: one modem, served by libgammu, in a process of its own. Started
 * by tincayd and by nobody else; see doc/tincay-modem.8 and lib/modemlink.h.
 *
 *   sandbox, HELLO, CONFIG, the spool's lock, what the last child left,
 *   (a silent line), the phone, READY, then one loop over link and tty
 *
 * One thread. Order within a turn of the loop: what the modem says, what came
 * in is read, then one command; so that a text which arrives while a campaign
 * runs is read between two sends. The end of the link is the end of the child,
 * but never in the middle of a send.
 *
 * Exit status: 0 when it was stopped, 1 otherwise (GONE told why), 2 when it
 * was called wrongly.
 */
#include "config.h"

#include <sys/stat.h>

#include <fcntl.h>
#include <libgen.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "child.h"
#include "clock.h"
#include "line.h"
#include "log.h"
#include "nap.h"
#include "sandbox.h"

#define HELLO_MS 10000
#define LOCK_POLL_MS 20
#define POLL_MS 30000
#define POLL_MUTE_MS 2000 /* where nothing is announced */
#define SILENCE_MS 2000
#define LOOP_MAX_MS 600000
#define LAST_WORDS_MS 2000
/* Another send follows the last one, if any does, within BUSY_MS; questions
 * that are not urgent leave the air to it, but not for ever. */
#define BUSY_MS 500
#define BUSY_MAX_MS 120000

static volatile sig_atomic_t got_term;

static void
on_term(int signo)
{
	(void)signo;
	got_term = 1;
}

/* The daemon decides when a child ends: what a terminal sends to the whole
 * group is not meant for us, and EOF follows when the daemon goes. */
static void
signals_set(void)
{
	struct sigaction term = {.sa_handler = on_term};
	struct sigaction ignore = {.sa_handler = SIG_IGN};

	(void)sigaction(SIGTERM, &term, NULL);
	(void)sigaction(SIGINT, &ignore, NULL);
	(void)sigaction(SIGHUP, &ignore, NULL);
	(void)sigaction(SIGPIPE, &ignore, NULL);
}

static bool
is_open(struct child *c)
{
	if (got_term && c->link.end == LINK_OPEN)
		c->link.end = LINK_STOP;
	return c->link.end == LINK_OPEN;
}

/* libgammu naps and the link has something. */
static bool
on_link(void *ctx)
{
	struct child *c = ctx;
	bool more = link_pump(&c->link);

	if (!is_open(c))
		phone_interrupt(&c->phone);
	return more;
}

/* ... and the device is gone. */
static void
on_hung_up(void *ctx)
{
	struct child *c = ctx;

	phone_hung_up(&c->phone);
}

/* Wait for a frame of that type. 0 or TC_EPROTO. */
static int
frame_expect(struct child *c, unsigned type, union ml_body *body)
{
	int64_t end = clock_mono_ms() + HELLO_MS, left;
	unsigned got;
	uint64_t id;

	for (;;) {
		got = link_next(&c->link, &id, body);
		left = end - clock_mono_ms();
		if (got != 0 || left <= 0 || !is_open(c))
			break;
		(void)link_wait(&c->link, -1, left);
	}
	return got == type ? 0 : TC_EPROTO;
}

static int
handshake(struct child *c)
{
	struct ml_hello hello = {"tincay-modem", PACKAGE_VERSION};
	union ml_body body;

	if (frame_expect(c, ML_HELLO, &body) != 0)
		return TC_EPROTO;
	link_send(&c->link, ML_HELLO, 0, &hello);
	c->link.phase = ML_PHASE_STARTING;
	if (frame_expect(c, ML_CONFIG, &body) != 0)
		return TC_EPROTO;
	c->config = body.config;
	if (c->config.spool_key_len != 0 &&
	    c->config.spool_key_len != sizeof(c->config.spool_key))
		return TC_EPROTO;
	return 0;
}

static int
files_lock(const struct child *c)
{
	char path[ML_PATH_MAX];
	int rc;

	memcpy(path, c->config.spool, sizeof(path));
	rc = sandbox_lock_files(dirname(path));
	if (rc < 0)
		log_err("modem landlock refused folder=%s", path);
	else if (rc == 0)
		log_warn("modem runs without landlock");
	else
		log_info("modem landlock version=%d", rc);
	return rc < 0 ? rc : 0;
}

/* The last child may still be in a send, although its daemon is dead. */
static int
spool_take(struct child *c)
{
	const unsigned char *key =
	    c->config.spool_key_len > 0 ? c->config.spool_key : NULL;
	bool has_waited = false;
	int rc;

	while ((rc = spool_lock(&c->spool, c->config.spool)) == TC_EAGAIN &&
	       is_open(c)) {
		if (!has_waited)
			log_info("modem waits for the last child");
		has_waited = true;
		(void)link_wait(&c->link, -1, LOCK_POLL_MS);
	}
	if (rc == 0)
		rc = spool_open(&c->spool, key);
	explicit_bzero(c->config.spool_key, sizeof(c->config.spool_key));
	if (rc != 0 && rc != TC_EAGAIN)
		log_err("modem spool not opened why=%s", tc_strerror(rc));
	return rc;
}

static void
spool_replay(struct child *c)
{
	const struct spool_entry *e;
	size_t i;

	for (i = 0; i < c->spool.nentries; i++) {
		e = &c->spool.entries[i];
		if (!e->is_closed)
			link_send(&c->link, e->type, e->part_id, &e->body);
	}
}

/* A send without an end. Its answer may still come; otherwise nobody will ever
 * know. */
static void
dirty_end_settle(struct child *c)
{
	struct ml_result r = {.outcome = ML_UNCERTAIN};
	uint32_t silence = c->config.silence_ms;

	if (!c->spool.is_sending && !c->spool.is_late)
		return;
	log_warn("modem listens because the last send had no end");
	r.tp_mr = line_wait_silent(
	    c->config.device, &c->link, silence == 0 ? SILENCE_MS : silence);
	if (r.tp_mr >= 0)
		r.outcome = ML_SENT;
	if (c->spool.is_sending)
		send_report(c, c->spool.part_id, &r, !is_open(c));
}

static void
command_run(struct child *c, unsigned type, uint64_t id, union ml_body *body)
{
	struct ml_result r = {.outcome = ML_NOT_BEGUN, .tp_mr = -1};
	int rc;

	switch (type) {
	case ML_SEND_PART:
		ussd_end(c);
		if (is_open(c) && !c->phone.is_dead)
			send_part(c, id, &body->send_part);
		else
			send_report(c, id, &r, false);
		break;
	case ML_USSD:
		ussd_request(c, id, &body->ussd);
		break;
	case ML_DELETE_SMS:
		inbox_delete(c, id, &body->delete_sms.place);
		break;
	case ML_ACK:
		rc = spool_ack(&c->spool, body->ack.spool_id);
		if (rc == TC_EIO || rc == TC_EFULL)
			log_err("modem spool not written what=ack why=%s",
			    tc_strerror(rc));
		break;
	default:
		c->link.end = LINK_BROKEN;
		break;
	}
}

static int64_t
poll_ms(const struct child *c)
{
	const struct ml_config *config = &c->config;

	if (c->phone.id.notifies)
		return config->poll_ms == 0 ? POLL_MS : config->poll_ms;
	return config->poll_mute_ms == 0 ? POLL_MUTE_MS : config->poll_mute_ms;
}

/* Look at the stores when it is time. Returns how long it will not be. */
static int64_t
list_work(struct child *c)
{
	int64_t left = c->list_ms - clock_mono_ms();

	if (left > 0 && !c->phone.must_list)
		return left;
	c->phone.must_list = false;
	inbox_list(c);
	c->list_ms = clock_mono_ms() + poll_ms(c);
	return 0;
}

/* How long questions wait for the next send: what is lost between two of them
 * is air time. A store whose texts nobody announces does not wait. */
static int64_t
busy_ms(const struct child *c)
{
	int64_t now = clock_mono_ms(), left = c->sent_ms + BUSY_MS - now;

	if (c->sent_ms == 0 || left <= 0 || c->phone.must_list ||
	    !c->phone.id.notifies || now > c->list_ms + BUSY_MAX_MS ||
	    now > c->status.at_ms + BUSY_MAX_MS)
		return 0;
	return left;
}

/* What is due by the clock. Returns how long nothing will be. */
static int64_t
timers_run(struct child *c, int64_t ussd_ms)
{
	int64_t wait = busy_ms(c), left;

	if (wait == 0)
		wait = list_work(c);
	if (wait > 0 && busy_ms(c) == 0 && !c->ussd.is_on) {
		left = status_work(c);
		wait = left < wait ? left : wait;
	}
	left = phone_note_mute_call(&c->phone);
	if (left >= 0 && left < wait)
		wait = left;
	if (ussd_ms >= 0 && ussd_ms < wait)
		wait = ussd_ms;
	return wait < LOOP_MAX_MS ? wait : LOOP_MAX_MS;
}

/* Before the end: commands that came in time are done, except sends; of a dead
 * phone nothing more can be asked. */
static void
commands_drain(struct child *c)
{
	union ml_body body;
	uint64_t id;
	unsigned type;

	while ((type = link_next(&c->link, &id, &body)) != 0)
		if (!c->phone.is_dead || type == ML_ACK || type == ML_SEND_PART)
			command_run(c, type, id, &body);
}

static bool
has_news(const struct child *c)
{
	return c->phone.nnotes > 0 || c->phone.ncalls > 0 ||
	       c->phone.nussds > 0;
}

static void
loop_run(struct child *c)
{
	int64_t wait = 0, ussd_ms;
	union ml_body body;
	uint64_t id;
	unsigned type;

	/* Due from now on, and not since the beginning of the clock. */
	c->list_ms = c->status.at_ms = clock_mono_ms();
	while (is_open(c) && !c->phone.is_dead) {
		phone_read(
		    &c->phone, link_wait(&c->link, nap_find_tty(), wait));
		if (c->phone.is_dead)
			break;
		inbox_work(c);
		ussd_ms = ussd_work(c);
		wait = 0;
		type = link_next(&c->link, &id, &body);
		if (type != 0)
			command_run(c, type, id, &body);
		else if (!has_news(c) && !c->phone.is_dead)
			wait = timers_run(c, ussd_ms);
		/* What came along while a question of ours was answered is not
		 * waited for. */
		if (has_news(c) || c->phone.must_list ||
		    c->phone.tap.is_missed || link_has_frame(&c->link))
			wait = 0;
	}
	commands_drain(c);
	ussd_end(c);
}

static void
gone_send(struct child *c)
{
	struct ml_gone_body gone = {
	    .why = ML_GONE_STOPPED, .pin_tried = c->phone.pin_tried};

	if (c->link.end == LINK_BROKEN) {
		gone.why = ML_GONE_PROTOCOL;
	} else if (c->link.end == LINK_OPEN) {
		gone.why = (uint8_t)c->phone.why;
		memcpy(gone.detail, c->phone.detail, sizeof(gone.detail));
	}
	link_send(&c->link, ML_GONE, 0, &gone);
}

/* Say why, and hear what tincayd had already sent: it answers with STOP, and
 * what came before that was not begun. */
static void
last_words(struct child *c)
{
	int64_t end = clock_mono_ms() + LAST_WORDS_MS, left = LAST_WORDS_MS;

	gone_send(c);
	if (c->link.phase != ML_PHASE_READY)
		return;
	while (!c->link.is_last && c->link.end != LINK_BROKEN && left > 0) {
		(void)link_wait(&c->link, -1, left);
		left = end - clock_mono_ms();
	}
	commands_drain(c);
}

static void
child_run(struct child *c)
{
	if (handshake(c) != 0) {
		c->link.end = LINK_BROKEN;
		return;
	}
	if (files_lock(c) != 0 || spool_take(c) != 0) {
		phone_die(&c->phone, ML_GONE_MODEM_ERROR, "no spool");
		return;
	}
	spool_replay(c);
	dirty_end_settle(c);
	nap_init(c->config.device, c->config.full_naps != 0);
	nap_watch_link(c->link.fd, on_link, c);
	nap_watch_tty(on_hung_up, c);
	if (!is_open(c) || phone_open(&c->phone, &c->link, &c->config) != 0)
		return;
	link_send(&c->link, ML_READY, 0, &c->phone.id);
	c->link.phase = ML_PHASE_READY;
	loop_run(c);
}

static int
arguments_handle(int argc, char **argv)
{
	struct stat st;

	if (argc == 2 && strcmp(argv[1], "--version") == 0) {
		(void)printf("tincay-modem %s\n", PACKAGE_VERSION);
		return 0;
	}
	if (argc == 2 && strcmp(argv[1], "--help") == 0) {
		(void)printf("tincay-modem is started by tincayd(8), which "
			     "talks to it on descriptor %d.\n",
		    ML_FD);
		return 0;
	}
	if (argc != 1 || fstat(ML_FD, &st) != 0 || !S_ISSOCK(st.st_mode)) {
		(void)fprintf(
		    stderr, "tincay-modem: started by tincayd(8) only\n");
		return 2;
	}
	return -1;
}

int
main(int argc, char **argv)
{
	static struct child child;
	int rc = arguments_handle(argc, argv);

	if (rc >= 0)
		return rc;
	if (sandbox_enter() != 0 || fcntl(ML_FD, F_SETFD, FD_CLOEXEC) != 0)
		log_fatal("modem cannot give up its rights");
	if (!nap_is_taken())
		log_fatal("modem was linked without its usleep");
	signals_set();
	link_init(&child.link, ML_FD);
	log_set_sink(link_log_cb, &child.link);
	spool_init(&child.spool);
	child_run(&child);
	rc = child.link.end == LINK_STOP ? 0 : 1;
	last_words(&child);
	log_set_sink(NULL, NULL);
	phone_close(&child.phone);
	inbox_clear(&child.inbox);
	spool_clear(&child.spool);
	link_clear(&child.link);
	return rc;
}
