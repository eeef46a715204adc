/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Webhooks: which addresses are refused, the signature against the example of
 * Standard Webhooks, what is written in the turn of a case and what is not said,
 * and a try against an address that is not allowed. */
#include "config.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include <event2/event.h>

#include "unit.h"
#include "clock.h"
#include "conf.h"
#include "forward/address.h"
#include "forward/body.h"
#include "forward/forward.h"
#include "turn.h"
#include "world.h"

static const struct {
	const char *address;
	bool is_public;
} addresses[] = {
    {"8.8.8.8", true},
    {"203.162.4.191", true},
    {"172.15.255.255", true},
    {"172.32.0.0", true},
    {"100.63.255.255", true},
    {"100.128.0.0", true},
    {"11.0.0.0", true},
    {"223.255.255.255", true},
    {"0.0.0.0", false},
    {"10.255.255.255", false},
    {"100.64.0.1", false},
    {"127.0.0.1", false},
    {"127.255.255.254", false},
    {"169.254.169.254", false},
    {"172.16.0.1", false},
    {"172.31.255.255", false},
    {"192.168.1.1", false},
    {"198.18.0.1", false},
    {"198.19.255.255", false},
    {"224.0.0.1", false},
    {"255.255.255.255", false},
    {"2001:4860:4860::8888", true},
    {"2400:cb00::1", true},
    {"64:ff9b::8.8.8.8", true},
    {"2002:808:808::1", true},
    {"::", false},
    {"::1", false},
    {"::ffff:127.0.0.1", false},
    {"::ffff:8.8.8.8", false},
    {"::127.0.0.1", false},
    {"fe80::1", false},
    {"fc00::1", false},
    {"fd12:3456::1", false},
    {"fec0::1", false},
    {"ff02::1", false},
    {"64:ff9b::10.0.0.1", false},
    {"64:ff9b:1::1", false},
    {"2002:7f00:1::1", false},
    {"2002:c0a8:101::1", false},
    {"2001::1", false},
    {"2001:db8::1", false},
};

static void
test_addresses(void **state)
{
	struct sockaddr_storage ss;
	struct sockaddr_in6 *six = (struct sockaddr_in6 *)&ss;
	struct sockaddr_in *four = (struct sockaddr_in *)&ss;
	size_t i;

	(void)state;
	for (i = 0; i < TC_NELEM(addresses); i++) {
		memset(&ss, 0, sizeof(ss));
		ss.ss_family = AF_INET;
		if (inet_pton(AF_INET, addresses[i].address, &four->sin_addr) !=
		    1) {
			ss.ss_family = AF_INET6;
			assert_int_equal(
			    inet_pton(AF_INET6, addresses[i].address,
				&six->sin6_addr),
			    1);
		}
		if (address_is_public((struct sockaddr *)&ss) !=
		    addresses[i].is_public)
			fail_msg("%s", addresses[i].address);
	}
	ss.ss_family = AF_UNIX;
	assert_false(address_is_public((struct sockaddr *)&ss));
}

static void
test_urls(void **state)
{
	static const char *const good[] = {"https://example.vn/hook",
	    "https://example.vn:8443/a?b=c", "https://[2400:cb00::1]/x",
	    "https://192.168.1.5/x"};
	static const char *const bad[] = {"", "http://example.vn/",
	    "ftp://example.vn/", "https://", "https://user@example.vn/",
	    "https://user:pw@example.vn/", "https://example.vn/#part",
	    "https://exa mple.vn/", "file:///etc/passwd", "HTTPS//x",
	    "https://example.vn:99999/"};
	size_t i;

	(void)state;
	for (i = 0; i < TC_NELEM(good); i++)
		if (forward_check_url(good[i]) != NULL)
			fail_msg("%s", good[i]);
	for (i = 0; i < TC_NELEM(bad); i++)
		if (forward_check_url(bad[i]) == NULL)
			fail_msg("%s", bad[i]);
}

