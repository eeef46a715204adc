/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The door of an operator's or aggregator's USSD gateway: form fields in, "CON"
 * or "END" and a screen out. Only with the secret of ussd_secret_file, and only
 * from the addresses of ussd_from; an error of HTTP ends the session.
 */
#include "config.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#include <event2/bufferevent.h>
#include <event2/http.h>

#include "clock.h"
#include "conf.h"
#include "http/server.h"
#include "intake/ussd.h"
#include "log.h"
#include "secretfile.h"
#include "vault/vault.h"

#define BEARER "Bearer "
#define SECRET_MIN 16
#define SECRET_MAX 256

struct ussd_door {
	bool is_open;
	unsigned char secret_hash[32];
};

struct ussd_door *
ussd_door_new(const struct conf *conf)
{
	struct ussd_door *d = xcalloc(1, sizeof(*d));
	char secret[SECRET_MAX + 1] = "";
	size_t len = 0;
	int rc;

	if (conf->ussd_secret_file[0] == '\0')
		return d;
	rc = secretfile_read(
	    conf->ussd_secret_file, SECRETFILE_OWN, secret, SECRET_MAX, &len);
	if (rc == 0)
		secret[strcspn(secret, "\r\n")] = '\0';
	d->is_open = rc == 0 && strlen(secret) >= SECRET_MIN;
	if (d->is_open)
		vault_token_hash(secret, d->secret_hash);
	else
		log_err("ussd secret cannot be used, /ussd stays closed "
			"path=%s why=\"%s\"",
		    conf->ussd_secret_file,
		    rc != 0 ? tc_strerror(rc) : "shorter than 16 characters");
	explicit_bzero(secret, sizeof(secret));
	return d;
}

void
ussd_door_free(struct ussd_door *d)
{
	free(d);
}

/* As the socket shows it; an IPv4 address in its IPv6 form is IPv4. */
static bool
ussd_peer(const struct api_req *r, char out[INET6_ADDRSTRLEN])
{
	struct sockaddr_storage ss;
	socklen_t len = sizeof(ss);
	const void *address;

	memset(&ss, 0, sizeof(ss));
	if (getpeername(bufferevent_getfd(r->conn->bev), (struct sockaddr *)&ss,
		&len) != 0)
		return false;
	if (ss.ss_family == AF_INET)
		address = &((struct sockaddr_in *)&ss)->sin_addr;
	else if (ss.ss_family == AF_INET6)
		address = &((struct sockaddr_in6 *)&ss)->sin6_addr;
	else
		return false;
	if (inet_ntop(ss.ss_family, address, out, INET6_ADDRSTRLEN) == NULL)
		return false;
	if (strncmp(out, "::ffff:", 7) == 0 && strchr(out, '.') != NULL)
		memmove(out, out + 7, strlen(out + 7) + 1);
	return true;
}

static bool
ussd_may_come(const struct api_req *r)
{
	const struct opt_list *from = &r->core->conf->ussd_from;
	char peer[INET6_ADDRSTRLEN];
	size_t i;

	if (!ussd_peer(r, peer))
		return false;
	for (i = 0; i < from->n; i++)
		if (strcmp(from->items[i].text, peer) == 0)
			return true;
	return false;
}

/* In the header, or, for gateways that know an address only, as ?key=. */
static bool
ussd_knows_secret(const struct api_req *r)
{
	const char *given = evhttp_find_header(
	    evhttp_request_get_input_headers(r->ev), "Authorization");
	unsigned char hash[32];

	if (given != NULL && strncasecmp(given, BEARER, strlen(BEARER)) == 0)
		given += strlen(BEARER);
	else
		given = api_query_text(r, "key");
	if (given == NULL)
		return false;
	/* Of hashes: how long it takes tells nothing of the secret. */
	vault_token_hash(given, hash);
	return memcmp(hash, r->http->ussd->secret_hash, sizeof(hash)) == 0;
}

int
api_ussd_prepare(struct api_req *r)
{
	if (!r->http->ussd->is_open)
		return api_refuse(
		    r, TC_ENOENT, 404, "there is no such resource");
	if (!ussd_may_come(r) || !ussd_knows_secret(r)) {
		log_warn("ussd gateway refused");
		return api_refuse(r, TC_EDENIED, 403, "not from there");
	}
	return 0;
}

int
api_ussd_step(struct api_req *r)
{
	struct ussd_step step = {.session = api_body_text(r, "sessionId"),
	    .number = api_body_text(r, "phoneNumber"),
	    .text = api_body_text(r, "text"),
	    .mono_ms = clock_mono_ms()};
	char screen[MENU_SCREEN_MAX];
	bool more;
	int rc;

	if (step.text == NULL)
		step.text = "";
	rc = ussd_take_step(r->core, &step, screen, &more);
	if (rc == TC_EINVAL)
		return api_refuse_field(
		    r, rc, 422, "text", "is not a path of digits and *");
	if (rc != 0)
		return rc;
	return api_reply_text(r, 200, "text/plain; charset=utf-8",
	    xasprintf("%s %s", more ? "CON" : "END", screen));
}

int
api_ussd_end(struct api_req *r)
{
	ussd_end(r->core, api_body_text(r, "sessionId"));
	return api_reply_text(r, 200, "text/plain; charset=utf-8", xstrdup(""));
}
