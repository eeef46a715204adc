# SPDX-License-Identifier: GPL-2.0-or-later
# The daemon is a library and a small main.c, so that tests and benchmarks link all of it.
include %D%/vault/local.mk

noinst_LIBRARIES += libtincayd.a
libtincayd_a_SOURCES = \
	%D%/core.h \
	%D%/store/campaign.c %D%/store/campaign.h \
	%D%/store/case.c %D%/store/case.h \
	%D%/store/contact.c %D%/store/contact.h \
	%D%/store/inbound.c %D%/store/inbound.h \
	%D%/store/message.c %D%/store/message.h \
	%D%/store/person.c %D%/store/person.h \
	%D%/store/schema.c %D%/store/schema.h \
	%D%/store/sql.c %D%/store/sql.h \
	%D%/store/store.c %D%/store/store.h %D%/store/store_private.h \
	%D%/turn.c %D%/turn.h
libtincayd_a_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/daemon
libtincayd_a_CFLAGS = $(AM_CFLAGS) $(LIBEVENT_CFLAGS) $(SQLITE_CFLAGS) $(JANSSON_CFLAGS) $(CONFUSE_CFLAGS)
