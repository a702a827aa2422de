/* Being told when a folder changes. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include <glib.h>

typedef struct Watch Watch;

/**
 * watch_new:
 * @maildir: its path
 * @changed: called once, on the main thread, when something has come, gone or got another name
 *
 * However many look at one folder, the kernel is asked once. Where it cannot tell, for want of
 * watches or on a network's file system, the folder's times are looked at every two seconds.
 * Any thread.
 *
 * Returns: (transfer full)
 */
Watch *watch_new(const char *maildir, void (*changed)(gpointer data), gpointer data);

/* When it returns @changed is not running, and will not be called. Not from within it. */
void watch_free(Watch *watch);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Watch, watch_free)

/* For tests: how many folders are watched, and how many of them without the kernel's help. */
guint watch_count_folders(guint *polled_out);

/* For tests: the kernel is not asked any more. */
void watch_forgo_kernel(gboolean forgo);
