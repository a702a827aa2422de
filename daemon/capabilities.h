/* What the server can do, told by CAPA (RFC 2449): computed from the session's extension set.
 */
/* SPDX-License-Identifier: MIT */

#pragma once

#include <pop4/plugin.h>

/* A part of every extension set, built on the tables that plugins use. */
extern const Pop4Plugin capabilities_plugin;
