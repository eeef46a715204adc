/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What all verbs share: a request with its refusal told in plain words, lists
 * over several pages, secrets, and the words of the API in Vietnamese.
 *
 * Called by the verbs. Owns nothing. A refusal is printed once, here, and comes
 * back as an exit code.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "ctl/ctl.h"
#include "ctl/keyfile.h"
#include "ctl/shape.h"

#define PATH_MAX_BYTES 8192
#define PAGE_ROWS 500
#define ERRORS_SHOWN 50
#define ROWS_MAX 1000000 /* of one list; more is not for a terminal */

const struct word words_role[] = {
    {"admin", "quản trị (admin)", 0},
    {"drafter", "soạn tin (drafter)", 0},
    {"approver", "duyệt tin (approver)", 0},
    {"handler", "xử lý vụ việc (handler)", 0},
    {"technician", "kỹ thuật (technician)", 0},
    {"reviewer", "xem lại sổ (reviewer)", 0},
    {"setup", "cài đặt (setup)", 0},
    {0},
};

const struct word words_campaign[] = {
    {"draft", "bản nháp", STYLE_DIM},
    {"checked", "đã kiểm tra", 0},
    {"approved", "đã duyệt", STYLE_GOOD},
    {"running", "đang gửi", STYLE_WARN},
    {"paused", "tạm dừng", STYLE_WARN},
    {"done", "đã xong", STYLE_GOOD},
    {"cancelled", "đã hủy", STYLE_DIM},
    {0},
};

const struct word words_case[] = {
    {"new", "mới", STYLE_BAD},
    {"claimed", "đã nhận", STYLE_WARN},
    {"active", "đang xử lý", 0},
    {"waiting", "đang chờ", 0},
    {"referred", "chờ nơi khác nhận", STYLE_WARN},
    {"closed", "đã đóng", STYLE_DIM},
    {0},
};

const struct word words_message[] = {
    {"accepted", "đã nhận", 0},
    {"queued", "chờ gửi", 0},
    {"sending", "đang gửi", STYLE_WARN},
    {"sent", "đã gửi", 0},
    {"delivered", "đã tới", STYLE_GOOD},
    {"partly", "tới một phần", STYLE_WARN},
    {"undelivered", "không tới", STYLE_BAD},
    {"no_report", "không có báo cáo", STYLE_WARN},
    {"uncertain", "chưa rõ", STYLE_WARN},
    {"failed", "lỗi", STYLE_BAD},
    {"cancelled", "đã hủy", STYLE_DIM},
    {"expired", "quá hạn", STYLE_DIM},
    {"suppressed", "không được gửi", STYLE_DIM},
    {0},
};

const struct word words_modem[] = {
    {"absent", "không cắm", STYLE_BAD},
    {"starting", "đang khởi động", STYLE_WARN},
    {"ready", "sẵn sàng", STYLE_GOOD},
    {"busy", "đang gửi", STYLE_GOOD},
    {"killing", "đang khởi động lại", STYLE_WARN},
    {"backoff", "chờ thử lại", STYLE_WARN},
    {"held", "bị giữ", STYLE_BAD},
    {0},
};

const struct word words_alarm[] = {
    {"down", "mất kết nối", STYLE_BAD},
    {"held", "bị giữ", STYLE_BAD},
    {"pin", "cần mã PIN", STYLE_BAD},
    {"puk", "SIM bị khóa PUK", STYLE_BAD},
    {"sim_changed", "SIM bị đổi", STYLE_BAD},
    {"sim_full", "SIM đầy tin", STYLE_BAD},
    {"reserve", "sắp hết tiền, chiến dịch chờ", STYLE_WARN},
    {"undelivered", "gửi không tới", STYLE_BAD},
    {0},
};

const struct word words_lane[] = {
    {"crisis", "khẩn cấp", STYLE_BAD},
    {"case", "vụ việc", 0},
    {"reply", "trả lời", 0},
    {"campaign", "chiến dịch", 0},
    {0},
};

