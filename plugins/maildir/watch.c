/* SPDX-License-Identifier: MIT */

#define _GNU_SOURCE

#include "watch.h"

#include "folder.h"

#include <errno.h>
#include <glib-unix.h>
#include <linux/magic.h>
#include <pop4/log.h>
#include <pthread.h>
#include <sys/inotify.h>
#include <sys/vfs.h>
#include <unistd.h>

#define POLL_SECONDS 2
#define EVENTS \
    (IN_CREATE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_DELETE_SELF | IN_MOVE_SELF | \
     IN_ONLYDIR)

/* One for all who look at it. */
typedef struct {
    char *maildir;
    GPtrArray *watches; /* borrowed */
    int cur, new;       /* the kernel's; -1 when the times are looked at instead */
    gint64 cur_time, new_time;
} Watched;

struct Watch {
    Watched *watched;
    void (*changed)(gpointer data);
    gpointer data;
    gboolean told;
};

/* Whoever holds it may use all below; changed() is called with it held. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static GHashTable *by_path;       /* (nullable) */
static GHashTable *by_descriptor; /* (nullable) */
static int kernel = -1;
static guint poller; /* source, 0 = none */
static gboolean without_kernel;

static void
tell(Watched *watched)
{
    for (guint i = 0; i < watched->watches->len; i++) {
        Watch *watch = g_ptr_array_index(watched->watches, i);
        if (!watch->told) {
            watch->told = TRUE;
            watch->changed(watch->data);
        }
    }
}

static void
tell_all(void)
{
    GHashTableIter iter;
    gpointer watched;

    g_hash_table_iter_init(&iter, by_path);
    while (g_hash_table_iter_next(&iter, NULL, &watched))
        tell(watched);
}

static void
take_event(const struct inotify_event *event)
{
    if (event->mask & IN_Q_OVERFLOW) {
        tell_all();
        return;
    }
    Watched *watched = g_hash_table_lookup(by_descriptor, GINT_TO_POINTER(event->wd));
    if (watched != NULL)
        tell(watched);
}

/* Main thread. */
static gboolean
take_events(gint fd, GIOCondition condition, gpointer data)
{
    char events[16384] __attribute__((aligned(__alignof__(struct inotify_event))));
    gssize length;

    (void)condition;
    (void)data;
    pthread_mutex_lock(&lock);
    while ((length = read(fd, events, sizeof events)) > 0) {
        for (char *at = events; at < events + length;) {
            const struct inotify_event *event = (const struct inotify_event *)(void *)at;
            take_event(event);
            at += sizeof *event + event->len;
        }
    }
    pthread_mutex_unlock(&lock);
    return G_SOURCE_CONTINUE;
}

static void
read_times(const char *maildir, gint64 *cur_out, gint64 *new_out)
{
    if (!folder_get_mtime(maildir, "/cur", cur_out, NULL))
        *cur_out = 0;
    if (!folder_get_mtime(maildir, "/new", new_out, NULL))
        *new_out = 0;
}

/* Main thread. */
static gboolean
look_at_times(gpointer data)
{
    GHashTableIter iter;
    gpointer value;
    guint polled = 0;

    (void)data;
    pthread_mutex_lock(&lock);
    g_hash_table_iter_init(&iter, by_path);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        Watched *watched = value;
        gint64 cur, new;
        if (watched->cur >= 0)
            continue;
        polled++;
        read_times(watched->maildir, &cur, &new);
        if (cur != watched->cur_time || new != watched->new_time)
            tell(watched);
    }
    if (polled == 0)
        poller = 0;
    pthread_mutex_unlock(&lock);
    return polled > 0 ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

static void
begin(void)
{
    if (by_path != NULL)
        return;
    by_path = g_hash_table_new(g_str_hash, g_str_equal);
    by_descriptor = g_hash_table_new(NULL, NULL);
    kernel = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (kernel >= 0)
        g_unix_fd_add(kernel, G_IO_IN, take_events, NULL);
}

/* The kernel tells only what it does itself. */
static gboolean
is_remote(const char *maildir)
{
    struct statfs status;

    if (statfs(maildir, &status) < 0)
        return FALSE;
    return status.f_type == NFS_SUPER_MAGIC || status.f_type == SMB_SUPER_MAGIC ||
           status.f_type == FUSE_SUPER_MAGIC || status.f_type == CEPH_SUPER_MAGIC;
}

