/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Phones and their inboxes. Called by radio.c (delivery) and control.c
 * (looking); owns every message that reached a phone until it is cleared.
 * Nothing can fail but a number that is none.
 */

#include "config.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "phone.h"

#define NATIONAL_MIN 9  /* digits behind the trunk 0 */
#define NATIONAL_MAX 10 /* fixed lines have ten */
#define INBOX_TEXT_MAX (PDU_PARTS_MAX * PDU_TEXT_MAX)

struct inbox_message {
	TAILQ_ENTRY(inbox_message) entry;
	char from[PHONE_NUMBER_MAX];
	char **parts; /* [total], NULL = missing */
	unsigned total;
	unsigned have;
	unsigned duplicates; /* parts that came again */
	unsigned ref;
	unsigned ref_bits; /* 0 = a single segment */
	bool has_vp;
	int64_t vp_min;
	int msg_class;
	enum pdu_coding coding;
	int64_t at_us; /* of the latest part */
};

struct phone {
	LIST_ENTRY(phone) entry;
	char number[PHONE_NUMBER_MAX];
	TAILQ_HEAD(, inbox_message) inbox;
};

int
phone_number(const char *s, char *out)
{
	size_t n = 0, digits = 0, i;

	for (i = 0; s[i] != '\0' && n + 4 < PHONE_NUMBER_MAX; i++) {
		if (strchr(" .-()", s[i]) != NULL)
			continue;
		digits += isdigit((unsigned char)s[i]) != 0;
		out[n++] = s[i];
	}
	out[n] = '\0';
	if (n == 0 || s[i] != '\0')
		return TC_EINVAL;
	if (digits < n) /* "+...", a name, a USSD code */
		return 0;
	if (out[0] == '0' && n > NATIONAL_MIN && n <= NATIONAL_MAX + 1) {
		memmove(out + 3, out + 1, n);
		memcpy(out, "+84", 3);
	} else if (strncmp(out, "84", 2) == 0 && n >= NATIONAL_MIN + 2) {
		memmove(out + 1, out, n + 1);
		out[0] = '+';
	}
	return 0;
}

static size_t
phone_bucket(const char *number)
{
	return fnv64(FNV64_INIT, number, strlen(number)) % PHONE_BUCKETS;
}

static struct phone *
phone_find(const struct phones *p, const char *number)
{
	struct phone *phone;

	LIST_FOREACH(phone, &p->buckets[phone_bucket(number)], entry)
		if (strcmp(phone->number, number) == 0)
			return phone;
	return NULL;
}

static struct phone *
phone_get(struct phones *p, const char *number)
{
	struct phone *phone = phone_find(p, number);

	if (phone != NULL)
		return phone;
	phone = xcalloc(1, sizeof(*phone));
	(void)snprintf(phone->number, sizeof(phone->number), "%s", number);
	TAILQ_INIT(&phone->inbox);
	LIST_INSERT_HEAD(&p->buckets[phone_bucket(number)], phone, entry);
	return phone;
}

static void
inbox_message_free(struct inbox_message *m)
{
	unsigned i;

	for (i = 0; i < m->total; i++)
		free(m->parts[i]);
	free(m->parts);
	free(m);
}

static struct inbox_message *
inbox_message_new(
    struct phone *phone, const struct phone_sms *sms, struct pdu_concat *c)
{
	struct inbox_message *m = xcalloc(1, sizeof(*m));

	(void)snprintf(m->from, sizeof(m->from), "%s", sms->from);
	m->total = c->total;
	m->ref = c->ref;
	m->ref_bits = c->ref_bits;
	m->parts = xcalloc(m->total, sizeof(*m->parts));
	m->msg_class = sms->body->msg_class;
	m->coding = sms->body->coding;
	TAILQ_INSERT_TAIL(&phone->inbox, m, entry);
	return m;
}

/* The unfinished message that this part belongs to. */
static struct inbox_message *
inbox_message_find(
    struct phone *phone, const char *from, const struct pdu_concat *c)
{
	struct inbox_message *m;

	TAILQ_FOREACH(m, &phone->inbox, entry)
		if (c->ref_bits != 0 && m->ref_bits == c->ref_bits &&
		    m->ref == c->ref && m->total == c->total &&
		    m->have < m->total && strcmp(m->from, from) == 0)
			return m;
	return NULL;
}

bool
phones_deliver(struct phones *p, const struct phone_sms *sms)
{
	struct phone *phone = phone_get(p, sms->to);
	struct pdu_concat c = {0, 0, 1, 1};
	struct inbox_message *m;

	(void)pdu_concat_get(sms->body->udh, sms->body->udh_len, &c);
	m = inbox_message_find(phone, sms->from, &c);
	if (m == NULL)
		m = inbox_message_new(phone, sms, &c);
	m->at_us = sms->at_us;
	m->has_vp = sms->has_vp;
	m->vp_min = sms->vp_min;
	if (m->parts[c.seq - 1] != NULL) {
		m->duplicates++;
		return false;
	}
	m->parts[c.seq - 1] = xstrdup(sms->body->text);
	m->have++;
	return m->have == m->total;
}

size_t
phones_count(const struct phones *p, const char *number)
{
	const struct phone *phone = phone_find(p, number);
	const struct inbox_message *m;
	size_t n = 0;

	if (phone == NULL)
		return 0;
	TAILQ_FOREACH(m, &phone->inbox, entry)
		n += m->have == m->total;
	return n;
}

static json_t *
inbox_message_json(const struct inbox_message *m)
{
	struct buf text;
	json_t *o;
	unsigned i;

	buf_init(&text, INBOX_TEXT_MAX);
	for (i = 0; i < m->total; i++)
		if (m->parts[i] != NULL)
			(void)buf_put_str(&text, m->parts[i]);
	o = json_pack("{s:s,s:s,s:i,s:i,s:i,s:s,s:b,s:I}", "from", m->from,
	    "text", buf_str(&text), "parts", (int)m->have, "total",
	    (int)m->total, "duplicates", (int)m->duplicates, "coding",
	    pdu_coding_name(m->coding), "complete", m->have == m->total,
	    "at_us", (json_int_t)m->at_us);
	buf_clear(&text);
	(void)json_object_set_new(
	    o, "vp", m->has_vp ? json_integer(m->vp_min) : json_null());
	(void)json_object_set_new(o, "class",
	    m->msg_class >= 0 ? json_integer(m->msg_class) : json_null());
	return o;
}

json_t *
phones_inbox(const struct phones *p, const char *number)
{
	const struct phone *phone = phone_find(p, number);
	const struct inbox_message *m;
	json_t *list = json_array();

	if (phone == NULL)
		return list;
	TAILQ_FOREACH(m, &phone->inbox, entry)
		(void)json_array_append_new(list, inbox_message_json(m));
	return list;
}

static void
phone_free(struct phone *phone)
{
	struct inbox_message *m;

	while ((m = TAILQ_FIRST(&phone->inbox)) != NULL) {
		TAILQ_REMOVE(&phone->inbox, m, entry);
		inbox_message_free(m);
	}
	LIST_REMOVE(phone, entry);
	free(phone);
}

void
phones_clear(struct phones *p, const char *number)
{
	struct phone *phone;
	size_t i;

	if (number != NULL) {
		phone = phone_find(p, number);
		if (phone != NULL)
			phone_free(phone);
		return;
	}
	for (i = 0; i < PHONE_BUCKETS; i++)
		while ((phone = LIST_FIRST(&p->buckets[i])) != NULL)
			phone_free(phone);
}
