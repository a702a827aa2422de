/* Any file: faults or settings, each fault with its place, and settings that print and clear.
 */
/* SPDX-License-Identifier: MIT */

#include "config.h"

#include "setting-table.h"
#include "settings.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const guint8 *octets, gsize size);

typedef struct {
    char *text;
    guint64 number;
    gboolean flag;
    guint choice;
    char **list;
    GHashTable *map;
} Fuzzed;

#define OFFSET(member) G_STRUCT_OFFSET(Fuzzed, member)

static const Pop4Setting table[] = {
    {.key = "text", .type = POP4_SETTING_STRING, .offset = OFFSET(text), .initial = "x"},
    {.key = "number",
     .type = POP4_SETTING_UINT,
     .offset = OFFSET(number),
     .initial = "5",
     .min = 1,
     .max = 1000},
    {.key = "flag", .type = POP4_SETTING_BOOL, .offset = OFFSET(flag), .initial = "no"},
    {.key = "choice",
     .type = POP4_SETTING_CHOICE,
     .offset = OFFSET(choice),
     .initial = "red",
     .choices = "red|green"},
    {.key = "list", .type = POP4_SETTING_LIST, .offset = OFFSET(list), .initial = "a;b"},
    {.key = "map.", .type = POP4_SETTING_MAP, .offset = OFFSET(map)},
    {.key = NULL},
};

static void
check_places(const Faults *faults)
{
    for (guint i = 0; i < faults_count(faults); i++) {
        const char *fault = faults_get(faults, i);
        g_assert(g_str_has_prefix(fault, "file:"));
        g_assert(g_ascii_isdigit(fault[strlen("file:")]));
    }
}

int
LLVMFuzzerTestOneInput(const guint8 *octets, gsize size)
{
    g_autoptr(Faults) faults = faults_new();
    g_autofree char *text = g_malloc(size + 1);
    memcpy(text, octets, size);
    g_autoptr(SettingFile) file = setting_file_parse("file", text, size, faults);

    g_assert(file != NULL || faults_count(faults) > 0);
    if (file != NULL) {
        Fuzzed settings = {0};
        setting_table_fill(table, file, "server", &settings, faults);
        g_autofree char *printed = setting_table_print(table, &settings);
        g_assert(strstr(printed, "number = ") != NULL);
        if (faults_count(faults) == 0)
            g_assert(settings.number >= 1 && settings.number <= 1000 && settings.choice < 2);
        setting_table_clear(table, &settings);
    }
    check_places(faults);
    return 0;
}
