/* SPDX-License-Identifier: MIT */

#include "smtp.h"

#include <pop4/error.h>
#include <pop4/server.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Octets of a reply that are kept, however long the mail server talks. */
#define REPLY_MAX 1024
/* A connection is used again for so long after a message. */
#define IDLE_SECONDS 30L

/* The command that the next reply answers. */
typedef enum {
    PHASE_CONNECT,
    PHASE_HELLO,
    PHASE_STARTTLS,
    PHASE_AUTH,
    PHASE_MAIL,
    PHASE_RCPT,
    PHASE_DATA,
    PHASE_CONTENT, /* 354 has come */
    PHASE_JUDGED,  /* the reply to the content has come */
} Phase;

typedef struct {
    CURL *easy; /* the host's */
    struct curl_slist *recipients;
    SmtpHost *host;
    Parcel *parcel;
    Phase phase;
    GString *reply; /* the present one, its lines joined */
    gboolean reply_is_whole;
    guint code;     /* of it */
    guint answered; /* recipients */
    GString *refused;
    gboolean refused_for_good;
    const char *unsupported;
    gboolean is_leaving; /* QUIT is out: its reply says nothing */
    guint64 given;
    gboolean all_read; /* the content is out of our hands */
    GError *read_error;
    char curl_error[CURL_ERROR_SIZE];
} Smtp;

static const struct {
    const char *verb;
    Phase phase;
} commands[] = {
    {"EHLO ", PHASE_HELLO}, {"HELO ", PHASE_HELLO}, {"STARTTLS", PHASE_STARTTLS},
    {"AUTH ", PHASE_AUTH},  {"MAIL ", PHASE_MAIL},  {"RCPT ", PHASE_RCPT},
    {"DATA\r", PHASE_DATA},
};

static int
note_command(CURL *easy, curl_infotype type, char *data, size_t size, void *context)
{
    Smtp *smtp = context;

    if (type != CURLINFO_HEADER_OUT)
        return 0;
    smtp->is_leaving |= size == 6 && memcmp(data, "QUIT\r\n", size) == 0;
    if (smtp->phase >= PHASE_DATA)
        return 0;
    for (guint i = 0; i < G_N_ELEMENTS(commands); i++) {
        gsize length = strlen(commands[i].verb);
        if (size > length && memcmp(data, commands[i].verb, length) == 0)
            smtp->phase = commands[i].phase;
    }
    if (smtp->phase == PHASE_HELLO)
        smtp->host->has_8bitmime = smtp->host->has_smtputf8 = FALSE;
    return 0;
}

static gboolean
is_keyword(const char *line, gsize length, const char *keyword)
{
    gsize wanted = strlen(keyword);

    return length >= 4 + wanted && g_ascii_strncasecmp(line + 4, keyword, wanted) == 0 &&
           (length == 4 + wanted || line[4 + wanted] == ' ');
}

static void
note_feature(Smtp *smtp, const char *line, gsize length)
{
    smtp->host->has_8bitmime |= is_keyword(line, length, "8BITMIME");
    smtp->host->has_smtputf8 |= is_keyword(line, length, "SMTPUTF8");
}

static gboolean
has_foreign_address(const Parcel *parcel)
{
    gboolean found = !g_str_is_ascii(parcel->sender);

    for (guint i = 0; i < parcel->recipients->len; i++)
        found |= !g_str_is_ascii(parcel->recipients->pdata[i]);
    return found;
}

/* (nullable): what the message needs and the mail server has not. */
static const char *
find_unsupported(const Smtp *smtp)
{
    if (smtp->parcel->has_8bit && !smtp->host->has_8bitmime)
        return "it has 8-bit content, which the mail server does not take (8BITMIME)";
    if (has_foreign_address(smtp->parcel) && !smtp->host->has_smtputf8)
        return "the mail server takes only addresses in ASCII (no SMTPUTF8)";
    return NULL;
}

static gboolean
take_recipient_reply(Smtp *smtp)
{
    const GPtrArray *recipients = smtp->parcel->recipients;

    if (smtp->code >= 400 && smtp->answered < recipients->len) {
        g_string_append_printf(smtp->refused, "%s%s: %s", smtp->refused->len > 0 ? "; " : "",
                               (const char *)recipients->pdata[smtp->answered],
                               smtp->reply->str);
        smtp->refused_for_good |= smtp->code >= 500;
    }
    smtp->answered++;
    return smtp->answered < recipients->len || smtp->refused->len == 0;
}

