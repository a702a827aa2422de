/* What the header of a message asks for: from whom, to whom, and what must not go out. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include "spool.h"

typedef struct {
    guint64 start, end;
} Range;

typedef struct {
    GPtrArray *recipients; /* of To, Cc and Bcc, or of the Resent- ones; each once */
    GPtrArray *authors;    /* of From, or Resent-From */
    GPtrArray *senders;    /* of Sender, or Resent-Sender; none or one */
    GArray *cuts;          /* Range: Bcc and Resent-Bcc, in order */
    gboolean is_resent;
    gboolean has_date;
    char *message_id; /* (nullable) */
} Message;

/**
 * message_read:
 * @spool: finished
 * @error: %POP4_ERROR_PERMANENT for a header that is not in order, %POP4_ERROR_TEMPORARY
 *
 * Returns: (transfer full) (nullable)
 */
Message *message_read(const Spool *spool, GError **error);
void message_free(Message *message);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Message, message_free)
