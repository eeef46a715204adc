/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Alarms of modems: alarm.h. Called by the watch (watch.c). Owns how many
 * reports in a row brought no delivery; everything else is in the database.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "watch/alarm.h"
#include "buf.h"
#include "clock.h"
#include "conf.h"
#include "log.h"
#include "store/alarm.h"

#define DAY_S (24 * 3600)
#define SLOTS_MAX 512
/* How long the words in a text may be, in bytes: the rest is counted. The outbox
 * takes 64 for a slot. */
#define WORDS_MAX 56

/*
 * rank: of several alarms of one modem those of the highest rank explain the
 * others with a rank, which are then not told. blocks: nothing should be sent
 * through a modem that has it.
 */
static const struct {
	const char *name;
	const char *words; /* "modem m1: ..." */
	int rank;
	bool blocks;
} kinds[ALARM_NKINDS] = {
    [ALARM_DOWN] = {"down", "mất kết nối", 1, true},
    [ALARM_HELD] = {"held", "bị tạm dừng", 2, true},
    [ALARM_PIN] = {"pin", "cần mã PIN", 3, true},
    [ALARM_PUK] = {"puk", "SIM bị khóa PUK", 3, true},
    [ALARM_SIM_CHANGED] = {"sim_changed", "bị đổi SIM", 3, true},
    [ALARM_SIM_FULL] = {"sim_full", "SIM đầy tin", 0, true},
    [ALARM_RESERVE] = {"reserve", "sắp hết tiền", 0, false},
    [ALARM_UNDELIVERED] = {"undelivered", "gửi không tới", 0, true},
};

struct alarm {
	struct core *core;
	struct alarm_ops ops;
	unsigned *undelivered; /* in a row, by place of the modem in conf */
	bool is_cap_told;      /* in the log */
};

const char *
alarm_kind_name(enum alarm_kind kind)
{
	return kind < ALARM_NKINDS ? kinds[kind].name : "?";
}

struct alarm *
alarm_new(struct core *c, const struct alarm_ops *ops)
{
	struct alarm *a = xcalloc(1, sizeof(*a));

	a->core = c;
	a->ops = *ops;
	a->undelivered = xcalloc(c->conf->nmodems + 1, sizeof(*a->undelivered));
	return a;
}

void
alarm_free(struct alarm *a)
{
	if (a == NULL)
		return;
	free(a->undelivered);
	free(a);
}

int
alarm_set(struct alarm *a, enum alarm_kind kind, const char *modem, bool is_on)
{
	const char *name = alarm_kind_name(kind);
	struct store *s = a->core->store;
	int rc;

	rc = is_on ? store_alarm_raise(s, name, modem, clock_now())
		   : store_alarm_clear(s, name, modem, clock_now());
	if (rc <= 0)
		return rc;
	if (is_on)
		log_warn("alarm raised modem=%s kind=%s", modem, name);
	else
		log_info("alarm cleared modem=%s kind=%s", modem, name);
	return 0;
}

int
alarm_on_report(struct alarm *a, const char *modem, unsigned tp_status)
{
	const struct conf *conf = a->core->conf;
	const struct conf_modem *m = conf_modem_by_name(conf, modem);
	unsigned *n;

	if (m == NULL || conf->alarm_undelivered == 0 ||
	    (tp_status >= 0x20 && tp_status < 0x40))
		return 0; /* the SMSC is still trying */
	n = &a->undelivered[m - conf->modems];
	if (tp_status < 0x20) {
		*n = 0;
		return alarm_set(a, ALARM_UNDELIVERED, modem, false);
	}
	if (++*n < (unsigned)conf->alarm_undelivered)
		return 0;
	return alarm_set(a, ALARM_UNDELIVERED, modem, true);
}

int
alarm_list(struct core *c, struct alarm_row **rows)
{
	int n;

	*rows = xcalloc(ALARM_ROWS_MAX, sizeof(**rows));
	n = store_alarm_list(c->store, *rows, ALARM_ROWS_MAX);
	if (n < 0) {
		free(*rows);
		*rows = NULL;
	}
	return n;
}

/* --- what is due --- */

