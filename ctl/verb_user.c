/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * user and agency: who may do what, and which offices there are.
 *
 * Owns nothing but a new password while it is sent, which it wipes.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "ctl/ctl.h"
#include "ctl/keyfile.h"

static const struct column user_columns[] = {
    {"name", "Tài khoản", CELL_TEXT, NULL, false},
    {"agency", "Cơ quan", CELL_TEXT, NULL, true},
    {"roles", "Vai trò", CELL_WORDS, words_role, false},
    {"created_at", "Tạo lúc", CELL_TIME, NULL, true},
    {"revoked_at", "Thu hồi lúc", CELL_TIME, NULL, true},
};
static const struct view user_view = {user_columns, TC_NELEM(user_columns),
    "Chưa có tài khoản nào; tạo bằng: tincayctl user add."};

static int
user_list(struct ctl *c, const struct args *a)
{
	(void)a;
	return ctl_list(c, "/users", "users", &user_view);
}

/* --- add --- */

static const struct operand user_operands[] = {
    {"NAME", &check_user, false},
    {0},
};
static const struct option_row user_add_options[] = {
    {"agency", "A", .help = "mã cơ quan", .check = &check_agency,
	.required = true},
    {"role", "R[,R]", .help = "vai trò, cách nhau bằng dấu phẩy",
	.check = &check_roles, .required = true},
    {"password-file", "FILE", .help = "đọc mật khẩu từ dòng đầu của tệp",
	.check = &check_path},
    {0},
};
static const struct ctl_hint user_add_hints[] = {
    {409, "đã có tài khoản tên này", "chọn tên khác"},
    {0},
};

static json_t *
user_body(const struct args *a, const char *password)
{
	char role[CHECK_ROLE_SIZE], *agency;
	json_t *roles = json_array(), *body;
	size_t n;

	for (n = 0; check_role_at(args_get(a, "role"), n, role); n++)
		(void)json_array_append_new(roles, json_string(role));
	agency = check_upper(args_get(a, "agency"));
	body = json_pack("{s:s, s:s, s:o, s:s}", "name", args_operand(a, 0),
	    "agency", agency, "roles", roles, "password", password);
	free(agency);
	return body;
}

static int
user_add(struct ctl *c, const struct args *a)
{
	char password[PASSPHRASE_SIZE];
	json_t *body, *answer;
	int code;

	code = ctl_secret(c, args_get(a, "password-file"),
	    "Mật khẩu của tài khoản mới: ", true, password);
	if (code != CTL_OK)
		return code;
	if (strlen(password) < CHECK_PASSWORD_MIN) {
		keyfile_wipe(password, sizeof(password));
		return ctl_refuse(
		    c, "mật khẩu quá ngắn", NULL, "dùng ít nhất 10 ký tự");
	}
	body = user_body(a, password);
	keyfile_wipe(password, sizeof(password));
	if (body == NULL)
		return ctl_refuse(c, "mật khẩu không phải UTF-8", NULL, NULL);
	code = ctl_post(c, "/users", body, user_add_hints, &answer);
	json_decref(body);
	if (code != CTL_OK)
		return code;
	out_line(c, "Đã tạo tài khoản %s.", args_operand(a, 0));
	if (c->json)
		out_json(c, answer, false);
	json_decref(answer);
	return CTL_OK;
}

static const struct ctl_hint user_revoke_hints[] = {
    {404, "không có tài khoản này", "xem: tincayctl user list"},
    {0},
};

static int
user_revoke(struct ctl *c, const struct args *a)
{
	char *path = xasprintf("/users/%s/revoke", args_operand(a, 0));
	json_t *answer;
	int code = ctl_post(c, path, NULL, user_revoke_hints, &answer);

	free(path);
	if (code != CTL_OK)
		return code;
	out_line(c,
	    "Đã thu hồi tài khoản %s; các phiên của tài khoản này đã "
	    "kết thúc.",
	    args_operand(a, 0));
	if (c->json && answer != NULL)
		out_json(c, answer, false);
	json_decref(answer);
	return CTL_OK;
}

