/* SPDX-License-Identifier: GPL-2.0-or-later */
/* duty: who is texted when a case waits. Owns nothing. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "ctl/ctl.h"

#define PATH_BYTES 256

static const struct column duty_columns[] = {
    {"agency", "Cơ quan", CELL_TEXT, NULL, false},
    {"user", "Người trực", CELL_TEXT, NULL, false},
    {"deputy", "Người thay", CELL_TEXT, NULL, true},
    {"from", "Từ", CELL_TIME, NULL, false},
    {"until", "Đến", CELL_TIME, NULL, false},
    {"taken_at", "Nhận ca lúc", CELL_TIME, NULL, true},
};
static const struct view duty_view = {duty_columns, TC_NELEM(duty_columns),
    "Chưa phân công ai trực: không ai được báo khi có việc gấp."};

static const struct operand duty_operands[] = {
    {"AGENCY", &check_agency, false},
    {0},
};
static const struct operand duty_show_operands[] = {
    {"AGENCY", &check_agency, true},
    {0},
};
static const struct option_row duty_set_options[] = {
    {"user", "U", .help = "người trực", .check = &check_user, .required = true},
    {"deputy", "D", .help = "người thay khi người trực không trả lời",
	.check = &check_user},
    {"from", "T", .help = "từ lúc, ví dụ \"2026-12-01 07:00\" (bây giờ)",
	.check = &check_time},
    {"until", "T", .help = "đến lúc", .check = &check_time, .required = true},
    {0},
};
static const struct ctl_hint duty_hints[] = {
    {403, "chỉ phân công được cho cơ quan của mình", NULL},
    {409, "bạn không có ca trực nào chờ nhận", "xem: tincayctl duty show"},
    {422, "thời gian đã qua, hoặc người này không thuộc cơ quan đó",
	"xem: tincayctl user list"},
    {0},
};

static int
duty_post(struct ctl *c, const char *path, json_t *body, const char *done)
{
	json_t *answer;
	int code = ctl_post(c, path, body, duty_hints, &answer);

	json_decref(body);
	if (code != CTL_OK)
		return code;
	out_line(c, "%s", done);
	return ctl_show_list(c, answer, "terms", &duty_view);
}

static int
duty_set(struct ctl *c, const struct args *a)
{
	const char *deputy = args_get(a, "deputy"), *from = args_get(a, "from");
	char *agency = check_upper(args_operand(a, 0));
	json_t *body = json_pack(
	    "{s:s, s:s}", "agency", agency, "user", args_get(a, "user"));
	int64_t t;

	free(agency);
	if (deputy != NULL)
		json_object_set_new(body, "deputy", json_string(deputy));
	if (from != NULL && check_read_time(from, c->utc, &t))
		json_object_set_new(body, "from", json_integer(t));
	if (check_read_time(args_get(a, "until"), c->utc, &t))
		json_object_set_new(body, "until", json_integer(t));
	return duty_post(c, "/duty", body, "Đã phân công.");
}

static int
duty_show(struct ctl *c, const struct args *a)
{
	char *agency =
	    args_operand(a, 0) != NULL ? check_upper(args_operand(a, 0)) : NULL;
	struct buf path;
	int code;

	buf_init(&path, PATH_BYTES);
	buf_put_str(&path, "/duty");
	client_path_add(&path, "agency", agency);
	code = ctl_list(c, buf_str(&path), "terms", &duty_view);
	buf_clear(&path);
	free(agency);
	return code;
}

static int
duty_ack(struct ctl *c, const struct args *a)
{
	(void)a;
	return duty_post(c, "/duty/ack", NULL, "Bạn đã nhận ca trực.");
}

const struct verb duty_verbs[] = {
    {"set", "Phân công người trực của một cơ quan",
	"Khi không ai nhận vụ việc, người trực được báo bằng tin nhắn, rồi đến "
	"người thay, rồi cơ quan thứ hai.",
	duty_operands, duty_set_options, duty_set},
    {"show", "Ai trực, bây giờ và sắp tới", NULL, duty_show_operands, NULL,
	duty_show},
    {"ack", "Nhận ca trực của mình",
	"Chưa nhận thì người trước vẫn được báo cùng.", NULL, NULL, duty_ack},
    {0},
};
