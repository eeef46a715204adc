/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * chacha20: the vectors of RFC 8439 (section 2.4.2 and appendix A.2).
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "chacha20.h"

struct vector {
	const char *key, *nonce;
	uint32_t counter;
	const char *plain; /* NULL: zeros */
	const char *cipher;
};

static const struct vector vectors[] = {
    /* 2.4.2 */
    {"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
	"000000000000004a00000000", 1,
	"Ladies and Gentlemen of the class of '99: If I could offer you "
	"only one tip for the future, sunscreen would be it.",
	"6e2e359a2568f98041ba0728dd0d6981e97e7aec1d4360c20a27afccfd9fae0b"
	"f91b65c5524733ab8f593dabcd62b3571639d624e65152ab8f530c359f0861d8"
	"07ca0dbf500d6a6156a38e088a22b65e52bc514d16ccf806818ce91ab7793736"
	"5af90bbf74a35be6b40b8eedf2785e42874d"},
    /* A.2 test vector 1: key and nonce of zeros, so the key stream itself */
    {"0000000000000000000000000000000000000000000000000000000000000000",
	"000000000000000000000000", 0, NULL,
	"76b8e0ada0f13d90405d6ae55386bd28bdd219b8a08ded1aa836efcc8b770dc7"
	"da41597c5157488d7724e03fb8d84a376a43b8f41518a11cc387b669b2ee6586"},
};

static void
test_vectors(void **state)
{
	unsigned char key[CHACHA20_KEY], nonce[CHACHA20_NONCE];
	unsigned char data[256], expected[256];
	size_t i, len;

	(void)state;
	for (i = 0; i < TC_NELEM(vectors); i++) {
		const struct vector *v = &vectors[i];

		len = strlen(v->cipher) / 2;
		assert_int_equal(hex_decode(key, sizeof(key), v->key), 0);
		assert_int_equal(hex_decode(nonce, sizeof(nonce), v->nonce), 0);
		assert_int_equal(hex_decode(expected, len, v->cipher), 0);
		memset(data, 0, sizeof(data));
		if (v->plain != NULL)
			memcpy(data, v->plain, len);
		chacha20_xor(key, nonce, v->counter, data, len);
		assert_memory_equal(data, expected, len);
		chacha20_xor(key, nonce, v->counter, data, len);
		if (v->plain != NULL)
			assert_memory_equal(data, v->plain, len);
		else
			assert_int_equal(data[len - 1], 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_vectors)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