static const struct operand user_number_operands[] = {
    {"NAME", &check_user, false},
    {"NUMBER", &check_number, false},
    {0},
};
static const struct option_row user_number_options[] = {
    {"remove", NULL, .help = "bỏ số này ra"},
    {0},
};

static int
user_number(struct ctl *c, const struct args *a)
{
	bool is_removed = args_get(a, "remove") != NULL;
	char *path = xasprintf("/users/%s/numbers", args_operand(a, 0));
	json_t *answer, *body;
	int code;

	body = json_pack("{s:s, s:b}", "number", args_operand(a, 1), "remove",
	    (int)is_removed);
	code = ctl_post(c, path, body, user_revoke_hints, &answer);
	json_decref(body);
	free(path);
	if (code != CTL_OK)
		return code;
	out_line(c,
	    is_removed ? "Đã bỏ số này khỏi tài khoản %s."
		       : "Tin từ số này sẽ không đến cơ quan của %s.",
	    args_operand(a, 0));
	if (c->json && answer != NULL)
		out_json(c, answer, false);
	json_decref(answer);
	return CTL_OK;
}

static const struct operand user_phone_operands[] = {
    {"NAME", &check_user, false},
    {"NUMBER", &check_number, true},
    {0},
};
static const struct option_row user_phone_options[] = {
    {"remove", NULL, .help = "không báo bằng tin nhắn nữa"},
    {0},
};

static int
user_phone(struct ctl *c, const struct args *a)
{
	const char *number = args_operand(a, 1);
	bool is_removed = args_get(a, "remove") != NULL;
	char *path;
	json_t *answer, *body;
	int code;

	if ((number != NULL) == is_removed)
		return ctl_usage(c, "cần NUMBER hoặc --remove, một trong hai");
	path = xasprintf("/users/%s/phone", args_operand(a, 0));
	body = json_object();
	if (number != NULL)
		json_object_set_new(body, "number", json_string(number));
	code = ctl_put(c, path, body, user_revoke_hints, &answer);
	json_decref(body);
	free(path);
	if (code != CTL_OK)
		return code;
	out_line(c,
	    is_removed ? "Tài khoản %s không còn được báo bằng tin nhắn."
		       : "Tài khoản %s được báo bằng tin nhắn.",
	    args_operand(a, 0));
	if (c->json && answer != NULL)
		out_json(c, answer, false);
	json_decref(answer);
	return CTL_OK;
}

const struct verb user_verbs[] = {
    {"add", "Tạo tài khoản",
	"Mật khẩu được hỏi trên màn hình, hoặc đọc từ tệp; không bao giờ "
	"ghi trên dòng lệnh.",
	user_operands, user_add_options, user_add},
    {"list", "Các tài khoản", NULL, NULL, NULL, user_list},
    {"number", "Số điện thoại của cán bộ và người nhà",
	"Tin và cuộc gọi từ các số này đi thẳng đến cơ quan thứ hai; cơ quan "
	"của cán bộ không thấy vụ việc. Số không xem lại được.",
	user_number_operands, user_number_options, user_number},
    {"phone", "Số điện thoại để báo khi trực",
	"Số không xem lại được. Tin từ số này không đến cơ quan của cán bộ.",
	user_phone_operands, user_phone_options, user_phone},
    {"revoke", "Thu hồi tài khoản ngay lập tức", NULL, user_operands, NULL,
	user_revoke},
    {0},
};

/* --- agency --- */

static const struct column agency_columns[] = {
    {"code", "Mã", CELL_TEXT, NULL, false},
    {"name", "Cơ quan", CELL_TEXT, NULL, true},
    {"key_set_at", "Có khóa từ", CELL_TIME, NULL, true},
};
static const struct view agency_view = {agency_columns,
    TC_NELEM(agency_columns), "Chưa khai báo cơ quan nào trong commune.conf."};

static int
agency_list(struct ctl *c, const struct args *a)
{
	(void)a;
	return ctl_list(c, "/agencies", "agencies", &agency_view);
}

const struct verb agency_verbs[] = {
    {"list", "Các cơ quan nhận vụ việc", NULL, NULL, NULL, agency_list},
    {0},
};
