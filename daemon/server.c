/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tincayd put together (server.h). One iteration of the loop is:
 *
 *   wait for events and run their handlers      each write inside a turn op
 *   radio_pump                                  idle modems get their next part
 *   turn_commit                                 one fsync, then the effects
 *
 * SIGHUP loads configuration and content again, whole or not at all; SIGTERM
 * and SIGINT stop. What fails at run time never ends the daemon.
 */
#include "config.h"

#include <event2/event.h>
#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "clock.h"
#include "conf.h"
#include "core.h"
#include "desk/desk.h"
#include "desk/due.h"
#include "desk/duty.h"
#include "desk/flood.h"
#include "desk/purge.h"
#include "forward/forward.h"
#include "house.h"
#include "http/http.h"
#include "intake/budget.h"
#include "intake/content.h"
#include "intake/intake.h"
#include "intake/selftest.h"
#include "intake/ussd.h"
#include "log.h"
#include "outbox/guard.h"
#include "outbox/outbox.h"
#include "outreach/quiz.h"
#include "outreach/remind.h"
#include "radio/radio.h"
#include "radio_ops.h"
#include "server.h"
#include "store/inbound.h"
#include "store/store.h"
#include "turn.h"
#include "vault/vault.h"
#include "watch/watch.h"
#include "worker.h"

#define UPKEEP_S 10
#define SEEN_KEEP_S (14 * 24 * 3600)
/* A SIM that comes back later brings texts that are of no use any more. */
#define TOMBSTONE_KEEP_S (90 * 24 * 3600)
#define SEEN_PURGE_MS (3600 * 1000) /* how often: it reads all of them */

struct server {
	struct core core;
	struct conf *conf;
	struct content *content;
	struct event_base *base;
	struct event *signals[3];
	struct event *upkeep;
	struct event *wake;
	int64_t wake_at; /* UTC ms; 0 = not armed */
	struct event *due;
	int64_t due_at;         /* what the event due waits for, 0 = nothing */
	int64_t seen_purged_ms; /* monotonic */
	struct worker *worker;
	struct http *http;
	int lock_fd; /* on the state folder */
	bool is_radio_started;
	bool is_stopping;
	bool is_stopped;
};

/* --- upkeep --- */

static int
op_purge_seen(void *arg)
{
	struct server *s = arg;
	int64_t now = clock_mono_ms();
	int rc;

	if (now - s->seen_purged_ms < SEEN_PURGE_MS)
		return 0;
	rc = store_seen_purge(s->core.store, clock_now() - SEEN_KEEP_S);
	if (rc >= 0)
		rc = store_tombstone_purge(
		    s->core.store, clock_now() - TOMBSTONE_KEEP_S);
	if (rc >= 0)
		s->seen_purged_ms = now;
	return rc < 0 ? rc : 0;
}

static int
op_outbox_upkeep(void *arg)
{
	struct server *s = arg;

	return outbox_upkeep(&s->core);
}

static int
op_outreach(void *arg)
{
	struct server *s = arg;
	int rc = quiz_upkeep(&s->core);

	return rc != 0 ? rc : remind_drafters(&s->core);
}

static int
op_outbox_wake(void *arg)
{
	struct server *s = arg;

	return outbox_wake(&s->core);
}

/* A part that was refused may be tried again, or a modem may be given more. */
static void
server_wake_cb(evutil_socket_t fd, short what, void *arg)
{
	struct server *s = arg;

	(void)fd;
	(void)what;
	s->wake_at = 0;
	outbox_touch();
	if (turn_run(s->core.turn, op_outbox_wake, s) != 0)
		log_warn("parts that wait are looked at again later");
}

