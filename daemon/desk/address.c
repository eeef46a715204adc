/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Trusted addresses: address.h. Called by http/ for the handlers of DCTC. Owns
 * nothing; no log line here has more than a label. */
#include "config.h"

#include <string.h>

#include "buf.h"
#include "clock.h"
#include "desk/address.h"
#include "desk/desk_private.h"
#include "intake/content.h"
#include "log.h"
#include "outbox/guard.h"
#include "store/contact.h"
#include "vault/vault.h"

/* A sealed box (crypto_box_seal) of something padded to 64. */
#define SEALED_MIN (48 + 64)

/* Words before a name that tell no place by themselves. */
static const char *const address_public_words[] = {"xã", "phường", "thị trấn",
    "huyện", "thị xã", "thành phố", "tỉnh", "thôn", "làng", "xóm", "tổ", "ấp",
    "buôn", "bản", "khu phố", "UBND"};

static bool
address_may(const struct user *u)
{
	return (u->roles & ROLE_HANDLER) != 0 &&
	       strcmp(u->agency, AGENCY_DCTC) == 0;
}

/* --- labels: numbers to the base of 26 letters, without a zero --- */

void
address_label(int64_t id, char out[ADDRESS_LABEL_MAX])
{
	char reversed[ADDRESS_LABEL_MAX];
	size_t n = 0, i;

	for (; id > 0 && n < ADDRESS_LABEL_MAX - 1; id = (id - 1) / 26)
		reversed[n++] = (char)('A' + (id - 1) % 26);
	for (i = 0; i < n; i++)
		out[i] = reversed[n - 1 - i];
	out[n] = '\0';
}

int64_t
address_id(const char *label)
{
	int64_t id = 0;

	if (strlen(label) >= ADDRESS_LABEL_MAX)
		return 0;
	for (; *label >= 'A' && *label <= 'Z'; label++)
		id = id * 26 + (*label - 'A' + 1);
	return *label == '\0' ? id : 0;
}

/* --- the registry --- */

int
address_key(struct core *c, const struct user *u, unsigned char key[32])
{
	if (!address_may(u))
		return TC_EDENIED;
	vault_address_key(c->vault, key);
	return desk_log(c, 0, "address_key", "", u);
}

void
address_public(const struct core *c, address_phrase_cb cb, void *ctx)
{
	const struct content_commune *k = content_commune(c->content);
	size_t i;

	cb(k->name, ctx);
	cb(k->signature, ctx);
	for (i = 0; i < k->nhamlets; i++)
		cb(k->hamlets[i], ctx);
	for (i = 0; i < k->nagencies; i++)
		cb(k->agencies[i].name, ctx);
	for (i = 0; i < TC_NELEM(address_public_words); i++)
		cb(address_public_words[i], ctx);
}

static bool
address_is_sealed(const struct buf *sealed)
{
	return sealed->len >= SEALED_MIN && sealed->len <= ADDRESS_SEALED_MAX;
}

static int
address_write(struct core *c, const struct address_new *a, int64_t *id)
{
	const struct address_row row = {
	    .places = a->places, .added_at = clock_now()};
	size_t i;
	int rc;

	rc = store_address_add(c->store, &row, a->sealed, id);
	for (i = 0; i < a->nruns && rc == 0; i++)
		rc = store_address_add_run(c->store, *id, a->runs[i]);
	return rc;
}

int
address_add(struct core *c, const struct user *u, struct address_new *a,
    char label[ADDRESS_LABEL_MAX])
{
	struct agency dctc;
	int64_t id;
	int rc;

	if (!address_may(u))
		return TC_EDENIED;
	if (a->places < 1 || a->places > ADDRESS_PLACES_MAX || a->nruns == 0 ||
	    a->nruns > ADDRESS_RUNS_MAX || !address_is_sealed(a->sealed))
		return TC_EINVAL;
	rc = store_agency_get(c->store, AGENCY_DCTC, &dctc);
	if (rc != 0)
		return rc == TC_ENOENT ? TC_ENOTREADY : rc;
	if ((rc = address_write(c, a, &id)) != 0)
		return rc;
	rc = outbox_guard_content(c, c->content, &a->text);
	if (rc != 0)
		return rc == TC_EDENIED ? TC_EEXIST : rc;
	address_label(id, label);
	log_info("address registered label=%s user=%s", label, u->name);
	return desk_log(c, 0, "address_added", label, u);
}

int
address_each(
    struct core *c, const struct user *u, store_address_cb cb, void *ctx)
{
	return address_may(u) ? store_address_each(c->store, cb, ctx)
			      : TC_EDENIED;
}

