# SPDX-License-Identifier: GPL-2.0-or-later
# Everything of tincayd but main(), so that the tests can link it.
noinst_LIBRARIES += libtincayd.a
libtincayd_a_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/daemon \
	-DTC_LIBEXECDIR='"$(libexecdir)"'
libtincayd_a_CFLAGS = $(AM_CFLAGS) $(CONFUSE_CFLAGS) $(UTF8PROC_CFLAGS)
libtincayd_a_SOURCES = \
	%D%/conf.c %D%/conf.h \
	%D%/optfile.c %D%/optfile.h %D%/optvalue.c \
	%D%/intake/content.c %D%/intake/content.h \
	%D%/intake/content_check.c %D%/intake/content_load.h \
	%D%/intake/content_lint.c %D%/intake/content_lint.h \
	%D%/intake/match.c %D%/intake/match.h \
	%D%/intake/match_index.c %D%/intake/match_index.h

# For the tests of what is in libtincayd.a.
DAEMON_TEST_CPPFLAGS = $(libtincayd_a_CPPFLAGS) \
	-DTEST_ETC='"$(abs_top_srcdir)/etc"'
DAEMON_TEST_LIBS = libtincayd.a libtincay.a \
	$(CMOCKA_LIBS) $(CONFUSE_LIBS) $(UTF8PROC_LIBS)
