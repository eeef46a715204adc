/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The USSD menus: every path leads to one place; what a screen shows; and each
 * rule of the file refuses a menu that breaks it. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "unit.h"
#include "intake/menu.h"
#include "tempdir.h"

#define LINES                                                                   \
	"line \"leave\" { bare = \"Thoat\" accented = \"Thoát\" }\n"           \
	"line \"resume\" { bare = \"Tiep tuc\" accented = \"Tiếp tục\" }\n" \
	"line \"bye\" { bare = \"Chao ban\" accented = \"Chào bạn\" }\n"     \
	"line \"done\" { bare = \"Da nhan\" accented = \"Đã nhận\" }\n"
#define TEXT(bare) "bare = \"" bare "\" accented = \"" bare "\" "
#define MAIN                                                                   \
	"screen \"main\" { " TEXT("Chon") "options = {\"a\", \"b\", \"c\"} }\n"
#define HOUR "screen \"hour\" { " TEXT("May gio") "input = hour }\n"
#define MORE "screen \"more\" { " TEXT("Them") "options = {\"c\"} }\n"
#define A "option \"a\" { " TEXT("Mot") "intent = HEALTH screen = hour }\n"
#define B "option \"b\" { " TEXT("Hai") "screen = more }\n"
#define C "option \"c\" { " TEXT("Ba") "intent = SUPPORT }\n"
#define ALL LINES MAIN HOUR MORE A B C

static struct content *content;

static int
load_content(void **state)
{
	struct faults f;

	(void)state;
	faults_init(&f);
	content = content_load(TEST_ETC, &f);
	return content != NULL ? 0 : -1;
}

static int
free_content(void **state)
{
	(void)state;
	content_free(content);
	return 0;
}

static struct menus *
load(const char *text, struct faults *f)
{
	char *dir = tempdir_new();
	struct menus *m;

	faults_init(f);
	if (text != NULL)
		tempdir_write(dir, "menus.conf", text);
	m = menus_load(content, dir, f);
	tempdir_remove(dir);
	return m;
}

/* Where a path leads: the screen, or the line it ends with; and what was asked
 * for on the way: "option@step" or "option@step=hour". */
static const struct {
	const char *path, *place, *asked;
} walks[] = {
    {"", "main", ""},
    {"0", "bye", ""},
    {"1", "hour", "a@1"},
    {"1*9", "done", "a@1 a@2=9"},
    {"1*23", "done", "a@1 a@2=23"},
    {"1*24", "hour", "a@1"},
    {"1*24*7", "done", "a@1 a@3=7"},
    {"1*0", "bye", "a@1"}, /* stored, although she leaves */
    {"2", "more", ""},
    {"2*1", "done", "c@2"},
    {"3", "done", "c@1"},
    {"3*1*1", "done", "c@1"}, /* behind the end there is nothing */
    {"4", "main", ""},
    {"9", "main", ""},
    {"99*3", "done", "c@2"},
    {"123*3", "done", "c@2"},
    {"*3", "done", "c@2"},
    {"2*", "more", ""},
    {"8", "main", ""},
};

static void
describe(const struct menu_place *p, char *place, char *asked)
{
	static const char *const ends[] = {
	    [MENU_BYE] = "bye", [MENU_DONE] = "done"};
	const struct menu_request *q;
	size_t i;

	(void)!str_printf(place, 64, "%s",
	    p->screen != NULL ? p->screen->name : ends[p->end]);
	asked[0] = '\0';
	for (i = 0; i < p->nrequests; i++) {
		q = &p->requests[i];
		(void)!str_printf(asked + strlen(asked), 32, "%s%s@%zu",
		    i > 0 ? " " : "", q->option->name, q->step);
		if (q->hour != 0)
			(void)!str_printf(
			    asked + strlen(asked), 8, "=%d", q->hour);
	}
}

static void
test_walk(void **state)
{
	char place[64], asked[256];
	struct menu_place p;
	struct menus *m;
	struct faults f;
	size_t i;

	(void)state;
	m = load(ALL, &f);
	assert_non_null(m);
	for (i = 0; i < TC_NELEM(walks); i++) {
		assert_int_equal(menu_walk(m, walks[i].path, &p), 0);
		describe(&p, place, asked);
		assert_string_equal(place, walks[i].place);
		assert_string_equal(asked, walks[i].asked);
	}
	menus_free(m);
}

static void
test_bad_paths(void **state)
{
	char path[MENU_PATH_MAX + 2];
	struct menu_place p;
	struct menus *m;
	struct faults f;

	(void)state;
	m = load(ALL, &f);
	assert_int_equal(menu_walk(m, "1*a", &p), TC_EINVAL);
	assert_int_equal(menu_walk(m, "1#", &p), TC_EINVAL);
	assert_int_equal(menu_walk(m, "-1", &p), TC_EINVAL);
	memset(path, '9', sizeof(path));
	path[MENU_PATH_MAX] = '\0';
	assert_int_equal(menu_walk(m, path, &p), 0);
	path[MENU_PATH_MAX] = '9';
	path[MENU_PATH_MAX + 1] = '\0';
	assert_int_equal(menu_walk(m, path, &p), TC_EINVAL);
	menus_free(m);
}

