/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * people and list: those who subscribed, and the lists that campaigns go to.
 *
 * Owns the CSV file while it is sent. A file that cannot be right (too large,
 * not UTF-8) is refused here, with the line.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "msisdn.h"

#include "ctl/ctl.h"
#include "ctl/progress.h"

#define PATH_BYTES 4096

/* --- people import --- */

static const struct operand import_operands[] = {
    {"FILE.csv", &check_path, false},
    {0},
};
static const struct option_row import_options[] = {
    {"list", "NAME", .help = "thêm mọi người vào danh sách này",
	.check = &check_list},
    {"dry-run", NULL, .help = "chỉ kiểm tra tệp, không ghi gì"},
    {0},
};
static const struct ctl_hint import_hints[] = {
    {413, "tệp lớn quá 16 MiB", "chia thành nhiều tệp nhỏ hơn"},
    {422, "tệp có lỗi nên chưa ghi ai cả",
	"sửa các dòng dưới đây rồi nhập lại cả tệp"},
    {0},
};
static const struct column import_columns[] = {
    {"rows", "Số dòng", CELL_INT, NULL, false},
    {"added", "Thêm mới", CELL_INT, NULL, false},
    {"updated", "Cập nhật", CELL_INT, NULL, false},
    {"listed", "Vào danh sách", CELL_INT, NULL, true},
};
static const struct view import_view = {
    import_columns, TC_NELEM(import_columns), NULL};

/* The first line that is not UTF-8, 0 when all are. */
static int
import_bad_line(const char *csv, size_t len)
{
	const char *end;
	size_t n;
	int line = 1;

	for (;; line++) {
		end = memchr(csv, '\n', len);
		n = end != NULL ? (size_t)(end - csv) : len;
		if (!utf8_is_valid(csv, n))
			return line;
		if (end == NULL)
			return 0;
		csv += n + 1;
		len -= n + 1;
	}
}

static int
import_read(struct ctl *c, const char *file, char **csv, size_t *len)
{
	char *what = NULL;
	int rc, line = 0;

	rc = file_read(file, CLIENT_BODY_MAX, csv, len);
	if (rc == TC_EFULL)
		what = xasprintf("%s lớn quá 16 MiB; hãy chia nhỏ", file);
	else if (rc != 0)
		what = xasprintf("không đọc được tệp %s", file);
	else if (*len == 0)
		what = xasprintf("tệp %s rỗng", file);
	else if ((line = import_bad_line(*csv, *len)) != 0)
		what = xasprintf("%s: dòng %d không phải UTF-8", file, line);
	if (what == NULL)
		return CTL_OK;
	(void)ctl_refuse(c, what, NULL,
	    line != 0 ? "trong Excel chọn Lưu thành: CSV UTF-8" : NULL);
	free(what);
	return CTL_REFUSED;
}

static int
import_send(struct ctl *c, const struct args *a, const char *csv, size_t len)
{
	struct client_request rq = {
	    .method = "POST", .data = csv, .len = len, .type = "text/csv"};
	struct progress progress;
	json_t *answer;
	struct buf path;
	int code;

	buf_init(&path, PATH_BYTES);
	buf_put_str(&path, "/people");
	client_path_add(&path, "list", args_get(a, "list"));
	if (args_get(a, "dry-run") != NULL)
		client_path_add(&path, "dry_run", "1");
	rq.path = buf_str(&path);
	progress_begin(&progress, stderr, "Đang gửi tệp");
	rq.progress = &progress;
	code = ctl_call(c, &rq, import_hints, &answer);
	progress_end(&progress);
	buf_clear(&path);
	if (code != CTL_OK)
		return code;
	out_line(c, args_get(a, "dry-run") != NULL
			? "Tệp không có lỗi; chưa ghi gì (--dry-run)."
			: "Đã nhập xong.");
	return ctl_show_record(c, answer, &import_view);
}

static int
people_import(struct ctl *c, const struct args *a)
{
	char *csv = NULL;
	size_t len = 0;
	int code;

	code = import_read(c, args_operand(a, 0), &csv, &len);
	if (code == CTL_OK)
		code = import_send(c, a, csv, len);
	free(csv);
	return code;
}

/* --- people list --- */

static const struct word words_language[] = {
    {"vi", "Việt", 0},
    {0},
};
static const struct column people_columns[] = {
    {"id", "Mã", CELL_TEXT, NULL, false},
    {"number", "Số (che bớt)", CELL_TEXT, NULL, false},
    {"hamlet", "Thôn", CELL_TEXT, NULL, true},
    {"language", "Tiếng", CELL_WORD, words_language, true},
    {"kind", "Nhóm", CELL_TEXT, NULL, true},
    {"consent", "Đồng ý", CELL_YESNO, NULL, false},
    {"since", "Từ", CELL_TIME, NULL, true},
};
static const struct view people_view = {people_columns,
    TC_NELEM(people_columns),
    "Chưa có ai; nhập bằng: tincayctl people import FILE.csv."};
static const struct option_row people_list_options[] = {
    {"limit", "N", .help = "nhiều nhất bao nhiêu người (tất cả)",
	.check = &check_limit},
    {"after", "CURSOR", .help = "những người sau con trỏ này",
	.check = &check_cursor},
    {0},
};

static int
people_list(struct ctl *c, const struct args *a)
{
	const struct ctl_pages pages = {
	    "/people", "people", "after", args_get(a, "after"), 0};

	return ctl_list_pages(c, &pages, args_get(a, "limit"), &people_view);
}

const struct verb people_verbs[] = {
    {"import", "Nhập người nhận tin từ tệp CSV, tất cả hoặc không ai",
	"Cột: so_dien_thoai, nguon_dong_y, ngay_dong_y, nguoi_thu, và nếu "
	"có: thon, ngon_ngu, nhom.",
	import_operands, import_options, people_import},
    {"list", "Những người đã đăng ký nhận tin", NULL, NULL, people_list_options,
	people_list},
    {0},
};

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
    {"members", "Số người", CELL_INT, NULL, false},
};
static const struct view list_view = {list_columns, TC_NELEM(list_columns),
    "Chưa có danh sách nào; tạo bằng: tincayctl list new NAME."};
static const struct ctl_hint list_new_hints[] = {
    {409, "đã có danh sách tên này", "chọn tên khác"},
    {0},
};

static int
list_new(struct ctl *c, const struct args *a)
{
	json_t *body = json_pack("{s:s}", "name", args_operand(a, 0)), *answer;
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

const struct verb list_verbs[] = {
    {"new", "Tạo danh sách rỗng", NULL, list_operands, NULL, list_new},
    {"add", "Thêm người đã đăng ký vào danh sách",
	"Chọn đúng một: --number, --hamlet hoặc --all.", list_operands,
	list_add_options, list_add},
    {"show", "Các danh sách, hoặc một danh sách", NULL, list_show_operands,
	NULL, list_show},
    {0},
};
