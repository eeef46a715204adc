# SPDX-License-Identifier: GPL-2.0-or-later
noinst_LIBRARIES += libtincay.a
libtincay_a_SOURCES = \
	%D%/buf.c %D%/buf.h \
	%D%/chacha20.c %D%/chacha20.h \
	%D%/clock.c %D%/clock.h \
	%D%/faults.c %D%/faults.h \
	%D%/fold.c %D%/fold.h %D%/fold_forms.c %D%/fold_forms.h \
	%D%/frame.c %D%/frame.h \
	%D%/gsm.c %D%/gsm.h \
	%D%/log.c %D%/log.h \
	%D%/modembody.h %D%/modemkind.h \
	%D%/modemlink.c %D%/modemlink.h \
	%D%/msisdn.c %D%/msisdn.h \
	%D%/passphrase.c %D%/passphrase.h \
	%D%/secretfile.c %D%/secretfile.h \
	%D%/util.c %D%/util.h \
	%D%/wordrun.c %D%/wordrun.h
libtincay_a_CFLAGS = $(AM_CFLAGS) $(UTF8PROC_CFLAGS)