/* The rows while they are looked at; one that is gone has kind NKINDS. */
struct alarm_set {
	struct alarm *alarm;
	struct alarm_row *rows;
	size_t n;
	enum alarm_kind *kinds;
	int64_t now;
};

static enum alarm_kind
alarm_kind_of(const char *name)
{
	int kind = 0;

	while (kind < ALARM_NKINDS && strcmp(kinds[kind].name, name) != 0)
		kind++;
	return (enum alarm_kind)kind;
}

static bool
set_is_open(const struct alarm_set *set, size_t i)
{
	return set->kinds[i] != ALARM_NKINDS && set->rows[i].cleared_at == 0;
}

static bool
set_is_same_modem(const struct alarm_set *set, size_t i, size_t k)
{
	return strcmp(set->rows[i].modem, set->rows[k].modem) == 0;
}

/* Does another alarm of the modem say why? */
static bool
set_is_explained(const struct alarm_set *set, size_t i)
{
	int rank = kinds[set->kinds[i]].rank;
	size_t k;

	for (k = 0; rank != 0 && k < set->n; k++)
		if (set_is_open(set, k) && set_is_same_modem(set, i, k) &&
		    kinds[set->kinds[k]].rank > rank)
			return true;
	return false;
}

/* Must it be told now? */
static bool
set_is_due(const struct alarm_set *set, size_t i)
{
	const struct alarm_row *row = &set->rows[i];
	int64_t wait = ALARM_SETTLE_S;

	if (!set_is_open(set, i) || row->told_at != 0)
		return false;
	if (set->kinds[i] == ALARM_DOWN)
		wait = (int64_t)set->alarm->core->conf->alarm_after * 60;
	return (set->now - row->raised_at >= wait ||
		   set->now < row->raised_at) &&
	       !set_is_explained(set, i);
}

/* Is this the end of what was told, and nothing else is wrong there? */
static bool
set_is_well(const struct alarm_set *set, size_t i)
{
	size_t k;

	if (set->kinds[i] == ALARM_NKINDS || set->rows[i].cleared_at == 0)
		return false;
	for (k = 0; k < set->n; k++)
		if (set_is_open(set, k) && set_is_same_modem(set, i, k))
			return false;
	return true;
}

/* --- through which modem --- */

typedef bool (*set_test)(const struct alarm_set *set, size_t i);

static bool
set_concerns(const struct alarm_set *set, set_test test, const char *modem)
{
	size_t i;

	for (i = 0; i < set->n; i++)
		if (test(set, i) && strcmp(set->rows[i].modem, modem) == 0)
			return true;
	return false;
}

/* Up, and nothing is known that speaks against it. */
static bool
set_can_send(const struct alarm_set *set, const char *modem)
{
	size_t i;

	if (!set->alarm->ops.is_up(modem, set->alarm->ops.ctx))
		return false;
	for (i = 0; i < set->n; i++)
		if (set_is_open(set, i) && kinds[set->kinds[i]].blocks &&
		    strcmp(set->rows[i].modem, modem) == 0)
			return false;
	return true;
}

/* Is there a modem for this text, and which one must it not go through? A modem
 * of which it speaks is taken when there is no other. */
static bool
set_find_door(
    const struct alarm_set *set, set_test test, const char **not_modem)
{
	const struct conf *conf = set->alarm->core->conf;
	const struct alarm_ops *ops = &set->alarm->ops;
	const char *name, *door = NULL;
	bool is_other = false;
	size_t i;

	*not_modem = "";
	for (i = 0; i < conf->nmodems && !is_other; i++) {
		name = conf->modems[i].name;
		if (!set_can_send(set, name))
			continue;
		is_other = !set_concerns(set, test, name);
		if (door == NULL || is_other)
			door = name;
	}
	if (door == NULL)
		return false;
	for (i = 0; i < set->n; i++) {
		name = set->rows[i].modem;
		if (test(set, i) && set_is_open(set, i) &&
		    strcmp(name, door) != 0 &&
		    (**not_modem == '\0' || ops->is_up(name, ops->ctx)))
			*not_modem = name;
	}
	return true;
}

