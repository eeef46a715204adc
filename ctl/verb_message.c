/* SPDX-License-Identifier: GPL-2.0-or-later */
/* message: what was sent. No text and no number of a person is in these
 * answers. */
#include "config.h"

#include <stdlib.h>

#include "ctl/ctl.h"

static const struct column message_columns[] = {
    {"id", "Mã", CELL_TEXT, NULL, false},
    {"lane", "Làn", CELL_WORD, words_lane, false},
    {"state", "Trạng thái", CELL_WORD, words_message, false},
    {"reason", "Lý do", CELL_TEXT, NULL, true},
    {"modem", "Modem", CELL_TEXT, NULL, true},
    {"parts_sent", "Đã gửi", CELL_INT, NULL, true},
    {"parts", "Phần", CELL_INT, NULL, true},
    {"created_at", "Lúc", CELL_TIME, NULL, false},
    {"settled_at", "Xong lúc", CELL_TIME, NULL, true},
    {"expires_at", "Hạn gửi", CELL_TIME, NULL, true},
    {"campaign", "Chiến dịch", CELL_TEXT, NULL, true},
};
static const struct view message_view = {
    message_columns, TC_NELEM(message_columns), "Chưa có tin nhắn nào."};

static const struct option_row message_list_options[] = {
    {"limit", "N", .help = "nhiều nhất bao nhiêu tin (50)",
	.check = &check_limit},
    {"before", "CURSOR", .help = "những tin cũ hơn con trỏ này",
	.check = &check_cursor},
    {0},
};

static int
message_list(struct ctl *c, const struct args *a)
{
	const struct ctl_pages pages = {
	    "/messages", "messages", "before", args_get(a, "before"), 50};

	return ctl_list_pages(c, &pages, args_get(a, "limit"), &message_view);
}

static const struct word words_part[] = {
    {"queued", "chờ", 0},
    {"submitting", "đang gửi", 0},
    {"sent", "đã gửi", STYLE_GOOD},
    {"delivered", "đã nhận", STYLE_GOOD},
    {"undelivered", "không tới", STYLE_BAD},
    {"no_report", "không có báo nhận", STYLE_WARN},
    {"uncertain", "chưa rõ", STYLE_WARN},
    {"failed", "hỏng", STYLE_BAD},
    {"cancelled", "đã hủy", STYLE_DIM},
    {0},
};
static const struct column part_columns[] = {
    {"seq", "Phần", CELL_INT, NULL, false},
    {"state", "Trạng thái", CELL_WORD, words_part, false},
    {"modem", "Modem", CELL_TEXT, NULL, true},
    {"attempts", "Lần thử", CELL_INT, NULL, false},
    {"submitted_at", "Gửi lúc", CELL_TIME, NULL, true},
    {"settled_at", "Xong lúc", CELL_TIME, NULL, true},
    {"not_before", "Thử lại lúc", CELL_TIME, NULL, true},
    {"tp_mr", "TP-MR", CELL_INT, NULL, true},
    {"report", "Xin báo nhận", CELL_YESNO, NULL, false},
    {"tp_status", "TP-Status", CELL_INT, NULL, true},
    {"code", "Mã lỗi", CELL_INT, NULL, true},
    {"reason", "Lý do", CELL_TEXT, NULL, true},
};
static const struct view part_view = {
    part_columns, TC_NELEM(part_columns), NULL};

static const struct operand message_show_operands[] = {
    {"ID", &check_id, false},
    {0},
};

static int
message_show(struct ctl *c, const struct args *a)
{
	char *path = xasprintf("/messages/%s", args_operand(a, 0));
	json_t *answer, *parts;
	int code = ctl_get(c, path, &answer);

	free(path);
	if (code != CTL_OK)
		return code;
	parts = json_incref(json_object_get(answer, "part_list"));
	code = ctl_show_record(c, answer, &message_view);
	if (code == CTL_OK)
		code = ctl_show_table(c, parts, &part_view);
	json_decref(parts);
	return code;
}

const struct verb message_verbs[] = {
    {"list", "Các tin gửi đi, mới nhất trước",
	"Không có nội dung và số điện thoại.", NULL, message_list_options,
	message_list},
    {"show", "Một tin gửi đi với từng phần của nó", NULL, message_show_operands,
	NULL, message_show},
    {0},
};
