/* What a process and its descendants have used, from /proc. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include <glib.h>

/* User and system time of the living, and of the dead that were waited for, in
 * microseconds. */
gboolean process_tree_get_cpu(int root, guint64 *microseconds_out, GError **error);

/* Proportional set size in KiB. It costs the server time: not for use while measuring CPU. */
gboolean process_tree_get_pss(int root, guint64 *kib_out, GError **error);
