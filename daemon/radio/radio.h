/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_RADIO_H
#define TINCAY_RADIO_H

/*
 * The modems: a pool of child processes (tincay-modem), one a modem, and what
 * they bring and take. radio knows nothing of intents and people: it hands
 * complete inbound messages to a callback and asks another for the next part to
 * send.
 *
 *   absent ──> starting ──> ready <──> busy
 *     any ──> killing ──> backoff ──> starting
 *     any ──> absent (no device) ──> starting, after a backoff
 *     any ──> held (PIN, PUK, another SIM, failures, by hand) ──> starting
 *
 * The callbacks run inside a turn op; ACK and DELETE_SMS leave after its
 * commit.
 */

#include "core.h"
#include "gsm.h"
#include "inbound.h"
#include "modemlink.h"
#include "util.h"

struct event_base;
struct radio;

enum modem_state {
	MODEM_ABSENT,
	MODEM_STARTING,
	MODEM_READY,
	MODEM_BUSY,
	MODEM_KILLING,
	MODEM_BACKOFF,
	MODEM_HELD,
	MODEM_NSTATES
};
const char *modem_state_name(enum modem_state s);

struct radio_part {
	int64_t id;
	char number[MSISDN_MAX];
	enum gsm_coding coding;
	unsigned char udh[GSM_UDH_CONCAT];
	size_t udh_len;
	char text[ML_TEXT_MAX];
	unsigned validity_min;
	bool report;
	int lane;
};

struct radio_result {
	const char *modem;
	int64_t part_id;
	enum ml_outcome outcome;
	int tp_mr; /* -1 unknown */
	int code;
};

struct radio_report {
	const char *modem;
	char number[MSISDN_MAX];
	int tp_mr;
	unsigned tp_status; /* 3GPP 23.040 9.2.3.15 */
	int64_t smsc_time; /* TP-SCTS: when the SMSC took the text; 0 unknown */
};

/* What a person must know of a modem. Told when it begins and when it ends;
 * the pool remembers, so that each is told once. */
enum radio_event {
	RADIO_EVENT_DOWN, /* no child is ready */
	RADIO_EVENT_HELD, /* by failures, or by hand: the others carry its load */
	RADIO_EVENT_PIN,
	RADIO_EVENT_PUK,
	RADIO_EVENT_SIM_CHANGED,
	RADIO_EVENT_SIM_FULL,
	RADIO_NEVENTS
};
const char *radio_event_name(enum radio_event e);

/* What a modem may be given now. */
struct radio_offer {
	const char *modem;
	const char *operator_name; /* of its configuration; "" = not known */
	/* Bits 1 << lane (enum lane): what its quotas and its credit allow; a
	 * lane is offered with those above it. Crisis is never capped. */
	unsigned lanes;
};

struct radio_ops {
	int (*on_inbound)(const struct inbound *in, void *ctx);
	int (*on_call)(
	    const char *modem, const char *number, int64_t at, void *ctx);
	int (*next_part)(const struct radio_offer *offer,
	    struct radio_part *out, void *ctx); /* 1, 0, negative */
	/* 0, or 1: back in the queue, pause this modem. */
	int (*on_result)(const struct radio_result *r, void *ctx);
	int (*on_report)(const struct radio_report *r, void *ctx);
	int (*on_lost)(const char *modem, void *ctx);
	/* May be NULL: the log tells of events in any case. */
	int (*on_event)(
	    const char *modem, enum radio_event e, bool is_on, void *ctx);
	uint64_t (*generation)(void);
	void *ctx;
};

/* Make the pool from the configuration; no child is started. */
struct radio *radio_new(
    struct core *c, struct event_base *base, const struct radio_ops *ops);
/* Start the children (idempotent). */
void radio_start(struct radio *r);
/* Ask every child to stop; calls done(ctx) when all are gone or killed. */
void radio_stop(struct radio *r, void (*done)(void *ctx), void *ctx);
void radio_free(struct radio *r);

/* End of a loop iteration, before the commit: give every idle modem its next
 * part. */
void radio_pump(struct radio *r);

/* Without the data key, or until what came meanwhile is taken in: nothing is
 * sent, nothing dialled. */
bool radio_is_locked(const struct radio *r);
/* Take in some of it, when there is a key now; true: more waits, and the loop
 * must not sleep. Outside a turn op. */
