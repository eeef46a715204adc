/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * case: what is done with a case after it was claimed: notes, waiting, handing
 * over, calls, consent, referral.
 *
 * What a handler writes is sealed here to the case's public key; a referral to
 * an agency that is not on the ladder opens the case key here and seals its 32
 * bytes anew. Owns both for that moment, and wipes them.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "ctl/case.h"
#include "ctl/key.h"
#include "ctl/keyfile.h"
#include "ctl/shape.h"

#define NOTE_MAX 4000 /* bytes: sealed and as base64 it is still taken */

const struct operand case_code_operands[] = {
    {"CODE", &check_code, false},
    {0},
};
static const struct ctl_hint act_hints[] = {
    {403, "chỉ người đang giữ vụ việc mới làm được việc này",
	"nhận trước: tincayctl case claim CODE"},
    {404, "không có vụ việc này trong hàng đợi của bạn",
	"xem: tincayctl case queue"},
    {409, "vụ việc không ở trạng thái cho phép việc này", NULL},
    {0},
};

int
case_post(struct ctl *c, const struct case_request *rq)
{
	char *name = check_upper(args_operand(rq->args, 0));
	char *path = xasprintf("/cases/%s/%s", name, rq->act);
	json_t *answer, *inner;
	int code;

	code = ctl_post(c, path, rq->body,
	    rq->hints != NULL ? rq->hints : act_hints, &answer);
	free(path);
	free(name);
	if (code != CTL_OK)
		return code;
	out_line(c, "%s", rq->done);
	inner = case_of(answer);
	if (c->json)
		out_json(c, inner, false);
	else if (json_is_object(inner))
		code = ctl_show_record(c, json_incref(inner), &case_view);
	json_decref(answer);
	return code;
}

/* The same, and the body is dropped. */
static int
act_post(struct ctl *c, const struct args *a, const char *act, json_t *body,
    const char *done)
{
	const struct case_request rq = {a, act, body, NULL, done};
	int code = case_post(c, &rq);

	json_decref(body);
	return code;
}

/* --- notes --- */

const struct option_row case_note_options[] = {
    {"text", "T", .help = "nội dung ghi chú", .check = &check_line},
    {"text-file", "F", .help = "đọc ghi chú từ tệp UTF-8",
	.check = &check_path},
    {0},
};

/* What was written, in new memory. CTL_OK or told. */
static int
note_text(struct ctl *c, const struct args *a, char **out)
{
	const char *text = args_get(a, "text"),
		   *file = args_get(a, "text-file");
	size_t len;

	if ((text != NULL) == (file != NULL))
		return ctl_usage(
		    c, "chọn đúng một: --text T hoặc --text-file F");
	if (text != NULL)
		*out = xstrdup(text);
	else if (file_read(file, NOTE_MAX, out, &len) != 0)
		return ctl_refuse(
		    c, "không đọc được tệp, hoặc tệp quá lớn", file, NULL);
	len = strlen(*out);
	if (len > 0 && len <= NOTE_MAX && utf8_is_valid(*out, len))
		return CTL_OK;
	keyfile_wipe(*out, len);
	free(*out);
	*out = NULL;
	return ctl_refuse(
	    c, "ghi chú rỗng, quá dài hoặc không phải UTF-8", NULL, NULL);
}

/* {"text": ...} sealed to the case, as base64; NULL when the key is unusable. */
static json_t *
note_seal(const char *text, const unsigned char pk[KEYFILE_KEY])
{
	json_t *plain =
	    json_pack("{s:s, s:I}", "text", text, "at", (json_int_t)time(NULL));
	char *json = json_dumps(plain, JSON_COMPACT);
	json_t *sealed = NULL;
	struct buf b;

	buf_init(&b, 65536);
	if (keyfile_seal_item(pk, json, strlen(json), &b) == 0)
		sealed = shape_from_bytes(b.data, b.len);
	buf_clear(&b);
	keyfile_wipe(json, strlen(json));
	free(json);
	json_decref(plain);
	return sealed;
}

static int
note_public_key(
    struct ctl *c, const json_t *answer, unsigned char pk[KEYFILE_KEY])
{
	size_t len;

	if (shape_bytes(json_object_get(answer, "public_key"), pk, KEYFILE_KEY,
		&len) != 0 ||
	    len != KEYFILE_KEY)
		return ctl_bad_answer(c);
	return CTL_OK;
}

/* The note of the command line, sealed to the case of this view. */
static int
note_make(
    struct ctl *c, const struct args *a, const json_t *answer, json_t **out)
{
	unsigned char pk[KEYFILE_KEY];
	char *text;
	int code;

