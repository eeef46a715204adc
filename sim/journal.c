/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The journal of the simulator. Called by every part of it; owns the file
 * descriptor. A line that cannot be written (disk full) is reported once on
 * standard error and the run goes on: the journal is evidence, not state.
 */

#include "config.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "charset.h"
#include "journal.h"
#include "log.h"

int
journal_open(struct journal *j, const char *path)
{
	j->fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	return j->fd < 0 ? TC_EIO : 0;
}

void
journal_close(struct journal *j)
{
	if (j->fd >= 0)
		(void)close(j->fd);
	j->fd = -1;
}

int64_t
journal_now(void)
{
	struct timespec ts = {0, 0};

	(void)clock_gettime(CLOCK_REALTIME, &ts);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

void
journal_log(struct journal *j, unsigned modem, const char *ev, json_t *fields)
{
	journal_log_at(j, journal_now(), modem, ev, fields);
}

static void
journal_write(struct journal *j, const char *line, size_t len)
{
	static bool is_told;

	if (write(j->fd, line, len) == (ssize_t)len || is_told)
		return;
	is_told = true;
	log_err("journal: write failed, lines are missing from now on");
}

void
journal_log_at(struct journal *j, int64_t t, unsigned modem, const char *ev,
    json_t *fields)
{
	json_t *line;
	char *text;
	size_t len;

	if (j->fd < 0) {
		json_decref(fields);
		return;
	}
	line = json_pack(
	    "{s:I,s:i,s:s}", "t", (json_int_t)t, "modem", (int)modem, "ev", ev);
	if (fields != NULL)
		(void)json_object_update(line, fields);
	json_decref(fields);
	text = json_dumps(line, JSON_COMPACT);
	json_decref(line);
	if (text == NULL)
		return;
	len = strlen(text);
	text[len] = '\n'; /* instead of the NUL: one write for the line */
	journal_write(j, text, len + 1);
	free(text);
}

json_t *
journal_bytes(const void *data, size_t len)
{
	const unsigned char *p = data;
	char *out = xmalloc(2 * len + 4);
	size_t i, n = 0;
	json_t *s;

	for (i = 0; i < len; i++)
		n += charset_utf8_put(out + n, p[i]);
	s = json_stringn(out, n);
	free(out);
	return s;
}

json_t *
journal_hex(const void *data, size_t len)
{
	char *hex = xmalloc(2 * len + 1);
	json_t *s;

	s = json_string(hex_encode(hex, data, len));
	free(hex);
	return s;
}
