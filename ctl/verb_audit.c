/* SPDX-License-Identifier: GPL-2.0-or-later */
/* audit: is the ledger of acts and views whole? */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/ctl.h"
#include "ctl/shape.h"

#define PATH_BYTES 256
#define KEEP_FILE_MAX (1u << 20) /* decades of days */

static const struct option_row audit_options[] = {
    {"head", "SEQ:HASH", .help = "đầu sổ đã ghi lại lần trước",
	.check = &check_head},
    {0},
};

static void
audit_path(const char *kept, struct buf *path)
{
	char *seq;

	buf_put_str(path, "/audit/verify");
	if (kept == NULL)
		return;
	seq = xstrndup(kept, strcspn(kept, ":"));
	client_path_add(path, "seq", seq);
	client_path_add(path, "head", kept + strlen(seq) + 1);
	free(seq);
}

static int
audit_show(struct ctl *c, const json_t *answer)
{
	int64_t lines, seq, bad = 0;
	const char *head = shape_string(answer, "head");
	bool good = json_is_true(json_object_get(answer, "good"));

	if (good && (head == NULL || shape_int(answer, "lines", &lines) != 0 ||
			shape_int(answer, "seq", &seq) != 0))
		return TC_EPROTO;
	/* null when no line is bad */
	(void)!shape_int(answer, "bad_seq", &bad);
	if (good) {
		out_line(c, "Sổ nguyên vẹn: %lld dòng.", (long long)lines);
		out_line(c, "Đầu sổ: %lld:%s", (long long)seq, head);
		return CTL_OK;
	}
	if (bad != 0)
		return ctl_refuse(c, "sổ đã bị sửa, xóa hoặc đổi chỗ một dòng",
		    NULL, "giữ nguyên máy, báo người phụ trách dữ liệu");
	return ctl_refuse(c, "sổ đã bị cắt: không còn đầu sổ đã ghi lại", NULL,
	    "giữ nguyên máy, báo người phụ trách dữ liệu");
}

/* Ask for the check, with a head that was kept (NULL: none), and tell what came
 * out. CTL_OK only when the ledger is whole; the caller drops *answer then. */
static int
audit_check(struct ctl *c, const char *kept, json_t **answer)
{
	struct buf path;
	int code;

	buf_init(&path, PATH_BYTES);
	audit_path(kept, &path);
	code = ctl_get(c, buf_str(&path), answer);
	buf_clear(&path);
	if (code != CTL_OK)
		return code;
	if (c->json)
		out_json(c, *answer, false);
	code = audit_show(c, *answer);
	if (code == TC_EPROTO)
		code = ctl_bad_answer(c);
	if (code != CTL_OK)
		json_decref(*answer);
	return code;
}

static int
audit_verify(struct ctl *c, const struct args *a)
{
	json_t *answer;
	int code = audit_check(c, args_get(a, "head"), &answer);

	if (code == CTL_OK)
		json_decref(answer);
	return code;
}

/* --- list --- */

static const struct option_row list_options[] = {
    {"after", "SEQ", .help = "chỉ những dòng sau số này",
	.check = &check_cursor},
    {"limit", "N", .help = "tối đa N dòng", .check = &check_limit},
    {0},
};
static const struct column line_columns[] = {
    {"seq", "Số", CELL_INT, NULL, false},
    {"at", "Lúc", CELL_TIME, NULL, false},
    {"agency", "Cơ quan", CELL_TEXT, NULL, false},
    {"actor", "Ai", CELL_TEXT, NULL, false},
    {"act", "Việc", CELL_TEXT, NULL, false},
    {"detail", "Về", CELL_TEXT, NULL, true},
    {"case", "Vụ việc (mã sổ)", CELL_TEXT, NULL, false},
};
static const struct view line_view = {
    line_columns, TC_NELEM(line_columns), "Không có dòng nào."};

static int
audit_list(struct ctl *c, const struct args *a)
{
	const struct ctl_pages pages = {.path = "/audit/events",
	    .key = "events",
	    .cursor = "after",
	    .start = args_get(a, "after"),
	    .limit = 100};

	return ctl_list_pages(c, &pages, args_get(a, "limit"), &line_view);
}

/* --- keep --- */

static const struct operand keep_operands[] = {
    {"FILE", &check_path, false},
    {0},
};

/* The last "SEQ:HASH" of the file into kept, "" when there is none yet. CTL_OK
 * or told. */
static int
keep_last(struct ctl *c, const char *path, char kept[96])
{
	char *text = NULL, *line, *end;
	size_t len = 0;
	int rc = file_read(path, KEEP_FILE_MAX, &text, &len);

	kept[0] = '\0';
	if (rc == TC_ENOENT)
		return CTL_OK;
	if (rc != 0)
		return ctl_refuse(c, "không đọc được tệp", path, NULL);
	for (line = text; line != NULL && *line != '\0'; line = end) {
		end = strchr(line, '\n');
		if (end != NULL)
			*end++ = '\0';
		if (!check_head.ok(line) ||
		    str_printf(kept, 96, "%s", line) != 0) {
			free(text);
			return ctl_refuse(c,
			    "tệp không phải là các đầu sổ đã giữ", path, NULL);
		}
	}
	free(text);
	return CTL_OK;
}

static int
keep_append(struct ctl *c, const char *path, const char *line)
{
	FILE *f = fopen(path, "a");
	bool good = f != NULL && fprintf(f, "%s\n", line) > 0;

	if (f != NULL)
		good = fclose(f) == 0 && good;
	return good ? CTL_OK : ctl_refuse(c, "không ghi được tệp", path, NULL);
}

static int
audit_keep(struct ctl *c, const struct args *a)
{
	const char *path = args_operand(a, 0), *head;
	char kept[96], line[96];
	json_t *answer;
	int64_t seq = 0;
	int code;

	if ((code = keep_last(c, path, kept)) != CTL_OK ||
	    (code = audit_check(c, kept[0] != '\0' ? kept : NULL, &answer)) !=
		CTL_OK)
		return code;
	head = shape_string(answer, "head");
	if (head == NULL || shape_int(answer, "seq", &seq) != 0 ||
	    str_printf(line, sizeof(line), "%lld:%s", (long long)seq, head) !=
		0 ||
	    (seq > 0 && !check_head.ok(line)))
		code = ctl_bad_answer(c);
	else if (seq > 0 && strcmp(line, kept) != 0)
		code = keep_append(c, path, line);
	json_decref(answer);
	return code;
}

const struct verb audit_verbs[] = {
    {"verify", "Kiểm tra sổ hành động từ đầu đến cuối",
	"Ghi lại đầu sổ ở một cơ quan khác; lần sau đưa nó cho --head thì sổ bị "
	"cắt cũng bị phát hiện.",
	NULL, audit_options, audit_verify},
    {"list", "Ai của cơ quan khác đã xem và làm gì",
	"Cho người xem lại sổ (reviewer); việc của cơ quan mình do nơi khác "
	"xem.",
	NULL, list_options, audit_list},
    {"keep", "Kiểm tra sổ với đầu sổ giữ lần trước, rồi giữ đầu sổ mới",
	"Chạy hằng ngày ở một cơ quan khác; tệp không nằm trên máy này.",
	keep_operands, NULL, audit_keep},
    {0},
};
