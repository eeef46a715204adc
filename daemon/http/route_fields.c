/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The query parameters (q_) and body fields (f_) of the API, by route. */
#include "config.h"

#include "desk/act.h"
#include "desk/address.h"
#include "desk/audit.h"
#include "fold.h"
#include "http/api.h"
#include "http/route_fields.h"
#include "intake/ussd.h"
#include "outreach/campaign.h"
#include "outreach/meeting.h"
#include "outreach/quiz.h"
#include "outreach/series.h"
#include "outreach/variant.h"
#include "store/token.h"
#include "store/webhook.h"

#define LIMIT                                                                  \
	{                                                                      \
		"limit", FIELD_INT, false, 1, 500                              \
	}
#define END                                                                    \
	{                                                                      \
		NULL, FIELD_LINE, false, 0, 0                                  \
	}

/* --- query fields --- */

const struct field q_people_import[] = {
    {"list", FIELD_LINE, false, 1, LIST_NAME_MAX - 1},
    {"dry_run", FIELD_BOOL, false, 0, 0},
    END,
};
const struct field q_dnc[] = {
    {"dry_run", FIELD_BOOL, false, 0, 0},
    END,
};
const struct field q_people[] = {
    {"after", FIELD_ID, false, 0, 0},
    LIMIT,
    END,
};
const struct field q_calendar[] = {
    {"year", FIELD_INT, false, 2000, 2199},
    END,
};
const struct field q_meetings[] = {
    {"past", FIELD_BOOL, false, 0, 0},
    END,
};
const struct field q_messages[] = {
    {"before", FIELD_ID, false, 0, 0},
    LIMIT,
    END,
};
const struct field q_cases[] = {
    {"agency", FIELD_CODE, false, 1, AGENCY_CODE_MAX - 1},
    {"after", FIELD_INT, false, 0, INT64_MAX},
    {"from", FIELD_LINE, false, 33, 33},
    {"wait", FIELD_INT, false, 0, 60},
    LIMIT,
    END,
};
const struct field q_case[] = {
    {"agency", FIELD_CODE, false, 1, AGENCY_CODE_MAX - 1},
    END,
};

/* --- body fields --- */

