/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * case: the queue of an agency, claim, close and hold. Opening a case is in
 * case_show.c, what is done in between in case_act.c.
 *
 * Called with a handler's token. A queue that is followed must not miss a case:
 * it goes on from its cursor when the daemon was away for a while.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "clock.h"

#include "ctl/case.h"
#include "ctl/shape.h"

#define PATH_BYTES 1024
#define QUEUE_LIMIT 500 /* the most that the daemon gives at once */
#define QUEUE_LIMIT_TEXT "500"
#define FOLLOW_WAIT_S 30
#define AWAY_MS 500
#define AWAY_MS_MAX 15000
#define HASTE_MS 50 /* an empty answer that came sooner was not a wait */
#define IDLE_MS 250

static const struct word words_outcome[] = {
    {"helped", "đã giúp", STYLE_GOOD},
    {"referred", "đã chuyển nơi khác", 0},
    {"unreachable", "không liên lạc được", STYLE_WARN},
    {"mistaken", "nhắn nhầm", STYLE_DIM},
    {"duplicate", "trùng", STYLE_DIM},
    {0},
};

static const struct column case_columns[] = {
    {"code", "Mã", CELL_TEXT, NULL, false},
    {"urgency", "Mức", CELL_URGENCY, NULL, false},
    {"state", "Trạng thái", CELL_WORD, words_case, false},
    {"opened_at", "Mở lúc", CELL_TIME, NULL, false},
    {"due_at", "Hạn nhận", CELL_TIME, NULL, true},
    {"claimed_by", "Người nhận", CELL_TEXT, NULL, true},
    {"refer_to", "Chuyển cho", CELL_TEXT, NULL, true},
    {"next_at", "Việc kế", CELL_TIME, NULL, true},
    {"items", "Nội dung", CELL_INT, NULL, true},
    {"hushed", "Xin im lặng", CELL_YESNO, NULL, true},
    {"call_back", "Cần gọi lại", CELL_YESNO, NULL, true},
    {"lead", "Nơi giữ", CELL_TEXT, NULL, true},
    {"claimed_at", "Nhận lúc", CELL_TIME, NULL, true},
    {"claim_until", "Nhận đến", CELL_TIME, NULL, true},
    {"closed_at", "Đóng lúc", CELL_TIME, NULL, true},
    {"outcome", "Kết quả", CELL_WORD, words_outcome, true},
    {"hold", "Giữ lại", CELL_TEXT, NULL, true},
};
#define CASE_QUEUE_COLUMNS 11 /* of them, in a queue */

const struct view case_view = {case_columns, TC_NELEM(case_columns), NULL};
static const struct view queue_view = {
    case_columns, CASE_QUEUE_COLUMNS, "Không có vụ việc nào đang mở."};

/* --- queue --- */

static const struct operand queue_operands[] = {
    {"AGENCY", &check_agency, true},
    {0},
};
static const struct option_row queue_options[] = {
    {"after", "C", .help = "chỉ những gì thay đổi sau con trỏ này",
	.check = &check_cursor},
    {"wait", "S", .help = "chờ tối đa S giây nếu chưa có gì",
	.check = &check_wait},
    {"follow", NULL, .help = "theo dõi mãi, báo mỗi vụ việc mới hoặc thay đổi"},
    {0},
};

struct queue {
	struct ctl *c;
	char *agency;
	char *cursor; /* NULL: everything that is open */
	char *more;   /* where that list goes on; NULL: it is whole */
	int wait_s;
	bool quiet; /* nothing was in the last answer */
};

static void
queue_path(const struct queue *q, int wait_s, struct buf *path)
{
	char wait[16];

	(void)!str_printf(wait, sizeof(wait), "%d", wait_s);
	buf_put_str(path, "/cases");
	client_path_add(path, "agency", q->agency);
	client_path_add(path, "limit", QUEUE_LIMIT_TEXT);
	client_path_add(path, "from", q->more);
	if (q->more != NULL)
		return;
	client_path_add(path, "after", q->cursor);
	if (q->cursor != NULL && wait_s > 0)
		client_path_add(path, "wait", wait);
}