/* What a status means when the verb has no words of its own. */
static const struct ctl_hint general_hints[] = {
    {400, "máy chủ không hiểu yêu cầu", NULL},
    {401, "chưa đăng nhập, hoặc phiên đã hết hạn",
	"đăng nhập bằng: tincayctl login USER"},
    {403, "tài khoản này không được làm việc đó",
	"nhờ người có vai trò phù hợp, hoặc đăng nhập tài khoản khác"},
    {404, "không tìm thấy", "kiểm tra lại mã hoặc tên"},
    {405, "máy chủ không có lệnh này",
	"tincayctl và tincayd có thể khác phiên bản"},
    {409, "trạng thái hiện tại không cho phép, hoặc đã có rồi", NULL},
    {413, "dữ liệu quá lớn", "chia thành nhiều tệp nhỏ hơn"},
    {415, "máy chủ không nhận kiểu dữ liệu này",
	"tincayctl và tincayd có thể khác phiên bản"},
    {422, "nội dung không hợp lệ", "sửa rồi thử lại"},
    {429, "thử quá nhiều lần", "đợi một lát rồi thử lại"},
    {500, "máy chủ gặp lỗi", "xem nhật ký: journalctl -u tincayd"},
    {503, "máy chủ chưa ghi được xuống đĩa nên chưa nhận yêu cầu",
	"thử lại sau; nếu vẫn vậy, kiểm tra ổ đĩa của máy chủ"},
    {0},
};

/* --- refusals --- */

static void
refuse_print(const char *what, const char *detail, const char *hint)
{
	bool colour = out_has_colour(stderr);
	struct buf b;

	buf_init(&b, 16384);
	buf_printf(&b, "tincayctl: %s", out_style(colour, STYLE_BAD));
	text_safe(&b, what, TEXT_LINE);
	buf_put_str(&b, colour ? "\033[0m" : "");
	if (detail != NULL && detail[0] != '\0') {
		buf_put_str(&b, " (");
		text_safe(&b, detail, TEXT_LINE);
		buf_put_str(&b, ")");
	}
	if (hint != NULL) {
		buf_put_str(&b, "\n  Gợi ý: ");
		text_safe(&b, hint, TEXT_LINE);
	}
	fprintf(stderr, "%s\n", buf_str(&b));
	buf_clear(&b);
}

/* The problem object of what was refused on this side. */
static void
refuse_json(
    const struct ctl *c, const char *what, const char *detail, const char *hint)
{
	json_t *problem = json_pack("{s:s, s:s, s:s*, s:s*}", "type",
	    "about:blank", "title", what, "detail", detail, "hint", hint);

	if (problem != NULL)
		out_json(c, problem, false);
	json_decref(problem);
}

int
ctl_refuse(
    const struct ctl *c, const char *what, const char *detail, const char *hint)
{
	refuse_print(what, detail, hint);
	if (c->json)
		refuse_json(c, what, detail, hint);
	return CTL_REFUSED;
}

int
ctl_usage(const struct ctl *c, const char *what)
{
	(void)ctl_refuse(c, what, NULL, "tincayctl help in hướng dẫn");
	return CTL_USAGE;
}

int
ctl_bad_answer(const struct ctl *c)
{
	return ctl_refuse(c, "máy chủ trả lời không đúng dạng", NULL,
	    "tincayctl và tincayd có thể khác phiên bản");
}

static const struct ctl_hint *
hint_find(const struct ctl_hint *hints, long status)
{
	for (; hints != NULL && hints->status != 0; hints++)
		if (hints->status == status)
			return hints;
	return NULL;
}

/* What the import finds wrong, and where. */
static const struct word words_fault[] = {
    {"number", "số điện thoại", 0},
    {"consent_source", "nguồn đồng ý", 0},
    {"consent_date", "ngày đồng ý", 0},
    {"collector", "người thu", 0},
    {"hamlet", "thôn", 0},
    {"language", "ngôn ngữ", 0},
    {"kind", "nhóm", 0},
    {"wording", "mẫu phiếu", 0},
    {"minor", "vị thành niên", 0},
    {"guardian_consent", "giám hộ đồng ý", 0},
    {"missing", "còn thiếu", 0},
    {"too long", "quá dài", 0},
    {"not UTF-8: save the sheet as \"CSV UTF-8\"",
	"không phải UTF-8: trong Excel chọn Lưu thành: CSV UTF-8", 0},
    {"letters of an old font, not Unicode",
	"chữ của phông cũ, không phải Unicode", 0},
    {"a fixed line gets no texts", "số cố định không nhận được tin", 0},
    {"rounded by the spreadsheet: format the column as text",
	"Excel đã làm tròn số này: định dạng cột là Text rồi nhập lại", 0},
    {"a minor needs the guardian's consent",
	"vị thành niên cần ngày người giám hộ đồng ý", 0},
    {"not a Vietnamese mobile number", "không phải số di động Việt Nam", 0},
    {"not a date (YYYY-MM-DD)", "không phải ngày (YYYY-MM-DD, DD/MM/YYYY)", 0},
    {"unknown language (vi, bdq, jra)", "ngôn ngữ chưa có (vi, bdq, jra)", 0},
    {"column missing in the header", "thiếu cột này ở dòng đầu", 0},
    {"a quote is not closed", "dấu ngoặc kép chưa đóng", 0},
    {"the file is empty", "tệp rỗng", 0},
    {0},
};

