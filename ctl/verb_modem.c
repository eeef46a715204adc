/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * modem: the SIMs and sticks, and what a technician does with them: hold, let
 * go on, test, dial USSD codes.
 *
 * Owns nothing. What the network says by USSD is shown and kept nowhere.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ctl/ctl.h"
#include "ctl/shape.h"

#define WAIT_S 60 /* as the API waits for a modem */
#define PATH_BYTES 256
#define TEXT_BYTES 4096

static const struct column list_columns[] = {
    {"name", "Modem", CELL_TEXT, NULL, false},
    {"state", "Trạng thái", CELL_WORD, words_modem, false},
    {"alarms", "Báo động", CELL_WORDS, words_alarm, true},
    {"operator", "Mạng", CELL_TEXT, NULL, true},
    {"number", "Số", CELL_TEXT, NULL, true},
    {"signal_percent", "Sóng", CELL_PERCENT, NULL, true},
    {"credit", "Số dư (đ)", CELL_INT, NULL, true},
    {"sim_used", "SIM", CELL_INT, NULL, true},
    {"sim_size", "trên", CELL_INT, NULL, true},
    {"quota.day.used", "24 giờ", CELL_INT, NULL, true},
    {"quota.day.limit", "hạn mức", CELL_INT, NULL, true},
    {"sent", "Đã gửi", CELL_INT, NULL, true},
    {"failed", "Lỗi", CELL_INT, NULL, true},
    {"uncertain", "Chưa rõ", CELL_INT, NULL, true},
    {"received", "Đã nhận", CELL_INT, NULL, true},
    {"restarts", "Chạy lại", CELL_INT, NULL, true},
};
const struct view modem_list_view = {list_columns, TC_NELEM(list_columns),
    "Chưa khai báo modem nào trong tincay.conf."};

static const struct word words_registration[] = {
    {"unknown", "chưa rõ", 0},
    {"none", "không vào mạng nào", STYLE_BAD},
    {"home", "mạng nhà", STYLE_GOOD},
    {"roaming", "chuyển vùng", STYLE_WARN},
    {"searching", "đang tìm mạng", STYLE_WARN},
    {"denied", "bị từ chối", STYLE_BAD},
    {0},
};
static const struct column show_columns[] = {
    {"name", "Modem", CELL_TEXT, NULL, false},
    {"state", "Trạng thái", CELL_WORD, words_modem, false},
    {"reason", "Lý do", CELL_TEXT, NULL, true},
    {"alarms", "Báo động", CELL_WORDS, words_alarm, true},
    {"device", "Thiết bị", CELL_TEXT, NULL, true},
    {"model", "Kiểu máy", CELL_TEXT, NULL, true},
    {"imei_tail", "IMEI, bốn số cuối", CELL_TEXT, NULL, true},
    {"imsi_tail", "IMSI, bốn số cuối", CELL_TEXT, NULL, true},
    {"number", "Số", CELL_TEXT, NULL, true},
    {"operator", "Mạng khai báo", CELL_TEXT, NULL, true},
    {"network", "Mạng đang dùng", CELL_TEXT, NULL, true},
    {"registration", "Vào mạng", CELL_WORD, words_registration, true},
    {"signal_percent", "Sóng", CELL_PERCENT, NULL, true},
    {"credit", "Số dư (đồng)", CELL_INT, NULL, true},
    {"credit_at", "Hỏi số dư lúc", CELL_TIME, NULL, true},
    {"credit_low", "Dưới mức dự trữ", CELL_YESNO, NULL, true},
    {"sim_used", "Tin trong SIM", CELL_INT, NULL, true},
    {"sim_size", "SIM chứa được", CELL_INT, NULL, true},
    {"sent", "Đã gửi", CELL_INT, NULL, true},
    {"failed", "Lỗi", CELL_INT, NULL, true},
    {"uncertain", "Chưa rõ", CELL_INT, NULL, true},
    {"received", "Đã nhận", CELL_INT, NULL, true},
    {"restarts", "Chạy lại", CELL_INT, NULL, true},
    {"last_error", "Lỗi gần nhất", CELL_TEXT, NULL, true},
    {"last_error_at", "Lúc", CELL_TIME, NULL, true},
};
static const struct view show_view = {
    show_columns, TC_NELEM(show_columns), NULL};

static const struct word words_span[] = {
    {"minute", "một phút", 0},
    {"hour", "một giờ", 0},
    {"day", "24 giờ", 0},
    {0},
};
static const struct column quota_columns[] = {
    {"span", "Trong", CELL_WORD, words_span, false},
    {"used", "Đã gửi", CELL_INT, NULL, false},
    {"limit", "Hạn mức", CELL_INT, NULL, true},
    {"campaign_used", "Chiến dịch", CELL_INT, NULL, false},
    {"campaign_limit", "Phần của chiến dịch", CELL_INT, NULL, true},
};
static const struct view quota_view = {
    quota_columns, TC_NELEM(quota_columns), NULL};

