/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * campaign: one approved text to a list, from the draft to the last delivery
 * report.
 *
 * Owns the text while it is sent. A text that no daemon would take (not UTF-8,
 * too long) is refused here.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "gsm.h"

#include "ctl/ctl.h"
#include "ctl/progress.h"
#include "ctl/shape.h"

static const struct word words_coding[] = {
    {"gsm7", "không dấu (GSM-7)", 0},
    {"ucs2", "có dấu (UCS-2)", 0},
    {0},
};

static const struct column campaign_columns[] = {
    {"id", "Mã", CELL_TEXT, NULL, false},
    {"name", "Chiến dịch", CELL_TEXT, NULL, false},
    {"state", "Trạng thái", CELL_WORD, words_campaign, false},
    {"list", "Danh sách", CELL_TEXT, NULL, false},
    {"plan_year", "Năm kế hoạch", CELL_INT, NULL, true},
    {"author", "Người soạn", CELL_TEXT, NULL, false},
    {"approver", "Người duyệt", CELL_TEXT, NULL, true},
    {"created_at", "Soạn lúc", CELL_TIME, NULL, false},
    {"approved_at", "Duyệt lúc", CELL_TIME, NULL, true},
    {"started_at", "Bắt đầu gửi", CELL_TIME, NULL, true},
    {"ended_at", "Kết thúc", CELL_TIME, NULL, true},
    {"low_credit", "Chờ tiền ở modem", CELL_WORDS, NULL, true},
    {"coding", "Bảng mã", CELL_WORD, words_coding, true},
    {"segments", "Số phần tin", CELL_INT, NULL, true},
    {"recipients.total", "Người nhận", CELL_INT, NULL, false},
    {"recipients.queued", "  chờ gửi", CELL_INT, NULL, false},
    {"recipients.sending", "  đang gửi", CELL_INT, NULL, false},
    {"recipients.sent", "  đã gửi", CELL_INT, NULL, false},
    {"recipients.delivered", "  đã tới", CELL_INT, NULL, false},
    {"recipients.partly", "  tới một phần", CELL_INT, NULL, true},
    {"recipients.undelivered", "  không tới", CELL_INT, NULL, false},
    {"recipients.no_report", "  không báo", CELL_INT, NULL, true},
    {"recipients.uncertain", "  chưa rõ", CELL_INT, NULL, false},
    {"recipients.failed", "  lỗi", CELL_INT, NULL, false},
    {"recipients.suppressed", "  không được gửi", CELL_INT, NULL, false},
    {"recipients.cancelled", "  đã hủy", CELL_INT, NULL, false},
};
static const struct view campaign_view = {
    campaign_columns, TC_NELEM(campaign_columns), NULL};

static const struct column campaign_list_columns[] = {
    {"id", "Mã", CELL_TEXT, NULL, false},
    {"state", "Trạng thái", CELL_WORD, words_campaign, false},
    {"recipients.total", "Người nhận", CELL_INT, NULL, false},
    {"recipients.delivered", "Đã tới", CELL_INT, NULL, false},
    {"created_at", "Soạn lúc", CELL_TIME, NULL, false},
    {"list", "Danh sách", CELL_TEXT, NULL, false},
    {"name", "Chiến dịch", CELL_TEXT, NULL, false},
};
static const struct view campaign_list_view = {campaign_list_columns,
    TC_NELEM(campaign_list_columns), "Chưa có chiến dịch nào."};

static int
campaign_list(struct ctl *c, const struct args *a)
{
	(void)a;
	return ctl_list(c, "/campaigns", "campaigns", &campaign_list_view);
}

/* The record, and the text below it with its own line breaks. */
static int
campaign_print(struct ctl *c, json_t *answer)
{
	const char *text = shape_string(answer, "text");
	struct buf b;
	int code;

	buf_init(&b, 65536);
	text_safe(&b, text, TEXT_BLOCK);
	code = ctl_show_record(c, answer, &campaign_view);
	if (code == CTL_OK && b.len > 0)
		out_line(c, "Nội dung:\n%s", buf_str(&b));
	buf_clear(&b);
	return code;
}

/* --- new --- */

