/* Splits a command line into a verb and its arguments, in place. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include <pop4/command.h>

#define ARGS_MAX 16

struct Pop4Args {
    const char *argv[ARGS_MAX];
    guint argc;
    gboolean overflow; /* there were more than ARGS_MAX */
};

/* Takes the first word off @rest; "" at its end. */
char *args_next_word(char **rest);

/* @rest is modified and must outlive @args. Blanks between and behind words are skipped. */
void args_parse(Pop4Args *args, char *rest);

/* The whole of @rest as one argument, or none when the line ended behind the verb. */
void args_parse_raw(Pop4Args *args, char *rest);
