/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The fixture of test_http and test_http_poll; http_fixture.h says what it
 * is. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>
#include <event2/event.h>

#include "clock.h"
#include "conf.h"
#include "desk/desk.h"
#include "forward/forward.h"
#include "http_fixture.h"
#include "intake/budget.h"
#include "intake/content.h"
#include "intake/selftest.h"
#include "log.h"
#include "radio/radio.h"
#include "store/contact.h"
#include "store/store_private.h"
#include "turn.h"
#include "vault/vault.h"
#include "watch/watch.h"
#include "worker.h"

#define WAIT_MS 60000

static char password_hash[VAULT_PWHASH_SIZE];

/* --- the daemon --- */

/* No USSD gateway; the modems of http_radio.c. */
static char none[] = "", code[] = "*101#", pattern[] = "([0-9.]+) ?d";
static char usb0[] = "usb0", usb1[] = "usb1";
static struct conf_modem modems[] = {
    {.name = usb0,
	.number = "+84900000901",
	.ussd_balance = code,
	.balance_pattern = pattern,
	.balance_hours = 12,
	.credit_reserve = 20000},
    {.name = usb1, .ussd_balance = none, .balance_pattern = pattern},
};
static struct conf conf = {.ussd_secret_file = none,
    .webhook_ca = none,
    .webhook_timeout = 5,
    .modems = modems,
    .nmodems = TC_NELEM(modems)};

static void
fx_load(struct fx *f)
{
	char path[128];
	struct faults faults;

	assert_int_equal(vault_init(), 0);
	if (password_hash[0] == '\0')
		assert_int_equal(
		    vault_password_hash("correct horse", password_hash), 0);
	assert_int_equal(
	    str_printf(path, sizeof(path), "%s/data.key", f->dir), 0);
	assert_int_equal(vault_new_key(path), 0);
	assert_int_equal(
	    str_printf(path, sizeof(path), "file:%s/data.key", f->dir), 0);
	assert_int_equal(vault_open(path, &f->core.vault), 0);
	assert_int_equal(store_open(f->dir, &f->core.store), 0);
	f->core.turn = turn_new(f->core.store);
	conf.state_dir = f->dir;
	f->core.conf = &conf;
	faults_init(&faults);
	f->core.radio = (struct radio *)f; /* http_radio.c */
	f->core.content = content_load(TEST_ETC, &faults);
	assert_non_null(f->core.content);
	faults_clear(&faults);
}

struct fx *
fx_open(void)
{
	struct fx *f = xcalloc(1, sizeof(*f));

	log_set_level(LOG_LEVEL_ERR);
	memcpy(f->dir, "/tmp/test_http.XXXXXX", 22);
	assert_non_null(mkdtemp(f->dir));
	assert_int_equal(
	    str_printf(f->sock, sizeof(f->sock), "%s/control.sock", f->dir), 0);
	fx_load(f);
	f->core.budget = budget_new();
	f->core.watch = watch_new(&f->core);
	f->core.selftest = selftest_new(&f->core);
	f->base = event_base_new();
	f->worker = worker_new(f->base);
	assert_non_null(f->worker);
	f->core.forward = forward_new(&f->core, f->base);
	f->http = http_new(&f->core, f->base, f->worker);
	assert_int_equal(http_listen_unix(f->http, f->sock), 0);
	assert_int_equal(http_listen_tcp(f->http, "127.0.0.1", 0), 0);
	return f;
}

void
fx_close(struct fx *f)
{
	char *cmd[] = {(char *)"data.key", (char *)"tincay.db",
	    (char *)"tincay.db-wal", (char *)"tincay.db-shm"};
	char path[128];

	worker_free(f->worker);
	(void)turn_commit(f->core.turn);
	http_free(f->http);
	forward_free(f->core.forward);
	turn_free(f->core.turn);
	watch_free(f->core.watch);
	budget_free(f->core.budget);
	selftest_free(f->core.selftest);
	store_close(f->core.store);
	content_free((struct content *)f->core.content);
	vault_close(f->core.vault);
	event_base_free(f->base);
	for (size_t i = 0; i < TC_NELEM(cmd); i++) {
		(void)!str_printf(path, sizeof(path), "%s/%s", f->dir, cmd[i]);
		(void)unlink(path);
	}
	assert_int_equal(rmdir(f->dir), 0);
	free(f);
}