/* Armed once for each time; a clock that was set is noticed by the upkeep. */
static void
server_arm_wake(struct server *s)
{
	int64_t at = outbox_wake_at() * 1000, ms;
	int64_t quota_at = radio_wake_at(s->core.radio);
	struct timeval tv = {0};

	if (quota_at != 0 && (at == 0 || quota_at < at))
		at = quota_at;
	if (at == s->wake_at)
		return;
	s->wake_at = at;
	(void)event_del(s->wake);
	if (at == 0)
		return;
	ms = at - clock_now_us() / 1000;
	if (ms > 0) {
		tv.tv_sec = ms / 1000;
		tv.tv_usec = (ms % 1000) * 1000;
	}
	(void)event_add(s->wake, &tv);
}

/* Everything that depends on the hour is looked at again; old rows go. */
static void
server_upkeep_cb(evutil_socket_t fd, short what, void *arg)
{
	struct server *s = arg;

	(void)fd;
	(void)what;
	outbox_touch();
	if (turn_run(s->core.turn, op_outbox_upkeep, s) < 0)
		log_warn("upkeep of the outbox failed, it is tried again");
	if (turn_run(s->core.turn, op_purge_seen, s) != 0)
		log_warn("upkeep failed, it is tried again later");
	if (turn_run(s->core.turn, op_outreach, s) != 0)
		log_warn("quizzes and the calendar are looked at later");
	if (purge_run(&s->core) < 0)
		log_warn("purge failed, it is tried again later");
	radio_upkeep(s->core.radio);
	if (!radio_is_locked(s->core.radio)) { /* they send */
		(void)due_run(&s->core);
		watch_upkeep(s->core.watch);
		forward_upkeep(&s->core);
	}
	if (turn_commit(s->core.turn) == 0) { /* no checkpoint in between */
		store_checkpoint(s->core.store);
		purge_finish(&s->core);
	}
	(void)malloc_trim(0); /* an import of thousands leaves much behind */
}

/* What the desk does by itself. Whatever is further away than the next upkeep is
 * seen there: the wall clock may be set. */
static void
server_due_cb(evutil_socket_t fd, short what, void *arg)
{
	struct server *s = arg;

	(void)fd;
	(void)what;
	s->due_at = 0;
	if (!radio_is_locked(s->core.radio))
		(void)due_run(&s->core);
}

static void
server_await_due(struct server *s)
{
	struct timeval tv = {0};
	int64_t at, now;

	if (radio_is_locked(s->core.radio))
		return;
	at = due_first(&s->core);
	if (at == s->due_at)
		return;
	now = clock_now();
	if (at > now + UPKEEP_S)
		return;
	tv.tv_sec = at > now ? at - now : 0;
	if (event_add(s->due, &tv) == 0)
		s->due_at = at;
}

/* Modems start when a case can be sealed: before that an inbound text could
 * not be kept as it must be. */
static void
server_start_radio(struct server *s)
{
	if (s->is_radio_started || s->is_stopping || !desk_is_ready(&s->core))
		return;
	s->is_radio_started = true;
	log_info("keys are set up, modems start n=%zu", s->conf->nmodems);
	radio_start(s->core.radio);
}

/* --- signals --- */

static void
server_stopped(void *ctx)
{
	struct server *s = ctx;

	s->is_stopped = true;
}

static void
server_stop(struct server *s, int signal)
{
	if (s->is_stopping)
		return;
	log_info("daemon stops signal=%d", signal);
	s->is_stopping = true;
	http_stop(s->http);
	radio_stop(s->core.radio, server_stopped, s);
}

/* A pack is not refused for it: what people write must be understood. */
static void
server_tell_stale(const struct content_hotline *h, void *ctx)
{
	(void)ctx;
	log_warn("hotline needs a test call number=%s last=%s", h->number,
	    h->verified);
}

static int
op_plan_heartbeat(void *arg)
{
	struct server *s = arg;

	return duty_plan_heartbeat(&s->core);
}

/* Certificate and key, now and again. False: they cannot be used, and the old
 * ones stay. */
