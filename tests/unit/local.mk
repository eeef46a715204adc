# SPDX-License-Identifier: GPL-2.0-or-later
# One test_<module>.c per module; TESTS and check_PROGRAMS grow together.
UNIT_TESTS =
check_PROGRAMS += $(UNIT_TESTS)
TESTS += $(UNIT_TESTS)

# lib/
UNIT_TESTS += %D%/test_util %D%/test_log %D%/test_clock %D%/test_frame \
	%D%/test_modemlink %D%/test_chacha20 %D%/test_msisdn %D%/test_gsm \
	%D%/test_fold %D%/test_wordrun
%C%_test_util_SOURCES = %D%/test_util.c
%C%_test_util_LDADD = libtincay.a $(CMOCKA_LIBS)
%C%_test_log_SOURCES = %D%/test_log.c
%C%_test_log_LDADD = libtincay.a $(CMOCKA_LIBS)
%C%_test_clock_SOURCES = %D%/test_clock.c
%C%_test_clock_LDADD = libtincay.a $(CMOCKA_LIBS)
%C%_test_frame_SOURCES = %D%/test_frame.c
%C%_test_frame_LDADD = libtincay.a $(CMOCKA_LIBS)
%C%_test_modemlink_SOURCES = %D%/test_modemlink.c
%C%_test_modemlink_LDADD = libtincay.a $(CMOCKA_LIBS)

# tincayctl
UNIT_TESTS += %D%/test_ctl_args %D%/test_ctl_text %D%/test_ctl_output \
	%D%/test_ctl_token
ctl_test_cflags = $(AM_CFLAGS) $(CMOCKA_CFLAGS) $(JANSSON_CFLAGS)
ctl_test_libs = libctl.a libtincay.a $(CURL_LIBS) $(JANSSON_LIBS) \
	$(SODIUM_LIBS) $(UTF8PROC_LIBS) $(CMOCKA_LIBS)
%C%_test_ctl_args_SOURCES = %D%/test_ctl_args.c
%C%_test_ctl_args_CFLAGS = $(ctl_test_cflags)
%C%_test_ctl_args_LDADD = $(ctl_test_libs)
%C%_test_ctl_text_SOURCES = %D%/test_ctl_text.c
%C%_test_ctl_text_CFLAGS = $(ctl_test_cflags)
%C%_test_ctl_text_LDADD = $(ctl_test_libs)
%C%_test_ctl_output_SOURCES = %D%/test_ctl_output.c
%C%_test_ctl_output_CFLAGS = $(ctl_test_cflags)
%C%_test_ctl_output_LDADD = $(ctl_test_libs)
%C%_test_ctl_token_SOURCES = %D%/test_ctl_token.c
%C%_test_ctl_token_CFLAGS = $(ctl_test_cflags)
%C%_test_ctl_token_LDADD = $(ctl_test_libs)

# The real program against a made-up server; TAP from Python.
TESTS += %D%/ctl_http.test
EXTRA_DIST += %D%/ctl_http.test
TEST_LOG_DRIVER = $(LOG_DRIVER)
AM_TESTS_ENVIRONMENT += TINCAYCTL='$(abs_top_builddir)/tincayctl'; export TINCAYCTL;
%C%_test_chacha20_SOURCES = %D%/test_chacha20.c
%C%_test_chacha20_LDADD = libtincay.a $(CMOCKA_LIBS)
%C%_test_msisdn_SOURCES = %D%/test_msisdn.c
%C%_test_msisdn_LDADD = libtincay.a $(CMOCKA_LIBS)
%C%_test_gsm_SOURCES = %D%/test_gsm.c
%C%_test_gsm_LDADD = libtincay.a $(CMOCKA_LIBS) $(UTF8PROC_LIBS)
%C%_test_fold_SOURCES = %D%/test_fold.c
%C%_test_fold_LDADD = libtincay.a $(CMOCKA_LIBS) $(UTF8PROC_LIBS)
%C%_test_wordrun_SOURCES = %D%/test_wordrun.c
%C%_test_wordrun_LDADD = libtincay.a $(CMOCKA_LIBS) $(UTF8PROC_LIBS)

# daemon/ and ctl/
UNIT_TESTS += %D%/test_vault %D%/test_keyfile %D%/test_conf %D%/test_match \
	%D%/test_content