/* Is it what it must be; then the queue goes on behind it: behind the list of
 * what is open with the cursor of its first answer. */
static int
queue_advance(struct queue *q, const json_t *answer)
{
	const char *cursor = shape_string(answer, "cursor");
	const char *more = shape_string(answer, "more");

	if (cursor == NULL || !check_cursor.ok(cursor) ||
	    (more != NULL && !check_cursor.ok(more)) ||
	    !json_is_array(json_object_get(answer, "cases")))
		return TC_EPROTO;
	q->quiet = json_array_size(json_object_get(answer, "cases")) == 0;
	if (q->more == NULL) {
		free(q->cursor);
		q->cursor = xstrdup(cursor);
	}
	free(q->more);
	q->more = more != NULL ? xstrdup(more) : NULL;
	return 0;
}

static int
queue_ask(struct queue *q, int wait_s, json_t **answer)
{
	struct client_request rq = {.method = "GET", .wait_s = wait_s};
	struct buf path;
	int code;

	buf_init(&path, PATH_BYTES);
	queue_path(q, wait_s, &path);
	rq.path = buf_str(&path);
	code = ctl_call(q->c, &rq, NULL, answer);
	buf_clear(&path);
	if (code == CTL_OK && queue_advance(q, *answer) != 0) {
		json_decref(*answer);
		*answer = NULL;
		code = ctl_bad_answer(q->c);
	}
	return code;
}

/* On standard error: texts wait that nobody can see. */
static void
queue_warn(const json_t *answer)
{
	int64_t waiting;

	if (shape_int(answer, "locked_waiting", &waiting) == 0)
		fprintf(stderr,
		    "tincayctl: MÁY CHỦ ĐANG KHÓA, %lld tin chưa ai đọc được; "
		    "báo người quản trị: tincayctl unlock\n",
		    (long long)waiting);
}

/* All that there is now, over several answers when there is much. */
static int
queue_gather(struct queue *q, int wait_s, json_t **out)
{
	json_t *rows = json_array(), *answer, *page;
	bool is_list = q->cursor == NULL, goes_on;
	int code;

	do {
		code = queue_ask(q, wait_s, &answer);
		queue_warn(answer);
		page = json_object_get(answer, "cases");
		goes_on = is_list ? q->more != NULL
				  : json_array_size(page) >= QUEUE_LIMIT;
		if (code == CTL_OK)
			(void)json_array_extend(rows, page);
		json_decref(answer);
		wait_s = 0;
	} while (code == CTL_OK && goes_on);
	*out = code == CTL_OK
		   ? json_pack("{s:O, s:s}", "cases", rows, "cursor", q->cursor)
		   : NULL;
	json_decref(rows);
	return code;
}

static int
queue_show(struct queue *q)
{
	json_t *answer;
	int code;

	code = queue_gather(q, q->wait_s, &answer);
	/* Without a cursor the first answer came at once; now there is one. */
	if (code == CTL_OK && q->wait_s > 0 &&
	    json_array_size(json_object_get(answer, "cases")) == 0) {
		json_decref(answer);
		code = queue_gather(q, q->wait_s, &answer);
	}
	if (code == CTL_OK)
		code = ctl_show_list(q->c, answer, "cases", &queue_view);
	if (code == CTL_OK)
		out_line(q->c, "Con trỏ: %s", q->cursor);
	return code;
}

/* --- queue --follow --- */

static void
sleep_ms(int64_t ms)
{
	struct timespec ts = {ms / 1000, ms % 1000 * 1000000};

	(void)nanosleep(&ts, NULL);
}

/* Something new that cannot wait: ring, on a terminal. */
static bool
queue_is_alarm(const json_t *row)
{
	const char *state = shape_string(row, "state");
	int64_t urgency;

	return state != NULL && strcmp(state, "new") == 0 &&
	       shape_int(row, "urgency", &urgency) == 0 && urgency <= 1;
}

