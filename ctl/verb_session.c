/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * login, logout, status, intent try.
 *
 * Owns nothing but the password while it is sent, which it wipes. The token
 * goes to the token file and is never shown.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "ctl/ctl.h"
#include "ctl/keyfile.h"
#include "ctl/shape.h"
#include "ctl/token.h"

/* --- login --- */

static const struct operand login_operands[] = {
    {"USER", &check_user, false}, {0}};
static const struct option_row login_options[] = {
    {"password-file", "FILE", .help = "đọc mật khẩu từ dòng đầu của tệp",
	.check = &check_path},
    {0},
};
static const struct ctl_hint login_hints[] = {
    {401, "sai tên hoặc mật khẩu, hoặc tài khoản đã bị thu hồi",
	"hỏi người quản trị nếu quên mật khẩu"},
    {429, "sai mật khẩu quá nhiều lần", "đợi một lát rồi thử lại"},
    {0},
};
static const struct column login_columns[] = {
    {"user", "Tài khoản", CELL_TEXT, NULL, false},
    {"agency", "Cơ quan", CELL_TEXT, NULL, true},
    {"roles", "Vai trò", CELL_WORDS, words_role, false},
    {"expires_at", "Hết hạn", CELL_TIME, NULL, false},
};
static const struct view login_view = {
    login_columns, TC_NELEM(login_columns), NULL};

static int
login_ask(struct ctl *c, const struct args *a, json_t **answer)
{
	struct client_request rq = {.method = "POST", .path = "/session"};
	char password[PASSPHRASE_SIZE];
	json_t *body;
	int code;

	code = ctl_secret(
	    c, args_get(a, "password-file"), "Mật khẩu: ", false, password);
	if (code != CTL_OK)
		return code;
	body = json_pack(
	    "{s:s, s:s}", "user", args_operand(a, 0), "password", password);
	keyfile_wipe(password, sizeof(password));
	if (body == NULL)
		return ctl_refuse(c, "mật khẩu không phải UTF-8", NULL, NULL);
	/* An older token has no part in this. */
	client_set_token(c->client, NULL);
	rq.body = body;
	code = ctl_call(c, &rq, login_hints, answer);
	json_decref(body);
	return code;
}

static int
login_keep(struct ctl *c, json_t *answer)
{
	const char *token = shape_string(answer, "token");
	char *what;
	int rc;

	if (token == NULL || !token_is_valid(token))
		return ctl_bad_answer(c);
	rc = token_save(c->token_path, client_server(c->client), token);
	if (rc == 0) {
		(void)json_object_del(answer, "token");
		return CTL_OK;
	}
	what = xasprintf("không ghi được tệp phiên %s", c->token_path);
	(void)ctl_refuse(c, what, tc_strerror(rc),
	    "kiểm tra quyền của thư mục, hoặc dùng --token-file");
	free(what);
	return CTL_REFUSED;
}

static int
login_run(struct ctl *c, const struct args *a)
{
	json_t *answer;
	int code;

	if (c->token_path == NULL)
		return ctl_refuse(c, "không biết giữ phiên ở đâu", NULL,
		    "dùng --token-file FILE");
	code = login_ask(c, a, &answer);
	if (code != CTL_OK)
		return code;
	code = login_keep(c, answer);
	if (code != CTL_OK) {
		json_decref(answer);
		return code;
	}
	out_line(c, "Đã đăng nhập.");
	return ctl_show_record(c, answer, &login_view);
}

const struct verb login_verbs[] = {
    {NULL, "Đăng nhập và giữ phiên trong tệp của bạn", NULL, login_operands,
	login_options, login_run},
    {0},
};

/* --- logout --- */