%C%_test_vault_SOURCES = %D%/test_vault.c
%C%_test_vault_LDADD = libvault.a libtincay.a $(SODIUM_LIBS) $(CMOCKA_LIBS)
UNIT_TESTS += %D%/test_vault_lock
%C%_test_vault_lock_SOURCES = %D%/test_vault_lock.c
%C%_test_vault_lock_LDADD = libvault.a libtincay.a $(SODIUM_LIBS) $(CMOCKA_LIBS)
%C%_test_keyfile_SOURCES = %D%/test_keyfile.c
%C%_test_keyfile_CFLAGS = $(AM_CFLAGS) $(SODIUM_CFLAGS)
%C%_test_keyfile_LDADD = libctl.a libvault.a libtincay.a \
	$(SODIUM_LIBS) $(JANSSON_LIBS) $(CMOCKA_LIBS)
%C%_test_conf_SOURCES = %D%/test_conf.c %D%/tempdir.c %D%/tempdir.h
%C%_test_conf_CPPFLAGS = $(DAEMON_TEST_CPPFLAGS)
%C%_test_conf_LDADD = $(DAEMON_TEST_LIBS)
%C%_test_match_SOURCES = %D%/test_match.c %D%/tempdir.c %D%/tempdir.h
%C%_test_match_CPPFLAGS = $(DAEMON_TEST_CPPFLAGS)
%C%_test_match_LDADD = $(DAEMON_TEST_LIBS)
UNIT_TESTS += %D%/test_match_corpus %D%/test_argument %D%/test_age %D%/test_callback \
	%D%/test_content_shipped
%C%_test_content_shipped_SOURCES = %D%/test_content_shipped.c
%C%_test_content_shipped_CPPFLAGS = $(DAEMON_TEST_CPPFLAGS) \
	-DTEST_SECOND='"$(abs_top_srcdir)/tests/content/hoa-yen"'
%C%_test_content_shipped_LDADD = $(DAEMON_TEST_LIBS)
EXTRA_DIST += tests/rules.txt tests/corpus/intents.txt \
	tests/content/hoa-yen/commune.conf tests/content/hoa-yen/intents.conf \
	tests/content/hoa-yen/menus.conf
%C%_test_match_corpus_SOURCES = %D%/test_match_corpus.c
%C%_test_match_corpus_CPPFLAGS = $(DAEMON_TEST_CPPFLAGS) \
	-DTEST_CORPUS='"$(abs_top_srcdir)/tests/corpus/intents.txt"'
%C%_test_match_corpus_LDADD = $(DAEMON_TEST_LIBS)
%C%_test_age_SOURCES = %D%/test_age.c
%C%_test_age_CPPFLAGS = $(DAEMON_TEST_CPPFLAGS)
%C%_test_age_LDADD = $(DAEMON_TEST_LIBS)
%C%_test_callback_SOURCES = %D%/test_callback.c
%C%_test_callback_CPPFLAGS = $(DAEMON_TEST_CPPFLAGS)
%C%_test_callback_LDADD = $(DAEMON_TEST_LIBS)
%C%_test_argument_SOURCES = %D%/test_argument.c
%C%_test_argument_CPPFLAGS = $(DAEMON_TEST_CPPFLAGS)
%C%_test_argument_LDADD = $(DAEMON_TEST_LIBS)
%C%_test_content_SOURCES = %D%/test_content.c %D%/tempdir.c %D%/tempdir.h
%C%_test_content_CPPFLAGS = $(DAEMON_TEST_CPPFLAGS)
%C%_test_content_LDADD = $(DAEMON_TEST_LIBS)

WORLD = %D%/world.c %D%/world.h %D%/tempdir.c %D%/tempdir.h %D%/unit.h
WORLD_CFLAGS = $(libtincayd_a_CFLAGS)
UNIT_TESTS += %D%/test_turn %D%/test_store %D%/test_outbox \
	%D%/test_outbox_order %D%/test_outbox_campaign \
	%D%/test_outbox_report %D%/test_outbox_staff \
	%D%/test_outbox_queue %D%/test_desk \
	%D%/test_desk_queue %D%/test_people %D%/test_import %D%/test_campaign \
	%D%/test_campaign_rules %D%/test_calendar \
	%D%/test_intake %D%/test_receive %D%/test_menu %D%/test_ussd %D%/test_budget \
	%D%/test_audit %D%/test_purge %D%/test_talk %D%/test_rules \
	%D%/test_senders %D%/test_desk_act %D%/test_desk_refer \
	%D%/test_escalate %D%/test_workdays %D%/test_say %D%/test_rekey \
	%D%/test_address \
	%D%/test_forward \
	%D%/test_guard
