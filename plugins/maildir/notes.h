/* What plugins keep with the messages of a folder: a bounded file of records. Only a cache: its
 * older half goes when it is full, and nothing is lost with it. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include <glib.h>

/* Of which message, and of which of its states, a note is. */
typedef struct {
    const char *name; /* of the note */
    const char *uid;
    gint64 mtime; /* nanoseconds: of the message's file */
} NoteKey;

/* (transfer full) (nullable): any octets, as a crash may have left them. */
GBytes *notes_find(const char *maildir, const NoteKey *key);

/* A note that cannot be kept is not kept. The caller holds the folder's lock. */
void notes_add(const char *maildir, const NoteKey *key, GBytes *note);
