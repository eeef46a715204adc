# SPDX-License-Identifier: GPL-2.0-or-later
# Programs of scripts/bench; built with the rest so that they cannot rot.
noinst_PROGRAMS += %D%/pipeline
%C%_pipeline_SOURCES = %D%/pipeline.c %D%/rig.c %D%/rig.h
%C%_pipeline_CPPFLAGS = $(libtincayd_a_CPPFLAGS)
%C%_pipeline_CFLAGS = $(libtincayd_a_CFLAGS)
%C%_pipeline_LDADD = $(DAEMON_TEST_LIBS)

noinst_PROGRAMS += %D%/campaign
%C%_campaign_SOURCES = %D%/campaign.c %D%/rig.c %D%/rig.h
%C%_campaign_CPPFLAGS = $(libtincayd_a_CPPFLAGS)
%C%_campaign_CFLAGS = $(libtincayd_a_CFLAGS)
%C%_campaign_LDADD = $(DAEMON_TEST_LIBS)

noinst_PROGRAMS += %D%/classify
%C%_classify_SOURCES = %D%/classify.c
%C%_classify_CPPFLAGS = $(libtincayd_a_CPPFLAGS)
%C%_classify_CFLAGS = $(libtincayd_a_CFLAGS)
%C%_classify_LDADD = $(DAEMON_TEST_LIBS)

noinst_PROGRAMS += %D%/cases
%C%_cases_SOURCES = %D%/cases.c %D%/rig.c %D%/rig.h
%C%_cases_CPPFLAGS = $(libtincayd_a_CPPFLAGS)
%C%_cases_CFLAGS = $(libtincayd_a_CFLAGS)
%C%_cases_LDADD = $(DAEMON_TEST_LIBS)

TESTS += %D%/pipeline.test %D%/campaign.test %D%/classify.test %D%/cases.test
EXTRA_DIST += %D%/pipeline.test %D%/campaign.test %D%/classify.test \
	%D%/cases.test \
	%D%/bench.py %D%/daemon.py %D%/desk.py %D%/figures.py %D%/peers.py \
	%D%/radio.py