INTAKE_STEPS = %D%/intake_steps.c %D%/intake_steps.h
DESK_STEPS = %D%/desk_steps.c %D%/desk_steps.h
OUTBOX_STEPS = %D%/outbox_steps.c %D%/outbox_steps.h
%C%_test_turn_SOURCES = %D%/test_turn.c $(WORLD)
%C%_test_turn_CPPFLAGS = $(DAEMON_TEST_CPPFLAGS)
%C%_test_turn_CFLAGS = $(WORLD_CFLAGS)
%C%_test_turn_LDADD = $(DAEMON_TEST_LIBS)
%C%_test_store_SOURCES = %D%/test_store.c $(WORLD)
%C%_test_store_CPPFLAGS = $(DAEMON_TEST_CPPFLAGS)
%C%_test_store_CFLAGS = $(WORLD_CFLAGS)
%C%_test_store_LDADD = $(DAEMON_TEST_LIBS)
%C%_test_outbox_SOURCES = %D%/test_outbox.c $(WORLD) $(OUTBOX_STEPS)
%C%_test_outbox_CPPFLAGS = $(DAEMON_TEST_CPPFLAGS)
%C%_test_outbox_CFLAGS = $(WORLD_CFLAGS)
%C%_test_outbox_LDADD = $(DAEMON_TEST_LIBS)
%C%_test_outbox_order_SOURCES = %D%/test_outbox_order.c $(WORLD) $(OUTBOX_STEPS)
%C%_test_outbox_order_CPPFLAGS = $(DAEMON_TEST_CPPFLAGS)
%C%_test_outbox_order_CFLAGS = $(WORLD_CFLAGS)
%C%_test_outbox_order_LDADD = $(DAEMON_TEST_LIBS)
%C%_test_outbox_staff_SOURCES = %D%/test_outbox_staff.c $(WORLD) $(OUTBOX_STEPS)
%C%_test_outbox_staff_CPPFLAGS = $(DAEMON_TEST_CPPFLAGS)
%C%_test_outbox_staff_CFLAGS = $(WORLD_CFLAGS)
%C%_test_outbox_staff_LDADD = $(DAEMON_TEST_LIBS)
%C%_test_outbox_queue_SOURCES = %D%/test_outbox_queue.c $(WORLD) $(OUTBOX_STEPS)
%C%_test_outbox_queue_CPPFLAGS = $(DAEMON_TEST_CPPFLAGS)
%C%_test_outbox_queue_CFLAGS = $(WORLD_CFLAGS)
%C%_test_outbox_queue_LDADD = $(DAEMON_TEST_LIBS)
%C%_test_outbox_report_SOURCES = %D%/test_outbox_report.c $(WORLD) $(OUTBOX_STEPS)
%C%_test_outbox_report_CPPFLAGS = $(DAEMON_TEST_CPPFLAGS)
%C%_test_outbox_report_CFLAGS = $(WORLD_CFLAGS)
%C%_test_outbox_report_LDADD = $(DAEMON_TEST_LIBS)
%C%_test_outbox_campaign_SOURCES = %D%/test_outbox_campaign.c $(WORLD) $(OUTBOX_STEPS)
%C%_test_outbox_campaign_CPPFLAGS = $(DAEMON_TEST_CPPFLAGS)
%C%_test_outbox_campaign_CFLAGS = $(WORLD_CFLAGS)
%C%_test_outbox_campaign_LDADD = $(DAEMON_TEST_LIBS)
%C%_test_desk_SOURCES = %D%/test_desk.c $(WORLD) $(DESK_STEPS)
%C%_test_desk_CPPFLAGS = $(DAEMON_TEST_CPPFLAGS)
%C%_test_desk_CFLAGS = $(WORLD_CFLAGS)
%C%_test_desk_LDADD = libctl.a $(DAEMON_TEST_LIBS)
%C%_test_desk_queue_SOURCES = %D%/test_desk_queue.c $(WORLD) $(DESK_STEPS)
%C%_test_desk_queue_CPPFLAGS = $(DAEMON_TEST_CPPFLAGS)
%C%_test_desk_queue_CFLAGS = $(WORLD_CFLAGS)
%C%_test_desk_queue_LDADD = $(DAEMON_TEST_LIBS)
%C%_test_desk_act_SOURCES = %D%/test_desk_act.c $(WORLD) $(DESK_STEPS)
%C%_test_desk_act_CPPFLAGS = $(DAEMON_TEST_CPPFLAGS)
%C%_test_desk_act_CFLAGS = $(WORLD_CFLAGS)
%C%_test_desk_act_LDADD = $(DAEMON_TEST_LIBS)
%C%_test_desk_refer_SOURCES = %D%/test_desk_refer.c $(WORLD) $(DESK_STEPS)
%C%_test_desk_refer_CPPFLAGS = $(DAEMON_TEST_CPPFLAGS)
%C%_test_desk_refer_CFLAGS = $(WORLD_CFLAGS)
%C%_test_desk_refer_LDADD = $(DAEMON_TEST_LIBS)
%C%_test_escalate_SOURCES = %D%/test_escalate.c $(WORLD) $(DESK_STEPS)
%C%_test_escalate_CPPFLAGS = $(DAEMON_TEST_CPPFLAGS)
%C%_test_escalate_CFLAGS = $(WORLD_CFLAGS)
%C%_test_escalate_LDADD = $(DAEMON_TEST_LIBS)
%C%_test_workdays_SOURCES = %D%/test_workdays.c %D%/tempdir.c %D%/tempdir.h
%C%_test_workdays_CPPFLAGS = $(DAEMON_TEST_CPPFLAGS)
%C%_test_workdays_LDADD = $(DAEMON_TEST_LIBS)
%C%_test_say_SOURCES = %D%/test_say.c $(WORLD) $(DESK_STEPS)
%C%_test_say_CPPFLAGS = $(DAEMON_TEST_CPPFLAGS)
%C%_test_say_CFLAGS = $(WORLD_CFLAGS)
%C%_test_say_LDADD = $(DAEMON_TEST_LIBS)
%C%_test_forward_SOURCES = %D%/test_forward.c $(WORLD)
%C%_test_forward_CPPFLAGS = $(DAEMON_TEST_CPPFLAGS)
%C%_test_forward_CFLAGS = $(WORLD_CFLAGS)
%C%_test_forward_LDADD = $(DAEMON_TEST_LIBS)
%C%_test_rekey_SOURCES = %D%/test_rekey.c $(WORLD) $(DESK_STEPS)
%C%_test_rekey_CPPFLAGS = $(DAEMON_TEST_CPPFLAGS)
%C%_test_rekey_CFLAGS = $(WORLD_CFLAGS)
%C%_test_rekey_LDADD = $(DAEMON_TEST_LIBS)
ADDRESS_STEPS = %D%/address_steps.c %D%/address_steps.h $(DESK_STEPS)
%C%_test_address_SOURCES = %D%/test_address.c $(WORLD) $(ADDRESS_STEPS)
%C%_test_address_CPPFLAGS = $(DAEMON_TEST_CPPFLAGS)
%C%_test_address_CFLAGS = $(WORLD_CFLAGS)
%C%_test_address_LDADD = libtincayd.a libctl.a $(DAEMON_TEST_LIBS)
%C%_test_guard_SOURCES = %D%/test_guard.c $(WORLD) $(ADDRESS_STEPS) \
	$(OUTBOX_STEPS)
