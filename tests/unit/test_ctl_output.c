/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Cells: what each kind shows, and that a value of another type is refused.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "ctl/ctl.h"
#include "ctl/shape.h"

static const struct word words[] = {
    {"new", "mới", STYLE_BAD},
    {0},
};

static const struct {
	enum cell_kind kind;
	const char *value; /* of "x", JSON; NULL: missing */
	const char *want;  /* NULL: TC_EPROTO */
} cells[] = {
    {CELL_TEXT, "\"a\\u001bb\"", "a\\x1bb"},
    {CELL_TEXT, "\"\"", "–"},
    {CELL_TEXT, "null", "–"},
    {CELL_TEXT, NULL, NULL},
    {CELL_TEXT, "7", NULL},
    {CELL_WORD, "\"new\"", "mới"},
    {CELL_WORD, "\"odd\\n\"", "odd "},
    {CELL_WORD, "{}", NULL},
    {CELL_WORDS, "[\"new\",\"odd\"]", "mới, odd"},
    {CELL_WORDS, "[]", "–"},
    {CELL_WORDS, "[7]", NULL},
    {CELL_WORDS, "\"new\"", NULL},
    {CELL_INT, "-7", "-7"},
    {CELL_INT, "7.5", NULL},
    {CELL_INT, "\"7\"", NULL},
    {CELL_TIME, "1795469681", "24/11/2026 04:34:41"},
    {CELL_TIME, "\"now\"", NULL},
    {CELL_SPAN, "0", "0 giây"},
    {CELL_SPAN, "59", "59 giây"},
    {CELL_SPAN, "61", "1 phút 1 giây"},
    {CELL_SPAN, "7200", "2 giờ"},
    {CELL_SPAN, "7205", "2 giờ"},
    {CELL_SPAN, "100000", "1 ngày 3 giờ"},
    {CELL_SPAN, "-1", NULL},
    {CELL_SPAN, "\"7\"", NULL},
    {CELL_PERCENT, "61", "61%"},
    {CELL_PERCENT, "-1", "–"},
    {CELL_PERCENT, "true", NULL},
    {CELL_YESNO, "true", "có"},
    {CELL_YESNO, "false", "không"},
    {CELL_YESNO, "1", NULL},
    {CELL_URGENCY, "0", "U0"},
    {CELL_URGENCY, "4", "U4"},
    {CELL_URGENCY, "5", NULL},
    {CELL_URGENCY, "-1", NULL},
    {CELL_KEY, "\"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\"",
	"0001 0203 0405 0607"},
    {CELL_KEY, "\"AAEC\"", NULL},
    {CELL_KEY, "\"????\"", NULL},
};

static json_t *
object_of(const char *value)
{
	char *text =
	    value != NULL ? xasprintf("{\"x\": %s}", value) : xstrdup("{}");
	json_t *object = json_loads(text, 0, NULL);

	assert_non_null(object);
	free(text);
	return object;
}

static void
test_cells(void **state)
{
	struct ctl c = {0};
	struct buf b;
	size_t i;

	(void)state;
	buf_init(&b, 1024);
	for (i = 0; i < TC_NELEM(cells); i++) {
		struct column col = {"x", "X", cells[i].kind, words, false};
		json_t *object = object_of(cells[i].value);
		int rc;

		buf_reset(&b);
		rc = out_cell(&c, &col, object, &b, NULL);
		assert_int_equal(rc, cells[i].want != NULL ? 0 : TC_EPROTO);
		if (cells[i].want != NULL)
			assert_string_equal(buf_str(&b), cells[i].want);
		json_decref(object);
	}
	buf_clear(&b);
}

static void
test_paths(void **state)
{
	const struct column deep = {"a.b", "X", CELL_INT, NULL, false};
	const struct column may = {"a.c", "X", CELL_INT, NULL, true};
	json_t *object = json_loads("{\"a\":{\"b\":3}}", 0, NULL);
	struct ctl c = {0};
	struct buf b;

	(void)state;
	buf_init(&b, 64);
	assert_int_equal(out_cell(&c, &deep, object, &b, NULL), 0);
	assert_int_equal(out_cell(&c, &may, object, &b, NULL), 0);
	assert_string_equal(buf_str(&b), "3–");
	/* No object at all. */
	assert_int_equal(out_cell(&c, &deep, NULL, &b, NULL), TC_EPROTO);
	buf_clear(&b);
	json_decref(object);
}

static void
test_styles(void **state)
{
	const struct column col = {"x", "X", CELL_WORD, words, false};
	json_t *object = object_of("\"new\"");
	enum style style = STYLE_PLAIN;
	struct ctl c = {0};
	struct buf b;

	(void)state;
	buf_init(&b, 64);
	assert_int_equal(out_cell(&c, &col, object, &b, &style), 0);
	assert_int_equal(style, STYLE_BAD);
	assert_string_equal(out_style(false, STYLE_BAD), "");
	assert_string_equal(out_style(true, STYLE_BAD), "\033[1;31m");
	buf_clear(&b);
	json_decref(object);
}

static void
test_base64(void **state)
{
	static const unsigned char data[] = {0, 255, 7};
	unsigned char back[3];
	json_t *value = shape_from_bytes(data, sizeof(data));
	size_t len;

	(void)state;
	assert_string_equal(json_string_value(value), "AP8H");
	assert_int_equal(shape_bytes(value, back, sizeof(back), &len), 0);
	assert_int_equal(len, 3);
	assert_memory_equal(back, data, 3);
	/* One byte more than there is room for. */
	assert_int_equal(shape_bytes(value, back, 2, &len), TC_EPROTO);
	assert_int_equal(shape_bytes(NULL, back, 3, &len), TC_EPROTO);
	json_decref(value);
}

static void
test_query(void **state)
{
	struct buf path;

	(void)state;
	buf_init(&path, 256);
	buf_put_str(&path, "/lists");
	client_path_segment(&path, "Làng A/B?");
	client_path_add(&path, "after", NULL);
	client_path_add(&path, "a", "1&2");
	client_path_add(&path, "b", "x y");
	assert_string_equal(
	    buf_str(&path), "/lists/L%C3%A0ng%20A%2FB%3F?a=1%262&b=x%20y");
	buf_clear(&path);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_cells),
	    cmocka_unit_test(test_paths),
	    cmocka_unit_test(test_styles),
	    cmocka_unit_test(test_base64),
	    cmocka_unit_test(test_query),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
