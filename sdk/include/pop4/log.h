/* Log lines: one event each, a name and pairs of key and value. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include <pop4/types.h>

G_BEGIN_DECLS

/**
 * Pop4LogLevel:
 * @POP4_LOG_ERROR: something is broken
 * @POP4_LOG_WARNING: the operator should look
 * @POP4_LOG_INFO: a session's life
 * @POP4_LOG_DEBUG: each command
 */
typedef enum {
    POP4_LOG_ERROR,
    POP4_LOG_WARNING,
    POP4_LOG_INFO,
    POP4_LOG_DEBUG,
} Pop4LogLevel;

/**
 * pop4_log:
 * @session: (nullable): adds `session=ID rip=ADDRESS` in front, before anything a client chose
 * @event: the event's name, lower case with dashes
 * @...: pairs of key and (nullable) value, then %NULL
 *
 * Values are quoted and control octets escaped as needed. Never a password, never mail.
 * Any thread (with @session: its own).
 */
POP4_API void pop4_log(const Pop4Session *session, Pop4LogLevel level, const char *event,
                       ...) G_GNUC_NULL_TERMINATED;

G_END_DECLS
