/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_RADIO_ASSEMBLY_H
#define TINCAY_RADIO_ASSEMBLY_H

/*
 * Private to radio/: long texts, put together from parts that come in any
 * order, with gaps, across restarts (3GPP 23.040 9.2.3.24.1). Parts wait boxed
 * in the database. What is not whole after RADIO_PART_WAIT_S is handed over
 * marked incomplete (radio_sweep), and so is an older text whose reference a
 * sender uses again: no part is ever dropped.
 */

#include "radio/radio_private.h"

struct assembly_part {
	const struct ml_sms_in *in;
	const char *modem;
	const char *sender; /* canonical, or as it came */
	int64_t received_at;
};

/* Keep a part; hand the text over when it was the last. Inside a turn op. */
int assembly_add(struct radio *r, const struct assembly_part *p) TC_MUSTCHECK;

#endif
