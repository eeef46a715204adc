/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Error words, memory that cannot fail, numbers, hex, UTF-8, whole files.
 *
 * Called from everywhere; owns nothing and keeps no state. What allocates
 * aborts when there is no memory; what touches a file returns TC_EIO and leaves
 * the report to the caller, who knows what the file was for.
 */
#include "config.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "log.h"
#include "util.h"

static const char *const err_words[] = {
    [-TC_OK] = "ok",
    [-TC_EINVAL] = "invalid",
    [-TC_ENOENT] = "not found",
    [-TC_EEXIST] = "exists already",
    [-TC_EFULL] = "over a limit",
    [-TC_EDENIED] = "not allowed",
    [-TC_ESTATE] = "wrong state",
    [-TC_EIO] = "input/output error",
    [-TC_ECRYPTO] = "key does not fit",
    [-TC_EPROTO] = "protocol error",
    [-TC_EAGAIN] = "try again",
    [-TC_ENOTREADY] = "not ready",
};

_Static_assert(TC_NELEM(err_words) == 1 - TC_ENOTREADY, "a word per error");

const char *
tc_strerror(int err)
{
	if (err > 0 || err < TC_ENOTREADY)
		return "unknown error";
	return err_words[-err];
}

static void __attribute__((noreturn)) die_no_memory(size_t size)
{
	log_err("util out of memory size=%zu", size);
	abort();
}

void *
xmalloc(size_t size)
{
	void *p = malloc(size != 0 ? size : 1);

	if (p == NULL)
		die_no_memory(size);
	return p;
}

void *
xcalloc(size_t n, size_t size)
{
	void *p = (n != 0 && size != 0) ? calloc(n, size) : calloc(1, 1);

	if (p == NULL)
		die_no_memory(size);
	return p;
}

void *
xreallocarray(void *p, size_t n, size_t size)
{
	size_t total;

	if (__builtin_mul_overflow(n, size, &total))
		die_no_memory(size);
	p = realloc(p, total != 0 ? total : 1);
	if (p == NULL)
		die_no_memory(total);
	return p;
}

char *
xstrdup(const char *s)
{
	return xstrndup(s, strlen(s));
}

char *
xstrndup(const char *s, size_t n)
{
	size_t len = strnlen(s, n);
	char *p = xmalloc(len + 1);

	memcpy(p, s, len);
	p[len] = '\0';
	return p;
}

char *
xasprintf(const char *fmt, ...)
{
	va_list ap;
	char *s = NULL;
	int n;

	va_start(ap, fmt);
	n = vasprintf(&s, fmt, ap);
	va_end(ap);
	if (n < 0)
		die_no_memory(0);
	return s;
}

int
str_printf(char *dst, size_t size, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(dst, size, fmt, ap);
	va_end(ap);
	if (n >= 0 && (size_t)n < size)
		return 0;
	if (n < 0 && size != 0)
		dst[0] = '\0';
	return TC_EFULL;
}

int
str_to_int64(const char *s, int64_t min, int64_t max, int64_t *out)
{
	const char *p = s;
	char *end;
	long long v;

	if (*p == '-')
		p++;
	/* strtoll would also take blanks and a plus sign. */
	if (*p < '0' || *p > '9')
		return TC_EINVAL;
	errno = 0;
	v = strtoll(s, &end, 10);
	if (errno != 0 || *end != '\0' || v < min || v > max)
		return TC_EINVAL;
	*out = v;
	return 0;
}

char *
hex_encode(char *dst, const void *src, size_t len)
{
	static const char digits[] = "0123456789abcdef";
	const unsigned char *p = src;
	size_t i;

	for (i = 0; i < len; i++) {
		dst[2 * i] = digits[p[i] >> 4];
		dst[2 * i + 1] = digits[p[i] & 15];
	}
	dst[2 * len] = '\0';
	return dst;
}

static int
hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

int
hex_decode(void *dst, size_t len, const char *s)
{
	unsigned char *p = dst;
	size_t i;
	int hi, lo;

	/* Length first: a refused string leaves dst as it was. */
	for (i = 0; i < len; i++)
		if (hex_value(s[2 * i]) < 0 || hex_value(s[2 * i + 1]) < 0)
			return TC_EINVAL;
	if (s[2 * len] != '\0')
		return TC_EINVAL;
	for (i = 0; i < len; i++) {
		hi = hex_value(s[2 * i]);
		lo = hex_value(s[2 * i + 1]);
		p[i] = (unsigned char)(hi << 4 | lo);
	}
	return 0;
}

/* Bytes of the sequence that begins at p (RFC 3629, section 4), 0 when it is
 * none. */
