# SPDX-License-Identifier: GPL-2.0-or-later
# The daemon is a library and a small main.c, so that tests and benchmarks link all of it.
include %D%/vault/local.mk
include %D%/http/local.mk

noinst_LIBRARIES += libtincayd.a
libtincayd_a_SOURCES = \
	$(HTTP_SOURCES) \
	%D%/conf.c %D%/conf.h \
	%D%/core.h \
	%D%/desk/act.c %D%/desk/act.h \
	%D%/desk/audit.c %D%/desk/audit.h \
	%D%/desk/desk.c %D%/desk/desk.h %D%/desk/desk_private.h \
	%D%/desk/address.c %D%/desk/address.h \
	%D%/desk/alert.c %D%/desk/alert.h \
	%D%/desk/duty.c %D%/desk/duty.h \
	%D%/desk/escalate.c %D%/desk/escalate.h \
	%D%/desk/flood.c %D%/desk/flood.h \
	%D%/desk/legal.c %D%/desk/legal.h \
	%D%/desk/due.c %D%/desk/due.h \
	%D%/desk/file.c \
	%D%/desk/holder.c %D%/desk/holder.h \
	%D%/desk/purge.c %D%/desk/purge.h \
	%D%/desk/ladder.c %D%/desk/ladder.h \
	%D%/desk/refer.c %D%/desk/refer.h \
	%D%/desk/rekey.c %D%/desk/rekey.h \
	%D%/desk/witness.c %D%/desk/witness.h \
	%D%/desk/say.c %D%/desk/say.h \
	%D%/forward/address.c %D%/forward/address.h \
	%D%/forward/body.c %D%/forward/body.h \
	%D%/forward/forward.c %D%/forward/forward.h \
	%D%/forward/transfer.c %D%/forward/transfer.h \
	%D%/house.c %D%/house.h \
	%D%/inbound.h \
	%D%/intake/age.c %D%/intake/age.h \
	%D%/intake/argument.c %D%/intake/argument.h \
	%D%/intake/broadcast.c %D%/intake/broadcast.h \
	%D%/intake/budget.c %D%/intake/budget.h \
	%D%/intake/callback.c %D%/intake/callback.h \
	%D%/intake/content.c %D%/intake/content.h \
	%D%/intake/content_check.c %D%/intake/content_load.h \
	%D%/intake/content_index.c %D%/intake/content_query.c \
	%D%/intake/content_lint.c %D%/intake/content_lint.h \
	%D%/intake/content_topic.c \
	%D%/intake/intake.c %D%/intake/intake.h \
	%D%/intake/lint.h \
	%D%/intake/match.c %D%/intake/match.h \
	%D%/intake/match_index.c %D%/intake/match_index.h \
	%D%/intake/match_words.c %D%/intake/match_words.h \
	%D%/intake/menu.c %D%/intake/menu.h \
	%D%/intake/prompt.c \
	%D%/intake/reply.c %D%/intake/reply.h \
	%D%/intake/sender.c %D%/intake/sender.h \
	%D%/intake/selftest.c %D%/intake/selftest.h \
	%D%/intake/talk.c %D%/intake/talk.h \
	%D%/intake/ussd.c %D%/intake/ussd.h \
	%D%/intake/workdays.c %D%/intake/workdays.h \
	%D%/optfile.c %D%/optfile.h %D%/optvalue.c \
	%D%/outbox/choose.c %D%/outbox/choose.h \
	%D%/outbox/feed.c %D%/outbox/feed.h \
	%D%/outbox/guard.c %D%/outbox/guard.h \
	%D%/outbox/notice.c %D%/outbox/notice.h \
	%D%/outbox/outbox.c %D%/outbox/outbox.h \
	%D%/outbox/policy.c %D%/outbox/policy.h \
	%D%/outbox/render.c %D%/outbox/render.h \
	%D%/outbox/report.c %D%/outbox/result.c \
	%D%/outbox/slots.c %D%/outbox/slots.h \
	%D%/outbox/rules.c %D%/outbox/rules.h \
	%D%/outbox/state.c %D%/outbox/state.h \
	%D%/outbox/upkeep.c \
	%D%/outbox/variant.c %D%/outbox/variant.h \
	%D%/outreach/calendar.c %D%/outreach/calendar.h \
	%D%/outreach/campaign.c %D%/outreach/campaign.h \
	%D%/outreach/campaign_private.h \
	%D%/outreach/draft.c %D%/outreach/estimate.c \
	%D%/outreach/export.c %D%/outreach/export.h \
	%D%/outreach/lint.c %D%/outreach/lint.h \
	%D%/outreach/lint_rules.c \
	%D%/outreach/variable.c %D%/outreach/variable.h \
	%D%/outreach/variant.c %D%/outreach/variant.h \
	%D%/outreach/trial.c \
	%D%/outreach/import.c %D%/outreach/list.c \
	%D%/outreach/meeting.c %D%/outreach/meeting.h \
	%D%/outreach/people.c %D%/outreach/people.h \
	%D%/outreach/people_private.h \
	%D%/outreach/quiz.c %D%/outreach/quiz.h \
	%D%/outreach/remind.c %D%/outreach/remind.h \
	%D%/outreach/series.c %D%/outreach/series.h \
	%D%/outreach/sheet.c %D%/outreach/sheet.h \
	%D%/radio_ops.c %D%/radio_ops.h \
	%D%/radio/assembly.c %D%/radio/assembly.h \
	%D%/radio/child.c %D%/radio/dial.c %D%/radio/dial.h %D%/radio/events.c \
	%D%/radio/locked.c \
	%D%/radio/identity.c %D%/radio/pin.c %D%/radio/step.c \
	%D%/radio/tombstone.c %D%/radio/watch.c %D%/radio/life.c \
	%D%/radio/quota.c %D%/radio/quota.h \
	%D%/radio/radio.c %D%/radio/radio.h %D%/radio/radio_private.h \
	%D%/radio/receive.c %D%/radio/row.c %D%/radio/send.c \
	%D%/store/address.c %D%/store/address.h \
	%D%/store/alarm.c %D%/store/alarm.h \
	%D%/store/campaign.c %D%/store/campaign.h \
	%D%/store/case.c %D%/store/case.h \
	%D%/store/contact.c %D%/store/contact.h \
	%D%/store/due.c %D%/store/due.h \
	%D%/store/duty.c %D%/store/duty.h \
	%D%/store/health.c %D%/store/health.h \
	%D%/store/holder.c %D%/store/holder.h \
	%D%/store/inbound.c %D%/store/inbound.h \
	%D%/store/locked.c %D%/store/locked.h \
	%D%/store/meeting.c %D%/store/meeting.h \
	%D%/store/message.c %D%/store/message.h \
	%D%/store/modem.c %D%/store/modem.h \
	%D%/store/notice.c %D%/store/notice.h \
	%D%/store/purge.c %D%/store/purge.h \
	%D%/store/person.c %D%/store/person.h \
	%D%/store/schema.c %D%/store/schema.h %D%/store/schema_desk.c \
	%D%/store/schema_outreach.c \
	%D%/store/quiz.c %D%/store/quiz.h \
	%D%/store/rekey.c %D%/store/rekey.h \
	%D%/store/seal.c %D%/store/seal.h \
	%D%/store/series.c %D%/store/series.h \
	%D%/store/sql.c %D%/store/sql.h \
	%D%/store/store.c %D%/store/store.h %D%/store/store_private.h \
	%D%/store/token.c %D%/store/token.h \
	%D%/store/user.c %D%/store/user.h \
	%D%/store/variant.c %D%/store/variant.h \
	%D%/store/webhook.c %D%/store/webhook.h \
	%D%/turn.c %D%/turn.h \
	%D%/watch/alarm.c %D%/watch/alarm.h \
	%D%/watch/credit.c %D%/watch/credit.h \
	%D%/watch/health.c %D%/watch/health.h \
	%D%/watch/watch.c %D%/watch/watch.h \
	%D%/worker.c %D%/worker.h
