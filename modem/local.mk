# SPDX-License-Identifier: GPL-2.0-or-later
# usleep must be a dynamic symbol of the program, or libgammu keeps the C
# library's (nap.c).
libexec_PROGRAMS += tincay-modem
tincay_modem_SOURCES = \
	%D%/child.h \
	%D%/inbox.c %D%/inbox.h \
	%D%/line.c %D%/line.h \
	%D%/link.c %D%/link.h \
	%D%/main.c \
	%D%/nap.c %D%/nap.h \
	%D%/phone.c %D%/phone.h \
	%D%/sandbox.c %D%/sandbox.h \
	%D%/send.c \
	%D%/sms.c %D%/sms.h \
	%D%/spool.c %D%/spool.h \
	%D%/start.c \
	%D%/status.c %D%/status.h \
	%D%/tap.c %D%/tap.h \
	%D%/text.c %D%/text.h \
	%D%/ussd.c %D%/ussd.h
tincay_modem_CPPFLAGS = $(AM_CPPFLAGS) $(GAMMU_CFLAGS)
tincay_modem_LDFLAGS = $(AM_LDFLAGS) -Wl,--export-dynamic-symbol=usleep
tincay_modem_LDADD = libtincay.a $(GAMMU_LIBS)
