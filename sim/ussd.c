/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * USSD: a menu of pages that can be changed while running, one session a modem,
 * and requests that the network begins (27.007 clause 7.15). Called by
 * control.c and at_call.c; owns the menu and the sessions.
 */

#include "config.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "charset.h"
#include "persona.h"
#include "radio.h"
#include "sim.h"

#define DCS_GSM 15
#define DCS_UCS2 72
#define SEPTETS_MAX 182 /* in 160 octets (23.038 clause 6.1.2.3) */
#define UNITS_MAX 80
#define HEX_MAX (4 * SEPTETS_MAX + 1)

enum cusd_status {
	CUSD_DONE = 0,
	CUSD_MORE = 1,
	CUSD_TERMINATED = 2,
	CUSD_NOT_SUPPORTED = 4
};

struct ussd_page {
	LIST_ENTRY(ussd_page) entry;
	char *path;
	char *text;
	bool more;
};

static const struct {
	const char *path;
	const char *text;
	bool more;
} default_menu[] = {
    {"*101#", "So du TK chinh: 25.000d. HSD: 31/12/2027.", false},
    {"*102#", "Bạn còn 150 tin nhắn, dùng đến 31/12/2027.", false},
    {"*098#", "1. Goi cuoc\n2. Kiem tra so du\n3. Thoat", true},
    {"*098#>1", "1. SMS100\n2. SMS500", true},
    {"*098#>1>1", "Ban da dang ky goi SMS100.", false},
    {"*098#>1>2", "Ban da dang ky goi SMS500.", false},
    {"*098#>2", "So du: 25.000d", false},
    {"*098#>3", "Cam on ban.", false},
};

static struct ussd_page *
ussd_page_find(struct sim *sim, const char *path)
{
	struct ussd_page *p;

	LIST_FOREACH(p, &sim->ussd_menu, entry)
		if (strcmp(p->path, path) == 0)
			return p;
	return NULL;
}

/* Can a screen hold it? (23.038 6.1.2.3; a screen of UCS-2 has 80 units.) */
static bool
ussd_text_fits(const char *text)
{
	uint8_t septets[2];
	size_t left = strlen(text), step, n = 0, units = 0;
	uint32_t cp;

	for (; left > 0; left -= step, text += step) {
		step = charset_utf8_get(text, left, &cp);
		n += charset_gsm_encode(cp, septets);
		units += cp > 0xffff ? 2 : 1;
		if (charset_gsm_encode(cp, septets) == 0)
			n = SEPTETS_MAX + 1;
	}
	return n <= SEPTETS_MAX || units <= UNITS_MAX;
}

int
ussd_page_set(struct sim *sim, const char *path, const char *text, bool more)
{
	struct ussd_page *p;

	if (*path == '\0' || strlen(path) >= MODEM_USSD_MAX ||
	    !ussd_text_fits(text))
		return TC_EINVAL;
	p = ussd_page_find(sim, path);
	if (p == NULL) {
		p = xcalloc(1, sizeof(*p));
		p->path = xstrdup(path);
		LIST_INSERT_HEAD(&sim->ussd_menu, p, entry);
	}
	free(p->text);
	p->text = xstrdup(text);
	p->more = more;
	return 0;
}

void
ussd_menu_init(struct sim *sim)
{
	size_t i;

	LIST_INIT(&sim->ussd_menu);
	for (i = 0; i < TC_NELEM(default_menu); i++)
		if (ussd_page_set(sim, default_menu[i].path,
			default_menu[i].text, default_menu[i].more) != 0)
			abort(); /* a page of ours that no screen holds */
}

void
ussd_menu_clear(struct sim *sim)
{
	struct ussd_page *p;

	while ((p = LIST_FIRST(&sim->ussd_menu)) != NULL) {
		LIST_REMOVE(p, entry);
		free(p->path);
		free(p->text);
		free(p);
	}
}

/* Text as hex of UCS-2; out holds HEX_MAX. */
static void
ucs2_hex(const char *text, char *out)
{
	size_t left = strlen(text), step, len, n = 0;
	uint8_t units[4];
	uint32_t cp;

	for (; left > 0 && n + 8 < HEX_MAX; text += step, left -= step) {
		step = charset_utf8_get(text, left, &cp);
		len = charset_ucs2_encode(cp, units);
		hex_encode(out + n, units, len);
		n += 2 * len;
	}
}

/* Text as septets, at most SEPTETS_MAX; out has room for one more. */
static size_t
to_septets(const char *text, uint8_t *out)
{
	size_t left = strlen(text), step, n = 0;
	uint32_t cp;

	for (; left > 0 && n < SEPTETS_MAX; text += step, left -= step) {
		step = charset_utf8_get(text, left, &cp);
		n += charset_gsm_encode(cp, out + n);
	}
	return n;
}

/* Text as hex of septets, one in an octet. */
static void
septet_hex(const char *text, char *out)
{
	uint8_t septets[SEPTETS_MAX + 1];

	hex_encode(out, septets, to_septets(text, septets));
}

/* Text as hex of packed septets, padded with CR where seven bits are left
 * (23.038 6.1.2.3.1). */
static void
packed_hex(const char *text, char *out)
{
	uint8_t septets[SEPTETS_MAX + 2], octets[SEPTETS_MAX];
	size_t n = to_septets(text, septets);

	if (n % 8 == 7)
		septets[n++] = '\r';
	hex_encode(out, octets, charset_pack(septets, n, 0, octets));
}

