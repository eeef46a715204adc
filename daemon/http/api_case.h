/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_API_CASE_H
#define TINCAY_API_CASE_H

/* Private to http/: what the two files of the resource cases share. */

#include "desk/desk.h"
#include "http/api.h"

/* 0 or refused: the query must not name another agency. */
int cases_check_agency(struct api_req *r) TC_MUSTCHECK;

/* {"case": ...} as the asking agency sees it now. */
int cases_reply(struct api_req *r);

#endif
