/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Listening to a tty until it is silent (see line.h). Called by main.c before
 * the start after a dirty end. Owns the descriptor while it listens.
 */
#include "config.h"

#include <fcntl.h>
#include <poll.h>
#include <string.h>
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

struct answer {
	char line[32]; /* what is longer is none of ours */
	size_t len;
	int tp_mr;
};

static void
answer_line(struct answer *a)
{
	static const char prefix[] = "+CMGS: ";
	int64_t mr;

	a->line[a->len] = '\0';
	if (strncmp(a->line, prefix, sizeof(prefix) - 1) == 0 &&
	    str_to_int64(a->line + sizeof(prefix) - 1, 0, 255, &mr) == 0)
		a->tp_mr = (int)mr;
	a->len = 0;
}

static void
answer_feed(struct answer *a, const char *data, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (data[i] == '\r' || data[i] == '\n')
			answer_line(a);
		else if (a->len + 1 < sizeof(a->line))
			a->line[a->len++] = data[i];
	}
}

int
line_wait_silent(const char *device, struct link *link, int64_t silence_ms)
{
	struct answer answer = {.tp_mr = -1};
	char data[512];
	int64_t now = clock_mono_ms(), end = now + LINE_LISTEN_MAX_MS;
	int64_t quiet_since = now;
	int fd = line_open(device);
	short events;
	ssize_t n;

	if (fd < 0)
		return -1;
	while (now < end && now < quiet_since + silence_ms &&
	       link->end == LINK_OPEN) {
		events = link_wait(link, fd, quiet_since + silence_ms - now);
		now = clock_mono_ms();
		n = (events & POLLIN) != 0 ? read(fd, data, sizeof(data)) : 0;
		if (n > 0) {
			quiet_since = now;
			answer_feed(&answer, data, (size_t)n);
		} else if ((events & (POLLHUP | POLLERR | POLLNVAL)) != 0) {
			break;
		}
	}
	(void)close(fd);
	return answer.tp_mr;
}
