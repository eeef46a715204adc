/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The dispatcher of AT command lines (V.250 clause 5): splits a line into
 * commands, finds each in the tables of at_general.c, at_sms.c and at_call.c
 * and turns what the handler returns into a final result. Called by modem.c;
 * owns nothing. A line that makes no sense is answered ERROR.
 */

#include "config.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "at.h"
#include "modem.h"
#include "persona.h"

static const struct at_row *const tables[] = {
    at_general_rows, at_sms_rows, at_call_rows};

/* Find the command at the start of s: the longest name that fits. */
static const struct at_row *
at_find(const char *s, size_t *name_len)
{
	const struct at_row *row, *best = NULL;
	size_t i, n;

	*name_len = 0;
	for (i = 0; i < TC_NELEM(tables); i++) {
		for (row = tables[i]; row->name != NULL; row++) {
			n = strlen(row->name);
			if (strncasecmp(s, row->name, n) != 0 || n <= *name_len)
				continue;
			best = row;
			*name_len = n;
		}
	}
	return best;
}

/* The end of an extended command: a semicolon outside quotes (5.4.3). */
static size_t
at_extended_len(const char *s)
{
	bool in_quotes = false;
	size_t i;

	for (i = 0; s[i] != '\0' && (in_quotes || s[i] != ';'); i++)
		if (s[i] == '"')
			in_quotes = !in_quotes;
	return i;
}

static int
at_fixed(struct modem *m, const char *text)
{
	if (text == NULL)
		return AT_ERROR;
	if (*text != '\0')
		modem_say(m, "%s", text);
	return AT_OK;
}

/* rest: what follows the name. */
static int
at_call_row(struct modem *m, const struct at_row *row, const char *rest)
{
	if (strcmp(rest, "=?") == 0)
		return row->query != NULL ? row->query(m, "")
					  : at_fixed(m, row->test);
	if (*rest == '=')
		return row->set != NULL ? row->set(m, rest + 1) : AT_ERROR;
	if (strcmp(rest, "?") == 0)
		return row->read != NULL ? row->read(m, "")
					 : at_fixed(m, row->text);
	if (*rest != '\0')
		return AT_ERROR;
	return row->exec != NULL ? row->exec(m, "") : at_fixed(m, row->text);
}

/* "+CMGF=0;+CSQ": run the first, step over it. */
static int
at_run_extended(struct modem *m, const char **s)
{
	const struct at_row *row;
	size_t len = at_extended_len(*s), name_len;
	char *command = xstrndup(*s, len);
	int rc = persona_command(m, command);

	*s += len + ((*s)[len] == ';');
	row = at_find(command, &name_len);
	if (rc == AT_UNKNOWN && row != NULL)
		rc = at_call_row(m, row, command + name_len);
	free(command);
	return rc;
}

/* "E1V1": a letter (or & and a letter) and digits. */
static int
at_run_basic(struct modem *m, const char **s)
{
	const struct at_row *row;
	char args[8];
	size_t name_len, n;

	row = at_find(*s, &name_len);
	if (row == NULL)
		return AT_ERROR;
	*s += name_len;
	n = strspn(*s, "0123456789");
	if (str_printf(args, sizeof(args), "%.*s", (int)(n < 8 ? n : 8), *s))
		return AT_ERROR;
	*s += n;
	if (row->exec != NULL)
		return row->exec(m, args);
	return at_fixed(m, row->text);
}

void
at_run_line(struct modem *m, const char *line)
{
	const char *s = line + 2; /* behind AT */
	int rc = AT_OK;

	while (rc == AT_OK && *s != '\0') {
		if (*s == ' ' || *s == ';')
			s++;
		else if (isalpha((unsigned char)*s) || *s == '&')
			rc = at_run_basic(m, &s);
		else
			rc = at_run_extended(m, &s);
	}
	at_finish(m, rc);
}

void
at_finish(struct modem *m, int result)
{
	char final[32];

	if (result == AT_LATER)
		return;
	if (result == AT_SILENT) {
		modem_finish(m, NULL);
	} else if (result == AT_UNKNOWN) {
		modem_finish(m, m->persona->unknown);
	} else if (result == AT_OK || result == AT_ERROR ||
		   (result < AT_CMS(0) && m->set.cmee == 0)) {
		modem_finish(m, result == AT_OK ? "OK" : "ERROR");
	} else {
		(void)snprintf(final, sizeof(final), "+%s ERROR: %d",
		    result >= AT_CMS(0) ? "CMS" : "CME", result % 1000);
		modem_finish(m, final);
	}
}

int
at_ints(const char *args, int *out, size_t max)
{
	size_t n = 0;
	char *end;
	long v;

	for (;;) {
		if (n == max)
			return TC_EINVAL;
		v = strtol(args, &end, 10);
		if (end != args && (v < 0 || v > INT16_MAX))
			return TC_EINVAL;
		if (end != args)
			out[n] = (int)v;
		n++;
		if (*end == '\0')
			return (int)n;
		if (*end != ',')
			return TC_EINVAL;
		args = end + 1;
	}
}

int
at_string(const char **args, char *out, size_t size)
{
	const char *s = *args, *end;
	bool is_quoted = *s == '"';

	s += is_quoted;
	end = s + strcspn(s, is_quoted ? "\"" : ",");
	if (is_quoted && *end != '"')
		return TC_EINVAL;
	if (str_printf(out, size, "%.*s", (int)(end - s), s) != 0)
		return TC_EINVAL;
	end += is_quoted;
	if (*end != '\0' && *end != ',')
		return TC_EINVAL;
	*args = end + (*end == ',');
	return 0;
}
