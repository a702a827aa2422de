/* Fills a settings struct from one group of a file, as its table of rows says. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include "faults.h"
#include "setting-file.h"

#include <pop4/setting.h>

/* Every key of @group must have a row, every value must fit its row: else @faults. A group that
 * is not in the file gives the defaults. @settings: zeroed struct that @table describes. */
void setting_table_fill(const Pop4Setting *table, const SettingFile *file, const char *group,
                        gpointer settings, Faults *faults);

/* Frees what the members hold, not the struct. */
void setting_table_clear(const Pop4Setting *table, gpointer settings);

/* (transfer full): "key = value" a line, of all rows: equal settings give equal text. */
char *setting_table_print(const Pop4Setting *table, gconstpointer settings);

/* Appends "[group] key " for every row that differs and waits for the next start. */
void setting_table_diff(const Pop4Setting *table, const char *group, gconstpointer before,
                        gconstpointer after, GString *diff);

/* A table that a plugin brings: NULL, or what is wrong with it. */
const char *setting_table_check(const Pop4Setting *table, gsize settings_size);

/* For `--describe`: (transfer full): the type with its bounds or choices. */
char *setting_table_describe_type(const Pop4Setting *row);
