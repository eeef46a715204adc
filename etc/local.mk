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
examplesdir = $(docdir)/examples
dist_examples_DATA = %D%/tincay.conf %D%/commune.conf %D%/intents.conf
