/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The radio of http_fixture.h: the pool is another module's, the API only shows
 * it and asks it. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "http_fixture.h"
#include "radio/radio.h"

static int
radio_place(const char *modem)
{
	if (strcmp(modem, "usb0") == 0)
		return 0;
	return strcmp(modem, "usb1") == 0 ? 1 : -1;
}

void
radio_each(const struct radio *r,
    void (*cb)(const struct radio_modem_info *m, void *ctx), void *ctx)
{
	struct radio_modem_info m = {.name = "usb0",
	    .state = "ready",
	    .is_up = true,
	    .imei_tail = "123",
	    .network = "Viet\"tel\n",
	    .registration = "home",
	    .last_error = "deadline",
	    .last_error_at = 99,
	    .signal_percent = 60,
	    .sim_used = 3,
	    .sim_size = 50,
	    .sent = 7,
	    .quotas = {[RADIO_DAY] = {200, 160, 40, 30}}};

	(void)r;
	cb(&m, ctx);
	m.name = "usb1";
	m.state = "held";
	m.is_up = false;
	m.registration = "none";
	m.signal_percent = -1;
	m.reason = "pin";
	cb(&m, ctx);
}

static int
radio_set_held(struct radio *r, const char *modem, bool held)
{
	struct fx *f = (struct fx *)r;
	int place = radio_place(modem);

	if (place < 0)
		return TC_ENOENT;
	if (f->radio.held[place] == held)
		return TC_ESTATE;
	f->radio.held[place] = held;
	return 0;
}

int
radio_hold(struct radio *r, const char *modem)
{
	return radio_set_held(r, modem, true);
}

int
radio_resume(struct radio *r, const char *modem)
{
	return radio_set_held(r, modem, false);
}

int
radio_ussd(struct radio *r, const struct radio_ussd_request *q)
{
	struct fx *f = (struct fx *)r;

	if (radio_place(q->modem) < 0)
		return TC_ENOENT;
	if (f->radio.rc != 0)
		return f->radio.rc;
	if (f->radio.cb != NULL)
		return TC_EAGAIN;
	f->radio.dials++;
	assert_int_equal(str_printf(f->radio.dialled, sizeof(f->radio.dialled),
			     "%s", q->text),
	    0);
	f->radio.is_answer = q->is_answer;
	f->radio.cb = q->cb;
	f->radio.ctx = q->ctx;
	return 0;
}

void
radio_ussd_cancel(struct radio *r, const void *ctx)
{
	struct fx *f = (struct fx *)r;

	if (f->radio.ctx != ctx)
		return;
	f->radio.cancels++;
	f->radio.cb = NULL;
	f->radio.ctx = NULL;
}

void
radio_credit_changed(struct radio *r, const char *modem)
{
	(void)r;
	assert_int_equal(radio_place(modem), 0);
}

void
fx_ussd(struct fx *f, enum ml_ussd_status status, const char *text)
{
	const struct radio_ussd_answer a = {"usb0", status, text};
	struct fx_radio *radio = &f->radio;
	radio_ussd_cb cb = radio->cb;

	assert_non_null(cb);
	radio->cb = NULL; /* the ctx stays: a menu is still his to cancel */
	cb(&a, radio->ctx);
}
