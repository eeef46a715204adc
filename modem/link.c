/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Frames to and from tincayd (see link.h). Called by main.c and everything that
 * reports something. Owns the socket's two buffers.
 *
 * Never fails towards its caller: a peer that is gone or broke the protocol
 * shows in l->end, which the main loop looks at between two acts.
 */
#include "config.h"

#include <sys/socket.h>

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "clock.h"
#include "link.h"

#define LINK_IN_MAX (1024 * 1024) /* a thousand commands ahead: no daemon */
#define LINK_OUT_MAX (64 * 1024)
#define LINK_WRITE_MS 10000

void
link_init(struct link *l, int fd)
{
	memset(l, 0, sizeof(*l));
	l->fd = fd;
	buf_init(&l->in, LINK_IN_MAX);
	buf_init(&l->out, LINK_OUT_MAX);
}

void
link_clear(struct link *l)
{
	buf_clear(&l->in);
	buf_clear(&l->out);
}

static void
link_stop(struct link *l)
{
	l->is_last = true;
	if (l->end == LINK_OPEN)
		l->end = LINK_STOP;
}

static void
link_eof(struct link *l)
{
	l->is_eof = true;
	link_stop(l);
}

/* Take total bytes at offset `at` out of the input. */
static void
input_cut(struct link *l, size_t at, size_t total)
{
	memmove(
	    l->in.data + at, l->in.data + at + total, l->in.len - at - total);
	l->in.len -= total;
}

/* Handle a frame that overtakes. True when it was one. */
static bool
frame_overtakes(struct link *l, const struct frame *f)
{
	union ml_body body;

	if (f->type != ML_PING && f->type != ML_STOP)
		return false;
	if (modemlink_get(f, ML_DAEMON, l->phase, &body) != 0)
		l->end = LINK_BROKEN;
	else if (f->type == ML_PING)
		link_send(l, ML_PONG, f->id, NULL);
	else
		link_stop(l);
	return true;
}

/* Look at every whole frame that was not looked at yet. */
static void
input_scan(struct link *l)
{
	struct frame f;
	size_t total;
	int rc;

	for (;;) {
		rc = frame_peek(l->in.data + l->scanned, l->in.len - l->scanned,
		    &f, &total);
		if (rc < 0)
			l->end = LINK_BROKEN;
		if (rc <= 0)
			return;
		if (frame_overtakes(l, &f)) {
			input_cut(l, l->scanned, total);
			continue;
		}
		if (f.type == ML_SEND_PART)
			l->sends++;
		l->scanned += total;
	}
}

bool
link_pump(struct link *l)
{
	unsigned char chunk[4096];
	ssize_t n;

	while (!l->is_eof && l->end != LINK_BROKEN) {
		n = recv(l->fd, chunk, sizeof(chunk), MSG_DONTWAIT);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
			return true;
		if (n <= 0) {
			link_eof(l);
			break;
		}
		if (buf_put(&l->in, chunk, (size_t)n) != 0) {
			l->end = LINK_BROKEN;
			break;
		}
		input_scan(l);
	}
	return false;
}

unsigned
link_next(struct link *l, uint64_t *id, union ml_body *body)
{
	struct frame f;
	size_t total;
	unsigned type;

	if (l->end == LINK_BROKEN || l->scanned == 0)
		return 0;
	if (frame_peek(l->in.data, l->in.len, &f, &total) != 1 ||
	    modemlink_get(&f, ML_DAEMON, l->phase, body) != 0) {
		l->end = LINK_BROKEN;
		return 0;
	}
	type = f.type;
	*id = f.id;
	input_cut(l, 0, total);
	l->scanned -= total;
	if (type == ML_SEND_PART)
		l->sends--;
	return type;
}

bool
link_has_frame(const struct link *l)
{
	return l->scanned > 0;
}

short
link_wait(struct link *l, int tty, int64_t timeout_ms)
{
	struct pollfd fds[2] = {{.fd = tty, .events = POLLIN},
	    {.fd = l->is_eof ? -1 : l->fd, .events = POLLIN}};

	if (timeout_ms < 0)
		timeout_ms = 0;
	if (poll(fds, TC_NELEM(fds), (int)timeout_ms) <= 0)
		return 0;
	if (fds[1].revents != 0)
		(void)link_pump(l);
	return fds[0].revents;
}

/* Write the whole of l->out. */
static void
output_flush(struct link *l)
{
	struct pollfd p = {.fd = l->fd, .events = POLLOUT};
	int64_t deadline = clock_mono_ms() + LINK_WRITE_MS, left;
	ssize_t n;

	while (l->out.len > 0 && !l->is_eof) {
		n = send(l->fd, l->out.data, l->out.len,
		    MSG_DONTWAIT | MSG_NOSIGNAL);
		if (n > 0) {
			buf_drain(&l->out, (size_t)n);
			continue;
		}
		if (n < 0 && errno == EINTR)
			continue;
		left = deadline - clock_mono_ms();
		if (n < 0 && errno != EAGAIN && errno != EWOULDBLOCK)
			left = 0;
		if (left <= 0 || (poll(&p, 1, (int)left) < 0 && errno != EINTR))
			link_eof(l);
	}
}

void
link_send(struct link *l, enum ml_type type, uint64_t id, const void *body)
{
	if (l->is_eof)
		return;
	buf_reset(&l->out);
	/* Only a value out of its range can fail here: a fault of ours that the
	 * daemon's deadlines will find. */
	if (modemlink_put(&l->out, type, id, body) == 0)
		output_flush(l);
}

void
link_log_cb(enum log_level level, const char *line, void *ctx)
{
	struct link *l = ctx;
	struct ml_log log;
	size_t len;

	if (l->phase == ML_PHASE_HELLO)
		return;
	memset(&log, 0, sizeof(log));
	log.level = (uint8_t)level;
	(void)snprintf(log.line, sizeof(log.line), "%s", line);
	for (len = strlen(log.line); !utf8_is_valid(log.line, len); len--)
		log.line[len - 1] = '\0';
	link_send(l, ML_LOG, 0, &log);
}
