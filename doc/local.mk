# SPDX-License-Identifier: GPL-2.0-or-later
dist_man_MANS += %D%/tincay.conf.5 %D%/tincay-content.5
