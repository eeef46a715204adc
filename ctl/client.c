/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * HTTP with libcurl's easy interface: one handle, used again for every request
 * so that the connection stays.
 *
 * Called by ctl.c for all verbs. Owns the handle and the copy of the token. The
 * network, the server and its answers may be anything: sizes are capped, times
 * bounded, and what is not JSON is an error.
 */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <curl/curl.h>

#include "ctl/client.h"
#include "ctl/keyfile.h"
#include "ctl/progress.h"
#include "ctl/token.h"

#define BASE "/api/v1"
#define HEADERS_MAX 65536
#define CONNECT_MS 5000L
#define ANSWER_S 60L  /* the whole of a request but its wait */
#define UPLOAD_S 600L /* with a body of megabytes on a slow line */
#define SILENCE_S 30L /* no byte for so long: the line is dead */
#define RETRY_MS 200  /* doubled each time */
#define RETRY_AFTER_MAX 5
#define KEY_BYTES 16

struct client {
	CURL *curl;
	char *server; /* the name for the token file */
	char *base;   /* "http://tincay/api/v1" */
	char *authorization;
};

/* What one try brings. */
struct exchange {
	struct buf body;
	size_t header_bytes;
	long retry_after;
	struct progress *progress;
};

/* --- where to --- */

/* http is for this machine only: names and addresses of the loopback. */
static bool
url_host_is_loopback(const char *host)
{
	static const char *const names[] = {"localhost", "::1", "[::1]"};
	size_t i;

	for (i = 0; i < TC_NELEM(names); i++)
		if (strcmp(host, names[i]) == 0)
			return true;
	return strncmp(host, "127.", 4) == 0 &&
	       strspn(host, "0123456789.") == strlen(host);
}

static bool
url_has(CURLU *u, CURLUPart part)
{
	char *value = NULL;
	bool has = curl_url_get(u, part, &value, 0) == CURLUE_OK;

	curl_free(value);
	return has;
}

static const char *
url_fault(CURLU *u, const char *scheme, const char *host)
{
	if (url_has(u, CURLUPART_USER) || url_has(u, CURLUPART_PASSWORD) ||
	    url_has(u, CURLUPART_QUERY) || url_has(u, CURLUPART_FRAGMENT))
		return "địa chỉ máy chủ chỉ gồm https://TÊN[:CỔNG]";
	if (strcmp(scheme, "https") == 0)
		return NULL;
	if (strcmp(scheme, "http") != 0)
		return "chỉ dùng được https:// hoặc http://";
	if (!url_host_is_loopback(host))
		return "http không mã hóa, chỉ dùng được trên chính máy này; "
		       "hãy dùng https://";
	return NULL;
}

