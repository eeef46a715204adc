/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_CTL_SHAPE_H
#define TINCAY_CTL_SHAPE_H

/*
 * Reading answers that may be anything: a value has the type that is asked for,
 * or the function says so.
 */

#include <jansson.h>

#include "util.h"

/* A string member, NULL when it is missing or no string. Lives as long as
 * object. */
const char *shape_string(const json_t *object, const char *key);

/* An integer member. 0 or TC_EPROTO. */
int shape_int(const json_t *object, const char *key, int64_t *out) TC_MUSTCHECK;

/* Base64 with padding into out of size bytes. 0; TC_EPROTO: no string, not
 * base64, or longer. */
int shape_bytes(const json_t *value, unsigned char *out, size_t size,
    size_t *len) TC_MUSTCHECK;

/* Base64 with padding of len bytes as a JSON string. */
json_t *shape_from_bytes(const unsigned char *data, size_t len);

#endif