static void
test_screens(void **state)
{
	char text[MENU_SCREEN_MAX];
	struct menu_place p;
	struct menus *m;
	struct faults f;

	(void)state;
	m = load(ALL, &f);
	assert_int_equal(menu_walk(m, "", &p), 0);
	menu_text(m, &p, CONTENT_BARE, false, text);
	assert_string_equal(text, "Chon\n1 Mot\n2 Hai\n3 Ba\n0 Thoat");
	menu_text(m, &p, CONTENT_ACCENTED, true, text);
	assert_string_equal(
	    text, "Chon\n1 Mot\n2 Hai\n3 Ba\n8 Tiếp tục\n0 Thoát");
	assert_true(menu_is_first(m, &p));
	assert_int_equal(menu_walk(m, "1", &p), 0);
	menu_text(m, &p, CONTENT_BARE, false, text);
	assert_string_equal(text, "May gio\n0 Thoat");
	assert_int_equal(menu_walk(m, "1*0", &p), 0);
	menu_text(m, &p, CONTENT_BARE, false, text);
	assert_string_equal(text, "Chao ban");
	menus_free(m);
}

#define LONG "Day la mot dong that dai de thu mot man hinh qua dai cho USSD. "
static const struct {
	const char *text, *what;
} faulty[] = {
    {MAIN HOUR MORE A B C, "there is no line \"leave\""},
    {ALL "line \"x\" { " TEXT("x") "}", "is not leave, resume, bye or done"},
    {LINES HOUR A, "there is no screen \"main\""},
    {LINES HOUR MORE A B C
	"screen \"main\" { " TEXT("Chon") "options = {\"d\"} }",
	"names an unknown option"},
    {LINES HOUR MORE A B C "screen \"main\" { " TEXT("Chon") "}",
	"has options, or asks for an hour"},
    {LINES HOUR MORE A B C
	"screen \"main\" { " TEXT("Chon") "options = {a,b,c,a,b,c,a,b} }",
	"has more than 7"},
    {LINES MAIN MORE A B C, "there is no such screen"},
    {LINES MAIN HOUR MORE B C "option \"a\" { " TEXT("Mot") "screen = hour }",
	"is missing before a screen that asks for an hour"},
    {LINES MAIN HOUR MORE A B "option \"c\" { " TEXT("Ba") "intent = X }",
	"is not an intent that an agency answers"},
    {LINES MAIN HOUR MORE A B "option \"c\" { " TEXT("Ba") "intent = OPTOUT }",
	"is not an intent that an agency answers"},
    {LINES MAIN HOUR MORE A B "option \"c\" { " TEXT("Ba") "}",
	"leads nowhere"},
    /* 182 septets, 80 units with the options */
    {LINES MAIN MORE A B C "screen \"hour\" { bare = \"" LONG LONG LONG
			   "\" accented = \"Giờ\" input = hour }",
	"bare must be a text of 1 to 182 bytes"},
    {LINES HOUR MORE A B C "screen \"main\" { bare = \"" LONG LONG
			   "Day la mot dong that dai de thu.\" accented ="
			   " \"Giờ\" options = {a,b,c} }",
	"is longer than a USSD screen"},
    {LINES HOUR MORE A B C
	"screen \"main\" { bare = \"Chon\" accented = \"Bạn cần hỏi về việc gì"
	" trong những việc sau đây của xã?\" options = {a,b,c} }",
	"is longer than a USSD screen"},
    {LINES HOUR MORE A B C
	"screen \"main\" { bare = \"Chọn\" accented = \"Chọn\" options = {a} }",
	"that GSM-7 lacks in the bare script"},
    /* R2: not on a screen either */
    {LINES MAIN HOUR MORE A B
	"option \"c\" { " TEXT("Bao luc") "intent = SUPPORT }",
	"names a category of help"},
};

static void
test_faults(void **state)
{
	struct faults f;
	bool is_there;
	size_t i, k;

	(void)state;
	for (i = 0; i < TC_NELEM(faulty); i++) {
		assert_null(load(faulty[i].text, &f));
		is_there = false;
		for (k = 0; k < f.n; k++)
			is_there |=
			    strstr(f.list[k].what, faulty[i].what) != NULL;
		if (!is_there)
			fail_msg("%zu: %s", i, f.n > 0 ? f.list[0].what : "-");
		faults_clear(&f);
	}
}

/* A commune without USSD has no such file, and that is no fault. */
static void
test_no_file(void **state)
{
	struct faults f;

	(void)state;
	assert_null(load(NULL, &f));
	assert_int_equal(f.n, 0);
	assert_non_null(content_menus(content)); /* the shipped pack has one */
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_walk),
	    cmocka_unit_test(test_bad_paths),
	    cmocka_unit_test(test_screens),
	    cmocka_unit_test(test_faults),
	    cmocka_unit_test(test_no_file),
	};

	return cmocka_run_group_tests(tests, load_content, free_content);
}
