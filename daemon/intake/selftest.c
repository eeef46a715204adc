/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Texts of modems to themselves: selftest.h. Called by the API and by intake.c;
 * owns who waits for which token, one a modem. */
#include "config.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "clock.h"
#include "conf.h"
#include "inbound.h"
#include "intake/content.h"
#include "intake/selftest.h"
#include "log.h"
#include "outbox/outbox.h"
#include "turn.h"
#include "vault/vault.h"

/* Eight hex digits of the time, eight of the hash over it. */
#define TIME_DIGITS 8
#define TOKEN_DIGITS 16
#define TOKEN_SIZE (TOKEN_DIGITS + 1)

struct pending {
	char token[TOKEN_SIZE]; /* "" = nobody waits */
	int64_t sent_ms;
	selftest_cb cb;
	void *ctx;
};

struct selftest {
	struct core *core;
	struct pending *pending; /* by place of the modem in conf */
};

struct selftest *
selftest_new(struct core *c)
{
	struct selftest *t = xcalloc(1, sizeof(*t));

	t->core = c;
	t->pending = xcalloc(c->conf->nmodems + 1, sizeof(*t->pending));
	return t;
}

void
selftest_free(struct selftest *t)
{
	if (t == NULL)
		return;
	free(t->pending);
	free(t);
}

/* --- tokens --- */

/* The hash that belongs to a time and a modem, as hex digits. */
static void
token_hash(const struct vault *v, const char *modem,
    const char time[TIME_DIGITS], char *out)
{
	unsigned char mac[VAULT_MAC];
	struct buf what;

	buf_init(&what, 128);
	buf_printf(&what, "selftest %.*s %s", TIME_DIGITS, time, modem);
	vault_mac(v, VAULT_MODEM, what.data, what.len, mac);
	buf_clear(&what);
	hex_encode(out, mac, (TOKEN_DIGITS - TIME_DIGITS) / 2);
}

static void
token_make(
    const struct vault *v, const char *modem, int64_t now, char out[TOKEN_SIZE])
{
	unsigned char time[TIME_DIGITS / 2];
	size_t i;

	for (i = 0; i < sizeof(time); i++)
		time[i] = (unsigned char)((uint64_t)now >>
					  8 * (sizeof(time) - 1 - i));
	hex_encode(out, time, sizeof(time));
	token_hash(v, modem, out, out + TIME_DIGITS);
}

/* The token in a text that came to this modem, or false. */
static bool
token_find(const struct vault *v, const char *modem, const char *text,
    char out[TOKEN_SIZE])
{
	char hash[TOKEN_DIGITS - TIME_DIGITS + 1];
	size_t n;

	for (; *text != '\0'; text += n > 0 ? n : 1) {
		n = strspn(text, "0123456789abcdef");
		if (n != TOKEN_DIGITS)
			continue;
		token_hash(v, modem, text, hash);
		if (memcmp(text + TIME_DIGITS, hash, sizeof(hash) - 1) != 0)
			continue;
		memcpy(out, text, TOKEN_DIGITS);
		out[TOKEN_DIGITS] = '\0';
		return true;
	}
	return false;
}

/* --- sending --- */

/* "09:03:12 69af3c0c1a2b3c4d" */
static int
selftest_queue(struct selftest *t, const struct conf_modem *m,
    const char *token, int64_t *message_id)
{
	struct core *c = t->core;
	int64_t now = clock_now();
	int minute =
	    clock_minute_of_day(now, content_commune(c->content)->zone_minutes);
	char slots[64];
	const struct outbox_staff s = {.number = m->number,
	    .template_id = "TEST",
	    .slots = slots,
	    .lane = LANE_REPLY,
	    .expires_at = now + SELFTEST_S,
	    .modem = m->name,
	    .not_modem = ""};
	int rc;

	rc =
	    str_printf(slots, sizeof(slots), "{\"time\":\"%02d:%02d:%02d %s\"}",
		minute / 60, minute % 60, (int)(now % 60), token);
	return rc != 0 ? rc : outbox_staff(c, &s, message_id);
}

int
selftest_send(struct selftest *t, const char *modem, selftest_cb cb, void *ctx,
    int64_t *message_id)
{
	const struct conf *conf = t->core->conf;
	const struct conf_modem *m = conf_modem_by_name(conf, modem);
	struct pending *p;
	char token[TOKEN_SIZE];
	int rc;

	if (m == NULL)
		return TC_ENOENT;
	if (m->number[0] == '\0')
		return TC_EINVAL;
	p = &t->pending[m - conf->modems];
	if (p->cb != NULL)
		return TC_EAGAIN;
	token_make(t->core->vault, modem, clock_now(), token);
	rc = selftest_queue(t, m, token, message_id);
	if (rc != 0)
		return rc;
	memcpy(p->token, token, sizeof(p->token));
	p->sent_ms = clock_mono_ms();
	p->cb = cb;
	p->ctx = ctx;
	return 0;
}

void
selftest_forget(struct selftest *t, const void *ctx)
{
	size_t i;

	for (i = 0; i < t->core->conf->nmodems; i++)
		if (t->pending[i].ctx == ctx)
			memset(&t->pending[i], 0, sizeof(t->pending[i]));
}

/* --- receiving --- */

struct arrival {
	struct selftest *test;
	char token[TOKEN_SIZE];
};

static void
arrival_let_out(void *arg)
{
	struct arrival *a = arg;
	struct selftest *t = a->test;
	struct pending p;
	size_t i;

	for (i = 0; i < t->core->conf->nmodems; i++) {
		p = t->pending[i];
		if (strcmp(p.token, a->token) != 0)
			continue;
		memset(&t->pending[i], 0, sizeof(t->pending[i]));
		p.cb(clock_mono_ms() - p.sent_ms, p.ctx);
		break;
	}
	free(a);
}

bool
selftest_receive(struct core *c, const struct inbound *in)
{
	char token[TOKEN_SIZE];
	struct arrival *a;

	if (!token_find(c->vault, in->modem, in->text, token))
		return false;
	log_info("self-test came back modem=%s", in->modem);
	if (c->selftest == NULL)
		return true;
	a = xmalloc(sizeof(*a));
	a->test = c->selftest;
	memcpy(a->token, token, sizeof(a->token));
	turn_defer(c->turn, EFFECT_ANSWER, arrival_let_out, free, a);
	return true;
}
