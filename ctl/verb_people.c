/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * people: those who subscribed, sheets of them, and what one of them may ask
 * for.
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
    {"errors", "FILE", .help = "ghi mọi lỗi (dòng, cột, lý do) vào tệp CSV này",
	.check = &check_path},
    {0},
};
static const struct option_row dnc_options[] = {
    {"dry-run", NULL, .help = "chỉ kiểm tra tệp, không ghi gì"},
    {"errors", "FILE", .help = "ghi mọi lỗi (dòng, cột, lý do) vào tệp CSV này",
	.check = &check_path},
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
    {"kept_out", "Không nhận (đã xin xóa, hoặc từ chối cuộc gọi)", CELL_INT,
	NULL, true},
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

/* The resource of the verb, with what its options say. */
static void
import_path(const struct args *a, struct buf *path)
{
	bool is_dnc = strcmp(a->verb->name, "import") != 0;

	buf_put_str(path, is_dnc ? "/people/do-not-call" : "/people");
	if (!is_dnc)
		client_path_add(path, "list", args_get(a, "list"));
	if (args_get(a, "dry-run") != NULL)
		client_path_add(path, "dry_run", "1");
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
	import_path(a, &path);
	c->errors_file = args_get(a, "errors");
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

const struct word words_language[] = {
    {"vi", "Việt", 0},
    {"bdq", "Ba Na", 0},
    {"jra", "Gia Rai", 0},
    {0},
};
const struct word words_script[] = {
    {"accented", "có dấu", 0},
    {"bare", "không dấu", 0},
    {0},
};
static const struct column people_columns[] = {
    {"id", "Mã", CELL_TEXT, NULL, false},
    {"number", "Số (che bớt)", CELL_TEXT, NULL, false},
    {"hamlet", "Thôn", CELL_TEXT, NULL, true},
    {"language", "Tiếng", CELL_WORD, words_language, true},
    {"script", "Chữ", CELL_WORD, words_script, true},
    {"kind", "Nhóm", CELL_TEXT, NULL, true},
    {"consent", "Đồng ý", CELL_YESNO, NULL, false},
    {"minor", "Vị thành niên", CELL_YESNO, NULL, true},
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

/* --- people show, forget --- */

static const struct operand number_operands[] = {
    {"NUMBER", &check_number, false},
    {0},
};
static const struct ctl_hint number_hints[] = {
    {404, "không có ai có số này", NULL},
    {0},
};
static const struct word words_fact[] = {
    {"consent", "Đồng ý", 0},
    {"list", "Danh sách", 0},
    {"campaign", "Chiến dịch", 0},
    {"event", "Sự kiện", 0},
    {"comes", "sẽ dự", STYLE_GOOD},
    {"left", "không dự", STYLE_WARN},
    {"given", "có", STYLE_GOOD},
    {"withdrawn", "rút lại", STYLE_WARN},
    {0},
};
static const struct column fact_columns[] = {
    {"what", "Gì", CELL_WORD, words_fact, false},
    {"at", "Lúc", CELL_TIME, NULL, true},
    {"name", "Tên", CELL_TEXT, NULL, false},
    {"state", "Trạng thái", CELL_WORD, words_fact, true},
    {"how", "Cách", CELL_TEXT, NULL, true},
    {"collected_on", "Ngày thu", CELL_TEXT, NULL, true},
    {"collector", "Người thu", CELL_TEXT, NULL, true},
    {"wording", "Mẫu phiếu", CELL_TEXT, NULL, true},
};
static const struct view fact_view = {
    fact_columns, TC_NELEM(fact_columns), "Không có gì thêm."};

static int
number_post(
    struct ctl *c, const struct args *a, const char *path, json_t **answer)
{
	char number[MSISDN_MAX];
	json_t *body;
	int code;

	(void)msisdn_parse(args_operand(a, 0), number);
	body = json_pack("{s:s}", "number", number);
	code = ctl_post(c, path, body, number_hints, answer);
	json_decref(body);
	return code;
}

/* All that is kept of one person, to be handed to him. */
static int
people_show(struct ctl *c, const struct args *a)
{
	json_t *answer;
	int code = number_post(c, a, "/people/export", &answer);

	if (code != CTL_OK || c->json)
		return code == CTL_OK ? ctl_show_record(c, answer, &people_view)
				      : code;
	code = ctl_show_record(c, json_incref(answer), &people_view);
	if (code == CTL_OK)
		code =
		    ctl_show_list(c, json_incref(answer), "facts", &fact_view);
	json_decref(answer);
	return code;
}

static const struct operand theme_operands[] = {
    {"NUMBER", &check_number, false},
    {"THEME", &check_theme, false},
    {0},
};
static const struct option_row theme_options[] = {
    {"in", NULL, .help = "nhận lại chủ đề này"},
    {0},
};

static int
people_theme(struct ctl *c, const struct args *a)
{
	bool is_out = args_get(a, "in") == NULL;
	char number[MSISDN_MAX];
	json_t *body, *answer;
	int code;

	(void)msisdn_parse(args_operand(a, 0), number);
	body = json_pack("{s:s, s:s, s:b}", "number", number, "theme",
	    args_operand(a, 1), "out", is_out);
	code = ctl_post(c, "/people/theme", body, number_hints, &answer);
	json_decref(body);
	if (code != CTL_OK)
		return code;
	if (c->json)
		out_json(c, answer, false);
	out_line(c, is_out ? "Từ nay người này không nhận chủ đề ấy nữa."
			   : "Người này lại nhận chủ đề ấy.");
	json_decref(answer);
	return CTL_OK;
}

static const struct operand hours_operands[] = {
    {"NUMBER", &check_number, false},
    {"HOURS", &check_hours, true},
    {0},
};

/* Without hours: at any hour again. */
static int
people_hours(struct ctl *c, const struct args *a)
{
	int from = 0, until = 0, code;
	char number[MSISDN_MAX];
	json_t *body, *answer;

	if (args_operand(a, 1) != NULL)
		(void)check_read_hours(args_operand(a, 1), &from, &until);
	(void)msisdn_parse(args_operand(a, 0), number);
	body = json_pack(
	    "{s:s, s:i, s:i}", "number", number, "from", from, "until", until);
	code = ctl_post(c, "/people/hours", body, number_hints, &answer);
	json_decref(body);
	if (code != CTL_OK)
		return code;
	if (c->json)
		out_json(c, answer, false);
	out_line(c, from != until
			? "Trong các giờ ấy người này không được nhắn tin."
			: "Người này lại nhận tin vào mọi giờ.");
	json_decref(answer);
	return CTL_OK;
}

static int
people_forget(struct ctl *c, const struct args *a)
{
	json_t *answer;
	int code = number_post(c, a, "/people/forget", &answer);

	if (code != CTL_OK)
		return code;
	if (c->json)
		out_json(c, answer, false);
	out_line(
	    c, json_is_true(json_object_get(answer, "known"))
		   ? "Đã xóa. Số này không nhập lại được bằng tệp nữa."
		   : "Không có ai có số này; từ nay tệp nhập cũng bỏ qua.");
	json_decref(answer);
	return CTL_OK;
}

const struct verb people_verbs[] = {
    {"import", "Nhập người nhận tin từ tệp CSV, tất cả hoặc không ai",
	"Cột: so_dien_thoai, nguon_dong_y, ngay_dong_y, nguoi_thu, và nếu "
	"có: thon, ngon_ngu, nhom, chu_viet (co dau, khong dau), mau_phieu, "
	"vi_thanh_nien, giam_ho_dong_y, gio_khong_nhan. Nhóm là một nhóm của "
	"commune.conf.",
	import_operands, import_options, people_import},
    {"dnc", "Nhập tệp các số không được gửi (danh sách không quảng cáo)",
	"Cột: so_dien_thoai.", import_operands, dnc_options, people_import},
    {"show", "Mọi thứ lưu về một người, để trao cho chính người ấy", NULL,
	number_operands, NULL, people_show},
    {"theme", "Một người không muốn nhận một chủ đề (hoặc nhận lại)", NULL,
	theme_operands, theme_options, people_theme},
    {"hours", "Giờ mà một người không muốn nhận tin",
	"Ví dụ: 12-14, 21:30-6. Không nêu giờ: nhận vào mọi giờ.",
	hours_operands, NULL, people_hours},
    {"forget", "Xóa một người theo yêu cầu của người ấy", NULL, number_operands,
	NULL, people_forget},
    {"list", "Những người đã đăng ký nhận tin", NULL, NULL, people_list_options,
	people_list},
    {0},
};
