/* Mailboxes of whole hosts with a view for each user, as Demon Internet had them (SDPS). */
/* SPDX-License-Identifier: MIT */

#include "envelope.h"
#include "hosts.h"

#include <pop4/pop4.h>

/* Octets of a header that are looked at. */
#define HEADER_MAX 262144

typedef struct {
    char *domain; /* (nullable) */
    GHashTable *maildrops;
    GHashTable *passwords;
    char **sender_fields;
    char **recipient_fields;
} SdpsSettings;

typedef struct {
    const SdpsSettings *settings;
    Hosts *hosts;
} Sdps;

/* Whether this thread asks the other plugins for a password on our behalf. */
static _Thread_local gboolean asking;

static void
refuse(GError **error)
{
    g_set_error_literal(error, POP4_ERROR, POP4_ERROR_AUTH, "Authentication failed");
}

static Pop4Identity *
make_identity(const Sdps *sdps, const Host *host, const char *user, const char *owner)
{
    g_autofree char *login = hosts_make_login(sdps->hosts, host, user);

    return pop4_identity_new_for_owner(login, owner);
}

static Pop4Identity *
ask_others(const Pop4Session *session, const char *user, const char *password, GError **error)
{
    asking = TRUE;
    Pop4Identity *identity = pop4_session_check_password(session, user, password, error);
    asking = FALSE;
    return identity;
}

static const char *
get_owner(const Pop4Identity *identity)
{
    const char *owner = pop4_identity_get_owner(identity);

    return owner != NULL ? owner : pop4_identity_get_login(identity);
}

/* The others are asked once here, and after a refusal once more by the core, whatever the name:
 * else the time would tell the names of hosts. */
static Pop4Identity *
sdps_check_password(gpointer instance, const Pop4Session *session, const char *login,
                    const char *password, GError **error)
{
    const Sdps *sdps = instance;
    g_autofree char *user = NULL;

    if (asking) {
        refuse(error);
        return NULL;
    }
    const Host *host = hosts_find(sdps->hosts, login, &user);
    if (host != NULL && host_takes_password(host, password))
        return make_identity(sdps, host, user, host->login);
    if (host == NULL || host->passwords != NULL)
        return ask_others(session, login, password, error);

    g_autoptr(Pop4Identity) account = ask_others(session, host->login, password, error);
    return account != NULL ? make_identity(sdps, host, user, get_owner(account)) : NULL;
}

/* (nullable): the host of somebody who may have come by us. */
static const Host *
find_host(const Sdps *sdps, const Pop4Identity *identity, char **user_out)
{
    return hosts_find(sdps->hosts, pop4_identity_get_login(identity), user_out);
}

/* (transfer full): who gets what is for nobody that is known. */
static char *
make_fallback(const Sdps *sdps, const Pop4Identity *identity)
{
    g_autofree char *user = NULL;
    const Host *host = find_host(sdps, identity, &user);

    return host != NULL ? hosts_make_login(sdps->hosts, host, "postmaster")
                        : g_strdup(pop4_identity_get_login(identity));
}

/* One that cannot be read now is in nobody's view; the next login may see it. */
static gboolean
is_for(const Sdps *sdps, Pop4Maildrop *maildrop, guint number, const char *user)
{
    gsize length;
    g_autofree char *header =
        pop4_maildrop_read_header(maildrop, number, HEADER_MAX, &length, NULL);

    if (header == NULL)
        return FALSE;
    g_autofree char *recipient = envelope_get_recipient(
        header, length, (const char *const *)sdps->settings->recipient_fields);
    return envelope_has_local_part(recipient != NULL ? recipient : "postmaster", user);
}

static gboolean
sdps_opened(Pop4Session *session, const Pop4Identity *identity, Pop4Maildrop *maildrop,
            GError **error)
{
    const Sdps *sdps = pop4_session_get_instance(session, "sdps");
    g_autofree char *user = NULL;

    /* Others may have let somebody in by a name of this form, to a maildrop of that name. */
    if (pop4_identity_get_owner(identity) == NULL)
        return TRUE;
    find_host(sdps, identity, &user);
    if (user == NULL)
        return TRUE;

    g_autoptr(GArray) numbers = g_array_new(FALSE, FALSE, sizeof(guint));
    for (guint number = 1; number <= pop4_maildrop_get_count(maildrop); number++) {
        if (is_for(sdps, maildrop, number, user))
            g_array_append_val(numbers, number);
    }
    pop4_maildrop_restrict(maildrop, (const guint *)(gpointer)numbers->data, numbers->len);
    return TRUE;
}

#define ENVELOPE_LINES 4

typedef struct {
    char *lines[ENVELOPE_LINES];
    guint told;
} SdpsEnvelope;

static void
envelope_free(gpointer data)
{
    SdpsEnvelope *envelope = data;

    for (guint i = 0; i < ENVELOPE_LINES; i++)
        g_free(envelope->lines[i]);
    g_free(envelope);
}

static gboolean
next_line(GString *line, gpointer state)
{
    SdpsEnvelope *envelope = state;

    if (envelope->told == ENVELOPE_LINES)
        return FALSE;
    g_string_append(line, envelope->lines[envelope->told++]);
    return TRUE;
}

/* Nobody reads the first two lines. A header that cannot be read now counts as an empty one:
 * behind a refusal fetchmail waits for lines that do not come. */
