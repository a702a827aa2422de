/* The daemon's side of <pop4/log.h>: where log lines go, and from which level on. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include <pop4/log.h>

/* Main thread, before others start: GLib's own messages become events too. */
void log_init(void);

/* Any thread. */
void log_set_level(Pop4LogLevel level);
gboolean log_is_on(Pop4LogLevel level);

/* Appends " key=value", quoted and escaped where the value needs it. */
void log_append_pair(GString *line, const char *key, const char *value);
