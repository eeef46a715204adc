/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The spool of one modem (see spool.h). Called by main.c, send.c and receive.c.
 * Owns the file, its lock, and the table of entries that are not acknowledged.
 *
 * Disk errors come back as TC_EIO; a half-written record is taken back at once,
 * so that the file never has a hole in its middle.
 */
#include "config.h"

#include <sys/file.h>
#include <sys/random.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "spool.h"

#define RECORD_MAX 512
#define READ_MAX (SPOOL_SIZE_MAX + 64 * 1024)
#define CHECK_SIZE 8
#define REWRITE_ENTRIES 64 /* more than that: tincayd does not acknowledge */

enum record_type {
	RECORD_HEAD = 1,
	RECORD_BEGIN,
	RECORD_RESULT,
	RECORD_REPORT,
	RECORD_CALL,
	RECORD_ACK,
	RECORD_NTYPES
};

/* A number at rest: padded, so that its length does not show. */
struct box {
	char number[ML_NAME_MAX];
	uint64_t check; /* tells a wrong key */
};
_Static_assert(sizeof(struct box) == SPOOL_NUMBER, "spool.h");

void
spool_init(struct spool *s)
{
	memset(s, 0, sizeof(*s));
	s->lock_fd = -1;
	s->fd = -1;
	s->next_id = 1;
}

void
spool_clear(struct spool *s)
{
	if (s->fd >= 0)
		(void)close(s->fd);
	if (s->lock_fd >= 0)
		(void)close(s->lock_fd);
	free(s->entries);
	explicit_bzero(s->key, sizeof(s->key));
	spool_init(s);
}

