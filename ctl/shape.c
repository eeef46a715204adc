/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Typed access to JSON that came from a server, and base64 in it.
 *
 * Called by output.c and the verbs. Owns nothing. TC_EPROTO when a value is not
 * what the API says.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "ctl/shape.h"

const char *
shape_string(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

int
shape_int(const json_t *object, const char *key, int64_t *out)
{
	const json_t *value = json_object_get(object, key);

	if (!json_is_integer(value))
		return TC_EPROTO;
	*out = json_integer_value(value);
	return 0;
}

int
shape_bytes(const json_t *value, unsigned char *out, size_t size, size_t *len)
{
	const char *s = json_string_value(value);

	if (s == NULL ||
	    sodium_base642bin(out, size, s, json_string_length(value), NULL,
		len, NULL, sodium_base64_VARIANT_ORIGINAL) != 0)
		return TC_EPROTO;
	return 0;
}

json_t *
shape_from_bytes(const unsigned char *data, size_t len)
{
	size_t size =
	    sodium_base64_encoded_len(len, sodium_base64_VARIANT_ORIGINAL);
	char *text = xmalloc(size);
	json_t *value;

	sodium_bin2base64(
	    text, size, data, len, sodium_base64_VARIANT_ORIGINAL);
	value = json_string(text);
	free(text);
	return value;
}
