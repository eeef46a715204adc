/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_UTIL_H
#define TINCAY_UTIL_H

/*
 * Error codes, memory and small helpers that every part uses.
 *
 * Errors: a function that can fail returns 0 or a negative enum tc_err; the
 * caller who knows the object logs once. Memory: running out of it is fatal
 * (abort with one log line), so the x-functions never return NULL. Sizes that
 * come from outside are checked by the caller before they are allocated.
 */

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TC_MUSTCHECK __attribute__((warn_unused_result))
#define TC_PRINTF(f, a) __attribute__((format(printf, f, a)))
#define TC_NELEM(a) (sizeof(a) / sizeof((a)[0]))

enum tc_err {
	TC_OK = 0,
	TC_EINVAL = -1,    /* the input is not what it should be */
	TC_ENOENT = -2,    /* no such object */
	TC_EEXIST = -3,    /* it is there already */
	TC_EFULL = -4,     /* over a limit: buffer, frame, queue */
	TC_EDENIED = -5,   /* not allowed */
	TC_ESTATE = -6,    /* not in the state that this needs */
	TC_EIO = -7,       /* disk, database, network */
	TC_ECRYPTO = -8,   /* a key or a sealed text does not fit */
	TC_EPROTO = -9,    /* a peer broke the protocol */
	TC_EAGAIN = -10,   /* not now; try again */
	TC_ENOTREADY = -11 /* set-up is not finished (no key yet) */
};

/* The fixed English word of an error code ("invalid", "not found" ...); never
 * NULL. */
const char *tc_strerror(int err);

/* malloc family that never returns NULL; xreallocarray checks the product for
 * overflow. The caller frees. */
void *xmalloc(size_t size);
void *xcalloc(size_t n, size_t size);
void *xreallocarray(void *p, size_t n, size_t size);
char *xstrdup(const char *s);
char *xstrndup(const char *s, size_t n);
char *xasprintf(const char *fmt, ...) TC_PRINTF(1, 2);

/* snprintf that reports truncation: 0, or TC_EFULL (dst is NUL-terminated all
 * the same). */
int str_printf(char *dst, size_t size, const char *fmt, ...)
    TC_PRINTF(3, 4) TC_MUSTCHECK;

/* Parse a whole decimal string into *out within [min, max]. 0 or TC_EINVAL
 * (empty, other characters, range). */
int str_to_int64(
    const char *s, int64_t min, int64_t max, int64_t *out) TC_MUSTCHECK;

/* Lower-case hex of len bytes into dst, which holds 2 * len + 1. Returns dst.
 */
char *hex_encode(char *dst, const void *src, size_t len);

/* Decode exactly 2 * len hex digits of s into dst. 0 or TC_EINVAL. */
int hex_decode(void *dst, size_t len, const char *s) TC_MUSTCHECK;

/* True when the len bytes at s are valid UTF-8 (no surrogates, no overlong
 * forms, at most U+10FFFF). */
bool utf8_is_valid(const char *s, size_t len);

/* 64-bit FNV-1a over data, going on from h; start with FNV64_INIT. Not for
 * secrets: it names things, it hides nothing. */
#define FNV64_INIT UINT64_C(0xcbf29ce484222325)
uint64_t fnv64(uint64_t h, const void *data, size_t len);

/* Read a whole regular file of at most max bytes. *out is NUL-terminated, the
 * caller frees it; *len may be NULL. 0, TC_ENOENT, TC_EFULL, TC_EIO. */
int file_read(
    const char *path, size_t max, char **out, size_t *len) TC_MUSTCHECK;

/* Write all of it. 0 or TC_EIO. */
int fd_write(int fd, const void *data, size_t len) TC_MUSTCHECK;

/* fsync the folder that path is in: without this a power cut could take a new
 * name away again. 0 or TC_EIO. */
int folder_sync(const char *path) TC_MUSTCHECK;

/* Write a file whole or not at all: temporary file in the same folder, fsync,
 * rename, fsync of the folder. 0 or TC_EIO. */
int file_write(
    const char *path, unsigned mode, const void *data, size_t len) TC_MUSTCHECK;

#endif
