/* What a session has still to send: octets, then a source of more. One direction, no way back.
 */
/* SPDX-License-Identifier: MIT */

#pragma once

#include "buffer.h"
#include "connection.h"
#include "source.h"

/* From here on a session reads no further commands. */
#define OUTPUT_HIGH_WATER 32768

typedef struct {
    Buffer octets;  /* the worker's memory while the session runs, else the unsent rest */
    Source *source; /* (nullable): owned; follows the octets */
} Output;

/* Borrows memory to work in, and gives it back, keeping only what is unsent. */
void output_attach(Output *output, Buffer *lent);
void output_detach(Output *output, Buffer *lent);

/* @source: (transfer full): what follows the octets; there must be none yet. */
void output_set_source(Output *output, Source *source);

/* Draws from the source up to the high-water mark without sending. FALSE when it is broken. */
gboolean output_draw(Output *output);

/* What the source had still to send is not sent. */
void output_drop_source(Output *output);

gboolean output_is_empty(const Output *output);
gboolean output_is_full(const Output *output);

/* Sends until nothing is left (IO_DONE), the socket takes no more, or @budget octets are out.
 */
IoResult output_send(Output *output, Connection *connection, gsize budget, gsize *sent_out);
void output_clear(Output *output);
