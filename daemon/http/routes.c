/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The API as a table: who may call what, with which parameters and fields.
 * doc/api.yaml says the same to people; scripts/dev/check-api.py compares the
 * two through http_print_routes().
 */
#include "config.h"

#include "desk/act.h"
#include "desk/address.h"
#include "desk/audit.h"
#include "fold.h"
#include "http/api.h"
#include "intake/ussd.h"
#include "outreach/campaign.h"
#include "store/webhook.h"

#define V1 "/api/v1"
#define LIMIT                                                                  \
	{                                                                      \
		"limit", FIELD_INT, false, 1, 500                              \
	}
#define END                                                                    \
	{                                                                      \
		NULL, FIELD_LINE, false, 0, 0                                  \
	}

/* --- query fields --- */

static const struct field q_people_import[] = {
    {"list", FIELD_LINE, false, 1, LIST_NAME_MAX - 1},
    {"dry_run", FIELD_BOOL, false, 0, 0},
    END,
};
static const struct field q_dnc[] = {
    {"dry_run", FIELD_BOOL, false, 0, 0},
    END,
};
static const struct field q_people[] = {
    {"after", FIELD_ID, false, 0, 0},
    LIMIT,
    END,
};
static const struct field q_calendar[] = {
    {"year", FIELD_INT, false, 2000, 2199},
    END,
};
static const struct field q_messages[] = {
    {"before", FIELD_ID, false, 0, 0},
    LIMIT,
    END,
};
static const struct field q_cases[] = {
    {"agency", FIELD_CODE, false, 1, AGENCY_CODE_MAX - 1},
    {"after", FIELD_INT, false, 0, INT64_MAX},
    {"from", FIELD_LINE, false, 33, 33},
    {"wait", FIELD_INT, false, 0, 60},
    LIMIT,
    END,
};
static const struct field q_case[] = {
    {"agency", FIELD_CODE, false, 1, AGENCY_CODE_MAX - 1},
    END,
};

/* --- body fields --- */

