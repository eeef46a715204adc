/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The values of an option file: from what was written to typed fields of a
 * struct, by the table of options. A row per type says how it is read. Texts
 * and lists that are stored belong to the struct until opts_clear(). A value
 * that does not fit is reported with its line and never quoted: it may be a
 * number or a key.
 */
#include "config.h"

#include <confuse.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "optfile.h"

/* "text", "path", "number" ... */
static const char *
opt_type_name(enum opt_type type)
{
	static const char *const names[] = {
	    [OPT_TEXT] = "text",
	    [OPT_PATH] = "path",
	    [OPT_INT] = "number",
	    [OPT_BOOL] = "boolean",
	    [OPT_TIME] = "time",
	    [OPT_WORD] = "word",
	    [OPT_LIST] = "list",
	};

	_Static_assert(TC_NELEM(names) == OPT_NTYPES, "a name per type");
	return (unsigned)type < OPT_NTYPES ? names[type] : "?";
}

static bool
parse_text(const struct opt *o, const char *text, void *dst)
{
	size_t len = strlen(text);

	if (len < (size_t)o->min || len > (size_t)o->max)
		return false;
	*(char **)dst = xstrdup(text);
	return true;
}

static bool
parse_path(const struct opt *o, const char *text, void *dst)
{
	(void)o;
	if (text[0] != '/' || text[1] == '\0')
		return false;
	*(char **)dst = xstrdup(text);
	return true;
}

static bool
parse_int(const struct opt *o, const char *text, void *dst)
{
	int64_t n;

	if (str_to_int64(text, o->min, o->max, &n) != 0)
		return false;
	*(int *)dst = (int)n;
	return true;
}

static bool
parse_bool(const struct opt *o, const char *text, void *dst)
{
	int b;

	(void)o;
	b = cfg_parse_boolean(text);
	if (b != 0 && b != 1)
		return false;
	*(bool *)dst = b == 1;
	return true;
}

static bool
parse_time(const struct opt *o, const char *text, void *dst)
{
	static const char *const shape = "dd:dd";
	int hour, minute;
	size_t i;

	(void)o;
	for (i = 0; shape[i] != '\0'; i++) {
		if (shape[i] == 'd' ? !isdigit((unsigned char)text[i])
				    : text[i] != shape[i])
			return false;
	}
	hour = (text[0] - '0') * 10 + text[1] - '0';
	minute = (text[3] - '0') * 10 + text[4] - '0';
	if (text[5] != '\0' || hour > 23 || minute > 59)
		return false;
	*(int *)dst = hour * 60 + minute;
	return true;
}

static bool
parse_word(const struct opt *o, const char *text, void *dst)
{
	int i;

	for (i = 0; o->words[i] != NULL; i++) {
		if (strcmp(o->words[i], text) == 0) {
			*(int *)dst = i;
			return true;
		}
	}
	return false;
}

static bool (*const parsers[])(const struct opt *, const char *, void *) = {
    [OPT_TEXT] = parse_text,
    [OPT_PATH] = parse_path,
    [OPT_INT] = parse_int,
    [OPT_BOOL] = parse_bool,
    [OPT_TIME] = parse_time,
    [OPT_WORD] = parse_word,
};

/* "a number from 1 to 9" */
static void
opt_describe(const struct opt *o, char *out, size_t size)
{
	char words[128] = "";
	size_t len = 0;
	int i;

	if (o->type == OPT_WORD) {
		for (i = 0; o->words[i] != NULL && len < sizeof(words); i++)
			len +=
			    (size_t)snprintf(words + len, sizeof(words) - len,
				"%s%s", i > 0 ? "|" : "", o->words[i]);
		snprintf(out, size, "one of %s", words);
	} else if (o->type == OPT_INT) {
		snprintf(out, size, "a number from %d to %d", o->min, o->max);
	} else if (o->type == OPT_TEXT || o->type == OPT_LIST) {
		snprintf(out, size, "a text of %d to %d bytes", o->min, o->max);
	} else {
		snprintf(out, size, "%s",
		    o->type == OPT_PATH   ? "an absolute path"
		    : o->type == OPT_BOOL ? "true or false"
					  : "a time such as 07:30");
	}
}

static void
opt_report(const struct optsec *s, const struct opt *o, int line,
    struct faults *faults)
{
	char want[192];

	opt_describe(o, want, sizeof(want));
	faults_add(faults, optsec_path(s), line, "%s must be %s", o->key, want);
}

