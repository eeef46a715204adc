/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_SIM_PHONE_H
#define TINCAY_SIM_PHONE_H

/*
 * The phones: any number is one. An inbox puts long messages together again, by
 * sender and concatenation reference, whatever the order of the parts.
 */

#include <jansson.h>
#include <sys/queue.h>

#include "pdu.h"

#define PHONE_BUCKETS 1024
#define PHONE_NUMBER_MAX PDU_ADDRESS_MAX

struct phone;

struct phones {
	LIST_HEAD(, phone) buckets[PHONE_BUCKETS];
};

/* What reached a phone: one segment. */
struct phone_sms {
	const char *from;
	const char *to;
	const struct pdu_body *body;
	bool has_vp;
	int64_t vp_min;
	int64_t at_us;
};

/* Bring a written number to the form that names a phone: "0900 000 001" and
 * "84900000001" -> "+84900000001"; short codes and names stay. 0, or TC_EINVAL
 * (empty, too long). out holds PHONE_NUMBER_MAX. */
int phone_number(const char *s, char *out) TC_MUSTCHECK;

/* Put a segment into the inbox of sms->to. True when a message is complete by
 * it. */
bool phones_deliver(struct phones *p, const struct phone_sms *sms);

/* Complete messages in an inbox. */
size_t phones_count(const struct phones *p, const char *number);

/* The inbox as an array, oldest first (a new reference). */
json_t *phones_inbox(const struct phones *p, const char *number);

/* Empty one inbox, or all when number is NULL. */
void phones_clear(struct phones *p, const char *number);

#endif