/* For one of DCTC, the row of a label. */
static int
address_find(struct core *c, const struct user *u, const char *label,
    struct address_row *row)
{
	if (!address_may(u))
		return TC_EDENIED;
	return store_address_get(c->store, address_id(label), row);
}

int
address_view(struct core *c, const struct user *u, const char *label,
    struct address_row *row, struct buf *sealed)
{
	int rc;

	if ((rc = address_find(c, u, label, row)) != 0 ||
	    (rc = store_address_sealed(c->store, row->id, sealed)) != 0)
		return rc;
	return desk_log(c, 0, "address_viewed", label, u);
}

int
address_remove(struct core *c, const struct user *u, const char *label)
{
	struct address_row row;
	int rc;

	if ((rc = address_find(c, u, label, &row)) != 0)
		return rc;
	if (row.taken > 0)
		return TC_ESTATE;
	if ((rc = store_address_remove(c->store, row.id)) != 0)
		return rc;
	log_info("address removed label=%s user=%s", label, u->name);
	return desk_log(c, 0, "address_removed", label, u);
}

int
address_reseal(struct core *c, const struct user *u, const char *label,
    const struct buf *sealed)
{
	struct address_row row;
	int rc;

	if ((rc = address_find(c, u, label, &row)) != 0)
		return rc;
	if (!address_is_sealed(sealed))
		return TC_EINVAL;
	rc = store_address_reseal(c->store, row.id, sealed);
	return rc != 0 ? rc : desk_log(c, 0, "address_rekeyed", label, u);
}

/* --- who is where --- */

/* Has it happened within a day? 1, 0 or an error. */
static int
address_was(struct core *c, int64_t case_id, const char *act)
{
	int64_t at;
	int rc = store_act_at(c->store, case_id, act, &at);

	return rc != 0 ? rc : at > clock_now() - ADDRESS_CALL_S;
}

/* By voice means: she was called, and it was she. */
static int
address_check_voice(
    struct core *c, const struct case_row *k, struct address_wish *wish)
{
	struct contact contact;
	int rc;

	if (strcmp(wish->how, "person") == 0)
		return 0;
	if (strcmp(wish->how, "voice") != 0)
		return TC_EINVAL;
	if ((rc = address_was(c, k->id, "called")) < 0)
		return rc;
	wish->why = "call her first: no call is on record";
	if (rc == 0)
		return TC_EAGAIN;
	if ((rc = store_contact_get(c->store, k->contact_id, &contact)) != 0)
		return rc;
	wish->why = "compare her safe word first";
	rc = contact.safe_word[0] != '\0' ? address_was(c, k->id, "verified")
					  : 1;
	return rc < 0 ? rc : rc == 0 ? TC_EAGAIN : 0;
}

static int
address_take(struct core *c, const struct case_row *k,
    const struct address_wish *wish, const struct address_row *row)
{
	const struct address_stay stay = {.case_id = k->id,
	    .address_id = row->id,
	    .places = wish->places,
	    .since = clock_now()};

	if (wish->places < 1 || wish->places > ADDRESS_PLACES_MAX)
		return TC_EINVAL;
	if (wish->places > row->places - row->taken)
		return TC_EFULL;
	return store_stay_add(c->store, &stay);
}

int
address_assign(struct core *c, const struct user *u, struct address_wish *wish)
{
	struct address_row row;
	struct case_row k;
	int rc;

	if ((rc = address_find(c, u, wish->label, &row)) != 0 ||
	    (rc = desk_own(c, u, wish->code, &k)) != 0 ||
	    (rc = address_check_voice(c, &k, wish)) != 0 ||
	    (rc = address_take(c, &k, wish, &row)) != 0)
		return rc;
	if (!desk_is(&k, "referred") && (rc = desk_touch(&k)) != 0)
		return rc;
	return desk_write(
	    c, &k, &(struct desk_act){"address_given", wish->label, u});
}

/* Also when another handler of DCTC has the case by now, or nobody. */
int
address_release(
    struct core *c, const struct user *u, const struct address_wish *wish)
{
	struct address_row row;
	struct address_stay stay;
	struct case_row k;
	int rc;

	if ((rc = address_find(c, u, wish->label, &row)) != 0 ||
	    (rc = store_case_for(c->store, wish->code, u->agency, &k)) != 0 ||
	    (rc = store_stay_get(c->store, k.id, &stay)) != 0)
		return rc;
	if (stay.address_id != row.id)
		return TC_ENOENT;
	if ((rc = store_stay_end(c->store, k.id)) != 0)
		return rc;
	return desk_write(
	    c, &k, &(struct desk_act){"address_left", wish->label, u});
}
