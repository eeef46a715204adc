/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A campaign on paper (export.h). Called by http/. */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <utf8proc.h>

#include "buf.h"
#include "clock.h"
#include "intake/broadcast.h"
#include "outbox/variant.h"
#include "outreach/export.h"
#include "outreach/variant.h"
#include "vault/vault.h"

static const char *const kinds[EXPORT_NKINDS] = {
    [EXPORT_LOUDSPEAKER] = "loudspeaker",
    [EXPORT_BANNER] = "banner",
    [EXPORT_PRESS] = "press",
};

int
export_parse(const char *name, enum export_as *out)
{
	size_t i;

	for (i = 0; i < EXPORT_NKINDS; i++)
		if (strcmp(kinds[i], name) == 0) {
			*out = (enum export_as)i;
			return 0;
		}
	return TC_EINVAL;
}

const char *
export_name(enum export_as as)
{
	return as < EXPORT_NKINDS ? kinds[as] : "?";
}

static const struct {
	const char *code, *name;
} languages[] = {
    {"vi", "Tiếng Việt"},
    {"bdq", "Tiếng Ba Na"},
    {"jra", "Tiếng Gia Rai"},
};

struct sheet_of {
	struct core *core;
	const struct campaign *k;
	const struct content_commune *commune;
	enum export_as as;
	struct buf *out;
};