/* FALSE ends the transaction before anything is sent. */
static gboolean
take_reply(Smtp *smtp)
{
    switch (smtp->phase) {
    case PHASE_MAIL:
        if (smtp->code < 400)
            smtp->unsupported = find_unsupported(smtp);
        return smtp->unsupported == NULL;
    case PHASE_RCPT:
        return take_recipient_reply(smtp);
    case PHASE_DATA:
        if (smtp->code < 400)
            smtp->phase = PHASE_CONTENT;
        return TRUE;
    case PHASE_CONTENT:
        smtp->phase = PHASE_JUDGED;
        return TRUE;
    default:
        return TRUE;
    }
}

static size_t
note_reply(char *line, size_t unit, size_t count, void *context)
{
    Smtp *smtp = context;
    gsize size = unit * count, length = size;

    if (smtp->is_leaving)
        return size;
    while (length > 0 && (line[length - 1] == '\n' || line[length - 1] == '\r'))
        length--;
    if (smtp->reply_is_whole)
        g_string_truncate(smtp->reply, 0);
    gboolean first = smtp->reply->len == 0;
    gsize skip = first ? 0 : MIN(length, 4);
    if (!first)
        g_string_append_c(smtp->reply, ' ');
    if (smtp->reply->len < REPLY_MAX)
        g_string_append_len(smtp->reply, line + skip,
                            (gssize)MIN(length - skip, REPLY_MAX - smtp->reply->len));
    if (smtp->phase == PHASE_HELLO)
        note_feature(smtp, line, length);
    smtp->reply_is_whole = length < 4 || line[3] != '-';
    if (!smtp->reply_is_whole)
        return size;
    smtp->code = (guint)g_ascii_strtoull(smtp->reply->str, NULL, 10);
    return take_reply(smtp) ? size : 0;
}

static size_t
give_content(char *octets, size_t unit, size_t count, void *context)
{
    Smtp *smtp = context;
    gsize got;

    if (!parcel_read(smtp->parcel, octets, unit * count, &got, &smtp->read_error))
        return CURL_READFUNC_ABORT;
    smtp->given += got;
    smtp->all_read = smtp->given == parcel_get_length(smtp->parcel);
    return got;
}

static curl_socket_t
open_socket(void *context, curlsocktype purpose, struct curl_sockaddr *address)
{
    SmtpHost *host = context;
    int fd = socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);

    if (fd >= 0)
        g_array_append_val(host->sockets, fd);
    return fd;
}

static int
close_socket(void *context, curl_socket_t fd)
{
    SmtpHost *host = context;

    for (guint i = 0; i < host->sockets->len; i++) {
        if (g_array_index(host->sockets, int, i) == fd) {
            g_array_remove_index_fast(host->sockets, i);
            break;
        }
    }
    return close(fd);
}

void
smtp_init(void)
{
    curl_global_init(CURL_GLOBAL_DEFAULT);
}

void
smtp_host_init(SmtpHost *host)
{
    *host =
        (SmtpHost){.easy = curl_easy_init(), .sockets = g_array_new(FALSE, FALSE, sizeof(int))};
}

void
smtp_host_clear(SmtpHost *host)
{
    /* libcurl would wait for the answer to QUIT. */
    for (guint i = 0; i < host->sockets->len; i++)
        shutdown(g_array_index(host->sockets, int, i), SHUT_RD);
    curl_easy_cleanup(host->easy);
    g_array_unref(host->sockets);
}

static void
set_security(Smtp *smtp, const Target *target)
{
    gboolean verifies = target->tls == TARGET_TLS_REQUIRE;
    long levels[] = {CURLUSESSL_NONE, CURLUSESSL_TRY, CURLUSESSL_ALL};

    curl_easy_setopt(smtp->easy, CURLOPT_USE_SSL, levels[target->tls]);
    curl_easy_setopt(smtp->easy, CURLOPT_SSL_VERIFYPEER, verifies ? 1L : 0L);
    curl_easy_setopt(smtp->easy, CURLOPT_SSL_VERIFYHOST, verifies ? 2L : 0L);
    if (target->ca_file != NULL)
        curl_easy_setopt(smtp->easy, CURLOPT_CAINFO, target->ca_file);
    if (target->user != NULL) {
        curl_easy_setopt(smtp->easy, CURLOPT_USERNAME, target->user);
        curl_easy_setopt(smtp->easy, CURLOPT_PASSWORD, target->password);
    }
}

