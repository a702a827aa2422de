/* SPDX-License-Identifier: MIT */

#include "mime.h"

#include "mime-head.h"
#include "mime-lines.h"
#include "mime-tree.h"

#include <string.h>

#define HEADER_MAX (256 * 1024)
#define NO_PART G_MAXUINT

/* A part can hold a message, which itself is no part if it is a multipart. */
#define OPEN_MAX (2 * MIME_DEPTH_MAX + 1)

/* An entity that is being read: a message or a part of a multipart. */
typedef struct {
    char *prefix; /* of the numbers of the parts within it */
    guint depth;  /* numbers in the path of those */
    char *path;   /* (nullable): its own; a message has none before it is known to be a part */
    guint part;   /* where its own part is in the tree, or NO_PART */
    char *boundary; /* (nullable): of a multipart */
    guint children;
    gboolean is_digest;
    gboolean in_header, has_fields;
    gboolean has_parts, is_closed;
    MimeMark header, body;
} Entity;

/* GMime's own parser makes objects of all parts there are, without bound, and does not tell
 * where a multipart lies. */
typedef struct {
    int fd;
    MimeTree *tree;
    Entity open[OPEN_MAX];
    guint count;
    MimeMark text_end; /* of the line before: a delimiter takes that line's end for its own */
} Parser;

static void
clear_entity(Entity *entity)
{
    g_free(entity->prefix);
    g_free(entity->path);
    g_free(entity->boundary);
}

/* @path: (transfer full) (nullable): of a part; a message has @prefix: (transfer full) */
static void
open_entity(Parser *parser, char *path, char *prefix, guint depth, MimeMark start)
{
    g_assert(parser->count < OPEN_MAX);
    Entity *entity = &parser->open[parser->count++];

    *entity = (Entity){.path = path,
                       .prefix = path != NULL ? g_strconcat(path, ".", NULL) : prefix,
                       .depth = depth,
                       .part = NO_PART,
                       .in_header = TRUE,
                       .header = start,
                       .body = start};
}

static gboolean
has_room(const Parser *parser, guint depth)
{
    return depth <= MIME_DEPTH_MAX && parser->tree->parts->len < MIME_PARTS_MAX;
}

static guint
add_part(Parser *parser, const char *path, const MimeHead *head)
{
    MimePart part = {
        .path = path,
        .encoding = head->encoding,
        .type = head->type,
        .charset = head->charset,
        .disposition = head->disposition,
        .filename = head->filename,
    };

    mime_tree_add(parser->tree, &part);
    return parser->tree->parts->len - 1;
}

static gboolean
read_head(Parser *parser, guint index, const MimeMark *end, MimeHead *head_out, GError **error)
{
    const Entity *entity = &parser->open[index];
    gboolean in_digest = index > 0 && entity->path != NULL && parser->open[index - 1].is_digest;
    guint64 length = end->offset - entity->header.offset;

    if (length > HEADER_MAX) {
        mime_head_set_plain(head_out);
        return TRUE;
    }
    g_autofree char *text = g_malloc((gsize)length + 1);
    if (!mime_lines_read(parser->fd, entity->header.offset, text, (gsize)length, error))
        return FALSE;
    mime_head_read(text, (gsize)length, in_digest ? "message/rfc822" : "text/plain", head_out);
    return TRUE;
}

/* The body of the topmost entity begins at @end. */
static gboolean
end_header(Parser *parser, MimeMark end, GError **error)
{
    guint index = parser->count - 1;
    Entity *entity = &parser->open[index];
    g_auto(MimeHead) head = {0};

    if (!read_head(parser, index, &end, &head, error))
        return FALSE;
    entity->in_header = FALSE;
    entity->body = end;
    if (index == 0)
        add_part(parser, "0", &head);

    gboolean is_message = entity->path == NULL;
    if (is_message && head.boundary == NULL) {
        entity->path = g_strconcat(entity->prefix, "1", NULL);
        g_free(entity->prefix);
        entity->prefix = g_strconcat(entity->path, ".", NULL);
        entity->depth++;
    }
    if (entity->path != NULL)
        entity->part = add_part(parser, entity->path, &head);
    if (!has_room(parser, entity->depth))
        return TRUE;
    entity->boundary = g_steal_pointer(&head.boundary);
    entity->is_digest = g_str_equal(head.type, "multipart/digest");
    if (mime_head_is_message(&head))
        open_entity(parser, NULL, g_strdup(entity->prefix), entity->depth, end);
    return TRUE;
}

