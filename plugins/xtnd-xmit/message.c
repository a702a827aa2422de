/* SPDX-License-Identifier: MIT */

#include "message.h"

#include "addresses.h"
#include "fields.h"

#include <pop4/error.h>
#include <string.h>

/* Octets of a header; a parser of addresses takes many times that. */
#define HEADER_MAX (256 * 1024)

typedef struct {
    Message *message;
    const char *header;
    guint authors, senders;       /* fields seen */
    guint block_start, block_end; /* the first block of Resent- fields */
} Reader;

void
message_free(Message *message)
{
    g_ptr_array_unref(message->recipients);
    g_ptr_array_unref(message->authors);
    g_ptr_array_unref(message->senders);
    g_array_unref(message->cuts);
    g_free(message->message_id);
    g_free(message);
}

static Message *
message_new(void)
{
    Message *message = g_new0(Message, 1);

    message->recipients = g_ptr_array_new_with_free_func(g_free);
    message->authors = g_ptr_array_new_with_free_func(g_free);
    message->senders = g_ptr_array_new_with_free_func(g_free);
    message->cuts = g_array_new(FALSE, FALSE, sizeof(Range));
    return message;
}

static gboolean
refuse(GError **error, const char *what)
{
    g_set_error_literal(error, POP4_ERROR, POP4_ERROR_PERMANENT, what);
    return FALSE;
}

static gboolean
is_any(const Field *field, const char *header, const char *const *names)
{
    for (; *names != NULL; names++) {
        if (field_is(field, header, *names))
            return TRUE;
    }
    return FALSE;
}

static gboolean
is_resent(const Field *field, const char *header)
{
    return field->name_length > 7 &&
           g_ascii_strncasecmp(header + field->start, "Resent-", 7) == 0;
}

static gboolean
add_addresses(const Reader *reader, const Field *field, GPtrArray *addresses, GError **error)
{
    g_autofree char *value = field_get_value(field, reader->header);

    return addresses_parse(value, addresses, error);
}

static gboolean
take_author(Reader *reader, const Field *field, GError **error)
{
    if (reader->authors++ > 0)
        return refuse(error, "it has more than one From field");
    return add_addresses(reader, field, reader->message->authors, error);
}

static gboolean
take_sender(Reader *reader, const Field *field, GError **error)
{
    if (reader->senders++ > 0)
        return refuse(error, "it has more than one Sender field");
    if (!add_addresses(reader, field, reader->message->senders, error))
        return FALSE;
    return reader->message->senders->len == 1 ||
           refuse(error, "its Sender field is not one address");
}

static gboolean
take_envelope(Reader *reader, const Field *field, gboolean resent, GError **error)
{
    static const char *const recipients[] = {"To", "Cc", "Bcc", NULL};
    static const char *const resent_recipients[] = {"Resent-To", "Resent-Cc", "Resent-Bcc",
                                                    NULL};

    if (field_is(field, reader->header, resent ? "Resent-From" : "From"))
        return take_author(reader, field, error);
    if (field_is(field, reader->header, resent ? "Resent-Sender" : "Sender"))
        return take_sender(reader, field, error);
    if (is_any(field, reader->header, resent ? resent_recipients : recipients))
        return add_addresses(reader, field, reader->message->recipients, error);
    return TRUE;
}

static void
take_rest(Reader *reader, const Field *field)
{
    static const char *const hidden[] = {"Bcc", "Resent-Bcc", NULL};
    Message *message = reader->message;

    if (is_any(field, reader->header, hidden)) {
        Range cut = {field->start, field->end};
        g_array_append_val(message->cuts, cut);
    } else if (field_is(field, reader->header, "Date")) {
        message->has_date = TRUE;
    } else if (field_is(field, reader->header, "Message-ID") && message->message_id == NULL) {
        message->message_id = field_get_value(field, reader->header);
    }
}

/* Whoever sends a message on puts his block in front (RFC 5322, section 3.6.6). */
static void
find_block(Reader *reader, const GArray *fields)
{
    static const char *const recipients[] = {"Resent-To", "Resent-Cc", "Resent-Bcc", NULL};
    guint i = 0;

    while (i < fields->len && !is_resent(&g_array_index(fields, Field, i), reader->header))
        i++;
    reader->block_start = i;
    for (; i < fields->len && is_resent(&g_array_index(fields, Field, i), reader->header);
         i++) {
        if (is_any(&g_array_index(fields, Field, i), reader->header, recipients))
            reader->message->is_resent = TRUE;
    }
    reader->block_end = i;
}

/* There can be tens of thousands: they are counted only afterwards. */
static void
drop_doubles(GPtrArray *addresses)
{
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    guint kept = 0;

    for (guint i = 0; i < addresses->len; i++) {
        gpointer address = addresses->pdata[i];
        if (!g_hash_table_add(seen, g_ascii_strdown(address, -1)))
            continue;
        addresses->pdata[i] = addresses->pdata[kept];
        addresses->pdata[kept++] = address;
    }
    g_ptr_array_set_size(addresses, (gint)kept);
}

static gboolean
read_fields(Reader *reader, gsize length, GError **error)
{
    g_autoptr(GArray) fields = fields_split(reader->header, length, error);

    if (fields == NULL)
        return FALSE;
    find_block(reader, fields);
    gboolean resent = reader->message->is_resent;
    for (guint i = 0; i < fields->len; i++) {
        const Field *field = &g_array_index(fields, Field, i);
        gboolean counts = !resent || (i >= reader->block_start && i < reader->block_end);
        take_rest(reader, field);
        if (counts && !take_envelope(reader, field, resent, error))
            return FALSE;
    }
    drop_doubles(reader->message->recipients);
    if (reader->message->authors->len == 0)
        return refuse(error,
                      resent ? "it has no Resent-From address" : "it has no From address");
    if (reader->message->recipients->len == 0)
        return refuse(error, "it has no recipients");
    return TRUE;
}

Message *
message_read(const Spool *spool, GError **error)
{
    gsize length = (gsize)MIN(spool_get_length(spool), (guint64)HEADER_MAX);
    g_autofree char *text = g_malloc(length + 1);

    if (!spool_read(spool, 0, text, length, error))
        return NULL;
    text[length] = '\0';
    gssize end = fields_find_end(text, length);
    if (end < 0 && length == HEADER_MAX) {
        refuse(error, "its header is too long");
        return NULL;
    }
    g_autoptr(Message) message = message_new();
    Reader reader = {.message = message, .header = text};
    if (!read_fields(&reader, end < 0 ? length : (gsize)end, error))
        return NULL;
    return g_steal_pointer(&message);
}
