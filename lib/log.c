/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The log: formats one event into one line of at most LINE_MAX_BYTES and hands
 * it out with a single write(2), so that lines of several processes on the same
 * descriptor never mix.
 *
 * Called from everywhere. Owns the level, the sink and the ring behind
 * log_number(). Cannot fail: a line that cannot be written is lost, a line that
 * is too long is cut between two characters. errno is left as it was.
 */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "log.h"

#define LINE_MAX_BYTES 1023 /* fits an ML_LOG frame with its NUL */
#define NUMBER_RING 8
#define NUMBER_SIZE 16
#define SHORT_DIGITS 5

/* At the beginning of a line. */
static const char *const level_words[] = {
    [LOG_LEVEL_DEBUG] = "DEBUG ",
    [LOG_LEVEL_INFO] = "INFO ",
    [LOG_LEVEL_WARN] = "WARN ",
    [LOG_LEVEL_ERR] = "ERR ",
};

_Static_assert(TC_NELEM(level_words) == LOG_NLEVELS, "a word per level");

static enum log_level log_min = LOG_LEVEL_INFO;
static log_sink_cb log_sink;
static void *log_sink_ctx;

void
log_set_level(enum log_level level)
{
	log_min = level;
}

void
log_set_sink(log_sink_cb cb, void *ctx)
{
	log_sink = cb;
	log_sink_ctx = ctx;
}

/* Bytes of the printable character at p; 0 when its first byte must be escaped:
 * C0, DEL, C1 (U+0080..U+009F) and what is not UTF-8. */
static size_t
printable_length(const unsigned char *p, size_t left)
{
	size_t n;

	if (p[0] < 0x80)
		return (p[0] >= 0x20 && p[0] != 0x7f) ? 1 : 0;
	n = p[0] >= 0xf0 ? 4 : p[0] >= 0xe0 ? 3 : 2;
	if (n > left || !utf8_is_valid((const char *)p, n))
		return 0;
	return (p[0] == 0xc2 && p[1] < 0xa0) ? 0 : n;
}

/* Copy src to dst, which has room for size bytes with the NUL, escaping what is
 * not printable and cutting between characters. Returns the length. */
static size_t
escape_line(char *dst, size_t size, const char *src, size_t len)
{
	const unsigned char *p = (const unsigned char *)src;
	char hex[8];
	size_t at = 0, i = 0, n, out;

	while (i < len) {
		n = printable_length(p + i, len - i);
		if (n != 0) {
			out = n;
		} else if (p[i] == '\n') {
			(void)memcpy(hex, "\\n", 2);
			out = 2;
		} else {
			out =
			    (size_t)snprintf(hex, sizeof(hex), "\\x%02x", p[i]);
		}
		if (at + out >= size)
			break;
		memcpy(dst + at, n != 0 ? src + i : hex, out);
		at += out;
		i += n != 0 ? n : 1;
	}
	dst[at] = '\0';
	return at;
}

static void
write_line(enum log_level level, const char *text, size_t len)
{
	char out[LINE_MAX_BYTES + 16];
	size_t head = strlen(level_words[level]);
	ssize_t n;

	memcpy(out, level_words[level], head);
	memcpy(out + head, text, len);
	out[head + len] = '\n';
	do {
		n = write(STDERR_FILENO, out, head + len + 1);
	} while (n < 0 && errno == EINTR);
}

static void __attribute__((format(printf, 2, 0)))
log_emit(enum log_level level, const char *fmt, va_list ap)
{
	char raw[LINE_MAX_BYTES + 1], line[LINE_MAX_BYTES + 1];
	int saved = errno, n;
	size_t len;

	if (level < log_min)
		return;
	n = vsnprintf(raw, sizeof(raw), fmt, ap);
	if (n < 0)
		raw[0] = '\0';
	len = escape_line(line, sizeof(line), raw, strlen(raw));
	if (log_sink != NULL)
		log_sink(level, line, log_sink_ctx);
	else
		write_line(level, line, len);
	errno = saved;
}

void
log_debug(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	log_emit(LOG_LEVEL_DEBUG, fmt, ap);
	va_end(ap);
}

void
log_info(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	log_emit(LOG_LEVEL_INFO, fmt, ap);
	va_end(ap);
}

void
log_warn(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	log_emit(LOG_LEVEL_WARN, fmt, ap);
	va_end(ap);
}

void
log_err(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	log_emit(LOG_LEVEL_ERR, fmt, ap);
	va_end(ap);
}

void
log_fatal(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	log_emit(LOG_LEVEL_ERR, fmt, ap);
	va_end(ap);
	exit(1);
}

const char *
log_number(const char *msisdn)
{
	static char ring[NUMBER_RING][NUMBER_SIZE];
	static unsigned next;
	char *out = ring[next++ % NUMBER_RING];
	char digits[SHORT_DIGITS + 1]; /* the last ones, rolling */
	size_t n = 0;
	const char *p;

	if (*msisdn == '\0')
		return "none";
	for (p = msisdn; *p != '\0'; p++) {
		if (*p >= '0' && *p <= '9') {
			if (n >= SHORT_DIGITS)
				memmove(digits, digits + 1, SHORT_DIGITS - 1);
			digits[n < SHORT_DIGITS ? n : SHORT_DIGITS - 1] = *p;
			n++;
		} else if (strchr("+-. ()/", *p) == NULL) {
			return "alpha";
		}
	}
	digits[n < SHORT_DIGITS ? n : SHORT_DIGITS] = '\0';
	if (n <= SHORT_DIGITS)
		(void)snprintf(out, NUMBER_SIZE, "%s", digits);
	else
		(void)snprintf(
		    out, NUMBER_SIZE, "...%s", digits + SHORT_DIGITS - 3);
	return out;
}