static bool
server_load_tls(struct server *s)
{
	const struct conf *c = s->conf;
	const char *why = NULL;

	if (c->tls_cert[0] != '\0')
		why = http_set_tls(s->http, c->tls_cert, c->tls_key);
	if (why != NULL)
		log_err("tls_cert: %s", why);
	return why == NULL;
}

/* No text of a pack may hold words of a trusted address. 0 or an error, which
 * was logged. */
static int
server_guard_content(struct server *s, const struct content *content)
{
	const char *name;
	int rc = outbox_guard_content(&s->core, content, &name);

	if (rc == TC_ENOTREADY) { /* nothing is sent before the unlock */
		log_warn("texts are not compared with trusted addresses: the "
			 "data key is locked");
		return 0;
	}
	if (rc != 0)
		log_err("a text of the content pack must not go out: it holds "
			"words of a trusted address (M19) text=%s",
		    name);
	return rc;
}

/* Whole or not at all. Options that need a restart keep the old file. */
static void
server_reload(struct server *s)
{
	struct content *content = NULL;
	struct faults faults;
	struct conf *conf;
	const char *option;
	size_t i;
	char *text;

	faults_init(&faults);
	conf = conf_load(s->conf->file, &faults);
	if (conf != NULL)
		content = content_load(conf->content_dir, &faults);
	for (i = 0; i < faults.n; i++) {
		text = faults_text(&faults, i);
		log_err("reload %s", text);
		free(text);
	}
	faults_clear(&faults);
	if (content != NULL && server_guard_content(s, content) != 0) {
		content_free(content);
		content = NULL;
	}
	if (content == NULL || !server_load_tls(s)) {
		content_free(content);
		log_err("reload refused, the old configuration stays");
		conf_free(conf);
		return;
	}
	option = conf_needs_restart(s->conf, conf);
	if (option != NULL)
		log_warn("reload takes the content only, an option needs a "
			 "restart option=%s",
		    option);
	else
		log_set_level(conf->log_level);
	conf_free(conf);
	content_free(s->content);
	s->content = content;
	s->core.content = content;
	outbox_touch();
	if (turn_run(s->core.turn, op_plan_heartbeat, s) != 0)
		log_warn("the daily text stays when it was");
	(void)content_stale_hotlines(
	    content, clock_now(), server_tell_stale, NULL);
	log_info("reloaded");
}

static void
server_signal_cb(evutil_socket_t fd, short what, void *arg)
{
	struct server *s = arg;

	(void)what;
	if (fd == SIGHUP)
		server_reload(s);
	else
		server_stop(s, (int)fd);
}

/* --- start --- */

/* Ours until we end: a second daemon would call uncertain what the first has
 * on the air, and make a modem wait for a child that is not gone. */
static int
server_lock(struct server *s)
{
	const char *dir = s->conf->state_dir;

	if (mkdir(dir, 0700) != 0 && access(dir, W_OK) != 0) {
		log_err("state folder cannot be used path=%s", dir);
		return TC_EIO;
	}
	s->lock_fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (s->lock_fd < 0 || flock(s->lock_fd, LOCK_EX | LOCK_NB) != 0) {
		log_err("state folder cannot be locked, another daemon uses "
			"it? path=%s",
		    dir);
		return TC_EIO;
	}
	return 0;
}

/* The data key, or the lock that waits for a passphrase. */
static int
server_open_vault(struct server *s)
{
	int rc;

	if ((rc = vault_init()) != 0 ||
	    (rc = vault_open(s->conf->key_source, &s->core.vault)) != 0) {
		log_err("data key cannot be read source=%s why=\"%s\"",
		    s->conf->key_source, tc_strerror(rc));
		return rc;
	}
	rc = house_open(&s->core);
	if (rc == TC_ECRYPTO)
		log_err("data key is not that of this database source=%s",
		    s->conf->key_source);
	else if (rc != 0)
		log_err("house key cannot be kept why=\"%s\"", tc_strerror(rc));
	else if (vault_is_locked(s->core.vault))
		log_warn(
		    "daemon is locked: it receives and sends nothing until "
		    "tincayctl unlock");
	return rc;
}