/* One change, on one line. */
static int
queue_print_row(const struct ctl *c, const json_t *row)
{
	enum style style;
	struct buf line;
	size_t k;
	int rc = 0;

	buf_init(&line, 65536);
	for (k = 0; rc == 0 && k < CASE_QUEUE_COLUMNS; k++) {
		struct buf cell;

		buf_init(&cell, 4096);
		rc = out_cell(c, &case_columns[k], row, &cell, &style);
		buf_printf(&line, "%s%s%s%s", k > 0 ? "  " : "",
		    out_style(c->colour, style), buf_str(&cell),
		    c->colour && style != STYLE_PLAIN ? "\033[0m" : "");
		buf_clear(&cell);
	}
	if (rc == 0)
		out_line(c, "%s%s", buf_str(&line),
		    c->colour && queue_is_alarm(row) ? "\a" : "");
	buf_clear(&line);
	return rc;
}

static int
queue_print_changes(const struct ctl *c, const json_t *answer)
{
	const json_t *rows = json_object_get(answer, "cases");
	size_t i;

	if (c->json && json_array_size(rows) > 0)
		out_json(c, answer, true);
	for (i = 0; !c->json && i < json_array_size(rows); i++)
		if (queue_print_row(c, json_array_get(rows, i)) != 0)
			return TC_EPROTO;
	(void)fflush(stdout);
	return 0;
}

/* May the same question be asked again later? */
static bool
queue_is_away(int rc, const struct client_answer *an)
{
	return rc == TC_EIO ||
	       (rc == 0 && an->status >= 502 && an->status <= 504);
}

/* One long poll. CTL_OK, also when the daemon is away; else it was told. */
static int
queue_poll(struct queue *q, bool *away)
{
	struct client_request rq = {
	    .method = "GET", .wait_s = q->wait_s, .once = true};
	struct client_answer an;
	struct buf path;
	int rc, code = CTL_OK;

	buf_init(&path, PATH_BYTES);
	queue_path(q, q->wait_s, &path);
	rq.path = buf_str(&path);
	rc = client_call(q->c->client, &rq, &an);
	buf_clear(&path);
	*away = queue_is_away(rc, &an);
	if (!*away && rc == 0 && an.status != 200)
		code = ctl_refuse_answer(q->c, &an, NULL);
	else if (!*away && (rc != 0 || queue_advance(q, an.json) != 0 ||
			       queue_print_changes(q->c, an.json) != 0))
		code = ctl_bad_answer(q->c);
	client_answer_clear(&an);
	return code;
}

/* What is open when it starts. Whoever reads JSON gets a document a line. */
static int
queue_follow_first(struct queue *q)
{
	json_t *answer;
	int code = queue_gather(q, 0, &answer);

	if (code != CTL_OK)
		return code;
	if (q->c->json) {
		out_json(q->c, answer, true);
		json_decref(answer);
	} else {
		code = ctl_show_list(q->c, answer, "cases", &queue_view);
	}
	(void)fflush(stdout);
	return code;
}

/* Longer and longer while the daemon is away; a little when it answers "nothing
 * new" at once instead of waiting. */
static int64_t
queue_pause(const struct queue *q, bool away, int64_t last_ms, int64_t took_ms)
{
	if (!away)
		return q->quiet && took_ms < HASTE_MS ? IDLE_MS : 0;
	return last_ms * 2 + AWAY_MS < AWAY_MS_MAX ? last_ms * 2 + AWAY_MS
						   : AWAY_MS_MAX;
}