%C%_test_guard_CPPFLAGS = $(DAEMON_TEST_CPPFLAGS)
%C%_test_guard_CFLAGS = $(WORLD_CFLAGS)
%C%_test_guard_LDADD = libtincayd.a libctl.a $(DAEMON_TEST_LIBS)
%C%_test_people_SOURCES = %D%/test_people.c $(WORLD)
%C%_test_people_CPPFLAGS = $(DAEMON_TEST_CPPFLAGS)
%C%_test_people_CFLAGS = $(WORLD_CFLAGS)
%C%_test_people_LDADD = $(DAEMON_TEST_LIBS)
%C%_test_import_SOURCES = %D%/test_import.c $(WORLD)
%C%_test_import_CPPFLAGS = $(DAEMON_TEST_CPPFLAGS)
%C%_test_import_CFLAGS = $(WORLD_CFLAGS)
%C%_test_import_LDADD = $(DAEMON_TEST_LIBS)
%C%_test_campaign_SOURCES = %D%/test_campaign.c $(WORLD) $(OUTBOX_STEPS)
%C%_test_campaign_CPPFLAGS = $(DAEMON_TEST_CPPFLAGS)
%C%_test_campaign_CFLAGS = $(WORLD_CFLAGS)
%C%_test_campaign_LDADD = $(DAEMON_TEST_LIBS)
%C%_test_campaign_rules_SOURCES = %D%/test_campaign_rules.c $(WORLD) $(OUTBOX_STEPS)
%C%_test_campaign_rules_CPPFLAGS = $(DAEMON_TEST_CPPFLAGS)
%C%_test_campaign_rules_CFLAGS = $(WORLD_CFLAGS)
%C%_test_campaign_rules_LDADD = $(DAEMON_TEST_LIBS)
%C%_test_calendar_SOURCES = %D%/test_calendar.c $(WORLD) $(OUTBOX_STEPS)
%C%_test_calendar_CPPFLAGS = $(DAEMON_TEST_CPPFLAGS)
%C%_test_calendar_CFLAGS = $(WORLD_CFLAGS)
%C%_test_calendar_LDADD = $(DAEMON_TEST_LIBS)
%C%_test_intake_SOURCES = %D%/test_intake.c $(WORLD) $(OUTBOX_STEPS) $(INTAKE_STEPS)
%C%_test_intake_CPPFLAGS = $(DAEMON_TEST_CPPFLAGS)
%C%_test_intake_CFLAGS = $(WORLD_CFLAGS)
%C%_test_intake_LDADD = $(DAEMON_TEST_LIBS)
%C%_test_menu_SOURCES = %D%/test_menu.c %D%/tempdir.c %D%/tempdir.h %D%/unit.h
%C%_test_menu_CPPFLAGS = $(DAEMON_TEST_CPPFLAGS)
%C%_test_menu_CFLAGS = $(WORLD_CFLAGS)
%C%_test_menu_LDADD = $(DAEMON_TEST_LIBS)
%C%_test_budget_SOURCES = %D%/test_budget.c %D%/unit.h
%C%_test_budget_CPPFLAGS = $(DAEMON_TEST_CPPFLAGS)
%C%_test_budget_CFLAGS = $(WORLD_CFLAGS)
%C%_test_budget_LDADD = $(DAEMON_TEST_LIBS)
%C%_test_audit_SOURCES = %D%/test_audit.c $(WORLD) $(DESK_STEPS) $(OUTBOX_STEPS)
%C%_test_audit_CPPFLAGS = $(DAEMON_TEST_CPPFLAGS)
%C%_test_audit_CFLAGS = $(WORLD_CFLAGS)
%C%_test_audit_LDADD = $(DAEMON_TEST_LIBS)
%C%_test_purge_SOURCES = %D%/test_purge.c $(WORLD) $(DESK_STEPS)
%C%_test_purge_CPPFLAGS = $(DAEMON_TEST_CPPFLAGS)
%C%_test_purge_CFLAGS = $(WORLD_CFLAGS)
%C%_test_purge_LDADD = $(DAEMON_TEST_LIBS)
UNIT_TESTS += %D%/test_power
%C%_test_power_SOURCES = %D%/test_power.c %D%/power_vfs.c %D%/power_vfs.h \
	$(WORLD) $(DESK_STEPS) $(INTAKE_STEPS)