void
fx_pump(struct fx *f)
{
	event_base_loop(f->base, EVLOOP_NONBLOCK);
	if (!f->hold)
		(void)turn_commit(f->core.turn);
}

int
fx_wakes(struct fx *f, int ms)
{
	int64_t end = clock_mono_ms() + ms;
	struct timeval tv = {0, ms * 1000};
	int n = 0;

	while (clock_mono_ms() < end) {
		event_base_loopexit(f->base, &tv);
		event_base_loop(f->base, EVLOOP_ONCE);
		(void)turn_commit(f->core.turn);
		n++;
	}
	return n;
}

void
fx_sql(struct fx *f, const char *sql)
{
	if (sqlite3_exec(f->core.store->db, sql, NULL, NULL, NULL) != SQLITE_OK)
		fail_msg("%s", sqlite3_errmsg(f->core.store->db));
}

int64_t
fx_value(struct fx *f, const char *sql)
{
	sqlite3_stmt *st;
	int64_t n;

	assert_int_equal(
	    sqlite3_prepare_v2(f->core.store->db, sql, -1, &st, NULL), 0);
	assert_int_equal(sqlite3_step(st), SQLITE_ROW);
	n = sqlite3_column_int64(st, 0);
	sqlite3_finalize(st);
	return n;
}

const char *
fx_user(struct fx *f, const char *name, const char *agency, unsigned roles)
{
	static char tokens[8][VAULT_TOKEN_SIZE];
	static unsigned next;
	char *token = tokens[next++ % TC_NELEM(tokens)];
	unsigned char hash[VAULT_MAC];
	struct user u = {
	    .id = vault_random_id(), .roles = roles, .created_at = clock_now()};

	assert_int_equal(str_printf(u.name, sizeof(u.name), "%s", name), 0);
	assert_int_equal(
	    str_printf(u.agency, sizeof(u.agency), "%s", agency), 0);
	memcpy(u.password, password_hash, sizeof(u.password));
	assert_int_equal(store_user_add(f->core.store, &u), 0);
	vault_token_new(token);
	vault_token_hash(token, hash);
	assert_int_equal(store_session_add(f->core.store, hash, u.id,
			     clock_now(), clock_now() + 1000),
	    0);
	return token;
}

void
fx_set_keys(struct fx *f)
{
	const struct content_commune *k = content_commune(f->core.content);
	struct case_key key;

	for (size_t i = 0; i <= k->nagencies; i++) {
		vault_case_new(&key);
		assert_int_equal(
		    store_agency_set_key(f->core.store,
			i < k->nagencies ? k->agencies[i].code : "RECOVERY",
			key.pk, clock_now()),
		    0);
	}
}

struct filing {
	struct fx *f;
	const char *intent, *text;
};

static int
file_op(void *arg)
{
	struct filing *in = arg;
	struct core *c = &in->f->core;
	struct contact contact = {.id = vault_random_id(), .state = "unknown"};
	struct desk_text t = {.contact_id = contact.id,
	    .intent = content_intent_by_name(c->content, in->intent),
	    .kind = "sms",
	    .number = "+84900000001",
	    .text = in->text,
	    .note = "",
	    .at = clock_now()};
	unsigned char mac[32];
	struct buf box;
	int64_t id;
	int rc;

	vault_random(mac, sizeof(mac));
	buf_init(&box, 64);
	buf_put_str(&box, "box");
	rc = store_contact_add(c->store, &contact, mac, &box, clock_now());
	buf_clear(&box);
	return rc != 0 ? rc : desk_file_text(c, &t, &id);
}

void
fx_file(struct fx *f, const char *intent, const char *text)
{
	struct filing in = {f, intent, text};

	assert_int_equal(turn_run(f->core.turn, file_op, &in), 0);
	assert_int_equal(turn_commit(f->core.turn), 0);
}

/* --- clients --- */

static struct client *
client_new(int fd)
{
	struct client *c = xcalloc(1, sizeof(*c));

	assert_true(fd >= 0);
	c->fd = fd;
	buf_init(&c->in, 1024 * 1024);
	return c;
}

struct client *
client_unix(struct fx *f)
{
	struct sockaddr_un un = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_int_equal(
	    str_printf(un.sun_path, sizeof(un.sun_path), "%s", f->sock), 0);
	assert_int_equal(connect(fd, (struct sockaddr *)&un, sizeof(un)), 0);
	return client_new(fd);
}