static const struct field f_session[] = {
    {"user", FIELD_LINE, true, 1, 100},
    {"password", FIELD_SECRET, true, 1, 1024},
    END,
};
static const struct field f_unlock[] = {
    {"passphrase", FIELD_SECRET, true, 1, 1023},
    END,
};
static const struct field f_users[] = {
    {"name", FIELD_NAME, true, 1, USER_NAME_MAX - 1},
    {"agency", FIELD_CODE, false, 0, AGENCY_CODE_MAX - 1},
    {"roles", FIELD_NAMES, true, 1, 6},
    {"password", FIELD_SECRET, true, 10, 1024},
    END,
};
static const struct field f_number[] = {
    {"number", FIELD_LINE, true, 1, 40},
    {"remove", FIELD_BOOL, false, 0, 0},
    END,
};
static const struct field f_person_theme[] = {
    {"number", FIELD_LINE, true, 1, 40},
    {"theme", FIELD_LINE, true, 1, 15},
    {"out", FIELD_BOOL, true, 0, 0},
    END,
};
static const struct field f_phone[] = {
    {"number", FIELD_LINE, false, 1, 40},
    END,
};
static const struct field q_duty[] = {
    {"agency", FIELD_CODE, false, 1, AGENCY_CODE_MAX - 1},
    END,
};
static const struct field f_duty[] = {
    {"agency", FIELD_CODE, true, 1, AGENCY_CODE_MAX - 1},
    {"user", FIELD_NAME, true, 1, USER_NAME_MAX - 1},
    {"deputy", FIELD_NAME, false, 1, USER_NAME_MAX - 1},
    {"from", FIELD_INT, false, 1, INT64_MAX},
    {"until", FIELD_INT, true, 1, INT64_MAX},
    END,
};
static const struct field f_person[] = {
    {"number", FIELD_LINE, true, 1, 40},
    END,
};
static const struct field f_key[] = {
    {"public_key", FIELD_LINE, true, 44, 44},
    END,
};
/* 8192 bytes as base64 */
#define ADDRESS_BASE64_MAX ((ADDRESS_SEALED_MAX + 2) / 3 * 4)
static const struct field f_address[] = {
    {"places", FIELD_INT, true, 1, ADDRESS_PLACES_MAX},
    {"sealed", FIELD_LINE, true, 1, ADDRESS_BASE64_MAX},
    {"fingerprints", FIELD_LINES, true, 1, ADDRESS_RUNS_MAX},
    END,
};
static const struct field f_address_sealed[] = {
    {"sealed", FIELD_LINE, true, 1, ADDRESS_BASE64_MAX},
    END,
};
static const struct field f_assign[] = {
    {"case", FIELD_CODE, true, 1, CASE_CODE_MAX - 1},
    {"how", FIELD_LINE, true, 1, 15},
    {"places", FIELD_INT, false, 1, ADDRESS_PLACES_MAX},
    END,
};
static const struct field f_release[] = {
    {"case", FIELD_CODE, true, 1, CASE_CODE_MAX - 1},
    END,
};
static const struct field q_seals[] = {
    {"from", FIELD_CODE, false, 1, AGENCY_CODE_MAX - 1},
    LIMIT,
    END,
};
static const struct field f_seal[] = {
    {"sealed_key", FIELD_LINE, true, 108, 108},
    END,
};
static const struct field f_lists[] = {
    {"name", FIELD_LINE, true, 1, LIST_NAME_MAX - 1},
    {"hamlet", FIELD_LINE, false, 0, 63},
    {"kind", FIELD_LINE, false, 0, 31},
    {"smart", FIELD_BOOL, false, 0, 0},
    {"drill", FIELD_BOOL, false, 0, 0},
    END,
};
static const struct field f_members[] = {
    {"number", FIELD_LINE, false, 1, 40},
    {"hamlet", FIELD_LINE, false, 1, 63},
    {"all", FIELD_BOOL, false, 0, 0},
    END,
};
/* What a draft may say beside its name, lists and text. */
#define CAMPAIGN_RULES                                                         \
	{"plan_year", FIELD_INT, false, 2000, 2199},                           \
	    {"theme", FIELD_LINE, false, 0, 15},                               \
	    {"legal_basis", FIELD_LINE, false, 0, 79},                         \
	    {"review_on", FIELD_LINE, false, 0, 10},                           \
	    {"start_at", FIELD_INT, false, 0, INT64_MAX},                      \
	    {"end_at", FIELD_INT, false, 0, INT64_MAX},                        \
	    {"send_from", FIELD_INT, false, 0, 1439},                          \
	    {"send_until", FIELD_INT, false, 1, 1440},                         \
	    {"per_day", FIELD_INT, false, 1, 3},                               \
	    {"per_month", FIELD_INT, false, 1, 31},                            \
	    {"budget", FIELD_INT, false, 0, 1000000000},                       \
	    {"budget_source", FIELD_LINE, false, 0, 39},                       \
	    {"canary", FIELD_INT, false, 0, 100000},                           \
	    {"canary_minutes", FIELD_INT, false, 0, 10080},                    \
	{                                                                      \
		"drill", FIELD_BOOL, false, 0, 0                               \
	}

static const struct field f_campaigns[] = {
    {"name", FIELD_LINE, true, 1, CAMPAIGN_NAME_MAX - 1},
    {"lists", FIELD_LINES, true, 1, CAMPAIGN_LISTS_MAX},
    {"text", FIELD_TEXT, true, 1, CAMPAIGN_TEXT_MAX - 1},
    CAMPAIGN_RULES,
    END,
};
static const struct field f_campaign_edit[] = {
    {"name", FIELD_LINE, false, 1, CAMPAIGN_NAME_MAX - 1},
    {"lists", FIELD_LINES, false, 1, CAMPAIGN_LISTS_MAX},
    {"text", FIELD_TEXT, false, 1, CAMPAIGN_TEXT_MAX - 1},
    CAMPAIGN_RULES,
    END,
};
static const struct field f_campaign_resume[] = {
    {"budget", FIELD_INT, false, 0, 1000000000},
    END,
};
static const struct field f_campaign_copy[] = {
    {"from", FIELD_INT, true, 2000, 2199},
    {"to", FIELD_INT, true, 2000, 2199},
    END,
};
static const struct field f_try[] = {
    {"text", FIELD_SECRET, true, 0, FOLD_TEXT_MAX},
    END,
};
#define SEALED_MAX ((DESK_NOTE_MAX + 2) / 3 * 4) /* as base64 */
static const struct field f_note[] = {
    {"sealed", FIELD_LINE, true, 1, SEALED_MAX},
    END,
};
static const struct field f_next[] = {
    {"at", FIELD_INT, false, 0, INT64_MAX},
    END,
};
static const struct field f_hand[] = {
    {"user", FIELD_NAME, true, 1, USER_NAME_MAX - 1},
    END,
};
static const struct field f_call[] = {
    {"reason", FIELD_LINE, false, 0, 15},
    END,
};
static const struct field f_contact[] = {
    {"state", FIELD_LINE, false, 1, 11},
    {"from", FIELD_INT, false, 0, 1439},
    {"until", FIELD_INT, false, 0, 1440},
    {"days", FIELD_INT, false, 0, 127},
    END,
};
static const struct field f_consent[] = {
    {"agency", FIELD_CODE, true, 1, AGENCY_CODE_MAX - 1},
    {"how", FIELD_LINE, true, 1, 15},
    {"withdrawn", FIELD_BOOL, false, 0, 0},
    END,
};
static const struct field f_refer[] = {
    {"agency", FIELD_CODE, true, 1, AGENCY_CODE_MAX - 1},
    {"override", FIELD_LINE, false, 0, 15},
    {"note", FIELD_LINE, false, 1, SEALED_MAX},
    {"sealed_key", FIELD_LINE, false, 108, 108},
    END,
};
static const struct field f_say[] = {
    {"template", FIELD_LINE, true, 1, 31},
    {"minute", FIELD_INT, true, 0, 1439},
    {"day", FIELD_INT, false, 0, 6},
    END,
};
static const struct field f_word[] = {
    {"word", FIELD_SECRET, true, 2, 100},
    END,
};
static const struct field f_clock[] = {
    {"act", FIELD_LINE, true, 1, 15},
    END,
};
static const struct field f_close[] = {
    {"outcome", FIELD_LINE, true, 1, CASE_OUTCOME_MAX - 1},
    END,
};