/* Check a URL and bring it to its canonical form without a last slash. */
static int
url_read(const char *url, char **out, const char **why)
{
	char *scheme = NULL, *host = NULL, *whole = NULL;
	CURLU *u = curl_url();
	size_t len;

	*why = "không đọc được địa chỉ máy chủ";
	if (u != NULL && curl_url_set(u, CURLUPART_URL, url, 0) == CURLUE_OK &&
	    curl_url_get(u, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK &&
	    curl_url_get(u, CURLUPART_HOST, &host, 0) == CURLUE_OK &&
	    curl_url_get(u, CURLUPART_URL, &whole, 0) == CURLUE_OK)
		*why = url_fault(u, scheme, host);
	if (*why == NULL) {
		len = strlen(whole);
		while (len > 0 && whole[len - 1] == '/')
			len--;
		*out = xstrndup(whole, len);
	}
	curl_free(scheme);
	curl_free(host);
	curl_free(whole);
	curl_url_cleanup(u);
	return *why == NULL ? 0 : TC_EINVAL;
}

static int
client_aim(struct client *cl, const struct client_options *o, const char **why)
{
	char *real;

	if (o->url != NULL) {
		if (url_read(o->url, &cl->server, why) != 0)
			return TC_EINVAL;
		cl->base = xasprintf("%s" BASE, cl->server);
		return 0;
	}
	real = realpath(o->socket, NULL);
	cl->server = xasprintf("unix:%s", real != NULL ? real : o->socket);
	free(real);
	cl->base = xstrdup("http://tincay" BASE);
	curl_easy_setopt(cl->curl, CURLOPT_UNIX_SOCKET_PATH, o->socket);
	return 0;
}

int
client_new(
    const struct client_options *o, struct client **out, const char **why)
{
	struct client *cl = xcalloc(1, sizeof(*cl));

	*why = "không khởi động được libcurl";
	if (curl_global_init(CURL_GLOBAL_DEFAULT) == 0)
		cl->curl = curl_easy_init();
	if (cl->curl == NULL || client_aim(cl, o, why) != 0) {
		client_free(cl);
		return TC_EINVAL;
	}
	curl_easy_setopt(cl->curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(cl->curl, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(cl->curl, CURLOPT_PROXY, "");
	curl_easy_setopt(cl->curl, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(cl->curl, CURLOPT_PATH_AS_IS, 1L);
	curl_easy_setopt(cl->curl, CURLOPT_CONNECTTIMEOUT_MS, CONNECT_MS);
	curl_easy_setopt(
	    cl->curl, CURLOPT_USERAGENT, "tincayctl/" PACKAGE_VERSION);
	curl_easy_setopt(
	    cl->curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	if (o->cacert != NULL)
		curl_easy_setopt(cl->curl, CURLOPT_CAINFO, o->cacert);
	*out = cl;
	return 0;
}

void
client_free(struct client *cl)
{
	if (cl == NULL)
		return;
	if (cl->curl != NULL)
		curl_easy_cleanup(cl->curl);
	client_set_token(cl, NULL);
	free(cl->server);
	free(cl->base);
	free(cl);
	curl_global_cleanup();
}

const char *
client_server(const struct client *cl)
{
	return cl->server;
}

void
client_set_token(struct client *cl, const char *token)
{
	if (cl->authorization != NULL)
		keyfile_wipe(cl->authorization, strlen(cl->authorization));
	free(cl->authorization);
	cl->authorization = NULL;
	if (token != NULL)
		cl->authorization =
		    xasprintf("Authorization: Bearer %s", token);
}

/* --- one try --- */

/* Returning less than it was given makes libcurl stop. */
static size_t
on_body(char *data, size_t size, size_t n, void *ctx)
{
	struct exchange *x = ctx;

	return buf_put(&x->body, data, size * n) == 0 ? size * n : 0;
}

static size_t
on_header(char *data, size_t size, size_t n, void *ctx)
{
	static const char name[] = "retry-after:";
	struct exchange *x = ctx;
	size_t len = size * n, i;

	x->header_bytes += len;
	if (x->header_bytes > HEADERS_MAX)
		return 0;
	if (len < sizeof(name) ||
	    strncasecmp(data, name, sizeof(name) - 1) != 0)
		return len;
	for (i = sizeof(name) - 1; i < len && data[i] == ' '; i++)
		;
	x->retry_after =
	    i < len && data[i] >= '0' && data[i] <= '9' ? data[i] - '0' : 0;
	return len;
}

static int
on_progress(void *ctx, curl_off_t down_total, curl_off_t down,
    curl_off_t up_total, curl_off_t up)
{
	struct exchange *x = ctx;

	(void)down_total;
	(void)down;
	if (up_total > 0)
		progress_show(x->progress, up, up_total, "byte");
	return 0;
}

static struct curl_slist *
headers_make(
    const struct client *cl, const struct client_request *rq, const char *key)
{
	struct curl_slist *list = NULL;
	char *line;

	list = curl_slist_append(list, "Accept: application/json");
	list = curl_slist_append(list, "Expect:");
	if (cl->authorization != NULL)
		list = curl_slist_append(list, cl->authorization);
	if (rq->body != NULL || rq->data != NULL) {
		line = xasprintf("Content-Type: %s",
		    rq->body != NULL ? "application/json" : rq->type);
		list = curl_slist_append(list, line);
		free(line);
	}
	if (key[0] != '\0') {
		line = xasprintf("Idempotency-Key: %s", key);
		list = curl_slist_append(list, line);
		free(line);
	}
	return list;
}

static void
request_set(CURL *curl, const struct client_request *rq, struct exchange *x)
{
	long limit = rq->data != NULL ? UPLOAD_S : ANSWER_S;

	curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, rq->method);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT, limit + rq->wait_s);
	curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
	curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, SILENCE_S + rq->wait_s);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, x);
	curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(curl, CURLOPT_HEADERDATA, x);
	curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, on_progress);
	curl_easy_setopt(curl, CURLOPT_XFERINFODATA, x);
	curl_easy_setopt(
	    curl, CURLOPT_NOPROGRESS, x->progress == NULL ? 1L : 0L);
	if (strcmp(rq->method, "GET") == 0) {
		curl_easy_setopt(curl, CURLOPT_HTTPGET, 1L);
		curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, NULL);
	}
}

