/* SPDX-License-Identifier: MIT */

#include "path-template.h"

#include <pop4/error.h>
#include <string.h>

gboolean
path_template_check(const char *template, GError **error)
{
    if (template[0] != '/') {
        g_set_error(error, POP4_ERROR, POP4_ERROR_PERMANENT, "the path \"%s\" is not absolute",
                    template);
        return FALSE;
    }
    for (const char *percent = strchr(template, '%'); percent != NULL;
         percent = strchr(percent + 2, '%')) {
        if (percent[1] == '\0' || strchr("und%", percent[1]) == NULL) {
            g_set_error(error, POP4_ERROR, POP4_ERROR_PERMANENT,
                        "\"%.2s\" in the path is none of %%u, %%n, %%d and %%%%", percent);
            return FALSE;
        }
    }
    return TRUE;
}

static gboolean
is_safe(const char *part)
{
    if (part[0] == '\0' || part[0] == '.' || strchr(part, '/') != NULL)
        return FALSE;
    for (const char *c = part; *c != '\0'; c++) {
        if (g_ascii_iscntrl(*c))
            return FALSE;
    }
    return strlen(part) <= 255;
}

static const char *
get_part(char which, const Pop4Identity *identity)
{
    switch (which) {
    case 'u':
        return pop4_identity_get_login(identity);
    case 'n':
        return pop4_identity_get_local_part(identity);
    case 'd':
        return pop4_identity_get_domain(identity);
    default:
        return "%";
    }
}

char *
path_template_expand(const char *template, const Pop4Identity *identity, GError **error)
{
    g_autoptr(GString) path = g_string_new(NULL);

    for (const char *c = template; *c != '\0'; c++) {
        if (*c != '%') {
            g_string_append_c(path, *c);
            continue;
        }
        const char *part = get_part(*++c, identity);
        if (!is_safe(part)) {
            g_set_error_literal(error, POP4_ERROR, POP4_ERROR_PERMANENT,
                                "There is no mailbox for a login of this form");
            return NULL;
        }
        g_string_append(path, part);
    }
    return g_string_free(g_steal_pointer(&path), FALSE);
}
