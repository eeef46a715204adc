/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The checks of what is typed on the command line, each with the rule in plain
 * words.
 *
 * Called by args.c for every value and by the verbs for texts from files. Pure
 * functions; nothing fails but the answer "no".
 */
#include "config.h"

#include <string.h>

#include "gsm.h"
#include "msisdn.h"

#include "ctl/check.h"

#define LOWER "abcdefghijklmnopqrstuvwxyz"
#define UPPER "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS "0123456789"

/* Only characters of set, between 1 and max of them. */
static bool
is_made_of(const char *s, const char *set, size_t max)
{
	size_t len = strlen(s);

	return len >= 1 && len <= max && strspn(s, set) == len;
}

/* UTF-8 of 1 to max bytes without control characters. */
static bool
is_line(const char *s, size_t max)
{
	size_t len = strlen(s), i;

	if (len == 0 || len > max || !utf8_is_valid(s, len))
		return false;
	for (i = 0; i < len; i++)
		if ((unsigned char)s[i] < 0x20 || s[i] == 0x7f)
			return false;
	return true;
}

/* A segment of a path that means another one. */
static bool
is_dots(const char *s)
{
	return strcmp(s, ".") == 0 || strcmp(s, "..") == 0;
}

static bool
is_int(const char *s, int64_t min, int64_t max)
{
	int64_t value;

	return str_to_int64(s, min, max, &value) == 0;
}

static bool
ok_user(const char *s)
{
	return is_made_of(s, LOWER DIGITS "._-", 39) && !is_dots(s);
}

static bool
ok_agency(const char *s)
{
	return is_made_of(s, LOWER UPPER DIGITS, 15);
}

static bool
ok_roles(const char *s)
{
	static const char *const known[] = {"admin", "drafter", "approver",
	    "handler", "technician", "reviewer"};
	char role[CHECK_ROLE_SIZE];
	size_t n, i;

	for (n = 0; check_role_at(s, n, role); n++) {
		for (i = 0; i < TC_NELEM(known); i++)
			if (strcmp(role, known[i]) == 0)
				break;
		if (i == TC_NELEM(known))
			return false;
	}
	return n > 0;
}

static bool
ok_id(const char *s)
{
	return strlen(s) == 16 && is_made_of(s, DIGITS "abcdef", 16);
}

static bool
ok_code(const char *s)
{
	/* The 32 letters that codes are made of, in both cases. */
	return strlen(s) == 8 &&
	       is_made_of(s,
		   "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghjklmnpqrstuvwxyz23456789",
		   8);
}

static bool
ok_template(const char *s)
{
	return is_made_of(s, LOWER UPPER DIGITS "_", 31);
}

static bool
ok_outcome(const char *s)
{
	return is_made_of(s, LOWER DIGITS "_-", 23);
}

static bool
ok_modem(const char *s)
{
	return is_made_of(s, LOWER DIGITS "_-", 32);
}

static bool
ok_ussd(const char *s)
{
	return is_made_of(s, DIGITS "*#", 32) && strlen(s) >= 2;
}

static bool
ok_answer(const char *s)
{
	return is_line(s, 64);
}

static bool
ok_list(const char *s)
{
	return is_line(s, 63) && !is_dots(s);
}

static bool
ok_campaign(const char *s)
{
	return is_line(s, 79);
}

static bool
ok_number(const char *s)
{
	char canonical[MSISDN_MAX];

	return msisdn_parse(s, canonical) == MSISDN_MOBILE;
}

static bool
ok_year(const char *s)
{
	return is_int(s, 2000, 2100);
}

static bool
ok_per_day(const char *s)
{
	return is_int(s, 1, 3);
}

static bool
ok_per_month(const char *s)
{
	return is_int(s, 1, 31);
}

static bool
ok_theme(const char *s)
{
	return is_line(s, 15);
}

static bool
ok_money(const char *s)
{
	return is_int(s, 0, 1000000000);
}

static bool
ok_count(const char *s)
{
	return is_int(s, 0, 100000);
}

static bool
ok_wait(const char *s)
{
	return is_int(s, 0, 60);
}

static bool
ok_interval(const char *s)
{
	return is_int(s, 1, 3600);
}

static bool
ok_limit(const char *s)
{
	return is_int(s, 1, 1000000);
}

static bool
ok_cursor(const char *s)
{
	return is_made_of(s, LOWER UPPER DIGITS "._:-", 64);
}

static bool
ok_line(const char *s)
{
	return is_line(s, 4096);
}

static bool
ok_path(const char *s)
{
	return s[0] != '\0';
}

static bool
ok_head(const char *s)
{
	size_t n = strspn(s, DIGITS), len;

	if (n < 1 || n > 18 || s[n] != ':')
		return false;
	len = strlen(s + n + 1);
	return len >= 16 && len <= 64 && len % 2 == 0 &&
	       strspn(s + n + 1, DIGITS "abcdef") == len;
}