static int
logout_run(struct ctl *c, const struct args *a)
{
	struct client_request rq = {.method = "DELETE", .path = "/session"};
	struct client_answer an;
	int rc, code = CTL_OK;

	(void)a;
	/* The token goes from this side whatever the server says. */
	rc = client_call(c->client, &rq, &an);
	if (rc == 0 && an.status != 401 && (an.status < 200 || an.status > 299))
		code = ctl_refuse_answer(c, &an, NULL);
	client_answer_clear(&an);
	if (c->token_path != NULL &&
	    token_forget(c->token_path, client_server(c->client)) != 0)
		return ctl_refuse(c, "không xóa được phiên khỏi tệp",
		    c->token_path, "xóa tệp này bằng tay");
	if (rc != 0)
		return ctl_refuse(c,
		    "đã xóa phiên ở máy này, nhưng không báo được cho máy chủ",
		    tc_strerror(rc), "phiên tự hết hạn sau 12 giờ");
	out_line(c, "Đã đăng xuất.");
	return code;
}

const struct verb logout_verbs[] = {
    {NULL, "Kết thúc phiên và xóa nó khỏi tệp", NULL, NULL, NULL, logout_run},
    {0},
};

/* --- status --- */

static const struct word words_state[] = {
    {"running", "đang chạy", STYLE_GOOD},
    {"setup", "chưa cài đặt xong", STYLE_BAD},
    {"locked", "ĐANG KHÓA, không gửi gì: tincayctl unlock", STYLE_BAD},
    {0},
};
static const struct column status_columns[] = {
    {"version", "Phiên bản", CELL_TEXT, NULL, false},
    {"state", "Trạng thái", CELL_WORD, words_state, false},
    {"missing", "Còn thiếu", CELL_WORDS, NULL, true},
    {"locked.waiting", "Tin chờ mở khóa", CELL_INT, NULL, true},
    {"locked.oldest_at", "Tin đầu đến lúc", CELL_TIME, NULL, true},
    {"locked.spoilt", "Tin không nhận được", CELL_INT, NULL, true},
    {"uptime_s", "Đã chạy", CELL_SPAN, NULL, false},
    {"clock_trusted", "Đồng hồ tin được", CELL_YESNO, NULL, false},
    {"flood.is_on", "Đang dồn tin", CELL_YESNO, NULL, true},
    {"flood.texts_last_minute", "Tin và cuộc gọi phút qua", CELL_INT, NULL,
	true},
    {"modems.ready", "Modem sẵn sàng", CELL_INT, NULL, false},
    {"modems.total", "Modem tất cả", CELL_INT, NULL, false},
    {"failed_commits", "Lần ghi đĩa hỏng", CELL_INT, NULL, true},
};
static const struct view status_view = {
    status_columns, TC_NELEM(status_columns), NULL};

static const struct column queue_columns[] = {
    {"lane", "Chờ gửi", CELL_WORD, words_lane, false},
    {"waiting", "Tin", CELL_INT, NULL, false},
    {"oldest_s", "Tin đầu đã chờ", CELL_SPAN, NULL, true},
};
static const struct view queue_view = {
    queue_columns, TC_NELEM(queue_columns), NULL};

static const struct column alarm_columns[] = {
    {"modem", "Modem", CELL_TEXT, NULL, false},
    {"kind", "Báo động", CELL_WORD, words_alarm, false},
    {"since", "Từ lúc", CELL_TIME, NULL, true},
    {"told_at", "Đã nhắn kỹ thuật lúc", CELL_TIME, NULL, true},
};
static const struct view alarm_view = {
    alarm_columns, TC_NELEM(alarm_columns), "Không có báo động."};

/* {"crisis": 1, ...} twice, as rows. */
static json_t *
status_queue(const json_t *answer)
{
	static const char *const lanes[] = {
	    "crisis", "case", "reply", "campaign"};
	const json_t *queue = json_object_get(answer, "queue");
	const json_t *age = json_object_get(answer, "queue_age_s");
	json_t *rows = json_array(), *row, *value;
	size_t i;

	for (i = 0; i < TC_NELEM(lanes); i++) {
		row = json_pack("{s:s}", "lane", lanes[i]);
		value = json_object_get(queue, lanes[i]);
		json_object_set(row, "waiting", value);
		if (json_integer_value(value) > 0)
			json_object_set(
			    row, "oldest_s", json_object_get(age, lanes[i]));
		json_array_append_new(rows, row);
	}
	return rows;
}

