/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The command line as tables: parsing with getopt_long() from the rows of a
 * verb, the checks of its values, and the help.
 *
 * Called by main.c and the verbs. Owns nothing; values point into argv. A wrong
 * use is told in args.error and never printed here.
 */
#include "config.h"

#include <assert.h>
#include <getopt.h>
#include <string.h>

#include "buf.h"
#include "ctl/args.h"
#include "ctl/text.h"

/* The options that every verb takes; they may stand before or behind it. */
static const struct option_row args_global[] = {
    {"socket", "SOCKET", .help = "ổ cắm của tincayd (/run/tincay/control.sock)",
	.check = &check_path, .letter = 's'},
    {"url", "URL", .help = "máy chủ: https ở mọi nơi, http chỉ trên máy này",
	.check = &check_path, .letter = 'u'},
    {"cacert", "FILE", .help = "chứng thư được tin khi dùng https",
	.check = &check_path},
    {"token-file", "FILE", .help = "tệp giữ phiên đăng nhập",
	.check = &check_path},
    {"json", NULL, .help = "in JSON cho máy đọc"},
    {"utc", NULL, .help = "giờ UTC thay cho giờ Việt Nam"},
    {"help", NULL, .help = "in hướng dẫn", .letter = 'h'},
    {"version", NULL, .help = "in phiên bản", .letter = 'V'},
    {0},
};

/* getopt_long() answers 1 for an operand and OPTION_BASE + row for a long
 * option. */
#define OPTION_BASE 256

struct parser {
	struct option longs[ARGS_OPTIONS_MAX + 1];
	char shorts[2 + 2 * ARGS_OPTIONS_MAX + 1];
};

static const struct operand no_operands[] = {{0}};

static const struct operand *
verb_operands(const struct verb *verb)
{
	return verb->operands != NULL ? verb->operands : no_operands;
}

static int TC_PRINTF(2, 3) args_fail(struct args *a, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(a->error, sizeof(a->error), fmt, ap);
	va_end(ap);
	return TC_EINVAL;
}

/* What a person typed, for a message: safe, and cut. */
static const char *
args_quote(const char *s, char out[64])
{
	struct buf b;

	buf_init(&b, 4096);
	text_safe(&b, s, TEXT_LINE);
	(void)!str_printf(out, 64, "%.48s", buf_str(&b));
	buf_clear(&b);
	return out;
}

static void
args_add_rows(struct args *a, const struct option_row *rows)
{
	for (; rows != NULL && rows->name != NULL; rows++) {
		assert(a->nrows < ARGS_OPTIONS_MAX);
		a->rows[a->nrows++] = rows;
	}
}

static void
parser_build(struct parser *p, const struct args *a, bool stop)
{
	const struct option_row *row;
	size_t n = 0, i;

	memset(p, 0, sizeof(*p));
	p->shorts[n++] = stop ? '+' : '-';
	p->shorts[n++] = ':';
	for (i = 0; i < a->nrows; i++) {
		row = a->rows[i];
		p->longs[i].name = row->name;
		p->longs[i].has_arg =
		    row->arg != NULL ? required_argument : no_argument;
		p->longs[i].val = OPTION_BASE + (int)i;
		if (row->letter == 0)
			continue;
		p->shorts[n++] = row->letter;
		if (row->arg != NULL)
			p->shorts[n++] = ':';
	}
}

static int
args_take_option(struct args *a, size_t i, const char *value)
{
	const struct option_row *row = a->rows[i];
	char quoted[64];

	if (a->values[i] != NULL && row->arg != NULL)
		return args_fail(a, "--%s được ghi hai lần", row->name);
	if (row->check != NULL && !row->check->ok(value))
		return args_fail(a, "--%s: “%s” không hợp lệ: cần %s",
		    row->name, args_quote(value, quoted), row->check->rule);
	a->values[i] = value != NULL ? value : "";
	return 0;
}

static int
args_take_operand(struct args *a, const char *value)
{
	const struct operand *operand = verb_operands(a->verb);
	char quoted[64];
	size_t i;

	for (i = 0; i < a->noperands && operand->name != NULL; i++)
		operand += operand->need != OPERAND_REPEATED;
	if (operand->name == NULL || a->noperands == ARGS_OPERANDS_MAX)
		return args_fail(a, "thừa “%s”", args_quote(value, quoted));
	if (operand->check != NULL && !operand->check->ok(value))
		return args_fail(a, "%s: “%s” không hợp lệ: cần %s",
		    operand->name, args_quote(value, quoted),
		    operand->check->rule);
	a->operands[a->noperands++] = value;
	return 0;
}

/* The row of a short option; getopt returned its letter. */
static size_t
args_row_of_letter(const struct args *a, int letter)
{
	size_t i;

	for (i = 0; i < a->nrows; i++)
		if (a->rows[i]->letter == letter)
			return i;
	assert(!"getopt knows a letter that the table has not");
	return 0;
}

static int
args_take(struct args *a, int found, char **argv)
{
	char quoted[64];

	if (found == ':')
		return args_fail(a, "%s cần một giá trị",
		    args_quote(argv[optind - 1], quoted));
	if (found == '?')
		return args_fail(
		    a, "không hiểu “%s”", args_quote(argv[optind - 1], quoted));
	if (found == 1)
		return args_take_operand(a, optarg);
	if (found >= OPTION_BASE)
		return args_take_option(
		    a, (size_t)(found - OPTION_BASE), optarg);
	return args_take_option(a, args_row_of_letter(a, found), optarg);
}

