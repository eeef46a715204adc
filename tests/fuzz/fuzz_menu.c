/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A USSD path from a gateway that is not to be trusted, through the shipped
 * menus: refused, or it leads to a place with a screen that fits, and walking it
 * step by step asks for the same things in the same order.
 */
#include "config.h"

#include <string.h>

#include "fuzz.h"
#include "gsm.h"
#include "intake/menu.h"

static struct content *content; /* reachable to the end */
static const struct menus *menus;

static void
set_up(void)
{
	struct faults f;

	faults_init(&f);
	content = content_load(TEST_ETC, &f);
	FUZZ_CHECK(content != NULL);
	menus = content_menus(content);
	FUZZ_CHECK(menus != NULL);
}

static void
check_screen(const struct menu_place *p, enum content_script script)
{
	char text[MENU_SCREEN_MAX];
	struct gsm_text cost;

	menu_text(menus, p, script, menu_is_first(menus, p), text);
	FUZZ_CHECK(gsm_segment(text, strlen(text), &cost, NULL, 0) == 0);
	FUZZ_CHECK(cost.units <= (cost.coding == GSM_CODING_7BIT ? 182u : 80u));
}

/* What was asked for after fewer steps was asked for in the same way. */
static void
check_shorter(const char *path, const struct menu_place *whole)
{
	char start[MENU_PATH_MAX + 1];
	struct menu_place p;
	size_t i, len;

	for (len = 0; len <= strlen(path); len++) {
		memcpy(start, path, len);
		start[len] = '\0';
		if (path[len] != '*' && path[len] != '\0')
			continue;
		FUZZ_CHECK(menu_walk(menus, start, &p) == 0);
		FUZZ_CHECK(p.nrequests <= whole->nrequests);
		for (i = 0; i < p.nrequests; i++)
			FUZZ_CHECK(
			    p.requests[i].step == whole->requests[i].step &&
			    p.requests[i].option == whole->requests[i].option &&
			    p.requests[i].hour == whole->requests[i].hour);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char path[MENU_PATH_MAX + 8];
	struct menu_place p;

	if (menus == NULL)
		set_up();
	if (size >= sizeof(path))
		return 0;
	memcpy(path, data, size);
	path[size] = '\0';
	if (menu_walk(menus, path, &p) != 0)
		return 0;
	FUZZ_CHECK(p.nrequests <= MENU_REQUESTS_MAX);
	check_screen(&p, CONTENT_BARE);
	check_screen(&p, CONTENT_ACCENTED);
	check_shorter(path, &p);
	return 0;
}
