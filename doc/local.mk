# SPDX-License-Identifier: GPL-2.0-or-later
dist_man_MANS += %D%/tincay-modem.8
dist_man_MANS += %D%/tincay-sim.1