static const struct field f_hold[] = {
    {"reason", FIELD_LINE, false, 0, 15},
    END,
};
static const struct field f_modem_ussd[] = {
    {"code", FIELD_LINE, false, 1, 64},
    {"answer", FIELD_LINE, false, 1, 64},
    END,
};
static const struct field f_modem_test[] = {
    {"step", FIELD_NAME, true, 1, 8},
    END,
};
static const struct field q_events[] = {
    {"after", FIELD_INT, false, 0, INT64_MAX},
    LIMIT,
    END,
};
static const struct field q_audit[] = {
    {"seq", FIELD_INT, false, 1, INT64_MAX},
    {"head", FIELD_LINE, false, 2 * AUDIT_HASH_MIN, 2 * AUDIT_HASH},
    END,
};
static const struct field q_deliveries[] = {
    {"state", FIELD_NAME, false, 4, 9},
    {"before", FIELD_INT, false, 1, INT64_MAX},
    LIMIT,
    END,
};
static const struct field f_webhooks[] = {
    {"name", FIELD_NAME, true, 1, WEBHOOK_NAME_MAX - 1},
    {"agency", FIELD_CODE, true, 1, AGENCY_CODE_MAX - 1},
    {"url", FIELD_LINE, true, 1, WEBHOOK_URL_MAX - 1},
    END,
};
static const struct field q_ussd[] = {
    {"key", FIELD_SECRET, false, 1, 256},
    END,
};
/* As aggregators send them; what is not used is named, because a field that no
 * row names is refused. */
static const struct field f_ussd[] = {
    {"sessionId", FIELD_LINE, true, 1, USSD_SESSION_MAX - 1},
    {"phoneNumber", FIELD_LINE, true, 1, 40},
    {"serviceCode", FIELD_LINE, false, 0, 40},
    {"networkCode", FIELD_LINE, false, 0, 40},
    {"text", FIELD_LINE, false, 0, MENU_PATH_MAX},
    END,
};
static const struct field f_ussd_end[] = {
    {"sessionId", FIELD_LINE, true, 1, USSD_SESSION_MAX - 1},
    {"phoneNumber", FIELD_LINE, false, 0, 40},
    {"serviceCode", FIELD_LINE, false, 0, 40},
    {"networkCode", FIELD_LINE, false, 0, 40},
    {"date", FIELD_LINE, false, 0, 64},
    {"status", FIELD_LINE, false, 0, 64},
    {"cost", FIELD_LINE, false, 0, 64},
    {"durationInMillis", FIELD_LINE, false, 0, 64},
    {"hopsCount", FIELD_LINE, false, 0, 64},
    {"input", FIELD_LINE, false, 0, MENU_PATH_MAX},
    {"lastAppResponse", FIELD_TEXT, false, 0, MENU_SCREEN_MAX},
    {"errorMessage", FIELD_LINE, false, 0, 256},
    END,
};

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
    {"POST", V1 "/campaigns/{id}/approve", ROLE_APPROVER, BODY_JSON, 0, NULL,
	NULL, api_campaigns_act, NULL, CAMPAIGN_APPROVE},
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
