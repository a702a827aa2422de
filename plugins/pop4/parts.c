/* Parts of messages: LPRT and RPRT. */
/* SPDX-License-Identifier: MIT */

#include "commands.h"
#include "mime.h"

#include <string.h>

static gboolean
fail(GError **error, const char *text)
{
    g_set_error_literal(error, POP4_ERROR, POP4_ERROR_FAILED, text);
    return FALSE;
}

typedef struct {
    Pop4Body *body; /* of the whole message */
    MimeTree *tree;
} PartedMessage;

static void
parted_clear(PartedMessage *message)
{
    g_clear_pointer(&message->body, pop4_body_free);
    g_clear_pointer(&message->tree, mime_tree_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PartedMessage, parted_clear)

/* The name of a note, and octets of a message from which on a look at it is worth one. */
#define NOTE "pop4"
#define NOTE_WORTH (256u << 10)

/* (transfer full) (nullable) */
static MimeTree *
find_noted(const Pop4Maildrop *maildrop, guint number, guint64 length)
{
    g_autoptr(GBytes) note = pop4_maildrop_get_note(maildrop, number, NOTE);
    gsize size;

    if (note == NULL)
        return NULL;
    gconstpointer octets = g_bytes_get_data(note, &size);
    return mime_tree_deserialise(octets, size, length);
}

/* Where the parts of a large message lie is looked for once. (transfer full) (nullable) */
static MimeTree *
find_tree(Pop4Maildrop *maildrop, guint number, int fd, guint64 length, GError **error)
{
    MimeTree *noted = length >= NOTE_WORTH ? find_noted(maildrop, number, length) : NULL;
    if (noted != NULL)
        return noted;

    MimeTree *tree = mime_tree_parse(fd, length, error);
    if (tree != NULL && length >= NOTE_WORTH) {
        g_autoptr(GBytes) note = mime_tree_serialise(tree);
        pop4_maildrop_set_note(maildrop, number, NOTE, note);
    }
    return tree;
}

static gboolean
take_message(Pop4Session *session, Words *words, guint *number_out, PartedMessage *message,
             GError **error)
{
    Pop4Maildrop *maildrop = pop4_session_get_maildrop(session);

    if (!words_take_number(words, "A message number", number_out, error))
        return FALSE;
    message->body = pop4_maildrop_open_body(maildrop, *number_out, error);
    if (message->body == NULL)
        return FALSE;
    int fd = pop4_body_get_fd(message->body);
    if (fd < 0)
        return fail(error, "This mailbox does not tell the parts of messages");
    message->tree =
        find_tree(maildrop, *number_out, fd, pop4_body_get_length(message->body), error);
    return message->tree != NULL;
}

static const char *
or_dash(const char *text)
{
    return text != NULL && text[0] != '\0' ? text : "-";
}

static gboolean
is_whole(const MimePart *part)
{
    return strcmp(part->path, "0") == 0;
}

gboolean
lprt_run(Pop4Session *session, const Pop4Args *args, GError **error)
{
    g_auto(PartedMessage) message = {0};
    g_autoptr(GString) lines = g_string_new(NULL);
    guint number;
    Words words;

    if (!begin_command(session, args, GROUP_PARTS, &words, error) ||
        !take_message(session, &words, &number, &message, error) ||
        !words_finish(&words, error))
        return FALSE;
    for (guint i = 0; i < mime_tree_count(message.tree); i++) {
        const MimePart *part = mime_tree_get(message.tree, i);
        guint64 octets =
            is_whole(part) ? pop4_maildrop_get_size(pop4_session_get_maildrop(session), number)
                           : part->body_wire;
        g_string_append_printf(lines, "%s %" G_GUINT64_FORMAT " %s %s %s %s %s\n", part->path,
                               octets, part->encoding, part->type, or_dash(part->charset),
                               or_dash(part->disposition), or_dash(part->filename));
    }
    reply_text(session, "parts follow", g_steal_pointer(&lines));
    return TRUE;
}

static gboolean
reply_slice(Pop4Session *session, const PartedMessage *message, guint64 offset, guint64 length,
            guint64 octets, GError **error)
{
    Pop4Body *slice = pop4_body_slice(message->body, offset, length, error);

    if (slice == NULL)
        return FALSE;
    pop4_reply_body(session, slice, POP4_ALL_LINES, "%" G_GUINT64_FORMAT, octets);
    return TRUE;
}

/* Octets of text that are read at once. */
#define BLOCK 16384

typedef struct {
    MimeText *text;
    char block[BLOCK];
    gsize length, done; /* of what is in the block */
    gboolean ended;
} TextReply;

static void
text_reply_free(gpointer data)
{
    TextReply *reply = data;

    mime_text_free(reply->text);
    g_free(reply);
}

static gboolean
fill(TextReply *reply)
{
    if (reply->done < reply->length)
        return TRUE;
    reply->done = 0;
    reply->length = sizeof reply->block;
    if (reply->ended || !mime_text_read(reply->text, reply->block, &reply->length, NULL))
        reply->length = 0;
    reply->ended = reply->length == 0;
    return !reply->ended;
}

/* One line, without its end. A disk that fails ends the text: the decoded one has no length
 * that a client could count on. */
static gboolean
next_line(GString *line, gpointer state)
{
    TextReply *reply = state;
    gboolean any = FALSE;

    while (fill(reply)) {
        const char *start = reply->block + reply->done;
        gsize left = reply->length - reply->done;
        const char *end = memchr(start, '\n', left);
        gsize part = end != NULL ? (gsize)(end - start) : left;
        g_string_append_len(line, start, (gssize)part);
        reply->done += part + (end != NULL ? 1 : 0);
        any = TRUE;
        if (end != NULL)
            break;
    }
    if (line->len > 0 && line->str[line->len - 1] == '\r')
        g_string_truncate(line, line->len - 1);
    return any;
}

static gboolean
reply_decoded(Pop4Session *session, const PartedMessage *message, const MimePart *part,
              GError **error)
{
    if (is_whole(part) || !g_str_has_prefix(part->type, "text/"))
        return fail(error, "That part is no text");
    MimeText *text = mime_text_new(pop4_body_get_fd(message->body), part, error);
    if (text == NULL)
        return FALSE;
    TextReply *reply = g_new0(TextReply, 1);
    reply->text = text;
    pop4_reply_lines_from_disk(session, "text follows", next_line, reply, text_reply_free);
    return TRUE;
}

static gboolean
reply_part(Pop4Session *session, const PartedMessage *message, guint number,
           const MimePart *part, GError **error)
{
    if (is_whole(part))
        return reply_slice(session, message, 0, pop4_body_get_length(message->body),
                           pop4_maildrop_get_size(pop4_session_get_maildrop(session), number),
                           error);
    return reply_slice(session, message, part->body_offset, part->body_length, part->body_wire,
                       error);
}

gboolean
rprt_run(Pop4Session *session, const Pop4Args *args, GError **error)
{
    g_auto(PartedMessage) message = {0};
    g_autofree char *form = NULL;
    guint number;
    Words words;

    if (!begin_command(session, args, GROUP_PARTS, &words, error) ||
        !take_message(session, &words, &number, &message, error))
        return FALSE;
    g_autofree char *path = words_take_atom(&words, "The path of a part", error);
    if (path == NULL)
        return FALSE;
    if (!words_end(&words) && (form = words_take_atom(&words, "TEXT or HEAD", error)) == NULL)
        return FALSE;
    if (!words_finish(&words, error))
        return FALSE;
    const MimePart *part = mime_tree_find(message.tree, path);
    if (part == NULL)
        return fail(error, "There is no such part");
    if (form == NULL)
        return reply_part(session, &message, number, part, error);
    if (g_ascii_strcasecmp(form, "TEXT") == 0)
        return reply_decoded(session, &message, part, error);
    if (g_ascii_strcasecmp(form, "HEAD") == 0)
        return reply_slice(session, &message, part->header_offset, part->header_length,
                           part->header_wire, error);
    g_set_error_literal(error, POP4_ERROR, POP4_ERROR_SYNTAX, "TEXT or HEAD expected");
    return FALSE;
}