/* The kernel gives one descriptor for a directory, whatever it is called: under a second name
 * it is not ours to take or to give back. */
static int
add_to_kernel(const char *maildir, const char *folder)
{
    g_autofree char *path = g_strconcat(maildir, folder, NULL);
    int descriptor = inotify_add_watch(kernel, path, EVENTS);

    if (!g_hash_table_contains(by_descriptor, GINT_TO_POINTER(descriptor)))
        return descriptor;
    errno = EBUSY;
    return -1;
}

static void
drop_from_kernel(int descriptor)
{
    if (descriptor < 0)
        return;
    g_hash_table_remove(by_descriptor, GINT_TO_POINTER(descriptor));
    inotify_rm_watch(kernel, descriptor);
}

static void
look_by_time(Watched *watched)
{
    watched->cur = watched->new = -1;
    read_times(watched->maildir, &watched->cur_time, &watched->new_time);
    if (poller == 0)
        poller = g_timeout_add_seconds(POLL_SECONDS, look_at_times, NULL);
}

static void
attend(Watched *watched)
{
    watched->cur = watched->new = -1;
    if (without_kernel || kernel < 0 || is_remote(watched->maildir)) {
        look_by_time(watched);
        return;
    }
    watched->cur = add_to_kernel(watched->maildir, "/cur");
    watched->new = watched->cur >= 0 ? add_to_kernel(watched->maildir, "/new") : -1;
    if (watched->new >= 0) {
        g_hash_table_insert(by_descriptor, GINT_TO_POINTER(watched->cur), watched);
        g_hash_table_insert(by_descriptor, GINT_TO_POINTER(watched->new), watched);
        return;
    }
    pop4_log(NULL, POP4_LOG_WARNING, "watch-by-time", "maildir", watched->maildir, "reason",
             g_strerror(errno), NULL);
    drop_from_kernel(watched->cur);
    look_by_time(watched);
}

static Watched *
find(const char *maildir)
{
    Watched *watched = g_hash_table_lookup(by_path, maildir);

    if (watched != NULL)
        return watched;
    watched = g_new0(Watched, 1);
    watched->maildir = g_strdup(maildir);
    watched->watches = g_ptr_array_new();
    g_hash_table_insert(by_path, watched->maildir, watched);
    attend(watched);
    return watched;
}

Watch *
watch_new(const char *maildir, void (*changed)(gpointer data), gpointer data)
{
    Watch *watch = g_new0(Watch, 1);

    watch->changed = changed;
    watch->data = data;
    pthread_mutex_lock(&lock);
    begin();
    watch->watched = find(maildir);
    g_ptr_array_add(watch->watched->watches, watch);
    pthread_mutex_unlock(&lock);
    return watch;
}

static void
forget(Watched *watched)
{
    g_hash_table_remove(by_path, watched->maildir);
    drop_from_kernel(watched->cur);
    drop_from_kernel(watched->new);
    g_ptr_array_unref(watched->watches);
    g_free(watched->maildir);
    g_free(watched);
}

void
watch_free(Watch *watch)
{
    if (watch == NULL)
        return;
    pthread_mutex_lock(&lock);
    g_ptr_array_remove_fast(watch->watched->watches, watch);
    if (watch->watched->watches->len == 0)
        forget(watch->watched);
    pthread_mutex_unlock(&lock);
    g_free(watch);
}

guint
watch_count_folders(guint *polled_out)
{
    GHashTableIter iter;
    gpointer watched;
    guint count = 0;

    *polled_out = 0;
    pthread_mutex_lock(&lock);
    if (by_path != NULL) {
        g_hash_table_iter_init(&iter, by_path);
        while (g_hash_table_iter_next(&iter, NULL, &watched)) {
            count++;
            *polled_out += ((Watched *)watched)->cur < 0 ? 1 : 0;
        }
    }
    pthread_mutex_unlock(&lock);
    return count;
}

void
watch_forgo_kernel(gboolean forgo)
{
    pthread_mutex_lock(&lock);
    without_kernel = forgo;
    pthread_mutex_unlock(&lock);
}
