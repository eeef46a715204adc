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
 * for.
 *
 * Returns the TP-MR of a +CMGS that came (3GPP 27.005 3.5.1), or -1: the modem
 * answers one command at a time, so it can only be the answer to the send that
 * had no end. */
#define LINE_LISTEN_MAX_MS 30000
int line_wait_silent(const char *device, struct link *link, int64_t silence_ms);

#endif
