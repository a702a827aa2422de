/* Checks a password against an account, or against none in the same time. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include "table.h"

/**
 * password_check:
 * @entry: (nullable): of @table; NULL = there is no such account
 * @mac: keyed for as long as @table is in use
 * @user: the name as the client sent it
 *
 * The last right password of an entry is known again at once; a wrong one always costs the
 * whole derivation. Any thread.
 */
gboolean password_check(Table *table, Entry *entry, const ScramMac *mac, const char *user,
                        const char *password, GError **error);
