/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_TEST_ADDRESS_STEPS_H
#define TINCAY_TEST_ADDRESS_STEPS_H

/* A trusted address, registered as tincayctl does it; every failure ends the
 * test. */

#include "ctl/address.h"
#include "desk/address.h"
#include "desk_steps.h"

#define PLACE "Nhà sàn cạnh rẫy cà phê, dốc Ông Tư"
#define KEEPER "Siu H'Blin"
#define PHONE "+84900000077"
#define ROUTE "qua cầu treo, rẽ trái ở gốc đa"

/* A handler of DCTC. */
extern const struct user steps_dao;

/* A world with him in it; for cmocka. */
int steps_address_setup(void **state);
#define ADDRESS_TEST(test)                                                     \
	cmocka_unit_test_setup_teardown(                                       \
	    test, steps_address_setup, world_teardown)

struct steps_add {
	struct world *world;
	const struct user *user;
	struct address address;
	int places;
	unsigned char runs[ADDRESS_RUNS_MAX][ADDRESS_MAC];
	struct address_new a;
	char label[ADDRESS_LABEL_MAX];
};
/* As a turn op, after steps_make_runs(). */
int steps_op_add(void *arg);
void steps_make_runs(struct steps_add *op);

/* The phrases of the world whose words are public; for address_public(). */
void steps_on_phrase(const char *phrase, void *ctx);

/* Register this place, kept by KEEPER; fails when the answer is not rc. The
 * label, or, for TC_EEXIST, the text of the pack. */
const char *steps_address(
    struct world *w, const char *place, int places, int rc);

/* How many lines the ledger has of an act. */
int64_t steps_lines(struct world *w, const char *act);

#endif
