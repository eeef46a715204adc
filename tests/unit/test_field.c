/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Field tables, percent decoding, ids and base64. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "http/field.h"
#include "http/jval.h"

static const struct field rows[] = {
    {"line", FIELD_LINE, false, 1, 8},
    {"text", FIELD_TEXT, false, 0, 8},
    {"secret", FIELD_SECRET, false, 2, 8},
    {"name", FIELD_NAME, false, 1, 8},
    {"code", FIELD_CODE, false, 1, 4},
    {"id", FIELD_ID, false, 0, 0},
    {"names", FIELD_NAMES, false, 1, 2},
    {"int", FIELD_INT, false, -3, 3},
    {"bool", FIELD_BOOL, false, 0, 0},
    {NULL, FIELD_LINE, false, 0, 0},
};

static const struct {
	const char *json;
	const char *field; /* NULL: good */
} bodies[] = {
    {"{}", NULL},
    {"{\"line\":\"tin cậy\"}", "line"}, /* 9 bytes */
    {"{\"line\":\"tin cay\"}", NULL},
    {"{\"line\":\"\"}", "line"},
    {"{\"line\":\"a\\u007f\"}", "line"},
    {"{\"line\":\"a\\t\"}", "line"},
    {"{\"line\":null}", "line"},
    {"{\"text\":\"a\\nb\"}", NULL},
    {"{\"text\":\"a\\u001b\"}", "text"},
    {"{\"text\":\"\"}", NULL},
    {"{\"secret\":\"\\u0001\\n\"}", NULL},
    {"{\"secret\":\"a\"}", "secret"},
    {"{\"name\":\"a.b_c-9\"}", NULL},
    {"{\"name\":\"A\"}", "name"},
    {"{\"name\":\"a b\"}", "name"},
    {"{\"code\":\"HPN2\"}", NULL},
    {"{\"code\":\"hpn\"}", "code"},
    {"{\"id\":\"0123456789abcdef\"}", NULL},
    {"{\"id\":\"0123456789ABCDEF\"}", "id"},
    {"{\"id\":\"0123456789abcde\"}", "id"},
    {"{\"id\":7}", "id"},
    {"{\"names\":[\"a\",\"b\"]}", NULL},
    {"{\"names\":[]}", "names"},
    {"{\"names\":[\"a\",\"b\",\"c\"]}", "names"},
    {"{\"names\":[1]}", "names"},
    {"{\"names\":\"a\"}", "names"},
    {"{\"int\":3}", NULL},
    {"{\"int\":-4}", "int"},
    {"{\"int\":3.0}", "int"},
    {"{\"int\":\"3\"}", "int"},
    {"{\"bool\":false}", NULL},
    {"{\"bool\":0}", "bool"},
    {"{\"other\":1}", "other"},
    {"{\"o\\u0001\":1}", ""},
    {"{\"ooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooo"
     "oooo\":1}",
	""},
};

static void
test_bodies(void **state)
{
	struct field_fault fault;
	json_t *j;
	int rc;

	(void)state;
	for (size_t i = 0; i < TC_NELEM(bodies); i++) {
		j = json_loads(bodies[i].json, 0, NULL);
		assert_non_null(j);
		rc = field_check(rows, j, &fault);
		if (rc != (bodies[i].field != NULL ? TC_EINVAL : 0))
			fail_msg("%s: %d", bodies[i].json, rc);
		if (rc != 0)
			assert_string_equal(fault.name, bodies[i].field);
		json_decref(j);
	}
}

static void
test_required(void **state)
{
	static const struct field one[] = {
	    {"a", FIELD_BOOL, true, 0, 0},
	    {NULL, FIELD_LINE, false, 0, 0},
	};
	struct field_fault fault;
	json_t *j = json_object();

	(void)state;
	assert_int_equal(field_check(one, j, &fault), TC_EINVAL);
	assert_string_equal(fault.name, "a");
	assert_int_equal(field_check(NULL, j, &fault), 0);
	json_object_set_new(j, "a", json_false());
	assert_int_equal(field_check(one, j, &fault), 0);
	assert_int_equal(field_check(NULL, j, &fault), TC_EINVAL);
	json_decref(j);
}

