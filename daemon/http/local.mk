# SPDX-License-Identifier: GPL-2.0-or-later
# The only folder that includes evhttp and OpenSSL; part of libtincayd.a.
HTTP_SOURCES = \
	%D%/api.h \
	%D%/api_addresses.c \
	%D%/api_agencies.c \
	%D%/api_audit.c \
	%D%/api_campaigns.c \
	%D%/api_case.h \
	%D%/api_case_acts.c \
	%D%/api_cases.c \
	%D%/api_content.c \
	%D%/api_duty.c \
	%D%/api_events.c \
	%D%/api_holders.c \
	%D%/api_intents.c \
	%D%/api_lists.c \
	%D%/api_messages.c \
	%D%/api_metrics.c \
	%D%/api_modems.c \
	%D%/api_radio.c \
	%D%/api_password.c \
	%D%/api_people.c \
	%D%/api_quizzes.c \
	%D%/api_safe_word.c \
	%D%/api_series.c \
	%D%/api_session.c \
	%D%/api_status.c \
	%D%/api_tokens.c \
	%D%/api_unlock.c \
	%D%/api_users.c \
	%D%/api_ussd.c \
	%D%/api_webhooks.c \
	%D%/auth.c \
	%D%/field.c %D%/field.h \
	%D%/handlers.h \
	%D%/http.c %D%/http.h \
	%D%/jval.c %D%/jval.h \
	%D%/poll.c \
	%D%/reply.c \
	%D%/request.c \
	%D%/router.c \
	%D%/route_fields.c %D%/route_fields.h \
	%D%/routes.c \
	%D%/scopes.c %D%/scopes.h \
	%D%/server.h \
	%D%/tls.c %D%/tls.h
