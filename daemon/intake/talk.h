/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_TALK_H
#define TINCAY_TALK_H

/*
 * What a text means because of what was said before. For an hour after she was
 * asked when to call, "9" is an hour and no poster digit, and HUY, DUNG, STOP
 * and KHONG mean the call: they hush. KHONG and an agency is a wish for her
 * case: that agency shall not have it (R19).
 *
 * The state is in the contact's row, so that a restart keeps it.
 */

#include "core.h"
#include "match.h"
#include "store/contact.h"

#define TALK_HOUR_S 3600

/* Read a text of a contact in the light of what was said before: true, and
 * *out is how it is meant; false: as match_text() reads it. */
bool talk_read(const struct content *c, const struct contact *contact,
    const char *text, struct match *out);

/* The agency that she does not want: "KHONG CAX", "khong bao cong an". NULL:
 * it says nothing like that. */
const struct content_agency *talk_refused(
    const struct content *c, const char *text);

#endif