static size_t
utf8_sequence(const unsigned char *p, size_t left)
{
	unsigned char lo = 0x80, hi = 0xbf;
	size_t n, i;

	if (p[0] < 0x80)
		return 1;
	if (p[0] >= 0xc2 && p[0] <= 0xdf)
		n = 2;
	else if (p[0] >= 0xe0 && p[0] <= 0xef)
		n = 3;
	else if (p[0] >= 0xf0 && p[0] <= 0xf4)
		n = 4;
	else
		return 0;
	if (left < n)
		return 0;
	if (p[0] == 0xe0)
		lo = 0xa0;
	else if (p[0] == 0xed)
		hi = 0x9f;
	else if (p[0] == 0xf0)
		lo = 0x90;
	else if (p[0] == 0xf4)
		hi = 0x8f;
	if (p[1] < lo || p[1] > hi)
		return 0;
	for (i = 2; i < n; i++)
		if (p[i] < 0x80 || p[i] > 0xbf)
			return 0;
	return n;
}

bool
utf8_is_valid(const char *s, size_t len)
{
	const unsigned char *p = (const unsigned char *)s;
	uint64_t word;
	size_t i = 0, n;

	while (i < len) {
		if (len - i >= sizeof(word)) {
			memcpy(&word, p + i, sizeof(word));
			if ((word & UINT64_C(0x8080808080808080)) == 0) {
				i += sizeof(word);
				continue;
			}
		}
		n = utf8_sequence(p + i, len - i);
		if (n == 0)
			return false;
		i += n;
	}
	return true;
}

uint64_t
fnv64(uint64_t h, const void *data, size_t len)
{
	const unsigned char *p = data;
	size_t i;

	for (i = 0; i < len; i++) {
		h ^= p[i];
		h *= UINT64_C(0x100000001b3);
	}
	return h;
}

/* Read until the end of file or size bytes. The count, or -1. */
static ssize_t
read_all(int fd, char *p, size_t size)
{
	size_t done = 0;
	ssize_t n;

	while (done < size) {
		n = read(fd, p + done, size - done);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		if (n == 0)
			break;
		done += (size_t)n;
	}
	return (ssize_t)done;
}

static int
read_regular(int fd, size_t max, char **out, size_t *len)
{
	struct stat st;
	char *data;
	ssize_t n;

	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
		return TC_EIO;
	if (st.st_size < 0 || (uintmax_t)st.st_size > max)
		return TC_EFULL;
	/* One byte more than it says, to notice a file that grows. */
	data = xmalloc((size_t)st.st_size + 2);
	n = read_all(fd, data, (size_t)st.st_size + 1);
	if (n < 0 || n > st.st_size) {
		free(data);
		return TC_EIO;
	}
	data[n] = '\0';
	*out = data;
	if (len != NULL)
		*len = (size_t)n;
	return 0;
}

int
file_read(const char *path, size_t max, char **out, size_t *len)
{
	int fd, rc;

	/* Non-blocking, so that a FIFO is refused rather than waited for. */
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return errno == ENOENT ? TC_ENOENT : TC_EIO;
	rc = read_regular(fd, max, out, len);
	(void)close(fd);
	return rc;
}

int
fd_write(int fd, const void *data, size_t len)
{
	const char *p = data;
	ssize_t n;

	while (len > 0) {
		n = write(fd, p, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return TC_EIO;
		p += n;
		len -= (size_t)n;
	}
	return 0;
}

int
folder_sync(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *folder;
	int fd, rc = 0;

	if (slash == NULL)
		folder = xstrdup(".");
	else
		folder =
		    xstrndup(path, slash == path ? 1 : (size_t)(slash - path));
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	free(folder);
	if (fd < 0)
		return TC_EIO;
	if (fsync(fd) != 0)
		rc = TC_EIO;
	(void)close(fd);
	return rc;
}

int
file_write(const char *path, unsigned mode, const void *data, size_t len)
{
	char *tmp = xasprintf("%s.XXXXXX", path);
	int fd, rc = TC_EIO;

	fd = mkostemp(tmp, O_CLOEXEC);
	if (fd < 0) {
		free(tmp);
		return TC_EIO;
	}
	if (fchmod(fd, (mode_t)mode) == 0 && fd_write(fd, data, len) == 0 &&
	    fsync(fd) == 0)
		rc = 0;
	if (close(fd) != 0)
		rc = TC_EIO;
	if (rc == 0 && rename(tmp, path) != 0)
		rc = TC_EIO;
	if (rc != 0)
		(void)unlink(tmp);
	free(tmp);
	return rc == 0 ? folder_sync(path) : rc;
}
