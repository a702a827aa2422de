/*
 * Plays RFC-style transcripts against a live server:
 *
 *   C: line        sends a line with CRLF           C> text   sends it with escapes undone, no
 * CRLF S: pattern     expects a line, with * and ?     S~ pattern skips lines up to one that
 * matches
 *   @closed        expects the end                  @session X goes on in the connection X
 *   @plugins LIST  @conf LINE  @user NAME PASSWORD  @mail PATH TEXT  @gone PATH  @there PATH
 *   @reload        @log PATTERN                     # comments
 *   @listener LINE of the listener's group          @certificate   makes $DIR/cert.pem, key.pem
 *   @account [--scheme=SCHEME] [--keep-secret] NAME PASSWORD       adds to $DIR/accounts
 *   @tls           the client's side of a handshake
 *
 * A server is started for each transcript, or with `--connect HOST:PORT` another one is spoken
 * to. In texts $DIR is the transcript's own folder.
 */
/* SPDX-License-Identifier: MIT */

#include "config.h"

#include "client.h"
#include "server.h"

#include <string.h>

typedef struct {
    TalkServer *server; /* NULL with --connect */
    const char *host;
    guint16 port;
    GHashTable *clients; /* name -> TalkClient */
    TalkClient *client;
    const char *where;
} Talk;

static void
switch_to(Talk *talk, const char *name)
{
    if (talk->server != NULL && talk->server->pid == 0) {
        talk_server_start(talk->server);
        talk->port = talk->server->port;
    }
    talk->client = g_hash_table_lookup(talk->clients, name);
    if (talk->client == NULL) {
        talk->client = talk_client_new(talk->host, talk->port);
        g_hash_table_insert(talk->clients, g_strdup(name), talk->client);
    }
}

static void
say(Talk *talk, const char *text, gboolean raw)
{
    g_autofree char *octets = raw ? g_strcompress(text) : g_strconcat(text, "\r\n", NULL);

    /* A NUL is written \0, which a C string cannot hold: it stands as \377 in the transcript.
     */
    gsize length = strlen(octets);
    for (gsize i = 0; raw && i < length; i++) {
        if (octets[i] == '\377')
            octets[i] = '\0';
    }
    talk_client_send(talk->client, octets, length);
}

static void
expect(Talk *talk, const char *pattern, gboolean skip)
{
    for (;;) {
        g_autofree char *line = talk_client_read_line(talk->client);
        if (line == NULL)
            g_error("%s: expected \"%s\", got the end\n%s", talk->where, pattern,
                    talk->server != NULL ? talk_server_get_log(talk->server) : "");
        if (g_pattern_match_simple(pattern, line))
            return;
        if (!skip)
            g_error("%s: expected \"%s\", got \"%s\"", talk->where, pattern, line);
    }
}

static void
expect_end(Talk *talk)
{
    g_autofree char *line = talk_client_read_line(talk->client);

    if (line != NULL)
        g_error("%s: expected the end, got \"%s\"", talk->where, line);
}

/* Its output is for the one who has to find out why it failed. */
static void
run_shell(const Talk *talk, const char *command)
{
    const char *argv[] = {"sh", "-c", command, NULL};
    g_autoptr(GError) error = NULL;
    g_autofree char *complaint = NULL;
    int status = -1;

    g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, &complaint,
                 &status, &error);
    if (status != 0)
        g_error("%s: %s: %s", talk->where, command, error ? error->message : complaint);
}

/* Needs the package sasl2-bin. */
static void
add_user(Talk *talk, const char *words)
{
    g_auto(GStrv) parts = g_strsplit(words, " ", 2);
    g_autofree char *command = g_strdup_printf(
        "printf %%s '%s' | saslpasswd2 -p -c -f '%s/sasldb' -u talk.example.org %s", parts[1],
        talk->server->dir, parts[0]);

    run_shell(talk, command);
}

/* In $DIR/accounts; the options of --hash-password may stand before the name. */
static void
add_account(Talk *talk, const char *words)
{
    const char *at = words;

    while (g_str_has_prefix(at, "--"))
        at = strchr(at, ' ') + 1;
    g_autofree char *options = g_strndup(words, (gsize)(at - words));
    g_auto(GStrv) parts = g_strsplit(at, " ", 2);
    g_autofree char *command = g_strdup_printf(
        "umask 077; printf %%s '%s' | '%s/pop4d' --plugin-dir '%s' --hash-password %s %s "
        ">>'%s/accounts'",
        parts[1], g_getenv("builddir"), g_getenv("POP4_MODULES"), options, parts[0],
        talk->server->dir);

    run_shell(talk, command);
}

