/* SPDX-License-Identifier: MIT */

#include "config.h"

#include "server.h"

#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* Long enough for a server under valgrind. */
#define PATIENCE_MS 60000

TalkServer *
talk_server_new(void)
{
    TalkServer *server = g_new0(TalkServer, 1);
    g_autoptr(GError) error = NULL;

    server->dir = g_dir_make_tmp("talk-XXXXXX", &error);
    g_assert_no_error(error);
    server->plugins = g_string_new("pop3;testkit;testdrop");
    server->conf = g_string_new(NULL);
    server->listener = g_string_new(NULL);
    server->unread = g_string_new(NULL);
    server->history = g_string_new(NULL);
    server->log = -1;
    return server;
}

static char *
write_conf(const TalkServer *server)
{
    g_autoptr(GError) error = NULL;
    char *path = g_build_filename(server->dir, "pop4d.conf", NULL);
    g_autofree char *text =
        g_strdup_printf("[server]\nhostname = talk.example.org\n"
                        "user = %s\nstate-dir = %s\nplugin-dir = %s\nplugins = %s\n%s\n"
                        "[listener talk]\nport = 0\n%s",
                        g_get_user_name(), server->dir, g_getenv("POP4_MODULES"),
                        server->plugins->str, server->conf->str, server->listener->str);

    g_file_set_contents(path, text, -1, &error);
    g_assert_no_error(error);
    return path;
}

/* A transcript that fails ends at once, and leaves no server behind. */
static void
die_with_parent(gpointer unused)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
}

void
talk_server_start(TalkServer *server)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *program = g_build_filename(g_getenv("builddir"), "pop4d", NULL);
    g_autofree char *conf = write_conf(server);
    const char *wrapper = g_getenv("POP4D_WRAPPER");
    g_autofree char *command =
        g_strdup_printf("%s %s -c %s", wrapper != NULL ? wrapper : "", program, conf);
    g_auto(GStrv) argv = NULL;
    int flags = G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_SEARCH_PATH;

    g_shell_parse_argv(command, NULL, &argv, &error);
    g_assert_no_error(error);
    g_spawn_async_with_pipes(NULL, argv, NULL, flags, die_with_parent, NULL, &server->pid, NULL,
                             NULL, &server->log, &error);
    g_assert_no_error(error);
    g_autofree char *line = talk_server_wait_log(server, "event=listening *port=*");
    server->port = (guint16)atoi(strstr(line, " port=") + strlen(" port="));
    g_free(talk_server_wait_log(server, "event=ready*"));
}

void
talk_server_reload(TalkServer *server)
{
    g_free(write_conf(server));
    kill(server->pid, SIGHUP);
}

static void
read_log(TalkServer *server, const char *pattern)
{
    struct pollfd poller = {.fd = server->log, .events = POLLIN};
    char block[4096];

    if (poll(&poller, 1, PATIENCE_MS) <= 0)
        g_error("the server did not log %s, but:\n%s", pattern, server->history->str);
    gssize got = read(server->log, block, sizeof block);
    if (got <= 0)
        g_error("the server has ended without %s:\n%s", pattern, server->history->str);
    g_string_append_len(server->unread, block, got);
    g_string_append_len(server->history, block, got);
}

char *
talk_server_wait_log(TalkServer *server, const char *pattern)
{
    for (;;) {
        char *end = strchr(server->unread->str, '\n');
        if (end == NULL) {
            read_log(server, pattern);
            continue;
        }
        gssize length = end - server->unread->str;
        g_autofree char *line = g_strndup(server->unread->str, (gsize)length);
        g_string_erase(server->unread, 0, length + 1);
        if (g_pattern_match_simple(pattern, line))
            return g_steal_pointer(&line);
    }
}

const char *
talk_server_get_log(TalkServer *server)
{
    struct pollfd poller = {.fd = server->log, .events = POLLIN};
    char block[4096];
    gssize got;

    while (poll(&poller, 1, 1000) > 0 && (got = read(server->log, block, sizeof block)) > 0)
        g_string_append_len(server->history, block, got);
    return server->history->str;
}

/* The report of a sanitizer is larger than the pipe, and the server waits with it. */
static void
read_to_end(TalkServer *server)
{
    char block[4096];
    gssize got;

    while ((got = read(server->log, block, sizeof block)) > 0)
        g_string_append_len(server->history, block, got);
}

void
talk_server_free(TalkServer *server)
{
    const char *argv[] = {"rm", "-rf", server->dir, NULL};
    int status;

    if (server->pid != 0) {
        kill(server->pid, SIGTERM);
        g_free(talk_server_wait_log(server, "event=stopped*"));
        read_to_end(server);
        waitpid(server->pid, &status, 0);
        if (status != 0)
            g_error("the server ended with status %d:\n%s", status, server->history->str);
        close(server->log);
    }
    g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL,
                 NULL);
    g_string_free(server->plugins, TRUE);
    g_string_free(server->conf, TRUE);
    g_string_free(server->listener, TRUE);
    g_string_free(server->unread, TRUE);
    g_string_free(server->history, TRUE);
    g_free(server->dir);
    g_free(server);
}
