/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * case reporter: who told of a case, which is not shown with it. The number is
 * opened here and printed, nothing else.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "ctl/case.h"
#include "ctl/key.h"
#include "ctl/keyfile.h"
#include "ctl/shape.h"

#define SEALED_MAX 1024

const struct option_row case_reporter_options[] = {
    {"reason", "R", .help = "call, danger hoặc legal", .check = &check_line,
	.required = true},
    {"key", "FILE", .help = "tệp khóa của cơ quan, hoặc khóa riêng của bạn",
	.check = &check_path, .required = true},
    {"passphrase-file", "FILE", .help = "đọc mật khẩu khóa từ dòng đầu của tệp",
	.check = &check_path},
    {0},
};
static const struct ctl_hint reporter_hints[] = {
    {403, "vụ việc này không phải của bạn", "nhận trước: tincayctl case claim"},
    {404, "không có vụ việc này, hoặc không phải tin báo của người khác", NULL},
    {409, "bạn chưa nhận vụ việc này", "nhận trước: tincayctl case claim"},
    {422, "lý do là call (gọi lại), danger (nguy hiểm) hoặc legal (luật buộc)",
	NULL},
    {0},
};
static const struct column reporter_columns[] = {
    {"number", "Người báo tin", CELL_TEXT, NULL, false},
};
static const struct view reporter_view = {
    reporter_columns, TC_NELEM(reporter_columns), NULL};

/* {"number": ...}, or NULL: it does not open. */
static json_t *
reporter_open(const json_t *answer, const struct keyfile *kf)
{
	unsigned char key[KEYFILE_SEALED_KEY], sealed[SEALED_MAX];
	unsigned char case_sk[KEYFILE_KEY];
	struct buf plain;
	json_t *out = NULL;
	size_t key_len, len;

	if (shape_bytes(json_object_get(answer, "sealed_key"), key, sizeof(key),
		&key_len) != 0 ||
	    shape_bytes(json_object_get(answer, "sealed"), sealed,
		sizeof(sealed), &len) != 0 ||
	    keyfile_open_case(kf, key, key_len, case_sk) != 0)
		return NULL;
	buf_init(&plain, SEALED_MAX);
	if (keyfile_open_item(case_sk, sealed, len, &plain) == 0)
		out = json_loadb((const char *)plain.data, plain.len, 0, NULL);
	keyfile_wipe(case_sk, sizeof(case_sk));
	if (plain.data != NULL)
		keyfile_wipe(plain.data, plain.len);
	buf_clear(&plain);
	return out;
}

int
case_reporter(struct ctl *c, const struct args *a)
{
	char *name = check_upper(args_operand(a, 0)), *path;
	json_t *answer = NULL, *number, *body;
	struct keyfile *kf;
	int code;

	path = xasprintf("/cases/%s/reporter", name);
	body = json_pack("{s:s}", "reason", args_get(a, "reason"));
	/* The key first: each look is on record. */
	code = key_open(
	    c, args_get(a, "key"), args_get(a, "passphrase-file"), &kf);
	if (code == CTL_OK) {
		code = ctl_post(c, path, body, reporter_hints, &answer);
		number = code == CTL_OK ? reporter_open(answer, kf) : NULL;
		if (number != NULL)
			code = ctl_show_record(c, number, &reporter_view);
		else if (code == CTL_OK)
			code = ctl_refuse(c, "khóa này không mở được vụ việc",
			    NULL, "dùng tệp khóa của đúng cơ quan");
		keyfile_close(kf);
	}
	json_decref(answer);
	json_decref(body);
	free(path);
	free(name);
	return code;
}
