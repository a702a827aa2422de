/* SipHash-2-4: a short hash that nobody without the key can aim at. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include <glib.h>

/* Aumasson and Bernstein, 2012; the key's words are little-endian. */
guint64 siphash(const guint64 key[2], gconstpointer data, gsize length);
