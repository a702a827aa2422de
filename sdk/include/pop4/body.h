/* Octets to be sent to a client: a message, or a part of one. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include <pop4/types.h>

G_BEGIN_DECLS

/**
 * Pop4BodyFlags:
 * @POP4_BODY_WIRE_READY: every line ends in CRLF, the last one too, and none begins with a dot:
 *     the octets go out as they are, from the page cache to the socket
 */
typedef enum {
    POP4_BODY_WIRE_READY = 1 << 0,
} Pop4BodyFlags;

/**
 * pop4_body_new_for_fd:
 * @fd: (transfer full): a regular file, open for reading; its position is not used
 * @offset: where the body begins, octets
 * @length: its length in the file, octets
 * @flags: Pop4BodyFlags, or-ed
 *
 * Without %POP4_BODY_WIRE_READY the core makes line ends CRLF, doubles leading dots and adds a
 * missing last line end. Should the file turn out shorter than @length, the connection is
 * dropped, so that no client takes half a message for a whole one.
 *
 * Any thread.
 *
 * Returns: (transfer full)
 */
POP4_API Pop4Body *pop4_body_new_for_fd(int fd, guint64 offset, guint64 length, guint flags);

/**
 * pop4_body_new_for_bytes:
 * @bytes: (transfer none): kept by reference
 *
 * Returns: (transfer full)
 */
POP4_API Pop4Body *pop4_body_new_for_bytes(GBytes *bytes);

/* The file that the octets lie in, from its start, borrowed; -1 for one of another kind. Since
 * ABI 1.3. */
POP4_API int pop4_body_get_fd(const Pop4Body *body);

/* Octets in the file. Since ABI 1.3. */
POP4_API guint64 pop4_body_get_length(const Pop4Body *body);

/**
 * pop4_body_slice:
 * @offset: from the start of @body, octets in the file
 * @length: octets in the file, within @body
 *
 * A part of it to be sent; to send it is no retrieval of the message. Since ABI 1.3.
 *
 * Returns: (transfer full) (nullable): NULL with %POP4_ERROR_TEMPORARY
 */
POP4_API Pop4Body *pop4_body_slice(const Pop4Body *body, guint64 offset, guint64 length,
                                   GError **error);

POP4_API void pop4_body_free(Pop4Body *body);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Pop4Body, pop4_body_free)

G_END_DECLS
