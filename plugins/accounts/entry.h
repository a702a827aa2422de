/* One line of the file: "LOGIN KEY [KEY...] [secret=BASE64]". */
/* SPDX-License-Identifier: MIT */

#pragma once

#include "key.h"

typedef struct {
    /* These point into the line. */
    const char *login;
    const char *keys[SCRAM_HASHES]; /* by ScramHash; NULL where there is none */
    const char *secret;             /* (nullable): in clear */
    guint number;                   /* of the line in its file */
    /* The last right password, as table_prove() knows it; guarded by the table's lock. */
    gboolean is_proved;
    guint8 proof[SCRAM_MAC_SIZE];
} Entry;

/* An empty line or a comment. */
gboolean entry_is_void(const char *line);

/* @line: UTF-8 without control characters but tabs; it is cut in pieces and must live as long
 * as the entry. @error shows none of it. */
gboolean entry_parse(char *line, Entry *entry_out, GError **error);

/* The key that passwords are checked with. */
const char *entry_best_key(const Entry *entry);

/* What Pop4Directory.make_entry does. */
char *entry_make(const char *login, const char *password, const char *const *schemes,
                 gboolean keep_secret, GError **error);
