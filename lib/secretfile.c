/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Key and passphrase files, for the vault of the daemon and for tincayctl.
 *
 * Owns nothing: the bytes go straight between the descriptor and the caller's
 * buffer. Checks are made on the open descriptor, so that the file cannot be
 * changed for another in between. Fails on a file that others may read or
 * write, and on every I/O error; logs nothing.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "secretfile.h"

static int secretfile_error(int err);
static int secretfile_check(int fd, enum secretfile_policy policy, size_t size);
static int secretfile_fill(int fd, void *dst, size_t size, size_t *len);

int
secretfile_read(const char *path, enum secretfile_policy policy, void *dst,
    size_t size, size_t *len)
{
	int fd, rc;

	*len = 0;
	/* O_NONBLOCK: a FIFO in the place of the key must not hang us. */
	fd = open(
	    path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK);
	if (fd < 0)
		return secretfile_error(errno);
	rc = secretfile_check(fd, policy, size);
	if (rc == 0)
		rc = secretfile_fill(fd, dst, size, len);
	(void)close(fd);
	return rc;
}

int
secretfile_create(const char *path, const void *data, size_t len)
{
	int fd, rc;

	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return secretfile_error(errno);
	rc = fd_write(fd, data, len);
	if (rc == 0 && (fchmod(fd, 0600) != 0 || fsync(fd) != 0))
		rc = TC_EIO;
	if (close(fd) != 0)
		rc = TC_EIO;
	if (rc == 0)
		rc = folder_sync(path);
	if (rc != 0)
		(void)unlink(path);
	return rc;
}

static int
secretfile_error(int err)
{
	switch (err) {
	case ENOENT:
	case ENOTDIR:
		return TC_ENOENT;
	case EACCES:
	case EPERM:
	case ELOOP: /* O_NOFOLLOW */
		return TC_EDENIED;
	case EEXIST:
		return TC_EEXIST;
	default:
		return TC_EIO;
	}
}

static int
secretfile_check(int fd, enum secretfile_policy policy, size_t size)
{
	static const mode_t refused[] = {
	    [SECRETFILE_OWN] = 07177, [SECRETFILE_CREDENTIAL] = 07137};
	struct stat st;

	if (fstat(fd, &st) != 0)
		return TC_EIO;
	if (!S_ISREG(st.st_mode) || (st.st_mode & refused[policy]) != 0)
		return TC_EDENIED;
	if (st.st_uid != 0 && st.st_uid != geteuid())
		return TC_EDENIED;
	if (st.st_size < 0 || (uintmax_t)st.st_size > size)
		return TC_EFULL;
	return 0;
}

static int
secretfile_fill(int fd, void *dst, size_t size, size_t *len)
{
	ssize_t n;

	while (*len < size) {
		n = read(fd, (char *)dst + *len, size - *len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return TC_EIO;
		if (n == 0)
			break;
		*len += (size_t)n;
	}
	return 0;
}