/* In $DIR, as cert.pem and key.pem. */
static void
make_certificate(const Talk *talk)
{
    g_autofree char *command = g_strdup_printf(
        "cd '%s' && umask 077 && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 "
        "-nodes -days 2 -subj /CN=talk.example.org -keyout key.pem -out cert.pem",
        talk->server->dir);

    run_shell(talk, command);
}

static void
start_tls(Talk *talk)
{
    if (talk->client == NULL)
        switch_to(talk, "A");
    talk_client_start_tls(talk->client);
}

static void
write_mail(const char *where, const char *words)
{
    g_auto(GStrv) parts = g_strsplit(words, " ", 2);
    g_autofree char *text = g_strcompress(parts[1] != NULL ? parts[1] : "");
    g_autofree char *dir = g_path_get_dirname(parts[0]);
    g_autoptr(GError) error = NULL;

    g_mkdir_with_parents(dir, 0700);
    if (!g_file_set_contents(parts[0], text, -1, &error))
        g_error("%s: %s", where, error->message);
}

static void
expect_file(const char *where, const char *path, gboolean there)
{
    if (g_file_test(path, G_FILE_TEST_EXISTS) != there)
        g_error("%s: %s %s", where, path, there ? "is gone" : "is there");
}

static void
obey(Talk *talk, const char *word, const char *rest)
{
    if (g_str_equal(word, "@plugins"))
        g_string_assign(talk->server->plugins, rest);
    else if (g_str_equal(word, "@conf"))
        g_string_append_printf(talk->server->conf, "%s\n", rest);
    else if (g_str_equal(word, "@listener"))
        g_string_append_printf(talk->server->listener, "%s\n", rest);
    else if (g_str_equal(word, "@certificate"))
        make_certificate(talk);
    else if (g_str_equal(word, "@tls"))
        start_tls(talk);
    else if (g_str_equal(word, "@user"))
        add_user(talk, rest);
    else if (g_str_equal(word, "@account"))
        add_account(talk, rest);
    else if (g_str_equal(word, "@mail"))
        write_mail(talk->where, rest);
    else if (g_str_equal(word, "@there"))
        expect_file(talk->where, rest, TRUE);
    else if (g_str_equal(word, "@gone"))
        expect_file(talk->where, rest, FALSE);
    else if (g_str_equal(word, "@session"))
        switch_to(talk, rest);
    else if (g_str_equal(word, "@reload"))
        talk_server_reload(talk->server);
    else if (g_str_equal(word, "@log"))
        g_free(talk_server_wait_log(talk->server, rest));
    else if (g_str_equal(word, "@closed"))
        expect_end(talk);
    else
        g_error("%s: what is %s?", talk->where, word);
}

static void
play_line(Talk *talk, char *line)
{
    if (line[0] == '\0' || line[0] == '#')
        return;
    if (line[0] == '@') {
        g_auto(GStrv) words = g_strsplit(line, " ", 2);
        obey(talk, words[0], words[1] != NULL ? words[1] : "");
        return;
    }
    if (strlen(line) < 2 || strchr("CS", line[0]) == NULL)
        g_error("%s: cannot read \"%s\"", talk->where, line);
    if (talk->client == NULL)
        switch_to(talk, "A");

    const char *text = line[2] == ' ' ? line + 3 : line + 2;
    if (line[0] == 'C')
        say(talk, text, line[1] == '>');
    else
        expect(talk, text, line[1] == '~');
}

static void
play(const char *path, const char *host, guint16 port)
{
    Talk talk = {.host = host, .port = port};
    g_autofree char *text = NULL;
    g_autoptr(GError) error = NULL;

    g_file_get_contents(path, &text, NULL, &error);
    g_assert_no_error(error);
    talk.server = port == 0 ? talk_server_new() : NULL;
    talk.clients = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, talk_client_free);

    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (guint i = 0; lines[i] != NULL; i++) {
        g_autofree char *where = g_strdup_printf("%s:%u", path, i + 1);
        g_autoptr(GString) line = g_string_new(lines[i]);
        if (talk.server != NULL)
            g_string_replace(line, "$DIR", talk.server->dir, 0);
        talk.where = where;
        play_line(&talk, line->str);
    }
    g_hash_table_unref(talk.clients);
    if (talk.server != NULL)
        talk_server_free(talk.server);
}

int
main(int argc, char **argv)
{
    const char *host = "127.0.0.1";
    guint16 port = 0;
    int first = 1;

    if (argc > 2 && g_str_equal(argv[1], "--connect")) {
        char *colon = strrchr(argv[2], ':');
        if (colon == NULL)
            g_error("--connect HOST:PORT");
        *colon = '\0';
        host = argv[2];
        port = (guint16)g_ascii_strtoull(colon + 1, NULL, 10);
        first = 3;
    }
    if (first >= argc)
        g_error("usage: talk [--connect HOST:PORT] FILE...");
    for (int i = first; i < argc; i++)
        play(argv[i], host, port);
    return 0;
}
