/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_BUF_H
#define TINCAY_BUF_H

/*
 * A growing byte buffer with a hard maximum. An append that would pass the
 * maximum changes nothing, sets a sticky error and returns TC_EFULL, and so do
 * all appends after it, so that the content never has a hole: a caller may
 * append many times and ask buf_error() once at the end.
 */

#include "util.h"

struct buf {
	unsigned char *data; /* NUL-terminated behind len, so that a text can be
				read in place; NULL until the first append */
	size_t len;
	size_t cap;
	size_t max;
	size_t mark; /* where the frame being written begins (frame.c) */
	int error;
};

/* An empty buffer that will hold at most max bytes. */
void buf_init(struct buf *b, size_t max);

/* Free what the buffer owns and make it empty again (same max). */
void buf_clear(struct buf *b);

/* Forget the content, keep the memory. */
void buf_reset(struct buf *b);

int buf_put(struct buf *b, const void *data, size_t len);
int buf_put_str(struct buf *b, const char *s);
int buf_put_char(struct buf *b, char c);
int buf_printf(struct buf *b, const char *fmt, ...) TC_PRINTF(2, 3);

/* Drop len bytes from the front (len <= b->len). */
void buf_drain(struct buf *b, size_t len);

/* The content as a C string, "" when empty; valid until the next change. */
const char *buf_str(const struct buf *b);

/* 0, or TC_EFULL if any append was refused since init/reset. */
int buf_error(const struct buf *b) TC_MUSTCHECK;

#endif