/* Write +CUSD in the form that the terminal uses. */
static void
ussd_write(struct modem *m, int status, const char *text)
{
	enum ussd_form form = m->persona->ussd;
	const char *gap = m->persona->cusd_gap ? " " : "";
	char out[HEX_MAX];
	int dcs = DCS_GSM;

	journal_log(&m->sim->journal, m->index, "ussd",
	    json_pack("{s:i,s:s}", "status", status, "text", text));
	if (m->set.cusd == 0)
		return;
	if (*text == '\0') {
		modem_notify(m, NULL, NULL, "+CUSD: %d", status);
		return;
	}
	if (pdu_text_coding(text) == PDU_UCS2) {
		dcs = DCS_UCS2;
		ucs2_hex(text, out);
	} else if (m->ussd.is_packed || form == USSD_PACKED) {
		packed_hex(text, out);
	} else if (m->set.charset == MODEM_UCS2 || form == USSD_UCS2) {
		ucs2_hex(text, out);
	} else if (m->set.charset == MODEM_HEX) {
		septet_hex(text, out);
	} else {
		(void)snprintf(out, sizeof(out), "%s", text);
	}
	modem_notify(m, NULL, NULL, "+CUSD: %d,%s\"%s\",%s%d", status, gap, out,
	    gap, dcs);
}

/* The network answers the path that was dialled. */
static void
on_ussd(evutil_socket_t fd, short what, void *arg)
{
	struct modem *m = arg;
	struct ussd_page *p;

	(void)fd;
	(void)what;
	if (fault_take(m, FAULT_USSD_SILENT)) {
		m->ussd.path[0] = '\0';
		return;
	}
	if (fault_take(m, FAULT_USSD_FAILED)) {
		m->ussd.path[0] = '\0';
		ussd_write(m, m->faults[FAULT_USSD_FAILED].code, "");
		return;
	}
	p = ussd_page_find(m->sim, m->ussd.path);
	if (p == NULL || !p->more)
		m->ussd.path[0] = '\0';
	if (p == NULL)
		ussd_write(m, CUSD_NOT_SUPPORTED, "");
	else
		ussd_write(
		    m, p->more ? CUSD_MORE : m->persona->ussd_done, p->text);
}

/* Hex to octets; 0 when text is no hex. out holds SEPTETS_MAX. */
static size_t
ussd_hex(const char *text, uint8_t *out)
{
	size_t n = strlen(text) / 2;

	if (n == 0 || n > SEPTETS_MAX || strlen(text) % 2 != 0 ||
	    hex_decode(out, n, text) != 0)
		return 0;
	return n;
}

/* What the terminal meant: UCS-2 as hex (DCS 72 or that character set), packed
 * septets as hex, or plain text. */
static void
ussd_decode(struct modem *m, const char *text, int dcs, char *out, size_t size)
{
	uint8_t octets[SEPTETS_MAX], septets[SEPTETS_MAX];
	size_t len = ussd_hex(text, octets), n;

	if (len > 0 && m->set.charset == MODEM_HEX &&
	    charset_gsm_decode(octets, len, out, size) == 0) {
		m->ussd.is_packed = false;
		return;
	}
	if (len > 0 && len % 2 == 0 &&
	    (dcs == DCS_UCS2 || m->set.charset == MODEM_UCS2)) {
		m->ussd.is_packed = false;
		if (charset_ucs2_decode(octets, len, out, size) == 0)
			return;
	}
	n = charset_unpack(octets, len, 0, septets, len * 8 / 7);
	while (n > 0 && (septets[n - 1] == '\r' || septets[n - 1] == 0))
		n--;
	if (len > 0 && charset_gsm_decode(septets, n, out, size) == 0 &&
	    (*out == '*' || *out == '#' || m->ussd.is_packed)) {
		m->ussd.is_packed = true;
		return;
	}
	m->ussd.is_packed = false;
	(void)snprintf(out, size, "%s", text);
}

int
ussd_request(struct modem *m, const char *text, int dcs)
{
	char code[MODEM_USSD_MAX], path[MODEM_USSD_MAX];

	ussd_decode(m, text, dcs, code, sizeof(code));
	if (*code == '\0' ||
	    (m->persona->ussd == USSD_PACKED && !m->ussd.is_packed))
		return TC_EINVAL;
	journal_log(&m->sim->journal, m->index, "ussd",
	    json_pack("{s:s}", "request", code));
	if (m->ussd.path[0] == '\0' || *code == '*' || *code == '#') {
		if (str_printf(path, sizeof(path), "%s", code) != 0)
			return TC_EINVAL;
	} else if (str_printf(
		       path, sizeof(path), "%s>%s", m->ussd.path, code) != 0) {
		return TC_EINVAL;
	}
	memcpy(m->ussd.path, path, sizeof(path));
	sim_timer(m->ussd.ev, m->sim->opt.air_ms + fault_slow_ms(m));
	return 0;
}

void
ussd_cancel(struct modem *m)
{
	event_del(m->ussd.ev);
	m->ussd.path[0] = '\0';
}

int
ussd_notify(struct modem *m, const char *text, bool more)
{
	if (!ussd_text_fits(text) || *text == '\0')
		return TC_EINVAL;
	if (!modem_is_open(m))
		return TC_ESTATE;
	if (more)
		(void)snprintf(m->ussd.path, sizeof(m->ussd.path), "network");
	ussd_write(m, more ? CUSD_MORE : CUSD_DONE, text);
	return 0;
}

void
ussd_init(struct modem *m)
{
	m->ussd.ev = event_new(m->sim->base, -1, 0, on_ussd, m);
}

void
ussd_clear(struct modem *m)
{
	event_free(m->ussd.ev);
}
