/* SPDX-License-Identifier: GPL-2.0-or-later */
/* event: meetings that people sign up for by SMS. Owns nothing. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "ctl/ctl.h"

#define PATH_BYTES 256

static const struct word words_none[] = {{0}};
static const struct column event_columns[] = {
    {"id", "Mã", CELL_TEXT, NULL, false},
    {"number", "Số (SK ...)", CELL_INT, NULL, false},
    {"name", "Sự kiện", CELL_TEXT, NULL, false},
    {"starts_at", "Lúc", CELL_TIME, NULL, false},
    {"place", "Nơi", CELL_TEXT, NULL, false},
    {"state", "Trạng thái", CELL_WORD, words_campaign, false},
    {"author", "Người soạn", CELL_TEXT, NULL, false},
    {"approver", "Người duyệt", CELL_TEXT, NULL, true},
    {"lists", "Mời", CELL_WORDS, words_none, false},
    {"guests", "Người sẽ dự", CELL_INT, NULL, false},
    {"left", "  đã rút", CELL_INT, NULL, false},
    {"reminded", "  đã nhắc", CELL_INT, NULL, false},
    {"to_remind", "  còn nhắc", CELL_INT, NULL, false},
};
static const struct view event_view = {
    event_columns, TC_NELEM(event_columns), NULL};
static const struct column event_list_columns[] = {
    {"id", "Mã", CELL_TEXT, NULL, false},
    {"number", "SK", CELL_INT, NULL, false},
    {"starts_at", "Lúc", CELL_TIME, NULL, false},
    {"state", "Trạng thái", CELL_WORD, words_campaign, false},
    {"guests", "Dự", CELL_INT, NULL, false},
    {"left", "Rút", CELL_INT, NULL, false},
    {"name", "Sự kiện", CELL_TEXT, NULL, false},
};
static const struct view event_list_view = {event_list_columns,
    TC_NELEM(event_list_columns),
    "Chưa có sự kiện nào; tạo bằng: tincayctl event new NAME."};

static const struct operand event_name_operands[] = {
    {"NAME", &check_line, false},
    {0},
};
static const struct operand event_operands[] = {
    {"ID", &check_id, false},
    {0},
};
#define EVENT_PLACE                                                                \
	{                                                                          \
		"place", "P",                                                      \
		    .help = "nơi họp công cộng, ví dụ \"Hội trường " \
			    "xã\"",                                                \
		    .check = &check_line                                           \
	}
#define EVENT_LIST                                                             \
	{                                                                      \
		"list", "L[,L...]", .help = "mời những danh sách này",         \
				    .check = &check_line                       \
	}
static const struct option_row event_new_options[] = {
    {"at", "T", .help = "bắt đầu lúc, ví dụ \"2026-12-01 08:00\"",
	.check = &check_time, .required = true},
    EVENT_PLACE,
    EVENT_LIST,
    {0},
};
static const struct option_row event_edit_options[] = {
    {"name", "N", .help = "tên khác", .check = &check_line},
    {"at", "T", .help = "lúc khác", .check = &check_time},
    EVENT_PLACE,
    EVENT_LIST,
    {0},
};
static const struct option_row event_list_options[] = {
    {"past", NULL, .help = "cả những sự kiện đã qua"},
    {0},
};
static const struct ctl_hint event_hints[] = {
    {403, "người soạn không tự duyệt được", "nhờ người khác duyệt"},
    {404, "không có sự kiện này", "xem: tincayctl event list"},
    {409, "sự kiện đã qua, đã hủy hoặc không còn là bản nháp", NULL},
    {422, "sự kiện chưa được nhận",
	"tên và nơi phải ngắn, không nêu thôn, địa chỉ hay việc riêng"},
    {0},
};

/* "a,b" as an array. */
static json_t *
event_lists(const char *names)
{
	json_t *list = json_array();
	size_t n;

	for (; *names != '\0'; names += n + (names[n] != '\0')) {
		n = strcspn(names, ",");
		if (n > 0)
			json_array_append_new(list, json_stringn(names, n));
	}
	return list;
}