static const struct operand name_operands[] = {
    {"NAME", &check_modem, OPERAND_ONCE},
    {0},
};

static const struct ctl_hint modem_hints[] = {
    {404, "không có modem này", "xem tên bằng: tincayctl modem list"},
    {0},
};

/* "/modems/NAME/what"; what may be NULL. */
static char *
modem_path(const char *name, const char *what)
{
	return what == NULL ? xasprintf("/modems/%s", name)
			    : xasprintf("/modems/%s/%s", name, what);
}

/* POST once, and wait as long as the server does: what a modem was asked to do
 * is not done again by itself. */
static int
modem_post(struct ctl *c, const char *path, const json_t *body, json_t **answer)
{
	const struct client_request rq = {.method = "POST",
	    .path = path,
	    .body = body,
	    .wait_s = WAIT_S,
	    .once = true};

	return ctl_call(c, &rq, modem_hints, answer);
}

/* --- list, show, hold, resume --- */

static int
modem_list(struct ctl *c, const struct args *a)
{
	(void)a;
	return ctl_list(c, "/modems", "modems", &modem_list_view);
}

static int
modem_get(struct ctl *c, const char *name, json_t **answer)
{
	char *path = modem_path(name, NULL);
	const struct client_request rq = {.method = "GET", .path = path};
	int code;

	code = ctl_call(c, &rq, modem_hints, answer);
	free(path);
	return code;
}

/* {"minute": {...}, ...} as rows; none of a server that does not tell. */
static json_t *
modem_quotas(const json_t *modem)
{
	static const char *const spans[] = {"minute", "hour", "day"};
	json_t *rows = json_array(), *row;
	size_t i;

	for (i = 0; i < TC_NELEM(spans); i++) {
		row = json_copy(
		    json_object_get(json_object_get(modem, "quota"), spans[i]));
		if (row == NULL)
			continue;
		json_object_set_new(row, "span", json_string(spans[i]));
		json_array_append_new(rows, row);
	}
	return rows;
}

static int
modem_show(struct ctl *c, const struct args *a)
{
	json_t *answer, *quotas;
	int code = modem_get(c, args_operand(a, 0), &answer);

	if (code != CTL_OK)
		return code;
	quotas = modem_quotas(answer);
	code = ctl_show_record(c, answer, &show_view);
	if (code == CTL_OK && json_array_size(quotas) > 0)
		code = ctl_show_table(c, quotas, &quota_view);
	json_decref(quotas);
	return code;
}

static int
modem_act(struct ctl *c, const struct args *a, const char *act,
    const struct ctl_hint *hints, const char *done)
{
	char *path = modem_path(args_operand(a, 0), act);
	json_t *answer;
	int code;

	code = ctl_post(c, path, NULL, hints, &answer);
	free(path);
	json_decref(answer);
	if (code == CTL_OK)
		out_line(c, "%s", done);
	return code;
}

static int
modem_hold(struct ctl *c, const struct args *a)
{
	static const struct ctl_hint hints[] = {
	    {404, "không có modem này", NULL},
	    {409, "modem đang được giữ rồi", NULL},
	    {0},
	};

	return modem_act(c, a, "hold", hints,
	    "Đã giữ modem; nó không gửi và không nhận cho tới khi: tincayctl "
	    "modem resume.");
}

static int
modem_resume(struct ctl *c, const struct args *a)
{
	static const struct ctl_hint hints[] = {
	    {404, "không có modem này", NULL},
	    {409, "modem không bị giữ", NULL},
	    {0},
	};

	return modem_act(
	    c, a, "resume", hints, "Modem khởi động lại và làm việc tiếp.");
}

/* --- ussd --- */

static const struct word words_ussd[] = {
    {"terminated", "mạng đã kết thúc phiên", 0},
    {"other", "thiết bị khác đã trả lời", 0},
    {"unsupported", "mạng hoặc modem không hỗ trợ mã này", 0},
    {"timeout", "mạng không trả lời", 0},
    {"failed", "modem từ chối lệnh", 0},
    {0},
};

/* One step: dial, or answer the menu. The network's words and the state of the
 * session go to *step. */
static int
ussd_step(struct ctl *c, const char *path, const char *field, const char *text,
    json_t **step)
{
	json_t *body = json_pack("{s:s}", field, text), *answer;
	int code;

	*step = NULL;
	code = modem_post(c, path, body, &answer);
	json_decref(body);
	if (code != CTL_OK)
		return code;
	if (shape_string(answer, "status") == NULL ||
	    shape_string(answer, "text") == NULL) {
		json_decref(answer);
		return ctl_bad_answer(c);
	}
	json_object_set_new(answer, "sent", json_string(text));
	*step = answer;
	return CTL_OK;
}

