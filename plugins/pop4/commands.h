/* The handlers of the rows in pop4.c, a file a group. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include "groups.h"
#include "words.h"

#include <pop4/pop4.h>

/* folders.c */
gboolean lfld_run(Pop4Session *session, const Pop4Args *args, GError **error);
gboolean sfld_run(Pop4Session *session, const Pop4Args *args, GError **error);
gboolean cfld_run(Pop4Session *session, const Pop4Args *args, GError **error);
gboolean dfld_run(Pop4Session *session, const Pop4Args *args, GError **error);
gboolean movf_run(Pop4Session *session, const Pop4Args *args, GError **error);
gboolean renf_run(Pop4Session *session, const Pop4Args *args, GError **error);

/* messages.c */
gboolean move_run(Pop4Session *session, const Pop4Args *args, GError **error);
gboolean copy_run(Pop4Session *session, const Pop4Args *args, GError **error);
gboolean stor_run(Pop4Session *session, const Pop4Args *args, GError **error);

/* flags.c */
gboolean lflg_run(Pop4Session *session, const Pop4Args *args, GError **error);
gboolean sflg_run(Pop4Session *session, const Pop4Args *args, GError **error);

/* overview.c */
gboolean over_run(Pop4Session *session, const Pop4Args *args, GError **error);

/* parts.c */
gboolean lprt_run(Pop4Session *session, const Pop4Args *args, GError **error);
gboolean rprt_run(Pop4Session *session, const Pop4Args *args, GError **error);

/* sync.c */
gboolean sync_run(Pop4Session *session, const Pop4Args *args, GError **error);

/* wait.c */
gboolean wait_run(Pop4Session *session, const Pop4Args *args, GError **error);

/* The group is on, and the argument is there to be taken apart. */
static inline gboolean
begin_command(const Pop4Session *session, const Pop4Args *args, Group group, Words *words,
              GError **error)
{
    words_init(words, pop4_args_count(args) > 0 ? pop4_args_get(args, 0) : "");
    return groups_check(session, group, error);
}

/* Lines that are all there: (transfer full), each ends in LF. */
void reply_text(Pop4Session *session, const char *text, GString *lines);