/* --- the words --- */

struct words {
	struct buf *out;
	size_t len;
	unsigned left_out;
};

static void
words_add(struct words *w, const char *glue, const char *modem, const char *s)
{
	size_t len = strlen(glue) + strlen(modem) + strlen(s);

	if (w->left_out > 0 || (w->len > 0 && w->len + len > WORDS_MAX)) {
		w->left_out++;
		return;
	}
	buf_printf(w->out, "%s%s%s", glue, modem, s);
	w->len += len;
}

/* {"modem": "m1", "event": "mất kết nối, sắp hết tiền; m2 SIM đầy tin"}: the
 * template says "modem {modem}: {event}". Names and words need no escapes. */
static void
set_put_events(const struct alarm_set *set, set_test test, struct buf *out)
{
	struct words w = {out, 0, 0};
	size_t i, last = set->n;
	char head[MODEM_NAME_MAX + 1];

	for (i = 0; i < set->n; i++) {
		if (!test(set, i))
			continue;
		head[0] = '\0';
		if (last == set->n)
			buf_printf(out, "{\"modem\":\"%s\",\"event\":\"",
			    set->rows[i].modem);
		else if (!set_is_same_modem(set, i, last))
			(void)!str_printf(
			    head, sizeof(head), "%s ", set->rows[i].modem);
		words_add(&w,
		    last == set->n    ? ""
		    : head[0] != '\0' ? "; "
				      : ", ",
		    head, kinds[set->kinds[i]].words);
		last = i;
	}
	if (w.left_out > 0)
		buf_printf(out, ", +%u", w.left_out);
	buf_put_str(out, "\"}");
}

/* {"modem": "m1, m2"} */
static void
set_put_modems(const struct alarm_set *set, set_test test, struct buf *out)
{
	struct words w = {out, 0, 0};
	size_t i, k;

	buf_put_str(out, "{\"modem\":\"");
	for (i = 0; i < set->n; i++) {
		for (k = 0; k < i; k++)
			if (test(set, k) && set_is_same_modem(set, i, k))
				break;
		if (test(set, i) && k == i)
			words_add(
			    &w, w.len > 0 ? ", " : "", "", set->rows[i].modem);
	}
	if (w.left_out > 0)
		buf_printf(out, ", +%u", w.left_out);
	buf_put_str(out, "\"}");
}

/* --- telling --- */

/* 1 when one more text may go out today. */
static int
alarm_may_send(struct alarm *a, int64_t now)
{
	int64_t sent;
	int rc;

	rc = store_alarm_texts(a->core->store, now - DAY_S, &sent);
	if (rc != 0)
		return rc;
	if (sent < a->core->conf->alarms_per_day) {
		a->is_cap_told = false;
		return 1;
	}
	if (!a->is_cap_told)
		log_warn("alarm texts wait, those of today are sent n=%lld",
		    (long long)sent);
	a->is_cap_told = true;
	return 0;
}

/* Queue one text with these slots. 1, 0: it must wait, negative. */
static int
set_send(const struct alarm_set *set, set_test test, const char *template_id,
    const struct buf *slots, int64_t *message_id)
{
	struct alarm *a = set->alarm;
	struct alarm_text t = {.number = a->core->conf->technician,
	    .template_id = template_id,
	    .slots = buf_str(slots),
	    .expires_at = set->now + ALARM_TEXT_S};
	int rc;

	if (!set_find_door(set, test, &t.not_modem))
		return 0;
	rc = alarm_may_send(a, set->now);
	if (rc <= 0)
		return rc;
	rc = a->ops.send(&t, message_id, a->ops.ctx);
	if (rc == 0)
		rc =
		    store_alarm_text_add(a->core->store, *message_id, set->now);
	if (rc == 0)
		log_info("alarm text queued template=%s", template_id);
	return rc != 0 ? rc : 1;
}

static bool
set_has(const struct alarm_set *set, set_test test)
{
	size_t i;

	for (i = 0; i < set->n; i++)
		if (test(set, i))
			return true;
	return false;
}

