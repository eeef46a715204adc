# SPDX-License-Identifier: GPL-2.0-or-later
noinst_LIBRARIES += libsim.a
libsim_a_SOURCES = \
	%D%/at.c %D%/at.h \
	%D%/at_call.c \
	%D%/at_general.c \
	%D%/at_sms.c \
	%D%/call.c \
	%D%/charset.c %D%/charset.h \
	%D%/client.c %D%/client.h \
	%D%/control.c %D%/control.h \
	%D%/fault.c %D%/fault.h \
	%D%/journal.c %D%/journal.h \
	%D%/modem.c %D%/modem.h \
	%D%/modem_in.c %D%/modem_io.h \
	%D%/modem_out.c \
	%D%/pdu.c %D%/pdu.h \
	%D%/pdu_field.c \
	%D%/persona.c %D%/persona.h \
	%D%/phone.c %D%/phone.h \
	%D%/radio.c %D%/radio.h \
	%D%/sim.c %D%/sim.h \
	%D%/smsc.c \
	%D%/text.c \
	%D%/ussd.c \
	%D%/verbs.c %D%/verbs.h
libsim_a_CFLAGS = $(AM_CFLAGS) $(LIBEVENT_CFLAGS) $(JANSSON_CFLAGS)

bin_PROGRAMS += tincay-sim
tincay_sim_SOURCES = %D%/main.c
tincay_sim_CFLAGS = $(AM_CFLAGS) $(LIBEVENT_CFLAGS) $(JANSSON_CFLAGS)
tincay_sim_LDADD = libsim.a libtincay.a $(LIBEVENT_LIBS) $(JANSSON_LIBS)
