/* The commands of RFC 1939 that every client uses, and TOP. */
/* SPDX-License-Identifier: MIT */

#include <pop4/pop4.h>

/* What USER has left for the PASS behind it. */
typedef struct {
    char *name;
    guint64 command; /* the number of that USER */
} Pop3User;

static void
pop3_user_free(gpointer data)
{
    Pop3User *user = data;

    g_free(user->name);
    g_free(user);
}

static gboolean
check_password_allowed(const Pop4Session *session, GError **error)
{
    if (pop4_session_accepts_password(session))
        return TRUE;
    g_set_error_literal(error, POP4_ERROR, POP4_ERROR_PERMANENT,
                        pop4_session_allows_plaintext(session)
                            ? "Logging in by password is not possible here"
                            : "Passwords are not taken in clear: begin TLS first");
    return FALSE;
}

static gboolean
user_run(Pop4Session *session, const Pop4Args *args, GError **error)
{
    if (!check_password_allowed(session, error))
        return FALSE;

    Pop3User *user = g_new(Pop3User, 1);
    user->name = g_strdup(pop4_args_get(args, 0));
    user->command = pop4_session_get_command_number(session);
    pop4_session_set_data(session, "pop3", user, pop3_user_free);
    /* The same whether there is such a user or not. */
    pop4_reply_ok(session, "send your password");
    return TRUE;
}

static gboolean
login(Pop4Session *session, const char *user, const char *password, GError **error)
{
    Pop4Identity *identity = pop4_session_check_password(session, user, password, error);

    return identity != NULL && pop4_session_login(session, identity, error);
}

static void
reply_totals(Pop4Session *session)
{
    guint64 octets;
    guint count = pop4_maildrop_get_unmarked(pop4_session_get_maildrop(session), &octets);

    pop4_reply_ok(session, "maildrop has %u message%s (%" G_GUINT64_FORMAT " octets)", count,
                  count == 1 ? "" : "s", octets);
}

static gboolean
pass_run(Pop4Session *session, const Pop4Args *args, GError **error)
{
    const Pop3User *user = pop4_session_get_data(session, "pop3");
    g_autoptr(GError) reason = NULL;

    if (user == NULL || user->command + 1 != pop4_session_get_command_number(session)) {
        g_set_error_literal(error, POP4_ERROR, POP4_ERROR_FAILED, "Send USER first");
        return FALSE;
    }
    if (!login(session, user->name, pop4_args_get(args, 0), &reason)) {
        pop4_session_login_failed(session, "PASS", user->name, reason);
        g_propagate_error(error, g_steal_pointer(&reason));
        return FALSE;
    }
    pop4_session_set_data(session, "pop3", NULL, NULL);
    reply_totals(session);
    return TRUE;
}

static gboolean
stat_run(Pop4Session *session, const Pop4Args *args, GError **error)
{
    guint64 octets;
    guint count = pop4_maildrop_get_unmarked(pop4_session_get_maildrop(session), &octets);

    pop4_reply_ok(session, "%u %" G_GUINT64_FORMAT, count, octets);
    return TRUE;
}

typedef struct {
    const Pop4Maildrop *maildrop;
    guint number;
} Pop3Listing;

static gboolean
next_line(GString *line, gpointer state)
{
    Pop3Listing *listing = state;

    while (++listing->number <= pop4_maildrop_get_count(listing->maildrop)) {
        if (pop4_maildrop_is_marked(listing->maildrop, listing->number))
            continue;
        g_string_append_printf(line, "%u %" G_GUINT64_FORMAT, listing->number,
                               pop4_maildrop_get_size(listing->maildrop, listing->number));
        return TRUE;
    }
    return FALSE;
}

static gboolean
list_run(Pop4Session *session, const Pop4Args *args, GError **error)
{
    const Pop4Maildrop *maildrop = pop4_session_get_maildrop(session);
    guint number;

    if (pop4_args_count(args) == 0) {
        Pop3Listing *listing = g_new0(Pop3Listing, 1);
        listing->maildrop = maildrop;
        pop4_reply_lines(session, "scan listing follows", next_line, listing, g_free);
        return TRUE;
    }
    if (!pop4_args_get_uint(args, 0, &number, error) ||
        !pop4_maildrop_check(maildrop, number, error))
        return FALSE;

    pop4_reply_ok(session, "%u %" G_GUINT64_FORMAT, number,
                  pop4_maildrop_get_size(maildrop, number));
    return TRUE;
}

static gboolean
retr_run(Pop4Session *session, const Pop4Args *args, GError **error)
{
    Pop4Maildrop *maildrop = pop4_session_get_maildrop(session);
    guint number;

    if (!pop4_args_get_uint(args, 0, &number, error))
        return FALSE;
    Pop4Body *body = pop4_maildrop_open_body(maildrop, number, error);
    if (body == NULL)
        return FALSE;

    pop4_reply_body(session, body, POP4_ALL_LINES, "%" G_GUINT64_FORMAT " octets",
                    pop4_maildrop_get_size(maildrop, number));
    return TRUE;
}

