/* How a tree of parts is kept. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include "mime.h"

struct MimeTree {
    guint64 length;        /* of the file */
    GArray *parts;         /* MimePart */
    GStringChunk *strings; /* theirs */
};

MimeTree *mime_tree_new(guint64 length);

/* Copies the strings of @part. */
MimePart *mime_tree_add(MimeTree *tree, const MimePart *part);
