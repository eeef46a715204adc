/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * no_new_privs, a bare environment and Landlock (see sandbox.h). Called by
 * main.c only. Owns nothing.
 *
 * Landlock is asked through raw system calls, since the C library has no
 * wrapper, and with numbers of our own where the header of the build machine is
 * older than the kernel: what the running kernel does not know is left out of
 * the request, never the request itself.
 */
#include "config.h"

#include <linux/landlock.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "sandbox.h"

/* Bits by the Landlock version that brought them. */
#define FS_V1 ((UINT64_C(1) << 13) - 1)
#define FS_REFER (UINT64_C(1) << 13)     /* 2 */
#define FS_TRUNCATE (UINT64_C(1) << 14)  /* 3 */
#define FS_IOCTL_DEV (UINT64_C(1) << 15) /* 5 */
#define NET_TCP UINT64_C(3)              /* 4: bind and connect */
#define SCOPE_ALL UINT64_C(3)            /* 6: abstract sockets and signals */

#define FS_FILE (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE)
#define FS_SPOOL                                                               \
	(FS_FILE | LANDLOCK_ACCESS_FS_READ_DIR | LANDLOCK_ACCESS_FS_MAKE_REG | \
	    LANDLOCK_ACCESS_FS_REMOVE_FILE | FS_TRUNCATE)
#define FS_DEVICE (FS_FILE | FS_TRUNCATE | FS_IOCTL_DEV)

struct ruleset {
	uint64_t fs;
	uint64_t net;
	uint64_t scoped;
};

#ifdef __has_feature
#if __has_feature(address_sanitizer)
#define HAS_ASAN
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(HAS_ASAN)
/* The leak checker traces the program and reads /proc: what the lock is there
 * to forbid. */
const char *__asan_default_options(void);

const char *
__asan_default_options(void)
{
	return "detect_leaks=0";
}
#endif

int
sandbox_enter(void)
{
	struct rlimit none = {0, 0};

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
	    setrlimit(RLIMIT_CORE, &none) != 0 || clearenv() != 0 ||
	    setenv("TZ", "UTC0", 1) != 0)
		return TC_EIO;
	return 0;
}

static struct ruleset
ruleset_of(int version)
{
	struct ruleset r = {.fs = FS_V1};

	if (version >= 2)
		r.fs |= FS_REFER;
	if (version >= 3)
		r.fs |= FS_TRUNCATE;
	if (version >= 4)
		r.net = NET_TCP;
	if (version >= 5)
		r.fs |= FS_IOCTL_DEV;
	if (version >= 6)
		r.scoped = SCOPE_ALL;
	return r;
}

/* A kernel takes a shorter struct than it knows, and a longer one whose tail is
 * zero. */
static int
ruleset_create(const struct ruleset *r)
{
	return (int)syscall(SYS_landlock_create_ruleset, r, sizeof(*r), 0);
}

static int
ruleset_allow(int ruleset, const char *folder, uint64_t access)
{
	struct landlock_path_beneath_attr rule = {.allowed_access = access};
	int rc;

	rule.parent_fd = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (rule.parent_fd < 0)
		return TC_EIO;
	rc = (int)syscall(SYS_landlock_add_rule, ruleset,
	    LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
	(void)close(rule.parent_fd);
	return rc == 0 ? 0 : TC_EIO;
}

int
sandbox_lock_files(const char *folder)
{
	struct ruleset r;
	int version, fd, rc;

	version = (int)syscall(SYS_landlock_create_ruleset, NULL, 0,
	    LANDLOCK_CREATE_RULESET_VERSION);
	if (version < 1)
		return 0;
	r = ruleset_of(version);
	fd = ruleset_create(&r);
	if (fd < 0)
		return TC_EIO;
	rc = ruleset_allow(fd, folder, r.fs & FS_SPOOL);
	if (rc == 0)
		rc = ruleset_allow(fd, "/dev", r.fs & FS_DEVICE);
	if (rc == 0 && syscall(SYS_landlock_restrict_self, fd, 0) != 0)
		rc = TC_EIO;
	(void)close(fd);
	return rc == 0 ? version : rc;
}
