/* SPDX-License-Identifier: GPL-2.0-or-later */
/* token: what machines identify themselves with. Owns nothing; a new token is
 * shown once and kept nowhere. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "ctl/ctl.h"
#include "ctl/shape.h"

static const struct word words_scope[] = {
    {"metrics", "số đo (metrics)", 0},
    {"queue", "xem hàng chờ (queue)", 0},
    {"work", "xử lý vụ việc (work)", 0},
    {"messages", "xem tin đã gửi (messages)", 0},
    {"campaigns", "xem chiến dịch (campaigns)", 0},
    {"modems", "xem modem (modems)", 0},
    {"audit", "xem sổ hành động (audit)", 0},
    {"webhooks", "webhook (webhooks)", 0},
    {0},
};
static const struct column token_columns[] = {
    {"id", "Mã", CELL_TEXT, NULL, false},
    {"user", "Tài khoản", CELL_TEXT, NULL, false},
    {"name", "Tên", CELL_TEXT, NULL, false},
    {"scopes", "Phạm vi", CELL_WORDS, words_scope, false},
    {"expires_at", "Hết hạn", CELL_TIME, NULL, false},
    {"used_at", "Dùng lần cuối", CELL_TIME, NULL, true},
    {"revoked_at", "Thu hồi lúc", CELL_TIME, NULL, true},
};
static const struct view token_view = {token_columns, TC_NELEM(token_columns),
    "Chưa có mã truy cập nào; tạo bằng: tincayctl token new."};

static const struct operand new_operands[] = {
    {"NAME", &check_line, OPERAND_ONCE},
    {0},
};
static const struct operand id_operands[] = {
    {"ID", &check_id, OPERAND_ONCE},
    {0},
};
static const struct option_row new_options[] = {
    {"scope", "S[,S]", .help = "phạm vi, cách nhau bằng dấu phẩy",
	.check = &check_line, .required = true},
    {"days", "N", .help = "dùng được bao nhiêu ngày (90, nhiều nhất 366)",
	.check = &check_limit},
    {0},
};
static const struct ctl_hint new_hints[] = {
    {403, "vai trò của bạn không có phạm vi này, hoặc chưa đăng nhập", NULL},
    {409, "bạn có quá nhiều mã truy cập", "xem: tincayctl token list"},
    {422, "không có phạm vi này, hoặc tên hay số ngày không hợp lệ",
	"phạm vi: metrics, queue, work, messages, campaigns, modems, audit, "
	"webhooks"},
    {0},
};
static const struct ctl_hint revoke_hints[] = {
    {404, "không có mã truy cập này", "xem: tincayctl token list"},
    {0},
};

static int
token_list(struct ctl *c, const struct args *a)
{
	(void)a;
	return ctl_list(c, "/tokens", "tokens", &token_view);
}

static json_t *
token_body(const struct args *a)
{
	const char *days = args_get(a, "days");
	char scope[CHECK_ROLE_SIZE];
	json_t *scopes = json_array(), *body;
	int64_t n;
	size_t i;

	for (i = 0; check_role_at(args_get(a, "scope"), i, scope); i++)
		(void)json_array_append_new(scopes, json_string(scope));
	body = json_pack(
	    "{s:s, s:o}", "name", args_operand(a, 0), "scopes", scopes);
	if (days != NULL && str_to_int64(days, 1, INT64_MAX, &n) == 0)
		json_object_set_new(body, "days", json_integer(n));
	return body;
}

static int
token_new(struct ctl *c, const struct args *a)
{
	struct client_request rq = {
	    .method = "POST", .path = "/tokens", .once = true};
	json_t *body = token_body(a), *answer;
	const char *token;
	int code;

	rq.body = body;
	code = ctl_call(c, &rq, new_hints, &answer);
	json_decref(body);
	if (code != CTL_OK)
		return code;
	token = shape_string(answer, "token");
	if (token == NULL) {
		json_decref(answer);
		return ctl_bad_answer(c);
	}
	out_line(c, "Mã truy cập, chỉ hiện một lần này:\n%s", token);
	if (c->json)
		out_json(c, answer, false);
	json_decref(answer);
	return CTL_OK;
}

static int
token_revoke(struct ctl *c, const struct args *a)
{
	char *path = xasprintf("/tokens/%s/revoke", args_operand(a, 0));
	json_t *answer;
	int code = ctl_post(c, path, NULL, revoke_hints, &answer);

	free(path);
	if (code != CTL_OK)
		return code;
	out_line(c, "Đã thu hồi mã truy cập.");
	return ctl_show_record(c, answer, &token_view);
}

const struct verb token_verbs[] = {
    {"new", "Tạo mã truy cập cho một hệ thống",
	"Mã có một phần quyền của bạn và hết hạn; chỉ hiện một lần.",
	new_operands, new_options, token_new},
    {"list", "Các mã truy cập", NULL, NULL, NULL, token_list},
    {"revoke", "Thu hồi một mã truy cập ngay lập tức", NULL, id_operands, NULL,
	token_revoke},
    {0},
};
