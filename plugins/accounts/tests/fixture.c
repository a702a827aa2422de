/* SPDX-License-Identifier: MIT */

#include "fixture.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <pthread.h>
#include <string.h>
#include <unistd.h>

static char *folder;
static GString *log_text;
static pthread_mutex_t log_lock = PTHREAD_MUTEX_INITIALIZER;

/* The core's part of the SDK that would need the whole of it. */
void
pop4_log(const Pop4Session *session, Pop4LogLevel level, const char *event, ...)
{
    const char *key;
    va_list pairs;

    pthread_mutex_lock(&log_lock);
    if (log_text == NULL)
        log_text = g_string_new(NULL);
    g_string_append_printf(log_text, "%s", event);
    va_start(pairs, event);
    while ((key = va_arg(pairs, const char *)) != NULL)
        g_string_append_printf(log_text, " %s=%s", key, va_arg(pairs, const char *));
    va_end(pairs);
    g_string_append_c(log_text, '\n');
    pthread_mutex_unlock(&log_lock);
}

char *
fixture_take_log(void)
{
    pthread_mutex_lock(&log_lock);
    char *text =
        log_text != NULL ? g_string_free(g_steal_pointer(&log_text), FALSE) : g_strdup("");
    pthread_mutex_unlock(&log_lock);
    return text;
}

void
fixture_expect_log(const char *pattern)
{
    g_autofree char *text = fixture_take_log();

    if (!g_pattern_match_simple(pattern, text))
        g_error("logged, for \"%s\":\n%s", pattern, text);
}

char *
fixture_path(const char *name)
{
    g_autoptr(GError) error = NULL;

    if (folder == NULL)
        folder = g_dir_make_tmp("accounts-XXXXXX", &error);
    g_assert_no_error(error);
    return g_build_filename(folder, name, NULL);
}

void
fixture_remove_folder(void)
{
    g_autoptr(GDir) files = folder != NULL ? g_dir_open(folder, 0, NULL) : NULL;
    const char *name;

    while (files != NULL && (name = g_dir_read_name(files)) != NULL) {
        g_autofree char *path = fixture_path(name);
        g_assert_cmpint(g_remove(path), ==, 0);
    }
    if (folder != NULL)
        g_rmdir(folder);
    g_clear_pointer(&folder, g_free);
    g_free(fixture_take_log());
}

void
fixture_write(const char *path, const char *text, guint mode)
{
    g_autofree char *fresh = g_strconcat(path, ".new", NULL);
    gssize length = (gssize)strlen(text);

    int fd = open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    g_assert_cmpint(fd, >=, 0);
    g_assert_cmpint(write(fd, text, (gsize)length), ==, length);
    g_assert_cmpint(fchmod(fd, mode), ==, 0);
    close(fd);
    g_assert_cmpint(g_rename(fresh, path), ==, 0);
}

static void
set(gpointer settings, const char *key, const char *value)
{
    const Pop4Setting *row = pop4_plugin_accounts.settings;

    while (!g_str_equal(row->key, key))
        row++;
    G_STRUCT_MEMBER(const char *, settings, row->offset) = value;
}

gpointer
fixture_start(const char *path, const char *domain, GError **error)
{
    g_autofree gpointer settings = g_malloc0(pop4_plugin_accounts.settings_size);
    gpointer instance = NULL;

    set(settings, "file", path);
    set(settings, "domain", domain);
    gboolean started = pop4_plugin_accounts.start(settings, &instance, error);
    g_assert_cmpint(started, ==, instance != NULL);
    return instance;
}

char *
fixture_log_in(gpointer instance, const char *user, const char *password)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Pop4Identity) identity = pop4_plugin_accounts.authenticator->check_password(
        instance, NULL, user, password, &error);

    if (identity != NULL) {
        g_assert_no_error(error);
        return g_strdup(pop4_identity_get_login(identity));
    }
    g_assert_error(error, POP4_ERROR, POP4_ERROR_AUTH);
    g_assert_cmpstr(error->message, ==, "Authentication failed");
    return NULL;
}
