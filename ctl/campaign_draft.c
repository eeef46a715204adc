/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * campaign new, edit, copy: what a draft says.
 *
 * Owns the text while it is sent. A text that no daemon would take (not UTF-8,
 * too long) is refused here.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "ctl/campaign.h"

#define PATH_BYTES 64

const struct operand campaign_name[] = {
    {"NAME", &check_campaign, false},
    {0},
};
const struct operand campaign_years[] = {
    {"FROM", &check_year, false},
    {"TO", &check_year, false},
    {0},
};

#define DRAFT_OPTIONS                                                                 \
	{"text", "T", .help = "nội dung tin"},                                        \
	    {"text-file", "F", .help = "đọc nội dung tin từ tệp UTF-8",               \
		.check = &check_path},                                                \
	    {"year", "Y", .help = "năm kế hoạch", .check = &check_year},              \
	    {"theme", "THEME", .help = "chủ đề (NAMGIOI, BLPN ...)",                  \
		.check = &check_theme},                                               \
	    {"basis", "B", .help = "căn cứ pháp lý", .check = &check_line},           \
	    {"review", "DATE", .help = "ngày phải rà soát lại nội dung",              \
		.check = &check_time},                                                \
	    {"start", "WHEN",                                                         \
		.help = "không gửi trước lúc này (2026-12-01 09:00)",                 \
		.check = &check_time},                                                \
	    {"end", "WHEN", .help = "không gửi sau lúc này",                          \
		.check = &check_time},                                                \
	    {"hours", "H-H", .help = "chỉ gửi trong giờ này",                         \
		.check = &check_hours},                                               \
	    {"per-day", "N",                                                          \
		.help = "mỗi người nhận nhiều nhất N tin một ngày (1)",               \
		.check = &check_per_day},                                             \
	    {"per-month", "N",                                                        \
		.help = "mỗi người nhận nhiều nhất N tin một tháng (4)",              \
		.check = &check_per_month},                                           \
	    {"budget", "D", .help = "kinh phí, đồng; hết thì tạm dừng",               \
		.check = &check_money},                                               \
	    {"source", "S", .help = "nguồn kinh phí", .check = &check_line},          \
	    {"canary", "N", .help = "gửi N người trước rồi chờ",                      \
		.check = &check_count},                                               \
	    {"canary-minutes", "M", .help = "chờ M phút rồi tự gửi tiếp",             \
		.check = &check_count},                                               \
	    {"script", "S", .help = "chữ của người chưa chọn: accented, bare",        \
		.check = &check_script},                                              \
	    {"pupil-safe", NULL,                                                      \
		.help = "đã đọc như một học sinh: gửi cho học sinh được"},            \
	{                                                                             \
		"drill", NULL,                                                        \
		    .help = "diễn tập: chỉ gửi tới danh sách diễn tập" \
	}

const struct option_row campaign_new_options[] = {
    {"list", "L[,L]", .help = "gửi tới những danh sách này",
	.check = &check_list, .required = true},
    DRAFT_OPTIONS,
    {0},
};
const struct option_row campaign_edit_options[] = {
    {"name", "NAME", .help = "tên khác", .check = &check_campaign},
    {"list", "L[,L]", .help = "gửi tới những danh sách này",
	.check = &check_list},
    DRAFT_OPTIONS,
    {0},
};
static const struct ctl_hint campaign_new_hints[] = {
    {404, "không có danh sách hoặc chiến dịch này",
	"xem: tincayctl list show, tincayctl campaign list"},
    {409, "đã gửi rồi thì không sửa được", "soạn một chiến dịch khác"},
    {422, "tên hoặc nội dung không hợp lệ", "sửa rồi thử lại"},
    {0},
};

