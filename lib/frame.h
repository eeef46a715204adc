/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_FRAME_H
#define TINCAY_FRAME_H

/*
 * Frames on a stream socket between two tincay programs: a fixed 16-byte
 * header, then a body of typed fields. All integers are little-endian.
 *
 *   offset 0  uint32  length of the body, header not counted; at most
 *                     FRAME_BODY_MAX
 *          4  uint16  type
 *          6  uint16  version, FRAME_VERSION
 *          8  uint64  request id; 0 when the frame answers nothing and wants
 *                     no answer
 *
 * Writing never fails one by one: errors stick in the writer and frame_end()
 * reports them. Reading likewise: a get past the end gives zeros and an empty
 * string, and frame_done() says TC_EPROTO; it also does when bytes are left
 * over.
 */

#include "buf.h"

#define FRAME_VERSION 1
#define FRAME_HEADER 16
#define FRAME_BODY_MAX (64 * 1024 - FRAME_HEADER)

struct frame {
	uint16_t type;
	uint64_t id;
	const unsigned char *body; /* points into the stream buffer: valid until
				      the stream is drained */
	size_t len;
};

struct frame_reader {
	const unsigned char *p;
	size_t left;
	int error;
};

/* Writing: frame_begin(), puts, frame_end(). Several frames may follow each
 * other in one buf. */
void frame_begin(struct buf *b, uint16_t type, uint64_t id);
void frame_put_u8(struct buf *b, uint8_t v);
void frame_put_u32(struct buf *b, uint32_t v);
void frame_put_u64(struct buf *b, uint64_t v);
void frame_put_i64(struct buf *b, int64_t v);
void frame_put_bytes(struct buf *b, const void *data,
    size_t len); /* u32 length, then the bytes */
void frame_put_str(
    struct buf *b, const char *s); /* as bytes; NULL is written as "" */

/* Fill in the length of the frame that began last. 0, or TC_EFULL when the body
 * is over FRAME_BODY_MAX or the buf was full: the unfinished frame is then
 * taken back, and with it its error, so that the buf goes on. */
int frame_end(struct buf *b) TC_MUSTCHECK;

/* Look at the first frame of a stream. 1: *f is set, and *total is the number
 * of bytes to drain afterwards; 0: more bytes are needed; TC_EPROTO: wrong
 * version or too long (the peer is to be dropped). */
int frame_peek(
    const void *data, size_t len, struct frame *f, size_t *total) TC_MUSTCHECK;

/* Reading the body of a frame. */
void frame_read(struct frame_reader *r, const struct frame *f);
uint8_t frame_get_u8(struct frame_reader *r);
uint32_t frame_get_u32(struct frame_reader *r);
uint64_t frame_get_u64(struct frame_reader *r);
int64_t frame_get_i64(struct frame_reader *r);
/* Bytes in place, *len set; valid as long as the frame. */
const void *frame_get_bytes(struct frame_reader *r, size_t *len);
/* Copy a string field into dst. A NUL inside it, or more than size - 1 bytes,
 * or invalid UTF-8, is an error. */
void frame_get_str(struct frame_reader *r, char *dst, size_t size);

/* 0, or TC_EPROTO when a get failed or bytes are left over. */
int frame_done(const struct frame_reader *r) TC_MUSTCHECK;

#endif
