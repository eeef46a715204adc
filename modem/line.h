/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_LINE_H
#define TINCAY_LINE_H

/*
 * The serial line before libgammu opens it. After a child that died in a send,
 * the modem may still answer that send; libgammu would take the answer for one
 * of its own questions.
 */

#include "link.h"

/* Listen, without writing, until nothing has come for silence_ms; at most
 * LINE_LISTEN_MAX_MS. Answers PING meanwhile; returns early at the end of the
 * link. A device that cannot be opened is libgammu's to report: nothing to wait
 * for. */
#define LINE_LISTEN_MAX_MS 30000
void line_wait_silent(
    const char *device, struct link *link, int64_t silence_ms);

#endif