	if ((code = note_public_key(c, answer, pk)) != CTL_OK ||
	    (code = note_text(c, a, &text)) != CTL_OK)
		return code;
	*out = note_seal(text, pk);
	keyfile_wipe(text, strlen(text));
	free(text);
	return *out != NULL ? CTL_OK : ctl_bad_answer(c);
}

int
case_note(struct ctl *c, const struct args *a)
{
	json_t *answer, *sealed = NULL;
	int code = case_fetch(c, a, &answer);

	if (code != CTL_OK)
		return code;
	code = note_make(c, a, answer, &sealed);
	json_decref(answer);
	if (code != CTL_OK)
		return code;
	return act_post(c, a, "note", json_pack("{s:o}", "sealed", sealed),
	    "Đã thêm ghi chú.");
}

/* --- waiting, handing over, calling --- */

const struct option_row case_next_options[] = {
    {"at", "T", .help = "ngày giờ, ví dụ 2026-12-01 hoặc \"2026-12-01 09:00\"",
	.check = &check_time},
    {"now", NULL, .help = "làm tiếp ngay"},
    {0},
};

int
case_next(struct ctl *c, const struct args *a)
{
	const char *at = args_get(a, "at");
	int64_t t = 0;

	if ((at != NULL) == (args_get(a, "now") != NULL))
		return ctl_usage(c, "chọn đúng một: --at T hoặc --now");
	if (at != NULL && !check_read_time(at, c->utc, &t))
		return CTL_USAGE;
	return act_post(c, a, "next", json_pack("{s:I}", "at", (json_int_t)t),
	    at != NULL ? "Vụ việc chờ đến lúc đó." : "Làm tiếp từ bây giờ.");
}

const struct operand case_hand_operands[] = {
    {"CODE", &check_code, false},
    {"USER", &check_user, false},
    {0},
};

int
case_hand(struct ctl *c, const struct args *a)
{
	return act_post(c, a, "hand",
	    json_pack("{s:s}", "user", args_operand(a, 1)),
	    "Đã bàn giao vụ việc.");
}

const struct option_row case_call_options[] = {
    {"reason", "R",
	.help = "vì sao gọi ngoài giờ đã hẹn: danger, child hoặc asked",
	.check = &check_outcome},
    {0},
};

int
case_call(struct ctl *c, const struct args *a)
{
	const char *reason = args_get(a, "reason");
	const struct ctl_hint hints[] = {
	    act_hints[0],
	    act_hints[1],
	    {409, "không được gọi lúc này",
		"ngoài giờ đã hẹn thì cần --reason; người xin im lặng thì "
		"không gọi"},
	    {0},
	};
	json_t *body = json_pack("{s:s}", "reason", reason ? reason : "");
	const struct case_request rq = {
	    a, "call", body, hints, "Đã ghi cuộc gọi; bây giờ có thể gọi."};
	int code = case_post(c, &rq);

	json_decref(body);
	return code;
}

const struct operand case_clock_operands[] = {
    {"CODE", &check_code, false},
    {"ACT", &check_outcome, false},
    {0},
};

int
case_clock(struct ctl *c, const struct args *a)
{
	return act_post(c, a, "clock",
	    json_pack("{s:s}", "act", args_operand(a, 1)),
	    "Đã ghi vào đồng hồ 12 giờ.");
}

const struct operand case_say_operands[] = {
    {"CODE", &check_code, false},
    {"TEMPLATE", &check_template, false},
    {0},
};
const struct option_row case_say_options[] = {
    {"time", "H:MM", .help = "giờ được nói trong tin", .check = &check_clock,
	.required = true},
    {"day", "D", .help = "ngày: T2 ... T7, CN", .check = &check_days},
    {0},
};
static const struct ctl_hint say_hints[] = {
    {403, "chỉ người đang giữ vụ việc mới nhắn được",
	"nhận trước: tincayctl case claim CODE"},
    {404, "không có vụ việc này trong hàng đợi của bạn",
	"xem: tincayctl case queue"},
    {409, "không được nhắn lúc này",
	"chỉ nhắn khi đương sự đã nói là an toàn, trong giờ đã hẹn"},
    {422, "không có mẫu tin này", "các mẫu: SAY_CALL, SAY_COME"},
    {0},
};

int
case_say(struct ctl *c, const struct args *a)
{
	const char *day = args_get(a, "day");
	char *template = check_upper(args_operand(a, 1));
	json_t *body = json_pack("{s:s}", "template", template);
	const struct case_request rq = {
	    a, "say", body, say_hints, "Tin đang được gửi."};
	unsigned bits = 0;
	int minute = 0, code, n = 0;

	free(template);
	(void)check_read_clock(args_get(a, "time"), &minute);
	json_object_set_new(body, "minute", json_integer(minute));
	if (day != NULL && check_read_days(day, &bits)) {
		while ((bits >> n & 1) == 0)
			n++;
		json_object_set_new(body, "day", json_integer(n));
	}
	code = case_post(c, &rq);
	json_decref(body);
	return code;
}