int
args_parse(
    struct args *a, const struct verb *verb, int argc, char **argv, int *at)
{
	struct parser parser;
	int found, rc = 0;

	a->verb = verb;
	if (a->nrows == 0)
		args_add_rows(a, args_global);
	if (verb != NULL)
		args_add_rows(a, verb->options);
	parser_build(&parser, a, verb == NULL);
	opterr = 0;
	/* Position and state of getopt start anew; argv[*at - 1] is skipped
	 * like a program name. */
	argv += *at - 1;
	argc -= *at - 1;
	optind = 0;
	while (rc == 0) {
		found =
		    getopt_long(argc, argv, parser.shorts, parser.longs, NULL);
		if (found == -1)
			break;
		rc = args_take(a, found, argv);
	}
	/* What stands behind "--" are operands. */
	if (verb == NULL)
		*at += optind - 1;
	else
		while (rc == 0 && optind < argc)
			rc = args_take_operand(a, argv[optind++]);
	return rc;
}

int
args_complete(struct args *a)
{
	const struct operand *operand = verb_operands(a->verb);
	size_t i;

	for (i = 0; operand[i].name != NULL; i++)
		if (i >= a->noperands && operand[i].need == OPERAND_ONCE)
			return args_fail(a, "thiếu %s", operand[i].name);
	for (i = 0; i < a->nrows; i++)
		if (a->rows[i]->required && a->values[i] == NULL)
			return args_fail(a, "thiếu --%s %s", a->rows[i]->name,
			    a->rows[i]->arg);
	return 0;
}

const char *
args_get(const struct args *a, const char *name)
{
	size_t i;

	for (i = 0; i < a->nrows; i++)
		if (strcmp(a->rows[i]->name, name) == 0)
			return a->values[i];
	assert(!"an option that is in no table");
	return NULL;
}

const char *
args_operand(const struct args *a, size_t i)
{
	return i < a->noperands ? a->operands[i] : NULL;
}

static void
args_usage_options(FILE *out, const struct option_row *row, bool required)
{
	for (; row != NULL && row->name != NULL; row++) {
		if (row->required != required)
			continue;
		fprintf(out, required ? " --%s" : " [--%s", row->name);
		if (row->arg != NULL)
			fprintf(out, " %s", row->arg);
		fputs(required ? "" : "]", out);
	}
}

void
args_usage(FILE *out, const struct verb_group *group, const struct verb *verb)
{
	const struct operand *operand = verb_operands(verb);

	fprintf(out, "tincayctl %s", group->name);
	if (verb->name != NULL)
		fprintf(out, " %s", verb->name);
	for (; operand->name != NULL; operand++)
		fprintf(out,
		    operand->need == OPERAND_ONCE ? " %s%s" : " [%s%s]",
		    operand->name,
		    operand->need == OPERAND_REPEATED ? "..." : "");
	args_usage_options(out, verb->options, true);
	args_usage_options(out, verb->options, false);
	fputc('\n', out);
}

static void
args_help_options(FILE *out, const struct option_row *row)
{
	char left[64];
	int width;

	for (; row != NULL && row->name != NULL; row++) {
		(void)!str_printf(left, sizeof(left), "%s%c%s--%s %s",
		    row->letter != 0 ? "-" : " ",
		    row->letter != 0 ? row->letter : ' ',
		    row->letter != 0 ? ", " : "  ", row->name,
		    row->arg != NULL ? row->arg : "");
		width = 30 - (int)strlen(left);
		fprintf(out, "  %s%*s%s%s\n", left, width > 1 ? width : 1, "",
		    row->help, row->required ? " (bắt buộc)" : "");
	}
}

void
args_help_verb(
    FILE *out, const struct verb_group *group, const struct verb *verb)
{
	const struct operand *operand = verb_operands(verb);

	fputs("Cách dùng: ", out);
	args_usage(out, group, verb);
	fprintf(out, "\n%s.\n", verb->summary);
	if (verb->notes != NULL)
		fprintf(out, "%s\n", verb->notes);
	for (; operand->name != NULL; operand++)
		if (operand->check != NULL)
			fprintf(out, "\n%s: %s.\n", operand->name,
			    operand->check->rule);
	if (verb->options != NULL) {
		fputs("\nTùy chọn:\n", out);
		args_help_options(out, verb->options);
	}
	fputs("\nTùy chọn chung:\n", out);
	args_help_options(out, args_global);
}

void
args_help_group(FILE *out, const struct verb_group *group)
{
	const struct verb *verb;

	fprintf(out, "%s:\n", group->summary);
	for (verb = group->verbs; verb->run != NULL; verb++) {
		fputs("  ", out);
		args_usage(out, group, verb);
		fprintf(out, "      %s\n", verb->summary);
	}
}

void
args_help(FILE *out, const struct verb_group *groups, size_t n)
{
	const struct verb *verb;
	char left[64];
	size_t i;

	fputs("Cách dùng: tincayctl [tùy chọn] LỆNH ...\n\n", out);
	for (i = 0; i < n; i++)
		for (verb = groups[i].verbs; verb->run != NULL; verb++) {
			(void)!str_printf(left, sizeof(left), "%s %s",
			    groups[i].name,
			    verb->name != NULL ? verb->name : "");
			fprintf(out, "  %-18s %s\n", left, verb->summary);
		}
	fputs("\nTùy chọn chung:\n", out);
	args_help_options(out, args_global);
	fputs("\nHướng dẫn của từng lệnh: tincayctl help LỆNH, hoặc thêm "
	      "--help.\n",
	    out);
}
