/* Names for new messages: never given before, to any message of any Maildir. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include <glib.h>

/* (transfer full): the unique part of a file name, a legal unique-id. Any thread. */
char *unique_new(void);