/* 2/9/2026 in the commune. */
static int
export_day(const struct sheet_of *e, int64_t t)
{
	time_t local = (time_t)(t + e->commune->zone_minutes * 60);
	struct tm tm;

	(void)gmtime_r(&local, &tm);
	return buf_printf(
	    e->out, "%d/%d/%d", tm.tm_mday, tm.tm_mon + 1, tm.tm_year + 1900);
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
export_is_hotline(const struct sheet_of *e, const char *s, size_t n)
{
	const struct content_hotline *h;
	size_t i;

	for (i = 0; i < e->commune->nhotlines; i++) {
		h = &e->commune->hotlines[i];
		if (strlen(h->number) == n && memcmp(h->number, s, n) == 0)
			return true;
	}
	return false;
}

/* As it is read out: "113" is "1-1-3". */
static int
export_spoken(const struct sheet_of *e, const char *text)
{
	size_t n, i;
	int rc = 0;

	for (; rc == 0 && *text != '\0'; text += n) {
		for (n = 0; is_digit(text[n]);)
			n++;
		if (n == 0 || !export_is_hotline(e, text, n)) {
			n = n == 0 ? 1 : n;
			rc = buf_put(e->out, text, n);
			continue;
		}
		for (i = 0; rc == 0 && i < n; i++)
			rc = buf_printf(e->out, i == 0 ? "%c" : "-%c", text[i]);
	}
	return rc;
}

/* Up to the end of its first sentence; "8.30" is none. */
static size_t
export_sentence(const char *text)
{
	size_t i;

	for (i = 0; text[i] != '\0' && text[i] != '\n'; i++)
		if (strchr(".!?", text[i]) != NULL &&
		    (text[i + 1] == ' ' || text[i + 1] == '\0' ||
			text[i + 1] == '\n'))
			break;
	return i;
}

static int
export_banner(const struct sheet_of *e, const char *text)
{
	const utf8proc_uint8_t *s = (const utf8proc_uint8_t *)text;
	size_t len = export_sentence(text), at = 0;
	utf8proc_uint8_t upper[4];
	utf8proc_int32_t letter;
	utf8proc_ssize_t n;
	int rc = 0;

	for (; rc == 0 && at < len; at += (size_t)n) {
		n = utf8proc_iterate(
		    s + at, (utf8proc_ssize_t)(len - at), &letter);
		if (n <= 0)
			return TC_EINVAL;
		rc = buf_put(e->out, upper,
		    (size_t)utf8proc_encode_char(
			utf8proc_toupper(letter), upper));
	}
	return rc != 0 ? rc : buf_put_char(e->out, '\n');
}

static int
export_hotlines(const struct sheet_of *e)
{
	const struct content_hotline *h;
	size_t i;
	int rc = buf_put_str(e->out, "\nĐường dây nóng:\n");

	for (i = 0; rc == 0 && i < e->commune->nhotlines; i++) {
		h = &e->commune->hotlines[i];
		rc = buf_printf(e->out, "  %s: %s\n", h->number, h->name);
	}
	return rc;
}

static int
export_loudspeaker_head(const struct sheet_of *e)
{
	const struct campaign_row *row = &e->k->row;
	int rc;

	rc = buf_printf(e->out, "BẢN TIN PHÁT THANH, %s\n%s\n",
	    e->commune->name, row->name);
	if (rc == 0 && row->start_at != 0 &&
	    (rc = buf_put_str(e->out, "Phát từ ngày ")) == 0)
		rc = export_day(e, row->start_at);
	if (rc == 0 && row->end_at != 0 &&
	    (rc = buf_put_str(e->out, row->start_at != 0
					  ? " đến hết ngày "
					  : "Phát đến hết ngày ")) == 0)
		rc = export_day(e, row->end_at - 1);
	if (rc == 0 && (row->start_at != 0 || row->end_at != 0))
		rc = buf_put_char(e->out, '\n');
	return rc != 0 ? rc
		       : buf_put_str(e->out,
			     "Đọc hai lần, chậm; đọc rõ từng chữ số.\n");
}

static int
export_press_head(const struct sheet_of *e)
{
	const struct campaign_row *row = &e->k->row;
	int rc;

	rc = buf_printf(
	    e->out, "THÔNG TIN BÁO CHÍ\n%s, ngày ", e->commune->name);
	if (rc == 0)
		rc = export_day(e, row->approved_at);
	return rc != 0 ? rc : buf_printf(e->out, "\n\n%s\n", row->name);
}

static int
export_press_foot(const struct sheet_of *e)
{
	const struct campaign_row *row = &e->k->row;
	const char *theme = broadcast_theme(
	    content_broadcast(e->core->content), row->plan_year);
	int rc = 0;

	if (theme != NULL)
		rc = buf_printf(
		    e->out, "\nChủ đề năm %d: %s.\n", row->plan_year, theme);
	if (rc == 0 && row->legal_basis[0] != '\0')
		rc = buf_printf(e->out, "\nCăn cứ: %s.\n", row->legal_basis);
	return rc != 0 ? rc : export_hotlines(e);
}

/* One text, without the label that only texts need. */
static int
export_text(
    const struct sheet_of *e, const struct variant_key *key, const char *text)
{
	const char *label = content_broadcast(e->core->content)->label;
	size_t n = strlen(label), i;
	int rc = 0;

	if (strncmp(text, label, n) == 0)
		text += n;
	text += strspn(text, " ");
	if (e->as == EXPORT_BANNER)
		return export_banner(e, text);
	for (i = 0; rc == 0 && i < TC_NELEM(languages); i++)
		if (strcmp(languages[i].code, key->language) == 0 &&
		    e->as == EXPORT_LOUDSPEAKER)
			rc = buf_printf(e->out, "\n%s:\n", languages[i].name);
	if (rc == 0)
		rc = e->as == EXPORT_LOUDSPEAKER
			 ? export_spoken(e, text)
			 : buf_printf(e->out, "\n%s", text);
	return rc != 0 ? rc : buf_put_char(e->out, '\n');
}

/* What is for everybody and as it is written; others than Vietnamese are for
 * the ear. */
static int
export_cb(const struct text_row *t, const void *box, size_t len, void *ctx)
{
	const struct sheet_of *e = ctx;
	struct buf plain, text;
	int rc;

	if (t->key.kind[0] != '\0' || strcmp(t->key.script, "accented") != 0 ||
	    (e->as != EXPORT_LOUDSPEAKER && strcmp(t->key.language, "vi") != 0))
		return 0;
	buf_init(&plain, OUTBOX_VARIANT_MAX);
	buf_init(&text, OUTBOX_VARIANT_MAX);
	rc = vault_unbox(e->core->vault, VAULT_BOX_MESSAGE, box, len, &plain);
	if (rc == 0)
		rc = t->is_personal ? outbox_variant_fill(e->core,
					  buf_str(&plain), "", false, &text)
				    : buf_put_str(&text, buf_str(&plain));
	if (rc == 0)
		rc = export_text(e, &t->key, buf_str(&text));
	buf_clear(&text);
	buf_clear(&plain);
	return rc;
}

int
campaign_export(struct core *c, const struct campaign *k, enum export_as as,
    struct buf *out)
{
	const struct sheet_of e = {c, k, content_commune(c->content), as, out};
	int rc = 0;

	if (k->row.approved_at == 0)
		return TC_ESTATE;
	if (as == EXPORT_LOUDSPEAKER)
		rc = export_loudspeaker_head(&e);
	else if (as == EXPORT_PRESS)
		rc = export_press_head(&e);
	if (rc == 0)
		rc = store_text_each(
		    c->store, k->row.id, export_cb, (void *)(uintptr_t)&e);
	if (rc == 0 && as == EXPORT_PRESS)
		rc = export_press_foot(&e);
	return rc;
}
