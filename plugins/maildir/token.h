/* What stands for a place in a history to a client. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include "listing.h"

char *token_new(ListingMark mark);                              /* (transfer full) */
gboolean token_parse(const char *token, ListingMark *mark_out); /* FALSE for what is none */
