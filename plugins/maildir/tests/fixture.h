/* A Maildir of its own for each test, and what a test does to it beside the session. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include "drop.h"

/* (transfer full): the path of an empty Maildir. */
char *maildir_new(void);

/* (transfer full): a path below it. */
char *maildir_path(const char *maildir, const char *folder, const char *name);

/* Removes it with all that is in it. */
void maildir_free(char *maildir);

/* As an MTA does: the file is whole before it has its name. */
void maildir_deliver(const char *maildir, const char *folder, const char *name,
                     const char *text);
void maildir_rename(const char *maildir, const char *name, const char *to);
void maildir_remove(const char *maildir, const char *name);

/* Makes the folders and the index look old, so that the index counts as sure. */
void maildir_age(const char *maildir);

/* Opens a drop that must open. */
Drop *maildir_open(const char *maildir);

/* Octets that a file of this process may have: a disk that is full. G_MAXUINT64 ends that. */
void maildir_limit_files(guint64 octets);

/* "SIZE UID;" of each message. */
char *maildir_list(Drop *drop);

/* The octets of a wire: line ends as CRLF, the last one too. Dots are not doubled. */
char *maildir_wire(const char *text);
