/* What the tests need around them: files of accounts, the plugin started, a log to look into.
 */
/* SPDX-License-Identifier: MIT */

#pragma once

#include <pop4/pop4.h>

extern const Pop4Plugin pop4_plugin_accounts;

/* "pencil", of RFC 7677, RFC 5802, and a third scheme. */
#define KEY_256 \
    "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=" \
    ":wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU="
#define KEY_1 \
    "SCRAM-SHA-1$4096:QSXCR+Q6sek8bf92$6dlGYMOdZcOPutkcNY8U2g7vK9Y=:D+CSWLOshSulAsxiupA+" \
    "qs2/fTE="
#define KEY_512 \
    "SCRAM-SHA-512$4096:W22ZaJ0SNY7soEsUEjb6gQ==$" \
    "6AAub3065EYRmyFpM2RNwqK+eGnrkYuEWbXn19LsEmBqzu8QaCXNc1FwpnX9NhH2hK/60dzj9DoO5DvVkOHbvg==" \
    ":jZHbYjC1aHh0/hKbxyBuGFjDrgjgKTT1esA7awWiKcRZ0o/" \
    "0b1yWEebBeSVkkCFewf91nLDfKF24mvD5nmE6rA=="

/* In a folder of the test's own. (transfer full) */
char *fixture_path(const char *name);
void fixture_remove_folder(void);

/* Puts it there by rename(2). */
void fixture_write(const char *path, const char *text, guint mode);

/* (nullable): the plugin's instance; @domain: (nullable) */
gpointer fixture_start(const char *path, const char *domain, GError **error);

/* The login, or NULL where the plugin refuses with the one sentence for that. (transfer full)
 */
char *fixture_log_in(gpointer instance, const char *user, const char *password);

/* (transfer full): what has been logged since the last call, one event a line. */
char *fixture_take_log(void);
void fixture_expect_log(const char *pattern);
