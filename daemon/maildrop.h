/* The daemon's side of <pop4/maildrop.h>: a store's maildrop, with the marks of DELE kept here.
 */
/* SPDX-License-Identifier: MIT */

#pragma once

#include "extension-set.h"

#include <pop4/maildrop.h>

/* Opens and locks through the store of @store. (transfer full) (nullable) */
Pop4Maildrop *maildrop_open(const Extension *store, const Pop4Identity *identity,
                            GError **error);

/* From here on its numbers stay. */
void maildrop_settle(Pop4Maildrop *maildrop);

/* Unlocks. Removes nothing. */
void maildrop_close(Pop4Maildrop *maildrop);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Pop4Maildrop, maildrop_close)

/* Removes the marked messages for good. @removed_out: how many were marked. */
gboolean maildrop_commit(Pop4Maildrop *maildrop, guint *removed_out, GError **error);
