/* Sessions in time: deadlines under a clock that the test sets, and lines that come in halves.
 */
/* SPDX-License-Identifier: MIT */

#include "config.h"

#include "session-list.h"

#include "conversation.h"
#include "metrics.h"
#include "server.h"

#include <glib/gstdio.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

/* Longer than anything here takes on a slow machine. */
#define PATIENCE_MS 20000

static guint64
timeouts(void)
{
    guint64 sums[METRIC_COUNT];

    metrics_read(sums);
    return sums[METRIC_TIMEOUTS];
}

/* Whether the other end is closed, with nothing sent before. */
static gboolean
is_closed(int fd)
{
    char octet;

    return recv(fd, &octet, 1, MSG_DONTWAIT) == 0;
}

static void
make_pair(int ends[2])
{
    g_assert_cmpint(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), ==, 0);
}

/* Ten minutes of silence are allowed; the sweep closes only what is past them, once. */
static void
test_sweep(void)
{
    SessionList *list = session_list_new();
    Pop4Session idle = {.deadline = 1600, .deadline_reason = CLOSE_IDLE_TIMEOUT};
    Pop4Session running = {.deadline = G_MAXINT};
    int idle_ends[2], running_ends[2];
    guint64 before = timeouts();

    make_pair(idle_ends);
    make_pair(running_ends);
    idle.connection.fd = idle_ends[0];
    running.connection.fd = running_ends[0];
    session_list_add(list, &idle);
    session_list_add(list, &running);
    g_assert_cmpuint(session_list_count(list), ==, 2);

    session_list_sweep(list, 1599);
    session_list_sweep(list, 1600);
    g_assert_false(is_closed(idle_ends[1]));
    g_assert_cmpint(idle.doom, ==, CLOSE_NOT);
    session_list_sweep(list, 1601);
    g_assert_true(is_closed(idle_ends[1]));
    g_assert_cmpint(idle.doom, ==, CLOSE_IDLE_TIMEOUT);
    session_list_sweep(list, 1700);
    g_assert_false(is_closed(running_ends[1]));
    g_assert_cmpuint(timeouts() - before, ==, 1);

    session_list_remove(list, &idle);
    session_list_remove(list, &running);
    g_assert_cmpuint(session_list_count(list), ==, 0);
    session_list_free(list);
    for (guint i = 0; i < 2; i++) {
        close(idle_ends[i]);
        close(running_ends[i]);
    }
}

static void
test_end_all(void)
{
    SessionList *list = session_list_new();
    Pop4Session sessions[3] = {0};
    int ends[3][2];

    for (guint i = 0; i < 3; i++) {
        make_pair(ends[i]);
        sessions[i].deadline = G_MAXINT;
        sessions[i].connection.fd = ends[i][0];
        session_list_add(list, &sessions[i]);
    }
    session_list_note_login(list, &sessions[1]);
    session_list_end_all(list, CLOSE_DRAIN, TRUE);
    g_assert_true(is_closed(ends[0][1]));
    g_assert_false(is_closed(ends[1][1]));
    g_assert_true(is_closed(ends[2][1]));
    session_list_end_all(list, CLOSE_REQUESTED, FALSE);
    g_assert_true(is_closed(ends[1][1]));
    g_assert_cmpint(sessions[0].doom, ==, CLOSE_DRAIN); /* the first reason stays */
    g_assert_cmpint(sessions[1].doom, ==, CLOSE_REQUESTED);
    session_list_remove(list, &sessions[1]); /* from the middle */
    session_list_remove(list, &sessions[0]);
    session_list_remove(list, &sessions[2]);
    session_list_free(list);
    for (guint i = 0; i < 3; i++) {
        close(ends[i][0]);
        close(ends[i][1]);
    }
}

/* For a newer one the oldest leaves that has not logged in, each once. */
static void
test_end_oldest(void)
{
    SessionList *list = session_list_new();
    Pop4Session sessions[3] = {0};
    int ends[3][2];

    for (guint i = 0; i < 3; i++) {
        make_pair(ends[i]);
        sessions[i].deadline = G_MAXINT;
        sessions[i].connection.fd = ends[i][0];
        session_list_add(list, &sessions[i]);
    }
    session_list_note_login(list, &sessions[0]);
    g_assert_true(session_list_end_oldest(list, CLOSE_CROWDED));
    g_assert_false(is_closed(ends[0][1]));
    g_assert_true(is_closed(ends[1][1]));
    g_assert_false(is_closed(ends[2][1]));
    g_assert_true(session_list_end_oldest(list, CLOSE_CROWDED));
    g_assert_true(is_closed(ends[2][1]));
    g_assert_false(session_list_end_oldest(list, CLOSE_CROWDED));
    for (guint i = 0; i < 3; i++) {
        session_list_remove(list, &sessions[i]);
        close(ends[i][0]);
        close(ends[i][1]);
    }
    g_assert_cmpuint(session_list_count(list), ==, 0);
    session_list_free(list);
}

typedef struct {
    Server *server;
    Worker worker; /* the test's own thread, as it greets */
    int client, served;
} Fixture;

static void
send_text(const Fixture *fixture, const char *text)
{
    g_assert_cmpint(send(fixture->client, text, strlen(text), MSG_NOSIGNAL), ==,
                    (gssize)strlen(text));
}

/* (transfer full): what comes up to a LF; "" at the end of the connection. */
static char *
receive_line(const Fixture *fixture)
{
    GString *line = g_string_new(NULL);
    char octet = '\0';

    while (octet != '\n') {
        struct pollfd wait = {.fd = fixture->client, .events = POLLIN};
        g_assert_cmpint(poll(&wait, 1, PATIENCE_MS), ==, 1);
        if (recv(fixture->client, &octet, 1, 0) != 1)
            break;
        g_string_append_c(line, octet);
    }
    return g_string_free(line, FALSE);
}

