/* All sessions of the server: counted, limited, and swept for those that have waited too long.
 */
/* SPDX-License-Identifier: MIT */

#pragma once

#include "session.h"

typedef struct SessionList SessionList;

SessionList *session_list_new(void);

/* When no worker runs any more: ends what is left. */
void session_list_free(SessionList *list);

/* Any thread, all of them. */
void session_list_add(SessionList *list, Pop4Session *session);

/* From here on the session is no stranger. */
void session_list_note_login(SessionList *list, Pop4Session *session);
void session_list_remove(SessionList *list, Pop4Session *session);
guint session_list_count(SessionList *list);

/* Ends the sessions whose deadline is over at @now, in seconds of session_clock(). */
void session_list_sweep(SessionList *list, gint now);

/* Ends all sessions, or those that have not logged in. */
void session_list_end_all(SessionList *list, CloseReason reason, gboolean only_authorization);

/* Ends the oldest that has not logged in; FALSE when there is none. */
gboolean session_list_end_oldest(SessionList *list, CloseReason reason);
