/* SPDX-License-Identifier: GPL-2.0-or-later */
/* series: texts by relative days. Owns nothing. */
#include "config.h"

#include <stdlib.h>

#include "msisdn.h"

#include "ctl/ctl.h"

#define PATH_BYTES 256

static const struct column series_columns[] = {
    {"id", "Mã", CELL_TEXT, NULL, false},
    {"number", "NT", CELL_INT, NULL, false},
    {"name", "Loạt tin", CELL_TEXT, NULL, false},
    {"visits", "Nhắc lịch", CELL_YESNO, NULL, false},
    {"state", "Trạng thái", CELL_WORD, words_campaign, false},
    {"theme", "Chủ đề", CELL_TEXT, NULL, true},
    {"texts", "Số tin", CELL_INT, NULL, false},
    {"members", "Người nhận", CELL_INT, NULL, false},
    {"sent", "Đã gửi", CELL_INT, NULL, false},
    {"queued", "Chờ gửi", CELL_INT, NULL, false},
    {"author", "Người soạn", CELL_TEXT, NULL, false},
    {"approver", "Người duyệt", CELL_TEXT, NULL, true},
};
static const struct view series_view = {series_columns,
    TC_NELEM(series_columns),
    "Chưa có loạt tin nào; tạo bằng: tincayctl series new NAME."};

static const struct operand series_name_operands[] = {
    {"NAME", &check_line, false},
    {0},
};
static const struct operand series_operands[] = {
    {"ID", &check_id, false},
    {0},
};
static const struct option_row series_new_options[] = {
    {"theme", "THEME", .help = "chủ đề (PHAPLUAT ...)", .check = &check_theme},
    {"visits", NULL, .help = "nhắc lịch khám: lời trung tính, ghi tên tại chỗ"},
    {"per-day", "N", .help = "mỗi người một ngày (1)", .check = &check_per_day},
    {"per-month", "N", .help = "mỗi người một tháng (4)",
	.check = &check_per_month},
    {0},
};
static const struct option_row series_add_options[] = {
    {"day", "D", .help = "bao nhiêu ngày sau khi bắt đầu",
	.check = &check_count, .required = true},
    {"text", "T", .help = "lời tin", .check = &check_line, .required = true},
    {0},
};
static const struct option_row series_join_options[] = {
    {"number", "N", .help = "số của người nhận", .check = &check_number,
	.required = true},
    {"from", "T", .help = "bắt đầu từ lúc, ví dụ \"2026-12-01 08:00\"",
	.check = &check_time, .required = true},
    {"source", "S", .help = "đồng ý ở đâu, ví dụ \"phiếu\"",
	.check = &check_line, .required = true},
    {"date", "YYYY-MM-DD", .help = "ngày đồng ý", .check = &check_line,
	.required = true},
    {"collector", "C", .help = "ai ghi", .check = &check_line,
	.required = true},
    {0},
};
static const struct ctl_hint series_hints[] = {
    {403, "người soạn không tự duyệt được", "nhờ người khác duyệt"},
    {404, "không có loạt tin này", "xem: tincayctl series list"},
    {409, "không làm được lúc này", NULL},
    {422, "loạt tin chưa được nhận",
	"tin thêm theo thứ tự ngày; tin nhắc lịch phải ngắn và trung tính"},
    {0},
};

static int
series_post(struct ctl *c, const char *path, json_t *body, const char *done)
{
	json_t *answer;
	int code = ctl_post(c, path, body, series_hints, &answer);

	json_decref(body);
	if (code != CTL_OK)
		return code;
	out_line(c, "%s", done);
	return ctl_show_record(c, answer, &series_view);
}

static void
series_set_int(
    json_t *body, const char *name, const struct args *a, const char *option)
{
	int64_t n;

	if (args_get(a, option) != NULL &&
	    str_to_int64(args_get(a, option), 0, 100000, &n) == 0)
		json_object_set_new(body, name, json_integer(n));
}

static int
series_new(struct ctl *c, const struct args *a)
{
	json_t *body = json_pack("{s:s}", "name", args_operand(a, 0));

	if (args_get(a, "theme") != NULL)
		json_object_set_new(
		    body, "theme", json_string(args_get(a, "theme")));
	if (args_get(a, "visits") != NULL)
		json_object_set_new(body, "visits", json_true());
	series_set_int(body, "per_day", a, "per-day");
	series_set_int(body, "per_month", a, "per-month");
	return series_post(c, "/series", body,
	    "Đã ghi bản nháp. Thêm tin bằng: tincayctl series add ID.");
}

static int
series_act(struct ctl *c, const struct args *a, const char *act, json_t *body,
    const char *done)
{
	char path[PATH_BYTES];

	(void)!str_printf(
	    path, sizeof(path), "/series/%s/%s", args_operand(a, 0), act);
	return series_post(c, path, body, done);
}

static int
series_add(struct ctl *c, const struct args *a)
{
	json_t *body = json_pack("{s:s}", "text", args_get(a, "text"));

	series_set_int(body, "day", a, "day");
	return series_act(c, a, "texts", body, "Đã thêm tin.");
}

static int
series_approve(struct ctl *c, const struct args *a)
{
	return series_act(c, a, "approve", NULL,
	    "Đã duyệt; người dân ghi tên bằng: NT và số của loạt tin.");
}

static int
series_cancel(struct ctl *c, const struct args *a)
{
	return series_act(
	    c, a, "cancel", NULL, "Đã hủy; không ai nhận loạt tin này nữa.");
}

static int
series_join(struct ctl *c, const struct args *a)
{
	char number[MSISDN_MAX];
	json_t *body;
	int64_t t;

	(void)msisdn_parse(args_get(a, "number"), number);
	body = json_pack("{s:s, s:s, s:s, s:s}", "number", number,
	    "consent_source", args_get(a, "source"), "consent_date",
	    args_get(a, "date"), "collector", args_get(a, "collector"));
	if (check_read_time(args_get(a, "from"), c->utc, &t))
		json_object_set_new(body, "start_at", json_integer(t));
	return series_act(c, a, "members", body, "Đã ghi tên.");
}

static int
series_show(struct ctl *c, const struct args *a)
{
	char path[PATH_BYTES];
	json_t *answer;
	int code;

	(void)!str_printf(path, sizeof(path), "/series/%s", args_operand(a, 0));
	code = ctl_get(c, path, &answer);
	return code == CTL_OK ? ctl_show_record(c, answer, &series_view) : code;
}

static int
series_list(struct ctl *c, const struct args *a)
{
	(void)a;
	return ctl_list(c, "/series", "series", &series_view);
}

const struct verb series_verbs[] = {
    {"new", "Soạn một loạt tin theo ngày (mỗi tuần một điều luật, nhắc lịch)",
	NULL, series_name_operands, series_new_options, series_new},
    {"add", "Thêm một tin, theo thứ tự ngày", NULL, series_operands,
	series_add_options, series_add},
    {"approve", "Duyệt loạt tin của người khác soạn", NULL, series_operands,
	NULL, series_approve},
    {"cancel", "Hủy loạt tin", NULL, series_operands, NULL, series_cancel},
    {"join", "Ghi tên một người đã đồng ý trên giấy",
	"Ai đã nhắn TC thì chỉ chính người ấy ghi tên lại được.",
	series_operands, series_join_options, series_join},
    {"show", "Một loạt tin", NULL, series_operands, NULL, series_show},
    {"list", "Các loạt tin", NULL, NULL, NULL, series_list},
    {0},
};
