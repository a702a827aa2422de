/* SPDX-License-Identifier: MIT */

#include "drop-struct.h"
#include "folder.h"
#include "name.h"

#include <errno.h>
#include <pop4/error.h>
#include <pop4/log.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Others may go on renaming what is to be removed. */
#define REMOVE_ROUNDS 8

typedef enum {
    REMOVED,
    MISSING, /* no file has the name by which we know it */
    KEPT,
} Removal;

/* A file that has come to bear the name's unique part need not be the message that was listed.
 */
static gboolean
is_another(const Drop *drop, guint number, const char *path)
{
    const ListingEntry *entry = view_get(drop->view, number);
    struct stat status;

    if (drop_get_name(drop, number) == view_get_name(drop->view, number) ||
        lstat(path, &status) < 0)
        return FALSE;
    return status.st_ino != entry->inode && (guint64)status.st_size != entry->disk_size;
}

static Removal
remove_message(const Drop *drop, guint number)
{
    g_autofree char *path = drop_get_path(drop, number);

    if (is_another(drop, number, path))
        return REMOVED; /* ours is gone */
    if (unlink(path) == 0)
        return REMOVED;
    if (errno == ENOENT)
        return MISSING;
    pop4_log(NULL, POP4_LOG_ERROR, "message-not-removed", "path", path, "reason",
             g_strerror(errno), NULL);
    return KEPT;
}

/* Looks for the missing messages and keeps those that are there: renamed, the others gone.
 * Returns how many. */
static guint
find_missing(Drop *drop, guint *numbers, guint count)
{
    guint found = 0;

    drop_look_for_renamed(drop);
    if (drop->renamed == NULL)
        return count; /* nobody can say */
    for (guint i = 0; i < count; i++) {
        const char *listed = view_get_name(drop->view, numbers[i]);
        g_autofree char *unique = g_strndup(listed, name_unique_length(listed));
        if (g_hash_table_contains(drop->renamed, unique))
            numbers[found++] = numbers[i];
    }
    return found;
}

/* Names go on changing behind a look: a message is gone only when a look made after the attempt
 * does not find it. */
static gboolean
remove_all(Drop *drop, const guint *numbers, guint count)
{
    g_autofree guint *left = g_memdup2(numbers, count * sizeof *numbers);
    gboolean done = TRUE;

    for (int round = 0; round < REMOVE_ROUNDS && count > 0; round++) {
        guint missing = 0;
        for (guint i = 0; i < count; i++) {
            Removal removal = remove_message(drop, left[i]);
            if (removal == MISSING)
                left[missing++] = left[i];
            else if (removal == KEPT)
                done = FALSE;
        }
        count = missing > 0 ? find_missing(drop, left, missing) : 0;
    }
    return done && count == 0;
}

static gboolean
sync_folder(const Drop *drop, const char *folder)
{
    if (folder_sync(drop->maildir, folder))
        return TRUE;
    pop4_log(NULL, POP4_LOG_ERROR, "removal-not-synced", "maildir", drop->maildir, "folder",
             folder + 1, "reason", g_strerror(errno), NULL);
    return FALSE;
}

static gboolean
is_any_in_new(const Drop *drop, const guint *numbers, guint count)
{
    for (guint i = 0; i < count; i++) {
        if (view_get(drop->view, numbers[i])->flags & LISTING_IN_NEW)
            return TRUE;
    }
    return FALSE;
}

gboolean
drop_remove(gpointer data, const guint *numbers, guint count, GError **error)
{
    Drop *drop = data;
    gboolean done = remove_all(drop, numbers, count);

    done = sync_folder(drop, "/cur") && done;
    if (is_any_in_new(drop, numbers, count))
        done = sync_folder(drop, "/new") && done;
    if (!done)
        g_set_error_literal(error, POP4_ERROR, POP4_ERROR_TEMPORARY,
                            "some deleted messages not removed");
    return done;
}
