/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_JVAL_H
#define TINCAY_JVAL_H

/* JSON values in the forms of the API; new references, never NULL. */

#include <jansson.h>

#include "util.h"

#define JVAL_ID_LEN 16

json_t *jval_text(const char *s); /* "?" for what is not UTF-8 */
json_t *jval_opt(const char *s);  /* null for NULL and "" */
json_t *jval_time(int64_t t);     /* UTC seconds; null for 0 */
json_t *jval_id(int64_t id);      /* 16 hex digits */
json_t *jval_opt_id(int64_t id);  /* null for 0 */
json_t *jval_int(int64_t n);
json_t *jval_lines(const char *lines); /* an array: a text a line */
json_t *jval_base64(const void *data, size_t len);

/* 16 hex digits to an id above 0. 0 or TC_EINVAL. */
int jval_parse_id(const char *s, int64_t *out) TC_MUSTCHECK;

/* Decode base64 (padded) of exactly len bytes. 0 or TC_EINVAL. */
int jval_parse_base64(const char *s, void *dst, size_t len) TC_MUSTCHECK;

#endif
