/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * campaign: one approved text to a list, from the draft to the last delivery
 * report.
 *
 * Drafts are in campaign_draft.c.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "ctl/campaign.h"
#include "ctl/ctl.h"
#include "ctl/progress.h"
#include "ctl/shape.h"

static const struct word words_coding[] = {
    {"gsm7", "không dấu (GSM-7)", 0},
    {"ucs2", "có dấu (UCS-2)", 0},
    {0},
};

static const struct word words_none[] = {{0}};
static const struct word words_reason[] = {
    {"budget", "hết kinh phí", STYLE_WARN},
    {"canary", "chờ xem nhóm đầu: campaign continue", STYLE_WARN},
    {0},
};

static const struct column campaign_columns[] = {
    {"id", "Mã", CELL_TEXT, NULL, false},
    {"name", "Chiến dịch", CELL_TEXT, NULL, false},
    {"state", "Trạng thái", CELL_WORD, words_campaign, false},
    {"reason", "Vì", CELL_WORD, words_reason, true},
    {"lists", "Danh sách", CELL_WORDS, words_none, false},
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
    {"theme", "Chủ đề", CELL_TEXT, NULL, true},
    {"legal_basis", "Căn cứ", CELL_TEXT, NULL, true},
    {"review_on", "Rà soát", CELL_TEXT, NULL, true},
    {"rules.start_at", "Gửi từ", CELL_TIME, NULL, true},
    {"rules.end_at", "Không gửi sau", CELL_TIME, NULL, true},
    {"rules.per_day", "Tin mỗi người một ngày", CELL_INT, NULL, true},
    {"rules.per_month", "Tin mỗi người một tháng", CELL_INT, NULL, true},
    {"rules.canary", "Nhóm gửi trước", CELL_INT, NULL, true},
    {"rules.drill", "Diễn tập", CELL_YESNO, NULL, true},
    {"rules.script", "Chữ của người chưa chọn", CELL_TEXT, NULL, true},
    {"rules.pupil_safe", "Gửi cho học sinh được", CELL_YESNO, NULL, true},
    {"rules.budget", "Kinh phí (đ)", CELL_INT, NULL, true},
    {"rules.budget_source", "Nguồn kinh phí", CELL_TEXT, NULL, true},
    {"spent", "Đã chi (đ)", CELL_INT, NULL, true},
    {"estimate.recipients", "Dự tính: người", CELL_INT, NULL, true},
    {"estimate.segments", "  phần tin", CELL_INT, NULL, true},
    {"estimate.cost", "  giá (đ)", CELL_INT, NULL, true},
    {"estimate.bare_cost", "  giá nếu không dấu (đ)", CELL_INT, NULL, true},
    {"estimate.ends_at", "  xong lúc", CELL_TIME, NULL, true},
    {"acknowledged", "Người duyệt đã xem cảnh báo", CELL_TEXT, NULL, true},
    {"frozen", "Chốt khi duyệt: người", CELL_INT, NULL, true},
    {"frozen_hash", "  mã chốt", CELL_TEXT, NULL, true},
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
    {"lists", "Danh sách", CELL_WORDS, words_none, false},
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

/* Who was left out and why; what each SIM sent. */
static const struct word words_left_out[] = {
    {"suppressed", "không được gửi", 0},
    {"queued", "chờ", 0},
    {"opted_out", "đã từ chối", 0},
    {"no_consent", "chưa đồng ý", 0},
    {"forgotten", "đã xóa", 0},
    {"had_enough", "đã nhận đủ tin", 0},
    {"hours", "giờ không nhận tin", 0},
    {"theme", "không nhận chủ đề này", 0},
    {"ended", "đã hết hạn gửi", 0},
    {"too_late", "quá muộn", 0},
    {0},
};
static const struct column reason_columns[] = {
    {"people", "Người", CELL_INT, NULL, false},
    {"state", "Trạng thái", CELL_WORD, words_left_out, false},
    {"reason", "Vì", CELL_WORD, words_left_out, false},
};
static const struct view reason_view = {
    reason_columns, TC_NELEM(reason_columns), NULL};
static const struct column ledger_columns[] = {
    {"modem", "SIM", CELL_TEXT, NULL, false},
    {"segments", "Phần tin", CELL_INT, NULL, false},
};
static const struct view ledger_view = {
    ledger_columns, TC_NELEM(ledger_columns), NULL};

static int
campaign_print_tables(struct ctl *c, const json_t *answer)
{
	const struct {
		const char *key;
		const struct view *view;
	} tables[] = {{"reasons", &reason_view}, {"ledger", &ledger_view}};
	const json_t *rows;
	size_t i;

	for (i = 0; i < TC_NELEM(tables) && !c->json; i++) {
		rows = json_object_get(answer, tables[i].key);
		if (json_array_size(rows) > 0 &&
		    out_table(c, tables[i].view, rows) != 0)
			return ctl_bad_answer(c);
	}
	return CTL_OK;
}

/* The record, what it left out, and the text below with its own line breaks. */
int
campaign_print(struct ctl *c, json_t *answer)
{
	const char *text = shape_string(answer, "text");
	struct buf b;
	int code;

	buf_init(&b, 65536);
	text_safe(&b, text, TEXT_BLOCK);
	code = ctl_show_record(c, json_incref(answer), &campaign_view);
	if (code == CTL_OK)
		code = campaign_print_tables(c, answer);
	if (code == CTL_OK && b.len > 0)
		out_line(c, "Nội dung:\n%s", buf_str(&b));
	if (code == CTL_OK && !c->json)
		code = campaign_print_content(c, answer);
	json_decref(answer);
	buf_clear(&b);
	return code;
}

/* --- check, approve, start, pause, resume, cancel --- */

const struct operand campaign_id[] = {
    {"ID", &check_id, false},
    {0},
};
static const struct option_row campaign_approve_options[] = {
    {"acknowledge", "R[,R]",
	.help = "đã xem những cảnh báo này của campaign check",
	.check = &check_rules},
    {0},
};
static const struct option_row campaign_resume_options[] = {
    {"budget", "D", .help = "kinh phí mới, đồng; 0 là không giới hạn",
	.check = &check_money},
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
	json_t *answer, *body = NULL;
	int64_t budget;
	int code;

	c->findings = &campaign_finding_view;
	if (strcmp(act, "approve") == 0 && args_get(a, "acknowledge") != NULL)
		body = json_pack("{s:o}", "acknowledge",
		    campaign_names(args_get(a, "acknowledge")));
	if (strcmp(act, "resume") == 0 && args_get(a, "budget") != NULL &&
	    str_to_int64(args_get(a, "budget"), 0, INT64_MAX, &budget) == 0)
		body = json_pack("{s:I}", "budget", (json_int_t)budget);
	code = ctl_post(c, path, body,
	    strcmp(act, "approve") == 0 ? campaign_approve_hints
					: campaign_act_hints,
	    &answer);
	json_decref(body);
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

/* --- calendar --- */

static const struct column calendar_columns[] = {
    {"due", "Cần soạn", CELL_YESNO, NULL, false},
    {"from", "Từ", CELL_TIME, NULL, false},
    {"until", "Hết", CELL_TIME, NULL, false},
    {"draft_by", "Soạn trước", CELL_TIME, NULL, false},
    {"campaigns", "Chiến dịch", CELL_INT, NULL, false},
    {"name", "Ngày", CELL_TEXT, NULL, false},
};
static const struct view calendar_view = {calendar_columns,
    TC_NELEM(calendar_columns), "Không có ngày nào trong calendar.conf."};
static const struct option_row calendar_options[] = {
    {"year", "Y", .help = "năm khác", .check = &check_year},
    {0},
};

static int
campaign_calendar(struct ctl *c, const struct args *a)
{
	struct buf path;
	int code;

	buf_init(&path, 64);
	buf_put_str(&path, "/calendar");
	client_path_add(&path, "year", args_get(a, "year"));
	code = ctl_list(c, buf_str(&path), "days", &calendar_view);
	buf_clear(&path);
	return code;
}

const struct verb campaign_verbs[] = {
    {"new", "Soạn một chiến dịch",
	"Sau đó: check, một người khác approve, rồi start.", campaign_name,
	campaign_new_options, campaign_new},
    {"edit", "Sửa; phải kiểm tra và duyệt lại", NULL, campaign_id,
	campaign_edit_options, campaign_edit},
    {"copy", "Chép kế hoạch của một năm thành bản nháp của năm khác", NULL,
	campaign_years, NULL, campaign_copy},
    {"variant", "Nội dung riêng cho một nhóm, một tiếng hoặc chữ không dấu",
	"Ai không có nội dung riêng thì nhận nội dung chung, luôn trọn vẹn.",
	campaign_id, campaign_variant_options, campaign_variant},
    {"check", "Kiểm tra nội dung, số phần tin và số người nhận",
	"In mọi điều tìm thấy cùng một lúc.", campaign_id, NULL, campaign_act},
    {"test", "Gửi thử tới máy của chính người soạn",
	"Số của người soạn: tincayctl user phone.", campaign_id,
	campaign_test_options, campaign_test},
    {"approve", "Duyệt; không phải người soạn", NULL, campaign_id,
	campaign_approve_options, campaign_act},
    {"start", "Bắt đầu gửi", NULL, campaign_id, NULL, campaign_act},
    {"pause", "Tạm dừng gửi", NULL, campaign_id, NULL, campaign_act},
    {"resume", "Gửi tiếp", NULL, campaign_id, campaign_resume_options,
	campaign_act},
    {"continue", "Gửi tiếp sau nhóm gửi trước", NULL, campaign_id, NULL,
	campaign_act},
    {"cancel", "Hủy; ai chưa được gửi thì không gửi nữa", NULL, campaign_id,
	NULL, campaign_act},
    {"show", "Một chiến dịch và nó đã tới đâu",
	"Với --follow: 0 khi gửi xong, 1 khi bị hủy.", campaign_id,
	campaign_show_options, campaign_show},
    {"export", "Bản đọc loa, dòng băng rôn hoặc tin cho báo chí", NULL,
	campaign_id, campaign_export_options, campaign_export},
    {"calendar", "Các ngày trong năm cần có chiến dịch, ngày nào còn thiếu",
	NULL, NULL, calendar_options, campaign_calendar},
    {"list", "Các chiến dịch", NULL, NULL, NULL, campaign_list},
    {0},
};