int
spool_lock(struct spool *s, const char *path)
{
	char lock[ML_PATH_MAX];

	if (s->lock_fd < 0) {
		if (str_printf(s->path, sizeof(s->path), "%s", path) != 0 ||
		    str_printf(lock, sizeof(lock), "%s.lock", path) != 0)
			return TC_EINVAL;
		s->lock_fd = open(lock, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
		if (s->lock_fd < 0)
			return TC_EIO;
	}
	if (flock(s->lock_fd, LOCK_EX | LOCK_NB) == 0)
		return 0;
	return errno == EWOULDBLOCK || errno == EINTR ? TC_EAGAIN : TC_EIO;
}

/* --- numbers at rest --- */

static void
number_put(const struct spool *s, struct buf *b, const struct spool_entry *e,
    const char *number)
{
	unsigned char nonce[CHACHA20_NONCE];
	struct box box;

	if (e->is_closed) {
		frame_put_bytes(b, e->closed, CHACHA20_NONCE);
		frame_put_bytes(b, e->closed + CHACHA20_NONCE, sizeof(box));
		return;
	}
	memset(&box, 0, sizeof(box));
	if (!s->has_key ||
	    getrandom(nonce, sizeof(nonce), 0) != (ssize_t)sizeof(nonce) ||
	    str_printf(box.number, sizeof(box.number), "%s", number) != 0) {
		frame_put_bytes(b, "", 0);
		frame_put_bytes(b, "", 0);
		return;
	}
	box.check = fnv64(FNV64_INIT, box.number, sizeof(box.number));
	chacha20_xor(s->key, nonce, 0, &box, sizeof(box));
	frame_put_bytes(b, nonce, sizeof(nonce));
	frame_put_bytes(b, &box, sizeof(box));
}

/* The number, or "" when it was left out or the key is another one. */
static void
number_get(const struct spool *s, struct frame_reader *r, struct spool_entry *e,
    char number[ML_NAME_MAX])
{
	const unsigned char *nonce;
	const void *data;
	size_t nonce_len, len;
	struct box box;

	number[0] = '\0';
	nonce = frame_get_bytes(r, &nonce_len);
	data = frame_get_bytes(r, &len);
	if (nonce_len != CHACHA20_NONCE || len != sizeof(box))
		return;
	if (!s->has_key) {
		e->is_closed = true;
		memcpy(e->closed, nonce, CHACHA20_NONCE);
		memcpy(e->closed + CHACHA20_NONCE, data, sizeof(box));
		return;
	}
	memcpy(&box, data, sizeof(box));
	chacha20_xor(s->key, nonce, 0, &box, sizeof(box));
	if (box.check == fnv64(FNV64_INIT, box.number, sizeof(box.number)))
		memcpy(number, box.number, ML_NAME_MAX);
}

/* --- records --- */

static void
record_begin(struct buf *b, enum record_type type, uint64_t id, size_t *start)
{
	*start = b->len;
	frame_begin(b, (uint16_t)type, id);
}

/* The checksum covers type, version, id and fields; the length shows itself. */
static int
record_end(struct buf *b, size_t start)
{
	if (buf_error(b) == 0)
		frame_put_u64(b,
		    fnv64(FNV64_INIT, b->data + start + 4, b->len - start - 4));
	return frame_end(b);
}

static uint64_t
check_load(const unsigned char *p)
{
	uint64_t v = 0;
	int i;

	for (i = CHECK_SIZE - 1; i >= 0; i--)
		v = v << 8 | p[i];
	return v;
}

/* Make f a frame without its checksum. */
static bool
record_is_whole(struct frame *f)
{
	if (f->len < CHECK_SIZE)
		return false;
	f->len -= CHECK_SIZE;
	return check_load(f->body + f->len) == fnv64(FNV64_INIT,
						   f->body - (FRAME_HEADER - 4),
						   f->len + FRAME_HEADER - 4);
}

static int
put_head(const struct spool *s, struct buf *b)
{
	size_t start;

	record_begin(b, RECORD_HEAD, s->next_id, &start);
	frame_put_u8(b, s->is_late);
	return record_end(b, start);
}

/* BEGIN and ACK are their id. */
static int
put_mark(struct buf *b, enum record_type type, uint64_t id)
{
	size_t start;

	record_begin(b, type, id, &start);
	return record_end(b, start);
}

static int
put_result(struct buf *b, const struct spool_entry *e)
{
	const struct ml_result *r = &e->body.result;
	size_t start;

	record_begin(b, RECORD_RESULT, r->spool_id, &start);
	frame_put_u64(b, e->part_id);
	frame_put_u8(b, r->outcome);
	frame_put_i64(b, r->tp_mr);
	frame_put_i64(b, r->code);
	frame_put_u8(b, e->late);
	return record_end(b, start);
}

static int
put_report(const struct spool *s, struct buf *b, const struct spool_entry *e)
{
	const struct ml_report_in *r = &e->body.report_in;
	size_t start;

	record_begin(b, RECORD_REPORT, r->spool_id, &start);
	number_put(s, b, e, r->number);
	frame_put_i64(b, r->tp_mr);
	frame_put_u8(b, r->tp_status);
	frame_put_i64(b, r->smsc_time);
	return record_end(b, start);
}

static int
put_call(const struct spool *s, struct buf *b, const struct spool_entry *e)
{
	const struct ml_call_in *c = &e->body.call_in;
	size_t start;

	record_begin(b, RECORD_CALL, c->spool_id, &start);
	number_put(s, b, e, c->number);
	frame_put_i64(b, c->at);
	return record_end(b, start);
}

static int
put_entry(const struct spool *s, struct buf *b, const struct spool_entry *e)
{
	if (e->type == ML_RESULT)
		return put_result(b, e);
	if (e->type == ML_REPORT_IN)
		return put_report(s, b, e);
	return put_call(s, b, e);
}

/* --- the table --- */

static struct spool_entry *
entry_add(struct spool *s, enum ml_type type)
{
	struct spool_entry *e;

	if (s->nentries == s->cap) {
		s->cap = s->cap == 0 ? 16 : s->cap * 2;
		s->entries =
		    xreallocarray(s->entries, s->cap, sizeof(*s->entries));
	}
	e = &s->entries[s->nentries++];
	memset(e, 0, sizeof(*e));
	e->type = type;
	return e;
}

static uint64_t
entry_id(const struct spool_entry *e)
{
	if (e->type == ML_RESULT)
		return e->body.result.spool_id;
	if (e->type == ML_REPORT_IN)
		return e->body.report_in.spool_id;
	return e->body.call_in.spool_id;
}

static bool
entry_drop(struct spool *s, uint64_t id)
{
	size_t i;

	for (i = 0; i < s->nentries; i++)
		if (entry_id(&s->entries[i]) == id)
			break;
	if (i == s->nentries)
		return false;
	s->nentries--;
	memmove(&s->entries[i], &s->entries[i + 1],
	    (s->nentries - i) * sizeof(*s->entries));
	return true;
}

/* --- reading --- */

static void
load_result(struct spool *s, uint64_t id, struct frame_reader *r)
{
	struct spool_entry *e = entry_add(s, ML_RESULT);

	e->part_id = frame_get_u64(r);
	e->body.result.spool_id = id;
	e->body.result.outcome = frame_get_u8(r);
	e->body.result.tp_mr = frame_get_i64(r);
	e->body.result.code = frame_get_i64(r);
	e->late = frame_get_u8(r) != 0;
	s->is_late = e->late;
	s->is_sending = false;
}

static void
load_report(struct spool *s, uint64_t id, struct frame_reader *r)
{
	struct spool_entry *e = entry_add(s, ML_REPORT_IN);
	struct ml_report_in *in = &e->body.report_in;

	in->spool_id = id;
	number_get(s, r, e, in->number);
	in->tp_mr = frame_get_i64(r);
	in->tp_status = frame_get_u8(r);
	in->smsc_time = frame_get_i64(r);
}

static void
load_call(struct spool *s, uint64_t id, struct frame_reader *r)
{
	struct spool_entry *e = entry_add(s, ML_CALL_IN);
	struct ml_call_in *in = &e->body.call_in;

	in->spool_id = id;
	number_get(s, r, e, in->number);
	in->at = frame_get_i64(r);
}

static int
load_record(struct spool *s, const struct frame *f)
{
	struct frame_reader r;

	frame_read(&r, f);
	switch (f->type) {
	case RECORD_HEAD:
		s->is_late = frame_get_u8(&r) != 0;
		s->next_id = f->id;
		break;
	case RECORD_BEGIN:
		s->is_sending = true;
		s->part_id = f->id;
		break;
	case RECORD_RESULT:
		load_result(s, f->id, &r);
		break;
	case RECORD_REPORT:
		load_report(s, f->id, &r);
		break;
	case RECORD_CALL:
		load_call(s, f->id, &r);
		break;
	case RECORD_ACK:
		(void)entry_drop(s, f->id);
		break;
	default:
		return TC_EPROTO;
	}
	if (f->type >= RECORD_RESULT && f->type <= RECORD_CALL &&
	    f->id >= s->next_id)
		s->next_id = f->id + 1;
	return frame_done(&r);
}

/* Returns how many bytes at the start of data are whole records. */
static size_t
load_all(struct spool *s, const char *data, size_t len)
{
	struct frame f;
	size_t at = 0, total;

	while (frame_peek(data + at, len - at, &f, &total) == 1 &&
	       record_is_whole(&f) && load_record(s, &f) == 0)
		at += total;
	return at;
}

int
spool_open(struct spool *s, const unsigned char key[CHACHA20_KEY])
{
	char *data;
	size_t len;
	int rc;

	s->has_key = key != NULL;
	if (key != NULL)
		memcpy(s->key, key, sizeof(s->key));
	s->fd = open(s->path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
	if (s->fd < 0)
		return TC_EIO;
	rc = file_read(s->path, READ_MAX, &data, &len);
	if (rc != 0)
		return TC_EIO;
	s->size = load_all(s, data, len);
	free(data);
	if (s->size < len && ftruncate(s->fd, (off_t)s->size) != 0)
		return TC_EIO;
	return 0;
}

/* --- writing --- */

static int
append(struct spool *s, const struct buf *b)
{
	if (buf_error(b) != 0 || s->size + b->len > SPOOL_SIZE_MAX)
		return TC_EFULL;
	if (fd_write(s->fd, b->data, b->len) != 0) {
		/* What cannot be cut off, the checksum will find. */
		(void)!ftruncate(s->fd, (off_t)s->size);
		return TC_EIO;
	}
	s->size += b->len;
	return 0;
}

static int
append_mark(struct spool *s, enum record_type type, uint64_t id)
{
	struct buf b;
	int rc;

	buf_init(&b, RECORD_MAX);
	rc = put_mark(&b, type, id);
	if (rc == 0)
		rc = append(s, &b);
	buf_clear(&b);
	return rc;
}

static int
append_entry(struct spool *s, const struct spool_entry *e)
{
	struct buf b;
	int rc;

	buf_init(&b, RECORD_MAX);
	rc = put_entry(s, &b, e);
	if (rc == 0)
		rc = append(s, &b);
	buf_clear(&b);
	return rc;
}

int
spool_begin(struct spool *s, uint64_t part_id)
{
	int rc = append_mark(s, RECORD_BEGIN, part_id);

	if (rc == 0) {
		s->is_sending = true;
		s->part_id = part_id;
	}
	return rc;
}

int
spool_result(struct spool *s, uint64_t part_id, struct ml_result *r, bool late)
{
	struct spool_entry *e = entry_add(s, ML_RESULT);

	r->spool_id = s->next_id++;
	e->part_id = part_id;
	e->late = late;
	e->body.result = *r;
	s->is_late = late;
	s->is_sending = false;
	return append_entry(s, e);
}

int
spool_report(struct spool *s, struct ml_report_in *r)
{
	struct spool_entry *e = entry_add(s, ML_REPORT_IN);

	r->spool_id = s->next_id++;
	e->body.report_in = *r;
	return append_entry(s, e);
}

int
spool_call(struct spool *s, struct ml_call_in *c)
{
	struct spool_entry *e = entry_add(s, ML_CALL_IN);

	c->spool_id = s->next_id++;
	e->body.call_in = *c;
	return append_entry(s, e);
}

int
spool_sync(struct spool *s)
{
	return fdatasync(s->fd) == 0 ? 0 : TC_EIO;
}

/* Write the file anew with only what still counts. */
static int
rewrite(struct spool *s)
{
	struct buf b;
	size_t i;
	int rc;

	buf_init(&b, SPOOL_SIZE_MAX);
	rc = put_head(s, &b);
	for (i = 0; rc == 0 && i < s->nentries; i++)
		rc = put_entry(s, &b, &s->entries[i]);
	if (rc == 0 && s->is_sending)
		rc = put_mark(&b, RECORD_BEGIN, s->part_id);
	if (rc == 0)
		rc = file_write(s->path, 0600, b.data, b.len);
	if (rc == 0) {
		/* The old descriptor is of a file without a name: better none
		 * than that, so that nothing is begun in vain. */
		(void)close(s->fd);
		s->fd = open(s->path, O_WRONLY | O_APPEND | O_CLOEXEC);
		s->size = b.len;
	}
	if (s->fd < 0)
		rc = TC_EIO;
	buf_clear(&b);
	return rc;
}

int
spool_ack(struct spool *s, uint64_t spool_id)
{
	int rc;

	if (!entry_drop(s, spool_id))
		return TC_ENOENT;
	rc = append_mark(s, RECORD_ACK, spool_id);
	if (s->size > SPOOL_REWRITE_SIZE && s->nentries < REWRITE_ENTRIES)
		rc = rewrite(s);
	return rc;
}