static const struct operand campaign_name[] = {
    {"NAME", &check_campaign, false},
    {0},
};
static const struct option_row campaign_new_options[] = {
    {"list", "L", .help = "gửi tới danh sách này", .check = &check_list,
	.required = true},
    {"text", "T", .help = "nội dung tin"},
    {"text-file", "F", .help = "đọc nội dung tin từ tệp UTF-8",
	.check = &check_path},
    {"year", "Y", .help = "năm kế hoạch", .check = &check_year},
    {0},
};
static const struct ctl_hint campaign_new_hints[] = {
    {404, "không có danh sách này", "xem: tincayctl list show"},
    {422, "tên hoặc nội dung không hợp lệ", "sửa rồi thử lại"},
    {0},
};

/* The text of --text or --text-file without line breaks at its end. */
static int
campaign_text(struct ctl *c, const struct args *a, char **out)
{
	const char *text = args_get(a, "text"),
		   *file = args_get(a, "text-file");
	const char *fault;
	size_t len;

	if ((text != NULL) == (file != NULL))
		return ctl_usage(
		    c, "chọn đúng một: --text T hoặc --text-file F");
	if (text != NULL)
		*out = xstrdup(text);
	else if (file_read(file, 4 * CHECK_TEXT_MAX, out, &len) != 0)
		return ctl_refuse(c,
		    "không đọc được tệp nội dung, hoặc tệp "
		    "quá lớn",
		    file, NULL);
	len = file != NULL ? len : strlen(*out);
	while (len > 0 && ((*out)[len - 1] == '\n' || (*out)[len - 1] == '\r'))
		(*out)[--len] = '\0';
	fault = check_text(*out, len);
	if (fault == NULL)
		return CTL_OK;
	free(*out);
	*out = NULL;
	return ctl_refuse(c, fault, NULL, NULL);
}

static int
campaign_new(struct ctl *c, const struct args *a)
{
	json_t *body, *answer;
	int64_t year;
	char *text;
	int code;

	code = campaign_text(c, a, &text);
	if (code != CTL_OK)
		return code;
	body = json_pack("{s:s, s:s, s:s}", "name", args_operand(a, 0), "list",
	    args_get(a, "list"), "text", text);
	free(text);
	if (args_get(a, "year") != NULL &&
	    str_to_int64(args_get(a, "year"), 0, INT32_MAX, &year) == 0)
		(void)json_object_set_new(
		    body, "plan_year", json_integer(year));
	code = ctl_post(c, "/campaigns", body, campaign_new_hints, &answer);
	json_decref(body);
	if (code != CTL_OK)
		return code;
	out_line(c, "Đã soạn. Tiếp theo: tincayctl campaign check ID, rồi "
		    "người khác duyệt.");
	return campaign_print(c, answer);
}

/* --- check, approve, start, pause, resume, cancel --- */

static const struct operand campaign_id[] = {
    {"ID", &check_id, false},
    {0},
};
static const struct ctl_hint campaign_act_hints[] = {
    {404, "không có chiến dịch này", "xem: tincayctl campaign list"},
    {409, "chiến dịch không ở trạng thái cho phép việc này",
	"xem: tincayctl campaign show ID; thứ tự là check, approve, start"},
    {0},
};
static const struct ctl_hint campaign_approve_hints[] = {
    {403, "người soạn không được tự duyệt, và cần vai trò approver",
	"nhờ một người khác có vai trò approver"},
    {404, "không có chiến dịch này", "xem: tincayctl campaign list"},
    {409, "chiến dịch chưa được kiểm tra, hoặc đã duyệt rồi",
	"trước đó: tincayctl campaign check ID"},
    {0},
};

static int
campaign_act(struct ctl *c, const struct args *a)
{
	const char *act = a->verb->name;
	char *path = xasprintf("/campaigns/%s/%s", args_operand(a, 0), act);
	json_t *answer;
	int code;

	code = ctl_post(c, path, NULL,
	    strcmp(act, "approve") == 0 ? campaign_approve_hints
					: campaign_act_hints,
	    &answer);
	free(path);
	return code == CTL_OK ? campaign_print(c, answer) : code;
}

/* --- show --- */

static const struct option_row campaign_show_options[] = {
    {"follow", NULL, .help = "theo dõi cho tới khi gửi xong"},
    {"interval", "S",
	.help = "hỏi lại sau mỗi S giây (1 trên màn hình, 5 khi "
		"không)",
	.check = &check_interval},
    {0},
};

struct campaign_figures {
	int64_t total, open, delivered, failed;
};

