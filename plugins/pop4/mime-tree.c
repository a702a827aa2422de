/* SPDX-License-Identifier: MIT */

#include "mime-tree.h"

#include <string.h>

MimeTree *
mime_tree_new(guint64 length)
{
    MimeTree *tree = g_new(MimeTree, 1);

    tree->length = length;
    tree->parts = g_array_new(FALSE, FALSE, sizeof(MimePart));
    tree->strings = g_string_chunk_new(1024);
    return tree;
}

void
mime_tree_free(MimeTree *tree)
{
    g_array_unref(tree->parts);
    g_string_chunk_free(tree->strings);
    g_free(tree);
}

static const char *
keep(MimeTree *tree, const char *text)
{
    return text != NULL ? g_string_chunk_insert_const(tree->strings, text) : NULL;
}

MimePart *
mime_tree_add(MimeTree *tree, const MimePart *part)
{
    MimePart added = *part;

    added.path = keep(tree, part->path);
    added.encoding = keep(tree, part->encoding);
    added.type = keep(tree, part->type);
    added.charset = keep(tree, part->charset);
    added.disposition = keep(tree, part->disposition);
    added.filename = keep(tree, part->filename);
    g_array_append_val(tree->parts, added);
    return &g_array_index(tree->parts, MimePart, tree->parts->len - 1);
}

guint
mime_tree_count(const MimeTree *tree)
{
    return tree->parts->len;
}

const MimePart *
mime_tree_get(const MimeTree *tree, guint index)
{
    g_assert(index < tree->parts->len);

    return &g_array_index(tree->parts, MimePart, index);
}

const MimePart *
mime_tree_find(const MimeTree *tree, const char *path)
{
    for (guint i = 0; i < tree->parts->len; i++) {
        const MimePart *part = mime_tree_get(tree, i);
        if (strcmp(part->path, path) == 0)
            return part;
    }
    return NULL;
}
