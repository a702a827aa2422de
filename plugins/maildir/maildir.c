/* Mail in Maildirs: the store plugin. */
/* SPDX-License-Identifier: MIT */

#include "drop.h"
#include "path-template.h"

#include <pop4/pop4.h>

typedef struct {
    char *path;
    gboolean create;
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

    return path != NULL ? drop_open(path, settings->create, error) : NULL;
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
    {.key = NULL},
};

POP4_PLUGIN(maildir) = {
    POP4_PLUGIN_ABI,
    .name = "maildir",
    .summary = "Mail in Maildirs",
    .settings = maildir_settings,
    .settings_size = sizeof(MaildirSettings),
    .store = &maildir_store,
    .start = maildir_start,
};
