/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lists of people (people.h): called by http/ and by the import. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "intake/content.h"
#include "msisdn.h"
#include "outbox/guard.h"
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
	memcpy(out->hamlet, l->hamlet, sizeof(out->hamlet));
	memcpy(out->kind, l->kind, sizeof(out->kind));
	out->is_smart = l->is_smart;
	out->is_drill = l->is_drill;
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
		    name[i] == '/' || name[i] == ',')
			return false;
	return len > 0 && len < LIST_NAME_MAX && utf8_is_valid(name, len);
}

int
list_new(struct core *c, const char *name, const char *agency,
    const struct list_query *query)
{
	struct list l = {.id = vault_random_id(),
	    .is_smart = query->is_smart,
	    .is_drill = query->is_drill};
	const char *hamlet = query->hamlet != NULL ? query->hamlet : "";
	const char *kind = query->kind != NULL ? query->kind : "";

	if (*kind != '\0')
		kind = content_kind(c->content, kind);
	if (kind == NULL || !list_name_is_valid(name) ||
	    (l.is_smart && l.is_drill) ||
	    (!l.is_smart && (*hamlet != '\0' || *kind != '\0')) ||
	    str_printf(l.hamlet, sizeof(l.hamlet), "%s", hamlet) != 0 ||
	    str_printf(l.kind, sizeof(l.kind), "%s", kind) != 0 ||
	    str_printf(l.name, sizeof(l.name), "%s", name) != 0 ||
	    str_printf(l.agency, sizeof(l.agency), "%s", agency) != 0)
		return TC_EINVAL;
	if (outbox_guard(c, name) != 0)
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
	if (l.is_smart)
		return TC_ESTATE;
	if (number == NULL)
		return store_list_put_all(c->store, l.id, hamlet);
	if (msisdn_parse(number, canonical) != MSISDN_MOBILE)
		return TC_EINVAL;
	if ((rc = people_find(c, canonical, &p)) != 0)
		return rc;
	return store_list_put(c->store, l.id, p.id);
}

/* --- coverage --- */

struct coverage {
	const struct content_commune *commune;
	int64_t *people; /* by hamlet of the commune */
	coverage_cb cb;
	void *ctx;
};

static void
coverage_count_cb(const char *hamlet, int64_t n, void *arg)
{
	struct coverage *v = arg;
	size_t i;

	for (i = 0; i < v->commune->nhamlets; i++) {
		if (strcmp(v->commune->hamlets[i], hamlet) == 0) {
			v->people[i] = n;
			return;
		}
	}
	v->cb(hamlet, false, n, v->ctx);
}

int
list_coverage(struct core *c, coverage_cb cb, void *ctx)
{
	struct coverage v = {content_commune(c->content), NULL, cb, ctx};
	size_t i, n = v.commune->nhamlets;
	int rc;

	v.people = xcalloc(n + 1, sizeof(*v.people));
	rc = store_person_coverage(c->store, coverage_count_cb, &v);
	for (i = 0; i < n && rc == 0; i++)
		cb(v.commune->hamlets[i], true, v.people[i], ctx);
	free(v.people);
	return rc;
}
