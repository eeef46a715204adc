/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Listening to a tty until it is silent (see line.h). Called by main.c before
 * the start after a dirty end. Owns the descriptor while it listens.
 */
#include "config.h"

#include <fcntl.h>
#include <poll.h>
#include <termios.h>
#include <unistd.h>

#include "clock.h"
#include "line.h"

/* Raw, so that nothing is echoed to the modem, and without a hang-up at the
 * close, which would reset some modems. */
static int
line_open(const char *device)
{
	struct termios t;
	int fd = open(device, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0)
		return -1;
	if (tcgetattr(fd, &t) == 0) {
		cfmakeraw(&t);
		t.c_cflag &= ~(tcflag_t)HUPCL;
		t.c_cflag |= CLOCAL | CREAD;
		(void)tcsetattr(fd, TCSANOW, &t);
	}
	return fd;
}

void
line_wait_silent(const char *device, struct link *link, int64_t silence_ms)
{
	char junk[512];
	int64_t now = clock_mono_ms(), end = now + LINE_LISTEN_MAX_MS;
	int64_t quiet_since = now;
	int fd = line_open(device);
	short events;

	if (fd < 0)
		return;
	while (now < end && now < quiet_since + silence_ms &&
	       link->end == LINK_OPEN) {
		events = link_wait(link, fd, quiet_since + silence_ms - now);
		now = clock_mono_ms();
		if ((events & POLLIN) != 0 && read(fd, junk, sizeof(junk)) > 0)
			quiet_since = now;
		else if ((events & (POLLHUP | POLLERR | POLLNVAL)) != 0)
			break;
	}
	(void)close(fd);
}
