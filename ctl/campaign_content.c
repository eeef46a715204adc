/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * campaign variant, test, export, and what check and show tell of the texts.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "ctl/campaign.h"
#include "ctl/shape.h"

static const struct word words_severity[] = {
    {"refuse", "phải sửa", STYLE_BAD},
    {"acknowledge", "người duyệt phải xác nhận", STYLE_WARN},
    {"warn", "nên biết", STYLE_PLAIN},
    {0},
};
static const struct word words_rule[] = {
    {"variable", "biến không có", 0},
    {"length", "quá dài", 0},
    {"label", "thiếu nhãn ở đầu tin", 0},
    {"link", "có đường dẫn", 0},
    {"demand", "như đòi tiền, mã hoặc giấy tờ", 0},
    {"shelter", "lộ nơi tạm lánh", 0},
    {"guard", "lộ địa chỉ tin cậy", 0},
    {"hotline", "thiếu số đường dây nóng", 0},
    {"reviewer", "chưa có người biết tiếng đọc lại", 0},
    {"pupil", "học sinh không được nhận", 0},
    {"pupil_safe", "chưa xác nhận gửi cho học sinh được", 0},
    {"hours", "ngoài giờ gửi của xã", 0},
    {"wording", "đổ lỗi hoặc định kiến", 0},
    {"address", "có địa chỉ", 0},
    {"secret", "như hẹn gặp kín", 0},
    {"stale", "đường dây nóng lâu chưa gọi thử", 0},
    {"review", "quá hạn rà soát", 0},
    {"men", "chưa có tin nào cho nam giới", 0},
    {"basis", "chưa ghi căn cứ pháp lý", 0},
    {"price", "bỏ dấu thì rẻ hơn", 0},
    {"unread", "không ai nhận", 0},
    {0},
};
static const struct word words_coding[] = {
    {"gsm7", "GSM-7", 0},
    {"ucs2", "UCS-2", 0},
    {0},
};
static const struct word words_act[] = {
    {"check", "kiểm tra", 0},
    {"test", "gửi thử", 0},
    {"approve", "duyệt", 0},
    {"start", "bắt đầu gửi", 0},
    {"pause", "tạm dừng", 0},
    {"resume", "gửi tiếp", 0},
    {"continue", "gửi tiếp sau nhóm đầu", 0},
    {"cancel", "hủy", 0},
    {0},
};

static const struct column finding_columns[] = {
    {"severity", "Mức", CELL_WORD, words_severity, false},
    {"rule", "Quy tắc", CELL_TEXT, NULL, false},
    {"rule", "Nghĩa", CELL_WORD, words_rule, false},
    {"variant.group", "Nhóm", CELL_TEXT, NULL, true},
    {"variant.language", "Tiếng", CELL_WORD, words_language, true},
    {"variant.script", "Chữ", CELL_WORD, words_script, true},
    {"line", "Dòng", CELL_INT, NULL, true},
    {"detail", "Chi tiết", CELL_TEXT, NULL, false},
};
const struct view campaign_finding_view = {
    finding_columns, TC_NELEM(finding_columns), NULL};

static const struct column text_columns[] = {
    {"people", "Người", CELL_INT, NULL, false},
    {"group", "Nhóm", CELL_TEXT, NULL, true},
    {"language", "Tiếng", CELL_WORD, words_language, false},
    {"script", "Chữ", CELL_WORD, words_script, false},
    {"coding", "Bảng mã", CELL_WORD, words_coding, false},
    {"segments", "Phần tin", CELL_INT, NULL, false},
    {"cost", "Giá (đ)", CELL_INT, NULL, false},
};
static const struct view text_view = {
    text_columns, TC_NELEM(text_columns), NULL};

static const struct column act_columns[] = {
    {"at", "Lúc", CELL_TIME, NULL, false},
    {"user", "Người", CELL_TEXT, NULL, false},
    {"act", "Việc", CELL_WORD, words_act, false},
    {"detail", "Đã xác nhận", CELL_TEXT, NULL, true},
};
static const struct view act_view = {act_columns, TC_NELEM(act_columns), NULL};

static const struct column variant_columns[] = {
    {"language", "Tiếng", CELL_WORD, words_language, false},
    {"group", "Nhóm", CELL_TEXT, NULL, true},
    {"script", "Chữ", CELL_WORD, words_script, false},
    {"reviewer", "Người đọc lại", CELL_TEXT, NULL, true},
};
static const struct view variant_view = {
    variant_columns, TC_NELEM(variant_columns), NULL};

static int
print_variant(struct ctl *c, const json_t *variant)
{
	struct buf b;
	int code = CTL_OK;

	buf_init(&b, 65536);
	text_safe(&b, shape_string(variant, "text"), TEXT_BLOCK);
	out_line(c, "%s", "");
	if (out_record(c, &variant_view, variant) != 0)
		code = ctl_bad_answer(c);
	else
		out_line(c, "Nội dung:\n%s", buf_str(&b));
	buf_clear(&b);
	return code;
}

int
campaign_print_content(struct ctl *c, const json_t *answer)
{
	const struct {
		const char *key;
		const struct view *view;
	} tables[] = {{"findings", &campaign_finding_view},
	    {"texts", &text_view}, {"acts", &act_view}};
	const json_t *variants = json_object_get(answer, "variants"), *rows;
	size_t i;
	int code = CTL_OK;

	for (i = 0; i < TC_NELEM(tables); i++) {
		rows = json_object_get(answer, tables[i].key);
		if (json_array_size(rows) > 0 &&
		    out_table(c, tables[i].view, rows) != 0)
			return ctl_bad_answer(c);
	}
	for (i = 0; code == CTL_OK && i < json_array_size(variants); i++)
		code = print_variant(c, json_array_get(variants, i));
	return code;
}

