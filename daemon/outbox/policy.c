/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tables of what to try again, how often and how long (policy.h). Called by the
 * rest of outbox/; no state, nothing can fail. */
#include "config.h"

#include <stddef.h>

#include "outbox/policy.h"

#define BACKOFF_DOUBLINGS 8

/* An answer to somebody who waits is tried soon and until it expires; what goes
 * to hundreds waits longer and gives up. */
static const struct lane_policy policies[LANE_NLANES] = {
    [LANE_CRISIS] = {.attempts = 8, .backoff_s = 2, .validity_min = 60},
    [LANE_CASE] = {.attempts = 8, .backoff_s = 3, .validity_min = 60},
    [LANE_REPLY] = {.attempts = 6, .backoff_s = 5, .validity_min = 24 * 60},
    [LANE_CAMPAIGN] = {.attempts = 5, .backoff_s = 60, .validity_min = 24 * 60},
};

const struct lane_policy *
lane_policy(int lane)
{
	return &policies[lane >= 0 && lane < LANE_NLANES ? lane
							 : LANE_CAMPAIGN];
}

int64_t
policy_try_again(int lane, int attempts, int64_t now)
{
	int doublings = attempts < 1 ? 0 : attempts - 1;

	if (doublings > BACKOFF_DOUBLINGS)
		doublings = BACKOFF_DOUBLINGS;
	return now + ((int64_t)lane_policy(lane)->backoff_s << doublings);
}

static const struct {
	int first, last;
	enum refusal refusal;
} refusals[] = {
    /* RP-Cause */
    {1, 1, REFUSAL_TEXT},     /* unassigned number */
    {3, 5, REFUSAL_MODEM},    /* CME: not allowed, not supported */
    {8, 10, REFUSAL_MODEM},   /* the operator bars this SIM */
    {11, 20, REFUSAL_MODEM},  /* CME: no SIM, PIN, SIM busy, wrong, full */
    {21, 21, REFUSAL_EITHER}, /* rejected: the number, or no credit */
    {22, 22, REFUSAL_MODEM},  /* CME: memory */
    {27, 27, REFUSAL_LATER},  /* destination out of service */
    {28, 28, REFUSAL_MODEM},  /* this SIM is not known to the network */
    {29, 29, REFUSAL_EITHER}, /* facility rejected */
    {30, 32, REFUSAL_MODEM},  /* SIM not in the HLR; CME: no network */
    {38, 38, REFUSAL_MODEM},  /* out of order; often: no credit */
    {41, 42, REFUSAL_LATER},  /* temporary failure, congestion */
    {47, 47, REFUSAL_LATER},  /* no resources */
    {50, 50, REFUSAL_MODEM},  /* the SIM has no text service */
    {69, 69, REFUSAL_EITHER}, /* not implemented; often: wrong SMSC */
    {81, 81, REFUSAL_LATER},  /* reference in use */
    {95, 99, REFUSAL_TEXT},   /* the text is not as it must be */
    /* TP-FCS */
    {128, 159, REFUSAL_TEXT},  /* protocol id, coding */
    {160, 176, REFUSAL_TEXT},  /* command, TPDU */
    {192, 192, REFUSAL_LATER}, /* SMSC busy */
    {193, 193, REFUSAL_MODEM}, /* no subscription */
    {194, 194, REFUSAL_LATER}, /* SMSC failure */
    {195, 196, REFUSAL_TEXT},  /* bad receiver, receiver barred */
    {198, 199, REFUSAL_TEXT},  /* validity not supported */
    {208, 209, REFUSAL_MODEM}, /* SIM full, no store */
    {210, 210, REFUSAL_MODEM}, /* error in the modem */
    {211, 211, REFUSAL_MODEM}, /* memory full */
    {212, 212, REFUSAL_LATER}, /* SIM application busy */
    {213, 213, REFUSAL_MODEM}, /* SIM data download */
    /* The modem itself */
    {300, 303, REFUSAL_MODEM}, /* failure, reserved, not allowed */
    {304, 305, REFUSAL_TEXT},  /* invalid PDU or parameter */
    {310, 318, REFUSAL_MODEM}, /* SIM, PIN, PUK */
    {320, 322, REFUSAL_MODEM}, /* memory */
    {330, 331, REFUSAL_MODEM}, /* no SMSC, no network */
    {340, 340, REFUSAL_MODEM}, /* no +CNMA expected */
};

enum refusal
policy_refusal(int code)
{
	size_t i;

	for (i = 0; i < TC_NELEM(refusals); i++)
		if (code >= refusals[i].first && code <= refusals[i].last)
			return refusals[i].refusal;
	return REFUSAL_UNKNOWN;
}

static const struct {
	unsigned last; /* first matching row counts */
	const char *state, *reason;
} statuses[] = {
    {0x1f, "delivered", ""}, {0x3f, NULL, ""}, /* temporary, still trying */
    {0x40, "undelivered", "refused"},
    {0x41, "undelivered", "no_such_number"}, /* incompatible destination */
    {0x42, "undelivered", "refused"},
    {0x43, "undelivered", "no_such_number"}, /* not obtainable */
    {0x45, "undelivered", "refused"},
    {0x46, "undelivered", "not_reached"}, /* validity expired */
    {0x5f, "undelivered", "refused"},
    {0x7f, "undelivered", "not_reached"}, /* temporary, gave up */
};

const char *
policy_report(unsigned tp_status, const char **reason)
{
	size_t i;

	for (i = 0; i < TC_NELEM(statuses); i++)
		if (tp_status <= statuses[i].last) {
			*reason = statuses[i].reason;
			return statuses[i].state;
		}
	*reason = "refused"; /* reserved */
	return "undelivered";
}
