/* SPDX-License-Identifier: GPL-2.0-or-later */
/* webhook: systems of agencies that are told of changes. Owns nothing; a new
 * secret is shown once and kept nowhere. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "ctl/ctl.h"
#include "ctl/shape.h"

static const struct column hook_columns[] = {
    {"name", "Tên", CELL_TEXT, NULL, false},
    {"agency", "Cơ quan", CELL_TEXT, NULL, false},
    {"url", "Địa chỉ", CELL_TEXT, NULL, false},
    {"queued", "Chờ", CELL_INT, NULL, false},
    {"dead", "Bỏ", CELL_INT, NULL, false},
    {"tried_at", "Thử lúc", CELL_TIME, NULL, true},
    {"result", "Kết quả", CELL_TEXT, NULL, true},
    {"next_at", "Thử lại lúc", CELL_TIME, NULL, true},
};
static const struct view hook_view = {hook_columns, TC_NELEM(hook_columns),
    "Chưa có webhook nào; tạo bằng: tincayctl webhook add."};

static const struct word words_delivery[] = {
    {"queued", "chờ gửi", STYLE_WARN},
    {"delivered", "đã tới", STYLE_GOOD},
    {"dead", "đã bỏ", STYLE_BAD},
    {0},
};
static const struct column delivery_columns[] = {
    {"id", "Mã", CELL_TEXT, NULL, false},
    {"event", "Sự kiện", CELL_TEXT, NULL, false},
    {"code", "Vụ việc", CELL_TEXT, NULL, true},
    {"at", "Lúc", CELL_TIME, NULL, false},
    {"state", "Trạng thái", CELL_WORD, words_delivery, false},
    {"tries", "Lần thử", CELL_INT, NULL, false},
    {"result", "Kết quả", CELL_TEXT, NULL, true},
    {"settled_at", "Xong lúc", CELL_TIME, NULL, true},
};
static const struct view delivery_view = {
    delivery_columns, TC_NELEM(delivery_columns), "Chưa có lần gửi nào."};

static const struct ctl_hint hook_hints[] = {
    {404, "không có webhook này, hoặc không có lần gửi này",
	"xem: tincayctl webhook list"},
    {409, "trạng thái không cho phép: chỉ gửi lại được lần đã bỏ", NULL},
    {0},
};
static const struct ctl_hint add_hints[] = {
    {409, "đã có webhook tên này, hoặc đã đủ số webhook", "chọn tên khác"},
    {422, "địa chỉ phải là https:// và cơ quan phải có trong commune.conf",
	NULL},
    {0},
};

static const struct operand name_operands[] = {
    {"NAME", &check_user, OPERAND_ONCE},
    {0},
};
static const struct operand retry_operands[] = {
    {"NAME", &check_user, OPERAND_ONCE},
    {"ID", &check_id, OPERAND_ONCE},
    {0},
};
static const struct option_row add_options[] = {
    {"agency", "A", .help = "mã cơ quan", .check = &check_agency,
	.required = true},
    {"to", "URL", .help = "địa chỉ nhận, https://", .check = &check_line,
	.required = true},
    {0},
};
static const struct option_row show_options[] = {
    {"dead", NULL, .help = "chỉ những lần đã bỏ"},
    {"limit", "N", .help = "nhiều nhất bao nhiêu dòng (50)",
	.check = &check_limit},
    {0},
};

static int
hook_list(struct ctl *c, const struct args *a)
{
	(void)a;
	return ctl_list(c, "/webhooks", "webhooks", &hook_view);
}

/* The line is for people; with --json the secret is in the document. */
static int
hook_add(struct ctl *c, const struct args *a)
{
	struct client_request rq = {
	    .method = "POST", .path = "/webhooks", .once = true};
	char *agency = check_upper(args_get(a, "agency"));
	json_t *body = json_pack("{s:s, s:s, s:s}", "name", args_operand(a, 0),
	    "agency", agency, "url", args_get(a, "to"));
	const char *secret;
	json_t *answer;
	int code;

	free(agency);
	rq.body = body;
	code = ctl_call(c, &rq, add_hints, &answer);
	json_decref(body);
	if (code != CTL_OK)
		return code;
	secret = shape_string(answer, "secret");
	if (secret == NULL) {
		json_decref(answer);
		return ctl_bad_answer(c);
	}
	out_line(c,
	    "Đã tạo webhook %s. Khóa ký, chỉ hiện một lần này; đưa cho người "
	    "quản trị hệ thống nhận:\n%s",
	    args_operand(a, 0), secret);
	if (c->json)
		out_json(c, answer, false);
	json_decref(answer);
	return CTL_OK;
}

static int
hook_show(struct ctl *c, const struct args *a)
{
	char *path = xasprintf("/webhooks/%s/deliveries%s", args_operand(a, 0),
	    args_get(a, "dead") != NULL ? "?state=dead" : "");
	const struct ctl_pages pages = {path, "deliveries", "before", NULL, 50};
	int code =
	    ctl_list_pages(c, &pages, args_get(a, "limit"), &delivery_view);

	free(path);
	return code;
}

static int
hook_remove(struct ctl *c, const struct args *a)
{
	char *path = xasprintf("/webhooks/%s", args_operand(a, 0));
	const struct client_request rq = {.method = "DELETE", .path = path};
	json_t *answer;
	int code = ctl_call(c, &rq, hook_hints, &answer);

	free(path);
	if (code != CTL_OK)
		return code;
	json_decref(answer);
	out_line(c, "Đã bỏ webhook %s.", args_operand(a, 0));
	return CTL_OK;
}

static int
hook_post(struct ctl *c, const char *path, const char *done)
{
	json_t *answer;
	int code = ctl_post(c, path, NULL, hook_hints, &answer);

	if (code != CTL_OK)
		return code;
	out_line(c, "%s", done);
	return ctl_show_record(c, answer, &delivery_view);
}

static int
hook_retry(struct ctl *c, const struct args *a)
{
	char *path = xasprintf("/webhooks/%s/deliveries/%s/retry",
	    args_operand(a, 0), args_operand(a, 1));
	int code = hook_post(c, path, "Đang gửi lại.");

	free(path);
	return code;
}

static int
hook_test(struct ctl *c, const struct args *a)
{
	char *path = xasprintf("/webhooks/%s/test", args_operand(a, 0));
	int code =
	    hook_post(c, path, "Đang gửi thử; xem: tincayctl webhook show.");

	free(path);
	return code;
}

const struct verb webhook_verbs[] = {
    {"add", "Báo cho hệ thống của một cơ quan khi hàng chờ thay đổi",
	"Tin báo chỉ có mã cơ quan, mức gấp, mã vụ việc, không có nội dung và "
	"số điện thoại. Khóa ký chỉ hiện một lần.",
	name_operands, add_options, hook_add},
    {"list", "Các webhook", NULL, NULL, NULL, hook_list},
    {"show", "Các lần gửi của một webhook, mới nhất trước", NULL, name_operands,
	show_options, hook_show},
    {"remove", "Bỏ một webhook và những gì chờ gửi", NULL, name_operands, NULL,
	hook_remove},
    {"retry", "Gửi lại một lần đã bỏ", NULL, retry_operands, NULL, hook_retry},
    {"test", "Gửi thử, và gửi ngay những gì đang chờ", NULL, name_operands,
	NULL, hook_test},
    {0},
};