static void
put_word(struct buf *b, const char *name)
{
	const struct word *word = out_word(words_fault, name);

	text_safe(b, word != NULL ? word->text : name, TEXT_LINE);
}

/* "errors" as a sheet for whoever repairs the file. */
static void
refuse_write_errors(const struct ctl *c, const json_t *errors)
{
	const json_t *row;
	const char *field, *reason;
	int64_t line;
	struct buf b;
	size_t i;

	buf_init(&b, 4u << 20);
	buf_put_str(&b, "\xef\xbb\xbf"
			"dòng,cột,lỗi\r\n");
	json_array_foreach(errors, i, row)
	{
		field = shape_string(row, "field");
		reason = shape_string(row, "reason");
		if (shape_int(row, "line", &line) != 0)
			line = 0;
		buf_printf(&b, "%lld,", (long long)line);
		put_word(&b, field != NULL ? field : "");
		buf_put_str(&b, ",\"");
		put_word(&b, reason != NULL ? reason : "?");
		buf_put_str(&b, "\"\r\n");
	}
	if (buf_error(&b) != 0 ||
	    file_write(c->errors_file, 0644, b.data, b.len) != 0)
		fprintf(stderr, "tincayctl: không ghi được tệp lỗi %s\n",
		    c->errors_file);
	else
		fprintf(stderr, "  Mọi lỗi: %s\n", c->errors_file);
	buf_clear(&b);
}

/* "errors": what is wrong where, one line each; not more than are read. */
static void
refuse_print_errors(const json_t *errors)
{
	const json_t *row;
	const char *field, *reason;
	int64_t line;
	struct buf b;
	size_t i;

	buf_init(&b, 1u << 20);
	json_array_foreach(errors, i, row)
	{
		if (i == ERRORS_SHOWN) {
			buf_printf(&b, "  … và %zu lỗi nữa\n",
			    json_array_size(errors) - i);
			break;
		}
		buf_put_str(&b, "  ");
		if (shape_int(row, "line", &line) == 0 && line > 0)
			buf_printf(&b, "dòng %lld: ", (long long)line);
		field = shape_string(row, "field");
		if (field != NULL && field[0] != '\0') {
			put_word(&b, field);
			buf_put_str(&b, ": ");
		}
		reason = shape_string(row, "reason");
		put_word(&b, reason != NULL ? reason : "?");
		buf_put_char(&b, '\n');
	}
	fputs(buf_str(&b), stderr);
	buf_clear(&b);
}

int
ctl_refuse_answer(const struct ctl *c, const struct client_answer *an,
    const struct ctl_hint *hints)
{
	const struct ctl_hint *hint = hint_find(hints, an->status);
	const char *detail = shape_string(an->json, "detail");
	char status[32];

	if (hint == NULL)
		hint = hint_find(general_hints, an->status);
	(void)!str_printf(status, sizeof(status), "HTTP %ld", an->status);
	if (detail == NULL)
		detail = shape_string(an->json, "title");
	if (detail == NULL)
		detail = status;
	refuse_print(hint != NULL ? hint->what : "máy chủ từ chối", detail,
	    hint != NULL ? hint->hint : NULL);
	refuse_print_errors(json_object_get(an->json, "errors"));
	if (c->errors_file != NULL &&
	    json_object_get(an->json, "errors") != NULL)
		refuse_write_errors(c, json_object_get(an->json, "errors"));
	if (c->json && an->json != NULL)
		out_json(c, an->json, false);
	else if (c->json)
		refuse_json(c, status, NULL, NULL);
	else if (c->findings != NULL &&
		 json_object_get(an->json, "findings") != NULL &&
		 out_table(c, c->findings,
		     json_object_get(an->json, "findings")) != 0)
		return ctl_bad_answer(c);
	return CTL_REFUSED;
}

