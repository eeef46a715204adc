/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See power_vfs.h. Writes go through to the real file, which readers see; beside
 * it stands what is safe. */
#include "config.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <unistd.h>

#include "unit.h"
#include "power_vfs.h"
#include "util.h"
#include "world.h"

#define SECTOR 512
#define TORN 8 /* one sector in so many that are lost is torn */
#define DIRSYNC_FILES                                                          \
	(SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_SUPER_JOURNAL)

/* A change that is not safe yet: bytes at a place, or (NULL) a new length. */
struct change {
	STAILQ_ENTRY(change) entry;
	unsigned char *bytes;
	size_t at, len;
};
STAILQ_HEAD(change_list, change);

struct image {
	unsigned char *bytes;
	size_t len;
};

struct node {
	TAILQ_ENTRY(node) entry;
	char *path;
	struct image safe;
	struct change_list changes;
	bool is_there;
	/* The folder still says what it said before: nothing, or this. */
	bool is_entry_new, was_there;
	struct image was;
};

/* What SQLite allocates for an open file; the real one stands behind it. */
struct power_file {
	sqlite3_file base;
	struct node *node; /* NULL: a temporary file, which nobody misses */
	bool must_sync_dir;
	sqlite3_file *real;
};

static TAILQ_HEAD(, node) nodes = TAILQ_HEAD_INITIALIZER(nodes);
static sqlite3_vfs *real_vfs;
static sqlite3_vfs power;
static uint64_t ops, cut_at;
static bool is_out;

/* --- images --- */

static void
image_resize(struct image *i, size_t len)
{
	if (len > i->len) {
		i->bytes = xreallocarray(i->bytes, len, 1);
		memset(i->bytes + i->len, 0, len - i->len);
	}
	i->len = len;
}

static void
image_clear(struct image *i)
{
	free(i->bytes);
	memset(i, 0, sizeof(*i));
}

static void
image_put(struct image *i, const struct change *c)
{
	if (c->bytes == NULL) {
		image_resize(i, c->at);
		return;
	}
	if (c->at + c->len > i->len)
		image_resize(i, c->at + c->len);
	memcpy(i->bytes + c->at, c->bytes, c->len);
}

static void
image_read(struct image *i, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	off_t len;

	assert_true(fd >= 0);
	len = lseek(fd, 0, SEEK_END);
	assert_true(len >= 0);
	image_resize(i, (size_t)len);
	if (len > 0)
		assert_int_equal(pread(fd, i->bytes, i->len, 0), len);
	close(fd);
}

static void
image_write(const struct image *i, const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	if (i->len > 0)
		assert_int_equal(
		    pwrite(fd, i->bytes, i->len, 0), (ssize_t)i->len);
	close(fd);
}

/* --- nodes --- */

static void
node_forget_changes(struct node *n)
{
	struct change *c;

	while ((c = STAILQ_FIRST(&n->changes)) != NULL) {
		STAILQ_REMOVE_HEAD(&n->changes, entry);
		free(c->bytes);
		free(c);
	}
}

static void
node_free(struct node *n)
{
	node_forget_changes(n);
	image_clear(&n->safe);
	image_clear(&n->was);
	TAILQ_REMOVE(&nodes, n, entry);
	free(n->path);
	free(n);
}

static struct node *
node_find(const char *path)
{
	struct node *n;

	TAILQ_FOREACH(n, &nodes, entry)
		if (strcmp(n->path, path) == 0)
			return n;
	n = xcalloc(1, sizeof(*n));
	n->path = xstrdup(path);
	STAILQ_INIT(&n->changes);
	n->is_there = access(path, F_OK) == 0;
	if (n->is_there)
		image_read(&n->safe, path);
	TAILQ_INSERT_TAIL(&nodes, n, entry);
	return n;
}

/* The name is made or removed; the folder may still say what it said. */
static void
node_rename(struct node *n, bool is_there)
{
	if (!n->is_entry_new) {
		n->is_entry_new = true;
		n->was_there = n->is_there;
		n->was = n->safe;
		memset(&n->safe, 0, sizeof(n->safe));
	}
	node_forget_changes(n);
	image_clear(&n->safe);
	n->is_there = is_there;
}

static void
sync_folder(void)
{
	struct node *n;

	TAILQ_FOREACH(n, &nodes, entry) {
		n->is_entry_new = false;
		image_clear(&n->was);
	}
}

static void
node_sync(struct node *n)
{
	struct change *c;

	STAILQ_FOREACH(c, &n->changes, entry)
	image_put(&n->safe, c);
	node_forget_changes(n);
}