/* {"HPN":[u0..u4]}: the open cases of the handler's own agency. */
static void
status_print_cases(json_t *cases)
{
	const json_t *counts, *count;
	const char *agency;
	struct buf b;
	size_t i;

	buf_init(&b, 4096);
	json_object_foreach(cases, agency, counts)
	{
		buf_put_str(&b, "\nVụ việc đang mở, ");
		text_safe(&b, agency, TEXT_LINE);
		buf_put_char(&b, ':');
		json_array_foreach(counts, i, count)
		{
			buf_printf(&b, "  U%zu: %lld", i,
			    (long long)json_integer_value(count));
		}
		buf_put_char(&b, '\n');
	}
	fputs(buf_str(&b), stdout);
	buf_clear(&b);
}

static void
status_print_end(const struct ctl *c, const json_t *answer)
{
	status_print_cases(json_object_get(answer, "cases"));
	if (json_array_size(json_object_get(answer, "missing")) > 0)
		out_line(c, "\nĐể cài đặt xong: tincayctl key new AGENCY cho "
			    "từng khóa còn thiếu.");
}

static int
status_run(struct ctl *c, const struct args *a)
{
	json_t *answer, *queue;
	int code = ctl_get(c, "/status", &answer);

	(void)a;
	if (code != CTL_OK)
		return code;
	if (c->json) {
		out_json(c, answer, false);
		json_decref(answer);
		return CTL_OK;
	}
	queue = status_queue(answer);
	code = out_record(c, &status_view, answer) == 0 ? CTL_OK
							: ctl_bad_answer(c);
	if (code == CTL_OK)
		code = ctl_show_table(c, queue, &queue_view);
	if (code == CTL_OK)
		code = ctl_show_table(
		    c, json_object_get(answer, "modem_list"), &modem_list_view);
	if (code == CTL_OK)
		code = ctl_show_table(
		    c, json_object_get(answer, "alarms"), &alarm_view);
	if (code == CTL_OK)
		status_print_end(c, answer);
	json_decref(queue);
	json_decref(answer);
	return code;
}

const struct verb status_verbs[] = {
    {NULL, "Máy chủ, modem và hàng đợi", NULL, NULL, NULL, status_run},
    {0},
};

/* --- intent try --- */

static const struct operand intent_operands[] = {
    {"TEXT", &check_line, false},
    {0},
};
static const struct column intent_columns[] = {
    {"folded", "Máy đọc thành", CELL_TEXT, NULL, false},
    {"rule", "Theo luật", CELL_TEXT, NULL, true},
    {"keyword", "Từ khóa", CELL_TEXT, NULL, true},
    {"intent", "Ý định", CELL_TEXT, NULL, true},
    {"argument", "Kèm theo", CELL_TEXT, NULL, true},
    {"danger", "Nguy hiểm", CELL_YESNO, NULL, true},
    {"agencies", "Gửi tới", CELL_WORDS, NULL, true},
    {"reply_id", "Mẫu trả lời", CELL_TEXT, NULL, true},
    {"reply", "Nội dung trả lời", CELL_TEXT, NULL, true},
    {"coding", "Bảng mã", CELL_TEXT, NULL, true},
    {"units", "Độ dài", CELL_INT, NULL, true},
    {"segments", "Số phần tin", CELL_INT, NULL, true},
};
static const struct view intent_view = {
    intent_columns, TC_NELEM(intent_columns), NULL};

static int
intent_try(struct ctl *c, const struct args *a)
{
	json_t *body = json_pack("{s:s}", "text", args_operand(a, 0)), *answer;
	int code = ctl_post(c, "/intents/try", body, NULL, &answer);

	json_decref(body);
	return code == CTL_OK ? ctl_show_record(c, answer, &intent_view) : code;
}

const struct verb intent_verbs[] = {
    {"try", "Thử xem máy hiểu một tin nhắn thế nào; không gửi gì",
	"Ví dụ: tincayctl intent try \"giup toi\"", intent_operands, NULL,
	intent_try},
    {0},
};
