# SPDX-License-Identifier: GPL-2.0-or-later
noinst_LIBRARIES += libctl.a
libctl_a_SOURCES = \
	%D%/address.c %D%/address.h \
	%D%/args.c %D%/args.h \
	%D%/case.h %D%/case_act.c %D%/case_show.c \
	%D%/check.c %D%/check.h %D%/check_time.c \
	%D%/client.c %D%/client.h \
	%D%/ctl.c %D%/ctl.h \
	%D%/key.h %D%/key_rotate.c \
	%D%/keyfile.c %D%/keyfile.h \
	%D%/output.c %D%/output.h \
	%D%/progress.c %D%/progress.h \
	%D%/shape.c %D%/shape.h \
	%D%/text.c %D%/text.h \
	%D%/token.c %D%/token.h \
	%D%/verb_address.c \
	%D%/verb_audit.c \
	%D%/campaign.h %D%/campaign_draft.c \
	%D%/verb_campaign.c \
	%D%/verb_case.c \
	%D%/verb_duty.c \
	%D%/verb_key.c \
	%D%/verb_message.c \
	%D%/verb_modem.c \
	%D%/verb_list.c \
	%D%/verb_people.c \
	%D%/verb_session.c \
	%D%/verb_unlock.c \
	%D%/verb_user.c \
	%D%/verb_webhook.c
libctl_a_CFLAGS = $(AM_CFLAGS) $(CURL_CFLAGS) $(JANSSON_CFLAGS) \
	$(SODIUM_CFLAGS) $(UTF8PROC_CFLAGS)

bin_PROGRAMS += tincayctl
tincayctl_SOURCES = %D%/main.c
tincayctl_CFLAGS = $(libctl_a_CFLAGS)
tincayctl_LDADD = libctl.a libtincay.a $(CURL_LIBS) $(JANSSON_LIBS) \
	$(SODIUM_LIBS) $(UTF8PROC_LIBS)
