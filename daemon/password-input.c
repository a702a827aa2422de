/* SPDX-License-Identifier: MIT */

#include "config.h"

#include "password-input.h"

#include <errno.h>
#include <poll.h>
#include <pop4/error.h>
#include <signal.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#define LENGTH_MAX 1024

static const int deadly[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM};
static volatile sig_atomic_t caught;

static void
on_signal(int number)
{
    caught = number;
}

static gboolean
fail(GError **error, const char *what)
{
    g_set_error_literal(error, POP4_ERROR, POP4_ERROR_FAILED, what);
    return FALSE;
}

/* An octet, 0 at the end, -1 on an error or a signal; signals come only while it waits. */
static gssize
read_octet(const sigset_t *waiting, char *octet_out)
{
    struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};

    while (ppoll(&input, 1, NULL, waiting) < 0) {
        if (errno != EINTR || caught != 0)
            return -1;
    }
    return read(STDIN_FILENO, octet_out, 1);
}

/* By octets, so that no more is taken than the line. */
static gboolean
read_line(const sigset_t *waiting, char line[LENGTH_MAX + 1], GError **error)
{
    gsize length = 0;
    char octet;

    while (length <= LENGTH_MAX) {
        gssize got = read_octet(waiting, &octet);
        if (got < 0)
            return fail(error, "standard input cannot be read");
        if (got == 0 || octet == '\n') {
            if (length > 0 && got > 0 && line[length - 1] == '\r')
                length--;
            line[length] = '\0';
            return TRUE;
        }
        if (octet == '\0')
            return fail(error, "the password holds a NUL");
        line[length++] = octet;
    }
    return fail(error, "the password is longer than " G_STRINGIFY(LENGTH_MAX) " octets");
}

static gboolean
ask(const char *prompt, const sigset_t *waiting, char line[LENGTH_MAX + 1], GError **error)
{
    g_printerr("%s: ", prompt);
    return read_line(waiting, line, error);
}

static gboolean
ask_twice(const sigset_t *waiting, char line[LENGTH_MAX + 1], GError **error)
{
    char again[LENGTH_MAX + 1];

    gboolean good =
        ask("Password", waiting, line, error) && ask("Again", waiting, again, error);
    if (good && strcmp(line, again) != 0)
        good = fail(error, "the two are not the same");
    explicit_bzero(again, sizeof again);
    return good;
}

static gboolean
ask_in_silence(char line[LENGTH_MAX + 1], GError **error)
{
    struct sigaction interrupt = {.sa_handler = on_signal}, before[G_N_ELEMENTS(deadly)];
    struct termios usual, silent;
    sigset_t blocked, mask;

    if (tcgetattr(STDIN_FILENO, &usual) != 0)
        return fail(error, "the terminal cannot be read");
    silent = usual;
    silent.c_lflag = (silent.c_lflag & ~(tcflag_t)ECHO) | ECHONL;
    sigemptyset(&blocked);
    for (guint i = 0; i < G_N_ELEMENTS(deadly); i++) {
        sigaddset(&blocked, deadly[i]);
        sigaction(deadly[i], &interrupt, &before[i]);
    }
    sigprocmask(SIG_BLOCK, &blocked, &mask);
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
    gboolean good = ask_twice(&mask, line, error);
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &usual);
    for (guint i = 0; i < G_N_ELEMENTS(deadly); i++)
        sigaction(deadly[i], &before[i], NULL);
    sigprocmask(SIG_SETMASK, &mask, NULL);
    if (caught != 0)
        raise(caught);
    return good;
}

char *
password_input_read(GError **error)
{
    char line[LENGTH_MAX + 1];

    gboolean good =
        isatty(STDIN_FILENO) ? ask_in_silence(line, error) : read_line(NULL, line, error);
    if (good && line[0] == '\0')
        good = fail(error, "the password is empty");
    char *password = good ? g_strdup(line) : NULL;
    explicit_bzero(line, sizeof line);
    return password;
}
