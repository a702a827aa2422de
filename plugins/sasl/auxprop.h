/* libsasl2's way to an account's properties, answered from the server's directories. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include <glib.h>

/* The name in libsasl2's option "auxprop_plugin". */
#define AUXPROP_NAME "pop4d"

/* Main thread, once libsasl2 has come up. Returns its result. */
int auxprop_add(void);
