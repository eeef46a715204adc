# SPDX-License-Identifier: GPL-2.0-or-later

bashcompletiondir = $(datadir)/bash-completion/completions
EXTRA_DIST += %D%/tincayctl.bash-completion
install-data-local: install-tincayctl-completion
install-tincayctl-completion:
	$(MKDIR_P) $(DESTDIR)$(bashcompletiondir)
	$(INSTALL_DATA) $(srcdir)/%D%/tincayctl.bash-completion \
		$(DESTDIR)$(bashcompletiondir)/tincayctl
uninstall-local: uninstall-tincayctl-completion
uninstall-tincayctl-completion:
	rm -f $(DESTDIR)$(bashcompletiondir)/tincayctl
.PHONY: install-tincayctl-completion uninstall-tincayctl-completion
systemdsystemunit_DATA = %D%/systemd/tincayd.service
dist_sysusers_DATA = %D%/sysusers.d/tincay.conf
dist_tmpfiles_DATA = %D%/tmpfiles.d/tincay.conf
dist_udevrules_DATA = %D%/udev/70-tincay.rules
sysusersdir = $(prefix)/lib/sysusers.d
tmpfilesdir = $(prefix)/lib/tmpfiles.d
udevrulesdir = $(prefix)/lib/udev/rules.d

EXTRA_DIST += %D%/systemd/tincayd.service.in
CLEANFILES += %D%/systemd/tincayd.service
%D%/systemd/tincayd.service: %D%/systemd/tincayd.service.in Makefile
	$(AM_V_GEN)$(MKDIR_P) %D%/systemd && sed -e 's|[@]sbindir[@]|$(sbindir)|' \
	    -e 's|[@]sysconfdir[@]|$(sysconfdir)|' \
	    $(srcdir)/%D%/systemd/tincayd.service.in >$@
examplesdir = $(docdir)/examples
dist_examples_DATA = %D%/tincay.conf %D%/calendar.conf %D%/commune.conf \
	%D%/intents.conf %D%/menus.conf %D%/duty.conf \
	%D%/broadcast.conf
