/* SPDX-License-Identifier: GPL-2.0-or-later */
/* quiz: questions that people answer by SMS, and pledges. Owns nothing. */
#include "config.h"

#include <stdlib.h>

#include "ctl/ctl.h"

#define PATH_BYTES 256

static const struct word words_round[] = {
    {"before", "trước", 0},
    {"after", "sau", 0},
    {0},
};
static const struct column quiz_columns[] = {
    {"id", "Mã", CELL_TEXT, NULL, false},
    {"name", "Tên", CELL_TEXT, NULL, false},
    {"pledge", "Cam kết", CELL_YESNO, NULL, false},
    {"questions", "Số câu hỏi", CELL_INT, NULL, false},
    {"open", "Đang mở đợt", CELL_WORD, words_round, true},
    {"author", "Người soạn", CELL_TEXT, NULL, false},
    {"created_at", "Soạn lúc", CELL_TIME, NULL, false},
};
static const struct view quiz_view = {quiz_columns, TC_NELEM(quiz_columns),
    "Chưa có câu đố nào; tạo bằng: tincayctl quiz new NAME."};
static const struct column result_columns[] = {
    {"round", "Đợt", CELL_WORD, words_round, false},
    {"question", "Câu", CELL_INT, NULL, false},
    {"choice", "Chọn", CELL_INT, NULL, false},
    {"answers", "Số người", CELL_INT, NULL, true},
    {"total", "Trong", CELL_INT, NULL, true},
    {"text", "Câu hỏi", CELL_TEXT, NULL, false},
};
static const struct view result_view = {result_columns,
    TC_NELEM(result_columns),
    "Chưa có kết quả: chỉ đợt đã đóng mới có, số dưới 5 không hiện."};

static const struct operand quiz_name_operands[] = {
    {"NAME", &check_line, false},
    {0},
};
static const struct operand quiz_operands[] = {
    {"ID", &check_id, false},
    {0},
};
#define QUIZ_QUESTION                                                          \
	{"question", "T", .help = "câu hỏi, để lưu và để đọc loa",             \
	    .check = &check_line, .required = true},                           \
	{                                                                      \
		"choices", "N", .help = "có mấy lựa chọn, 2 đến 9 (2)",        \
				.check = &check_count                          \
	}
static const struct option_row quiz_new_options[] = {
    QUIZ_QUESTION,
    {"pledge", NULL, .help = "là cam kết: người dân soạn CAM KET"},
    {0},
};
static const struct option_row quiz_add_options[] = {
    QUIZ_QUESTION,
    {0},
};
static const struct option_row quiz_open_options[] = {
    {"round", "R", .help = "before (trước) hoặc after (sau)",
	.check = &check_line},
    {"days", "N", .help = "mở mấy ngày rồi tự đóng (14)",
	.check = &check_count},
    {0},
};
static const struct ctl_hint quiz_hints[] = {
    {404, "không có câu đố này", "xem: tincayctl quiz list"},
    {409, "không làm được lúc này",
	"mỗi đợt chỉ mở một lần; mỗi lúc chỉ mở một câu đố và một cam kết"},
    {0},
};

static int
quiz_print(struct ctl *c, json_t *answer)
{
	int code;

	if (c->json)
		return ctl_show_record(c, answer, &quiz_view);
	code = ctl_show_record(c, json_incref(answer), &quiz_view);
	if (code == CTL_OK)
		code = ctl_show_list(
		    c, json_incref(answer), "results", &result_view);
	json_decref(answer);
	return code;
}

static int
quiz_post(struct ctl *c, const char *path, json_t *body, const char *done)
{
	json_t *answer;
	int code = ctl_post(c, path, body, quiz_hints, &answer);

	json_decref(body);
	if (code != CTL_OK)
		return code;
	out_line(c, "%s", done);
	return quiz_print(c, answer);
}

static void
quiz_set_int(
    json_t *body, const char *name, const struct args *a, const char *option)
{
	int64_t n;

	if (args_get(a, option) != NULL &&
	    str_to_int64(args_get(a, option), 0, 100000, &n) == 0)
		json_object_set_new(body, name, json_integer(n));
}

static json_t *
quiz_question(const struct args *a)
{
	json_t *body = json_pack("{s:s}", "question", args_get(a, "question"));

	quiz_set_int(body, "choices", a, "choices");
	return body;
}

static int
quiz_new(struct ctl *c, const struct args *a)
{
	json_t *body = quiz_question(a);

	json_object_set_new(body, "name", json_string(args_operand(a, 0)));
	if (args_get(a, "pledge") != NULL)
		json_object_set_new(body, "pledge", json_true());
	return quiz_post(
	    c, "/quizzes", body, "Đã ghi. Mở bằng: tincayctl quiz open ID.");
}

static int
quiz_act(struct ctl *c, const struct args *a, const char *act, json_t *body,
    const char *done)
{
	char path[PATH_BYTES];

	(void)!str_printf(
	    path, sizeof(path), "/quizzes/%s/%s", args_operand(a, 0), act);
	return quiz_post(c, path, body, done);
}

static int
quiz_add(struct ctl *c, const struct args *a)
{
	return quiz_act(c, a, "questions", quiz_question(a),
	    "Đã thêm câu hỏi; người dân soạn: Q, số câu, số chọn.");
}

static int
quiz_open(struct ctl *c, const struct args *a)
{
	json_t *body = json_object();

	if (args_get(a, "round") != NULL)
		json_object_set_new(
		    body, "round", json_string(args_get(a, "round")));
	quiz_set_int(body, "days", a, "days");
	return quiz_act(c, a, "open", body, "Đã mở.");
}

static int
quiz_close(struct ctl *c, const struct args *a)
{
	return quiz_act(c, a, "close", NULL,
	    "Đã đóng; ai đã trả lời không còn được lưu ở đâu nữa.");
}

static int
quiz_show(struct ctl *c, const struct args *a)
{
	char path[PATH_BYTES];
	json_t *answer;
	int code;

	(void)!str_printf(
	    path, sizeof(path), "/quizzes/%s", args_operand(a, 0));
	code = ctl_get(c, path, &answer);
	return code == CTL_OK ? quiz_print(c, answer) : code;
}

static int
quiz_list(struct ctl *c, const struct args *a)
{
	(void)a;
	return ctl_list(c, "/quizzes", "quizzes", &quiz_view);
}

const struct verb quiz_verbs[] = {
    {"new", "Tạo câu đố (người dân soạn Q 3) hoặc cam kết",
	"Chỉ đếm, không lưu ai đã trả lời gì.", quiz_name_operands,
	quiz_new_options, quiz_new},
    {"add", "Thêm một câu hỏi, trước khi mở lần đầu", NULL, quiz_operands,
	quiz_add_options, quiz_add},
    {"open", "Mở một đợt: trước hoặc sau truyền thông", NULL, quiz_operands,
	quiz_open_options, quiz_open},
    {"close", "Đóng đợt đang mở và xem kết quả", NULL, quiz_operands, NULL,
	quiz_close},
    {"show", "Một câu đố và kết quả các đợt đã đóng", NULL, quiz_operands, NULL,
	quiz_show},
    {"list", "Các câu đố và cam kết", NULL, NULL, NULL, quiz_list},
    {0},
};
