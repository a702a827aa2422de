/* SPDX-License-Identifier: MIT */

#include "fixture.h"

#include <glib/gstdio.h>
#include <pop4/error.h>
#include <pop4/log.h>
#include <pop4/server.h>
#include <pop4/session.h>
#include <pop4/tls.h>
#include <pthread.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static char *folder;
static GString *log_text;
static pthread_mutex_t log_lock = PTHREAD_MUTEX_INITIALIZER;

/* The core's part of the SDK, as far as attempts use it. */
GQuark
pop4_error_quark(void)
{
    return g_quark_from_static_string("pop4-error-quark");
}

const char *
pop4_server_get_hostname(void)
{
    return "mail.example.org";
}

void
pop4_log(const Pop4Session *session, Pop4LogLevel level, const char *event, ...)
{
    const char *key;
    va_list pairs;

    pthread_mutex_lock(&log_lock);
    if (log_text == NULL)
        log_text = g_string_new(NULL);
    g_string_append_printf(log_text, "%d %s", level, event);
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

char *
fixture_path(const char *name)
{
    g_autoptr(GError) error = NULL;

    if (folder == NULL)
        folder = g_dir_make_tmp("sasl-XXXXXX", &error);
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
        g_unlink(path);
    }
    if (folder != NULL)
        g_rmdir(folder);
    g_clear_pointer(&folder, g_free);
    g_free(fixture_take_log());
}

void
fixture_add_account(const char *path, const char *user, const char *password)
{
    /* It is in /usr/sbin, which a user may not have in PATH. */
    const char *argv[] = {
        "sh",
        "-c",
        "printf %s \"$3\" | PATH=$PATH:/usr/sbin saslpasswd2 -p -c -f \"$1\" -u example.org "
        "\"$2\"",
        "sh",
        path,
        user,
        password,
        NULL,
    };
    g_autoptr(GError) error = NULL;
    int status;

    g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL,
                 &status, &error);
    g_assert_no_error(error);
    g_assert_cmpint(status, ==, 0);
}

SaslSettings *
fixture_settings_new(const char *sasldb)
{
    SaslSettings *settings = g_new0(SaslSettings, 1);

    settings->sasldb = g_strdup(sasldb);
    settings->realm = g_strdup("example.org");
    settings->mechanisms = g_strsplit("PLAIN LOGIN", " ", -1);
    settings->password_check = g_strsplit("auxprop", " ", -1);
    settings->options = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    settings->listener_mechanisms =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    settings->certificate_logins =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    settings->masters = g_new0(char *, 1);
    return settings;
}

void
fixture_settings_free(SaslSettings *settings)
{
    g_free(settings->sasldb);
    g_free(settings->realm);
    g_strfreev(settings->mechanisms);
    g_strfreev(settings->password_check);
    g_strfreev(settings->masters);
    g_hash_table_unref(settings->listener_mechanisms);
    g_hash_table_unref(settings->certificate_logins);
    g_hash_table_unref(settings->options);
    g_free(settings);
}

/* These tests have no session: what they would ask one for is not there. */

gboolean
pop4_session_has_tls(const Pop4Session *session)
{
    return FALSE;
}

gboolean
pop4_session_allows_plaintext(const Pop4Session *session)
{
    return TRUE;
}

const char *
pop4_session_get_listener(const Pop4Session *session)
{
    return "test";
}

GBytes *
pop4_session_get_channel_binding(const Pop4Session *session, const char *type)
{
    return NULL;
}

char **
pop4_session_get_certificate_names(const Pop4Session *session, Pop4CertificateName kind)
{
    return g_new0(char *, 1);
}

gconstpointer
pop4_session_get_settings(const Pop4Session *session, const char *plugin)
{
    return NULL;
}

gboolean
pop4_session_has_directory(const Pop4Session *session)
{
    return FALSE;
}

Pop4Account *
pop4_session_find_account(const Pop4Session *session, const char *user, GError **error)
{
    g_set_error_literal(error, POP4_ERROR, POP4_ERROR_AUTH, "nobody");
    return NULL;
}

Pop4Identity *
pop4_session_check_password(const Pop4Session *session, const char *user, const char *password,
                            GError **error)
{
    g_set_error_literal(error, POP4_ERROR, POP4_ERROR_AUTH, "nobody");
    return NULL;
}

struct FakeDaemon {
    int listener;
    char *path;
    pthread_t thread;
};

/* A field is two octets of length, most significant first, and the text. */
static char *
read_field(int fd)
{
    guint8 length[2];
    char *text = NULL;

    if (recv(fd, length, sizeof length, MSG_WAITALL) != sizeof length)
        return NULL;
    gsize size = (gsize)length[0] << 8 | length[1];
    text = g_malloc0(size + 1);
    if (size > 0 && recv(fd, text, size, MSG_WAITALL) != (gssize)size)
        g_clear_pointer(&text, g_free);
    return text;
}

static void
serve(int fd)
{
    g_autofree char *user = read_field(fd);
    g_autofree char *password = read_field(fd);
    g_autofree char *service = read_field(fd);
    g_autofree char *realm = read_field(fd);

    g_assert_nonnull(user);
    g_assert_nonnull(realm);
    g_assert_cmpstr(service, ==, "pop");
    if (g_str_equal(password, "hang up"))
        return;
    if (g_str_equal(password, "secret") && g_str_equal(realm, "example.org"))
        g_assert_cmpint(send(fd, "\0\2OK", 4, MSG_NOSIGNAL), ==, 4);
    else
        g_assert_cmpint(send(fd, "\0\2NO", 4, MSG_NOSIGNAL), ==, 4);
}

static void *
daemon_main(void *data)
{
    FakeDaemon *daemon = data;
    int fd;

    /* Fails once the socket is shut down. */
    while ((fd = accept(daemon->listener, NULL, NULL)) >= 0) {
        serve(fd);
        close(fd);
    }
    return NULL;
}

FakeDaemon *
fixture_daemon_new(const char *path)
{
    FakeDaemon *daemon = g_new0(FakeDaemon, 1);
    struct sockaddr_un address = {.sun_family = AF_UNIX};

    g_assert_cmpuint(g_strlcpy(address.sun_path, path, sizeof address.sun_path), <,
                     sizeof address.sun_path);
    daemon->path = g_strdup(path);
    daemon->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    g_assert_cmpint(bind(daemon->listener, (struct sockaddr *)&address, sizeof address), ==, 0);
    g_assert_cmpint(listen(daemon->listener, 16), ==, 0);
    g_assert_cmpint(pthread_create(&daemon->thread, NULL, daemon_main, daemon), ==, 0);
    return daemon;
}

void
fixture_daemon_free(FakeDaemon *daemon)
{
    shutdown(daemon->listener, SHUT_RDWR);
    pthread_join(daemon->thread, NULL);
    close(daemon->listener);
    g_unlink(daemon->path);
    g_free(daemon->path);
    g_free(daemon);
}
