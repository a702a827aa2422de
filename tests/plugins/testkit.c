/* Logs anybody in with the password "secret", and has a command for each thing a handler can
 * do. */
/* SPDX-License-Identifier: MIT */

#include <pop4/pop4.h>
#include <string.h>

static Pop4Identity *
testkit_check_password(gpointer instance, const Pop4Session *session, const char *user,
                       const char *password, GError **error)
{
    if (g_str_equal(password, "secret") || g_str_equal(password, " se cret "))
        return pop4_identity_new(user);
    if (g_str_equal(password, "backend down"))
        g_set_error_literal(error, POP4_ERROR, POP4_ERROR_TEMPORARY, "Try later");
    else
        g_set_error_literal(error, POP4_ERROR, POP4_ERROR_AUTH, "Authentication failed");
    return NULL;
}

static gboolean
ask_answered(Pop4Session *session, const char *line, gsize length, gpointer state,
             GError **error)
{
    if (g_str_equal(line, "again")) {
        pop4_reply_continue(session, "once more", 64, ask_answered, g_strdup("x"), g_free);
        return TRUE;
    }
    pop4_reply_ok(session, "%" G_GSIZE_FORMAT " octets: %s", length, line);
    return TRUE;
}

static gboolean
ask_run(Pop4Session *session, const Pop4Args *args, GError **error)
{
    pop4_reply_continue(session, "", 64, ask_answered, g_strdup("x"), g_free);
    return TRUE;
}

static gboolean
take_write(gpointer state, const char *data, gsize length, GError **error)
{
    GString *text = state;

    if (memchr(data, '!', length) != NULL) {
        g_set_error_literal(error, POP4_ERROR, POP4_ERROR_FAILED, "No exclamation marks");
        return FALSE;
    }
    g_string_append_len(text, data, (gssize)length);
    return TRUE;
}

static gboolean
take_done(Pop4Session *session, gpointer state, GError **error)
{
    const GString *text = state;
    g_autofree char *shown = g_strescape(text->str, NULL);

    pop4_reply_ok(session, "%" G_GSIZE_FORMAT " octets: %.80s", text->len, shown);
    return TRUE;
}

static void
take_destroy(gpointer state)
{
    g_string_free(state, TRUE);
}

static const Pop4Sink take_sink = {take_write, take_done, take_destroy};

static gboolean
take_run(Pop4Session *session, const Pop4Args *args, GError **error)
{
    pop4_reply_receive(session, "send it", 0, &take_sink, g_string_new(NULL));
    return TRUE;
}

typedef struct {
    Pop4Suspension *suspension;
    guint milliseconds;
} Nap;

/* Something outside that has its answer after a while. */
static gpointer
nap_thread(gpointer data)
{
    Nap *nap = data;

    g_usleep(nap->milliseconds * 1000);
    pop4_suspension_resume(nap->suspension);
    g_free(nap);
    return NULL;
}

static gboolean
nap_over(Pop4Session *session, gpointer state, GError **error)
{
    pop4_reply_ok(session, "awake, %s", (const char *)state);
    return TRUE;
}

static gboolean
nap_run(Pop4Session *session, const Pop4Args *args, GError **error)
{
    Nap *nap = g_new0(Nap, 1);

    if (!pop4_args_get_uint(args, 0, &nap->milliseconds, error)) {
        g_free(nap);
        return FALSE;
    }
    nap->suspension =
        pop4_session_suspend(session, 2, nap_over, g_strdup("state kept"), g_free);
    g_thread_unref(g_thread_new("nap", nap_thread, nap));
    return TRUE;
}

static gboolean
nap_end(Pop4Session *session, gpointer state, GError **error)
{
    if (!pop4_session_finish(session, error))
        return FALSE;
    pop4_reply_ok(session, "good night");
    return TRUE;
}

/* A command that ends the session when the answer has come. */
static gboolean
sleep_run(Pop4Session *session, const Pop4Args *args, GError **error)
{
    Nap *nap = g_new0(Nap, 1);

    nap->suspension = pop4_session_suspend(session, 2, nap_end, NULL, NULL);
    g_thread_unref(g_thread_new("nap", nap_thread, nap));
    return TRUE;
}

/* What no handler may do: reply, and then fail. */
static gboolean
both_run(Pop4Session *session, const Pop4Args *args, GError **error)
{
    pop4_reply_ok(session, "fine");
    g_set_error_literal(error, POP4_ERROR, POP4_ERROR_FAILED, "not so fine");
    return FALSE;
}

static gboolean
refuse_write(gpointer state, const char *data, gsize length, GError **error)
{
    return FALSE; /* and no error, which is a mistake */
}

static const Pop4Sink refuse_sink = {refuse_write, take_done, take_destroy};

static gboolean
lose_run(Pop4Session *session, const Pop4Args *args, GError **error)
{
    pop4_reply_receive(session, "send it", 0, &refuse_sink, g_string_new(NULL));
    return TRUE;
}

/* HOG does it without having said so, which no handler may do. */
static gboolean
block_run(Pop4Session *session, const Pop4Args *args, GError **error)
{
    guint milliseconds;

    if (!pop4_args_get_uint(args, 0, &milliseconds, error))
        return FALSE;
    g_usleep(milliseconds * 1000);
    pop4_reply_ok(session, "back");
    return TRUE;
}

static gboolean
lines_next(GString *line, gpointer state)
{
    guint *left = state;

    if (*left == 0)
        return FALSE;
    g_string_append_printf(line, "%s%u", *left % 2 == 0 ? "." : "", *left);
    --*left;
    return TRUE;
}