bool radio_take_in(struct radio *r);

/* Is there a modem that radio_pump() would ask for again at once? The loop
 * must not sleep then. */
bool radio_has_more(const struct radio *r);

/* When a modem whose quota is used up may be given more, UTC milliseconds; 0 =
 * none waits for it. The generation must change then. */
int64_t radio_wake_at(const struct radio *r);

/* Every ten seconds: radio_sweep(), and idle children are asked whether they
 * live. */
void radio_upkeep(struct radio *r);

/* Long texts of which a part has not come for RADIO_PART_WAIT_S are handed over
 * as they are, marked incomplete. */
#define RADIO_PART_WAIT_S (30 * 60)
void radio_sweep(struct radio *r);

/* Hold a modem by hand, over a restart too; let it start again (also one that
 * is held for its PIN, SIM or failures: what held it is tried anew). 0,
 * TC_ENOENT: no such modem, TC_ESTATE: it is (not) held already. Inside a turn
 * op. */
int radio_hold(struct radio *r, const char *modem) TC_MUSTCHECK;
int radio_resume(struct radio *r, const char *modem) TC_MUSTCHECK;

struct radio_ussd_answer {
	const char *modem;
	/* ML_USSD_MENU: the session waits for an answer. */
	enum ml_ussd_status status;
	const char *text; /* UTF-8, "" when there is none */
};
typedef void (*radio_ussd_cb)(const struct radio_ussd_answer *a, void *ctx);

struct radio_ussd_request {
	const char *modem;
	const char *text; /* the code, or the answer */
	bool is_answer;
	radio_ussd_cb cb;
	void *ctx;
};

/* A menu that nobody answers for so long ends, and no session is longer. */
#define RADIO_USSD_MENU_S 60
#define RADIO_USSD_SESSION_S 180

/*
 * Dial a code, or answer the menu of the running session. Nothing else is sent
 * on this modem meanwhile; help that waits for it goes first, and ends a
 * session that runs (ML_USSD_TERMINATED). cb is called exactly once, later,
 * from the loop and outside any turn op, unless radio_ussd_cancel() came first;
 * it may call radio_ussd() again. 0; TC_ENOENT: no such modem; TC_ESTATE: it is
 * not ready, or there is no menu to answer; TC_EAGAIN: another session runs;
 * TC_EDENIED: a code that is not in ussd_codes or ussd_balance, or one of call
 * forwarding, barring or PINs, whatever the configuration says, or an answer
 * that looks like a code; TC_EINVAL: too long, or no UTF-8.
 */
int radio_ussd(
    struct radio *r, const struct radio_ussd_request *q) TC_MUSTCHECK;

/* Whoever asked with this ctx is gone: cb is not called any more, and a menu,
 * one that comes later too, is not waited for. May be called from cb. */
void radio_ussd_cancel(struct radio *r, const void *ctx);

/* The credit of a modem was written (store/modem.h): what it may be given is
 * looked at anew. */
void radio_credit_changed(struct radio *r, const char *modem);

/* What left through a SIM in the last minute, hour, 24 hours; of campaigns
 * alone; and what its quotas allow. limit 0 = there is none, for either. */
enum radio_span {
	RADIO_MINUTE,
	RADIO_HOUR,
	RADIO_DAY,
	RADIO_NSPANS
};
const char *radio_span_name(enum radio_span span); /* "minute" ... */
struct radio_quota {
	int limit, campaign_limit;
	unsigned used, campaign_used;
};

/* For the API. The pointers live for the call. */
struct radio_modem_info {
	const char *name, *state, *reason, *device, *number, *operator_name,
	    *model, *imei_tail, *imsi_tail;
	const char *network, *registration; /* as the modem tells */
	bool is_up;                         /* it can send */
	const char *last_error; /* why it last ended or was held; "" */
	int64_t last_error_at;
	int signal_percent;
	unsigned sim_used, sim_size, restarts;
	uint64_t sent, failed, uncertain, received;
	int64_t seen_at; /* UTC; when it was last heard of, 0 = not yet */
	struct radio_quota quotas[RADIO_NSPANS];
};
void radio_each(const struct radio *r,
    void (*cb)(const struct radio_modem_info *m, void *ctx), void *ctx);

#endif
