/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_LINK_H
#define TINCAY_LINK_H

/*
 * The child's end of the link to tincayd (lib/modemlink.h): one stream socket,
 * read without waiting, written whole.
 *
 * PING and STOP overtake: they are handled as soon as they are read, even while
 * libgammu holds the thread (nap.h). Everything else waits in order for
 * link_next().
 */

#include "log.h"
#include "modemlink.h"

enum link_end {
	LINK_OPEN,
	LINK_STOP,  /* STOP, end of file or SIGTERM: finish and go */
	LINK_BROKEN /* the peer broke the protocol */
};

struct link {
	int fd;
	enum ml_phase phase;
	enum link_end end;
	bool is_eof;    /* nobody listens any more */
	bool is_last;   /* STOP or the end of file came: no frame follows */
	unsigned sends; /* SEND_PART frames that wait */
	struct buf in;
	size_t scanned; /* bytes of whole frames at the start of in */
	struct buf out;
};

void link_init(struct link *l, int fd);
void link_clear(struct link *l);

/* Read what is there, answer PING, note STOP. Never waits. Returns false when
 * nothing more can come. */
bool link_pump(struct link *l);

/* Take the next frame that waits: its type, or 0 when there is none. *id and
 * *body are set. A bad frame ends the link (LINK_BROKEN). */
unsigned link_next(struct link *l, uint64_t *id, union ml_body *body);

/* Does a frame wait, read while libgammu napped perhaps? */
bool link_has_frame(const struct link *l);

/* Wait up to timeout_ms for input on the link and on tty (-1: none), then
 * link_pump(). Returns the poll(2) events of the tty. */
short link_wait(struct link *l, int tty, int64_t timeout_ms);

/* Write one frame whole. When nobody takes it, the link is at its end; what
 * must not be lost is in the spool. */
void link_send(
    struct link *l, enum ml_type type, uint64_t id, const void *body);

/* log_sink_cb: lines become LOG frames; before the link is up they are
 * dropped. */
void link_log_cb(enum log_level level, const char *line, void *ctx);

#endif
