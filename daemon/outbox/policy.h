/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_OUTBOX_POLICY_H
#define TINCAY_OUTBOX_POLICY_H

/* Private to outbox/: what each lane allows, and what a refusal means. */

#include "outbox/outbox.h"

struct lane_policy {
	int attempts;     /* refusals that count, before a part fails */
	int backoff_s;    /* before the second try; doubled each time */
	int validity_min; /* TP-VP: how long the SMSC may try */
};
const struct lane_policy *lane_policy(int lane);

/* Validity of sensitive texts in every lane, minutes: the shortest that there
 * is (R4; 3GPP 23.040 9.2.3.12.1). */
#define POLICY_SENSITIVE_MIN 5

/* When a part may be tried again after its n-th attempt, UTC. */
int64_t policy_try_again(int lane, int attempts, int64_t now);

enum refusal {
	REFUSAL_UNKNOWN, /* nobody knows whether it went out */
	REFUSAL_TEXT,    /* this text or number: for good */
	REFUSAL_LATER,   /* the receiver or the network, for now */
	REFUSAL_EITHER,  /* the text or the SIM: counts, and the modem rests */
	REFUSAL_MODEM    /* the modem or its SIM: not the part's fault */
};

/* What a CMS or CME code tells (3GPP 24.011 E-2, 23.040 9.2.3.22, 27.005
 * 3.2.5). Codes that stand in none of them are unknown: they may have been
 * given after the text was on the air. */
enum refusal policy_refusal(int code);

/* What a TP-Status says of the end (3GPP 23.040 9.2.3.15): "delivered",
 * "undelivered", or NULL while the SMSC still tries. *reason: a fixed word for
 * message.reason. */
const char *policy_report(unsigned tp_status, const char **reason);

#endif
