/* libsasl2 in this process: brought up once, by the first that needs it. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include <glib.h>

#define LIBRARY_SERVICE "pop" /* RFC 5034, section 4 */

/* libsasl2 has callbacks of several types under one. */
#define LIBRARY_CALLBACK(function) ((int (*)(void))(void (*)(void))(function))

/**
 * library_init:
 * @options: names and values for libsasl2
 *
 * Main thread. Most options are asked for each login; those that the library's own plugins ask
 * for only while it comes up are answered from the first @options, for the life of the process.
 *
 * Returns: %FALSE when it does not come up, or when it did with other values than in @options
 */
gboolean library_init(GHashTable *options, GError **error);