int
campaign_text(struct ctl *c, const struct args *a, char **out)
{
	const char *text = args_get(a, "text"),
		   *file = args_get(a, "text-file");
	const char *fault;
	size_t len;

	*out = NULL;
	if (text == NULL && file == NULL)
		return CTL_OK;
	if (text != NULL && file != NULL)
		return ctl_usage(c, "chọn một: --text T hoặc --text-file F");
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

/* How an option becomes a field of the request. */
enum draft_kind {
	DRAFT_TEXT,
	DRAFT_INT,
	DRAFT_TIME,
	DRAFT_FLAG
};
static const struct {
	const char *option, *field;
	enum draft_kind kind;
} draft_fields[] = {
    {"name", "name", DRAFT_TEXT},
    {"year", "plan_year", DRAFT_INT},
    {"theme", "theme", DRAFT_TEXT},
    {"basis", "legal_basis", DRAFT_TEXT},
    {"review", "review_on", DRAFT_TEXT},
    {"start", "start_at", DRAFT_TIME},
    {"end", "end_at", DRAFT_TIME},
    {"per-day", "per_day", DRAFT_INT},
    {"per-month", "per_month", DRAFT_INT},
    {"budget", "budget", DRAFT_INT},
    {"source", "budget_source", DRAFT_TEXT},
    {"canary", "canary", DRAFT_INT},
    {"canary-minutes", "canary_minutes", DRAFT_INT},
    {"script", "script", DRAFT_TEXT},
    {"pupil-safe", "pupil_safe", DRAFT_FLAG},
    {"drill", "drill", DRAFT_FLAG},
};

static json_t *
draft_value(const struct ctl *c, const char *value, enum draft_kind kind)
{
	int64_t n = 0;

	switch (kind) {
	case DRAFT_TIME:
		(void)check_read_time(value, c->utc, &n);
		return json_integer((json_int_t)n);
	case DRAFT_FLAG:
		return json_true();
	case DRAFT_INT:
		(void)!str_to_int64(value, 0, INT64_MAX, &n);
		return json_integer((json_int_t)n);
	default:
		return json_string(value);
	}
}

json_t *
campaign_names(const char *value)
{
	json_t *lists = json_array();
	size_t n;

	for (; *value != '\0'; value += n + (value[n] != '\0')) {
		n = strcspn(value, ",");
		json_array_append_new(lists, json_stringn(value, n));
	}
	return lists;
}

/* "7:30-11" as minutes of the day; it was checked. */
static void
draft_hours(const char *value, json_t *body)
{
	int from, until;

	if (!check_read_hours(value, &from, &until))
		return;
	json_object_set_new(body, "send_from", json_integer(from));
	json_object_set_new(body, "send_until", json_integer(until));
}

/* Is it an option of this verb, and given? */
static const char *
draft_option(const struct args *a, const char *name)
{
	const struct option_row *row;

	for (row = a->verb->options; row->name != NULL; row++)
		if (strcmp(row->name, name) == 0)
			return args_get(a, name);
	return NULL;
}

/* What the options say; NULL, and it was told why not. */
static json_t *
draft_body(struct ctl *c, const struct args *a, int *code)
{
	json_t *body = json_object();
	const char *value;
	char *text = NULL;
	size_t i;

	*code = campaign_text(c, a, &text);
	if (text != NULL)
		json_object_set_new(body, "text", json_string(text));
	free(text);
	for (i = 0; i < TC_NELEM(draft_fields); i++) {
		value = draft_option(a, draft_fields[i].option);
		if (value != NULL)
			json_object_set_new(body, draft_fields[i].field,
			    draft_value(c, value, draft_fields[i].kind));
	}
	if (args_get(a, "list") != NULL)
		json_object_set_new(
		    body, "lists", campaign_names(args_get(a, "list")));
	if (args_get(a, "hours") != NULL)
		draft_hours(args_get(a, "hours"), body);
	if (*code == CTL_OK)
		return body;
	json_decref(body);
	return NULL;
}

static int
draft_send(struct ctl *c, const char *path, json_t *body)
{
	json_t *answer;
	int code = ctl_post(c, path, body, campaign_new_hints, &answer);

	json_decref(body);
	if (code != CTL_OK)
		return code;
	out_line(c, "Đã ghi bản nháp. Tiếp theo: tincayctl campaign check ID, "
		    "rồi người khác duyệt.");
	return campaign_print(c, answer);
}

int
campaign_new(struct ctl *c, const struct args *a)
{
	json_t *body;
	int code;

	if (args_get(a, "text") == NULL && args_get(a, "text-file") == NULL)
		return ctl_usage(
		    c, "chọn đúng một: --text T hoặc --text-file F");
	if ((body = draft_body(c, a, &code)) == NULL)
		return code;
	json_object_set_new(body, "name", json_string(args_operand(a, 0)));
	return draft_send(c, "/campaigns", body);
}

int
campaign_edit(struct ctl *c, const struct args *a)
{
	char path[PATH_BYTES];
	json_t *body;
	int code;

	if ((body = draft_body(c, a, &code)) == NULL)
		return code;
	(void)!str_printf(
	    path, sizeof(path), "/campaigns/%s", args_operand(a, 0));
	return draft_send(c, path, body);
}

int
campaign_copy(struct ctl *c, const struct args *a)
{
	json_t *body, *answer;
	int64_t from, to;
	int code;

	if (str_to_int64(args_operand(a, 0), 0, 9999, &from) != 0 ||
	    str_to_int64(args_operand(a, 1), 0, 9999, &to) != 0)
		return CTL_USAGE;
	body = json_pack(
	    "{s:I, s:I}", "from", (json_int_t)from, "to", (json_int_t)to);
	code = ctl_post(c, "/campaigns/copy", body, NULL, &answer);
	json_decref(body);
	if (code != CTL_OK)
		return code;
	if (c->json)
		out_json(c, answer, false);
	out_line(c, "Đã chép %lld bản nháp.",
	    (long long)json_integer_value(json_object_get(answer, "copied")));
	json_decref(answer);
	return CTL_OK;
}
