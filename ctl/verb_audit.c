/* SPDX-License-Identifier: GPL-2.0-or-later */
/* audit: is the ledger of acts and views whole? */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "ctl/ctl.h"
#include "ctl/shape.h"

#define PATH_BYTES 256

static const struct option_row audit_options[] = {
    {"head", "SEQ:HASH", .help = "đầu sổ đã ghi lại lần trước",
	.check = &check_head},
    {0},
};

static void
audit_path(const struct args *a, struct buf *path)
{
	const char *kept = args_get(a, "head");
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

static int
audit_verify(struct ctl *c, const struct args *a)
{
	struct buf path;
	json_t *answer;
	int code;

	buf_init(&path, PATH_BYTES);
	audit_path(a, &path);
	code = ctl_get(c, buf_str(&path), &answer);
	buf_clear(&path);
	if (code != CTL_OK)
		return code;
	if (c->json)
		out_json(c, answer, false);
	code = audit_show(c, answer);
	json_decref(answer);
	return code == TC_EPROTO ? ctl_refuse(c, "câu trả lời lạ", NULL, NULL)
				 : code;
}

const struct verb audit_verbs[] = {
    {"verify", "Kiểm tra sổ hành động từ đầu đến cuối",
	"Ghi lại đầu sổ ở một cơ quan khác; lần sau đưa nó cho --head thì sổ bị "
	"cắt cũng bị phát hiện.",
	NULL, audit_options, audit_verify},
    {0},
};
