/* TLS by command (RFC 2595). */
/* SPDX-License-Identifier: MIT */

#include <pop4/pop4.h>

static gboolean
stls_run(Pop4Session *session, const Pop4Args *args, GError **error)
{
    return pop4_reply_start_tls(session, "begin TLS", error);
}

static gboolean
stls_render(const Pop4Session *session, GString *line)
{
    return pop4_session_offers_tls(session);
}

static const Pop4Command stls_commands[] = {
    {
        .verb = "STLS",
        .run = stls_run,
        .states = POP4_STATE_AUTHORIZATION,
        .summary = "Go on under TLS (RFC 2595)",
    },
    {.verb = NULL},
};

static const Pop4Capability stls_capabilities[] = {
    {.name = "STLS", .states = POP4_STATE_AUTHORIZATION, .render = stls_render},
    {.name = NULL},
};

POP4_PLUGIN(stls) = {
    POP4_PLUGIN_ABI,
    .name = "stls",
    .summary = "TLS by command",
    .commands = stls_commands,
    .capabilities = stls_capabilities,
};
