/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_HANDLERS_H
#define TINCAY_HANDLERS_H

/* Private to http/: what the table of routes calls (api.h says how), one file a
 * resource. A prepare function runs before the turn. */

struct api_req;

int api_health(struct api_req *r);
int api_status(struct api_req *r);
int api_metrics(struct api_req *r);
int api_session_prepare(struct api_req *r);
int api_session_new(struct api_req *r);
int api_session_get(struct api_req *r);
int api_session_end(struct api_req *r);
int api_unlock_prepare(struct api_req *r);
int api_unlock(struct api_req *r);
int api_users_list(struct api_req *r);
int api_users_prepare(struct api_req *r);
int api_users_new(struct api_req *r);
int api_users_revoke(struct api_req *r);
int api_users_number(struct api_req *r);
int api_users_phone(struct api_req *r);
int api_duty_list(struct api_req *r);
int api_duty_set(struct api_req *r);
int api_duty_ack(struct api_req *r);
int api_addresses_list(struct api_req *r);
int api_addresses_key(struct api_req *r);
int api_addresses_new(struct api_req *r);
int api_addresses_get(struct api_req *r);
int api_addresses_assign(struct api_req *r);
int api_addresses_release(struct api_req *r);
int api_addresses_remove(struct api_req *r);
int api_addresses_reseal(struct api_req *r);
int api_agencies_list(struct api_req *r);
int api_agencies_set_key(struct api_req *r);
int api_agencies_rotate(struct api_req *r);
int api_agencies_seals(struct api_req *r);
int api_agencies_reseal(struct api_req *r);
int api_people_prepare(struct api_req *r);
int api_people_import(struct api_req *r);
int api_people_export(struct api_req *r);
int api_people_forget(struct api_req *r);
int api_people_theme(struct api_req *r);
int api_people_list(struct api_req *r);
int api_lists_list(struct api_req *r);
int api_lists_new(struct api_req *r);
int api_lists_get(struct api_req *r);
int api_lists_add(struct api_req *r);
int api_calendar(struct api_req *r);
int api_coverage(struct api_req *r);
int api_campaigns_list(struct api_req *r);
int api_campaigns_new(struct api_req *r);
int api_campaigns_edit(struct api_req *r);
int api_campaigns_copy(struct api_req *r);
int api_campaigns_get(struct api_req *r);
int api_campaigns_act(struct api_req *r);
int api_messages_list(struct api_req *r);
int api_messages_get(struct api_req *r);
int api_modems_list(struct api_req *r);
int api_modems_get(struct api_req *r);
int api_modems_hold(struct api_req *r);
int api_modems_ussd(struct api_req *r);
int api_modems_test(struct api_req *r);
int api_intents_try(struct api_req *r);
int api_cases_list(struct api_req *r);
int api_cases_get(struct api_req *r);
/* The arg of its routes. */
enum api_case_act {
	API_CASE_CLAIM,
	API_CASE_NOTE,
	API_CASE_NEXT,
	API_CASE_HAND,
	API_CASE_CALL,
	API_CASE_CONTACT,
	API_CASE_CONSENT,
	API_CASE_REFER,
	API_CASE_ACCEPT,
	API_CASE_DECLINE,
	API_CASE_REVOKE,
	API_CASE_SAY,
	API_CASE_CLOCK,
	API_CASE_CLOSE,
	API_CASE_HOLD,
	API_CASE_NACTS
};
int api_cases_act(struct api_req *r);
/* The arg of the routes of the safe word. */
enum api_word {
	API_WORD_SET,
	API_WORD_COMPARE
};
int api_safe_word_prepare(struct api_req *r);
int api_safe_word_set(struct api_req *r);
int api_safe_word_compare(struct api_req *r);
int api_audit_head(struct api_req *r);
int api_audit_events(struct api_req *r);
int api_audit_prepare(struct api_req *r);
int api_audit_verify(struct api_req *r);
int api_webhooks_list(struct api_req *r);
int api_webhooks_new(struct api_req *r);
int api_webhooks_get(struct api_req *r);
int api_webhooks_remove(struct api_req *r);
int api_webhooks_test(struct api_req *r);
int api_webhooks_deliveries(struct api_req *r);
int api_webhooks_retry(struct api_req *r);
int api_ussd_prepare(struct api_req *r);
int api_ussd_step(struct api_req *r);
int api_ussd_end(struct api_req *r);

#endif
