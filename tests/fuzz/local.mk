# SPDX-License-Identifier: GPL-2.0-or-later
# One fuzz_<name>.c per parser and a corpus of the same name. With
# --enable-fuzzer they are libFuzzer programs; otherwise make check replays the
# corpus.
FUZZERS = %D%/fuzz_frame %D%/fuzz_gsm %D%/fuzz_fold %D%/fuzz_msisdn \
	%D%/fuzz_request
FUZZ_LIBS = libtincay.a $(UTF8PROC_LIBS)
EXTRA_DIST += %D%/corpus

FUZZERS += %D%/fuzz_match %D%/fuzz_conf %D%/fuzz_content %D%/fuzz_argument \
	%D%/fuzz_menu

if FUZZER
noinst_PROGRAMS += $(FUZZERS)
FUZZ_MAIN =
FUZZ_LINK = $(AM_LDFLAGS) -fsanitize=fuzzer
else
check_PROGRAMS += $(FUZZERS)
TESTS += $(FUZZERS)
FUZZ_MAIN = %D%/replay.c
FUZZ_LINK = $(AM_LDFLAGS)
endif

%C%_fuzz_frame_SOURCES = %D%/fuzz_frame.c %D%/fuzz.h $(FUZZ_MAIN)
%C%_fuzz_frame_LDFLAGS = $(FUZZ_LINK)
%C%_fuzz_frame_LDADD = $(FUZZ_LIBS)
%C%_fuzz_gsm_SOURCES = %D%/fuzz_gsm.c %D%/fuzz.h $(FUZZ_MAIN)
%C%_fuzz_gsm_LDFLAGS = $(FUZZ_LINK)
%C%_fuzz_gsm_LDADD = $(FUZZ_LIBS)
%C%_fuzz_fold_SOURCES = %D%/fuzz_fold.c %D%/fuzz.h $(FUZZ_MAIN)
%C%_fuzz_fold_LDFLAGS = $(FUZZ_LINK)
%C%_fuzz_fold_LDADD = $(FUZZ_LIBS)
%C%_fuzz_msisdn_SOURCES = %D%/fuzz_msisdn.c %D%/fuzz.h $(FUZZ_MAIN)
%C%_fuzz_msisdn_LDFLAGS = $(FUZZ_LINK)
%C%_fuzz_msisdn_LDADD = $(FUZZ_LIBS)

%C%_fuzz_match_SOURCES = %D%/fuzz_match.c %D%/fuzz.h $(FUZZ_MAIN)
%C%_fuzz_match_CPPFLAGS = $(DAEMON_TEST_CPPFLAGS)
%C%_fuzz_match_LDFLAGS = $(FUZZ_LINK)
%C%_fuzz_match_LDADD = libtincayd.a $(FUZZ_LIBS) $(CONFUSE_LIBS)
%C%_fuzz_argument_SOURCES = %D%/fuzz_argument.c %D%/fuzz.h $(FUZZ_MAIN)
%C%_fuzz_argument_CPPFLAGS = $(DAEMON_TEST_CPPFLAGS)
%C%_fuzz_argument_LDFLAGS = $(FUZZ_LINK)
%C%_fuzz_argument_LDADD = libtincayd.a $(FUZZ_LIBS)
%C%_fuzz_conf_SOURCES = %D%/fuzz_conf.c %D%/fuzz.h $(FUZZ_MAIN)
%C%_fuzz_conf_CPPFLAGS = $(DAEMON_TEST_CPPFLAGS)
%C%_fuzz_conf_LDFLAGS = $(FUZZ_LINK)
%C%_fuzz_conf_LDADD = libtincayd.a $(FUZZ_LIBS) $(CONFUSE_LIBS)
%C%_fuzz_content_SOURCES = %D%/fuzz_content.c %D%/fuzz.h $(FUZZ_MAIN)
%C%_fuzz_content_CPPFLAGS = $(DAEMON_TEST_CPPFLAGS)
%C%_fuzz_content_LDFLAGS = $(FUZZ_LINK)
%C%_fuzz_content_LDADD = libtincayd.a $(FUZZ_LIBS) $(CONFUSE_LIBS)
%C%_fuzz_menu_SOURCES = %D%/fuzz_menu.c %D%/fuzz.h $(FUZZ_MAIN)
%C%_fuzz_menu_CPPFLAGS = $(DAEMON_TEST_CPPFLAGS)
%C%_fuzz_menu_LDFLAGS = $(FUZZ_LINK)
%C%_fuzz_menu_LDADD = libtincayd.a $(FUZZ_LIBS) $(CONFUSE_LIBS)
%C%_fuzz_request_SOURCES = %D%/fuzz_request.c %D%/fuzz.h $(FUZZ_MAIN)
%C%_fuzz_request_CPPFLAGS = $(DAEMON_TEST_CPPFLAGS)
%C%_fuzz_request_LDFLAGS = $(FUZZ_LINK)
%C%_fuzz_request_LDADD = $(DAEMON_TEST_LIBS)