static int
set_tell(struct alarm_set *set)
{
	int64_t message_id = 0;
	struct buf slots;
	size_t i;
	int rc;

	if (!set_has(set, set_is_due))
		return 0;
	buf_init(&slots, SLOTS_MAX);
	set_put_events(set, set_is_due, &slots);
	rc = buf_error(&slots);
	if (rc == 0)
		rc = set_send(set, set_is_due, "ALARM", &slots, &message_id);
	buf_clear(&slots);
	for (i = 0; i < set->n && rc == 1; i++) {
		if (!set_is_due(set, i))
			continue;
		set->rows[i].told_at = set->now;
		set->rows[i].message_id = message_id;
		rc = store_alarm_tell(set->alarm->core->store, &set->rows[i]);
		rc = rc == 0 ? 1 : rc;
	}
	return rc < 0 ? rc : 0;
}

static int
set_remove(struct alarm_set *set, size_t i)
{
	set->kinds[i] = ALARM_NKINDS;
	return store_alarm_remove(
	    set->alarm->core->store, set->rows[i].kind, set->rows[i].modem);
}

static int
set_tell_well(struct alarm_set *set)
{
	int64_t message_id = 0;
	struct buf slots;
	size_t i;
	int rc;

	if (!set_has(set, set_is_well))
		return 0;
	buf_init(&slots, SLOTS_MAX);
	set_put_modems(set, set_is_well, &slots);
	rc = buf_error(&slots);
	if (rc == 0)
		rc =
		    set_send(set, set_is_well, "ALARM_OK", &slots, &message_id);
	buf_clear(&slots);
	for (i = 0; i < set->n && rc == 1; i++)
		if (set_is_well(set, i))
			rc = set_remove(set, i) == 0 ? 1 : TC_EIO;
	return rc < 0 ? rc : 0;
}

/* --- upkeep --- */

/* A text that never left told nobody: the alarm is as new, and the end of one
 * that has passed meanwhile concerns nobody. */
static int
set_untell(struct alarm_set *set, size_t i)
{
	struct alarm_row *row = &set->rows[i];
	struct store *s = set->alarm->core->store;
	int rc;

	rc = store_alarm_text_remove(s, row->message_id);
	if (rc != 0)
		return rc;
	if (row->cleared_at != 0)
		return set_remove(set, i);
	log_warn("alarm text did not leave, it is told anew modem=%s kind=%s",
	    row->modem, row->kind);
	row->told_at = 0;
	row->message_id = 0;
	return store_alarm_tell(s, row);
}

/* What nobody waits for any more goes: rows of modems that left the
 * configuration, and ends of which nobody can be told. */
static int
set_tidy_row(struct alarm_set *set, size_t i)
{
	const struct alarm_row *row = &set->rows[i];
	const struct conf *conf = set->alarm->core->conf;
	int rc = 0;

	set->kinds[i] = alarm_kind_of(row->kind);
	if (set->kinds[i] == ALARM_NKINDS ||
	    conf_modem_by_name(conf, row->modem) == NULL ||
	    (row->cleared_at != 0 && (conf->technician[0] == '\0' ||
					 set->now - row->cleared_at > DAY_S)))
		return set_remove(set, i);
	if (row->message_id != 0 && set->now - row->told_at <= DAY_S)
		rc = set->alarm->ops.is_lost(
		    row->message_id, set->alarm->ops.ctx);
	return rc == 1 ? set_untell(set, i) : rc;
}

int
alarm_upkeep(struct alarm *a)
{
	struct alarm_set set = {.alarm = a, .now = clock_now()};
	size_t i;
	int rc;

	rc = alarm_list(a->core, &set.rows);
	if (rc <= 0) {
		free(set.rows);
		return rc;
	}
	set.n = (size_t)rc;
	set.kinds = xcalloc(set.n, sizeof(*set.kinds));
	rc = 0;
	for (i = 0; i < set.n && rc == 0; i++)
		rc = set_tidy_row(&set, i);
	if (rc == 0 && a->core->conf->technician[0] != '\0') {
		rc = set_tell(&set);
		if (rc == 0)
			rc = set_tell_well(&set);
	}
	free(set.kinds);
	free(set.rows);
	return rc;
}
