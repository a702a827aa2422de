/* Suspending a session while something else works for it, so that no thread is held. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include <pop4/types.h>

G_BEGIN_DECLS

/* Runs on the session's thread after pop4_suspension_resume(); answers as a command handler
 * does. */
typedef gboolean (*Pop4ResumeFunc)(Pop4Session *session, gpointer state, GError **error);

/**
 * pop4_session_suspend:
 * @timeout: seconds after which the client is told `[SYS/TEMP]`
 * @resume: called when the answer is there; not called after a timeout or when the client left
 * @state: (transfer full): passed to @resume
 * @destroy: (nullable): frees @state, on the session's thread, in every case
 *
 * Called by a handler instead of a reply. Further commands of the client wait.
 *
 * Returns: (transfer full): hand it to whoever will have the answer
 */
POP4_API Pop4Suspension *pop4_session_suspend(Pop4Session *session, guint timeout,
                                              Pop4ResumeFunc resume, gpointer state,
                                              GDestroyNotify destroy);

/**
 * pop4_session_wait:
 * @timeout: seconds after which @resume is called all the same
 * @resume: called when somebody says so, at the end of the time, or as soon as the client sends
 *     anything, which is then the next command; not called when the client left
 *
 * Otherwise as pop4_session_suspend(). Since ABI 1.3.
 *
 * Returns: (transfer full): for pop4_suspension_resume(), which is due in each of these cases
 */
POP4_API Pop4Suspension *pop4_session_wait(Pop4Session *session, guint timeout,
                                           Pop4ResumeFunc resume, gpointer state,
                                           GDestroyNotify destroy);

/**
 * pop4_suspension_resume:
 * @suspension: (transfer full): must be given back once, also when the answer is a failure
 *
 * Any thread, also before the suspending handler has returned. Harmless when the session is
 * gone.
 */
POP4_API void pop4_suspension_resume(Pop4Suspension *suspension);

G_END_DECLS
