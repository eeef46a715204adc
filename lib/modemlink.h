/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_MODEMLINK_H
#define TINCAY_MODEMLINK_H

/*
 * What tincayd and a tincay-modem say to each other, on the socket that the
 * child finds as descriptor 3.
 *
 *   tincayd                        tincay-modem
 *   HELLO, CONFIG  ------------->
 *                  <-------------  HELLO
 *                                  (locks the spool; replays what is in it:
 *                                  RESULT, REPORT_IN, CALL_IN)
 *                  <-------------  READY
 *   SEND_PART      ------------->  one at a time, request id = part id
 *                  <-------------  RESULT (same request id; in the spool until
 *                                  ACK)
 *                  <-------------  SMS_IN, REPORT_IN, CALL_IN, STATUS, LOG at
 *                                  any time
 *   ACK            ------------->  the spool entry may be forgotten (what it
 *                                  caused is committed)
 *   DELETE_SMS     ------------->  (what it caused is committed)
 *                  <-------------  DELETED
 *   USSD           ------------->  one session at a time, request id = session:
 *                                  a code, the answer to a menu, "" ends it
 *                  <-------------  USSD_IN (same request id; 0: the network
 *                                  began), or TIMEOUT, FAILED
 *                  <-------------  STEP: what it is about to ask the modem
 *   PING           ------------->
 *                  <-------------  PONG
 *   STOP           ------------->  the last frame; finish what is on the air
 *                  <-------------  RESULT, not begun, of what came too late
 *                  <-------------  GONE (why), exit 0
 *                  <-------------  GONE (why), by itself
 *   STOP           ------------->  the last frame
 *                  <-------------  RESULT, not begun, as above; exit
 *
 * SEND_PART while a USSD session runs ends that first (USSD_IN, terminated).
 *
 * End of file from tincayd means the same as STOP: the child finishes the send
 * it is in, keeps the result in the spool, exits. A frame of the wrong
 * direction, in the wrong phase or badly formed ends the link: tincayd kills
 * the child, the child exits. Every body is a plain struct; a field table per
 * type does the packing, with bounds, in both directions.
 */

#include "frame.h"
#include "modembody.h"

#define ML_FD 3

enum ml_type {
	ML_HELLO = 1,
	ML_CONFIG,
	ML_SEND_PART,
	ML_DELETE_SMS,
	ML_ACK,
	ML_PING,
	ML_STOP,
	ML_READY,
	ML_RESULT,
	ML_SMS_IN,
	ML_REPORT_IN,
	ML_CALL_IN,
	ML_DELETED,
	ML_STATUS,
	ML_PONG,
	ML_LOG,
	ML_GONE,
	ML_STEP,
	ML_USSD,
	ML_USSD_IN,
	ML_NTYPES
};

/* Who speaks. */
enum ml_side {
	ML_DAEMON,
	ML_CHILD
};

/* Phase of the link, the same on both sides; the type table says in which
 * phases a type is legal. */
enum ml_phase {
	ML_PHASE_HELLO,
	ML_PHASE_STARTING,
	ML_PHASE_READY,
	ML_NPHASES
};

/* Append one frame; body points to the struct of that type (NULL for PING,
 * PONG, STOP). 0; TC_EFULL; TC_EINVAL: modemlink_get() would refuse it (no NUL
 * in a string, invalid UTF-8, an enum out of range). On error nothing is added.
 */
int modemlink_put(struct buf *b, enum ml_type type, uint64_t id,
    const void *body) TC_MUSTCHECK;

/* Unpack a frame that `from` sent in `phase`. 0, or TC_EPROTO: unknown type,
 * wrong side, wrong phase, bad body, an enum field out of range; *out is then
 * not to be used. */
int modemlink_get(const struct frame *f, enum ml_side from, enum ml_phase phase,
    union ml_body *out) TC_MUSTCHECK;

/* "SEND_PART" ...; "?" when unknown. */
const char *modemlink_type_name(unsigned type);
const char *modemlink_gone_name(unsigned why);
const char *modemlink_outcome_name(unsigned outcome);
const char *modemlink_step_name(unsigned step);
const char *modemlink_ussd_form_name(unsigned form);
const char *modemlink_ussd_status_name(unsigned status);
const char *modemlink_registration_name(unsigned registration);

#endif
