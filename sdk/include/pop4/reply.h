/* Replies. "+OK", CRLF, dot-stuffing and the closing dot are added by the core, nowhere else.
 */
/* SPDX-License-Identifier: MIT */

#pragma once

#include <pop4/body.h>
#include <pop4/types.h>

G_BEGIN_DECLS

/* All on the session's thread, from a handler. A handler sends one reply. */

/* "+OK text". The line is cut at 512 octets (RFC 1939, section 3); control octets become "?".
 */
POP4_API void pop4_reply_ok(Pop4Session *session, const char *format, ...) G_GNUC_PRINTF(2, 3);

/**
 * Pop4LineFunc:
 * @line: empty on entry; append one line without its CRLF
 * @state: the producer's state
 *
 * Called once a line, whenever the output has room.
 *
 * Returns: %FALSE when there is no further line
 */
typedef gboolean (*Pop4LineFunc)(GString *line, gpointer state);

/**
 * pop4_reply_lines:
 * @text: the text after "+OK"
 * @next: produces the lines
 * @state: (transfer full): passed to @next
 * @destroy: (nullable): frees @state, also when the client disconnects half way
 *
 * A multi-line reply (RFC 1939, section 3), pulled line by line as the client takes it.
 */
POP4_API void pop4_reply_lines(Pop4Session *session, const char *text, Pop4LineFunc next,
                               gpointer state, GDestroyNotify destroy);

/* The same for a producer that reads from a disk: another thread waits for sessions meanwhile.
 * Since ABI 1.2. */
POP4_API void pop4_reply_lines_from_disk(Pop4Session *session, const char *text,
                                         Pop4LineFunc next, gpointer state,
                                         GDestroyNotify destroy);

#define POP4_ALL_LINES G_MAXUINT

/**
 * pop4_reply_body:
 * @body: (transfer full): what to send
 * @lines: how many lines behind the header and its empty line (TOP), or %POP4_ALL_LINES
 * @format: the text after "+OK"
 */
POP4_API void pop4_reply_body(Pop4Session *session, Pop4Body *body, guint lines,
                              const char *format, ...) G_GNUC_PRINTF(4, 5);

/**
 * Pop4ContinueFunc:
 * @line: what the client answered, without its line end; NUL-terminated, never with a NUL
 * inside
 * @length: its octets
 * @state: as given to pop4_reply_continue()
 *
 * Answers as a command handler does; may ask again with pop4_reply_continue().
 */
typedef gboolean (*Pop4ContinueFunc)(Pop4Session *session, const char *line, gsize length,
                                     gpointer state, GError **error);

/**
 * pop4_reply_continue:
 * @challenge: the text after "+ ", may be empty (RFC 5034, section 4)
 * @max_line: octets of the answer, at most %POP4_LINE_LIMIT
 * @next: gets the answer
 * @state: (transfer full): passed to @next
 * @destroy: (nullable): frees @state once @next has returned or the session has ended
 *
 * Asks the client for one more line. Within @next, pass a @state of its own to a further
 * pop4_reply_continue(): the old one is freed when @next returns.
 */
POP4_API void pop4_reply_continue(Pop4Session *session, const char *challenge, guint max_line,
                                  Pop4ContinueFunc next, gpointer state,
                                  GDestroyNotify destroy);

/* Where dot-terminated data goes. */
typedef struct {
    /* Octets of the data, dots unstuffed, line ends as the client sent them. A failure is kept:
     * the rest is swallowed, then told instead of calling @done. */
    gboolean (*write)(gpointer state, const char *data, gsize length, GError **error);
    /* CRLF "." CRLF has come: answer as a command handler does. */
    gboolean (*done)(Pop4Session *session, gpointer state, GError **error);
    /* (nullable): frees @state; without @done before it, the data was not whole. */
    GDestroyNotify destroy;
} Pop4Sink;

/**
 * pop4_reply_receive:
 * @text: the text after "+OK"
 * @timeout: seconds that the client may be silent; 0 = as for commands
 * @sink: static table
 * @state: (transfer full): passed to the sink
 *
 * Has the client send data up to a line with a lone dot.
 */
POP4_API void pop4_reply_receive(Pop4Session *session, const char *text, guint timeout,
                                 const Pop4Sink *sink, gpointer state);

G_END_DECLS