%C%_test_power_CPPFLAGS = $(DAEMON_TEST_CPPFLAGS)
%C%_test_power_CFLAGS = $(WORLD_CFLAGS)
%C%_test_power_LDADD = $(DAEMON_TEST_LIBS)
%C%_test_rules_SOURCES = %D%/test_rules.c $(WORLD) $(OUTBOX_STEPS)
%C%_test_rules_CPPFLAGS = $(DAEMON_TEST_CPPFLAGS) \
	-DTEST_SECOND='"$(abs_top_srcdir)/tests/content/hoa-yen"'
%C%_test_rules_CFLAGS = $(WORLD_CFLAGS)
%C%_test_rules_LDADD = $(DAEMON_TEST_LIBS)
%C%_test_senders_SOURCES = %D%/test_senders.c $(WORLD) $(INTAKE_STEPS)
%C%_test_senders_CPPFLAGS = $(DAEMON_TEST_CPPFLAGS)
%C%_test_senders_CFLAGS = $(WORLD_CFLAGS)
%C%_test_senders_LDADD = $(DAEMON_TEST_LIBS)
%C%_test_talk_SOURCES = %D%/test_talk.c $(WORLD) $(DESK_STEPS)
%C%_test_talk_CPPFLAGS = $(DAEMON_TEST_CPPFLAGS)
%C%_test_talk_CFLAGS = $(WORLD_CFLAGS)
%C%_test_talk_LDADD = $(DAEMON_TEST_LIBS)
%C%_test_ussd_SOURCES = %D%/test_ussd.c $(WORLD)
%C%_test_ussd_CPPFLAGS = $(DAEMON_TEST_CPPFLAGS)
%C%_test_ussd_CFLAGS = $(WORLD_CFLAGS)
%C%_test_ussd_LDADD = $(DAEMON_TEST_LIBS)
UNIT_TESTS += %D%/test_locked
%C%_test_locked_SOURCES = %D%/test_locked.c $(WORLD)
%C%_test_locked_CPPFLAGS = $(DAEMON_TEST_CPPFLAGS)
%C%_test_locked_CFLAGS = $(WORLD_CFLAGS)
%C%_test_locked_LDADD = $(DAEMON_TEST_LIBS)
%C%_test_receive_SOURCES = %D%/test_receive.c $(WORLD)
%C%_test_receive_CPPFLAGS = $(DAEMON_TEST_CPPFLAGS)
%C%_test_receive_CFLAGS = $(WORLD_CFLAGS)
%C%_test_receive_LDADD = $(DAEMON_TEST_LIBS)

