/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What radio tells and asks the rest of the daemon (radio_ops.h). */
#include "config.h"

#include "core.h"
#include "intake/intake.h"
#include "outbox/outbox.h"
#include "radio_ops.h"
#include "watch/watch.h"

static int
on_inbound(const struct inbound *in, void *ctx)
{
	return intake_receive(ctx, in);
}

static int
on_call(const char *modem, const char *number, int64_t at, void *ctx)
{
	return intake_call(ctx, modem, number, at);
}

static int
next_part(const struct radio_offer *offer, struct radio_part *out, void *ctx)
{
	return outbox_next_part(ctx, offer, out);
}

static int
on_result(const struct radio_result *r, void *ctx)
{
	return outbox_on_result(ctx, r);
}

static int
on_report(const struct radio_report *r, void *ctx)
{
	struct core *c = ctx;
	int rc;

	rc = outbox_on_report(c, r);
	return rc != 0 ? rc : watch_on_report(c->watch, r);
}

static int
on_event(const char *modem, enum radio_event e, bool is_on, void *ctx)
{
	return watch_on_event(((struct core *)ctx)->watch, modem, e, is_on);
}

static int
on_lost(const char *modem, void *ctx)
{
	return outbox_on_lost(ctx, modem);
}

struct radio_ops
radio_ops_of(struct core *c)
{
	return (struct radio_ops){.on_inbound = on_inbound,
	    .on_call = on_call,
	    .next_part = next_part,
	    .on_result = on_result,
	    .on_report = on_report,
	    .on_lost = on_lost,
	    .on_event = on_event,
	    .generation = outbox_generation,
	    .ctx = c};
}
