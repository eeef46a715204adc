/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_EXPORT_H
#define TINCAY_EXPORT_H

/* What was approved to be texted, for those who read no texts (M08, M35, M36):
 * plain text in Vietnamese form, from the same record. */

#include "outreach/campaign.h"

struct buf;

enum export_as {
	EXPORT_LOUDSPEAKER, /* to be read out: every language, numbers digit by
			       digit */
	EXPORT_BANNER,      /* one line in capitals */
	EXPORT_PRESS,
	EXPORT_NKINDS
};
/* "loudspeaker" ...: 0 or TC_EINVAL. */
int export_parse(const char *name, enum export_as *out) TC_MUSTCHECK;
const char *export_name(enum export_as as);

#define EXPORT_MAX 32768 /* bytes */

/* Append it to out. 0; TC_ESTATE: it was not approved; TC_EFULL. */
int campaign_export(struct core *c, const struct campaign *k, enum export_as as,
    struct buf *out) TC_MUSTCHECK;

#endif