/* --- the safe word --- */

const struct option_row case_word_options[] = {
    {"word-file", "FILE", .help = "đọc từ an toàn từ dòng đầu của tệp",
	.check = &check_path},
    {0},
};

/* The word is asked for, or read; never on the command line. */
static int
word_post(struct ctl *c, const struct args *a, const char *act, json_t **answer)
{
	char word[PASSPHRASE_SIZE], *name, *path;
	json_t *body;
	int code = ctl_secret(c, args_get(a, "word-file"),
	    "Từ an toàn: ", strcmp(act, "safe-word") == 0, word);

	if (code != CTL_OK)
		return code;
	name = check_upper(args_operand(a, 0));
	path = xasprintf("/cases/%s/%s", name, act);
	body = json_pack("{s:s}", "word", word);
	keyfile_wipe(word, sizeof(word));
	code = body != NULL
		   ? ctl_post(c, path, body, act_hints, answer)
		   : ctl_refuse(c, "từ an toàn không phải UTF-8", NULL, NULL);
	json_decref(body);
	free(path);
	free(name);
	return code;
}

int
case_safe_word(struct ctl *c, const struct args *a)
{
	json_t *answer;
	int code = word_post(c, a, "safe-word", &answer);

	if (code != CTL_OK)
		return code;
	out_line(c, "Đã giữ từ an toàn.");
	if (c->json)
		out_json(c, answer, false);
	json_decref(answer);
	return CTL_OK;
}

int
case_verify(struct ctl *c, const struct args *a)
{
	json_t *answer;
	bool is_same;
	int code = word_post(c, a, "verify", &answer);

	if (code != CTL_OK)
		return code;
	is_same = json_is_true(json_object_get(answer, "verified"));
	if (c->json)
		out_json(c, answer, false);
	json_decref(answer);
	if (!is_same)
		return ctl_refuse(c, "từ an toàn không đúng", NULL,
		    "đừng nói gì về vụ việc trong cuộc gọi này");
	out_line(c, "Đúng từ an toàn.");
	return CTL_OK;
}

/* --- how she may be reached --- */

const struct option_row case_contact_options[] = {
    {"state", "S", .help = "unknown, safe hoặc unsafe",
	.check = &check_outcome},
    {"hours", "A-B", .help = "giờ gọi được, ví dụ 9-11 hoặc 19:30-21",
	.check = &check_hours},
    {"days", "D[,D]", .help = "ngày gọi được: T2 ... T7, CN",
	.check = &check_days},
    {0},
};

int
case_contact(struct ctl *c, const struct args *a)
{
	const char *state = args_get(a, "state"), *hours = args_get(a, "hours"),
		   *days = args_get(a, "days");
	json_t *body = json_object();
	int from = 0, until = 0;
	unsigned bits = 0;

	if (state != NULL)
		json_object_set_new(body, "state", json_string(state));
	if (hours != NULL || days != NULL) {
		(void)(hours != NULL && check_read_hours(hours, &from, &until));
		(void)(days != NULL && check_read_days(days, &bits));
		json_object_set_new(body, "from", json_integer(from));
		json_object_set_new(body, "until", json_integer(until));
		json_object_set_new(body, "days", json_integer(bits));
	}
	return act_post(c, a, "contact", body, "Đã ghi cách liên lạc.");
}

/* --- consent and referral --- */

const struct operand case_agency_operands[] = {
    {"CODE", &check_code, false},
    {"AGENCY", &check_agency, false},
    {0},
};
const struct option_row case_consent_options[] = {
    {"how", "H",
	.help = "voice (qua điện thoại), person (gặp), text (tin nhắn)",
	.check = &check_outcome, .required = true},
    {"withdraw", NULL, .help = "rút lại đồng ý"},
    {0},
};

int
case_consent(struct ctl *c, const struct args *a)
{
	bool withdrawn = args_get(a, "withdraw") != NULL;
	char *agency = check_upper(args_operand(a, 1));
	json_t *body = json_pack("{s:s, s:s, s:b}", "agency", agency, "how",
	    args_get(a, "how"), "withdrawn", (int)withdrawn);

	free(agency);
	return act_post(c, a, "consent", body,
	    withdrawn ? "Đã ghi: rút lại đồng ý." : "Đã ghi: đồng ý.");
}

