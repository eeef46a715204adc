/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_SENDER_H
#define TINCAY_SENDER_H

/* Who wrote, dialled or called: the contact row of a number. Contacts are apart
 * from subscribers (promise 8). Inside a turn op. */

#include "core.h"
#include "intake/argument.h"
#include "msisdn.h"
#include "store/contact.h"

/* The canonical form of a number as it came; what has none is kept as it came,
 * cut to fit, but not in the middle of a character. */
enum msisdn_kind sender_number(const char *number, char out[MSISDN_MAX]);

/* The contact of a number (as sender_number() gave it), made when it is
 * missing; modem: the SIM, "" when it came by another way. 0, TC_EIO. */
int sender_contact(struct core *c, const char *number, const char *modem,
    struct contact *out) TC_MUSTCHECK;

/* The same, but nothing is made: TC_ENOENT. */
int sender_find(
    struct core *c, const char *number, struct contact *out) TC_MUSTCHECK;

/* When she may be called from now on, as she said it at `at` (R6); without hours
 * nothing changes. 0, TC_EIO. */
int sender_set_hours(struct core *c, struct contact *contact,
    const struct argument_hours *h, int64_t at) TC_MUSTCHECK;

/* She wants no contact any more (R7). That her phone was safe is to be asked
 * anew; that it is unsafe stays. 0, TC_EIO. */
int sender_hush(struct core *c, struct contact *contact) TC_MUSTCHECK;

/* She asks for a person again: the hush is over. 0, TC_EIO. */
int sender_unhush(struct core *c, struct contact *contact) TC_MUSTCHECK;

#endif
