# SPDX-License-Identifier: GPL-2.0-or-later
noinst_LIBRARIES += libctl.a
libctl_a_SOURCES = \
	%D%/keyfile.c %D%/keyfile.h \
	%D%/passphrase.c
libctl_a_CFLAGS = $(AM_CFLAGS) $(SODIUM_CFLAGS) $(JANSSON_CFLAGS)
