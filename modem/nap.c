/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The usleep() that libgammu gets (see nap.h). Called by libgammu for its naps
 * and by phone.c for the descriptor of the tty. Owns the device's number and
 * the descriptor found, which stays libgammu's.
 *
 * libgammu's naps are of two kinds. In its reading loops it naps 5 or 10 ms
 * between select() calls of 50 ms: there an answer ends the nap. Around a PDU
 * it naps 0.1 to 0.5 s for modems of the past, which need a rest before they
 * read on: nothing answers then, so these are cut at NAP_MAX_US. A modem that
 * does need the rest has `full_naps = yes` in its section of tincay.conf.
 *
 * A nap cannot fail. Without a tty (not open yet, unplugged) it is an ordinary
 * short sleep, so that a loop of libgammu's over a dead device does not spin.
 */
#include "config.h"

#include <sys/stat.h>

#include <dlfcn.h>
#include <poll.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "nap.h"

#define NAP_MAX_US 1000
#define NAP_FD_MAX 64 /* the child has about ten descriptors */

static struct {
	bool full;
	dev_t rdev;
	int tty;
	char device[512];
	int link_fd;
	nap_link_cb link_cb;
	void *link_ctx;
	nap_hung_up_cb hung_up_cb;
	void *hung_up_ctx;
} nap = {.tty = -1, .link_fd = -1};

static bool
is_tty(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && S_ISCHR(st.st_mode) &&
	       st.st_rdev == nap.rdev;
}

void
nap_init(const char *device, bool full)
{
	nap.full = full;
	nap.tty = -1;
	if (str_printf(nap.device, sizeof(nap.device), "%s", device) != 0)
		nap.device[0] = '\0';
}

void
nap_watch_link(int fd, nap_link_cb cb, void *ctx)
{
	nap.link_fd = fd;
	nap.link_cb = cb;
	nap.link_ctx = ctx;
}

void
nap_watch_tty(nap_hung_up_cb cb, void *ctx)
{
	nap.hung_up_cb = cb;
	nap.hung_up_ctx = ctx;
}

int
nap_find_tty(void)
{
	struct stat st;
	int fd;

	if (nap.tty >= 0 && is_tty(nap.tty))
		return nap.tty;
	nap.tty = -1;
	/* Asked again after each loss: a device that was unplugged comes back
	 * with another number. */
	if (stat(nap.device, &st) != 0 || !S_ISCHR(st.st_mode))
		return -1;
	nap.rdev = st.st_rdev;
	for (fd = STDERR_FILENO + 1; fd < NAP_FD_MAX; fd++) {
		if (is_tty(fd)) {
			nap.tty = fd;
			break;
		}
	}
	return nap.tty;
}

bool
nap_is_taken(void)
{
	return dlsym(RTLD_DEFAULT, "usleep") == (void *)usleep;
}

static void
sleep_us(int64_t us)
{
	struct timespec ts = {us / 1000000, (us % 1000000) * 1000};

	(void)nanosleep(&ts, NULL);
}

/* Wait up to us microseconds for the link and for these events of the tty; its
 * end is always one. */
static void
wait_for_input(short events, int64_t us)
{
	struct timespec ts = {us / 1000000, (us % 1000000) * 1000};
	struct pollfd fds[2] = {{.fd = nap_find_tty(), .events = events},
	    {.fd = nap.link_fd, .events = POLLIN}};

	if (ppoll(fds, TC_NELEM(fds), &ts, NULL) <= 0)
		return;
	if (fds[1].revents != 0 && !nap.link_cb(nap.link_ctx))
		nap.link_fd = -1;
	/* A hung-up tty is readable for ever; libgammu does not notice. */
	if ((fds[0].revents & (POLLHUP | POLLERR | POLLNVAL)) != 0) {
		if (nap.hung_up_cb != NULL)
			nap.hung_up_cb(nap.hung_up_ctx);
		sleep_us(NAP_MAX_US);
	}
}

int
usleep(useconds_t us)
{
	int64_t end, now;

	if (!nap.full) {
		wait_for_input(POLLIN, us < NAP_MAX_US ? us : NAP_MAX_US);
		return 0;
	}
	now = clock_mono_ms();
	end = now + (us + 999) / 1000;
	for (; now < end; now = clock_mono_ms())
		wait_for_input(0, (end - now) * 1000);
	return 0;
}
