/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is remembered of modems: store/modem.h. */
#include "config.h"

#include <string.h>

#include "store/modem.h"
#include "store/sql.h"

#define MODEM_COLUMNS                                                          \
	"name, imei_mac, imsi_mac, pin_tried, held, skip, ussd_form, credit,"  \
	" credit_at, pin_open"

enum {
	MODEM_GET,
	MODEM_PUT,
	MODEM_SET_CREDIT,
	LEDGER_ADD,
	LEDGER_EACH
};

static const char *const modem_sql[] = {
    [MODEM_GET] = "SELECT " MODEM_COLUMNS " FROM modem WHERE name = ?1",
    [MODEM_PUT] = "INSERT INTO modem(name, imei_mac, imsi_mac, pin_tried,"
		  " held, skip, ussd_form, pin_open)"
		  " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"
		  " ON CONFLICT DO UPDATE SET imei_mac = ?2, imsi_mac = ?3,"
		  " pin_tried = ?4, held = ?5, skip = ?6, ussd_form = ?7,"
		  " pin_open = ?8",
    [MODEM_SET_CREDIT] = "INSERT INTO modem(name, credit, credit_at)"
			 " VALUES(?1, ?2, ?3) ON CONFLICT DO UPDATE"
			 " SET credit = ?2, credit_at = ?3",
    [LEDGER_ADD] =
	("INSERT INTO sim_ledger(modem, hour, help, campaign)"
	 " VALUES(?1, ?2, max(?3, 0), max(?4, 0))"
	 " ON CONFLICT(modem, hour) DO UPDATE SET"
	 " help = max(help + ?3, 0), campaign = max(campaign + ?4, 0)"),
    [LEDGER_EACH] = "SELECT hour, help, campaign FROM sim_ledger"
		    " WHERE modem = ?1 AND hour >= ?2",
};
const struct sql_table sql_modem = {modem_sql, TC_NELEM(modem_sql)};

static const unsigned char nothing[MODEM_MAC];

/* NULL is "not known", all zero here. */
static void
modem_read_mac(struct sql *q, int col, unsigned char out[MODEM_MAC])
{
	size_t len;

	(void)sql_blob(q, col, &len);
	if (len != 0)
		sql_copy_blob(q, col, out, MODEM_MAC);
}

static const void *
modem_mac(const unsigned char mac[MODEM_MAC])
{
	return memcmp(mac, nothing, MODEM_MAC) == 0 ? NULL : mac;
}

static void
modem_read(struct sql *q, void *out)
{
	struct modem_row *m = out;

	memset(m, 0, sizeof(*m));
	sql_copy(q, 0, m->name, sizeof(m->name));
	modem_read_mac(q, 1, m->imei_mac);
	modem_read_mac(q, 2, m->imsi_mac);
	modem_read_mac(q, 3, m->pin_tried);
	sql_copy(q, 4, m->held, sizeof(m->held));
	m->skip = (unsigned)sql_int(q, 5);
	m->ussd_form = (int)sql_int(q, 6);
	m->credit = sql_int(q, 7);
	m->credit_at = sql_int(q, 8);
	m->pin_open = sql_int(q, 9) != 0;
}

int
store_modem_get(struct store *s, const char *name, struct modem_row *out)
{
	struct sql q;
	int rc;

	memset(out, 0, sizeof(*out));
	rc = str_printf(out->name, sizeof(out->name), "%s", name);
	if (rc != 0)
		return rc;
	sql_use(&q, s, SQL_ID(SUBJECT_MODEM, MODEM_GET), "t", name);
	return sql_one(&q, modem_read, out);
}

int
store_modem_put(struct store *s, const struct modem_row *m)
{
	int rc;

	rc = sql_run(s, SQL_ID(SUBJECT_MODEM, MODEM_PUT), "tbbbtiii", m->name,
	    modem_mac(m->imei_mac), (size_t)MODEM_MAC, modem_mac(m->imsi_mac),
	    (size_t)MODEM_MAC, modem_mac(m->pin_tried), (size_t)MODEM_MAC,
	    m->held, (int64_t)m->skip, (int64_t)m->ussd_form,
	    (int64_t)m->pin_open);
	return rc < 0 ? rc : 0;
}

int
store_modem_set_credit(
    struct store *s, const char *name, int64_t credit, int64_t at)
{
	int rc;

	rc = sql_run(s, SQL_ID(SUBJECT_MODEM, MODEM_SET_CREDIT), "tii", name,
	    credit, at);
	return rc < 0 ? rc : 0;
}

int
store_ledger_add(struct store *s, const struct ledger_row *row)
{
	int rc;

	rc = sql_run(s, SQL_ID(SUBJECT_MODEM, LEDGER_ADD), "tiii", row->modem,
	    row->hour, row->help, row->campaign);
	return rc < 0 ? rc : 0;
}

int
store_ledger_each(
    struct store *s, const char *modem, int64_t first, ledger_cb cb, void *ctx)
{
	struct ledger_row row = {.modem = modem};
	struct sql q;
	int n = 0;

	sql_use(&q, s, SQL_ID(SUBJECT_MODEM, LEDGER_EACH), "ti", modem, first);
	while (sql_row(&q) == 1) {
		row.hour = sql_int(&q, 0);
		row.help = sql_int(&q, 1);
		row.campaign = sql_int(&q, 2);
		cb(&row, ctx);
		n++;
	}
	return sql_done(&q) != 0 ? q.error : n;
}
