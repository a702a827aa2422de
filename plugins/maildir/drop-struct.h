/* What the parts of an open Maildir share. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include "drop.h"
#include "name.h"
#include "view.h"

struct Drop {
    Drop *root; /* itself, when it is the whole maildrop and not a folder of it */
    View *view;
    GHashTable *renamed; /* (nullable): unique part -> present name in cur/, read when one was
                          * missed */
    GArray *gone;        /* (nullable): numbers that have gone, not told yet */
    gboolean changed;    /* by others, and not told yet */
    int lock;            /* of the root */
    gboolean shared;     /* other sessions may change it, too */
    char uid[NAME_UID_SIZE];
    char maildir[];
};

/* (transfer full) (nullable): a folder of @root, without a look at it. */
Drop *drop_new(Drop *root, const char *maildir);

/* (transfer full) (nullable): the same, looked at. The drop is held. */
Drop *drop_open_folder(Drop *root, const char *maildir, GError **error);

/* Keeps other sessions from changing anything. */
gboolean drop_hold(Drop *drop, GError **error);
void drop_release(Drop *drop);

/* The name by which message @number is known, as far as that is known by now. */
const char *drop_get_name(const Drop *drop, guint number);

/* (transfer full): the path of that. */
char *drop_get_path(const Drop *drop, guint number);

/* An IMAP server beside us gives a message another name when its flags change. */
void drop_look_for_renamed(Drop *drop);

/* Takes over what other sessions have written down. The drop is held. */
gboolean drop_catch_up(Drop *drop, GError **error);

/* Looks at the folder besides. @sync: what that finds is on disk before it returns. The drop is
 * held. */
gboolean drop_update(Drop *drop, gboolean sync, GError **error);

/* Hands over the numbers of the messages that have gone since the last call. */
void drop_tell_gone(Drop *drop, GArray *gone);

/* Writes down what this session has changed, having caught up. The drop is held. */
void drop_record(Drop *drop, const GArray *changes);