static void
set_times(Smtp *smtp, const Target *target, long milliseconds)
{
    long silence = (long)target->silence_seconds;

    curl_easy_setopt(smtp->easy, CURLOPT_TIMEOUT_MS, milliseconds);
    curl_easy_setopt(smtp->easy, CURLOPT_CONNECTTIMEOUT, silence);
    curl_easy_setopt(smtp->easy, CURLOPT_SERVER_RESPONSE_TIMEOUT, silence);
    curl_easy_setopt(smtp->easy, CURLOPT_LOW_SPEED_LIMIT, 1L);
    curl_easy_setopt(smtp->easy, CURLOPT_LOW_SPEED_TIME, silence);
    curl_easy_setopt(smtp->easy, CURLOPT_MAXAGE_CONN, IDLE_SECONDS);
}

static void
set_envelope(Smtp *smtp)
{
    for (guint i = 0; i < smtp->parcel->recipients->len; i++)
        smtp->recipients =
            curl_slist_append(smtp->recipients, smtp->parcel->recipients->pdata[i]);
    curl_easy_setopt(smtp->easy, CURLOPT_MAIL_FROM, smtp->parcel->sender);
    curl_easy_setopt(smtp->easy, CURLOPT_MAIL_RCPT, smtp->recipients);
    /* All are asked, so that each that is refused can be named; take_recipient_reply() ends it.
     */
    curl_easy_setopt(smtp->easy, CURLOPT_MAIL_RCPT_ALLLOWFAILS, 1L);
    curl_easy_setopt(smtp->easy, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(smtp->easy, CURLOPT_INFILESIZE_LARGE,
                     (curl_off_t)parcel_get_length(smtp->parcel));
}

static void
set_callbacks(Smtp *smtp)
{
    curl_easy_setopt(smtp->easy, CURLOPT_READFUNCTION, give_content);
    curl_easy_setopt(smtp->easy, CURLOPT_READDATA, smtp);
    curl_easy_setopt(smtp->easy, CURLOPT_HEADERFUNCTION, note_reply);
    curl_easy_setopt(smtp->easy, CURLOPT_HEADERDATA, smtp);
    /* The only way to see which command a reply answers. */
    curl_easy_setopt(smtp->easy, CURLOPT_DEBUGFUNCTION, note_command);
    curl_easy_setopt(smtp->easy, CURLOPT_DEBUGDATA, smtp);
    curl_easy_setopt(smtp->easy, CURLOPT_VERBOSE, 1L);
    curl_easy_setopt(smtp->easy, CURLOPT_ERRORBUFFER, smtp->curl_error);
    curl_easy_setopt(smtp->easy, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    curl_easy_setopt(smtp->easy, CURLOPT_OPENSOCKETDATA, smtp->host);
    curl_easy_setopt(smtp->easy, CURLOPT_CLOSESOCKETFUNCTION, close_socket);
    curl_easy_setopt(smtp->easy, CURLOPT_CLOSESOCKETDATA, smtp->host);
}

/* @afresh: not on a connection that is open already. */
static void
prepare(Smtp *smtp, const Target *target, gint64 deadline, gboolean afresh)
{
    g_autofree char *url = g_strdup_printf("%s/%s", target->url, pop4_server_get_hostname());
    gint64 left = (deadline - g_get_monotonic_time()) / 1000;

    curl_easy_reset(smtp->easy);
    parcel_rewind(smtp->parcel);
    curl_easy_setopt(smtp->easy, CURLOPT_URL, url);
    curl_easy_setopt(smtp->easy, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(smtp->easy, CURLOPT_PROXY, "");
    curl_easy_setopt(smtp->easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(smtp->easy, CURLOPT_FRESH_CONNECT, afresh ? 1L : 0L);
    set_security(smtp, target);
    set_times(smtp, target, (long)MAX(left, 1));
    set_envelope(smtp);
    set_callbacks(smtp);
}

static void
clear(Smtp *smtp)
{
    /* It must not keep what is gone. */
    curl_easy_reset(smtp->easy);
    curl_slist_free_all(smtp->recipients);
    g_string_free(smtp->reply, TRUE);
    g_string_free(smtp->refused, TRUE);
    g_clear_error(&smtp->read_error);
}

/* Whether it has failed for no other reason than that an open connection was no longer one. */
static gboolean
was_stale(const Smtp *smtp, CURLcode code)
{
    long connects = 1;

    curl_easy_getinfo(smtp->easy, CURLINFO_NUM_CONNECTS, &connects);
    return code != CURLE_OK && connects == 0 && smtp->phase <= PHASE_MAIL &&
           smtp->unsupported == NULL && (smtp->code < 400 || smtp->code == 421);
}

/* Postfix and Exim name the queue file in their reply. */
static char *
find_queue_id(const char *reply)
{
    static const char *const marks[] = {"queued as ", " id="};

    for (guint i = 0; i < G_N_ELEMENTS(marks); i++) {
        const char *mark = strstr(reply, marks[i]);
        if (mark == NULL)
            continue;
        mark += strlen(marks[i]);
        gsize length =
            strspn(mark, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-");
        if (length > 0)
            return g_strndup(mark, length);
    }
    return NULL;
}

static const char *
describe(CURLcode code)
{
    switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_CONNECT:
        return "the mail server cannot be reached";
    case CURLE_OPERATION_TIMEDOUT:
        return "the mail server does not answer";
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_USE_SSL_FAILED:
        return "there is no safe connection to the mail server";
    case CURLE_LOGIN_DENIED:
        return "the mail server does not let this server in";
    default:
        return "the connection to the mail server broke";
    }
}

/* Where the transfer ended without a message sent, and no recipient is the reason. */
static void
explain_failure(const Smtp *smtp, CURLcode code, Outcome *outcome)
{
    gboolean replied = smtp->code >= 400 && smtp->reply_is_whole;

    if (smtp->phase == PHASE_CONTENT && smtp->all_read)
        outcome_set(outcome, POP4_SUBMISSION_UNKNOWN,
                    g_strdup_printf("it is not known whether it was sent: %s", describe(code)));
    else if (replied && smtp->phase != PHASE_STARTTLS && smtp->phase != PHASE_AUTH)
        outcome_set(outcome,
                    smtp->code >= 500 && smtp->phase >= PHASE_MAIL ? POP4_SUBMISSION_REFUSED
                                                                   : POP4_SUBMISSION_FAILED,
                    g_strdup_printf("the mail server says: %s", smtp->reply->str));
    else
        outcome_set(outcome, POP4_SUBMISSION_FAILED, g_strdup(describe(code)));
    outcome->reply = g_strdup(replied ? smtp->reply->str : smtp->curl_error);
}

static void
finish(const Smtp *smtp, CURLcode code, Outcome *outcome)
{
    if (smtp->read_error != NULL) {
        outcome_set(outcome, POP4_SUBMISSION_FAILED, g_strdup(smtp->read_error->message));
    } else if (smtp->unsupported != NULL) {
        outcome_set(outcome, POP4_SUBMISSION_REFUSED, g_strdup(smtp->unsupported));
    } else if (smtp->refused->len > 0) {
        outcome_set(outcome,
                    smtp->refused_for_good ? POP4_SUBMISSION_REFUSED : POP4_SUBMISSION_FAILED,
                    g_strdup(smtp->refused->str));
        outcome->reply = g_strdup(smtp->refused->str);
    } else if (code == CURLE_OK) {
        outcome_set(outcome, POP4_SUBMISSION_SENT, NULL);
        outcome->reply = g_strdup(smtp->reply->str);
        outcome->queue_id = find_queue_id(smtp->reply->str);
    } else {
        explain_failure(smtp, code, outcome);
    }
}

/* FALSE when it has to be tried on a new connection. */
static gboolean
try(SmtpHost *host, const Target *target, Parcel *parcel, gint64 deadline, gboolean afresh,
    Outcome *outcome)
{
    Smtp smtp = {.easy = host->easy,
                 .host = host,
                 .parcel = parcel,
                 .reply = g_string_new(NULL),
                 .refused = g_string_new(NULL)};

    prepare(&smtp, target, deadline, afresh);
    CURLcode code = curl_easy_perform(smtp.easy);
    gboolean stale = !afresh && was_stale(&smtp, code);
    if (!stale)
        finish(&smtp, code, outcome);
    clear(&smtp);
    return !stale;
}

void
smtp_send(SmtpHost *host, const Target *target, Parcel *parcel, gint64 deadline,
          Outcome *outcome)
{
    if (!try(host, target, parcel, deadline, FALSE, outcome))
        try(host, target, parcel, deadline, TRUE, outcome);
}