static json_t *
event_body(const struct ctl *c, const struct args *a, const char *name)
{
	const char *place = args_get(a, "place"), *at = args_get(a, "at");
	json_t *body = json_object();
	int64_t t;

	if (name != NULL)
		json_object_set_new(body, "name", json_string(name));
	if (place != NULL)
		json_object_set_new(body, "place", json_string(place));
	if (at != NULL && check_read_time(at, c->utc, &t))
		json_object_set_new(body, "starts_at", json_integer(t));
	if (args_get(a, "list") != NULL)
		json_object_set_new(
		    body, "lists", event_lists(args_get(a, "list")));
	return body;
}

static int
event_post(struct ctl *c, const char *path, json_t *body, const char *done)
{
	json_t *answer;
	int code = ctl_post(c, path, body, event_hints, &answer);

	json_decref(body);
	if (code != CTL_OK)
		return code;
	out_line(c, "%s", done);
	return ctl_show_record(c, answer, &event_view);
}

static int
event_new(struct ctl *c, const struct args *a)
{
	if (args_get(a, "place") == NULL)
		return ctl_usage(c, "thiếu --place P: họp ở đâu");
	return event_post(c, "/events", event_body(c, a, args_operand(a, 0)),
	    "Đã ghi bản nháp. Người khác duyệt: tincayctl event approve ID.");
}

static int
event_edit(struct ctl *c, const struct args *a)
{
	char path[PATH_BYTES];

	(void)!str_printf(path, sizeof(path), "/events/%s", args_operand(a, 0));
	return event_post(c, path, event_body(c, a, args_get(a, "name")),
	    "Đã sửa; lại là bản nháp, cần duyệt lại.");
}

static int
event_act(
    struct ctl *c, const struct args *a, const char *act, const char *done)
{
	char path[PATH_BYTES];

	(void)!str_printf(
	    path, sizeof(path), "/events/%s/%s", args_operand(a, 0), act);
	return event_post(c, path, NULL, done);
}

static int
event_approve(struct ctl *c, const struct args *a)
{
	return event_act(c, a, "approve",
	    "Đã duyệt. Người dân đăng ký bằng: SK và số của sự kiện.");
}

static int
event_cancel(struct ctl *c, const struct args *a)
{
	return event_act(c, a, "cancel",
	    "Đã hủy; không ai được nhắc nữa. Báo cho người đã đăng ký bằng "
	    "một chiến dịch.");
}

static int
event_show(struct ctl *c, const struct args *a)
{
	char path[PATH_BYTES];
	json_t *answer;
	int code;

	(void)!str_printf(path, sizeof(path), "/events/%s", args_operand(a, 0));
	code = ctl_get(c, path, &answer);
	return code == CTL_OK ? ctl_show_record(c, answer, &event_view) : code;
}

static int
event_list(struct ctl *c, const struct args *a)
{
	return ctl_list(c,
	    args_get(a, "past") != NULL ? "/events?past=1" : "/events",
	    "events", &event_list_view);
}

const struct verb event_verbs[] = {
    {"new", "Soạn một sự kiện mà người dân đăng ký dự bằng tin nhắn",
	"Ai đăng ký thì được nhắc trước một ngày: tên, giờ và nơi.",
	event_name_operands, event_new_options, event_new},
    {"edit", "Sửa sự kiện; sau đó phải duyệt lại", NULL, event_operands,
	event_edit_options, event_edit},
    {"approve", "Duyệt sự kiện của người khác soạn", NULL, event_operands, NULL,
	event_approve},
    {"cancel", "Hủy sự kiện", NULL, event_operands, NULL, event_cancel},
    {"show", "Một sự kiện và số người sẽ dự", NULL, event_operands, NULL,
	event_show},
    {"list", "Các sự kiện sắp tới", NULL, NULL, event_list_options, event_list},
    {0},
};