static void
set_range(MimePart *part, const Entity *entity, const MimeMark *end)
{
    const MimeMark *header = entity->header.offset < end->offset ? &entity->header : end;
    const MimeMark *body = entity->body.offset < end->offset ? &entity->body : end;

    part->header_offset = header->offset;
    part->header_length = body->offset - header->offset;
    part->header_wire = mime_lines_wire(header, body);
    part->body_offset = body->offset;
    part->body_length = end->offset - body->offset;
    part->body_wire = mime_lines_wire(body, end);
}

static void
set_plain(MimePart *part)
{
    part->type = "text/plain";
    part->encoding = "7bit";
    part->charset = part->disposition = part->filename = NULL;
}

/* A multipart without parts, or a message cut off in the midst of them, is a text. */
static void
become_plain(Parser *parser, guint index)
{
    Entity *entity = &parser->open[index];
    GArray *parts = parser->tree->parts;

    if (index == 0) {
        g_array_set_size(parts, 1);
        set_plain(&g_array_index(parts, MimePart, 0));
    }
    if (entity->part == NO_PART) {
        g_auto(MimeHead) head = {0};
        g_autofree char *path = g_strconcat(entity->prefix, "1", NULL);
        mime_head_set_plain(&head);
        entity->part = add_part(parser, path, &head);
    }
    set_plain(&g_array_index(parts, MimePart, entity->part));
}

/* The topmost entity ends at @end. */
static gboolean
close_entity(Parser *parser, MimeMark end, GError **error)
{
    guint index = parser->count - 1;
    Entity *entity = &parser->open[index];
    GArray *parts = parser->tree->parts;

    if (entity->in_header) {
        /* A delimiter right behind another leaves less than nothing between them. */
        MimeMark body = end.offset < entity->header.offset ? entity->header : end;
        if (!end_header(parser, body, error))
            return FALSE;
        if (parser->count > index + 1) /* a message of nothing */
            clear_entity(&parser->open[--parser->count]);
    }
    if (entity->boundary != NULL && (!entity->has_parts || (index == 0 && !entity->is_closed)))
        become_plain(parser, index);
    if (index == 0)
        set_range(&g_array_index(parts, MimePart, 0), entity, &end);
    if (entity->part != NO_PART)
        set_range(&g_array_index(parts, MimePart, entity->part), entity, &end);
    clear_entity(entity);
    parser->count--;
    return TRUE;
}

static gboolean
close_above(Parser *parser, guint kept, MimeMark end, GError **error)
{
    while (parser->count > kept) {
        if (!close_entity(parser, end, error))
            return FALSE;
    }
    return TRUE;
}

/* RFC 2046, section 5.1.1. */
static gboolean
is_delimiter(const MimeLine *line, const char *boundary, gboolean *closes_out)
{
    gsize size = strlen(boundary);

    if (line->length < size + 2 || memcmp(line->text + 2, boundary, size) != 0)
        return FALSE;
    const char *rest = line->text + 2 + size;
    const char *end = line->text + line->length;
    *closes_out = end - rest >= 2 && rest[0] == '-' && rest[1] == '-';
    if (*closes_out)
        rest += 2;
    while (rest < end && (*rest == ' ' || *rest == '\t'))
        rest++;
    return rest == end;
}

