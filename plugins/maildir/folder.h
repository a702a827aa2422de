/* The folders of a Maildir: how to open one, and when it last changed. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include <dirent.h>
#include <glib.h>
#include <time.h>

/* A time of a folder that no later look will find. */
#define FOLDER_NEVER (G_MAXINT64 / 2)

gint64 folder_nanoseconds(const struct timespec *time);

/* Sets %POP4_ERROR_TEMPORARY from errno, and returns FALSE. */
gboolean folder_fail(GError **error);

/* @folder: "/cur" or "/new", here and below. */
gboolean folder_get_mtime(const char *maildir, const char *folder, gint64 *mtime_out,
                          GError **error);

/* (nullable): NULL with errno. */
DIR *folder_open(const char *maildir, const char *folder);

/* What has been put there, or taken away, is on disk afterwards. FALSE with errno. */
gboolean folder_sync(const char *maildir, const char *folder);
