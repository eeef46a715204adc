# SPDX-License-Identifier: GPL-2.0-or-later
EXTRA_DIST += %D%/api.yaml
dist_man_MANS += %D%/tincayctl.1
dist_man_MANS += %D%/tincay.conf.5 %D%/tincay-content.5
dist_man_MANS += %D%/tincayd.8
EXTRA_DIST += %D%/architecture.md
dist_man_MANS += %D%/tincay-modem.8
dist_man_MANS += %D%/tincay-sim.1
