/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_FUZZ_H
#define TINCAY_FUZZ_H

/*
 * A fuzzer is one file with LLVMFuzzerTestOneInput(). With --enable-fuzzer it
 * is linked with libFuzzer; otherwise with replay.c, which runs it over the
 * corpus in make check. What must hold is said with FUZZ_CHECK, which is there
 * in every build.
 */

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define FUZZ_CHECK(cond)                                                       \
	do {                                                                   \
		if (!(cond)) {                                                 \
			(void)fprintf(stderr, "%s:%d: does not hold: %s\n",    \
			    __FILE__, __LINE__, #cond);                        \
			abort();                                               \
		}                                                              \
	} while (0)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