static int
server_open_data(struct server *s)
{
	int rc;

	if ((rc = server_lock(s)) != 0)
		return rc;
	if ((rc = store_open(s->conf->state_dir, &s->core.store)) != 0) {
		log_err("database cannot be opened dir=%s why=\"%s\"",
		    s->conf->state_dir, tc_strerror(rc));
		return rc;
	}
	s->core.turn = turn_new(s->core.store);
	if ((rc = server_open_vault(s)) != 0)
		return rc;
	s->core.ussd = ussd_new();
	s->core.budget = budget_new();
	s->core.flood = flood_new();
	s->core.selftest = selftest_new(&s->core);
	s->core.watch = watch_new(&s->core);
	return 0;
}

static int
op_lost_all(void *arg)
{
	struct server *s = arg;

	return outbox_on_lost(&s->core, NULL);
}

static int
op_drop_orphans(void *arg)
{
	struct server *s = arg;

	return outbox_drop_orphans(&s->core);
}

/* What was on its way when the last daemon ended is uncertain until the spool
 * of its modem says otherwise. */
static int
server_settle(struct server *s)
{
	int n;

	n = turn_run(s->core.turn, op_lost_all, s);
	if (n > 0)
		log_warn(
		    "parts were on their way when the daemon ended n=%d", n);
	if (n >= 0)
		n = turn_run(s->core.turn, op_drop_orphans, s);
	if (n > 0)
		log_warn("messages waited for modems that are not in the "
			 "configuration n=%d",
		    n);
	if (n >= 0)
		n = turn_run(s->core.turn, op_plan_heartbeat, s);
	return n < 0 ? n : turn_commit(s->core.turn);
}

static int
server_open_http(struct server *s)
{
	int rc;

	s->worker = worker_new(s->base);
	if (s->worker == NULL) {
		log_err("worker thread cannot be started");
		return TC_EIO;
	}
	s->http = http_new(&s->core, s->base, s->worker);
	if (!server_load_tls(s))
		return TC_EINVAL;
	if ((rc = http_listen_unix(s->http, s->conf->control)) != 0)
		return rc;
	return http_listen_tcp(
	    s->http, s->conf->listen_host, s->conf->listen_port);
}

static int
server_open_events(struct server *s)
{
	static const int numbers[] = {SIGTERM, SIGINT, SIGHUP};
	struct timeval tv = {.tv_sec = UPKEEP_S};
	size_t i;

	for (i = 0; i < TC_NELEM(numbers); i++) {
		s->signals[i] =
		    evsignal_new(s->base, numbers[i], server_signal_cb, s);
		if (s->signals[i] == NULL ||
		    event_add(s->signals[i], NULL) != 0)
			return TC_EIO;
	}
	s->wake = evtimer_new(s->base, server_wake_cb, s);
	s->due = event_new(s->base, -1, 0, server_due_cb, s);
	s->upkeep = event_new(s->base, -1, EV_PERSIST, server_upkeep_cb, s);
	if (s->wake == NULL || s->due == NULL)
		return TC_EIO;
	return s->upkeep != NULL && event_add(s->upkeep, &tv) == 0 ? 0 : TC_EIO;
}

static void
server_open_files(void)
{
	struct rlimit lim;

	(void)signal(SIGPIPE, SIG_IGN);
	if (getrlimit(RLIMIT_NOFILE, &lim) == 0 &&
	    lim.rlim_cur < lim.rlim_max) {
		lim.rlim_cur = lim.rlim_max < 8192 ? lim.rlim_max : 8192;
		(void)setrlimit(RLIMIT_NOFILE, &lim);
	}
}