static bool
ok_label(const char *s)
{
	return is_made_of(s, LOWER UPPER, 7);
}

static bool
ok_places(const char *s)
{
	return is_int(s, 1, 99);
}

const struct check check_label = {ok_label, "tên điểm, một chữ như A"};
const struct check check_places = {ok_places, "số từ 1 đến 99"};
const struct check check_user = {ok_user,
    "tên tài khoản gồm chữ thường a–z, số, dấu . _ -, tối đa 39 ký tự"};
const struct check check_agency = {
    ok_agency, "mã cơ quan gồm chữ A–Z và số, tối đa 15 ký tự, ví dụ HPN"};
const struct check check_roles = {ok_roles,
    "vai trò cách nhau bằng dấu phẩy: admin, drafter, approver, handler, "
    "technician, reviewer"};
const struct check check_id = {ok_id, "mã gồm 16 chữ số hex (0–9, a–f)"};
const struct check check_code = {
    ok_code, "mã vụ việc gồm 8 chữ và số, không có 0 O 1 I, ví dụ K7Q2MX9A"};
const struct check check_template = {
    ok_template, "tên mẫu tin gồm chữ A–Z, số, dấu _, ví dụ SAY_CALL"};
const struct check check_outcome = {
    ok_outcome, "mã kết quả gồm chữ thường, số, dấu _"};
const struct check check_modem = {
    ok_modem, "tên modem gồm chữ thường a–z, số, dấu _ -, tối đa 32 ký tự"};
const struct check check_ussd = {
    ok_ussd, "mã USSD gồm số, * và #, ví dụ '*101#'"};
const struct check check_answer = {
    ok_answer, "câu trả lời trên một dòng, tối đa 64 byte"};
const struct check check_list = {
    ok_list, "tên danh sách trên một dòng, tối đa 63 byte"};
const struct check check_campaign = {
    ok_campaign, "tên chiến dịch trên một dòng, tối đa 79 byte"};
const struct check check_hamlet = {
    ok_list, "tên thôn trên một dòng, tối đa 63 byte"};
const struct check check_number = {
    ok_number, "số di động Việt Nam, ví dụ 0900 000 001"};
const struct check check_year = {ok_year, "năm từ 2000 đến 2100"};
const struct check check_per_day = {ok_per_day, "số từ 1 đến 3"};
const struct check check_per_month = {ok_per_month, "số từ 1 đến 31"};
const struct check check_theme = {ok_theme, "chủ đề, tối đa 15 byte"};
const struct check check_money = {ok_money, "số đồng từ 0 đến 1000000000"};
const struct check check_count = {ok_count, "số từ 0 đến 100000"};
const struct check check_wait = {ok_wait, "số giây từ 0 đến 60"};
const struct check check_interval = {ok_interval, "số giây từ 1 đến 3600"};
const struct check check_limit = {ok_limit, "số từ 1 đến 1000000"};
const struct check check_cursor = {ok_cursor, "con trỏ mà lần trước đã trả về"};
const struct check check_line = {
    ok_line, "văn bản UTF-8 trên một dòng, tối đa 4096 byte"};
const struct check check_path = {ok_path, "giá trị không rỗng"};
const struct check check_head = {ok_head,
    "đầu sổ: số, dấu hai chấm, 16 đến 64 chữ số hex, như audit verify hoặc tin "
    "hằng ngày đã ghi"};

char *
check_upper(const char *value)
{
	char *code = xstrdup(value), *p;

	for (p = code; *p != '\0'; p++)
		if (*p >= 'a' && *p <= 'z')
			*p = (char)(*p - 'a' + 'A');
	return code;
}

bool
check_role_at(const char *roles, size_t n, char out[CHECK_ROLE_SIZE])
{
	size_t len;

	for (;; n--) {
		len = strcspn(roles, ",");
		if (n == 0)
			break;
		if (roles[len] == '\0')
			return false;
		roles += len + 1;
	}
	/* One that is cut, or empty, is no known role. */
	(void)!str_printf(out, CHECK_ROLE_SIZE, "%.*s", (int)len, roles);
	return true;
}

const char *
check_text(const char *text, size_t len)
{
	struct gsm_text measured;
	size_t i;

	if (len == 0)
		return "nội dung tin rỗng";
	if (len > CHECK_TEXT_MAX)
		return "nội dung tin dài quá 1599 byte";
	if (!utf8_is_valid(text, len))
		return "nội dung tin không phải UTF-8; hãy lưu lại tệp dạng "
		       "UTF-8";
	for (i = 0; i < len; i++)
		if (((unsigned char)text[i] < 0x20 && text[i] != '\n') ||
		    text[i] == 0x7f)
			return "nội dung tin có ký tự điều khiển";
	if (gsm_segment(text, len, &measured, NULL, 0) != 0 ||
	    measured.nsegments > CHECK_SEGMENTS_MAX)
		return "nội dung tin dài quá 6 phần tin nhắn; hãy rút ngắn";
	return NULL;
}
