/* SPDX-License-Identifier: GPL-2.0-or-later */
/* list: the lists that campaigns go to. */
#include "config.h"

#include "msisdn.h"

#include "ctl/ctl.h"

#define PATH_BYTES 4096

/* --- list --- */

static const struct operand list_operands[] = {
    {"NAME", &check_list, false},
    {0},
};
static const struct operand list_show_operands[] = {
    {"NAME", &check_list, true},
    {0},
};
static const struct column list_columns[] = {
    {"name", "Danh sách", CELL_TEXT, NULL, false},
    {"agency", "Cơ quan", CELL_TEXT, NULL, true},
    {"members", "Số người", CELL_INT, NULL, true},
    {"smart", "Theo điều kiện", CELL_YESNO, NULL, true},
    {"hamlet", "Thôn", CELL_TEXT, NULL, true},
    {"kind", "Nhóm", CELL_TEXT, NULL, true},
    {"drill", "Diễn tập", CELL_YESNO, NULL, true},
};
static const struct view list_view = {list_columns, TC_NELEM(list_columns),
    "Chưa có danh sách nào; tạo bằng: tincayctl list new NAME."};
static const struct ctl_hint list_new_hints[] = {
    {409, "đã có danh sách tên này", "chọn tên khác"},
    {0},
};

static const struct option_row list_new_options[] = {
    {"hamlet", "H", .help = "luôn gồm những người của thôn này",
	.check = &check_hamlet},
    {"kind", "K", .help = "luôn gồm những người thuộc nhóm này",
	.check = &check_line},
    {"drill", NULL, .help = "những người nhận tin diễn tập"},
    {0},
};

/* With a hamlet or a kind the list is whoever fits, at any time. */
static json_t *
list_new_body(const struct args *a)
{
	const char *hamlet = args_get(a, "hamlet"), *kind = args_get(a, "kind");
	json_t *body = json_pack("{s:s}", "name", args_operand(a, 0));

	if (hamlet != NULL)
		json_object_set_new(body, "hamlet", json_string(hamlet));
	if (kind != NULL)
		json_object_set_new(body, "kind", json_string(kind));
	if (hamlet != NULL || kind != NULL)
		json_object_set_new(body, "smart", json_true());
	if (args_get(a, "drill") != NULL)
		json_object_set_new(body, "drill", json_true());
	return body;
}

static int
list_new(struct ctl *c, const struct args *a)
{
	json_t *body = list_new_body(a), *answer;
	int code = ctl_post(c, "/lists", body, list_new_hints, &answer);

	json_decref(body);
	if (code != CTL_OK)
		return code;
	out_line(c, "Đã tạo danh sách.");
	return ctl_show_record(c, answer, &list_view);
}

static int
list_show(struct ctl *c, const struct args *a)
{
	json_t *answer;
	struct buf path;
	int code;

	if (args_operand(a, 0) == NULL)
		return ctl_list(c, "/lists", "lists", &list_view);
	buf_init(&path, PATH_BYTES);
	buf_put_str(&path, "/lists");
	client_path_segment(&path, args_operand(a, 0));
	code = ctl_get(c, buf_str(&path), &answer);
	buf_clear(&path);
	return code == CTL_OK ? ctl_show_record(c, answer, &list_view) : code;
}

/* --- list add --- */

static const struct option_row list_add_options[] = {
    {"number", "N", .help = "một người đã đăng ký, theo số",
	.check = &check_number},
    {"hamlet", "H", .help = "mọi người của thôn này", .check = &check_hamlet},
    {"all", NULL, .help = "mọi người đã đăng ký"},
    {0},
};
static const struct column list_add_columns[] = {
    {"added", "Thêm vào danh sách", CELL_INT, NULL, false},
};
static const struct view list_add_view = {
    list_add_columns, TC_NELEM(list_add_columns), NULL};
static const struct ctl_hint list_add_hints[] = {
    {404, "không có danh sách này, hoặc số này chưa đăng ký",
	"xem: tincayctl list show; nhập người bằng: tincayctl people "
	"import"},
    {0},
};

static json_t *
list_add_body(const struct args *a)
{
	char number[MSISDN_MAX];

	if (args_get(a, "number") != NULL) {
		(void)msisdn_parse(args_get(a, "number"), number);
		return json_pack("{s:s}", "number", number);
	}
	if (args_get(a, "hamlet") != NULL)
		return json_pack("{s:s}", "hamlet", args_get(a, "hamlet"));
	return json_pack("{s:b}", "all", 1);
}

static int
list_add(struct ctl *c, const struct args *a)
{
	int chosen = (args_get(a, "number") != NULL) +
		     (args_get(a, "hamlet") != NULL) +
		     (args_get(a, "all") != NULL);
	json_t *body, *answer;
	struct buf path;
	int code;

	if (chosen != 1)
		return ctl_usage(
		    c, "chọn đúng một: --number N, --hamlet H hoặc --all");
	buf_init(&path, PATH_BYTES);
	buf_put_str(&path, "/lists");
	client_path_segment(&path, args_operand(a, 0));
	buf_put_str(&path, "/members");
	body = list_add_body(a);
	code = ctl_post(c, buf_str(&path), body, list_add_hints, &answer);
	json_decref(body);
	buf_clear(&path);
	return code == CTL_OK ? ctl_show_record(c, answer, &list_add_view)
			      : code;
}

/* --- list coverage --- */

static const struct column coverage_columns[] = {
    {"hamlet", "Thôn", CELL_TEXT, NULL, false},
    {"people", "Số người", CELL_INT, NULL, false},
    {"known", "Thôn của xã", CELL_YESNO, NULL, false},
};
static const struct view coverage_view = {
    coverage_columns, TC_NELEM(coverage_columns), "Chưa có ai đăng ký."};

static int
list_coverage(struct ctl *c, const struct args *a)
{
	(void)a;
	return ctl_list(c, "/coverage", "hamlets", &coverage_view);
}

const struct verb list_verbs[] = {
    {"new", "Tạo danh sách rỗng, hoặc theo điều kiện",
	"Với --hamlet hoặc --kind, ai hợp điều kiện thì có trong danh sách.",
	list_operands, list_new_options, list_new},
    {"coverage", "Mỗi thôn có bao nhiêu người nhận tin; thôn nào chưa có ai",
	NULL, NULL, NULL, list_coverage},
    {"add", "Thêm người đã đăng ký vào danh sách",
	"Chọn đúng một: --number, --hamlet hoặc --all.", list_operands,
	list_add_options, list_add},
    {"show", "Các danh sách, hoặc một danh sách", NULL, list_show_operands,
	NULL, list_show},
    {0},
};