static int
refuse_no_answer(const struct ctl *c, const struct client_answer *an, int rc)
{
	char *what;

	if (rc == TC_EPROTO)
		return ctl_bad_answer(c);
	if (rc == TC_EFULL)
		return ctl_refuse(
		    c, "máy chủ trả lời quá dài", an->error, NULL);
	what = xasprintf("không nối được tới %s", client_server(c->client));
	(void)ctl_refuse(c, what, an->error,
	    an->unreachable
		? "tincayd có đang chạy không, và bạn có quyền mở ổ cắm "
		  "không? Thử: systemctl status tincayd"
		: "kiểm tra tincayd và đường mạng rồi thử lại");
	free(what);
	return CTL_REFUSED;
}

/* --- requests --- */

int
ctl_call(struct ctl *c, const struct client_request *rq,
    const struct ctl_hint *hints, json_t **answer)
{
	struct client_answer an;
	int rc, code = CTL_OK;

	*answer = NULL;
	rc = client_call(c->client, rq, &an);
	if (rc != 0)
		code = refuse_no_answer(c, &an, rc);
	else if (an.status < 200 || an.status > 299)
		code = ctl_refuse_answer(c, &an, hints);
	else if (an.json == NULL && an.status != 204)
		code = ctl_bad_answer(c);
	else
		*answer = json_incref(an.json);
	client_answer_clear(&an);
	return code;
}

int
ctl_get(struct ctl *c, const char *path, json_t **answer)
{
	struct client_request rq = {.method = "GET", .path = path};

	return ctl_call(c, &rq, NULL, answer);
}

int
ctl_post(struct ctl *c, const char *path, const json_t *body,
    const struct ctl_hint *hints, json_t **answer)
{
	json_t *empty = json_object();
	struct client_request rq = {.method = "POST",
	    .path = path,
	    .body = body != NULL ? body : empty};
	int code = ctl_call(c, &rq, hints, answer);

	json_decref(empty);
	return code;
}

int
ctl_put(struct ctl *c, const char *path, const json_t *body,
    const struct ctl_hint *hints, json_t **answer)
{
	struct client_request rq = {
	    .method = "PUT", .path = path, .body = body};

	return ctl_call(c, &rq, hints, answer);
}

/* One page; its rows go to the end of rows, the next cursor to *next (a new
 * string, NULL: none). */
static int
pages_get_one(
    struct ctl *c, const struct ctl_pages *p, json_t *rows, char **next)
{
	char limit[24], *after = *next;
	json_t *answer = NULL, *page, *cursor;
	int64_t left = p->limit > 0 ? p->limit : ROWS_MAX;
	struct buf path;
	int code;

	left -= (int64_t)json_array_size(rows);
	(void)!str_printf(limit, sizeof(limit), "%lld",
	    (long long)(left < PAGE_ROWS ? left : PAGE_ROWS));
	buf_init(&path, PATH_MAX_BYTES);
	buf_put_str(&path, p->path);
	client_path_add(&path, "limit", limit);
	client_path_add(&path, p->cursor, after);
	*next = NULL;
	code = ctl_get(c, buf_str(&path), &answer);
	buf_clear(&path);
	page = json_object_get(answer, p->key);
	cursor = json_object_get(answer, "next");
	if (code == CTL_OK &&
	    (!json_is_array(page) || json_array_extend(rows, page) != 0 ||
		(cursor != NULL && !json_is_null(cursor) &&
		    !json_is_string(cursor))))
		code = ctl_bad_answer(c);
	/* A cursor that does not move would never end. */
	if (code == CTL_OK && json_array_size(page) > 0 &&
	    json_is_string(cursor) &&
	    (after == NULL || strcmp(after, json_string_value(cursor)) != 0))
		*next = xstrdup(json_string_value(cursor));
	json_decref(answer);
	free(after);
	return code;
}

