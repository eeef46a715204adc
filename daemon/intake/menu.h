/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_MENU_H
#define TINCAY_MENU_H

/*
 * The USSD menus of a content pack (menus.conf), and the way through them.
 *
 * A session has no state of its own: what was typed since its start is a path,
 * "1*2*9", that is walked anew from the screen "main" with every step. 0 leaves
 * at once, on a screen that says nothing (R12); 1 to 7 are the options of a
 * screen; a screen that asks for an hour takes 1 to 23. What fits nothing shows
 * the same screen again.
 *
 * Every screen, with its options, fits 182 septets in the bare script and 80
 * code units in the accented one (3GPP 23.038, 24.090), and says nothing that an
 * automatic message may not say. Both are checked when the pack is loaded.
 */

#include "content.h"

#define MENU_OPTIONS_MAX 7
#define MENU_PATH_MAX 182   /* bytes */
#define MENU_SCREEN_MAX 512 /* bytes of UTF-8 of a whole screen, NUL included */
#define MENU_REQUESTS_MAX 16

#define MENU_KEY_LEAVE 0
#define MENU_KEY_RESUME 8 /* on the first screen, after a dropped session */

struct menu_screen;

struct menu_option {
	char *name;
	char *text[CONTENT_NSCRIPTS];
	const struct menu_screen *screen;    /* comes next; NULL: the end */
	const struct content_intent *intent; /* what is asked for, or NULL */
};

struct menu_screen {
	char *name;
	char *text[CONTENT_NSCRIPTS];
	const struct menu_option *options[MENU_OPTIONS_MAX];
	size_t noptions;
	bool asks_hour;
};

/* Fixed lines. */
enum menu_line {
	MENU_LEAVE,  /* below each screen: "0 Thoat" */
	MENU_RESUME, /* on the first screen: "8 Tiep tuc" */
	MENU_BYE,    /* the end after 0 */
	MENU_DONE,   /* the end after a request */
	MENU_NLINES
};

struct menus;

/* Read dir/menus.conf. NULL with no new fault when there is no such file: the
 * commune has no USSD. NULL with faults when anything is wrong. Keeps pointers
 * into content. */
struct menus *menus_load(
    const struct content *c, const char *dir, struct faults *faults);
void menus_free(struct menus *m);

/* Something that was asked for on the way. */
struct menu_request {
	size_t step; /* after so many steps of the path, from 1 */
	const struct menu_option *option;
	int hour; /* 1..23: the wished hour of the option; 0: the wish itself */
};

struct menu_place {
	const struct menu_screen *screen; /* NULL: the session has ended */
	enum menu_line end;               /* with this line */
	size_t steps;
	struct menu_request requests[MENU_REQUESTS_MAX];
	size_t nrequests;
};

/* Walk a path ("" = the first screen). 0; TC_EINVAL: over MENU_PATH_MAX, or
 * something else than digits and '*'. */
int menu_walk(const struct menus *m, const char *path,
    struct menu_place *out) TC_MUSTCHECK;

/* What is shown at a place, in MENU_SCREEN_MAX bytes. may_resume: the line of
 * MENU_RESUME stands on the first screen, too. */
void menu_text(const struct menus *m, const struct menu_place *p,
    enum content_script script, bool may_resume, char out[MENU_SCREEN_MAX]);

/* Every screen and line of an end in every script, as content_each_text(). */
int menu_each_text(
    const struct menus *m, content_text_cb cb, void *ctx) TC_MUSTCHECK;

/* Is it the first screen? */
bool menu_is_first(const struct menus *m, const struct menu_place *p);

#endif