const struct field f_session[] = {
    {"user", FIELD_LINE, true, 1, 100},
    {"password", FIELD_SECRET, true, 1, 1024},
    END,
};
const struct field f_password[] = {
    {"password", FIELD_SECRET, true, 1, 1024},
    {"new_password", FIELD_SECRET, true, 10, 1024},
    END,
};
const struct field f_unlock[] = {
    {"passphrase", FIELD_SECRET, true, 1, 1023},
    END,
};
const struct field f_users[] = {
    {"name", FIELD_NAME, true, 1, USER_NAME_MAX - 1},
    {"agency", FIELD_CODE, false, 0, AGENCY_CODE_MAX - 1},
    {"roles", FIELD_NAMES, true, 1, 6},
    {"password", FIELD_SECRET, true, 10, 1024},
    END,
};
const struct field f_tokens[] = {
    {"name", FIELD_LINE, true, 1, TOKEN_NAME_MAX - 1},
    {"scopes", FIELD_NAMES, true, 1, 8},
    {"days", FIELD_INT, false, 1, 366},
    END,
};
const struct field f_number[] = {
    {"number", FIELD_LINE, true, 1, 40},
    {"remove", FIELD_BOOL, false, 0, 0},
    END,
};
const struct field f_person_theme[] = {
    {"number", FIELD_LINE, true, 1, 40},
    {"theme", FIELD_LINE, true, 1, 15},
    {"out", FIELD_BOOL, true, 0, 0},
    END,
};
const struct field f_person_hours[] = {
    {"number", FIELD_LINE, true, 1, 40},
    {"from", FIELD_INT, true, 0, 1439},
    {"until", FIELD_INT, true, 0, 1440},
    END,
};
const struct field f_phone[] = {
    {"number", FIELD_LINE, false, 1, 40},
    END,
};
const struct field q_duty[] = {
    {"agency", FIELD_CODE, false, 1, AGENCY_CODE_MAX - 1},
    END,
};
const struct field f_duty[] = {
    {"agency", FIELD_CODE, true, 1, AGENCY_CODE_MAX - 1},
    {"user", FIELD_NAME, true, 1, USER_NAME_MAX - 1},
    {"deputy", FIELD_NAME, false, 1, USER_NAME_MAX - 1},
    {"from", FIELD_INT, false, 1, INT64_MAX},
    {"until", FIELD_INT, true, 1, INT64_MAX},
    END,
};
const struct field f_person[] = {
    {"number", FIELD_LINE, true, 1, 40},
    END,
};
const struct field f_key[] = {
    {"public_key", FIELD_LINE, true, 44, 44},
    END,
};
/* 8192 bytes as base64 */
#define ADDRESS_BASE64_MAX ((ADDRESS_SEALED_MAX + 2) / 3 * 4)
const struct field f_address[] = {
    {"places", FIELD_INT, true, 1, ADDRESS_PLACES_MAX},
    {"sealed", FIELD_LINE, true, 1, ADDRESS_BASE64_MAX},
    {"fingerprints", FIELD_LINES, true, 1, ADDRESS_RUNS_MAX},
    END,
};
const struct field f_address_sealed[] = {
    {"sealed", FIELD_LINE, true, 1, ADDRESS_BASE64_MAX},
    END,
};
const struct field f_assign[] = {
    {"case", FIELD_CODE, true, 1, CASE_CODE_MAX - 1},
    {"how", FIELD_LINE, true, 1, 15},
    {"places", FIELD_INT, false, 1, ADDRESS_PLACES_MAX},
    END,
};
const struct field f_release[] = {
    {"case", FIELD_CODE, true, 1, CASE_CODE_MAX - 1},
    END,
};
const struct field q_seals[] = {
    {"from", FIELD_CODE, false, 1, AGENCY_CODE_MAX - 1},
    LIMIT,
    END,
};
const struct field f_seal[] = {
    {"sealed_key", FIELD_LINE, true, 108, 108},
    END,
};
const struct field f_lists[] = {
    {"name", FIELD_LINE, true, 1, LIST_NAME_MAX - 1},
    {"hamlet", FIELD_LINE, false, 0, 63},
    {"kind", FIELD_LINE, false, 0, 31},
    {"smart", FIELD_BOOL, false, 0, 0},
    {"drill", FIELD_BOOL, false, 0, 0},
    END,
};
const struct field f_members[] = {
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
	    {"script", FIELD_LINE, false, 4, 8},                               \
	    {"pupil_safe", FIELD_BOOL, false, 0, 0},                           \
	{                                                                      \
		"drill", FIELD_BOOL, false, 0, 0                               \
	}

const struct field f_campaigns[] = {
    {"name", FIELD_LINE, true, 1, CAMPAIGN_NAME_MAX - 1},
    {"lists", FIELD_LINES, true, 1, CAMPAIGN_LISTS_MAX},
    {"text", FIELD_TEXT, true, 1, CAMPAIGN_TEXT_MAX - 1},
    CAMPAIGN_RULES,
    END,
};
const struct field f_campaign_edit[] = {
    {"name", FIELD_LINE, false, 1, CAMPAIGN_NAME_MAX - 1},
    {"lists", FIELD_LINES, false, 1, CAMPAIGN_LISTS_MAX},
    {"text", FIELD_TEXT, false, 1, CAMPAIGN_TEXT_MAX - 1},
    CAMPAIGN_RULES,
    END,
};
/* Which readers a text is for. */
#define VARIANT_KEY                                                            \
	{"group", FIELD_LINE, false, 0, PERSON_KIND_MAX - 1},                  \
	    {"language", FIELD_NAME, false, 2, PERSON_LANGUAGE_MAX - 1},       \
	{                                                                      \
		"script", FIELD_NAME, false, 4, PERSON_SCRIPT_MAX - 1          \
	}

const struct field f_campaign_variant[] = {
    VARIANT_KEY,
    {"text", FIELD_TEXT, false, 1, CAMPAIGN_TEXT_MAX - 1},
    {"reviewer", FIELD_LINE, false, 0, VARIANT_REVIEWER_MAX - 1},
    {"remove", FIELD_BOOL, false, 0, 0},
    END,
};
const struct field f_campaign_trial[] = {
    VARIANT_KEY,
    END,
};
const struct field f_campaign_approve[] = {
    {"acknowledge", FIELD_LINES, false, 0, 16},
    END,
};
const struct field q_campaign_export[] = {
    {"as", FIELD_NAME, false, 1, 16},
    END,
};
const struct field f_campaign_resume[] = {
    {"budget", FIELD_INT, false, 0, 1000000000},
    END,
};
const struct field f_campaign_copy[] = {
    {"from", FIELD_INT, true, 2000, 2199},
    {"to", FIELD_INT, true, 2000, 2199},
    END,
};
const struct field f_event[] = {
    {"name", FIELD_LINE, true, 1, MEETING_NAME_MAX - 1},
    {"place", FIELD_LINE, true, 1, MEETING_PLACE_MAX - 1},
    {"starts_at", FIELD_INT, true, 1, INT64_MAX},
    {"lists", FIELD_LINES, false, 0, MEETING_LISTS_MAX},
    END,
};
const struct field f_event_edit[] = {
    {"name", FIELD_LINE, false, 1, MEETING_NAME_MAX - 1},
    {"place", FIELD_LINE, false, 1, MEETING_PLACE_MAX - 1},
    {"starts_at", FIELD_INT, false, 1, INT64_MAX},
    {"lists", FIELD_LINES, false, 0, MEETING_LISTS_MAX},
    END,
};
const struct field f_quiz[] = {
    {"name", FIELD_LINE, true, 1, QUIZ_NAME_MAX - 1},
    {"pledge", FIELD_BOOL, false, 0, 0},
    {"question", FIELD_LINE, true, 1, QUIZ_TEXT_MAX - 1},
    {"choices", FIELD_INT, false, 1, QUIZ_CHOICES_MAX},
    END,
};
const struct field f_quiz_question[] = {
    {"question", FIELD_LINE, true, 1, QUIZ_TEXT_MAX - 1},
    {"choices", FIELD_INT, false, 2, QUIZ_CHOICES_MAX},
    END,
};
const struct field f_quiz_open[] = {
    {"round", FIELD_NAME, false, 1, 15},
    {"days", FIELD_INT, false, 1, QUIZ_DAYS_MAX},
    END,
};
const struct field f_series[] = {
    {"name", FIELD_LINE, true, 1, SERIES_NAME_MAX - 1},
    {"theme", FIELD_LINE, false, 0, SERIES_THEME_MAX - 1},
    {"visits", FIELD_BOOL, false, 0, 0},
    {"per_day", FIELD_INT, false, 1, 3},
    {"per_month", FIELD_INT, false, 1, 31},
    END,
};
const struct field f_series_text[] = {
    {"day", FIELD_INT, true, 0, SERIES_DAY_MAX},
    {"text", FIELD_TEXT, true, 1, CAMPAIGN_TEXT_MAX - 1},
    END,
};
const struct field f_series_join[] = {
    {"number", FIELD_LINE, true, 1, 40},
    {"start_at", FIELD_INT, true, 1, INT64_MAX},
    {"consent_source", FIELD_LINE, true, 1, 63},
    {"consent_date", FIELD_LINE, true, 10, 10},
    {"collector", FIELD_LINE, true, 1, 63},
    END,
};
const struct field f_try[] = {
    {"text", FIELD_SECRET, true, 0, FOLD_TEXT_MAX},
    END,
};
#define SEALED_MAX ((DESK_NOTE_MAX + 2) / 3 * 4) /* as base64 */
const struct field f_note[] = {
    {"sealed", FIELD_LINE, true, 1, SEALED_MAX},
    END,
};
const struct field f_next[] = {
    {"at", FIELD_INT, false, 0, INT64_MAX},
    END,
};
const struct field f_hand[] = {
    {"user", FIELD_NAME, true, 1, USER_NAME_MAX - 1},
    END,
};
const struct field f_call[] = {
    {"reason", FIELD_LINE, false, 0, 15},
    END,
};
const struct field f_contact[] = {
    {"state", FIELD_LINE, false, 1, 11},
    {"from", FIELD_INT, false, 0, 1439},
    {"until", FIELD_INT, false, 0, 1440},
    {"days", FIELD_INT, false, 0, 127},
    END,
};
const struct field f_consent[] = {
    {"agency", FIELD_CODE, true, 1, AGENCY_CODE_MAX - 1},
    {"how", FIELD_LINE, true, 1, 15},
    {"withdrawn", FIELD_BOOL, false, 0, 0},
    END,
};
const struct field f_refer[] = {
    {"agency", FIELD_CODE, true, 1, AGENCY_CODE_MAX - 1},
    {"override", FIELD_LINE, false, 0, 15},
    {"note", FIELD_LINE, false, 1, SEALED_MAX},
    {"sealed_key", FIELD_LINE, false, 108, 108},
    END,
};
const struct field f_say[] = {
    {"template", FIELD_LINE, true, 1, 31},
    {"minute", FIELD_INT, true, 0, 1439},
    {"day", FIELD_INT, false, 0, 6},
    END,
};
const struct field f_word[] = {
    {"word", FIELD_SECRET, true, 2, 100},
    END,
};
const struct field f_clock[] = {
    {"act", FIELD_LINE, true, 1, 15},
    END,
};
const struct field f_close[] = {
    {"outcome", FIELD_LINE, true, 1, CASE_OUTCOME_MAX - 1},
    END,
};

const struct field f_reporter[] = {
    {"reason", FIELD_LINE, true, 1, 15},
    END,
};
const struct field f_hold[] = {
    {"reason", FIELD_LINE, false, 0, 15},
    END,
};
const struct field f_modem_ussd[] = {
    {"code", FIELD_LINE, false, 1, 64},
    {"answer", FIELD_LINE, false, 1, 64},
    END,
};
const struct field f_modem_test[] = {
    {"step", FIELD_NAME, true, 1, 8},
    END,
};
const struct field q_events[] = {
    {"after", FIELD_INT, false, 0, INT64_MAX},
    LIMIT,
    END,
};
const struct field q_audit[] = {
    {"seq", FIELD_INT, false, 1, INT64_MAX},
    {"head", FIELD_LINE, false, 2 * AUDIT_HASH_MIN, 2 * AUDIT_HASH},
    END,
};
const struct field q_deliveries[] = {
    {"state", FIELD_NAME, false, 4, 9},
    {"before", FIELD_INT, false, 1, INT64_MAX},
    LIMIT,
    END,
};
const struct field f_webhooks[] = {
    {"name", FIELD_NAME, true, 1, WEBHOOK_NAME_MAX - 1},
    {"agency", FIELD_CODE, true, 1, AGENCY_CODE_MAX - 1},
    {"url", FIELD_LINE, true, 1, WEBHOOK_URL_MAX - 1},
    END,
};
const struct field q_ussd[] = {
    {"key", FIELD_SECRET, false, 1, 256},
    END,
};
/* As aggregators send them; what is not used is named, because a field that no
 * row names is refused. */
const struct field f_ussd[] = {
    {"sessionId", FIELD_LINE, true, 1, USSD_SESSION_MAX - 1},
    {"phoneNumber", FIELD_LINE, true, 1, 40},
    {"serviceCode", FIELD_LINE, false, 0, 40},
    {"networkCode", FIELD_LINE, false, 0, 40},
    {"text", FIELD_LINE, false, 0, MENU_PATH_MAX},
    END,
};
const struct field f_ussd_end[] = {
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
