# SPDX-License-Identifier: GPL-2.0-or-later
# The only folder of the daemon that includes sodium.h.
VAULT_SOURCES = \
	%D%/datakey.c %D%/datakey.h \
	%D%/envelope.c \
	%D%/fingerprint.c \
	%D%/lock.c \
	%D%/names.c \
	%D%/vault.c %D%/vault.h \
	%D%/webhook.c

noinst_LIBRARIES += libvault.a
libvault_a_SOURCES = $(VAULT_SOURCES)
libvault_a_CFLAGS = $(AM_CFLAGS) $(SODIUM_CFLAGS)