libtincayd_a_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/daemon \
	-DTC_LIBEXECDIR='"$(libexecdir)"'
libtincayd_a_CFLAGS = $(AM_CFLAGS) $(LIBEVENT_CFLAGS) $(SQLITE_CFLAGS) \
	$(JANSSON_CFLAGS) $(CONFUSE_CFLAGS) $(UTF8PROC_CFLAGS) $(CURL_CFLAGS) \
	$(TLS_CFLAGS)

sbin_PROGRAMS += tincayd
tincayd_SOURCES = %D%/main.c %D%/server.c %D%/server.h
tincayd_CPPFLAGS = $(libtincayd_a_CPPFLAGS)
tincayd_CFLAGS = $(libtincayd_a_CFLAGS)
tincayd_LDADD = libtincayd.a libvault.a libtincay.a $(LIBEVENT_LIBS) \
	$(SQLITE_LIBS) $(SODIUM_LIBS) $(JANSSON_LIBS) $(CONFUSE_LIBS) \
	$(UTF8PROC_LIBS) $(CSV_LIBS) $(CURL_LIBS) \
	$(TLS_LIBS) -lpthread

# For the tests of what is in libtincayd.a.
DAEMON_TEST_CPPFLAGS = $(libtincayd_a_CPPFLAGS) \
	-DTEST_ETC='"$(abs_top_srcdir)/etc"'
DAEMON_TEST_LIBS = libtincayd.a libvault.a libtincay.a \
	$(LIBEVENT_LIBS) $(SQLITE_LIBS) $(SODIUM_LIBS) $(JANSSON_LIBS) \
	$(CMOCKA_LIBS) $(CONFUSE_LIBS) $(UTF8PROC_LIBS) $(CSV_LIBS) $(CURL_LIBS) \
	$(TLS_LIBS) -lpthread
