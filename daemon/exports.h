/* The plugin ABI as a list: every function in <pop4/...>, and no other. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include <glib.h>

typedef void (*Export)(void);

extern const Export exports[];
