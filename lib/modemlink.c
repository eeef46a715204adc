/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The frames between tincayd and a tincay-modem. Called by daemon/radio and by
 * modem/. Owns nothing but two tables:
 *
 *   fields   per type: kind, place in the struct, size, range. One packer, one
 *            unpacker and one checker work from it, so what one side may write
 *            is exactly what the other may read.
 *   types    per type: who says it, in which phases, which fields.
 *
 * A body that does not fit is TC_EINVAL when written and TC_EPROTO when read.
 */
#include "config.h"

#include <assert.h>
#include <string.h>

#include "log.h"
#include "modemlink.h"

enum field_kind {
	FIELD_U8,
	FIELD_U32,
	FIELD_U64,
	FIELD_I64,
	FIELD_STR,   /* char array of size bytes, NUL-terminated UTF-8 */
	FIELD_BYTES, /* array of size bytes; the uint32_t at len_at tells how
			many count */
	FIELD_NKINDS
};

struct field {
	enum field_kind kind;
	size_t at;
	size_t size;
	size_t len_at;
	int64_t min, max; /* of FIELD_U8 and FIELD_I64; both 0: anything */
};

struct type {
	const char *name;
	unsigned sides;  /* SIDE() bits */
	unsigned phases; /* PHASE() bits */
	const struct field *fields;
	size_t nfields;
	size_t body_size;
};

#define ANY(k, s, m)                                                           \
	{                                                                      \
		.kind = (k), .at = offsetof(struct s, m),                      \
		.size = sizeof(((struct s *)0)->m)                             \
	}
#define RANGE(k, s, m, lo, hi)                                                 \
	{                                                                      \
		.kind = (k), .at = offsetof(struct s, m),                      \
		.size = sizeof(((struct s *)0)->m), .min = (lo), .max = (hi)   \
	}
#define U8(s, m) ANY(FIELD_U8, s, m)
#define U32(s, m) ANY(FIELD_U32, s, m)
#define U64(s, m) ANY(FIELD_U64, s, m)
#define I64(s, m) ANY(FIELD_I64, s, m)
#define STR(s, m) ANY(FIELD_STR, s, m)
#define ENUM(s, m, n) RANGE(FIELD_U8, s, m, 0, (n)-1)
#define BOOL(s, m) RANGE(FIELD_U8, s, m, 0, 1)
#define BYTES(s, m, l)                                                         \
	{                                                                      \
		.kind = FIELD_BYTES, .at = offsetof(struct s, m),              \
		.size = sizeof(((struct s *)0)->m),                            \
		.len_at = offsetof(struct s, l)                                \
	}
#define PLACE(s)                                                               \
	STR(s, place.imsi), U32(s, place.folder), U32(s, place.slot),          \
	    U64(s, place.hash)

