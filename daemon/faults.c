/* SPDX-License-Identifier: MIT */

#include "config.h"

#include "faults.h"

struct Faults {
    GPtrArray *texts;
};

Faults *
faults_new(void)
{
    Faults *faults = g_new(Faults, 1);

    faults->texts = g_ptr_array_new_with_free_func(g_free);
    return faults;
}

void
faults_free(Faults *faults)
{
    g_ptr_array_unref(faults->texts);
    g_free(faults);
}

void
faults_add(Faults *faults, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    g_ptr_array_add(faults->texts, g_strdup_vprintf(format, args));
    va_end(args);
}

guint
faults_count(const Faults *faults)
{
    return faults->texts->len;
}

const char *
faults_get(const Faults *faults, guint index)
{
    return g_ptr_array_index(faults->texts, index);
}
