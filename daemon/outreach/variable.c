/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of variables (variable.h). Called by variant.c; owns nothing. */
#include "config.h"

#include <string.h>

#include "buf.h"
#include "intake/broadcast.h"
#include "outbox/variant.h"
#include "outreach/variable.h"

/* Append the value; rest is what follows a name that ends in "_". */
typedef int (*variable_put)(
    const struct variables *v, const char *rest, struct buf *out);

static const struct content_hotline *
variable_hotline(const struct variables *v, const char *number)
{
	const struct content_commune *c = content_commune(v->content);
	size_t i;

	for (i = 0; i < c->nhotlines; i++)
		if (strcmp(c->hotlines[i].number, number) == 0)
			return &c->hotlines[i];
	return NULL;
}

static int
put_theme(const struct variables *v, const char *rest, struct buf *out)
{
	const char *theme =
	    broadcast_theme(content_broadcast(v->content), v->year);

	(void)rest;
	return theme != NULL ? buf_put_str(out, theme) : TC_EINVAL;
}

static int
put_commune(const struct variables *v, const char *rest, struct buf *out)
{
	(void)rest;
	return buf_put_str(out, content_commune(v->content)->name);
}

static int
put_hotlines(const struct variables *v, const char *rest, struct buf *out)
{
	const struct content_commune *c = content_commune(v->content);
	size_t i;
	int rc = c->nhotlines > 0 ? 0 : TC_EINVAL;

	(void)rest;
	for (i = 0; rc == 0 && i < c->nhotlines; i++)
		rc = buf_printf(
		    out, "%s%s", i > 0 ? ", " : "", c->hotlines[i].number);
	return rc;
}

static int
put_number(const struct variables *v, const char *rest, struct buf *out)
{
	const struct content_hotline *h = variable_hotline(v, rest);

	return h != NULL ? buf_put_str(out, h->number) : TC_EINVAL;
}

static int
put_name(const struct variables *v, const char *rest, struct buf *out)
{
	const struct content_hotline *h = variable_hotline(v, rest);

	return h != NULL ? buf_put_str(out, h->name) : TC_EINVAL;
}

static int
put_hamlet(const struct variables *v, const char *rest, struct buf *out)
{
	(void)v;
	(void)rest;
	return buf_put_str(out, OUTBOX_VARIANT_HAMLET);
}

static const struct {
	const char *name;
	variable_put put;
} variables[] = {
    {"chu_de_nam", put_theme},
    {"xa", put_commune},
    {"duong_day", put_hotlines},
    {"so_", put_number},
    {"ten_", put_name},
    {"thon", put_hamlet},
};

/* Is this the name, or the beginning of it when it ends in "_"? */
static const char *
variable_rest(const char *name, const char *known)
{
	size_t len = strlen(known);

	if (known[len - 1] == '_')
		return strncmp(name, known, len) == 0 ? name + len : NULL;
	return strcmp(name, known) == 0 ? name + len : NULL;
}

static int
variable_value(const struct variables *v, const char *name, struct buf *out)
{
	const char *rest;
	size_t i;

	for (i = 0; i < TC_NELEM(variables); i++)
		if ((rest = variable_rest(name, variables[i].name)) != NULL)
			return variables[i].put(v, rest, out);
	return TC_EINVAL;
}

/* The variable that begins at s, behind its brace; *len of what it takes. */
static int
variable_fill(const struct variables *v, const char *s, struct buf *out,
    char unknown[VARIABLE_NAME_MAX], size_t *len)
{
	size_t n = strcspn(s, "{}\n");

	/* What is told of it is cut, never at half a letter. */
	*len = n < VARIABLE_NAME_MAX - 1 ? n : VARIABLE_NAME_MAX - 1;
	while (*len > 0 && *len < n && ((unsigned char)s[*len] & 0xc0) == 0x80)
		--*len;
	memcpy(unknown, s, *len);
	unknown[*len] = '\0';
	if (s[n] != '}' || *len < n)
		return TC_EINVAL;
	*len = n + 1;
	return variable_value(v, unknown, out);
}

int
variables_fill(const struct variables *v, const char *text, struct buf *out,
    char unknown[VARIABLE_NAME_MAX])
{
	size_t n;
	int rc;

	unknown[0] = '\0';
	do {
		n = strcspn(text, "{}");
		rc = buf_put(out, text, n);
		text += n;
		if (rc == 0 && *text == '}') {
			memcpy(unknown, "}", 2);
			return TC_EINVAL;
		}
		if (rc == 0 && *text == '{') {
			rc = variable_fill(v, text + 1, out, unknown, &n);
			text += n + 1;
		}
	} while (rc == 0 && *text != '\0');
	if (rc == 0)
		unknown[0] = '\0';
	return rc;
}