/* The body, as bytes that live as long as *text. */
static void
request_set_body(CURL *curl, const struct client_request *rq, char **text)
{
	const void *data = rq->data;
	size_t len = rq->len;

	if (strcmp(rq->method, "GET") == 0)
		return;
	if (rq->body != NULL) {
		*text = json_dumps(rq->body, JSON_COMPACT);
		data = *text;
		len = *text != NULL ? strlen(*text) : 0;
	}
	if (data == NULL && strcmp(rq->method, "DELETE") == 0) {
		curl_easy_setopt(curl, CURLOPT_HTTPGET, 1L);
		curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, rq->method);
		return;
	}
	curl_easy_setopt(curl, CURLOPT_POST, 1L);
	curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)len);
	curl_easy_setopt(curl, CURLOPT_POSTFIELDS, data != NULL ? data : "");
}

/* Errors behind which the request may be sent again: the line broke. */
static bool
curl_is_lost(CURLcode code)
{
	return code == CURLE_SEND_ERROR || code == CURLE_RECV_ERROR ||
	       code == CURLE_GOT_NOTHING || code == CURLE_PARTIAL_FILE ||
	       code == CURLE_COULDNT_CONNECT;
}

/* Nobody is there to talk to, and waiting a second will not change it. */
static bool
curl_is_unreachable(CURL *curl, CURLcode code)
{
	long os_errno = 0;

	if (code != CURLE_COULDNT_CONNECT)
		return false;
	curl_easy_getinfo(curl, CURLINFO_OS_ERRNO, &os_errno);
	return os_errno == ENOENT || os_errno == EACCES;
}

static int
answer_fail(struct client_answer *an, int rc, const char *why)
{
	(void)!str_printf(an->error, sizeof(an->error), "%s", why);
	return rc;
}

/* Turn what arrived into an answer. */
static int
answer_read(struct exchange *x, struct client_answer *an)
{
	json_error_t error;

	if (x->body.len == 0)
		return 0;
	an->json = json_loadb((const char *)x->body.data, x->body.len,
	    JSON_REJECT_DUPLICATES, &error);
	if (json_is_object(an->json))
		return 0;
	json_decref(an->json);
	an->json = NULL;
	/* A refusal may come from something in between that speaks HTML. */
	if (an->status >= 300)
		return 0;
	return answer_fail(an, TC_EPROTO, "the answer is not a JSON object");
}

static int
client_try(struct client *cl, const struct client_request *rq, const char *key,
    struct client_answer *an, struct exchange *x)
{
	struct curl_slist *headers = headers_make(cl, rq, key);
	char *url = xasprintf("%s%s", cl->base, rq->path), *text = NULL;
	CURLcode code;
	int rc;

