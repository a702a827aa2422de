/* Mail in Maildirs: the store plugin. */
/* SPDX-License-Identifier: MIT */

#include "drop.h"
#include "path-template.h"
#include "sync.h"
#include "tree.h"

#include <pop4/pop4.h>

typedef struct {
    char *path;
    gboolean create;
    guint lock; /* 0 exclusive, 1 shared */
} MaildirSettings;

static gboolean
maildir_start(gconstpointer data, gpointer *instance_out, GError **error)
{
    const MaildirSettings *settings = data;

    *instance_out = (gpointer)settings;
    return path_template_check(settings->path, error);
}

static gpointer
maildir_open(gpointer instance, const Pop4Identity *identity, GError **error)
{
    const MaildirSettings *settings = instance;
    g_autofree char *path = path_template_expand(settings->path, identity, error);

    guint flags =
        (settings->create ? DROP_CREATE : 0) | (settings->lock == 1 ? DROP_SHARED : 0);

    return path != NULL ? drop_open(path, flags, error) : NULL;
}

static const Pop4Store maildir_store = {
    .open = maildir_open,
    .count = drop_count,
    .size = drop_size,
    .uid = drop_uid,
    .open_body = drop_open_body,
    .remove = drop_remove,
    .close = drop_close,
};

static const Pop4Folders maildir_folders = {
    .list = tree_list,
    .open = tree_open,
    .create = tree_create,
    .remove = tree_remove,
    .rename = tree_rename,
    .refresh = drop_refresh,
    .flags = drop_flags,
    .set_flags = drop_set_flags,
    .move = drop_move,
    .copy = drop_copy,
    .append = append_new,
    .append_write = append_write,
    .append_finish = append_finish,
    .append_free = append_free,
    .sync = sync_folder,
    .sync_all = sync_all,
    .watch = drop_watch,
    .unwatch = drop_unwatch,
    .get_note = drop_get_note,
    .set_note = drop_set_note,
};

static const Pop4Setting maildir_settings[] = {
    {.key = "path",
     .type = POP4_SETTING_STRING,
     .offset = G_STRUCT_OFFSET(MaildirSettings, path),
     .flags = POP4_SETTING_REQUIRED,
     .help = "A login's Maildir; %u the whole login, %n its local part, %d its domain"},
    {.key = "create",
     .type = POP4_SETTING_BOOL,
     .offset = G_STRUCT_OFFSET(MaildirSettings, create),
     .initial = "no",
     .help = "Make a missing Maildir, or missing folders of one, at login"},
    {.key = "lock",
     .type = POP4_SETTING_CHOICE,
     .offset = G_STRUCT_OFFSET(MaildirSettings, lock),
     .initial = "exclusive",
     .choices = "exclusive|shared",
     .help = "Whether a maildrop has one session at a time (RFC 1939), or several"},
    {.key = NULL},
};

POP4_PLUGIN(maildir) = {
    POP4_PLUGIN_ABI,
    .name = "maildir",
    .summary = "Mail in Maildirs",
    .settings = maildir_settings,
    .settings_size = sizeof(MaildirSettings),
    .store = &maildir_store,
    .folders = &maildir_folders,
    .start = maildir_start,
};
