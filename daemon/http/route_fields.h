/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_ROUTE_FIELDS_H
#define TINCAY_ROUTE_FIELDS_H

/* Private to routes.c: what each route takes in its query (q_) and body (f_), as
 * tables that end with a field without a name. */

#include "http/field.h"

extern const struct field q_people_import[];
extern const struct field q_dnc[];
extern const struct field q_people[];
extern const struct field q_calendar[];
extern const struct field q_meetings[];
extern const struct field q_messages[];
extern const struct field q_cases[];
extern const struct field q_case[];
extern const struct field f_session[];
extern const struct field f_password[];
extern const struct field f_unlock[];
extern const struct field f_users[];
extern const struct field f_tokens[];
extern const struct field f_number[];
extern const struct field f_person_theme[];
extern const struct field f_person_hours[];
extern const struct field f_phone[];
extern const struct field q_duty[];
extern const struct field f_duty[];
extern const struct field f_person[];
extern const struct field f_key[];
extern const struct field f_address[];
extern const struct field f_address_sealed[];
extern const struct field f_assign[];
extern const struct field f_release[];
extern const struct field q_seals[];
extern const struct field f_seal[];
extern const struct field f_lists[];
extern const struct field f_members[];
extern const struct field f_campaigns[];
extern const struct field f_campaign_edit[];
extern const struct field f_campaign_variant[];
extern const struct field f_campaign_trial[];
extern const struct field f_campaign_approve[];
extern const struct field q_campaign_export[];
extern const struct field f_campaign_resume[];
extern const struct field f_campaign_copy[];
extern const struct field f_event[];
extern const struct field f_event_edit[];
extern const struct field f_quiz[];
extern const struct field f_quiz_question[];
extern const struct field f_quiz_open[];
extern const struct field f_series[];
extern const struct field f_series_text[];
extern const struct field f_series_join[];
extern const struct field f_try[];
extern const struct field f_note[];
extern const struct field f_next[];
extern const struct field f_hand[];
extern const struct field f_call[];
extern const struct field f_contact[];
extern const struct field f_consent[];
extern const struct field f_refer[];
extern const struct field f_say[];
extern const struct field f_word[];
extern const struct field f_clock[];
extern const struct field f_close[];
extern const struct field f_reporter[];
extern const struct field f_hold[];
extern const struct field f_modem_ussd[];
extern const struct field f_modem_test[];
extern const struct field q_events[];
extern const struct field q_audit[];
extern const struct field q_deliveries[];
extern const struct field f_webhooks[];
extern const struct field q_ussd[];
extern const struct field f_ussd[];
extern const struct field f_ussd_end[];

#endif