static int
campaign_figures(const json_t *answer, struct campaign_figures *f)
{
	const json_t *counts = json_object_get(answer, "recipients");
	int64_t queued, sending;

	if (shape_string(answer, "state") == NULL ||
	    shape_int(counts, "total", &f->total) != 0 ||
	    shape_int(counts, "queued", &queued) != 0 ||
	    shape_int(counts, "sending", &sending) != 0 ||
	    shape_int(counts, "delivered", &f->delivered) != 0 ||
	    shape_int(counts, "failed", &f->failed) != 0)
		return TC_EPROTO;
	if (queued < 0 || sending < 0 || queued > f->total ||
	    sending > f->total - queued)
		return TC_EPROTO;
	f->open = queued + sending;
	return 0;
}

static void
campaign_progress(
    struct progress *p, const json_t *answer, const struct campaign_figures *f)
{
	const struct word *word =
	    out_word(words_campaign, shape_string(answer, "state"));
	char note[128];

	(void)!str_printf(note, sizeof(note), "%s, đã tới %lld, lỗi %lld",
	    word != NULL ? word->text : "?", (long long)f->delivered,
	    (long long)f->failed);
	progress_show(p, f->total - f->open, f->total, note);
}

/* One look: shows it; *ended when there is nothing more to come. */
static int
campaign_look(
    struct ctl *c, const char *path, struct progress *p, json_t **last)
{
	struct campaign_figures figures;
	int code;

	json_decref(*last);
	code = ctl_get(c, path, last);
	if (code != CTL_OK)
		return code;
	if (campaign_figures(*last, &figures) != 0)
		return ctl_bad_answer(c);
	if (c->json)
		out_json(c, *last, true);
	else
		campaign_progress(p, *last, &figures);
	(void)fflush(stdout);
	return CTL_OK;
}

static bool
campaign_has_state(const json_t *answer, const char *state)
{
	const char *s = shape_string(answer, "state");

	return s != NULL && strcmp(s, state) == 0;
}

static int
campaign_follow(struct ctl *c, const char *path, const char *interval)
{
	struct timespec pause = {0, 0};
	struct progress progress;
	json_t *last = NULL;
	int64_t seconds;
	int code;

	progress_begin(&progress, stdout, "Gửi");
	progress.plain_ms = 0;
	if (interval == NULL || str_to_int64(interval, 1, 3600, &seconds) != 0)
		seconds = progress.terminal ? 1 : 5;
	pause.tv_sec = (time_t)seconds;
	for (;;) {
		code = campaign_look(c, path, &progress, &last);
		if (code != CTL_OK || campaign_has_state(last, "done") ||
		    campaign_has_state(last, "cancelled") ||
		    ferror(stdout) != 0)
			break;
		(void)nanosleep(&pause, NULL);
	}
	progress_end(&progress);
	if (code == CTL_OK && !c->json)
		code = campaign_print(c, json_incref(last));
	if (code == CTL_OK && campaign_has_state(last, "cancelled")) {
		fputs("tincayctl: chiến dịch đã bị hủy\n", stderr);
		code = CTL_REFUSED;
	}
	json_decref(last);
	return code;
}

static int
campaign_show(struct ctl *c, const struct args *a)
{
	char *path = xasprintf("/campaigns/%s", args_operand(a, 0));
	json_t *answer;
	int code;

	if (args_get(a, "follow") != NULL) {
		code = campaign_follow(c, path, args_get(a, "interval"));
	} else {
		code = ctl_get(c, path, &answer);
		if (code == CTL_OK)
			code = campaign_print(c, answer);
	}
	free(path);
	return code;
}

const struct verb campaign_verbs[] = {
    {"new", "Soạn một chiến dịch",
	"Sau đó: check, một người khác approve, rồi start.", campaign_name,
	campaign_new_options, campaign_new},
    {"check", "Kiểm tra nội dung, số phần tin và số người nhận", NULL,
	campaign_id, NULL, campaign_act},
    {"approve", "Duyệt; không phải người soạn", NULL, campaign_id, NULL,
	campaign_act},
    {"start", "Bắt đầu gửi", NULL, campaign_id, NULL, campaign_act},
    {"pause", "Tạm dừng gửi", NULL, campaign_id, NULL, campaign_act},
    {"resume", "Gửi tiếp", NULL, campaign_id, NULL, campaign_act},
    {"cancel", "Hủy; ai chưa được gửi thì không gửi nữa", NULL, campaign_id,
	NULL, campaign_act},
    {"show", "Một chiến dịch và nó đã tới đâu",
	"Với --follow: 0 khi gửi xong, 1 khi bị hủy.", campaign_id,
	campaign_show_options, campaign_show},
    {"list", "Các chiến dịch", NULL, NULL, NULL, campaign_list},
    {0},
};