static int
queue_follow(struct queue *q)
{
	bool away = false, was_away;
	int64_t asked, pause_ms = 0;
	int code;

	code = queue_follow_first(q);
	if (q->wait_s == 0)
		q->wait_s = FOLLOW_WAIT_S;
	while (code == CTL_OK && ferror(stdout) == 0) {
		asked = clock_mono_ms();
		was_away = away;
		code = queue_poll(q, &away);
		if (away && !was_away)
			fputs("tincayctl: mất kết nối, đang thử lại ...\n",
			    stderr);
		if (!away && was_away)
			fputs("tincayctl: đã nối lại.\n", stderr);
		pause_ms = queue_pause(
		    q, away, was_away ? pause_ms : 0, clock_mono_ms() - asked);
		sleep_ms(pause_ms);
	}
	return code;
}

static int
case_queue(struct ctl *c, const struct args *a)
{
	const char *after = args_get(a, "after"), *wait = args_get(a, "wait");
	struct queue q = {.c = c};
	int64_t seconds = 0;
	int code;

	if (wait != NULL && str_to_int64(wait, 0, 60, &seconds) != 0)
		return CTL_USAGE;
	q.agency = ctl_agency(c, args_operand(a, 0));
	if (q.agency == NULL)
		return CTL_REFUSED;
	q.cursor = after != NULL ? xstrdup(after) : NULL;
	q.wait_s = (int)seconds;
	code =
	    args_get(a, "follow") != NULL ? queue_follow(&q) : queue_show(&q);
	free(q.agency);
	free(q.cursor);
	free(q.more);
	return code;
}

/* --- claim, close --- */

static const struct ctl_hint claim_hints[] = {
    {404, "không có vụ việc này trong hàng đợi của bạn",
	"xem: tincayctl case queue"},
    {409, "người khác đã nhận, hoặc vụ việc đã đóng",
	"xem ai đang giữ: tincayctl case queue"},
    {0},
};
static const struct option_row close_options[] = {
    {"outcome", "O", .help = "mã kết quả", .check = &check_outcome,
	.required = true},
    {0},
};
static const struct ctl_hint close_hints[] = {
    {403, "chỉ người đã nhận vụ việc mới đóng được",
	"nhận trước: tincayctl case claim CODE"},
    {404, "không có vụ việc này trong hàng đợi của bạn",
	"xem: tincayctl case queue"},
    {409, "vụ việc chưa được nhận, hoặc đã đóng rồi",
	"nhận trước: tincayctl case claim CODE"},
    {422, "mã kết quả không hợp lệ",
	"xem các mã kết quả: tincayctl help case close"},
    {0},
};

json_t *
case_of(json_t *answer)
{
	json_t *inner = json_object_get(answer, "case");

	return inner != NULL ? inner : answer;
}

static int
case_claim(struct ctl *c, const struct args *a)
{
	return case_post(c, &(struct case_request){a, "claim", NULL,
				claim_hints, "Bạn đã nhận vụ việc này."});
}

static int
case_close(struct ctl *c, const struct args *a)
{
	json_t *body = json_pack("{s:s}", "outcome", args_get(a, "outcome"));
	int code = case_post(c, &(struct case_request){a, "close", body,
				    close_hints, "Đã đóng vụ việc."});

	json_decref(body);
	return code;
}

static const struct option_row hold_options[] = {
    {"reason", "R", .help = "report, investigation hoặc court",
	.check = &check_outcome},
    {"off", NULL, .help = "thôi giữ lại"},
    {0},
};
static const struct ctl_hint hold_hints[] = {
    {404, "không có vụ việc này trong hàng đợi của bạn",
	"xem: tincayctl case queue"},
    {422, "lý do không hợp lệ", "dùng report, investigation hoặc court"},
    {0},
};

static int
case_hold(struct ctl *c, const struct args *a)
{
	const char *reason = args_get(a, "reason");
	bool is_off = args_get(a, "off") != NULL;
	json_t *body;
	int code;

	if ((reason != NULL) == is_off)
		return ctl_refuse(
		    c, "cần --reason hoặc --off, một trong hai", NULL, NULL);
	body = json_pack("{s:s}", "reason", is_off ? "" : reason);
	code = case_post(c, &(struct case_request){a, "hold", body, hold_hints,
				is_off ? "Vụ việc sẽ bị hủy khi hết hạn lưu."
				       : "Vụ việc được giữ lại."});
	json_decref(body);
	return code;
}

