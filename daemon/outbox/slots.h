/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_OUTBOX_SLOTS_H
#define TINCAY_OUTBOX_SLOTS_H

/*
 * Private to outbox/: the {slots} of a fixed text. A slot is a name of a-z and _
 * in braces; its value is a short string of a JSON object, one line, without
 * braces. Whether the whole may go out is the lint's business.
 */

#include <jansson.h>

#include "util.h"

struct buf;

#define SLOT_VALUE_BYTES 64 /* of one value */

/* Has this text slots at all? */
bool slots_in(const char *text);

/* Append text to out with every slot filled from json ("" = no values); with
 * is_bare the values lose their diacritics. 0; TC_EINVAL: no JSON object of
 * such strings, or a slot without a value; TC_EFULL. */
int slots_fill(const char *text, const char *json, bool is_bare,
    struct buf *out) TC_MUSTCHECK;

/* Values as the text that slots_fill() reads, into out of size bytes; takes the
 * reference of values. 0; TC_EINVAL: NULL, one of them was not UTF-8; TC_EFULL. */
int slots_dump(json_t *values, char *out, size_t size) TC_MUSTCHECK;

#endif