static const struct {
	const char *query, *json; /* NULL: refused */
} queries[] = {
    {NULL, "{}"},
    {"", "{}"},
    {"&&", "{}"},
    {"int=-3", "{\"int\":-3}"},
    {"int=", NULL},
    {"int", NULL},
    {"int=1&int=1", NULL},
    {"int=99999999999999999999", NULL},
    {"bool=1&line=a+b%2Bc", "{\"bool\":true,\"line\":\"a b+c\"}"},
    {"bool=yes", NULL},
    {"line=%", NULL},
    {"line=%4", NULL},
    {"line=%4g", NULL},
    {"line=%00", NULL},
    {"line=%c3", NULL},
    {"line=%c3%b4", "{\"line\":\"ô\"}"},
    {"li%6ee=x", "{\"line\":\"x\"}"},
    {"=x", NULL},
    {"%=x", NULL},
    {"a=1&b=1&c=1&d=1&e=1&f=1&g=1&h=1&i=1&j=1&k=1&l=1&m=1&n=1&o=1&p=1&q=1",
	NULL},
};

static void
test_queries(void **state)
{
	struct field_fault fault;
	json_t *j, *want;
	int rc;

	(void)state;
	for (size_t i = 0; i < TC_NELEM(queries); i++) {
		rc = field_parse_query(rows, queries[i].query, &j, &fault);
		if ((rc == 0) != (queries[i].json != NULL))
			fail_msg("%s: %d", queries[i].query, rc);
		if (rc != 0)
			continue;
		want = json_loads(queries[i].json, 0, NULL);
		assert_true(json_equal(j, want));
		json_decref(want);
		json_decref(j);
	}
}

static const struct {
	const char *text;
	size_t len;
	const char *base64;
} pairs[] = {
    {"", 0, ""},
    {"f", 1, "Zg=="},
    {"fo", 2, "Zm8="},
    {"foo", 3, "Zm9v"},
    {"foob", 4, "Zm9vYg=="},
    {"\xff\xfe\xfd", 3, "//79"},
};

static void
test_base64(void **state)
{
	static const char *const bad[] = {
	    "Zg", "Zg=", "Zg===", "Zh==", "Z===", "Zg=x", "Zg!=", "===="};
	unsigned char out[8];
	json_t *v;

	(void)state;
	for (size_t i = 0; i < TC_NELEM(pairs); i++) {
		v = jval_base64(pairs[i].text, pairs[i].len);
		assert_string_equal(json_string_value(v), pairs[i].base64);
		json_decref(v);
		assert_int_equal(
		    jval_parse_base64(pairs[i].base64, out, pairs[i].len), 0);
		assert_memory_equal(out, pairs[i].text, pairs[i].len);
	}
	for (size_t i = 0; i < TC_NELEM(bad); i++)
		assert_int_equal(jval_parse_base64(bad[i], out, 1), TC_EINVAL);
}

static void
test_ids(void **state)
{
	static const char *const bad[] = {"", "0", "0000000000000000",
	    "8000000000000000", "ffffffffffffffff", "00000000000000001",
	    "000000000000000g"};
	json_t *v = jval_id(0x0123456789abcdef);
	int64_t id;

	(void)state;
	assert_string_equal(json_string_value(v), "0123456789abcdef");
	assert_int_equal(jval_parse_id(json_string_value(v), &id), 0);
	assert_true(id == 0x0123456789abcdef);
	json_decref(v);
	for (size_t i = 0; i < TC_NELEM(bad); i++)
		assert_int_equal(jval_parse_id(bad[i], &id), TC_EINVAL);
	v = jval_text("\xff");
	assert_string_equal(json_string_value(v), "?");
	json_decref(v);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_bodies),
	    cmocka_unit_test(test_required),
	    cmocka_unit_test(test_queries),
	    cmocka_unit_test(test_base64),
	    cmocka_unit_test(test_ids),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