static void
ussd_print(const struct ctl *c, const json_t *step)
{
	struct buf b;

	buf_init(&b, 8 * TEXT_BYTES);
	text_safe(&b, shape_string(step, "text"), TEXT_BLOCK);
	if (b.len > 0)
		out_line(c, "%s", buf_str(&b));
	buf_clear(&b);
}

/* What a person types as the next answer; false: he wants no more. */
static bool
ussd_ask(const struct ctl *c, char *out, size_t size)
{
	size_t len;

	if (c->json || isatty(STDIN_FILENO) != 1)
		return false;
	printf("Trả lời (bỏ trống: thôi): ");
	fflush(stdout);
	if (fgets(out, (int)size, stdin) == NULL)
		return false;
	len = strcspn(out, "\n");
	out[len] = '\0';
	return len > 0;
}

static int
ussd_end(struct ctl *c, const char *status, bool is_answered)
{
	const struct word *word = out_word(words_ussd, status);

	if (word != NULL)
		return ctl_refuse(c, word->text, NULL, NULL);
	if (!is_answered)
		return ctl_refuse(c,
		    "phiên đã kết thúc trước khi dùng hết các câu trả lời",
		    NULL, NULL);
	if (strcmp(status, "menu") == 0)
		out_line(c, "(Mạng còn chờ trả lời; phiên sẽ tự kết thúc.)");
	return CTL_OK;
}

/* The session from the first dial on; its steps go to steps. */
static int
ussd_run(struct ctl *c, const struct args *a, json_t *steps)
{
	char *path = modem_path(args_operand(a, 0), "ussd"), typed[64];
	const char *text = args_operand(a, 1), *status;
	size_t i = 2;
	json_t *step;
	int code;

	for (;;) {
		code =
		    ussd_step(c, path, i == 2 ? "code" : "answer", text, &step);
		if (code != CTL_OK)
			break;
		json_array_append_new(steps, step);
		ussd_print(c, step);
		status = shape_string(step, "status");
		text = args_operand(a, i);
		if (strcmp(status, "menu") == 0 && text == NULL &&
		    ussd_ask(c, typed, sizeof(typed)))
			text = typed;
		if (strcmp(status, "menu") != 0 || text == NULL) {
			code = ussd_end(c, status, args_operand(a, i) == NULL);
			break;
		}
		i++;
	}
	free(path);
	return code;
}

static int
modem_ussd(struct ctl *c, const struct args *a)
{
	json_t *steps = json_array(), *document;
	int code = ussd_run(c, a, steps);

	/* A refusal has printed a document of its own. */
	if (c->json && code == CTL_OK) {
		document = json_pack("{s:O}", "steps", steps);
		out_json(c, document, false);
		json_decref(document);
	}
	json_decref(steps);
	return code;
}

static const struct operand ussd_operands[] = {
    {"NAME", &check_modem, OPERAND_ONCE},
    {"CODE", &check_ussd, OPERAND_ONCE},
    {"ANSWER", &check_answer, OPERAND_REPEATED},
    {0},
};

/* --- test --- */

static bool
test_is_up(const json_t *modem)
{
	const char *state = shape_string(modem, "state");

	return state != NULL &&
	       (strcmp(state, "ready") == 0 || strcmp(state, "busy") == 0);
}

static void
test_print_modem(const struct ctl *c, const json_t *modem)
{
	static const struct column columns[] = {
	    {"state", "", CELL_WORD, words_modem, false},
	    {"network", "", CELL_TEXT, NULL, true},
	    {"registration", "", CELL_WORD, words_registration, true},
	    {"signal_percent", "", CELL_PERCENT, NULL, true},
	    {"sim_used", "", CELL_INT, NULL, true},
	    {"sim_size", "", CELL_INT, NULL, true},
	};
	static const char *const before[] = {
	    "1. Modem: ", ", mạng ", ", ", ", sóng ", ", SIM ", "/"};
	struct buf b;
	size_t i;

	buf_init(&b, TEXT_BYTES);
	for (i = 0; i < TC_NELEM(columns); i++) {
		buf_put_str(&b, before[i]);
		if (out_cell(c, &columns[i], modem, &b, NULL) != 0)
			buf_put_str(&b, "?");
	}
	out_line(c, "%s", buf_str(&b));
	buf_clear(&b);
}

/* One step at the server; its answer goes to result[step]. *good: it went
 * well. */