/* --- variant --- */

#define KEY_OPTIONS                                                            \
	{"group", "G", .help = "nhóm người nhận", .check = &check_group},      \
	    {"language", "L", .help = "vi, bdq, jra",                          \
		.check = &check_language},                                     \
	{                                                                      \
		"script", "S", .help = "accented, bare",                       \
			       .check = &check_script                          \
	}

const struct option_row campaign_variant_options[] = {
    KEY_OPTIONS,
    {"text", "T", .help = "nội dung tin"},
    {"text-file", "F", .help = "đọc nội dung tin từ tệp UTF-8",
	.check = &check_path},
    {"reviewer", "NAME", .help = "người biết tiếng đã đọc lại",
	.check = &check_line},
    {"remove", NULL, .help = "bỏ nội dung riêng này"},
    {0},
};
const struct option_row campaign_test_options[] = {
    KEY_OPTIONS,
    {0},
};
static const struct ctl_hint variant_hints[] = {
    {404, "không có chiến dịch này", "xem: tincayctl campaign list"},
    {409, "đã gửi rồi thì không sửa được", "soạn một chiến dịch khác"},
    {422, "nội dung riêng không hợp lệ", "sửa rồi thử lại"},
    {0},
};
static const struct ctl_hint test_hints[] = {
    {403, "chỉ người soạn gửi thử được, tới máy của chính mình", NULL},
    {404, "không có chiến dịch này", "xem: tincayctl campaign list"},
    {409, "chưa gửi thử được",
	"trước đó: tincayctl campaign check ID; tincayctl user phone"},
    {0},
};

static json_t *
key_body(const struct args *a)
{
	static const char *const names[] = {"group", "language", "script"};
	json_t *body = json_object();
	size_t i;

	for (i = 0; i < TC_NELEM(names); i++)
		if (args_get(a, names[i]) != NULL)
			json_object_set_new(
			    body, names[i], json_string(args_get(a, names[i])));
	return body;
}

static int
content_post(struct ctl *c, const struct args *a, const char *what,
    const json_t *body, json_t **answer)
{
	char *path = xasprintf("/campaigns/%s/%s", args_operand(a, 0), what);
	int code = ctl_post(c, path, body,
	    strcmp(what, "test") == 0 ? test_hints : variant_hints, answer);

	free(path);
	return code;
}

int
campaign_variant(struct ctl *c, const struct args *a)
{
	json_t *body = NULL, *answer;
	char *text;
	int code;

	if ((code = campaign_text(c, a, &text)) != CTL_OK)
		return code;
	if (text == NULL && args_get(a, "reviewer") == NULL &&
	    args_get(a, "remove") == NULL)
		return ctl_usage(c,
		    "cần --text T, --text-file F, --reviewer NAME hoặc "
		    "--remove");
	body = key_body(a);
	if (text != NULL)
		json_object_set_new(body, "text", json_string(text));
	if (args_get(a, "reviewer") != NULL)
		json_object_set_new(
		    body, "reviewer", json_string(args_get(a, "reviewer")));
	if (args_get(a, "remove") != NULL)
		json_object_set_new(body, "remove", json_true());
	free(text);
	code = content_post(c, a, "variants", body, &answer);
	json_decref(body);
	if (code != CTL_OK)
		return code;
	out_line(c, "Đã ghi. Tiếp theo: tincayctl campaign check ID.");
	return campaign_print(c, answer);
}

/* --- test --- */

static const struct column test_columns[] = {
    {"message", "Tin", CELL_TEXT, NULL, false},
};
static const struct view test_view = {
    test_columns, TC_NELEM(test_columns), NULL};

int
campaign_test(struct ctl *c, const struct args *a)
{
	json_t *body = key_body(a), *answer;
	int code = content_post(c, a, "test", body, &answer);

	json_decref(body);
	if (code != CTL_OK)
		return code;
	out_line(c, "Đang gửi thử tới máy của bạn.");
	return ctl_show_record(c, answer, &test_view);
}

/* --- export --- */

const struct option_row campaign_export_options[] = {
    {"as", "WHAT", .help = "loudspeaker, banner, press", .check = &check_as,
	.required = true},
    {"out", "FILE", .help = "ghi vào tệp này", .check = &check_path},
    {0},
};

static int
export_write(struct ctl *c, const char *file, const char *text)
{
	struct buf safe;

	if (file == NULL) {
		buf_init(&safe, 65536);
		text_safe(&safe, text, TEXT_BLOCK);
		(void)fputs(buf_str(&safe), stdout);
		buf_clear(&safe);
		return CTL_OK;
	}
	if (file_write(file, 0644, text, strlen(text)) != 0)
		return ctl_refuse(c, "không ghi được tệp", file, NULL);
	out_line(c, "Đã ghi %s.", file);
	return CTL_OK;
}

int
campaign_export(struct ctl *c, const struct args *a)
{
	json_t *answer;
	struct buf path;
	int code;

	buf_init(&path, 128);
	(void)buf_printf(&path, "/campaigns/%s/export", args_operand(a, 0));
	client_path_add(&path, "as", args_get(a, "as"));
	code = ctl_get(c, buf_str(&path), &answer);
	buf_clear(&path);
	if (code != CTL_OK)
		return code;
	if (c->json)
		out_json(c, answer, false);
	if (shape_string(answer, "text") == NULL)
		code = ctl_bad_answer(c);
	else if (!c->json || args_get(a, "out") != NULL)
		code = export_write(
		    c, args_get(a, "out"), shape_string(answer, "text"));
	json_decref(answer);
	return code;
}
