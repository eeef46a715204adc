/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The {slots} of fixed texts (slots.h). Called inside outbox/; owns nothing. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "fold.h"
#include "outbox/slots.h"

static const char slot_letters[] = "abcdefghijklmnopqrstuvwxyz_";

bool
slots_in(const char *text)
{
	return strchr(text, '{') != NULL;
}

/* One line of text that cannot be taken for a slot. */
static bool
slot_is_value(const json_t *value)
{
	const char *s = json_string_value(value);
	size_t i, len;

	if (s == NULL)
		return false;
	len = json_string_length(value);
	if (len == 0 || len > SLOT_VALUE_BYTES)
		return false;
	for (i = 0; i < len; i++)
		if ((unsigned char)s[i] < ' ' || s[i] == 0x7f || s[i] == '{' ||
		    s[i] == '}')
			return false;
	return true;
}

/* The object of the values, or NULL. */
static json_t *
slots_load(const char *json)
{
	const char *name;
	json_t *values, *value;

	if (json[0] == '\0')
		return json_object();
	values = json_loads(json, JSON_REJECT_DUPLICATES, NULL);
	json_object_foreach(values, name, value) if (!slot_is_value(value))
	{
		json_decref(values);
		return NULL;
	}
	if (!json_is_object(values)) {
		json_decref(values);
		return NULL;
	}
	return values;
}

static int
slot_put(const json_t *value, bool is_bare, struct buf *out)
{
	char *bare;
	int rc;

	if (!is_bare)
		return buf_put_str(out, json_string_value(value));
	bare = fold_bare(json_string_value(value));
	rc = bare != NULL ? buf_put_str(out, bare) : TC_EINVAL;
	free(bare);
	return rc;
}

/* The slot that begins at s, behind its brace; *len of what it takes. */
static int
slot_fill(const char *s, const json_t *values, bool is_bare, struct buf *out,
    size_t *len)
{
	char name[SLOT_VALUE_BYTES];
	const json_t *value;
	size_t n = strspn(s, slot_letters);

	if (n == 0 || n >= sizeof(name) || s[n] != '}')
		return TC_EINVAL;
	memcpy(name, s, n);
	name[n] = '\0';
	value = json_object_get(values, name);
	if (value == NULL)
		return TC_EINVAL;
	*len = n + 1;
	return slot_put(value, is_bare, out);
}

int
slots_fill(const char *text, const char *json, bool is_bare, struct buf *out)
{
	json_t *values = slots_load(json);
	size_t n;
	int rc;

	if (values == NULL)
		return TC_EINVAL;
	do {
		n = strcspn(text, "{");
		rc = buf_put(out, text, n);
		text += n;
		if (rc == 0 && *text == '{') {
			rc = slot_fill(text + 1, values, is_bare, out, &n);
			text += n + 1;
		}
	} while (rc == 0 && *text != '\0');
	json_decref(values);
	return rc;
}

int
slots_dump(json_t *values, char *out, size_t size)
{
	char *text = values != NULL ? json_dumps(values, JSON_COMPACT) : NULL;
	int rc = text != NULL ? str_printf(out, size, "%s", text) : TC_EINVAL;

	free(text);
	json_decref(values);
	return rc;
}