static void
node_add(struct node *n, const void *bytes, size_t at, size_t len)
{
	struct change *c = xcalloc(1, sizeof(*c));

	c->at = at;
	c->len = len;
	if (bytes != NULL) {
		c->bytes = xmalloc(len);
		memcpy(c->bytes, bytes, len);
	}
	STAILQ_INSERT_TAIL(&n->changes, c, entry);
}

/* --- the power --- */

/* Counts one call that changes the disk. False: there is no power, or it fails
 * during this call; what the call began may still be kept. */
static bool
power_spend(bool *is_last)
{
	*is_last = false;
	if (is_out)
		return false;
	ops++;
	if (cut_at != 0 && ops >= cut_at)
		is_out = *is_last = true;
	return !is_out;
}

/* --- the methods of a file --- */

#define REAL(f) (((struct power_file *)(f))->real)
#define METHOD(f) (REAL(f)->pMethods)

static int
disk_close(sqlite3_file *f)
{
	return METHOD(f)->xClose(REAL(f));
}

static int
disk_read(sqlite3_file *f, void *out, int len, sqlite3_int64 at)
{
	return METHOD(f)->xRead(REAL(f), out, len, at);
}

static int
disk_write(sqlite3_file *f, const void *bytes, int len, sqlite3_int64 at)
{
	struct node *n = ((struct power_file *)f)->node;
	bool is_last, is_on = n == NULL || power_spend(&is_last);

	if (n != NULL && (is_on || is_last))
		node_add(n, bytes, (size_t)at, (size_t)len);
	return is_on ? METHOD(f)->xWrite(REAL(f), bytes, len, at)
		     : SQLITE_IOERR_WRITE;
}

static int
disk_truncate(sqlite3_file *f, sqlite3_int64 len)
{
	struct node *n = ((struct power_file *)f)->node;
	bool is_last, is_on = n == NULL || power_spend(&is_last);

	if (n != NULL && (is_on || is_last))
		node_add(n, NULL, (size_t)len, 0);
	return is_on ? METHOD(f)->xTruncate(REAL(f), len)
		     : SQLITE_IOERR_TRUNCATE;
}

/* The real one is spared: nobody cuts the power of this machine. */
static int
disk_sync(sqlite3_file *f, int flags)
{
	struct power_file *pf = (struct power_file *)f;
	bool is_last;

	(void)flags;
	if (pf->node == NULL)
		return SQLITE_OK;
	if (!power_spend(&is_last))
		return SQLITE_IOERR_FSYNC;
	node_sync(pf->node);
	if (pf->must_sync_dir)
		sync_folder();
	pf->must_sync_dir = false;
	return SQLITE_OK;
}

static int
disk_size(sqlite3_file *f, sqlite3_int64 *out)
{
	return METHOD(f)->xFileSize(REAL(f), out);
}

static int
disk_lock(sqlite3_file *f, int lock)
{
	return METHOD(f)->xLock(REAL(f), lock);
}

static int
disk_unlock(sqlite3_file *f, int lock)
{
	return METHOD(f)->xUnlock(REAL(f), lock);
}

static int
disk_check_lock(sqlite3_file *f, int *out)
{
	return METHOD(f)->xCheckReservedLock(REAL(f), out);
}

static int
disk_control(sqlite3_file *f, int op, void *arg)
{
	return METHOD(f)->xFileControl(REAL(f), op, arg);
}

static int
disk_sector(sqlite3_file *f)
{
	(void)f;
	return SECTOR;
}

