/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_OUTBOX_CHOOSE_H
#define TINCAY_OUTBOX_CHOOSE_H

/* Private to outbox/: parts that wait for another try (choose.c). */

#include "util.h"

/* A part must not go before this time, UTC: it is looked at again then. */
void outbox_due_at(int64_t at);

#endif
