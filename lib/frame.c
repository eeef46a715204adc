/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Frames: the header and the typed fields of a body, both ways. modemlink.c
 * builds on it. Owns nothing: writing appends to the caller's buf, reading
 * points into it. Every length that a peer gives is compared with what is
 * really there before anything is read.
 */
#include "config.h"

#include <string.h>

#include "frame.h"

#define NO_FRAME SIZE_MAX /* mark: the buf had failed before frame_begin() */

static void
store_le(unsigned char *p, uint64_t v, size_t size)
{
	size_t i;

	for (i = 0; i < size; i++)
		p[i] = (unsigned char)(v >> (8 * i));
}

static uint64_t
load_le(const unsigned char *p, size_t size)
{
	uint64_t v = 0;
	size_t i;

	for (i = 0; i < size; i++)
		v |= (uint64_t)p[i] << (8 * i);
	return v;
}

/* The error sticks in the buf; frame_end() reports it. */
static void
put_le(struct buf *b, uint64_t v, size_t size)
{
	unsigned char raw[8];

	store_le(raw, v, size);
	(void)buf_put(b, raw, size);
}

void
frame_begin(struct buf *b, uint16_t type, uint64_t id)
{
	b->mark = b->error == 0 ? b->len : NO_FRAME;
	put_le(b, 0, 4);
	put_le(b, type, 2);
	put_le(b, FRAME_VERSION, 2);
	put_le(b, id, 8);
}

void
frame_put_u8(struct buf *b, uint8_t v)
{
	put_le(b, v, 1);
}

void
frame_put_u32(struct buf *b, uint32_t v)
{
	put_le(b, v, 4);
}

void
frame_put_u64(struct buf *b, uint64_t v)
{
	put_le(b, v, 8);
}

void
frame_put_i64(struct buf *b, int64_t v)
{
	put_le(b, (uint64_t)v, 8);
}

void
frame_put_bytes(struct buf *b, const void *data, size_t len)
{
	if (len > FRAME_BODY_MAX) {
		b->error = TC_EFULL;
		return;
	}
	put_le(b, len, 4);
	(void)buf_put(b, data, len);
}

void
frame_put_str(struct buf *b, const char *s)
{
	frame_put_bytes(b, s, s != NULL ? strlen(s) : 0);
}

int
frame_end(struct buf *b)
{
	size_t body;

	if (b->mark == NO_FRAME)
		return TC_EFULL;
	if (b->error == 0) {
		body = b->len - b->mark - FRAME_HEADER;
		if (body <= FRAME_BODY_MAX) {
			store_le(b->data + b->mark, body, 4);
			return 0;
		}
	}
	/* The frames before this one are whole: only it is lost. */
	b->len = b->mark;
	b->error = 0;
	if (b->data != NULL)
		b->data[b->len] = '\0';
	return TC_EFULL;
}

int
frame_peek(const void *data, size_t len, struct frame *f, size_t *total)
{
	const unsigned char *p = data;
	size_t body;

	if (len < 4)
		return 0;
	body = (size_t)load_le(p, 4);
	if (body > FRAME_BODY_MAX)
		return TC_EPROTO;
	if (len < 8)
		return 0;
	if (load_le(p + 6, 2) != FRAME_VERSION)
		return TC_EPROTO;
	if (len < FRAME_HEADER + body)
		return 0;
	f->type = (uint16_t)load_le(p + 4, 2);
	f->id = load_le(p + 8, 8);
	f->body = p + FRAME_HEADER;
	f->len = body;
	*total = FRAME_HEADER + body;
	return 1;
}

void
frame_read(struct frame_reader *r, const struct frame *f)
{
	r->p = f->body;
	r->left = f->len;
	r->error = 0;
}

/* The next size bytes, or NULL: the reader has failed from then on. */
static const unsigned char *
take(struct frame_reader *r, size_t size)
{
	const unsigned char *p = r->p;

	if (r->error == 0 && size > r->left)
		r->error = TC_EPROTO;
	if (r->error != 0)
		return NULL;
	r->p += size;
	r->left -= size;
	return p;
}

static uint64_t
get_le(struct frame_reader *r, size_t size)
{
	const unsigned char *p = take(r, size);

	return p != NULL ? load_le(p, size) : 0;
}

uint8_t
frame_get_u8(struct frame_reader *r)
{
	return (uint8_t)get_le(r, 1);
}

uint32_t
frame_get_u32(struct frame_reader *r)
{
	return (uint32_t)get_le(r, 4);
}

uint64_t
frame_get_u64(struct frame_reader *r)
{
	return get_le(r, 8);
}

int64_t
frame_get_i64(struct frame_reader *r)
{
	return (int64_t)get_le(r, 8);
}

const void *
frame_get_bytes(struct frame_reader *r, size_t *len)
{
	size_t size = frame_get_u32(r);
	const void *p = take(r, size);

	*len = p != NULL ? size : 0;
	return p != NULL ? p : "";
}

void
frame_get_str(struct frame_reader *r, char *dst, size_t size)
{
	size_t len;
	const char *p = frame_get_bytes(r, &len);

	if (len >= size || memchr(p, '\0', len) != NULL ||
	    !utf8_is_valid(p, len)) {
		r->error = TC_EPROTO;
		len = 0;
	}
	memcpy(dst, p, len);
	dst[len] = '\0';
}

int
frame_done(const struct frame_reader *r)
{
	return (r->error != 0 || r->left != 0) ? TC_EPROTO : 0;
}
