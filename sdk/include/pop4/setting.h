/* A setting of a plugin: one row that parses, checks, documents and fills one struct member. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include <pop4/types.h>

G_BEGIN_DECLS

/**
 * Pop4SettingType:
 * @POP4_SETTING_STRING: char *
 * @POP4_SETTING_UINT: guint64, between @min and @max
 * @POP4_SETTING_BOOL: gboolean; yes, no, true or false
 * @POP4_SETTING_CHOICE: guint, the place of the value in @choices
 * @POP4_SETTING_LIST: char **, values separated by ";"
 * @POP4_SETTING_MAP: GHashTable * of strings; its key ends in ".", and "key.NAME = value" adds
 * one
 */
typedef enum {
    POP4_SETTING_STRING,
    POP4_SETTING_UINT,
    POP4_SETTING_BOOL,
    POP4_SETTING_CHOICE,
    POP4_SETTING_LIST,
    POP4_SETTING_MAP,
} Pop4SettingType;

/**
 * Pop4SettingFlags:
 * @POP4_SETTING_SECRET: its value is never shown
 * @POP4_SETTING_REQUIRED: it must be set
 * @POP4_SETTING_RESTART: a change waits for the next start
 */
typedef enum {
    POP4_SETTING_SECRET = 1 << 0,
    POP4_SETTING_REQUIRED = 1 << 1,
    POP4_SETTING_RESTART = 1 << 2,
} Pop4SettingFlags;

typedef struct {
    const char *key; /* lower case with dashes, the unit in the name; NULL ends a table */
    Pop4SettingType type;
    gsize offset;        /* of the member in the settings struct */
    const char *initial; /* (nullable): the default, as it would stand in the file */
    guint64 min, max;    /* of a UINT */
    const char *choices; /* of a CHOICE, "exclusive|shared" */
    guint flags;         /* Pop4SettingFlags, or-ed */
    const char *help;    /* one line */
} Pop4Setting;

G_END_DECLS