struct client *
client_tcp(struct fx *f)
{
	struct sockaddr_in in = {.sin_family = AF_INET,
	    .sin_port = htons(http_port(f->http)),
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_int_equal(connect(fd, (struct sockaddr *)&in, sizeof(in)), 0);
	return client_new(fd);
}

void
client_close(struct client *c)
{
	close(c->fd);
	buf_clear(&c->in);
	free(c);
}

void
client_send(struct client *c, const char *data, size_t len)
{
	assert_int_equal(send(c->fd, data, len, MSG_NOSIGNAL), len);
}

void
client_printf(struct client *c, const char *fmt, ...)
{
	char text[8192];
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	assert_in_range(n, 1, sizeof(text) - 1);
	client_send(c, text, (size_t)n);
}

void
client_request(struct client *c, const char *token, const char *method,
    const char *path, const char *body)
{
	char auth[128] = "", type[64] = "";

	if (token != NULL)
		assert_int_equal(str_printf(auth, sizeof(auth),
				     "Authorization: Bearer %s\r\n", token),
		    0);
	if (body != NULL)
		assert_int_equal(str_printf(type, sizeof(type), "%s",
				     "Content-Type: application/json\r\n"),
		    0);
	client_printf(c,
	    "%s %s HTTP/1.1\r\nHost: localhost\r\n%s%s"
	    "Content-Length: %zu\r\n\r\n%s",
	    method, path, auth, type, body != NULL ? strlen(body) : 0,
	    body != NULL ? body : "");
}

/* Cut one whole answer off the front. */
static bool
client_parse(struct client *c, struct reply *out)
{
	const char *s = buf_str(&c->in), *end = strstr(s, "\r\n\r\n"), *p;
	size_t head, len;

	if (end == NULL)
		return false;
	head = (size_t)(end - s) + 4;
	assert_in_range(head, 16, sizeof(out->head) - 1);
	memset(out, 0, sizeof(*out));
	memcpy(out->head, s, head);
	p = strstr(out->head, "Content-Length: ");
	len = p != NULL ? strtoul(p + 16, NULL, 10) : 0;
	if (c->in.len < head + len)
		return false;
	assert_memory_equal(s, "HTTP/1.", 7);
	out->status = (int)strtol(s + 9, NULL, 10);
	out->body = xstrndup(s + head, len);
	out->json = json_loads(out->body, 0, NULL);
	buf_drain(&c->in, head + len);
	return true;
}

/* Take what has come; false at the end of the stream. */
static bool
client_read(struct client *c)
{
	char part[65536];
	ssize_t n;

	while ((n = recv(c->fd, part, sizeof(part), MSG_DONTWAIT)) > 0)
		assert_int_equal(buf_put(&c->in, part, (size_t)n), 0);
	return n != 0;
}

void
client_wait(struct fx *f, struct client *c, struct reply *out)
{
	int64_t deadline = clock_mono_ms() + WAIT_MS;
	struct pollfd p = {c->fd, POLLIN, 0};
	bool open;

	for (;;) {
		fx_pump(f);
		open = client_read(c);
		if (client_parse(c, out))
			return;
		if (!open || clock_mono_ms() > deadline)
			fail_msg("no answer");
		(void)poll(&p, 1, 1);
	}
}

void
client_wait_eof(struct fx *f, struct client *c)
{
	fx_until(f, !client_read(c));
}

bool
client_is_quiet(struct fx *f, struct client *c)
{
	for (int i = 0; i < 20; i++)
		fx_pump(f);
	return client_read(c) && c->in.len == 0;
}

void
reply_clear(struct reply *r)
{
	free(r->body);
	json_decref(r->json);
	memset(r, 0, sizeof(*r));
}

const char *
reply_text(const struct reply *r, const char *key)
{
	const char *s = json_string_value(json_object_get(r->json, key));

	return s != NULL ? s : "";
}

int64_t
reply_int(const struct reply *r, const char *key)
{
	return json_integer_value(json_object_get(r->json, key));
}

int
fx_call(struct fx *f, const char *token, const char *request, const char *body,
    struct reply *out)
{
	struct client *c = client_unix(f);
	size_t n = strcspn(request, " ");
	char method[16];
	struct reply r;
	int status;

	assert_int_equal(
	    str_printf(method, sizeof(method), "%.*s", (int)n, request), 0);
	client_request(c, token, method, request + n + 1, body);
	client_wait(f, c, &r);
	client_close(c);
	status = r.status;
	if (out != NULL)
		*out = r;
	else
		reply_clear(&r);
	return status;
}
