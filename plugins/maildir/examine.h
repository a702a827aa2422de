/* What a message that is not known yet is like. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include "listing.h"

/**
 * examine_message:
 * @folder: a descriptor of the folder that it lies in
 * @entry: (inout): all but the inode and the name is set
 *
 * Returns: FALSE with errno, which is 0 for what is no message
 */
gboolean examine_message(int folder, const char *name, ListingEntry *entry);

/* Whether @error, an errno, is a want of ours and no fault of the message: no mail may seem
 * gone for it. */
gboolean examine_is_our_want(int error);