static gboolean
lines_run(Pop4Session *session, const Pop4Args *args, GError **error)
{
    guint count;

    if (!pop4_args_get_uint(args, 0, &count, error))
        return FALSE;
    pop4_reply_lines(session, "lines follow", lines_next, g_memdup2(&count, sizeof count),
                     g_free);
    return TRUE;
}

static gboolean
one_run(Pop4Session *session, const Pop4Args *args, GError **error)
{
    pop4_reply_ok(session, "one%s", pop4_args_count(args) > 0 ? pop4_args_get(args, 0) : "");
    return TRUE;
}

static gboolean
plain_run(Pop4Session *session, const Pop4Args *args, GError **error)
{
    pop4_reply_ok(session, "plain with %u", pop4_args_count(args));
    return TRUE;
}

static gboolean
long_run(Pop4Session *session, const Pop4Args *args, GError **error)
{
    pop4_reply_ok(session, "%" G_GSIZE_FORMAT, strlen(pop4_args_get(args, 0)));
    return TRUE;
}

static gboolean
wide_run(Pop4Session *session, const Pop4Args *args, GError **error)
{
    g_autofree char *text = g_strnfill(2000, 'w');

    text[1] = '\n';
    pop4_reply_ok(session, "%s", text);
    return TRUE;
}

static gboolean
foreign_run(Pop4Session *session, const Pop4Args *args, GError **error)
{
    g_set_error_literal(error, G_FILE_ERROR, G_FILE_ERROR_NOENT, "/secret/path is gone");
    return FALSE;
}

static gboolean
silent_run(Pop4Session *session, const Pop4Args *args, GError **error)
{
    return TRUE;
}

static gboolean
leave_run(Pop4Session *session, const Pop4Args *args, GError **error)
{
    pop4_session_close(session);
    pop4_reply_ok(session, "closing");
    return TRUE;
}

static gboolean
testkit_command(Pop4Session *session, const Pop4Command *command, GError **error)
{
    if (!g_str_equal(command->verb, "VETO"))
        return TRUE;
    g_set_error_literal(error, POP4_ERROR, POP4_ERROR_PERMANENT, "A hook forbids it");
    return FALSE;
}

static const Pop4Command testkit_commands[] = {
    {.verb = "ASK", .run = ask_run, .states = POP4_STATE_ANY},
    {.verb = "TAKE", .run = take_run, .states = POP4_STATE_ANY},
    {.verb = "NAP", .run = nap_run, .states = POP4_STATE_ANY, .min_args = 1, .max_args = 1},
    {.verb = "BLOCK",
     .run = block_run,
     .states = POP4_STATE_ANY,
     .min_args = 1,
     .max_args = 1,
     .flags = POP4_COMMAND_BLOCKS},
    {.verb = "HOG", .run = block_run, .states = POP4_STATE_ANY, .min_args = 1, .max_args = 1},
    {.verb = "LINES", .run = lines_run, .states = POP4_STATE_ANY, .min_args = 1, .max_args = 1},
    {.verb = "MORE ONE",
     .run = one_run,
     .states = POP4_STATE_ANY,
     .max_args = 1,
     .max_line = 2048},
    {.verb = "SLEEP", .run = sleep_run, .states = POP4_STATE_ANY},
    {.verb = "BOTH", .run = both_run, .states = POP4_STATE_ANY},
    {.verb = "LOSE", .run = lose_run, .states = POP4_STATE_ANY},
    {.verb = "MORE", .run = plain_run, .states = POP4_STATE_ANY, .max_args = 2},
    {.verb = "LONG",
     .run = long_run,
     .states = POP4_STATE_ANY,
     .min_args = 1,
     .max_args = 1,
     .max_line = 4096},
    {.verb = "WIDE", .run = wide_run, .states = POP4_STATE_ANY},
    {.verb = "FOREIGN", .run = foreign_run, .states = POP4_STATE_ANY},
    {.verb = "SILENT", .run = silent_run, .states = POP4_STATE_ANY},
    {.verb = "LEAVE", .run = leave_run, .states = POP4_STATE_ANY},
    {.verb = "VETO", .run = plain_run, .states = POP4_STATE_ANY},
    {.verb = NULL},
};

/* "barred" is not let in, "odd" sees every other message, from the first on. */
static gboolean
testkit_opened(Pop4Session *session, const Pop4Identity *identity, Pop4Maildrop *maildrop,
               GError **error)
{
    const char *login = pop4_identity_get_login(identity);
    g_autoptr(GArray) numbers = g_array_new(FALSE, FALSE, sizeof(guint));

    if (g_str_equal(login, "barred")) {
        g_set_error_literal(error, POP4_ERROR, POP4_ERROR_PERMANENT, "A hook forbids it");
        return FALSE;
    }
    if (!g_str_equal(login, "odd"))
        return TRUE;
    for (guint i = 1; i <= pop4_maildrop_get_count(maildrop); i += 2)
        g_array_append_val(numbers, i);
    pop4_maildrop_restrict(maildrop, (const guint *)(gpointer)numbers->data, numbers->len);
    return TRUE;
}

static const Pop4Hooks testkit_hooks = {
    .command = testkit_command,
    .opened = testkit_opened,
};

static const Pop4Authenticator testkit_authenticator = {
    .check_password = testkit_check_password,
};

POP4_PLUGIN(testkit) = {
    POP4_PLUGIN_ABI,
    .name = "testkit",
    .summary = "Whatever a handler can do, for tests",
    .commands = testkit_commands,
    .hooks = &testkit_hooks,
    .authenticator = &testkit_authenticator,
};
