/* A configuration file as read: groups of keys, and the line where each stands. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include "faults.h"

typedef struct SettingFile SettingFile;

/* GKeyFile syntax. NULL with @faults when it cannot be read or parsed. */
SettingFile *setting_file_load(const char *path, Faults *faults);
SettingFile *setting_file_parse(const char *path, const char *text, gsize length,
                                Faults *faults);
void setting_file_free(SettingFile *file);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SettingFile, setting_file_free)

const char *setting_file_path(const SettingFile *file);

/* (transfer full): NULL-terminated. */
char **setting_file_groups(const SettingFile *file);
char **setting_file_keys(const SettingFile *file, const char *group);
gboolean setting_file_has_group(const SettingFile *file, const char *group);

/* (transfer full) (nullable): the value with escapes undone, NULL when the key is not there. */
char *setting_file_get(const SettingFile *file, const char *group, const char *key,
                       GError **error);
char **setting_file_get_list(const SettingFile *file, const char *group, const char *key,
                             GError **error);

/* Adds a fault with the place of @key, or of the group when @key is NULL or not there. */
void setting_file_fault(const SettingFile *file, Faults *faults, const char *group,
                        const char *key, const char *format, ...) G_GNUC_PRINTF(5, 6);