	request_set(cl->curl, rq, x);
	request_set_body(cl->curl, rq, &text);
	curl_easy_setopt(cl->curl, CURLOPT_URL, url);
	curl_easy_setopt(cl->curl, CURLOPT_HTTPHEADER, headers);
	code = curl_easy_perform(cl->curl);
	curl_easy_getinfo(cl->curl, CURLINFO_RESPONSE_CODE, &an->status);
	an->unreachable = curl_is_unreachable(cl->curl, code);
	if (code == CURLE_OK)
		rc = answer_read(x, an);
	else if (buf_error(&x->body) != 0)
		rc = answer_fail(an, TC_EFULL, "the answer is too large");
	else
		rc = answer_fail(an, curl_is_lost(code) ? TC_EAGAIN : TC_EIO,
		    curl_easy_strerror(code));
	curl_easy_setopt(cl->curl, CURLOPT_HTTPHEADER, NULL);
	curl_easy_setopt(cl->curl, CURLOPT_POSTFIELDS, NULL);
	curl_slist_free_all(headers);
	if (text != NULL)
		keyfile_wipe(text, strlen(text));
	free(text);
	free(url);
	return rc;
}

/* --- the request --- */

static void
sleep_ms(long ms)
{
	struct timespec ts = {ms / 1000, ms % 1000 * 1000000};

	(void)nanosleep(&ts, NULL);
}

static long
retry_delay_ms(int attempt, long retry_after)
{
	long ms = (long)RETRY_MS << attempt;

	if (retry_after > RETRY_AFTER_MAX)
		retry_after = RETRY_AFTER_MAX;
	return retry_after * 1000 > ms ? retry_after * 1000 : ms;
}

/* One key for all tries, so that the daemon knows them for one. */
static int
key_make(const struct client_request *rq, char key[2 * KEY_BYTES + 1])
{
	unsigned char bytes[KEY_BYTES];

	key[0] = '\0';
	if (strcmp(rq->method, "POST") != 0)
		return 0;
	if (getentropy(bytes, sizeof(bytes)) != 0)
		return TC_EIO;
	hex_encode(key, bytes, sizeof(bytes));
	return 0;
}

int
client_call(struct client *cl, const struct client_request *rq,
    struct client_answer *an)
{
	struct exchange x = {.progress = rq->progress};
	char key[2 * KEY_BYTES + 1];
	bool again;
	int attempt, rc;

	memset(an, 0, sizeof(*an));
	if (key_make(rq, key) != 0)
		return answer_fail(an, TC_EIO, "no random numbers");
	for (attempt = 0;; attempt++) {
		buf_init(&x.body, CLIENT_BODY_MAX);
		x.header_bytes = 0;
		x.retry_after = 0;
		rc = client_try(cl, rq, key, an, &x);
		buf_clear(&x.body);
		again = (rc == TC_EAGAIN && !an->unreachable) ||
			(rc == 0 && an->status == 503);
		if (!again || rq->once || attempt == CLIENT_RETRIES)
			break;
		client_answer_clear(an);
		sleep_ms(retry_delay_ms(attempt, x.retry_after));
	}
	return rc == TC_EAGAIN ? TC_EIO : rc;
}

void
client_answer_clear(struct client_answer *an)
{
	json_decref(an->json);
	memset(an, 0, sizeof(*an));
}

/* --- paths --- */

static void
path_put_escaped(struct buf *path, const char *s)
{
	char *escaped = curl_easy_escape(NULL, s, 0);

	buf_put_str(path, escaped != NULL ? escaped : "");
	curl_free(escaped);
}

void
client_path_add(struct buf *path, const char *name, const char *value)
{
	if (value == NULL)
		return;
	buf_put_char(path, strchr(buf_str(path), '?') == NULL ? '?' : '&');
	buf_put_str(path, name);
	buf_put_char(path, '=');
	path_put_escaped(path, value);
}

void
client_path_segment(struct buf *path, const char *segment)
{
	buf_put_char(path, '/');
	path_put_escaped(path, segment);
}