static void
expect(const Fixture *fixture, const char *expected)
{
    g_autofree char *line = receive_line(fixture);

    g_assert_cmpstr(line, ==, expected);
}

static const ListenerSettings listener = {.name = (char *)"a",
                                          .allow_plaintext = PLAINTEXT_YES};

static void
set_up(Fixture *fixture, gconstpointer data)
{
    g_autoptr(Faults) faults = faults_new();
    g_autoptr(GError) error = NULL;
    g_autofree char *path = NULL;
    g_autofree char *text = g_strdup_printf("[server]\nhostname = mail.example.org\n"
                                            "plugin-dir = %s\nplugins = testkit;pop3;testdrop\n"
                                            "workers = 1\nlog-level = error\nuser = %s\n"
                                            "[listener a]\nport = 0\n",
                                            g_getenv("POP4_MODULES"), g_get_user_name());
    int ends[2];
    int fd = g_file_open_tmp("pop4d-XXXXXX", &path, NULL);

    g_assert_cmpint(write(fd, text, strlen(text)), ==, (gssize)strlen(text));
    close(fd);
    fixture->server = server_new(settings_load(path, faults), faults, &error);
    g_unlink(path);
    g_assert_no_error(error);
    g_assert_cmpuint(faults_count(faults), ==, 0);
    g_assert_true(server_start(fixture->server, &error));
    fixture->worker = (Worker){.pool = server_get_pool(fixture->server)};
    g_assert_cmpint(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends),
                    ==, 0);
    fixture->client = ends[0];
    fixture->served = ends[1];
    conversation_begin(fixture->server, &fixture->worker, &listener, fixture->served,
                       "192.0.2.1");
    expect(fixture, "+OK mail.example.org ready\r\n");
}

static void
tear_down(Fixture *fixture, gconstpointer data)
{
    gint64 end = g_get_monotonic_time() + PATIENCE_MS * 1000;

    close(fixture->client);
    while (server_count_sessions(fixture->server) > 0 && g_get_monotonic_time() < end)
        g_thread_yield();
    g_assert_cmpuint(server_count_sessions(fixture->server), ==, 0);
    server_free(fixture->server);
    buffer_wipe(&fixture->worker.input);
    buffer_wipe(&fixture->worker.output);
}

/* Sweeps at one and the same time until the session, once parked, has been closed. */
static void
sweep_until_closed(const Fixture *fixture, gint now)
{
    struct pollfd wait = {.fd = fixture->client, .events = POLLIN};

    for (guint i = 0; i < PATIENCE_MS / 10; i++) {
        session_list_sweep(server_get_sessions(fixture->server), now);
        if (poll(&wait, 1, 10) == 1)
            break;
    }
    g_assert_true(is_closed(fixture->client)); /* silently: RFC 1939, section 3 */
}

static void
test_idle(Fixture *fixture, gconstpointer data)
{
    gint now;

    send_text(fixture, "USER u\r\nPASS secret\r\n");
    g_autofree char *user = receive_line(fixture);
    g_autofree char *pass = receive_line(fixture);
    now = session_clock();
    g_assert_true(g_str_has_prefix(user, "+OK"));
    g_assert_true(g_str_has_prefix(pass, "+OK"));
    session_list_sweep(server_get_sessions(fixture->server), now + 590);
    send_text(fixture, "NOOP\r\n");
    g_autofree char *noop = receive_line(fixture);
    g_assert_true(g_str_has_prefix(noop, "+OK"));
    sweep_until_closed(fixture, session_clock() + 602);
}

static void
test_login_timeout(Fixture *fixture, gconstpointer data)
{
    session_list_sweep(server_get_sessions(fixture->server), session_clock() + 110);
    send_text(fixture, "ASK\r\n");
    expect(fixture, "+ \r\n");
    sweep_until_closed(fixture, session_clock() + 122);
}

/* Octets of a line with its end, cut behind @first of them. */
static void
send_long(const Fixture *fixture, gsize first, gsize whole)
{
    g_autofree char *line = g_strnfill(whole, 'x');
    int unread = 1;
    gint64 end = g_get_monotonic_time() + PATIENCE_MS * 1000;

    memcpy(line, "LONG ", 5);
    memcpy(line + whole - 2, "\r\n", 2);
    g_assert_cmpint(send(fixture->client, line, first, MSG_NOSIGNAL), ==, (gssize)first);
    while (unread > 0 && g_get_monotonic_time() < end)
        g_assert_cmpint(ioctl(fixture->served, FIONREAD, &unread), ==, 0);
    g_assert_cmpint(send(fixture->client, line + first, whole - first, MSG_NOSIGNAL), ==,
                    (gssize)(whole - first));
}

/* A verb that may have longer lines, read in two pieces. */
static void
test_long_line(Fixture *fixture, gconstpointer data)
{
    static const gsize cuts[] = {3, 5, 6, 510, 511, 512, 513, 514, 900};

    for (guint i = 0; i < G_N_ELEMENTS(cuts); i++) {
        send_long(fixture, cuts[i], 1000);
        expect(fixture, "+OK 993\r\n");
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/session-list/deadlines", test_sweep);
    g_test_add_func("/session-list/end all", test_end_all);
    g_test_add_func("/session-list/end oldest", test_end_oldest);
    g_test_add("/session/idle for more than ten minutes", Fixture, NULL, set_up, test_idle,
               tear_down);
    g_test_add("/session/no login", Fixture, NULL, set_up, test_login_timeout, tear_down);
    g_test_add("/session/a long line in pieces", Fixture, NULL, set_up, test_long_line,
               tear_down);
    return g_test_run();
}
