/* What a plugin may ask of the server as a whole. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include <pop4/types.h>

G_BEGIN_DECLS

/* The name the server goes by in greetings and traces. Any thread; valid from the first
 * start(). */
POP4_API const char *pop4_server_get_hostname(void);

G_END_DECLS