const struct verb case_verbs[] = {
    {"queue", "Vụ việc đang mở của cơ quan",
	"AGENCY mặc định là cơ quan của tài khoản đang đăng nhập.",
	queue_operands, queue_options, case_queue},
    {"show", "Mở một vụ việc; cần tệp khóa của cơ quan để đọc nội dung",
	"Mỗi lần mở đều được ghi lại.", case_code_operands, case_show_options,
	case_show},
    {"claim", "Nhận một vụ việc về mình", NULL, case_code_operands, NULL,
	case_claim},
    {"note", "Thêm ghi chú, niêm phong tại đây",
	"Ghi chú đầu tiên cho biết bạn đang làm; không đụng đến thì việc nhận "
	"tự hết hạn.",
	case_code_operands, case_note_options, case_note},
    {"next", "Hẹn ngày làm tiếp, hoặc làm tiếp ngay", NULL, case_code_operands,
	case_next_options, case_next},
    {"hand", "Bàn giao cho đồng nghiệp", NULL, case_hand_operands, NULL,
	case_hand},
    {"call", "Ghi lại, trước khi gọi điện",
	"Ngoài giờ đã hẹn thì cần lý do: danger (nguy hiểm), child (trẻ em), "
	"asked (đương sự xin).",
	case_code_operands, case_call_options, case_call},
    {"contact", "Có thể liên lạc thế nào, lúc nào", NULL, case_code_operands,
	case_contact_options, case_contact},
    {"say", "Nhắn một mẫu tin có giờ, không có lời nào khác",
	"Chỉ khi đương sự đã nói là an toàn, trong giờ đã hẹn. Mẫu: SAY_CALL "
	"(sẽ gọi lại), SAY_COME (mời đến xã).",
	case_say_operands, case_say_options, case_say},
    {"safe-word", "Giữ từ an toàn mà đương sự chọn", NULL, case_code_operands,
	case_word_options, case_safe_word},
    {"verify", "So từ an toàn trước khi nói chuyện",
	"Mỗi lần so đều được ghi lại.", case_code_operands, case_word_options,
	case_verify},
    {"clock", "Đồng hồ 12 giờ theo luật",
	"Cấm tiếp xúc: requested bắt đầu; decided, refused, withdrawn kết "
	"thúc.\nTrẻ em: reported bắt đầu; measures, no_danger kết thúc.",
	case_clock_operands, NULL, case_clock},
    {"consent", "Đương sự đồng ý, hoặc không, cho một cơ quan biết", NULL,
	case_agency_operands, case_consent_options, case_consent},
    {"refer", "Chuyển cho cơ quan khác",
	"Ngoài phạm vi đồng ý chỉ khi nguy hiểm tính mạng (life), trẻ em "
	"(child) hoặc luật buộc (legal), kèm lý do.",
	case_agency_operands, case_refer_options, case_refer},
    {"accept", "Nhận vụ việc được chuyển đến", NULL, case_code_operands, NULL,
	case_accept},
    {"decline", "Trả lại vụ việc được chuyển đến", NULL, case_code_operands,
	NULL, case_decline},
    {"revoke", "Rút lại việc chuyển", NULL, case_code_operands, NULL,
	case_revoke},
    {"close", "Đóng vụ việc với kết quả",
	"Kết quả: helped (đã giúp), referred (đã chuyển nơi khác), unreachable\n(không liên lạc được), mistaken (nhắn nhầm), duplicate (trùng).",
	case_code_operands, close_options, case_close},
    {"hold", "Giữ một vụ việc lại, không hủy khi hết hạn lưu",
	"Lý do: report (tin báo theo luật), investigation (điều tra), court "
	"(tòa án).",
	case_code_operands, hold_options, case_hold},
    {0},
};
