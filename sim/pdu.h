/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_SIM_PDU_H
#define TINCAY_SIM_PDU_H

/*
 * The TPDUs of 3GPP 23.040 as the simulated network needs them: it decodes
 * SMS-SUBMIT (what a modem sends) and encodes SMS-DELIVER and
 * SMS-STATUS-REPORT (what a modem receives). A TPDU is without the SMSC
 * address that the AT interface puts before it.
 */

#include "util.h"

#define PDU_MAX 176        /* octets of a TPDU (23.040 clause 9.2.2) */
#define PDU_UD_MAX 140     /* octets of TP-UD */
#define PDU_TEXT_MAX 512   /* UTF-8 of one segment, NUL included */
#define PDU_ADDRESS_MAX 40 /* "+" and 20 digits, or 11 characters; NUL too */
#define PDU_PARTS_MAX 255

enum pdu_coding {
	PDU_7BIT,
	PDU_8BIT, /* the text is the hex of the octets */
	PDU_UCS2,
	PDU_NCODINGS
};

struct pdu_body {
	enum pdu_coding coding;
	int msg_class; /* 0..3, -1 none */
	uint8_t udh[PDU_UD_MAX];
	size_t udh_len; /* UDHL included; 0 = no header */
	char text[PDU_TEXT_MAX];
};

struct pdu_submit {
	uint8_t mr;
	bool report; /* TP-SRR */
	bool has_vp;
	int64_t vp_min; /* relative; for an absolute TP-VP: from now */
	uint8_t pid;
	char to[PDU_ADDRESS_MAX];
	struct pdu_body body;
};

struct pdu_deliver {
	char from[PDU_ADDRESS_MAX]; /* a number, or a name of <= 11 letters */
	int64_t scts;               /* UTC seconds */
	int zone_min;               /* minutes east of UTC */
	uint8_t pid;
	uint8_t dcs; /* 0 = as the body says */
	struct pdu_body body;
};

struct pdu_report {
	uint8_t mr;
	char to[PDU_ADDRESS_MAX]; /* TP-RA: the recipient */
	int64_t scts;             /* when the SMSC got the message */
	int64_t discharge;        /* when this status came about */
	int zone_min;
	uint8_t status; /* TP-ST, 9.2.3.15 */
};

/* Concatenation (9.2.3.24.1 and .8). */
struct pdu_concat {
	unsigned ref;
	unsigned ref_bits; /* 8 or 16 */
	unsigned total;
	unsigned seq; /* 1..total */
};

/* One piece of a long text: a range of its bytes. */
struct pdu_segment {
	size_t start;
	size_t len;
};

/* "gsm7", "8bit", "ucs2". */
const char *pdu_coding_name(enum pdu_coding coding);

/* Decode an SMS-SUBMIT; now (UTC seconds) turns an absolute TP-VP into minutes.
 * 0, or TC_EINVAL: anything that a network would refuse (other type, cut short,
 * octets left over, header longer than the data). */
int pdu_submit_decode(const uint8_t *tpdu, size_t len, int64_t now,
    struct pdu_submit *out) TC_MUSTCHECK;

/* Encode into out; *len is set. 0; TC_EINVAL: a sender that is no address;
 * TC_EFULL: the text does not fit one segment. */
int pdu_deliver_encode(const struct pdu_deliver *d, uint8_t out[PDU_MAX],
    size_t *len) TC_MUSTCHECK;
int pdu_report_encode(
    const struct pdu_report *r, uint8_t out[PDU_MAX], size_t *len) TC_MUSTCHECK;

/* An address field (9.1.2.5): length, type, digits or packed letters. Returns
 * the octets written (out holds 14), or TC_EINVAL. */
int pdu_address_encode(const char *s, uint8_t *out) TC_MUSTCHECK;
/* Returns the octets taken, or TC_EINVAL; s holds PDU_ADDRESS_MAX. */
int pdu_address_decode(const uint8_t *p, size_t len, char *s) TC_MUSTCHECK;

/* TP-SCTS (9.2.3.11), 7 octets, in the zone given in minutes (a multiple of 15
 * within +-79 quarters). */
void pdu_time_encode(int64_t t, int zone_min, uint8_t out[7]);
/* 0 with UTC seconds in *t, or TC_EINVAL. */
int pdu_time_decode(const uint8_t in[7], int64_t *t) TC_MUSTCHECK;

/* Find the concatenation element of a user data header. True when there is a
 * valid one. */
bool pdu_concat_get(const uint8_t *udh, size_t udh_len, struct pdu_concat *out);
/* Write the header for one part; returns its octets (6, or 7 for 16 bits). */
size_t pdu_concat_put(const struct pdu_concat *c, uint8_t out[7]);

/* Septets that a header of udh_len octets takes up, fill bits included
 * (9.2.3.24). */
size_t pdu_header_septets(size_t udh_len);

/* The cheapest alphabet that holds a UTF-8 text: PDU_7BIT or PDU_UCS2. */
enum pdu_coding pdu_text_coding(const char *text);

/* Cut a text into segments for that coding (7-bit or UCS-2) and reference
 * width. Never inside an escape or a surrogate pair. Returns their number
 * (1..PDU_PARTS_MAX), or TC_EFULL. out holds PDU_PARTS_MAX. */
int pdu_split(const char *text, enum pdu_coding coding, unsigned ref_bits,
    struct pdu_segment *out) TC_MUSTCHECK;

/* Octets as modems write them, in upper-case hexadecimal; out holds 2 * len + 1.
 */
void pdu_hex(char *out, const void *data, size_t len);

#endif