/* The innermost open multipart that @line delimits, or the number of open entities. */
static guint
find_delimited(const Parser *parser, const MimeLine *line, gboolean *closes_out)
{
    if (!line->is_start || line->length < 3 || line->text[0] != '-' || line->text[1] != '-')
        return parser->count;
    for (guint i = parser->count; i-- > 0;) {
        const Entity *entity = &parser->open[i];
        if (entity->boundary != NULL && !entity->is_closed &&
            is_delimiter(line, entity->boundary, closes_out))
            return i;
    }
    return parser->count;
}

static gboolean
take_delimiter(Parser *parser, guint index, gboolean closes, const MimeLine *line,
               GError **error)
{
    Entity *entity = &parser->open[index];

    if (!close_above(parser, index + 1, parser->text_end, error))
        return FALSE;
    entity->is_closed = closes;
    if (closes)
        return TRUE;
    entity->has_parts = TRUE;
    if (!has_room(parser, entity->depth))
        return TRUE;
    char *path = g_strdup_printf("%s%u", entity->prefix, ++entity->children);
    open_entity(parser, path, NULL, entity->depth + 1, line->end);
    return TRUE;
}

static gboolean
is_field(const MimeLine *line)
{
    gsize i = 0;

    while (i < line->length && g_ascii_isgraph(line->text[i]) && line->text[i] != ':')
        i++;
    gsize name = i;
    while (i < line->length && (line->text[i] == ' ' || line->text[i] == '\t'))
        i++;
    return name > 0 && i < line->length && line->text[i] == ':';
}

/* What programs that deliver put before a message. */
static gboolean
is_envelope(const MimeLine *line)
{
    return (line->length > 5 && memcmp(line->text, "From ", 5) == 0) ||
           (line->length > 6 && memcmp(line->text, ">From ", 6) == 0);
}

/* Whether the header of the topmost entity goes on with @line. */
static gboolean
goes_on(Parser *parser, const MimeLine *line)
{
    Entity *entity = &parser->open[parser->count - 1];
    gboolean folds = line->length > 0 && (line->text[0] == ' ' || line->text[0] == '\t');

    if (!line->is_start || (entity->has_fields && folds))
        return TRUE;
    if (!entity->has_fields && entity->path == NULL && is_envelope(line))
        return TRUE;
    if (!is_field(line))
        return FALSE;
    entity->has_fields = TRUE;
    return TRUE;
}

/* A line that is no field ends the header, too, and is of the body then, in which a message may
 * begin with it. */
static gboolean
take_line(Parser *parser, const MimeLine *line, GError **error)
{
    while (parser->open[parser->count - 1].in_header && !goes_on(parser, line)) {
        if (line->length == 0)
            return end_header(parser, line->end, error);
        if (!end_header(parser, line->start, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
parse(Parser *parser, MimeLines *lines, GError **error)
{
    g_autoptr(GError) fault = NULL;
    MimeLine line = {.end = {.at_line_end = TRUE}};

    open_entity(parser, NULL, g_strdup(""), 1, line.end);
    while (mime_lines_next(lines, &line, &fault)) {
        gboolean closes = FALSE;
        guint index = find_delimited(parser, &line, &closes);
        gboolean done = index < parser->count
                            ? take_delimiter(parser, index, closes, &line, error)
                            : take_line(parser, &line, error);
        if (!done)
            return FALSE;
        parser->text_end = line.text_end;
    }
    if (fault != NULL) {
        g_propagate_error(error, g_steal_pointer(&fault));
        return FALSE;
    }
    return close_above(parser, 0, line.end, error);
}

MimeTree *
mime_tree_parse(int fd, guint64 length, GError **error)
{
    g_autoptr(MimeTree) tree = mime_tree_new(length);
    g_autoptr(MimeLines) lines = mime_lines_new(fd, length);
    Parser parser = {.fd = fd, .tree = tree, .text_end = {.at_line_end = TRUE}};
    gboolean done = parse(&parser, lines, error);

    while (parser.count > 0)
        clear_entity(&parser.open[--parser.count]);
    return done ? g_steal_pointer(&tree) : NULL;
}