static int
disk_traits(sqlite3_file *f)
{
	(void)f;
	return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

static int
disk_shm_map(
    sqlite3_file *f, int page, int size, int extend, void volatile **out)
{
	return METHOD(f)->xShmMap(REAL(f), page, size, extend, out);
}

static int
disk_shm_lock(sqlite3_file *f, int at, int n, int flags)
{
	return METHOD(f)->xShmLock(REAL(f), at, n, flags);
}

static void
disk_shm_barrier(sqlite3_file *f)
{
	METHOD(f)->xShmBarrier(REAL(f));
}

static int
disk_shm_unmap(sqlite3_file *f, int is_deleted)
{
	return METHOD(f)->xShmUnmap(REAL(f), is_deleted);
}

static const sqlite3_io_methods disk_methods = {.iVersion = 2,
    .xClose = disk_close,
    .xRead = disk_read,
    .xWrite = disk_write,
    .xTruncate = disk_truncate,
    .xSync = disk_sync,
    .xFileSize = disk_size,
    .xLock = disk_lock,
    .xUnlock = disk_unlock,
    .xCheckReservedLock = disk_check_lock,
    .xFileControl = disk_control,
    .xSectorSize = disk_sector,
    .xDeviceCharacteristics = disk_traits,
    .xShmMap = disk_shm_map,
    .xShmLock = disk_shm_lock,
    .xShmBarrier = disk_shm_barrier,
    .xShmUnmap = disk_shm_unmap};

/* --- the methods of the disk --- */

static int
power_open(sqlite3_vfs *v, const char *path, sqlite3_file *f, int flags,
    int *out_flags)
{
	struct power_file *pf = (struct power_file *)f;
	int rc;

	(void)v;
	memset(pf, 0, sizeof(*pf));
	if (is_out)
		return SQLITE_CANTOPEN;
	pf->real = (sqlite3_file *)(pf + 1);
	if (path != NULL)
		pf->node = node_find(path);
	rc = real_vfs->xOpen(real_vfs, path, pf->real, flags, out_flags);
	if (pf->real->pMethods != NULL)
		f->pMethods = &disk_methods;
	if (rc != SQLITE_OK || pf->node == NULL || pf->node->is_there)
		return rc;
	node_rename(pf->node, true);
	pf->must_sync_dir = (flags & DIRSYNC_FILES) != 0;
	return SQLITE_OK;
}

static int
power_delete(sqlite3_vfs *v, const char *path, int must_sync)
{
	struct node *n = node_find(path);
	bool is_last, is_on = power_spend(&is_last);

	(void)v;
	if ((is_on || is_last) && n->is_there)
		node_rename(n, false);
	if (!is_on)
		return SQLITE_IOERR_DELETE;
	if (must_sync)
		sync_folder();
	return real_vfs->xDelete(real_vfs, path, 0);
}

void
power_install(void)
{
	real_vfs = sqlite3_vfs_find(NULL);
	assert_non_null(real_vfs);
	power = *real_vfs;
	power.zName = "power";
	power.pNext = NULL;
	power.szOsFile = (int)sizeof(struct power_file) + real_vfs->szOsFile;
	power.xOpen = power_open;
	power.xDelete = power_delete;
	assert_int_equal(sqlite3_vfs_register(&power, 1), SQLITE_OK);
}

/* --- afterwards --- */

void
power_cut_at(uint64_t n)
{
	ops = 0;
	cut_at = n;
}

uint64_t
power_ops(void)
{
	return ops;
}

bool
power_is_out(void)
{
	return is_out;
}

void
power_reset(void)
{
	struct node *n;

	while ((n = TAILQ_FIRST(&nodes)) != NULL)
		node_free(n);
	is_out = false;
	power_cut_at(0);
}

/* Of a write some sectors are kept, of some the beginning. */
static void
keep_some(
    struct image *i, const struct change *c, unsigned percent, uint64_t *seed)
{
	struct change part;
	size_t done, len, room;

	for (done = 0; done < c->len; done += len) {
		room = SECTOR - (c->at + done) % SECTOR;
		len = room < c->len - done ? room : c->len - done;
		part = (struct change){
		    .bytes = c->bytes + done, .at = c->at + done, .len = len};
		if (world_draw(seed, 100) >= percent) {
			if (percent == 0 || world_draw(seed, TORN) != 0)
				continue;
			part.len = world_draw(seed, (unsigned)len);
		}
		image_put(i, &part);
	}
}

static void
node_restore(struct node *n, unsigned percent, uint64_t *seed)
{
	struct change *c;

	if (n->is_entry_new && world_draw(seed, 100) >= percent) {
		if (n->was_there)
			image_write(&n->was, n->path);
		else
			(void)unlink(n->path);
		return;
	}
	if (!n->is_there) {
		(void)unlink(n->path);
		return;
	}
	STAILQ_FOREACH(c, &n->changes, entry)
	{
		if (c->bytes != NULL)
			keep_some(&n->safe, c, percent, seed);
		else if (world_draw(seed, 100) < percent)
			image_put(&n->safe, c);
	}
	image_write(&n->safe, n->path);
}

/* Nobody synchronises the shared memory: it may hold anything. */
static void
spoil_shm(const char *path, uint64_t *seed)
{
	struct image rubbish = {NULL, 0};
	char *shm;
	size_t i;

	if (strlen(path) < 3 || strcmp(path + strlen(path) - 3, ".db") != 0)
		return;
	shm = xasprintf("%s-shm", path);
	image_resize(&rubbish, 32768);
	for (i = 0; i < rubbish.len; i++)
		rubbish.bytes[i] = (unsigned char)world_draw(seed, 256);
	image_write(&rubbish, shm);
	image_clear(&rubbish);
	free(shm);
}

void
power_restore(uint64_t *seed)
{
	static const unsigned percents[] = {0, 25, 50, 75, 100};
	unsigned percent = percents[world_draw(seed, TC_NELEM(percents))];
	struct node *n;

	TAILQ_FOREACH(n, &nodes, entry) {
		node_restore(n, percent, seed);
		spoil_shm(n->path, seed);
	}
	power_reset();
}