/* The example of the specification's libraries. */
static void
test_signature(void **state)
{
	static const char secret[] = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
	const struct vault_webhook m = {.id = "msg_p5jXN8AQM9LWM0D4loKWxJek",
	    .at = 1614265330,
	    .body = "{\"test\": 2432232314}"};
	char sig[VAULT_WEBHOOK_SIGNATURE_SIZE];
	char a[VAULT_WEBHOOK_SECRET_SIZE], b[VAULT_WEBHOOK_SECRET_SIZE];

	(void)state;
	assert_int_equal(vault_webhook_sign(secret, &m, sig), 0);
	assert_string_equal(
	    sig, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
	assert_int_equal(vault_webhook_sign("whsec_", &m, sig), TC_ECRYPTO);
	assert_int_equal(vault_webhook_sign("secret", &m, sig), TC_ECRYPTO);
	assert_int_equal(vault_webhook_sign("whsec_!", &m, sig), TC_ECRYPTO);
	vault_webhook_secret(a);
	vault_webhook_secret(b);
	assert_string_not_equal(a, b);
	assert_int_equal(vault_webhook_sign(a, &m, sig), 0);
}

/* --- with a database and a loop --- */

struct hooks {
	struct world world;
	struct event_base *base;
	struct conf conf;
	char secret[VAULT_WEBHOOK_SECRET_SIZE];
};

static int
hooks_setup(void **state)
{
	static char none[] = "";
	struct hooks *h = xcalloc(1, sizeof(*h));

	world_open(&h->world);
	h->conf.webhook_ca = none;
	h->conf.webhook_timeout = 5;
	h->world.core.conf = &h->conf;
	h->base = event_base_new();
	h->world.core.forward = forward_new(&h->world.core, h->base);
	*state = h;
	return 0;
}

static int
hooks_teardown(void **state)
{
	struct hooks *h = *state;

	forward_free(h->world.core.forward);
	event_base_free(h->base);
	world_close(&h->world);
	free(h);
	return 0;
}

struct add_op {
	struct hooks *h;
	const char *name, *agency, *url;
};

static int
op_add(void *arg)
{
	struct add_op *op = arg;
	struct webhook w = {.result = ""};

	assert_int_equal(str_printf(w.name, sizeof(w.name), "%s", op->name), 0);
	assert_int_equal(
	    str_printf(w.agency, sizeof(w.agency), "%s", op->agency), 0);
	assert_int_equal(str_printf(w.url, sizeof(w.url), "%s", op->url), 0);
	return forward_add(&op->h->world.core, &w, op->h->secret);
}

static void
add(struct hooks *h, int rc, const char *name, const char *agency)
{
	struct add_op op = {h, name, agency, "https://127.0.0.1:1/hook"};

	world_expect(&h->world, rc, op_add, &op);
}

/* Run the loop until the query gives n. */
static void
until(struct hooks *h, const char *sql, int64_t n)
{
	int64_t deadline = clock_mono_ms() + 10000;

	while (world_count(&h->world, sql) != n) {
		assert_true(clock_mono_ms() < deadline);
		event_base_loop(h->base, EVLOOP_NONBLOCK);
		(void)turn_commit(h->world.core.turn);
	}
}

/* Written for the agencies that see the case and for nobody else, in the turn of
 * the case; nothing of what she wrote is in it, nor where it went. */
static void
test_what_is_said(void **state)
{
	struct hooks *h = *state;
	struct world *w = &h->world;
	struct webhook hook = {.agency = "HPN"};
	struct delivery d;
	char *body;

	add(h, 0, "hpn", "HPN");
	add(h, 0, "yte", "YTE");
	add(h, TC_EEXIST, "hpn", "CAX");
	world_receive(w, "0900000001", "giup toi");
	assert_int_equal(world_count(w, "SELECT count(*) FROM delivery"), 1);
	assert_int_equal(
	    world_count(w, "SELECT count(*) FROM delivery d JOIN webhook w"
			   " ON w.id = d.webhook_id WHERE w.name = 'hpn'"
			   " AND event = 'case.opened'"
			   " AND code = (SELECT code FROM \"case\")"
			   " AND cursor = (SELECT change FROM \"case\")"),
	    1);
	world_receive(w, "0900000001", "giup toi");
	assert_int_equal(
	    world_count(w, "SELECT count(*) FROM delivery"
			   " WHERE event IN ('case.text', 'case.danger')"),
	    1);
	assert_int_equal(store_delivery_get(w->core.store,
			     world_count(w, "SELECT id FROM delivery"), &d),
	    0);
	body = body_make(&hook, &d);
	assert_non_null(strstr(body, "\"queue\":\"HPN\""));
	assert_non_null(strstr(body, d.code));
	assert_null(strstr(body, "giup"));
	assert_null(strstr(body, "900000"));
	free(body);
}

/* An op that is taken back says nothing. */
static int
op_fails(void *arg)
{
	struct hooks *h = arg;
	struct case_row k = {.urgency = 1};

	assert_int_equal(
	    store_case_get(h->world.core.store,
		world_count(&h->world, "SELECT id FROM \"case\""), &k),
	    0);
	assert_int_equal(forward_case(&h->world.core, &k, "claimed"), 0);
	return TC_ESTATE;
}

static void
test_not_committed(void **state)
{
	struct hooks *h = *state;

	add(h, 0, "hpn", "HPN");
	world_receive(&h->world, "0900000001", "giup toi");
	world_expect(&h->world, TC_ESTATE, op_fails, h);
	assert_int_equal(
	    world_count(&h->world, "SELECT count(*) FROM delivery"), 1);
}

/* A private address without leave: nothing connects, the receiver rests, the
 * delivery stays. */
static void
test_private_address(void **state)
{
	struct hooks *h = *state;
	struct forward_stats s;

	add(h, 0, "hpn", "HPN");
	world_receive(&h->world, "0900000001", "giup toi");
	until(h,
	    "SELECT count(*) FROM delivery WHERE state = 'queued'"
	    " AND tries = 1 AND result = 'address not allowed'",
	    1);
	assert_int_equal(
	    world_count(&h->world, "SELECT count(*) FROM webhook"
				   " WHERE failures = 1 AND next_at > tried_at"
				   " AND next_at <= tried_at + 6"),
	    1);
	forward_get_stats(&h->world.core, &s);
	assert_int_equal(s.failed, 1);
	assert_int_equal(s.delivered, 0);
}

static int
op_retry(void *arg)
{
	struct hooks *h = arg;
	struct delivery d;

	return forward_retry(&h->world.core, "hpn",
	    world_count(&h->world, "SELECT id FROM delivery"), &d);
}

/* With leave there is nobody there; after three days the delivery is dead, and
 * a person sends it again under its id. */
static void
test_dead_and_again(void **state)
{
	static char name[] = "hpn";
	static struct opt_value item = {name, 1};
	struct hooks *h = *state;
	int64_t id;

	h->conf.webhook_private = (struct opt_list){&item, 1};
	add(h, 0, "hpn", "HPN");
	world_receive(&h->world, "0900000001", "giup toi");
	until(h,
	    "SELECT count(*) FROM delivery WHERE tries = 1"
	    " AND result = 'no connection'",
	    1);
	id = world_count(&h->world, "SELECT id FROM delivery");
	world_expect(&h->world, TC_ESTATE, op_retry, h);
	world_advance(&h->world, 3 * 86400 + 60);
	forward_upkeep(&h->world.core);
	until(h, "SELECT count(*) FROM delivery WHERE state = 'dead'", 1);
	world_expect(&h->world, 0, op_retry, h);
	until(h,
	    "SELECT count(*) FROM delivery WHERE state = 'queued'"
	    " AND tries = 3",
	    1);
	assert_int_equal(world_count(&h->world, "SELECT id FROM delivery"), id);
	/* and a month after it died again it is gone */
	world_advance(&h->world, 3 * 86400 + 60);
	forward_upkeep(&h->world.core);
	until(h, "SELECT count(*) FROM delivery WHERE state = 'dead'", 1);
	world_advance(&h->world, 31 * 86400);
	forward_upkeep(&h->world.core);
	until(h, "SELECT count(*) FROM delivery", 0);
}

#define HOOKS_TEST(test)                                                       \
	cmocka_unit_test_setup_teardown(test, hooks_setup, hooks_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_addresses),
	    cmocka_unit_test(test_urls),
	    cmocka_unit_test(test_signature),
	    HOOKS_TEST(test_what_is_said),
	    HOOKS_TEST(test_not_committed),
	    HOOKS_TEST(test_private_address),
	    HOOKS_TEST(test_dead_and_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