static int
server_open(struct server *s)
{
	const struct radio_ops ops = radio_ops_of(&s->core);
	int rc;

	server_open_files();
	outbox_on_unsent(desk_on_unsent);
	if ((rc = server_open_data(s)) != 0 || (rc = server_settle(s)) != 0)
		return rc;
	/* Help must not end with it: that one text is held back at the door. */
	(void)server_guard_content(s, s->content);
	(void)content_stale_hotlines(
	    s->content, clock_now(), server_tell_stale, NULL);
	if ((s->base = event_base_new()) == NULL)
		return TC_EIO;
	s->core.radio = radio_new(&s->core, s->base, &ops);
	s->core.forward = forward_new(&s->core, s->base);
	if ((rc = server_open_http(s)) != 0)
		return rc;
	return server_open_events(s);
}

int
server_test_content(
    const struct conf *conf, const struct content *content, const char **why)
{
	struct core c = {.conf = conf, .content = content};
	char *path = xasprintf("%s/tincay.db", conf->state_dir);
	bool is_new = access(path, F_OK) != 0;
	int rc;

	free(path);
	*why = "";
	if (is_new)
		return 0; /* no daemon has run: there is no address */
	if ((rc = vault_init()) == 0)
		rc = vault_open(conf->key_source, &c.vault);
	if (rc == 0)
		rc = store_open_reader(conf->state_dir, &c.store);
	if (rc != 0)
		rc = TC_ENOTREADY;
	else
		rc = outbox_guard_content(&c, content, why);
	store_close(c.store);
	vault_close(c.vault);
	return rc;
}

int
server_new(struct conf *conf, struct content *content, struct server **out)
{
	struct server *s = xcalloc(1, sizeof(*s));
	int rc;

	s->lock_fd = -1;
	s->conf = conf;
	s->content = content;
	s->core.conf = conf;
	s->core.content = content;
	outbox_on_unsent(desk_on_unsent);
	rc = server_open(s);
	if (rc != 0) {
		server_free(s);
		return rc;
	}
	*out = s;
	return 0;
}

void
server_run(struct server *s)
{
	bool has_more;

	log_info("daemon ready version=%s modems=%zu", PACKAGE_VERSION,
	    s->conf->nmodems);
	while (!s->is_stopped) {
		server_start_radio(s);
		has_more = radio_take_in(s->core.radio);
		radio_pump(s->core.radio);
		(void)turn_commit(s->core.turn);
		if (s->is_stopped)
			break;
		server_arm_wake(s);
		server_await_due(s);
		has_more = has_more || radio_has_more(s->core.radio);
		if (event_base_loop(s->base,
			has_more ? EVLOOP_NONBLOCK : EVLOOP_ONCE) < 0) {
			log_err("event loop failed");
			break;
		}
	}
	(void)turn_commit(s->core.turn);
}

void
server_free(struct server *s)
{
	size_t i;

	worker_free(s->worker);
	if (s->core.turn != NULL)
		(void)turn_commit(s->core.turn);
	http_free(s->http);
	forward_free(s->core.forward);
	radio_free(s->core.radio);
	for (i = 0; i < TC_NELEM(s->signals); i++)
		if (s->signals[i] != NULL)
			event_free(s->signals[i]);
	if (s->upkeep != NULL)
		event_free(s->upkeep);
	if (s->wake != NULL)
		event_free(s->wake);
	if (s->due != NULL)
		event_free(s->due);
	if (s->base != NULL)
		event_base_free(s->base);
	turn_free(s->core.turn);
	watch_free(s->core.watch);
	selftest_free(s->core.selftest);
	ussd_free(s->core.ussd);
	budget_free(s->core.budget);
	flood_free(s->core.flood);
	store_close(s->core.store);
	vault_close(s->core.vault);
	if (s->lock_fd >= 0)
		close(s->lock_fd);
	content_free(s->content);
	conf_free(s->conf);
	free(s);
}