static void
opt_store_default(const struct opt *o, void *dst)
{
	static const size_t sizes[] = {
	    [OPT_TEXT] = sizeof(char *),
	    [OPT_PATH] = sizeof(char *),
	    [OPT_INT] = sizeof(int),
	    [OPT_BOOL] = sizeof(bool),
	    [OPT_TIME] = sizeof(int),
	    [OPT_WORD] = sizeof(int),
	    [OPT_LIST] = sizeof(struct opt_list),
	};

	memset(dst, 0, sizes[o->type]);
	if (o->type == OPT_TEXT || o->type == OPT_PATH)
		*(char **)dst = xstrdup(o->def != NULL ? o->def : "");
	else if (o->type != OPT_LIST && o->def != NULL)
		(void)parsers[o->type](o, o->def, dst);
}

static void
list_add(struct opt_list *list, const char *text, int line)
{
	list->items =
	    xreallocarray(list->items, list->n + 1, sizeof(*list->items));
	list->items[list->n].text = xstrdup(text);
	list->items[list->n].line = line;
	list->n++;
}

/* The default of a list is empty or one text. */
static void
optsec_fill_list(const struct optsec *s, const struct opt *o,
    struct opt_list *list, struct faults *faults)
{
	const char *text;
	size_t n, len;
	int line;

	for (n = 0; (text = optsec_text(s, o->key, n, &line)) != NULL; n++) {
		len = strlen(text);
		if (len < (size_t)o->min || len > (size_t)o->max) {
			opt_report(s, o, line, faults);
			continue;
		}
		list_add(list, text, line);
	}
	if (n == 0 && o->def != NULL && o->def[0] != '\0')
		list_add(list, o->def, line);
}

void
optsec_fill(const struct optsec *s, void *base, struct faults *faults)
{
	const struct opt_section *kind = optsec_kind(s);
	const struct opt *o;
	const char *text;
	void *dst;
	size_t i;
	int line;

	for (i = 0; i < kind->nopts; i++) {
		o = &kind->opts[i];
		dst = (char *)base + o->offset;
		text = optsec_text(s, o->key, 0, &line);
		if (text == NULL && o->def == NULL)
			faults_add(faults, optsec_path(s), line,
			    "%s is missing", o->key);
		if (o->type == OPT_LIST) {
			opt_store_default(o, dst);
			optsec_fill_list(s, o, dst, faults);
		} else if (text == NULL) {
			opt_store_default(o, dst);
		} else if (!parsers[o->type](o, text, dst)) {
			opt_report(s, o, line, faults);
			opt_store_default(o, dst);
		}
	}
}

static bool
list_is_same(const struct opt_list *a, const struct opt_list *b)
{
	size_t i;

	if (a->n != b->n)
		return false;
	for (i = 0; i < a->n; i++)
		if (strcmp(a->items[i].text, b->items[i].text) != 0)
			return false;
	return true;
}

static bool
opt_is_same(enum opt_type type, const void *a, const void *b)
{
	if (type == OPT_LIST)
		return list_is_same(a, b);
	if (type == OPT_TEXT || type == OPT_PATH)
		return strcmp(*(char *const *)a, *(char *const *)b) == 0;
	if (type == OPT_BOOL)
		return *(const bool *)a == *(const bool *)b;
	return *(const int *)a == *(const int *)b;
}

const char *
opts_changed(const struct opt *opts, size_t n, const void *a, const void *b)
{
	const struct opt *o;

	for (o = opts; o < opts + n; o++)
		if (!o->reloadable &&
		    !opt_is_same(o->type, (const char *)a + o->offset,
			(const char *)b + o->offset))
			return o->key;
	return NULL;
}

void
opts_clear(const struct opt *opts, size_t n, void *base)
{
	struct opt_list *list;
	size_t i, k;
	void *p;

	for (i = 0; i < n; i++) {
		p = (char *)base + opts[i].offset;
		if (opts[i].type == OPT_TEXT || opts[i].type == OPT_PATH) {
			free(*(char **)p);
			*(char **)p = NULL;
		} else if (opts[i].type == OPT_LIST) {
			list = p;
			for (k = 0; k < list->n; k++)
				free(list->items[k].text);
			free(list->items);
			memset(list, 0, sizeof(*list));
		}
	}
}

void
opts_print(FILE *out, const char *prefix, const struct opt *opts, size_t n)
{
	const struct opt *o;

	for (o = opts; o < opts + n; o++) {
		fprintf(out, "%s%s\t%s\t%s\t%s\t%s\n", prefix, o->key,
		    opt_type_name(o->type),
		    o->def == NULL    ? "-"
		    : *o->def == '\0' ? "\"\""
				      : o->def,
		    o->reloadable ? "reload" : "restart", o->help);
	}
}