static int
pages_get_all(struct ctl *c, const struct ctl_pages *p, json_t **answer)
{
	json_t *rows = json_array();
	size_t max = p->limit > 0 ? (size_t)p->limit : ROWS_MAX;
	char *next = p->start != NULL ? xstrdup(p->start) : NULL;
	int code;

	do
		code = pages_get_one(c, p, rows, &next);
	while (code == CTL_OK && next != NULL && json_array_size(rows) < max);
	/* What is left tells a machine where to go on. */
	*answer = code == CTL_OK
		      ? json_pack("{s:O, s:s?}", p->key, rows, "next", next)
		      : NULL;
	json_decref(rows);
	free(next);
	return code;
}

/* --- answers --- */

int
ctl_show_list(
    struct ctl *c, json_t *answer, const char *key, const struct view *v)
{
	int code = CTL_OK;

	if (!json_is_array(json_object_get(answer, key)))
		code = ctl_bad_answer(c);
	else if (c->json)
		out_json(c, answer, false);
	else if (out_table(c, v, json_object_get(answer, key)) != 0)
		code = ctl_bad_answer(c);
	json_decref(answer);
	return code;
}

int
ctl_show_record(struct ctl *c, json_t *answer, const struct view *v)
{
	int code = CTL_OK;

	if (answer == NULL)
		code = ctl_bad_answer(c);
	else if (c->json)
		out_json(c, answer, false);
	else if (out_record(c, v, answer) != 0)
		code = ctl_bad_answer(c);
	json_decref(answer);
	return code;
}

int
ctl_show_table(struct ctl *c, const json_t *rows, const struct view *v)
{
	if (c->json || rows == NULL)
		return CTL_OK;
	putchar('\n');
	return out_table(c, v, rows) == 0 ? CTL_OK : ctl_bad_answer(c);
}

int
ctl_list(struct ctl *c, const char *path, const char *key, const struct view *v)
{
	json_t *answer;
	int code = ctl_get(c, path, &answer);

	return code == CTL_OK ? ctl_show_list(c, answer, key, v) : code;
}

int
ctl_list_pages(struct ctl *c, const struct ctl_pages *p, const char *limit,
    const struct view *v)
{
	struct ctl_pages pages = *p;
	json_t *answer;
	int code;

	if (limit != NULL &&
	    str_to_int64(limit, 1, INT32_MAX, &pages.limit) != 0)
		return CTL_USAGE;
	code = pages_get_all(c, &pages, &answer);
	return code == CTL_OK ? ctl_show_list(c, answer, p->key, v) : code;
}

char *
ctl_agency(struct ctl *c, const char *given)
{
	const char *agency;
	char *code = NULL;
	json_t *answer;

	if (given != NULL)
		return check_upper(given);
	if (ctl_get(c, "/session", &answer) != CTL_OK)
		return NULL;
	agency = shape_string(answer, "agency");
	if (agency != NULL && check_agency.ok(agency))
		code = xstrdup(agency);
	else
		(void)ctl_refuse(c, "tài khoản này không thuộc cơ quan nào",
		    NULL, "ghi rõ mã cơ quan, ví dụ HPN");
	json_decref(answer);
	return code;
}

/* --- secrets --- */

static const struct {
	int err;
	const char *what;
} secret_faults[] = {
    {TC_ENOENT, "không có tệp, hoặc không có màn hình để hỏi"},
    {TC_EDENIED, "tệp phải là của bạn và chỉ mình bạn đọc được "
		 "(chmod 600)"},
    {TC_EINVAL, "rỗng, quá dài, hoặc hai lần gõ khác nhau"},
    {TC_EIO, "không đọc được"},
};

int
ctl_secret(const struct ctl *c, const char *file, const char *prompt,
    bool confirm, char *out)
{
	const char *what = "không đọc được";
	char *subject;
	size_t i;
	int rc;

	rc = file != NULL ? passphrase_read(file, out)
			  : passphrase_ask(prompt, confirm, out);
	if (rc == 0)
		return CTL_OK;
	for (i = 0; i < TC_NELEM(secret_faults); i++)
		if (secret_faults[i].err == rc)
			what = secret_faults[i].what;
	subject = xasprintf("%s: %s", file != NULL ? file : "mật khẩu", what);
	(void)ctl_refuse(c, subject, NULL,
	    "dùng --password-file hoặc --passphrase-file khi không có màn "
	    "hình");
	free(subject);
	return CTL_REFUSED;
}
