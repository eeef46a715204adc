/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_INBOUND_H
#define TINCAY_INBOUND_H

/* A complete inbound text, as radio hands it to intake. The pointers live for
 * the call. */

#include "modemkind.h"
#include "util.h"

struct inbound {
	const char *modem;
	const char *number; /* as the modem gave it */
	const char *text;   /* UTF-8, whole; "" when binary */
	size_t len;
	int64_t smsc_time; /* UTC; 0 unknown */
	int64_t
	    received_at; /* UTC, when it reached the modem as far as we know */
	int64_t inbound_id;
	enum ml_sms_kind
	    kind;        /* what it is; of ML_SMS_SILENT there is no text */
	bool binary;     /* no text that a person wrote: another kind */
	bool incomplete; /* parts of it are missing */
};

#endif