const struct option_row case_refer_options[] = {
    {"override", "O",
	.help = "ngoài phạm vi đồng ý: life, child hoặc legal; cần ghi lý do",
	.check = &check_outcome},
    {"text", "T", .help = "lý do", .check = &check_line},
    {"text-file", "F", .help = "đọc lý do từ tệp UTF-8", .check = &check_path},
    {"key", "FILE",
	.help = "tệp khóa của cơ quan mình, khi nơi nhận chưa có bản khóa",
	.check = &check_path},
    {"passphrase-file", "FILE", .help = "đọc mật khẩu khóa từ dòng đầu của tệp",
	.check = &check_path},
    {0},
};
static const struct ctl_hint refer_hints[] = {
    {403, "chỉ người đang giữ vụ việc mới chuyển được",
	"nhận trước: tincayctl case claim CODE"},
    {404, "không có vụ việc này trong hàng đợi của bạn",
	"xem: tincayctl case queue"},
    {409, "không chuyển được",
	"chưa đồng ý: tincayctl case consent; chưa có bản khóa: thêm --key"},
    {422, "không có cơ quan này, hoặc thiếu lý do", NULL},
    {0},
};

/* The case key of this view sealed to another agency, as base64. */
static int
refer_seal(struct ctl *c, const struct keyfile *kf, const json_t *answer,
    const char *agency, json_t **out)
{
	unsigned char sealed[KEYFILE_SEALED_KEY], sk[KEYFILE_KEY],
	    pk[KEYFILE_KEY];
	size_t len;
	int code;

	if ((code = key_of_agency(c, agency, pk)) != CTL_OK)
		return code;
	if (shape_bytes(json_object_get(answer, "sealed_key"), sealed,
		sizeof(sealed), &len) != 0)
		return ctl_bad_answer(c);
	if (keyfile_open_case(kf, sealed, len, sk) != 0)
		return ctl_refuse(c, "khóa này không mở được vụ việc",
		    keyfile_public(kf)->agency, NULL);
	if (keyfile_seal_key(pk, sk, sealed) == 0)
		*out = shape_from_bytes(sealed, sizeof(sealed));
	keyfile_wipe(sk, sizeof(sk));
	return *out != NULL ? CTL_OK
			    : ctl_refuse(c,
				  "khóa của cơ quan nhận không dùng "
				  "được",
				  agency, NULL);
}

/* What a referral sends along that must be sealed here: a reason, the key. */
static int
refer_body(
    struct ctl *c, const struct args *a, const char *agency, json_t *body)
{
	bool has_note =
	    args_get(a, "text") != NULL || args_get(a, "text-file") != NULL;
	json_t *answer = NULL, *note = NULL, *key = NULL;
	struct keyfile *kf = NULL;
	int code = CTL_OK;

	if (args_get(a, "key") != NULL)
		code = key_open(
		    c, args_get(a, "key"), args_get(a, "passphrase-file"), &kf);
	if (code == CTL_OK && (has_note || kf != NULL))
		code = case_fetch(c, a, &answer);
	if (code == CTL_OK && has_note)
		code = note_make(c, a, answer, &note);
	if (code == CTL_OK && kf != NULL)
		code = refer_seal(c, kf, answer, agency, &key);
	if (note != NULL)
		json_object_set_new(body, "note", note);
	if (key != NULL)
		json_object_set_new(body, "sealed_key", key);
	keyfile_close(kf);
	json_decref(answer);
	return code;
}

int
case_refer(struct ctl *c, const struct args *a)
{
	const char *override = args_get(a, "override");
	char *agency = check_upper(args_operand(a, 1));
	json_t *body = json_pack("{s:s}", "agency", agency);
	const struct case_request rq = {
	    a, "refer", body, refer_hints, "Đã chuyển; cơ quan kia cần nhận."};
	int code;

	if (override != NULL)
		json_object_set_new(body, "override", json_string(override));
	code = refer_body(c, a, agency, body);
	if (code == CTL_OK)
		code = case_post(c, &rq);
	json_decref(body);
	free(agency);
	return code;
}

static const struct ctl_hint offer_hints[] = {
    {403, "vụ việc không được chuyển đến cơ quan của bạn", NULL},
    {404, "không có vụ việc này trong hàng đợi của bạn",
	"xem: tincayctl case queue"},
    {409, "vụ việc không đang được chuyển", "xem: tincayctl case queue"},
    {0},
};

int
case_accept(struct ctl *c, const struct args *a)
{
	return case_post(
	    c, &(struct case_request){a, "accept", NULL, offer_hints,
		   "Cơ quan bạn đã nhận vụ việc này."});
}

int
case_decline(struct ctl *c, const struct args *a)
{
	return case_post(c, &(struct case_request){a, "decline", NULL,
				offer_hints, "Đã trả lại nơi chuyển."});
}

int
case_revoke(struct ctl *c, const struct args *a)
{
	return case_post(c, &(struct case_request){a, "revoke", NULL,
				offer_hints, "Đã rút lại việc chuyển."});
}
