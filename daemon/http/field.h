/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_FIELD_H
#define TINCAY_FIELD_H

/*
 * What may stand in a query string or a JSON body: one row per field. Whatever
 * no row names is refused, so that a client's mistake never passes in silence.
 * A table ends with a row without a name; NULL is an empty table.
 */

#include <jansson.h>

#include "util.h"

enum field_type {
	FIELD_LINE,   /* text without control characters */
	FIELD_TEXT,   /* text; line breaks and tabs are allowed */
	FIELD_SECRET, /* any text: a password */
	FIELD_NAME,   /* [a-z0-9._-] */
	FIELD_CODE,   /* [A-Z0-9] */
	FIELD_ID,     /* 16 hex digits */
	FIELD_NAMES,  /* list of FIELD_NAME, each at most 40 bytes */
	FIELD_LINES,  /* list of FIELD_LINE, each 1 to 63 bytes */
	FIELD_INT,
	FIELD_BOOL,
	FIELD_NTYPES
};

struct field {
	const char *name;
	enum field_type type;
	bool required;
	int64_t min, max; /* bytes of a text, value of a number, length of a
			     list */
};

/* Why something was refused: fixed words, and the name of the field as the
 * client wrote it ("" when it is not printable). */
struct field_fault {
	char name[64];
	const char *reason;
};

/* Check an object against the rows. 0 or TC_EINVAL with *fault filled. */
int field_check(const struct field *rows, json_t *object,
    struct field_fault *fault) TC_MUSTCHECK;

/* Parse a query string ("a=1&b=2", NULL for none) into an object as
 * field_check() wants it, and check it. 0: the caller owns *out; TC_EINVAL. */
int field_parse_query(const struct field *rows, const char *query, json_t **out,
    struct field_fault *fault) TC_MUSTCHECK;

/* Decode %XX of len bytes; plus: "+" is a space. A new string, or NULL when it
 * is not well formed, holds NUL or is not UTF-8. */
char *field_unescape(const char *s, size_t len, bool plus);

#endif
