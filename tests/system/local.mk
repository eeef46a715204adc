# SPDX-License-Identifier: GPL-2.0-or-later
EXTRA_DIST += %D%/forensic.py

TESTS += %D%/001-forensic-selftest
EXTRA_DIST += %D%/001-forensic-selftest

# tincay-sim
TESTS += %D%/002-sim-program
EXTRA_DIST += %D%/002-sim-program

# The scenarios: tests/system/run, called by scripts/test.
EXTRA_DIST += %D%/run %D%/certs.py %D%/ledger.py %D%/receiver.py %D%/tincay.py %D%/tpdu.py
EXTRA_DIST += \
	%D%/010-help.py \
	%D%/015-two-daemons.py \
	%D%/020-intents.py \
	%D%/030-long-text.py \
	%D%/040-senders.py \
	%D%/045-flood.py \
	%D%/050-campaign.py \
	%D%/055-hours.py \
	%D%/056-events.py \
	%D%/057-quiz.py \
	%D%/058-action-month.py \
	%D%/059-content.py \
	%D%/060-lanes.py \
	%D%/065-ussd-in.py \
	%D%/070-reply-ttl.py \
	%D%/080-restart.py \
	%D%/085-talk-restart.py \
	%D%/090-kill.py \
	%D%/100-commit-fails.py \
	%D%/110-http.py \
	%D%/120-config.py \
	%D%/130-frames.py \
	%D%/140-forensic.py \
	%D%/150-ldd.py \
	%D%/160-setup.py \
	%D%/170-reload.py \
	%D%/175-second-commune.py \
	%D%/190-desk.py \
	%D%/195-addresses.py \
	%D%/200-personalities.py \
	%D%/210-send-faults.py \
	%D%/220-device-faults.py \
	%D%/225-identity-faults.py \
	%D%/230-store-faults.py \
	%D%/235-silent-question.py \
	%D%/240-which-modem.py \
	%D%/245-operators.py \
	%D%/260-locked.py \
	%D%/270-holders.py \
	%D%/300-bad-child.py \
	%D%/310-modem-verbs.py \
	%D%/320-alarms.py \
	%D%/330-credit.py \
	%D%/335-quotas.py \
	%D%/340-webhooks.py \
	%D%/350-tls.py \
	%D%/355-tokens.py

clean-local:
	rm -rf system-kit-*
