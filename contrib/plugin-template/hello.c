/* HELLO: a plugin to start from. */
/* SPDX-License-Identifier: MIT */

#include <pop4/pop4.h>

typedef struct {
    char *word;
} HelloSettings;

static gboolean
hello_run(Pop4Session *session, const Pop4Args *args, GError **error)
{
    const HelloSettings *settings = pop4_session_get_settings(session, "hello");
    const char *name = pop4_args_count(args) > 0 ? pop4_args_get(args, 0) : "world";

    pop4_reply_ok(session, "%s, %s", settings->word, name);
    return TRUE;
}

static const Pop4Command hello_commands[] = {
    {
        .verb = "HELLO",
        .run = hello_run,
        .states = POP4_STATE_ANY,
        .max_args = 1,
        .summary = "Greet somebody",
    },
    {.verb = NULL},
};

static const Pop4Capability hello_capabilities[] = {
    {.name = "X-HELLO", .states = POP4_STATE_ANY},
    {.name = NULL},
};

static const Pop4Setting hello_settings[] = {
    {
        .key = "word",
        .type = POP4_SETTING_STRING,
        .offset = G_STRUCT_OFFSET(HelloSettings, word),
        .initial = "hello",
        .help = "What to say",
    },
    {.key = NULL},
};

POP4_PLUGIN(hello) = {
    POP4_PLUGIN_ABI,
    .name = "hello",
    .summary = "A plugin to start from",
    .commands = hello_commands,
    .capabilities = hello_capabilities,
    .settings = hello_settings,
    .settings_size = sizeof(HelloSettings),
};
