/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The API as a table: who may call what, with which parameters and fields.
 * doc/api.yaml says the same to people; scripts/dev/check-api.py compares the
 * two through http_print_routes().
 */
#include "config.h"

#include "http/api.h"
#include "http/route_fields.h"
#include "outreach/campaign.h"
#include "outreach/meeting.h"
#include "outreach/series.h"

#define V1 "/api/v1"
#define SETUP (ROLE_SETUP | ROLE_ADMIN)
#define WRITERS (ROLE_DRAFTER | ROLE_APPROVER)
#define MODEMS (ROLE_TECHNICIAN | ROLE_ADMIN | ROLE_SETUP)
#define OPERATORS (ROLE_ADMIN | ROLE_TECHNICIAN | ROLE_APPROVER)

/* What a handler does with a case: path, body, row of api_case_acts.c. */
#define CASE_ACT(act, fields, row)                                             \
	{                                                                      \
		"POST", V1 "/cases/{code}/" act, ROLE_HANDLER, BODY_JSON, 0,   \
		    q_case, fields, api_cases_act, NULL, row                   \
	}

const struct route routes[] = {
    {"GET", V1 "/health", ROLES_OPEN, BODY_NONE, API_NO_TURN | API_LOCKED, NULL,
	NULL, api_health, NULL, 0},
    {"GET", V1 "/status", ROLES_ANY, BODY_NONE, API_LOCKED, NULL, NULL,
	api_status, NULL, 0},
    {"GET", "/metrics", ROLES_ANY, BODY_NONE, API_LOCKED, NULL, NULL,
	api_metrics, NULL, 0},
    {"POST", V1 "/unlock", SETUP, BODY_JSON, API_NO_REPLAY | API_LOCKED, NULL,
	f_unlock, api_unlock, api_unlock_prepare, 0},
    {"POST", V1 "/session", ROLES_OPEN, BODY_JSON, API_NO_REPLAY | API_LOCKED,
	NULL, f_session, api_session_new, api_session_prepare, 0},
    {"GET", V1 "/session", ROLES_ANY, BODY_NONE, API_LOCKED, NULL, NULL,
	api_session_get, NULL, 0},
    {"DELETE", V1 "/session", ROLES_ANY, BODY_NONE, API_LOCKED, NULL, NULL,
	api_session_end, NULL, 0},
    {"PUT", V1 "/session/password", ROLES_ANY, BODY_JSON, API_LOCKED, NULL,
	f_password, api_password_set, api_password_prepare, 0},
    {"GET", V1 "/users", SETUP, BODY_NONE, API_LOCKED, NULL, NULL,
	api_users_list, NULL, 0},
    {"POST", V1 "/users", SETUP, BODY_JSON, 0, NULL, f_users, api_users_new,
	api_users_prepare, 0},
    {"POST", V1 "/users/{name}/revoke", SETUP, BODY_JSON, API_LOCKED, NULL,
	NULL, api_users_revoke, NULL, 0},
    {"POST", V1 "/users/{name}/numbers", SETUP, BODY_JSON, 0, NULL, f_number,
	api_users_number, NULL, 0},
    {"PUT", V1 "/users/{name}/phone", SETUP, BODY_JSON, 0, NULL, f_phone,
	api_users_phone, NULL, 0},
    {"GET", V1 "/tokens", ROLES_ANY, BODY_NONE, API_LOCKED, NULL, NULL,
	api_tokens_list, NULL, 0},
    {"POST", V1 "/tokens", ROLES_ANY, BODY_JSON, API_NO_REPLAY, NULL, f_tokens,
	api_tokens_new, NULL, 0},
    {"POST", V1 "/tokens/{id}/revoke", ROLES_ANY, BODY_JSON, API_LOCKED, NULL,
	NULL, api_tokens_revoke, NULL, 0},
    {"GET", V1 "/duty", SETUP | ROLE_HANDLER, BODY_NONE, API_LOCKED, q_duty,
	NULL, api_duty_list, NULL, 0},
    {"POST", V1 "/duty", SETUP | ROLE_HANDLER, BODY_JSON, 0, NULL, f_duty,
	api_duty_set, NULL, 0},
    {"POST", V1 "/duty/ack", ROLE_HANDLER, BODY_JSON, 0, NULL, NULL,
	api_duty_ack, NULL, 0},
    {"GET", V1 "/addresses", ROLE_HANDLER, BODY_NONE, 0, NULL, NULL,
	api_addresses_list, NULL, 0},
    {"POST", V1 "/addresses", ROLE_HANDLER, BODY_JSON, 0, NULL, f_address,
	api_addresses_new, NULL, 0},
    {"GET", V1 "/addresses/key", ROLE_HANDLER, BODY_NONE, 0, NULL, NULL,
	api_addresses_key, NULL, 0},
    {"GET", V1 "/addresses/{label}", ROLE_HANDLER, BODY_NONE, 0, NULL, NULL,
	api_addresses_get, NULL, 0},
    {"POST", V1 "/addresses/{label}/assign", ROLE_HANDLER, BODY_JSON, 0, NULL,
	f_assign, api_addresses_assign, NULL, 0},
    {"POST", V1 "/addresses/{label}/release", ROLE_HANDLER, BODY_JSON, 0, NULL,
	f_release, api_addresses_release, NULL, 0},
    {"POST", V1 "/addresses/{label}/remove", ROLE_HANDLER, BODY_JSON, 0, NULL,
	NULL, api_addresses_remove, NULL, 0},
    {"PUT", V1 "/addresses/{label}/sealed", ROLE_HANDLER, BODY_JSON, 0, NULL,
	f_address_sealed, api_addresses_reseal, NULL, 0},
    {"GET", V1 "/agencies", ROLES_ANY, BODY_NONE, API_LOCKED, NULL, NULL,
	api_agencies_list, NULL, 0},
    {"PUT", V1 "/agencies/{code}/key", SETUP, BODY_JSON, 0, NULL, f_key,
	api_agencies_set_key, NULL, 0},
    {"POST", V1 "/agencies/{code}/rotate", ROLE_HANDLER, BODY_JSON, 0, NULL,
	f_key, api_agencies_rotate, NULL, 0},
    {"GET", V1 "/agencies/{code}/seals", SETUP | ROLE_HANDLER, BODY_NONE, 0,
	q_seals, NULL, api_agencies_seals, NULL, 0},
    {"PUT", V1 "/agencies/{code}/seals/{id}", SETUP | ROLE_HANDLER, BODY_JSON,
	0, NULL, f_seal, api_agencies_reseal, NULL, 0},
    {"GET", V1 "/agencies/{code}/holders", SETUP | ROLE_HANDLER, BODY_NONE,
	API_LOCKED, NULL, NULL, api_holders_list, NULL, 0},
    {"PUT", V1 "/agencies/{code}/holders/{name}", SETUP | ROLE_HANDLER,
	BODY_JSON, 0, NULL, f_seal, api_holders_give, NULL, 0},
    {"GET", V1 "/keys", ROLE_HANDLER, BODY_NONE, API_LOCKED, NULL, NULL,
	api_keys_get, NULL, 0},
    {"PUT", V1 "/keys", ROLE_HANDLER, BODY_JSON, 0, NULL, f_key, api_keys_set,
	NULL, 0},
    {"GET", V1 "/people", ROLE_DRAFTER | ROLE_ADMIN, BODY_NONE, 0, q_people,
	NULL, api_people_list, NULL, 0},
    {"POST", V1 "/people", ROLE_DRAFTER, BODY_CSV, 0, q_people_import, NULL,
	api_people_import, api_people_prepare, 0},
    {"POST", V1 "/people/do-not-call", ROLE_DRAFTER | ROLE_ADMIN, BODY_CSV, 0,
	q_dnc, NULL, api_people_import, api_people_prepare, 1},
    {"POST", V1 "/people/export", ROLE_ADMIN, BODY_JSON, API_NO_REPLAY, NULL,
	f_person, api_people_export, NULL, 0},
    {"POST", V1 "/people/forget", ROLE_ADMIN, BODY_JSON, 0, NULL, f_person,
	api_people_forget, NULL, 0},
    {"POST", V1 "/people/theme", ROLE_ADMIN | ROLE_DRAFTER, BODY_JSON, 0, NULL,
	f_person_theme, api_people_theme, NULL, 0},
    {"POST", V1 "/people/hours", ROLE_ADMIN | ROLE_DRAFTER, BODY_JSON, 0, NULL,
	f_person_hours, api_people_hours, NULL, 0},
    {"GET", V1 "/lists", WRITERS, BODY_NONE, 0, NULL, NULL, api_lists_list,
	NULL, 0},
    {"POST", V1 "/lists", ROLE_DRAFTER, BODY_JSON, 0, NULL, f_lists,
	api_lists_new, NULL, 0},
    {"GET", V1 "/lists/{name}", WRITERS, BODY_NONE, 0, NULL, NULL,
	api_lists_get, NULL, 0},
    {"POST", V1 "/lists/{name}/members", ROLE_DRAFTER, BODY_JSON, 0, NULL,
	f_members, api_lists_add, NULL, 0},
    {"GET", V1 "/calendar", WRITERS, BODY_NONE, 0, q_calendar, NULL,
	api_calendar, NULL, 0},
    {"GET", V1 "/coverage", WRITERS, BODY_NONE, 0, NULL, NULL, api_coverage,
	NULL, 0},
    {"GET", V1 "/campaigns", WRITERS, BODY_NONE, 0, NULL, NULL,
	api_campaigns_list, NULL, 0},
    {"POST", V1 "/campaigns", ROLE_DRAFTER, BODY_JSON, 0, NULL, f_campaigns,
	api_campaigns_new, NULL, 0},
    {"GET", V1 "/campaigns/{id}", WRITERS, BODY_NONE, 0, NULL, NULL,
	api_campaigns_get, NULL, 0},
    {"POST", V1 "/campaigns/copy", ROLE_DRAFTER, BODY_JSON, 0, NULL,
	f_campaign_copy, api_campaigns_copy, NULL, 0},
    {"POST", V1 "/campaigns/{id}", ROLE_DRAFTER, BODY_JSON, 0, NULL,
	f_campaign_edit, api_campaigns_edit, NULL, 0},
    {"POST", V1 "/campaigns/{id}/check", ROLE_DRAFTER, BODY_JSON, 0, NULL, NULL,
	api_campaigns_act, NULL, CAMPAIGN_CHECK},
    {"POST", V1 "/campaigns/{id}/variants", ROLE_DRAFTER, BODY_JSON, 0, NULL,
	f_campaign_variant, api_campaigns_variant, NULL, 0},
    {"POST", V1 "/campaigns/{id}/test", ROLE_DRAFTER, BODY_JSON, 0, NULL,
	f_campaign_trial, api_campaigns_trial, NULL, 0},
    {"GET", V1 "/campaigns/{id}/export", WRITERS, BODY_NONE, 0,
	q_campaign_export, NULL, api_campaigns_export, NULL, 0},
    {"POST", V1 "/campaigns/{id}/approve", ROLE_APPROVER, BODY_JSON, 0, NULL,
	f_campaign_approve, api_campaigns_act, NULL, CAMPAIGN_APPROVE},
    {"POST", V1 "/campaigns/{id}/start", ROLE_APPROVER, BODY_JSON, 0, NULL,
	NULL, api_campaigns_act, NULL, CAMPAIGN_START},
    {"POST", V1 "/campaigns/{id}/pause", WRITERS, BODY_JSON, 0, NULL, NULL,
	api_campaigns_act, NULL, CAMPAIGN_PAUSE},
    {"POST", V1 "/campaigns/{id}/continue", ROLE_APPROVER, BODY_JSON, 0, NULL,
	NULL, api_campaigns_act, NULL, CAMPAIGN_CONTINUE},
    {"POST", V1 "/campaigns/{id}/resume", ROLE_APPROVER, BODY_JSON, 0, NULL,
	f_campaign_resume, api_campaigns_act, NULL, CAMPAIGN_RESUME},
    {"POST", V1 "/campaigns/{id}/cancel", WRITERS, BODY_JSON, 0, NULL, NULL,
	api_campaigns_act, NULL, CAMPAIGN_CANCEL},
    {"GET", V1 "/events", WRITERS, BODY_NONE, 0, q_meetings, NULL,
	api_events_list, NULL, 0},
    {"POST", V1 "/events", ROLE_DRAFTER, BODY_JSON, 0, NULL, f_event,
	api_events_new, NULL, 0},
    {"GET", V1 "/events/{id}", WRITERS, BODY_NONE, 0, NULL, NULL,
	api_events_get, NULL, 0},
    {"POST", V1 "/events/{id}", ROLE_DRAFTER, BODY_JSON, 0, NULL, f_event_edit,
	api_events_edit, NULL, 0},
    {"POST", V1 "/events/{id}/approve", ROLE_APPROVER, BODY_JSON, 0, NULL, NULL,
	api_events_act, NULL, MEETING_APPROVE},
    {"POST", V1 "/events/{id}/cancel", WRITERS, BODY_JSON, 0, NULL, NULL,
	api_events_act, NULL, MEETING_CANCEL},
    {"GET", V1 "/quizzes", WRITERS, BODY_NONE, 0, NULL, NULL, api_quizzes_list,
	NULL, 0},
    {"POST", V1 "/quizzes", ROLE_DRAFTER, BODY_JSON, 0, NULL, f_quiz,
	api_quizzes_new, NULL, 0},
    {"GET", V1 "/quizzes/{id}", WRITERS, BODY_NONE, 0, NULL, NULL,
	api_quizzes_get, NULL, 0},
    {"POST", V1 "/quizzes/{id}/questions", ROLE_DRAFTER, BODY_JSON, 0, NULL,
	f_quiz_question, api_quizzes_add, NULL, 0},
    {"POST", V1 "/quizzes/{id}/open", WRITERS, BODY_JSON, 0, NULL, f_quiz_open,
	api_quizzes_open, NULL, 0},
    {"POST", V1 "/quizzes/{id}/close", WRITERS, BODY_JSON, 0, NULL, NULL,
	api_quizzes_close, NULL, 0},
    {"GET", V1 "/series", WRITERS, BODY_NONE, 0, NULL, NULL, api_series_list,
	NULL, 0},
    {"POST", V1 "/series", ROLE_DRAFTER, BODY_JSON, 0, NULL, f_series,
	api_series_new, NULL, 0},
    {"GET", V1 "/series/{id}", WRITERS, BODY_NONE, 0, NULL, NULL,
	api_series_get, NULL, 0},
    {"POST", V1 "/series/{id}/texts", ROLE_DRAFTER, BODY_JSON, 0, NULL,
	f_series_text, api_series_add, NULL, 0},
    {"POST", V1 "/series/{id}/approve", ROLE_APPROVER, BODY_JSON, 0, NULL, NULL,
	api_series_act, NULL, true},
    {"POST", V1 "/series/{id}/cancel", WRITERS, BODY_JSON, 0, NULL, NULL,
	api_series_act, NULL, false},
    {"POST", V1 "/series/{id}/members", ROLE_DRAFTER, BODY_JSON, 0, NULL,
	f_series_join, api_series_join, NULL, 0},
    {"GET", V1 "/messages", OPERATORS, BODY_NONE, 0, q_messages, NULL,
	api_messages_list, NULL, 0},
    {"GET", V1 "/messages/{id}", OPERATORS, BODY_NONE, 0, NULL, NULL,
	api_messages_get, NULL, 0},
    {"GET", V1 "/modems", ROLES_ANY, BODY_NONE, API_LOCKED, NULL, NULL,
	api_modems_list, NULL, 0},
    {"GET", V1 "/modems/{name}", ROLES_ANY, BODY_NONE, API_LOCKED, NULL, NULL,
	api_modems_get, NULL, 0},
    {"POST", V1 "/modems/{name}/hold", MODEMS, BODY_JSON, 0, NULL, NULL,
	api_modems_hold, NULL, true},
    {"POST", V1 "/modems/{name}/resume", MODEMS, BODY_JSON, 0, NULL, NULL,
	api_modems_hold, NULL, false},
    {"POST", V1 "/modems/{name}/ussd", MODEMS, BODY_JSON, API_NO_REPLAY, NULL,
	f_modem_ussd, api_modems_ussd, NULL, 0},
    {"POST", V1 "/modems/{name}/test", MODEMS, BODY_JSON, API_NO_REPLAY, NULL,
	f_modem_test, api_modems_test, NULL, 0},
    {"POST", V1 "/intents/try", SETUP | ROLE_DRAFTER, BODY_JSON, API_NO_REPLAY,
	NULL, f_try, api_intents_try, NULL, 0},
    {"GET", V1 "/cases", ROLE_HANDLER, BODY_NONE, API_LOCKED, q_cases, NULL,
	api_cases_list, NULL, 0},
    {"GET", V1 "/cases/{code}", ROLE_HANDLER, BODY_NONE, API_LOCKED, q_case,
	NULL, api_cases_get, NULL, 0},
    CASE_ACT("claim", NULL, API_CASE_CLAIM),
    CASE_ACT("note", f_note, API_CASE_NOTE),
    CASE_ACT("next", f_next, API_CASE_NEXT),
    CASE_ACT("hand", f_hand, API_CASE_HAND),
    CASE_ACT("call", f_call, API_CASE_CALL),
    CASE_ACT("contact", f_contact, API_CASE_CONTACT),
    CASE_ACT("consent", f_consent, API_CASE_CONSENT),
    CASE_ACT("refer", f_refer, API_CASE_REFER),
    CASE_ACT("accept", NULL, API_CASE_ACCEPT),
    CASE_ACT("decline", NULL, API_CASE_DECLINE),
    CASE_ACT("revoke", NULL, API_CASE_REVOKE),
    CASE_ACT("say", f_say, API_CASE_SAY),
    {"POST", V1 "/cases/{code}/safe-word", ROLE_HANDLER, BODY_JSON,
	API_NO_REPLAY, q_case, f_word, api_safe_word_set, api_safe_word_prepare,
	API_WORD_SET},
    {"POST", V1 "/cases/{code}/verify", ROLE_HANDLER, BODY_JSON, API_NO_REPLAY,
	q_case, f_word, api_safe_word_compare, api_safe_word_prepare,
	API_WORD_COMPARE},
    CASE_ACT("clock", f_clock, API_CASE_CLOCK),
    CASE_ACT("close", f_close, API_CASE_CLOSE),
    CASE_ACT("hold", f_hold, API_CASE_HOLD),
    {"POST", V1 "/cases/{code}/reporter", ROLE_HANDLER, BODY_JSON,
	API_NO_REPLAY, q_case, f_reporter, api_cases_reporter, NULL, 0},
    {"GET", V1 "/audit/head", SETUP | ROLE_HANDLER | ROLE_REVIEWER, BODY_NONE,
	API_LOCKED, NULL, NULL, api_audit_head, NULL, 0},
    {"GET", V1 "/audit/events", ROLE_REVIEWER, BODY_NONE, API_LOCKED, q_events,
	NULL, api_audit_events, NULL, 0},
    {"GET", V1 "/audit/verify", SETUP | ROLE_HANDLER | ROLE_REVIEWER, BODY_NONE,
	API_LOCKED, q_audit, NULL, api_audit_verify, api_audit_prepare, 0},
    {"GET", V1 "/webhooks", SETUP, BODY_NONE, 0, NULL, NULL, api_webhooks_list,
	NULL, 0},
    {"POST", V1 "/webhooks", SETUP, BODY_JSON, API_NO_REPLAY, NULL, f_webhooks,
	api_webhooks_new, NULL, 0},
    {"GET", V1 "/webhooks/{name}", SETUP, BODY_NONE, 0, NULL, NULL,
	api_webhooks_get, NULL, 0},
    {"DELETE", V1 "/webhooks/{name}", SETUP, BODY_NONE, 0, NULL, NULL,
	api_webhooks_remove, NULL, 0},
    {"POST", V1 "/webhooks/{name}/test", SETUP, BODY_JSON, 0, NULL, NULL,
	api_webhooks_test, NULL, 0},
    {"GET", V1 "/webhooks/{name}/deliveries", SETUP, BODY_NONE, 0, q_deliveries,
	NULL, api_webhooks_deliveries, NULL, 0},
    {"POST", V1 "/webhooks/{name}/deliveries/{id}/retry", SETUP, BODY_JSON, 0,
	NULL, NULL, api_webhooks_retry, NULL, 0},
    {"POST", "/ussd", ROLES_OPEN, BODY_FORM, API_NO_REPLAY, q_ussd, f_ussd,
	api_ussd_step, api_ussd_prepare, 0},
    {"POST", "/ussd/end", ROLES_OPEN, BODY_FORM, API_NO_REPLAY, q_ussd,
	f_ussd_end, api_ussd_end, api_ussd_prepare, 0},
};
const size_t nroutes = TC_NELEM(routes);

