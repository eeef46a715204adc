/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_UNIT_H
#define TINCAY_UNIT_H

/* What cmocka wants before its own header. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#endif
