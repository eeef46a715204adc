/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lists of people (people.h): called by http/ and by the import. */
#include "config.h"

#include <string.h>

#include "clock.h"
#include "msisdn.h"
#include "outreach/people.h"
#include "outreach/people_private.h"
#include "store/person.h"
#include "vault/vault.h"

static void
list_fill(struct list_row *out, const struct list *l)
{
	out->id = l->id;
	memcpy(out->name, l->name, sizeof(out->name));
	memcpy(out->agency, l->agency, sizeof(out->agency));
	out->members = l->members;
}

struct list_each_ctx {
	list_cb cb;
	void *ctx;
};

static int
list_each_cb(const struct list *l, void *arg)
{
	struct list_each_ctx *each = arg;
	struct list_row row;

	list_fill(&row, l);
	return each->cb(&row, each->ctx);
}

int
list_each(struct core *c, list_cb cb, void *ctx)
{
	struct list_each_ctx each = {cb, ctx};

	return store_list_each(c->store, list_each_cb, &each);
}

int
list_get(struct core *c, const char *name, struct list_row *out)
{
	struct list l;
	int rc;

	rc = store_list_find(c->store, name, &l);
	if (rc == 0)
		list_fill(out, &l);
	return rc;
}

static bool
list_name_is_valid(const char *name)
{
	size_t i, len = strlen(name);

	for (i = 0; i < len; i++)
		if ((unsigned char)name[i] < 0x20 || name[i] == 0x7f ||
		    name[i] == '/')
			return false;
	return len > 0 && len < LIST_NAME_MAX && utf8_is_valid(name, len);
}

int
list_new(struct core *c, const char *name, const char *agency)
{
	struct list l = {.id = vault_random_id()};

	if (!list_name_is_valid(name) ||
	    str_printf(l.name, sizeof(l.name), "%s", name) != 0 ||
	    str_printf(l.agency, sizeof(l.agency), "%s", agency) != 0)
		return TC_EINVAL;
	return store_list_add(c->store, &l, clock_now());
}

int
list_add(
    struct core *c, const char *name, const char *number, const char *hamlet)
{
	char canonical[MSISDN_MAX];
	struct person p;
	struct list l;
	int rc;

	if ((rc = store_list_find(c->store, name, &l)) != 0)
		return rc;
	if (number == NULL)
		return store_list_put_all(c->store, l.id, hamlet);
	if (msisdn_parse(number, canonical) != MSISDN_MOBILE)
		return TC_EINVAL;
	if ((rc = people_find(c, canonical, &p)) != 0)
		return rc;
	return store_list_put(c->store, l.id, p.id);
}