/* --- what --print-routes shows --- */

static void
print_roles(FILE *out, unsigned roles)
{
	const char *sep = "";

	if (roles == ROLES_OPEN || roles == ROLES_ANY) {
		fputs(roles == ROLES_OPEN ? "open" : "any", out);
		return;
	}
	for (unsigned bit = 1; bit <= ROLE_LAST; bit <<= 1) {
		if ((roles & bit) == 0)
			continue;
		fprintf(out, "%s%s", sep, role_name((enum role)bit));
		sep = ",";
	}
}

/* Names, the required ones with a "!". */
static void
print_fields(FILE *out, const struct field *f)
{
	const char *sep = "";

	if (f == NULL)
		fputc('-', out);
	for (; f != NULL && f->name != NULL; f++) {
		fprintf(out, "%s%s%s", sep, f->name, f->required ? "!" : "");
		sep = ",";
	}
}

void
http_print_routes(FILE *out)
{
	for (const struct route *r = routes; r < routes + nroutes; r++) {
		fprintf(out, "%s\t%s\t", r->method, r->path);
		print_roles(out, r->roles);
		fputc('\t', out);
		print_fields(out, r->query);
		fputc('\t', out);
		if (r->body == BODY_CSV)
			fputs("text/csv", out);
		else
			print_fields(out, r->fields);
		fputc('\n', out);
	}
}