static gboolean
top_run(Pop4Session *session, const Pop4Args *args, GError **error)
{
    Pop4Maildrop *maildrop = pop4_session_get_maildrop(session);
    guint number, lines;

    if (!pop4_args_get_uint(args, 0, &number, error) ||
        !pop4_args_get_uint(args, 1, &lines, error))
        return FALSE;
    Pop4Body *body = pop4_maildrop_open_body(maildrop, number, error);
    if (body == NULL)
        return FALSE;

    /* A huge count means all; still it is a TOP, no retrieval. */
    pop4_reply_body(session, body, MIN(lines, POP4_ALL_LINES - 1), "top of message follows");
    return TRUE;
}

static gboolean
dele_run(Pop4Session *session, const Pop4Args *args, GError **error)
{
    guint number;

    if (!pop4_args_get_uint(args, 0, &number, error) ||
        !pop4_maildrop_mark(pop4_session_get_maildrop(session), number, error))
        return FALSE;

    pop4_reply_ok(session, "message %u deleted", number);
    return TRUE;
}

static gboolean
noop_run(Pop4Session *session, const Pop4Args *args, GError **error)
{
    pop4_reply_ok(session, "nothing done");
    return TRUE;
}

static gboolean
rset_run(Pop4Session *session, const Pop4Args *args, GError **error)
{
    pop4_maildrop_unmark_all(pop4_session_get_maildrop(session));
    reply_totals(session);
    return TRUE;
}

static gboolean
quit_run(Pop4Session *session, const Pop4Args *args, GError **error)
{
    if (!pop4_session_finish(session, error))
        return FALSE;

    pop4_reply_ok(session, "%s signing off", pop4_server_get_hostname());
    return TRUE;
}

static gboolean
render_user(const Pop4Session *session, GString *line)
{
    return pop4_session_get_state(session) == POP4_STATE_TRANSACTION ||
           pop4_session_accepts_password(session);
}

static const Pop4Command pop3_commands[] = {
    {.verb = "USER",
     .run = user_run,
     .states = POP4_STATE_AUTHORIZATION,
     .min_args = 1,
     .max_args = 1,
     .summary = "Say who wants to log in"},
    {.verb = "PASS",
     .run = pass_run,
     .states = POP4_STATE_AUTHORIZATION,
     .min_args = 1,
     .max_args = 1,
     .flags = POP4_COMMAND_RAW_ARGUMENT | POP4_COMMAND_SECRET_ARGS | POP4_COMMAND_BLOCKS,
     .summary = "Log in with a password, spaces and all"},
    {.verb = "STAT",
     .run = stat_run,
     .states = POP4_STATE_TRANSACTION,
     .summary = "Count messages and octets"},
    {.verb = "LIST",
     .run = list_run,
     .states = POP4_STATE_TRANSACTION,
     .max_args = 1,
     .summary = "Tell the size of each message, or of one"},
    {.verb = "RETR",
     .run = retr_run,
     .states = POP4_STATE_TRANSACTION,
     .min_args = 1,
     .max_args = 1,
     .flags = POP4_COMMAND_BLOCKS,
     .summary = "Send a message"},
    {.verb = "DELE",
     .run = dele_run,
     .states = POP4_STATE_TRANSACTION,
     .min_args = 1,
     .max_args = 1,
     .summary = "Mark a message for removal at QUIT"},
    {.verb = "NOOP",
     .run = noop_run,
     .states = POP4_STATE_TRANSACTION,
     .summary = "Do nothing"},
    {.verb = "RSET",
     .run = rset_run,
     .states = POP4_STATE_TRANSACTION,
     .summary = "Unmark all messages"},
    {.verb = "TOP",
     .run = top_run,
     .states = POP4_STATE_TRANSACTION,
     .min_args = 2,
     .max_args = 2,
     .flags = POP4_COMMAND_BLOCKS,
     .summary = "Send the header and the first lines of a message"},
    {.verb = "QUIT",
     .run = quit_run,
     .states = POP4_STATE_ANY,
     .flags = POP4_COMMAND_BLOCKS,
     .summary = "Remove the marked messages and end"},
    {.verb = NULL},
};

static const Pop4Capability pop3_capabilities[] = {
    {.name = "TOP", .states = POP4_STATE_ANY},
    {.name = "USER", .states = POP4_STATE_ANY, .render = render_user},
    {.name = NULL},
};

/* RFC 2595, section 4: what the client has told in clear is forgotten. */
static void
pop3_secured(Pop4Session *session)
{
    pop4_session_set_data(session, "pop3", NULL, NULL);
}

static const Pop4Hooks pop3_hooks = {.secured = pop3_secured};

POP4_PLUGIN(pop3) = {
    POP4_PLUGIN_ABI,
    .name = "pop3",
    .summary = "The commands of RFC 1939, and TOP",
    .hooks = &pop3_hooks,
    .commands = pop3_commands,
    .capabilities = pop3_capabilities,
};
