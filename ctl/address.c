/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Trusted addresses in clear (address.h). Called by verb_address.c. The caller owns a struct address and wipes it. */
#include "config.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "ctl/address.h"
#include "ctl/shape.h"
#include "msisdn.h"

static const char *const address_keys[ADDRESS_NFIELDS] = {
    [ADDRESS_NAME] = "name",
    [ADDRESS_PLACE] = "place",
    [ADDRESS_KEEPER] = "keeper",
    [ADDRESS_PHONE] = "phone",
    [ADDRESS_TRANSPORT] = "transport",
};

/* --- the file --- */

static int
address_line(char *line, struct address *a)
{
	char *value = strchr(line, ':');
	size_t i;

	if (line[strspn(line, " \t\r")] == '\0' || line[0] == '#')
		return 0;
	if (value == NULL)
		return TC_EINVAL;
	*value++ = '\0';
	value += strspn(value, " \t");
	value[strcspn(value, "\r")] = '\0';
	for (i = 0; i < ADDRESS_NFIELDS; i++)
		if (strcmp(address_keys[i], line) == 0)
			return str_printf(
			    a->fields[i], ADDRESS_FIELD_MAX, "%s", value);
	return TC_EINVAL;
}

static const char *
address_fault(struct address *a)
{
	char number[MSISDN_MAX];
	enum msisdn_kind kind;

	if (a->fields[ADDRESS_PLACE][0] == '\0' ||
	    a->fields[ADDRESS_KEEPER][0] == '\0')
		return "thiếu place hoặc keeper";
	kind = msisdn_parse(a->fields[ADDRESS_PHONE], number);
	if (kind != MSISDN_MOBILE && kind != MSISDN_FIXED)
		return "phone không phải là số điện thoại trong nước";
	return str_printf(a->fields[ADDRESS_PHONE], ADDRESS_FIELD_MAX, "%s",
		   number) == 0
		   ? NULL
		   : "phone quá dài";
}

int
address_parse(char *text, struct address *out, const char **why)
{
	char *line, *end;

	memset(out, 0, sizeof(*out));
	*why = "mỗi dòng là \"name: ...\", place, keeper, phone hoặc "
	       "transport, dưới 512 byte";
	if (!utf8_is_valid(text, strlen(text)))
		return TC_EINVAL;
	for (line = text; line != NULL; line = end) {
		end = strchr(line, '\n');
		if (end != NULL)
			*end++ = '\0';
		if (address_line(line, out) != 0)
			return TC_EINVAL;
	}
	*why = address_fault(out);
	return *why == NULL ? 0 : TC_EINVAL;
}

/* --- sealed --- */

json_t *
address_json(const struct address *a)
{
	json_t *plain = json_object();
	size_t i;

	for (i = 0; i < ADDRESS_NFIELDS; i++)
		json_object_set_new(
		    plain, address_keys[i], json_string(a->fields[i]));
	return plain;
}

int
address_seal(const struct address *a, const unsigned char pk[KEYFILE_KEY],
    struct buf *out)
{
	json_t *plain = address_json(a);
	char *text = json_dumps(plain, JSON_COMPACT);
	int rc;

	json_decref(plain);
	if (text == NULL)
		return TC_EFULL;
	rc = keyfile_seal_item(pk, text, strlen(text), out);
	keyfile_wipe(text, strlen(text));
	free(text);
	return rc;
}

int
address_open(const struct keyfile *kf, const void *sealed, size_t len,
    struct address *out)
{
	const char *value;
	struct buf text;
	json_t *plain;
	size_t i;
	int rc;

	memset(out, 0, sizeof(*out));
	buf_init(&text, 65536);
	rc = keyfile_open_box(kf, sealed, len, &text);
	plain = rc == 0 ? json_loadb((const char *)text.data, text.len, 0, NULL)
			: NULL;
	for (i = 0; i < ADDRESS_NFIELDS && rc == 0; i++) {
		value = shape_string(plain, address_keys[i]);
		rc = value == NULL ? TC_EPROTO
				   : str_printf(out->fields[i],
					 ADDRESS_FIELD_MAX, "%s", value);
	}
	json_decref(plain);
	if (text.data != NULL)
		keyfile_wipe(text.data, text.cap);
	buf_clear(&text);
	return rc == TC_EFULL ? TC_EPROTO : rc;
}

/* --- fingerprints --- */

void
address_fingerprint(const unsigned char key[WORDRUN_KEY], const char *run,
    size_t len, unsigned char out[WORDRUN_MAC])
{
	unsigned char mac[32];
	int i;

	(void)crypto_generichash(mac, sizeof(mac), (const unsigned char *)run,
	    len, key, WORDRUN_KEY);
	for (i = 0; i < WORDRUN_ROUNDS; i++)
		(void)crypto_generichash(
		    mac, sizeof(mac), mac, sizeof(mac), key, WORDRUN_KEY);
	memcpy(out, mac, WORDRUN_MAC);
	sodium_memzero(mac, sizeof(mac));
}

struct fingerprints {
	const unsigned char *key;
	const struct wordrun_public *public;
	json_t *list;
	size_t n; /* of the field that is looked at */
};

static int
on_run(const char *run, size_t len, void *ctx)
{
	unsigned char mac[WORDRUN_MAC];
	struct fingerprints *f = ctx;

	if (wordrun_is_public(f->public, run, len))
		return 0;
	address_fingerprint(f->key, run, len, mac);
	json_array_append_new(f->list, shape_from_bytes(mac, sizeof(mac)));
	f->n++;
	return 0;
}

int
address_fingerprints(const struct address *a,
    const unsigned char key[WORDRUN_KEY], const struct wordrun_public *p,
    json_t **out)
{
	struct fingerprints f = {.key = key, .public = p};
	size_t i;
	int rc = 0;

	f.list = json_array();
	for (i = 0; i < ADDRESS_NFIELDS && rc == 0; i++) {
		f.n = 0;
		rc = wordrun_field(a->fields[i], on_run, &f);
		if (rc == 0 && i == ADDRESS_PLACE && f.n == 0)
			rc = TC_EINVAL;
	}
	if (rc == 0)
		*out = f.list;
	else
		json_decref(f.list);
	return rc;
}