# modem/
UNIT_TESTS += %D%/test_modem_spool %D%/test_modem_child %D%/test_modem_send \
	%D%/test_modem_nap %D%/test_modem_sms %D%/test_modem_start \
	%D%/test_modem_ussd %D%/test_modem_tap %D%/test_modem_inbox
%C%_test_modem_spool_SOURCES = %D%/test_modem_spool.c modem/spool.c
%C%_test_modem_spool_LDADD = libtincay.a $(CMOCKA_LIBS)
CHILD_WORLD = %D%/child_world.c %D%/child_world.h
%C%_test_modem_child_SOURCES = %D%/test_modem_child.c $(CHILD_WORLD)
%C%_test_modem_child_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS)
%C%_test_modem_child_LDADD = libtincay.a $(CMOCKA_LIBS) $(JANSSON_LIBS)
EXTRA_%C%_test_modem_child_DEPENDENCIES = tincay-sim tincay-modem
%C%_test_modem_send_SOURCES = %D%/test_modem_send.c $(CHILD_WORLD)
%C%_test_modem_send_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS)
%C%_test_modem_send_LDADD = libtincay.a $(CMOCKA_LIBS) $(JANSSON_LIBS)
EXTRA_%C%_test_modem_send_DEPENDENCIES = tincay-sim tincay-modem
%C%_test_modem_start_SOURCES = %D%/test_modem_start.c $(CHILD_WORLD)
%C%_test_modem_start_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS)
%C%_test_modem_start_LDADD = libtincay.a $(CMOCKA_LIBS) $(JANSSON_LIBS)
EXTRA_%C%_test_modem_start_DEPENDENCIES = tincay-sim tincay-modem
%C%_test_modem_ussd_SOURCES = %D%/test_modem_ussd.c $(CHILD_WORLD)
%C%_test_modem_ussd_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS)
%C%_test_modem_ussd_LDADD = libtincay.a $(CMOCKA_LIBS) $(JANSSON_LIBS)
EXTRA_%C%_test_modem_ussd_DEPENDENCIES = tincay-sim tincay-modem
%C%_test_modem_inbox_SOURCES = %D%/test_modem_inbox.c $(CHILD_WORLD)
%C%_test_modem_inbox_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS)
%C%_test_modem_inbox_LDADD = libtincay.a $(CMOCKA_LIBS) $(JANSSON_LIBS)
EXTRA_%C%_test_modem_inbox_DEPENDENCIES = tincay-sim tincay-modem
%C%_test_modem_tap_SOURCES = %D%/test_modem_tap.c modem/tap.c
%C%_test_modem_tap_CPPFLAGS = $(AM_CPPFLAGS) $(GAMMU_CFLAGS)
%C%_test_modem_tap_LDADD = libtincay.a $(CMOCKA_LIBS) $(GAMMU_LIBS)
%C%_test_modem_nap_SOURCES = %D%/test_modem_nap.c modem/nap.c
%C%_test_modem_nap_CPPFLAGS = $(AM_CPPFLAGS) $(GAMMU_CFLAGS)
%C%_test_modem_nap_LDFLAGS = $(AM_LDFLAGS) \
	-Wl,--export-dynamic-symbol=usleep
%C%_test_modem_nap_LDADD = libtincay.a $(CMOCKA_LIBS) $(GAMMU_LIBS)
%C%_test_modem_sms_SOURCES = %D%/test_modem_sms.c \
	modem/sms.c modem/text.c
%C%_test_modem_sms_CPPFLAGS = $(AM_CPPFLAGS) $(GAMMU_CFLAGS)
%C%_test_modem_sms_LDADD = libtincay.a $(CMOCKA_LIBS)

# sim/
UNIT_TESTS += %D%/test_sim_pdu %D%/test_sim_at %D%/test_sim_radio \
	%D%/test_sim_fault %D%/test_sim_persona
