/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A stream of frames from a peer that is not to be trusted. The first byte
 * picks side and phase. What modemlink_get() accepts, modemlink_put() must be
 * able to say again in the same bytes.
 */
#include "config.h"

#include <string.h>

#include "fuzz.h"
#include "modemlink.h"

static void
check_frame(const struct frame *f, enum ml_side side, enum ml_phase phase)
{
	union ml_body body;
	struct frame again;
	struct buf b;
	size_t total;

	if (modemlink_get(f, side, phase, &body) != 0)
		return;
	buf_init(&b, FRAME_HEADER + FRAME_BODY_MAX);
	FUZZ_CHECK(modemlink_put(&b, (enum ml_type)f->type, f->id, &body) == 0);
	FUZZ_CHECK(frame_peek(b.data, b.len, &again, &total) == 1);
	FUZZ_CHECK(total == b.len);
	FUZZ_CHECK(again.type == f->type && again.id == f->id);
	FUZZ_CHECK(again.len == f->len);
	FUZZ_CHECK(memcmp(again.body, f->body, f->len) == 0);
	buf_clear(&b);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	enum ml_side side;
	enum ml_phase phase;
	struct frame f;
	size_t total;

	if (size == 0)
		return 0;
	side = (data[0] & 1) != 0 ? ML_CHILD : ML_DAEMON;
	phase = (enum ml_phase)((data[0] >> 1) % ML_NPHASES);
	data++;
	size--;
	while (frame_peek(data, size, &f, &total) == 1) {
		FUZZ_CHECK(total <= size && total == FRAME_HEADER + f.len);
		check_frame(&f, side, phase);
		data += total;
		size -= total;
	}
	return 0;
}
