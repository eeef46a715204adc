/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_INTAKE_USSD_H
#define TINCAY_INTAKE_USSD_H

/*
 * Somebody dialled the commune's USSD code: one step of the session. The
 * operator's gateway tells everything that was typed since the start; the menus
 * (menu.h) are walked anew, and what was asked for on the way is filed as a case
 * the moment it is chosen, once, although the session may die afterwards.
 *
 * Where sessions stand is kept in memory alone, for USSD_IDLE_S: a path would
 * tell what somebody asked for. A session that ended without 0 or a request may
 * be taken up again from the first screen by the same number in that time.
 */

#include "core.h"
#include "intake/menu.h"

#define USSD_IDLE_S 180
#define USSD_SESSION_MAX 128 /* bytes of a gateway's session id, NUL included */

struct ussd;

struct ussd *ussd_new(void);
void ussd_free(struct ussd *u);

struct ussd_step {
	const char *session; /* the gateway's id of it */
	const char *number;  /* who dialled, in any writing */
	const char *text;    /* "", "1", "1*2" ... */
	int64_t mono_ms;     /* when it came, by the monotonic clock */
};

/*
 * One step, inside a turn op; screen is for the gateway after the commit. *more:
 * the session goes on. 0; TC_EINVAL: the text is no path; TC_ENOENT: the commune
 * has no menus; TC_ENOTREADY: no case can be sealed yet; TC_EIO.
 */
int ussd_take_step(struct core *c, const struct ussd_step *step,
    char screen[MENU_SCREEN_MAX], bool *more) TC_MUSTCHECK;

/* The gateway says that a session is over. */
void ussd_end(struct core *c, const char *session);

#endif