SIM_TEST_CFLAGS = $(AM_CFLAGS) $(LIBEVENT_CFLAGS) $(JANSSON_CFLAGS)
SIM_TEST_LIBS = libsim.a libtincay.a $(LIBEVENT_LIBS) $(JANSSON_LIBS) $(CMOCKA_LIBS)
SIM_WORLD = %D%/sim_world.c %D%/sim_world.h
%C%_test_sim_pdu_SOURCES = %D%/test_sim_pdu.c
%C%_test_sim_pdu_LDADD = libsim.a libtincay.a $(CMOCKA_LIBS)
%C%_test_sim_at_SOURCES = %D%/test_sim_at.c $(SIM_WORLD)
%C%_test_sim_at_CFLAGS = $(SIM_TEST_CFLAGS)
%C%_test_sim_at_LDADD = $(SIM_TEST_LIBS)
%C%_test_sim_radio_SOURCES = %D%/test_sim_radio.c $(SIM_WORLD)
%C%_test_sim_radio_CFLAGS = $(SIM_TEST_CFLAGS)
%C%_test_sim_radio_LDADD = $(SIM_TEST_LIBS)
%C%_test_sim_fault_SOURCES = %D%/test_sim_fault.c $(SIM_WORLD)
%C%_test_sim_fault_CFLAGS = $(SIM_TEST_CFLAGS)
%C%_test_sim_fault_LDADD = $(SIM_TEST_LIBS)
%C%_test_sim_persona_SOURCES = %D%/test_sim_persona.c $(SIM_WORLD)
%C%_test_sim_persona_CFLAGS = $(SIM_TEST_CFLAGS)
%C%_test_sim_persona_LDADD = $(SIM_TEST_LIBS)

# daemon/http
UNIT_TESTS += %D%/test_field %D%/test_http %D%/test_http_wire \
	%D%/test_http_poll %D%/test_worker
HTTP_FIXTURE = %D%/http_fixture.c %D%/http_fixture.h %D%/http_radio.c
UNIT_TESTS += %D%/test_http_unlock
%C%_test_http_unlock_SOURCES = %D%/test_http_unlock.c $(HTTP_FIXTURE)
%C%_test_http_unlock_CPPFLAGS = $(DAEMON_TEST_CPPFLAGS)
%C%_test_http_unlock_CFLAGS = $(HTTP_TEST_CFLAGS)
%C%_test_http_unlock_LDADD = $(DAEMON_TEST_LIBS)
UNIT_TESTS += %D%/test_http_modems
%C%_test_http_modems_SOURCES = %D%/test_http_modems.c $(HTTP_FIXTURE)
%C%_test_http_modems_CPPFLAGS = $(DAEMON_TEST_CPPFLAGS)
%C%_test_http_modems_CFLAGS = $(HTTP_TEST_CFLAGS)
%C%_test_http_modems_LDADD = $(DAEMON_TEST_LIBS)
HTTP_TEST_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS) $(LIBEVENT_CFLAGS) \
	$(SQLITE_CFLAGS) $(JANSSON_CFLAGS)
%C%_test_http_SOURCES = %D%/test_http.c $(HTTP_FIXTURE)
%C%_test_http_CPPFLAGS = $(DAEMON_TEST_CPPFLAGS)
%C%_test_http_CFLAGS = $(HTTP_TEST_CFLAGS)
%C%_test_http_LDADD = $(DAEMON_TEST_LIBS)
%C%_test_http_wire_SOURCES = %D%/test_http_wire.c $(HTTP_FIXTURE)
%C%_test_http_wire_CPPFLAGS = $(DAEMON_TEST_CPPFLAGS)
%C%_test_http_wire_CFLAGS = $(HTTP_TEST_CFLAGS)
%C%_test_http_wire_LDADD = $(DAEMON_TEST_LIBS)
%C%_test_http_poll_SOURCES = %D%/test_http_poll.c $(HTTP_FIXTURE)
%C%_test_http_poll_CPPFLAGS = $(DAEMON_TEST_CPPFLAGS)
%C%_test_http_poll_CFLAGS = $(HTTP_TEST_CFLAGS)
%C%_test_http_poll_LDADD = $(DAEMON_TEST_LIBS)
UNIT_TESTS += %D%/test_http_roles
%C%_test_http_roles_SOURCES = %D%/test_http_roles.c $(HTTP_FIXTURE)
%C%_test_http_roles_CPPFLAGS = $(DAEMON_TEST_CPPFLAGS)
%C%_test_http_roles_CFLAGS = $(HTTP_TEST_CFLAGS)
%C%_test_http_roles_LDADD = $(DAEMON_TEST_LIBS)
%C%_test_field_SOURCES = %D%/test_field.c
%C%_test_field_CPPFLAGS = $(DAEMON_TEST_CPPFLAGS)
%C%_test_field_CFLAGS = $(HTTP_TEST_CFLAGS)
%C%_test_field_LDADD = $(DAEMON_TEST_LIBS)
%C%_test_worker_SOURCES = %D%/test_worker.c
%C%_test_worker_CPPFLAGS = $(DAEMON_TEST_CPPFLAGS)
%C%_test_worker_CFLAGS = $(HTTP_TEST_CFLAGS)
%C%_test_worker_LDADD = $(DAEMON_TEST_LIBS)

