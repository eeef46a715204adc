/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The growing byte buffer: every socket, frame, line and document goes through
 * one. Owns its memory, which grows by doubling up to the maximum; data is
 * always followed by a NUL, so cap counts that byte too. Only an append over
 * the maximum fails.
 */
#include "config.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"

#define FIRST_CAP 64

void
buf_init(struct buf *b, size_t max)
{
	memset(b, 0, sizeof(*b));
	b->max = max;
}

void
buf_clear(struct buf *b)
{
	free(b->data);
	buf_init(b, b->max);
}

void
buf_reset(struct buf *b)
{
	b->len = 0;
	b->mark = 0;
	b->error = 0;
	if (b->data != NULL)
		b->data[0] = '\0';
}

/* Make room for len more bytes and the NUL. */
static int
buf_reserve(struct buf *b, size_t len)
{
	size_t need, cap;

	if (b->error != 0)
		return b->error;
	if (len > b->max - b->len) {
		b->error = TC_EFULL;
		return TC_EFULL;
	}
	need = b->len + len + 1;
	if (need <= b->cap)
		return 0;
	cap = b->cap != 0 ? b->cap : FIRST_CAP;
	while (cap < need)
		cap = cap > SIZE_MAX / 2 ? need : cap * 2;
	if (cap - 1 > b->max)
		cap = b->max + 1;
	b->data = xreallocarray(b->data, cap, 1);
	b->cap = cap;
	return 0;
}

int
buf_put(struct buf *b, const void *data, size_t len)
{
	int rc = buf_reserve(b, len);

	if (rc != 0)
		return rc;
	if (len != 0)
		memcpy(b->data + b->len, data, len);
	b->len += len;
	b->data[b->len] = '\0';
	return 0;
}

int
buf_put_str(struct buf *b, const char *s)
{
	return buf_put(b, s, strlen(s));
}

int
buf_put_char(struct buf *b, char c)
{
	return buf_put(b, &c, 1);
}

int
buf_printf(struct buf *b, const char *fmt, ...)
{
	va_list ap;
	size_t room;
	int n, rc;

	rc = buf_reserve(b, 0);
	if (rc != 0)
		return rc;
	room = b->cap - b->len;
	va_start(ap, fmt);
	n = vsnprintf((char *)b->data + b->len, room, fmt, ap);
	va_end(ap);
	if (n < 0) {
		b->data[b->len] = '\0';
		b->error = TC_EFULL;
		return TC_EFULL;
	}
	if ((size_t)n >= room) {
		/* What was written does not count until it all fits. */
		b->data[b->len] = '\0';
		rc = buf_reserve(b, (size_t)n);
		if (rc != 0)
			return rc;
		va_start(ap, fmt);
		n = vsnprintf(
		    (char *)b->data + b->len, b->cap - b->len, fmt, ap);
		va_end(ap);
	}
	b->len += (size_t)n;
	return 0;
}

void
buf_drain(struct buf *b, size_t len)
{
	assert(len <= b->len);
	if (len == 0)
		return;
	memmove(b->data, b->data + len, b->len - len + 1);
	b->len -= len;
	b->mark = b->mark > len ? b->mark - len : 0;
}

const char *
buf_str(const struct buf *b)
{
	return b->data != NULL ? (const char *)b->data : "";
}

int
buf_error(const struct buf *b)
{
	return b->error;
}