static const struct field hello_fields[] = {
    STR(ml_hello, program),
    STR(ml_hello, version),
};
static const struct field config_fields[] = {
    STR(ml_config, name),
    STR(ml_config, device),
    STR(ml_config, connection),
    STR(ml_config, spool),
    BYTES(ml_config, spool_key, spool_key_len),
    STR(ml_config, smsc),
    BOOL(ml_config, full_naps),
    U32(ml_config, poll_ms),
    U32(ml_config, poll_mute_ms),
    U32(ml_config, silence_ms),
    U32(ml_config, send_deadline_ms),
    STR(ml_config, pin),
    U32(ml_config, skip),
    ENUM(ml_config, ussd_form, ML_USSD_NFORMS),
};
static const struct field send_part_fields[] = {
    STR(ml_send_part, number),
    ENUM(ml_send_part, coding, GSM_NCODINGS),
    BYTES(ml_send_part, udh, udh_len),
    STR(ml_send_part, text),
    U32(ml_send_part, validity_min),
    BOOL(ml_send_part, report),
};
static const struct field delete_sms_fields[] = {
    PLACE(ml_delete_sms),
};
static const struct field ack_fields[] = {
    U64(ml_ack, spool_id),
};
static const struct field ready_fields[] = {
    STR(ml_ready, imei),
    STR(ml_ready, imsi),
    STR(ml_ready, model),
    STR(ml_ready, smsc),
    BOOL(ml_ready, notifies),
};
static const struct field result_fields[] = {
    U64(ml_result, spool_id),
    ENUM(ml_result, outcome, ML_NOUTCOMES),
    RANGE(FIELD_I64, ml_result, tp_mr, -1, 255),
    I64(ml_result, code),
};
static const struct field sms_in_fields[] = {
    PLACE(ml_sms_in),
    ENUM(ml_sms_in, kind, ML_SMS_NKINDS),
    STR(ml_sms_in, number),
    I64(ml_sms_in, smsc_time),
    I64(ml_sms_in, age_ms),
    BOOL(ml_sms_in, udh_present),
    U32(ml_sms_in, ref),
    U8(ml_sms_in, ref_bits),
    U8(ml_sms_in, total),
    U8(ml_sms_in, seq),
    STR(ml_sms_in, text),
};
static const struct field report_in_fields[] = {
    U64(ml_report_in, spool_id),
    STR(ml_report_in, number),
    RANGE(FIELD_I64, ml_report_in, tp_mr, -1, 255),
    U8(ml_report_in, tp_status),
    I64(ml_report_in, smsc_time),
};
static const struct field call_in_fields[] = {
    U64(ml_call_in, spool_id),
    STR(ml_call_in, number),
    I64(ml_call_in, at),
};
static const struct field deleted_fields[] = {
    PLACE(ml_deleted),
    I64(ml_deleted, rc),
};
static const struct field status_fields[] = {
    I64(ml_status, signal_percent),
    STR(ml_status, operator_name),
    ENUM(ml_status, registration, ML_NREGS),
    U32(ml_status, used),
    U32(ml_status, size),
};
static const struct field log_fields[] = {
    ENUM(ml_log, level, LOG_NLEVELS),
    STR(ml_log, line),
};
static const struct field gone_fields[] = {
    ENUM(ml_gone_body, why, ML_NGONE),
    BOOL(ml_gone_body, pin_tried),
    STR(ml_gone_body, detail),
};
static const struct field step_fields[] = {
    ENUM(ml_step_body, step, ML_NSTEPS),
};
static const struct field ussd_fields[] = {
    STR(ml_ussd, text),
};
static const struct field ussd_in_fields[] = {
    ENUM(ml_ussd_in, status, ML_USSD_NSTATUS),
    STR(ml_ussd_in, text),
};