# daemon/radio, played without children
UNIT_TESTS += %D%/test_radio
%C%_test_radio_SOURCES = %D%/test_radio.c $(WORLD) $(OUTBOX_STEPS)
%C%_test_radio_CPPFLAGS = $(DAEMON_TEST_CPPFLAGS)
%C%_test_radio_CFLAGS = $(WORLD_CFLAGS) $(LIBEVENT_CFLAGS)
%C%_test_radio_LDADD = $(DAEMON_TEST_LIBS)
UNIT_TESTS += %D%/test_quota
%C%_test_quota_SOURCES = %D%/test_quota.c $(WORLD) $(RADIO_STEPS)
%C%_test_quota_CPPFLAGS = $(DAEMON_TEST_CPPFLAGS)
%C%_test_quota_CFLAGS = $(WORLD_CFLAGS) $(LIBEVENT_CFLAGS)
%C%_test_quota_LDADD = $(DAEMON_TEST_LIBS)
UNIT_TESTS += %D%/test_life
RADIO_STEPS = $(OUTBOX_STEPS) %D%/radio_steps.c %D%/radio_steps.h
%C%_test_life_SOURCES = %D%/test_life.c $(WORLD) $(RADIO_STEPS)
%C%_test_life_CPPFLAGS = $(DAEMON_TEST_CPPFLAGS)
%C%_test_life_CFLAGS = $(WORLD_CFLAGS) $(LIBEVENT_CFLAGS)
%C%_test_life_LDADD = $(DAEMON_TEST_LIBS)
UNIT_TESTS += %D%/test_dial
%C%_test_dial_SOURCES = %D%/test_dial.c $(WORLD) $(RADIO_STEPS)
%C%_test_dial_CPPFLAGS = $(DAEMON_TEST_CPPFLAGS)
%C%_test_dial_CFLAGS = $(WORLD_CFLAGS) $(LIBEVENT_CFLAGS)
%C%_test_dial_LDADD = $(DAEMON_TEST_LIBS)
UNIT_TESTS += %D%/test_identity
%C%_test_identity_SOURCES = %D%/test_identity.c $(WORLD) $(RADIO_STEPS)
%C%_test_identity_CPPFLAGS = $(DAEMON_TEST_CPPFLAGS)
%C%_test_identity_CFLAGS = $(WORLD_CFLAGS) $(LIBEVENT_CFLAGS)
%C%_test_identity_LDADD = $(DAEMON_TEST_LIBS)
UNIT_TESTS += %D%/test_faults
%C%_test_faults_SOURCES = %D%/test_faults.c $(WORLD) $(RADIO_STEPS)
%C%_test_faults_CPPFLAGS = $(DAEMON_TEST_CPPFLAGS)
%C%_test_faults_CFLAGS = $(WORLD_CFLAGS) $(LIBEVENT_CFLAGS)
%C%_test_faults_LDADD = $(DAEMON_TEST_LIBS)

# daemon/watch
UNIT_TESTS += %D%/test_alarm %D%/test_credit
%C%_test_alarm_SOURCES = %D%/test_alarm.c $(WORLD)
%C%_test_alarm_CPPFLAGS = $(DAEMON_TEST_CPPFLAGS)
%C%_test_alarm_CFLAGS = $(WORLD_CFLAGS)
%C%_test_alarm_LDADD = $(DAEMON_TEST_LIBS)
%C%_test_credit_SOURCES = %D%/test_credit.c $(WORLD)
%C%_test_credit_CPPFLAGS = $(DAEMON_TEST_CPPFLAGS)
%C%_test_credit_CFLAGS = $(WORLD_CFLAGS)
%C%_test_credit_LDADD = $(DAEMON_TEST_LIBS)