static SdpsEnvelope *
make_envelope(Pop4Session *session, guint number)
{
    const Sdps *sdps = pop4_session_get_instance(session, "sdps");
    Pop4Maildrop *maildrop = pop4_session_get_maildrop(session);
    SdpsEnvelope *envelope = g_new0(SdpsEnvelope, 1);
    gsize length = 0;
    g_autofree char *header =
        pop4_maildrop_read_header(maildrop, number, HEADER_MAX, &length, NULL);
    const char *text = header != NULL ? header : "";

    envelope->lines[0] = g_strdup_printf("%u %" G_GUINT64_FORMAT, number,
                                         pop4_maildrop_get_size(maildrop, number));
    envelope->lines[1] = g_strdup(pop4_maildrop_get_uid(maildrop, number));
    envelope->lines[2] =
        envelope_get_sender(text, length, (const char *const *)sdps->settings->sender_fields);
    envelope->lines[3] = envelope_get_recipient(
        text, length, (const char *const *)sdps->settings->recipient_fields);
    if (envelope->lines[3] == NULL)
        envelope->lines[3] = make_fallback(sdps, pop4_session_get_identity(session));
    return envelope;
}

static gboolean
env_run(Pop4Session *session, const Pop4Args *args, GError **error)
{
    guint number;

    if (!pop4_args_get_uint(args, 0, &number, error) ||
        !pop4_maildrop_check(pop4_session_get_maildrop(session), number, error))
        return FALSE;
    pop4_reply_lines(session, "envelope follows", next_line, make_envelope(session, number),
                     envelope_free);
    return TRUE;
}

static gboolean
check_fields(char **fields, const char *key, GError **error)
{
    for (char **field = fields; *field != NULL; field++) {
        if (!envelope_is_field_name(*field)) {
            g_set_error(error, POP4_ERROR, POP4_ERROR_PERMANENT,
                        "%s: \"%s\" is no name of a header field", key, *field);
            return FALSE;
        }
    }
    return TRUE;
}

static gboolean
sdps_start(gconstpointer data, gpointer *instance_out, GError **error)
{
    const SdpsSettings *settings = data;

    if (!check_fields(settings->sender_fields, "sender-fields", error) ||
        !check_fields(settings->recipient_fields, "recipient-fields", error))
        return FALSE;
    Hosts *hosts = hosts_new(settings->domain, settings->maildrops, settings->passwords, error);
    if (hosts == NULL)
        return FALSE;
    Sdps *sdps = g_new0(Sdps, 1);
    sdps->settings = settings;
    sdps->hosts = hosts;
    *instance_out = sdps;
    return TRUE;
}

static void
sdps_stop(gpointer instance)
{
    Sdps *sdps = instance;

    hosts_free(sdps->hosts);
    g_free(sdps);
}

static const Pop4Command sdps_commands[] = {
    {
        .verb = "*ENV",
        .run = env_run,
        .states = POP4_STATE_TRANSACTION,
        .min_args = 1,
        .max_args = 1,
        .flags = POP4_COMMAND_BLOCKS,
        .summary = "Tell the sender and the recipient of a message's envelope",
    },
    {.verb = NULL},
};

static const Pop4Capability sdps_capabilities[] = {
    {.name = "X-SDPS", .states = POP4_STATE_ANY},
    {.name = NULL},
};

static const Pop4Hooks sdps_hooks = {.opened = sdps_opened};

static const Pop4Authenticator sdps_authenticator = {.check_password = sdps_check_password};

#define OFFSET(member) G_STRUCT_OFFSET(SdpsSettings, member)

static const Pop4Setting sdps_settings[] = {
    {.key = "domain",
     .type = POP4_SETTING_STRING,
     .offset = OFFSET(domain),
     .help = "What may stand behind a host's name in a login, and stands there in addresses"},
    {.key = "maildrop.",
     .type = POP4_SETTING_MAP,
     .offset = OFFSET(maildrops),
     .help = "The login whose maildrop the host of that name has"},
    {.key = "password.",
     .type = POP4_SETTING_MAP,
     .offset = OFFSET(passwords),
     .flags = POP4_SETTING_SECRET,
     .help = "The passwords of that host for all its users, separated by \";\"; without them "
             "it is that of its login"},
    {.key = "sender-fields",
     .type = POP4_SETTING_LIST,
     .offset = OFFSET(sender_fields),
     .initial = "Return-Path",
     .help = "The header fields that tell the sender, the first that is there counts"},
    {.key = "recipient-fields",
     .type = POP4_SETTING_LIST,
     .offset = OFFSET(recipient_fields),
     .initial = "Delivered-To;X-Original-To",
     .help = "The header fields that tell the recipient, the first that is there counts"},
    {.key = NULL},
};

POP4_PLUGIN(sdps) = {
    POP4_PLUGIN_ABI,
    .name = "sdps",
    .summary = "Mailboxes of hosts with a view for each user (SDPS), and *ENV",
    .commands = sdps_commands,
    .capabilities = sdps_capabilities,
    .hooks = &sdps_hooks,
    .settings = sdps_settings,
    .settings_size = sizeof(SdpsSettings),
    .authenticator = &sdps_authenticator,
    .start = sdps_start,
    .stop = sdps_stop,
};
