/* A module that is no plugin at all. */
/* SPDX-License-Identifier: MIT */

#include <gmodule.h>

G_MODULE_EXPORT const int no_plugin_here = 1;