static int
test_step(struct ctl *c, const char *name, const char *step, json_t *result)
{
	char *path = modem_path(name, "test");
	json_t *body = json_pack("{s:s}", "step", step), *answer;
	int code;

	fflush(stdout);
	code = modem_post(c, path, body, &answer);
	free(path);
	json_decref(body);
	if (code != CTL_OK)
		return code;
	json_object_set_new(result, step, answer);
	if (!json_is_boolean(json_object_get(answer, "good")))
		return ctl_bad_answer(c);
	return CTL_OK;
}

static bool
test_is_good(const json_t *result, const char *step)
{
	const json_t *answer = json_object_get(result, step);

	return answer == NULL || json_is_true(json_object_get(answer, "good"));
}

static int
test_text(struct ctl *c, const char *name, json_t *result)
{
	const char *number =
	    shape_string(json_object_get(result, "modem"), "number");
	const char *state;
	json_t *answer;
	int64_t ms;
	int code;

	if (number == NULL) {
		out_line(
		    c, "2. Nhắn cho chính nó: bỏ qua, chưa khai báo number.");
		return CTL_OK;
	}
	out_line(c, "2. Nhắn cho chính nó ...");
	code = test_step(c, name, "text", result);
	if (code != CTL_OK)
		return code;
	answer = json_object_get(result, "text");
	state = shape_string(answer, "state");
	if (shape_int(answer, "ms", &ms) == 0)
		out_line(c, "   Tin đã đi và về sau %.1f giây.", ms / 1000.0);
	else
		out_line(c, "   Tin không về trong %d giây; tin %s.", WAIT_S,
		    state != NULL && out_word(words_message, state) != NULL
			? out_word(words_message, state)->text
			: "chưa rõ");
	return CTL_OK;
}

static int
test_credit(struct ctl *c, const char *name, json_t *result)
{
	json_t *answer = json_object_get(result, "modem");
	int64_t credit;
	int code;

	if (!json_is_true(json_object_get(answer, "credit_asked"))) {
		out_line(
		    c, "3. Hỏi số dư: bỏ qua, chưa khai báo ussd_balance.");
		return CTL_OK;
	}
	out_line(c, "3. Hỏi số dư bằng USSD ...");
	code = test_step(c, name, "credit", result);
	if (code != CTL_OK)
		return code;
	answer = json_object_get(result, "credit");
	if (shape_int(answer, "credit", &credit) == 0)
		out_line(c, "   Số dư: %lld đồng.", (long long)credit);
	else if (json_is_true(json_object_get(answer, "answered")))
		out_line(c, "   Mạng có trả lời, nhưng balance_pattern không "
			    "hiểu; xem bằng: tincayctl modem ussd.");
	else
		out_line(c, "   Mạng không trả lời.");
	return CTL_OK;
}

static int
test_run(struct ctl *c, const char *name, json_t *result)
{
	json_t *modem;
	int code = modem_get(c, name, &modem);

	if (code != CTL_OK)
		return code;
	json_object_set_new(result, "modem", modem);
	test_print_modem(c, modem);
	if (!test_is_up(modem))
		return ctl_refuse(c, "modem không làm việc",
		    shape_string(modem, "reason"), "xem: tincayctl modem show");
	code = test_text(c, name, result);
	return code == CTL_OK ? test_credit(c, name, result) : code;
}

static int
modem_test(struct ctl *c, const struct args *a)
{
	json_t *result = json_object();
	int code = test_run(c, args_operand(a, 0), result);
	bool is_good =
	    test_is_good(result, "text") && test_is_good(result, "credit");

	if (code == CTL_OK) {
		json_object_set_new(result, "good", json_boolean(is_good));
		if (c->json)
			out_json(c, result, false);
		out_line(c, is_good ? "Modem làm việc tốt."
				    : "Có việc không tốt, xem ở trên.");
		if (!is_good)
			code = CTL_REFUSED;
	}
	json_decref(result);
	return code;
}

const struct verb modem_verbs[] = {
    {"list", "Các modem, sóng và số tin đã gửi, nhận", NULL, NULL, NULL,
	modem_list},
    {"show", "Một modem với mọi số liệu", NULL, name_operands, NULL,
	modem_show},
    {"test", "Thử một modem: sóng, một tin cho chính nó, số dư",
	"Tin tốn tiền như một tin thường; không ai nhận được nó.",
	name_operands, NULL, modem_test},
    {"ussd", "Gọi một mã USSD và trả lời các mục",
	"Chỉ những mã có trong ussd_codes và ussd_balance. Không ghi câu trả "
	"lời thì hỏi trên màn hình.\nVí dụ: tincayctl modem ussd viettel1 "
	"'*098#' 1 2",
	ussd_operands, NULL, modem_ussd},
    {"hold", "Giữ một modem: không gửi, không nhận, kể cả sau khi khởi động",
	NULL, name_operands, NULL, modem_hold},
    {"resume", "Cho một modem bị giữ làm việc tiếp", NULL, name_operands, NULL,
	modem_resume},
    {0},
};
