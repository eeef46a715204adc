/* SPDX-License-Identifier: GPL-2.0-or-later */
/* R27: which texts say that a child is in them, and that it is the writer. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fold.h"
#include "intake/age.h"

static const struct {
	const char *text;
	bool own, any;
} cases[] = {
    {"em 14 tuổi", true, true},
    {"em mới 14 tuổi", true, true},
    {"Em năm nay 15 tuoi, bo danh em", true, true},
    {"chau 9t", true, true},
    {"cháu 12tuoi", true, true},
    {"giup em, em 16t", true, true},
    {"15 tuoi bi danh", true, true},
    {"con 12 tuoi", true, true},
    {"em muoi lam tuoi", true, true},
    {"em mười bảy tuổi", true, true},
    {"em tám tuổi", true, true},
    {"em mười tuổi", true, true},
    {"em chua du 18 tuoi", true, true},
    {"em chưa 18 tuổi", true, true},
    {"em duoi 18 tuoi", true, true},
    {"em 14 tuo6i3", true, true},
    {"em 14 tuooir", true, true},
    {"em 15 tuoi bi chong danh", true, true},
    /* about a child, by somebody else */
    {"con em 5 tuổi", false, true},
    {"con gái tôi 14 tuổi", false, true},
    {"em trai em 9 tuoi", false, true},
    {"chong danh toi va con 3 tuoi", false, true},
    {"chong danh toi, chau 8 tuoi so lam", false, true},
    {"hang xom danh chau be 6 tuoi", false, true},
    {"em 3 tuoi", false, true}, /* nobody of three years writes */
    {"con toi muoi tuoi", false, true},
    /* no child */
    {"em 18 tuổi", false, false},
    {"em 20 tuoi", false, false},
    {"em đủ 18 tuổi", false, false},
    {"em hai mươi tuổi", false, false},
    {"em hai muoi lam tuoi", false, false},
    {"toi 34t", false, false},
    {"em 114 tuoi", false, false},
    {"em lop 8", false, false},
    {"goi luc 14h", false, false},
    {"goi em t3 8-10", false, false},
    {"tuoi tre", false, false},
    {"tuoi", false, false},
    {"14", false, false},
    {"lay nhau 10 nam", false, false},
    {"nam nay em buon", false, false},
    {"", false, false},
};

static void
test_r27_stated_ages(void **state)
{
	struct fold f;
	size_t i;

	(void)state;
	for (i = 0; i < TC_NELEM(cases); i++) {
		assert_int_equal(
		    fold_text(cases[i].text, strlen(cases[i].text), &f), 0);
		if (age_is_child(f.text, AGE_OWN) != cases[i].own)
			fail_msg("own: %s", cases[i].text);
		if (age_is_child(f.text, AGE_ANY) != cases[i].any)
			fail_msg("any: %s", cases[i].text);
		assert_false(age_is_child(f.text, AGE_NONE));
		fold_clear(&f);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_r27_stated_ages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
