/* SPDX-License-Identifier: MIT */

#include "config.h"

#include "hash-password.h"

#include "password-input.h"
#include "plugin-manager.h"

#include <errno.h>
#include <pop4/error.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Plugins that cannot be loaded are of no interest here. */
static const Pop4Directory *
find_directory(const char *plugin_dir, GError **error)
{
    g_auto(GStrv) names = plugin_names(plugin_dir);

    for (guint i = 0; names[i] != NULL; i++) {
        const Pop4Plugin *plugin = plugin_load(plugin_dir, names[i], NULL);
        if (plugin != NULL && plugin->directory != NULL &&
            plugin->directory->make_entry != NULL)
            return plugin->directory;
    }
    g_set_error(error, POP4_ERROR, POP4_ERROR_FAILED,
                "no plugin in %s makes accounts out of passwords", plugin_dir);
    return NULL;
}

static void
wipe(char *text)
{
    if (text != NULL)
        explicit_bzero(text, strlen(text));
    g_free(text);
}

/* Without a buffer, which would keep it; and as it is, whatever the locale. */
static gboolean
print(const char *entry, GError **error)
{
    setvbuf(stdout, NULL, _IONBF, 0);
    if (fputs(entry, stdout) >= 0 && fputs("\n", stdout) >= 0)
        return TRUE;
    g_set_error(error, POP4_ERROR, POP4_ERROR_FAILED, "standard output: %s", g_strerror(errno));
    return FALSE;
}

static gboolean
make(const char *plugin_dir, const char *login, const char *const *schemes,
     gboolean keep_secret, GError **error)
{
    const Pop4Directory *directory = find_directory(plugin_dir, error);
    char *password = directory != NULL ? password_input_read(error) : NULL;

    if (password == NULL)
        return FALSE;
    char *entry = directory->make_entry(login, password, schemes, keep_secret, error);
    wipe(password);
    gboolean done = entry != NULL && print(entry, error);
    wipe(entry);
    return done;
}

int
hash_password(const char *plugin_dir, const char *login, const char *const *schemes,
              gboolean keep_secret)
{
    g_autoptr(GError) error = NULL;

    if (make(plugin_dir, login, schemes, keep_secret, &error))
        return EXIT_SUCCESS;
    g_printerr("pop4d: %s\n", error->message);
    return EXIT_FAILURE;
}
