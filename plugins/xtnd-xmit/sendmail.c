/* SPDX-License-Identifier: MIT */

#include "sendmail.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pop4/error.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

/* Octets of what the program complains of. */
#define WORDS_MAX 400
/* Between two looks at a program that cannot be watched (Linux before 5.3). */
#define LOOK_MILLISECONDS 20

typedef struct {
    pid_t pid; /* 0 = it has ended */
    int pidfd; /* -1 where there is no such thing */
    int words; /* a file that it writes its complaints to */
} Sendmail;

static gboolean
fail(GError **error, const char *what, int code)
{
    g_set_error(error, POP4_ERROR, POP4_ERROR_TEMPORARY, "%s: %s", what, g_strerror(code));
    return FALSE;
}

static int
open_unlinked(const char *folder, GError **error)
{
    g_autofree char *name = g_build_filename(folder, "pop4d-XXXXXX", NULL);
    int fd = g_mkstemp_full(name, O_RDWR | O_CLOEXEC, 0600);

    if (fd < 0)
        fail(error, "there is no room for it", errno);
    else
        unlink(name);
    return fd;
}

/* In place: the program wants lines that end in LF. @octets: CRs stand only before LFs. */
static gsize
drop_crs(char *octets, gsize length)
{
    gsize kept = 0;

    for (gsize i = 0; i < length; i++) {
        if (octets[i] != '\r')
            octets[kept++] = octets[i];
    }
    return kept;
}

static gboolean
write_all(int fd, const char *octets, gsize length, GError **error)
{
    while (length > 0) {
        gssize put = write(fd, octets, length);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return fail(error, "there is no room for it", errno);
        octets += put;
        length -= (gsize)put;
    }
    return TRUE;
}

static gboolean
unpack(Parcel *parcel, int fd, GError **error)
{
    char block[16384];
    gsize got;

    parcel_rewind(parcel);
    do {
        if (!parcel_read(parcel, block, sizeof block, &got, error) ||
            !write_all(fd, block, drop_crs(block, got), error))
            return FALSE;
    } while (got > 0);
    return lseek(fd, 0, SEEK_SET) == 0 || fail(error, "it cannot be read again", errno);
}

static GPtrArray *
make_arguments(const char *program, const Parcel *parcel)
{
    GPtrArray *arguments = g_ptr_array_new();

    g_ptr_array_add(arguments, (gpointer)program);
    g_ptr_array_add(arguments, (gpointer) "-i");
    g_ptr_array_add(arguments, (gpointer) "-f");
    g_ptr_array_add(arguments, parcel->sender);
    g_ptr_array_add(arguments, (gpointer) "--");
    for (guint i = 0; i < parcel->recipients->len; i++)
        g_ptr_array_add(arguments, parcel->recipients->pdata[i]);
    g_ptr_array_add(arguments, NULL);
    return arguments;
}

static int
spawn(pid_t *pid, char **arguments, int input, int words)
{
    static char *environment[] = {(char *)"PATH=/usr/sbin:/usr/bin:/sbin:/bin", NULL};
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    sigset_t none, all;

    sigemptyset(&none);
    sigfillset(&all);
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_adddup2(&files, input, 0);
    posix_spawn_file_actions_adddup2(&files, words, 1);
    posix_spawn_file_actions_adddup2(&files, words, 2);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    int code = posix_spawn(pid, arguments[0], &files, &attributes, arguments, environment);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&files);
    return code;
}

static gboolean
start(Sendmail *sendmail, const Target *target, Parcel *parcel, int input, GError **error)
{
    if (!unpack(parcel, input, error))
        return FALSE;
    sendmail->words = open_unlinked(target->spool_folder, error);
    if (sendmail->words < 0)
        return FALSE;
    g_autoptr(GPtrArray) arguments = make_arguments(target->program, parcel);
    int code = spawn(&sendmail->pid, (char **)arguments->pdata, input, sendmail->words);
    if (code != 0) {
        sendmail->pid = 0;
        return fail(error, "the mail program cannot be run", code);
    }
    sendmail->pidfd = pidfd_open(sendmail->pid, 0);
    return TRUE;
}

static gboolean
begin(Sendmail *sendmail, const Target *target, Parcel *parcel, GError **error)
{
    int input = open_unlinked(target->spool_folder, error);
    gboolean started = input >= 0 && start(sendmail, target, parcel, input, error);

    if (input >= 0)
        close(input);
    return started;
}

/* Ends the program, if it still runs. */
static void
end(Sendmail *sendmail)
{
    if (sendmail->pid != 0) {
        kill(sendmail->pid, SIGKILL);
        waitpid(sendmail->pid, NULL, 0);
    }
    if (sendmail->pidfd >= 0)
        close(sendmail->pidfd);
    if (sendmail->words >= 0)
        close(sendmail->words);
}

static char *
read_words(const Sendmail *sendmail)
{
    char words[WORDS_MAX + 1];
    gssize got = pread(sendmail->words, words, WORDS_MAX, 0);

    words[MAX(got, 0)] = '\0';
    return g_strstrip(g_strdelimit(g_utf8_make_valid(words, -1), "\r\n\t", ' '));
}

/* sysexits.h: what another attempt cannot change. */
static gboolean
is_for_good(int code)
{
    return code == EX_USAGE || code == EX_DATAERR || code == EX_NOUSER || code == EX_NOHOST ||
           code == EX_NOPERM;
}

static void
judge(const Sendmail *sendmail, int status, Outcome *outcome)
{
    g_autofree char *words = read_words(sendmail);
    int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128;

    if (code == 0)
        outcome_set(outcome, POP4_SUBMISSION_SENT, NULL);
    else
        outcome_set(outcome,
                    is_for_good(code) ? POP4_SUBMISSION_REFUSED : POP4_SUBMISSION_FAILED,
                    g_strdup_printf("the mail program has failed (%d)", code));
    outcome->reply =
        g_strdup_printf("exit status %d%s%s", code, words[0] != '\0' ? ": " : "", words);
}

/* FALSE at the deadline. */
static gboolean
wait_for_end(Sendmail *sendmail, gint64 deadline, int *status)
{
    struct pollfd poller = {.fd = sendmail->pidfd, .events = POLLIN};
    int longest = sendmail->pidfd >= 0 ? G_MAXINT : LOOK_MILLISECONDS;
    gint64 left;

    while ((left = deadline - g_get_monotonic_time()) > 0) {
        poll(&poller, 1, (int)MIN(left / 1000 + 1, longest));
        if (waitpid(sendmail->pid, status, WNOHANG) == sendmail->pid) {
            sendmail->pid = 0;
            return TRUE;
        }
    }
    return FALSE;
}

void
sendmail_send(const Target *target, Parcel *parcel, gint64 deadline, Outcome *outcome)
{
    Sendmail sendmail = {.pidfd = -1, .words = -1};
    g_autoptr(GError) error = NULL;
    int status;

    if (!begin(&sendmail, target, parcel, &error)) {
        outcome_set(outcome, POP4_SUBMISSION_FAILED, g_strdup(error->message));
    } else if (!wait_for_end(&sendmail, deadline, &status)) {
        outcome_set(
            outcome, POP4_SUBMISSION_UNKNOWN,
            g_strdup("it is not known whether it was sent: the mail program does not end"));
    } else {
        judge(&sendmail, status, outcome);
    }
    end(&sendmail);
}
