/* Tells what plugins there are and what each brings, out of their tables. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include <glib.h>

/* To standard output; both return a program's exit status. */
int inspect_list(const char *plugin_dir);
int inspect_describe(const char *plugin_dir, const char *name);
