/* XTND XMIT: sending mail through POP, as Eudora did, with today's policy: the plugin's tables.
 */
/* SPDX-License-Identifier: MIT */

#include "submission.h"

#include <pop4/pop4.h>

typedef struct {
    char *relay;
    guint relay_tls;
    char *relay_ca_file;
    char *relay_credentials_file;
    guint64 relay_timeout;
    guint64 relay_connections;
    guint64 send_timeout;
    guint64 data_timeout;
    guint64 max_size;
    guint64 max_recipients;
    guint64 messages_per_hour;
    guint64 recipients_per_day;
    guint64 parallel_sends;
    char *address;
    char *domain;
    GHashTable *addresses;
    guint from_policy;
    char *spool_folder;
} XmitSettings;

static void
rules_free(SubmissionRules *rules)
{
    if (rules->relay != NULL)
        relay_free(rules->relay);
    g_free(rules->spool_folder);
    g_free(rules);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC(SubmissionRules, rules_free)

static gboolean
open_relay(SubmissionRules *rules, const XmitSettings *settings, GError **error)
{
    Target target = {
        .tls = settings->relay_tls,
        .ca_file = g_strdup(settings->relay_ca_file),
        .silence_seconds = (guint)settings->relay_timeout,
        .connections = (guint)settings->relay_connections,
        .spool_folder = g_strdup(rules->spool_folder),
    };

    if (!target_parse(&target, settings->relay, settings->relay_credentials_file, error)) {
        target_clear(&target);
        return FALSE;
    }
    rules->relay = relay_new(&target);
    return TRUE;
}

static gboolean
xmit_start(gconstpointer data, gpointer *instance_out, GError **error)
{
    const XmitSettings *settings = data;
    g_autoptr(SubmissionRules) rules = g_new0(SubmissionRules, 1);

    submission_init();
    rules->senders = (SenderRules){settings->address, settings->domain, settings->addresses};
    rules->from_any = settings->from_policy == 1;
    rules->limits = (QuotaLimits){settings->messages_per_hour, settings->recipients_per_day,
                                  settings->parallel_sends};
    rules->max_recipients = (guint)settings->max_recipients;
    rules->send_seconds = (guint)settings->send_timeout;
    rules->data_seconds = (guint)settings->data_timeout;
    rules->max_size = settings->max_size;
    rules->spool_folder =
        g_strdup(settings->spool_folder != NULL ? settings->spool_folder : g_get_tmp_dir());
    if (!senders_check(&rules->senders, error) || !open_relay(rules, settings, error))
        return FALSE;
    *instance_out = g_steal_pointer(&rules);
    return TRUE;
}

static void
xmit_stop(gpointer instance)
{
    rules_free(instance);
}

static gboolean
xmit_run(Pop4Session *session, const Pop4Args *args, GError **error)
{
    return submission_begin(session, pop4_session_get_instance(session, "xtnd-xmit"), error);
}

static const Pop4Command xmit_commands[] = {
    {.verb = "XTND XMIT",
     .run = xmit_run,
     .states = POP4_STATE_TRANSACTION,
     .flags = POP4_COMMAND_BLOCKS,
     .summary = "Send a message"},
    {.verb = NULL},
};

static const Pop4Capability xmit_capabilities[] = {
    {.name = "X-XTND XMIT", .states = POP4_STATE_ANY},
    {.name = NULL},
};

#define OFFSET(member) G_STRUCT_OFFSET(XmitSettings, member)

static const Pop4Setting xmit_settings[] = {
    {.key = "relay",
     .type = POP4_SETTING_STRING,
     .offset = OFFSET(relay),
     .flags = POP4_SETTING_REQUIRED,
     .help = "Who takes the messages: smtp://HOST[:PORT], smtps://HOST[:PORT] or "
             "sendmail:/PATH"},
    {.key = "relay-tls",
     .type = POP4_SETTING_CHOICE,
     .offset = OFFSET(relay_tls),
     .initial = "opportunistic",
     .choices = "none|opportunistic|require",
     .help = "STARTTLS with the mail server; require looks at its certificate"},
    {.key = "relay-ca-file",
     .type = POP4_SETTING_STRING,
     .offset = OFFSET(relay_ca_file),
     .help = "The authorities that its certificate may come from; by default the system's"},
    {.key = "relay-credentials-file",
     .type = POP4_SETTING_STRING,
     .offset = OFFSET(relay_credentials_file),
     .help = "A file with a user and a password, a line each, to log in there"},
    {.key = "relay-timeout-seconds",
     .type = POP4_SETTING_UINT,
     .offset = OFFSET(relay_timeout),
     .initial = "60",
     .min = 1,
     .max = 3600,
     .help = "How long the mail server may be silent"},
    {.key = "relay-connections",
     .type = POP4_SETTING_UINT,
     .offset = OFFSET(relay_connections),
     .initial = "32",
     .min = 1,
     .max = 1000,
     .help = "Messages on their way at a time; others wait"},
    {.key = "send-timeout-seconds",
     .type = POP4_SETTING_UINT,
     .offset = OFFSET(send_timeout),
     .initial = "300",
     .min = 1,
     .max = 86400,
     .help = "How long a client waits for its message to be taken"},
    {.key = "data-timeout-seconds",
     .type = POP4_SETTING_UINT,
     .offset = OFFSET(data_timeout),
     .initial = "1800",
     .min = 1,
     .max = 86400,
     .help = "How long a client may be silent while it sends a message"},
    {.key = "max-size",
     .type = POP4_SETTING_UINT,
     .offset = OFFSET(max_size),
     .initial = "52428800",
     .min = 1,
     .max = G_MAXINT64,
     .help = "Octets of a message"},
    {.key = "max-recipients",
     .type = POP4_SETTING_UINT,
     .offset = OFFSET(max_recipients),
     .initial = "100",
     .min = 1,
     .max = 10000,
     .help = "Recipients of a message"},
    {.key = "messages-per-hour",
     .type = POP4_SETTING_UINT,
     .offset = OFFSET(messages_per_hour),
     .initial = "100",
     .max = 1000000,
     .help = "Messages that a login may send in an hour; 0 = no limit"},
    {.key = "recipients-per-day",
     .type = POP4_SETTING_UINT,
     .offset = OFFSET(recipients_per_day),
     .initial = "1000",
     .max = 10000000,
     .help = "Recipients that a login may have in a day; 0 = no limit"},
    {.key = "parallel-sends",
     .type = POP4_SETTING_UINT,
     .offset = OFFSET(parallel_sends),
     .initial = "4",
     .max = 10000,
     .help = "Messages of a login on their way at a time; 0 = no limit"},
    {.key = "address",
     .type = POP4_SETTING_STRING,
     .offset = OFFSET(address),
     .initial = "%u",
     .help = "A login's own address: %u the login with its domain, %n its local part, %d its "
             "domain"},
    {.key = "domain",
     .type = POP4_SETTING_STRING,
     .offset = OFFSET(domain),
     .initial = "",
     .help = "The domain of a login without one; by default the server's hostname"},
    {.key = "addresses.",
     .type = POP4_SETTING_MAP,
     .offset = OFFSET(addresses),
     .help = "The addresses of the login of that name, separated by \";\", its own first"},
    {.key = "from-policy",
     .type = POP4_SETTING_CHOICE,
     .offset = OFFSET(from_policy),
     .initial = "own",
     .choices = "own|any",
     .help = "Whose address From may show; with any, Sender is added to others'"},
    {.key = "spool-dir",
     .type = POP4_SETTING_STRING,
     .offset = OFFSET(spool_folder),
     .help = "Where large messages are kept while they are sent; by default TMPDIR or /tmp"},
    {.key = NULL},
};

POP4_PLUGIN(xtnd_xmit) = {
    POP4_PLUGIN_ABI,
    .name = "xtnd-xmit",
    .summary = "Sending mail: XTND XMIT",
    .commands = xmit_commands,
    .capabilities = xmit_capabilities,
    .settings = xmit_settings,
    .settings_size = sizeof(XmitSettings),
    .start = xmit_start,
    .stop = xmit_stop,
};