#define SIDE(s) (1U << (s))
#define PHASE(p) (1U << (p))
#define HELLO PHASE(ML_PHASE_HELLO)
#define STARTING PHASE(ML_PHASE_STARTING)
#define READY PHASE(ML_PHASE_READY)
#define TYPE(n, s, p, f, b)                                                    \
	[ML_##n] = {#n, (s), (p), f, TC_NELEM(f), sizeof(struct b)}
#define BARE(n, s, p) [ML_##n] = {#n, (s), (p), NULL, 0, 0}
#define DAEMON SIDE(ML_DAEMON)
#define CHILD SIDE(ML_CHILD)

static const struct type types[] = {
    TYPE(HELLO, DAEMON | CHILD, HELLO, hello_fields, ml_hello),
    TYPE(CONFIG, DAEMON, HELLO | STARTING, config_fields, ml_config),
    TYPE(SEND_PART, DAEMON, READY, send_part_fields, ml_send_part),
    TYPE(DELETE_SMS, DAEMON, READY, delete_sms_fields, ml_delete_sms),
    TYPE(ACK, DAEMON, STARTING | READY, ack_fields, ml_ack),
    BARE(PING, DAEMON, STARTING | READY),
    BARE(STOP, DAEMON, STARTING | READY),
    TYPE(READY, CHILD, STARTING, ready_fields, ml_ready),
    TYPE(RESULT, CHILD, STARTING | READY, result_fields, ml_result),
    TYPE(SMS_IN, CHILD, READY, sms_in_fields, ml_sms_in),
    TYPE(REPORT_IN, CHILD, STARTING | READY, report_in_fields, ml_report_in),
    TYPE(CALL_IN, CHILD, STARTING | READY, call_in_fields, ml_call_in),
    TYPE(DELETED, CHILD, READY, deleted_fields, ml_deleted),
    TYPE(STATUS, CHILD, STARTING | READY, status_fields, ml_status),
    BARE(PONG, CHILD, STARTING | READY),
    TYPE(LOG, CHILD, STARTING | READY, log_fields, ml_log),
    TYPE(GONE, CHILD, STARTING | READY, gone_fields, ml_gone_body),
    TYPE(STEP, CHILD, STARTING | READY, step_fields, ml_step_body),
    TYPE(USSD, DAEMON, READY, ussd_fields, ml_ussd),
    TYPE(USSD_IN, CHILD, READY, ussd_in_fields, ml_ussd_in),
};

_Static_assert(TC_NELEM(types) == ML_NTYPES, "a row per frame type");

static const char *const gone_names[] = {
    [ML_GONE_STOPPED] = "stopped",
    [ML_GONE_NO_DEVICE] = "no-device",
    [ML_GONE_PIN] = "pin",
    [ML_GONE_PUK] = "puk",
    [ML_GONE_NO_SIM] = "no-sim",
    [ML_GONE_MODEM_ERROR] = "modem-error",
    [ML_GONE_PROTOCOL] = "protocol",
};

_Static_assert(TC_NELEM(gone_names) == ML_NGONE, "a name per reason");

static const char *const outcome_names[] = {
    [ML_SENT] = "sent",
    [ML_NOT_SENT] = "not-sent",
    [ML_REFUSED] = "refused",
    [ML_UNCERTAIN] = "uncertain",
    [ML_NOT_BEGUN] = "not-begun",
};

_Static_assert(TC_NELEM(outcome_names) == ML_NOUTCOMES, "a name per outcome");

static const char *const step_names[] = {
    [ML_STEP_NONE] = "none",
    [ML_STEP_CONNECT] = "connect",
    [ML_STEP_PIN] = "pin",
    [ML_STEP_IDENTITY] = "identity",
    [ML_STEP_READ] = "read",
    [ML_STEP_USSD] = "ussd",
    [ML_STEP_SIGNAL] = "signal",
    [ML_STEP_STORE] = "store",
    [ML_STEP_NETWORK] = "network",
};

_Static_assert(TC_NELEM(step_names) == ML_NSTEPS, "a name per step");

static const char *const ussd_form_names[] = {
    [ML_USSD_AUTO] = "auto",
    [ML_USSD_TEXT] = "text",
    [ML_USSD_PACKED] = "packed",
    [ML_USSD_UCS2] = "ucs2",
};

_Static_assert(TC_NELEM(ussd_form_names) == ML_USSD_NFORMS, "a name per form");

static const char *const ussd_status_names[] = {
    [ML_USSD_DONE] = "done",
    [ML_USSD_MENU] = "menu",
    [ML_USSD_TERMINATED] = "terminated",
    [ML_USSD_OTHER] = "other",
    [ML_USSD_UNSUPPORTED] = "unsupported",
    [ML_USSD_TIMEOUT] = "timeout",
    [ML_USSD_FAILED] = "failed",
};

_Static_assert(
    TC_NELEM(ussd_status_names) == ML_USSD_NSTATUS, "a name per status");

static const char *const registration_names[] = {
    [ML_REG_UNKNOWN] = "unknown",
    [ML_REG_NONE] = "none",
    [ML_REG_HOME] = "home",
    [ML_REG_ROAMING] = "roaming",
    [ML_REG_SEARCHING] = "searching",
    [ML_REG_DENIED] = "denied",
};

_Static_assert(TC_NELEM(registration_names) == ML_NREGS, "a name each");

static const struct type *
type_find(unsigned type)
{
	if (type >= TC_NELEM(types) || types[type].name == NULL)
		return NULL;
	return &types[type];
}

/* Whole numbers of a struct, by memcpy: one way for every kind. */
static uint32_t
load_u32(const unsigned char *p)
{
	uint32_t v;

	memcpy(&v, p, sizeof(v));
	return v;
}

static uint64_t
load_u64(const unsigned char *p)
{
	uint64_t v;

	memcpy(&v, p, sizeof(v));
	return v;
}

static bool
is_in_range(const struct field *f, int64_t v)
{
	return (f->min == 0 && f->max == 0) || (v >= f->min && v <= f->max);
}

static bool
string_is_valid(const char *s, size_t size)
{
	const char *end = memchr(s, '\0', size);

	return end != NULL && utf8_is_valid(s, (size_t)(end - s));
}

static bool
field_is_valid(const struct field *f, const unsigned char *body)
{
	const unsigned char *p = body + f->at;

	switch (f->kind) {
	case FIELD_U8:
		return is_in_range(f, *p);
	case FIELD_I64:
		return is_in_range(f, (int64_t)load_u64(p));
	case FIELD_STR:
		return string_is_valid((const char *)p, f->size);
	case FIELD_BYTES:
		return load_u32(body + f->len_at) <= f->size;
	case FIELD_U32:
	case FIELD_U64:
	case FIELD_NKINDS:
		break;
	}
	return true;
}

static bool
body_is_valid(const struct type *t, const unsigned char *body)
{
	size_t i;

	for (i = 0; i < t->nfields; i++)
		if (!field_is_valid(&t->fields[i], body))
			return false;
	return true;
}

static void
field_put(struct buf *b, const struct field *f, const unsigned char *body)
{
	const unsigned char *p = body + f->at;

	switch (f->kind) {
	case FIELD_U8:
		frame_put_u8(b, *p);
		break;
	case FIELD_U32:
		frame_put_u32(b, load_u32(p));
		break;
	case FIELD_U64:
		frame_put_u64(b, load_u64(p));
		break;
	case FIELD_I64:
		frame_put_i64(b, (int64_t)load_u64(p));
		break;
	case FIELD_STR:
		frame_put_str(b, (const char *)p);
		break;
	case FIELD_BYTES:
		frame_put_bytes(b, p, load_u32(body + f->len_at));
		break;
	case FIELD_NKINDS:
		break;
	}
}

static void
bytes_get(struct frame_reader *r, const struct field *f, unsigned char *body)
{
	const void *data;
	uint32_t count;
	size_t len;

	data = frame_get_bytes(r, &len);
	if (len > f->size) {
		r->error = TC_EPROTO;
		return;
	}
	memcpy(body + f->at, data, len);
	count = (uint32_t)len;
	memcpy(body + f->len_at, &count, sizeof(count));
}

static void
field_get(struct frame_reader *r, const struct field *f, unsigned char *body)
{
	unsigned char *p = body + f->at;
	uint32_t u32;
	uint64_t u64;

	switch (f->kind) {
	case FIELD_U8:
		*p = frame_get_u8(r);
		break;
	case FIELD_U32:
		u32 = frame_get_u32(r);
		memcpy(p, &u32, sizeof(u32));
		break;
	case FIELD_U64:
	case FIELD_I64:
		u64 = frame_get_u64(r);
		memcpy(p, &u64, sizeof(u64));
		break;
	case FIELD_STR:
		frame_get_str(r, (char *)p, f->size);
		break;
	case FIELD_BYTES:
		bytes_get(r, f, body);
		break;
	case FIELD_NKINDS:
		break;
	}
}

int
modemlink_put(struct buf *b, enum ml_type type, uint64_t id, const void *body)
{
	const struct type *t = type_find(type);
	size_t i;

	assert(t != NULL && (body != NULL || t->nfields == 0));
	if (!body_is_valid(t, body))
		return TC_EINVAL;
	frame_begin(b, (uint16_t)type, id);
	for (i = 0; i < t->nfields; i++)
		field_put(b, &t->fields[i], body);
	return frame_end(b);
}

int
modemlink_get(const struct frame *f, enum ml_side from, enum ml_phase phase,
    union ml_body *out)
{
	const struct type *t = type_find(f->type);
	struct frame_reader r;
	size_t i;

	if (t == NULL || (t->sides & SIDE(from)) == 0 ||
	    (t->phases & PHASE(phase)) == 0)
		return TC_EPROTO;
	memset(out, 0, t->body_size);
	frame_read(&r, f);
	for (i = 0; i < t->nfields; i++)
		field_get(&r, &t->fields[i], (unsigned char *)out);
	if (frame_done(&r) != 0 || !body_is_valid(t, (unsigned char *)out))
		return TC_EPROTO;
	return 0;
}

const char *
modemlink_type_name(unsigned type)
{
	const struct type *t = type_find(type);

	return t != NULL ? t->name : "?";
}

const char *
modemlink_gone_name(unsigned why)
{
	return why < ML_NGONE ? gone_names[why] : "?";
}

const char *
modemlink_outcome_name(unsigned outcome)
{
	return outcome < ML_NOUTCOMES ? outcome_names[outcome] : "?";
}

const char *
modemlink_step_name(unsigned step)
{
	return step < ML_NSTEPS ? step_names[step] : "?";
}

const char *
modemlink_ussd_form_name(unsigned form)
{
	return form < ML_USSD_NFORMS ? ussd_form_names[form] : "?";
}

const char *
modemlink_ussd_status_name(unsigned status)
{
	return status < ML_USSD_NSTATUS ? ussd_status_names[status] : "?";
}

const char *
modemlink_registration_name(unsigned registration)
{
	return registration < ML_NREGS ? registration_names[registration] : "?";
}
