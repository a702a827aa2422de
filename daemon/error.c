/* SPDX-License-Identifier: MIT */

#include "config.h"

#include <pop4/error.h>

/* GLib's macro for this keeps the number in a variable that threads may write at once. */
GQuark
pop4_error_quark(void)
{
    static gint quark;

    if (g_atomic_int_get(&quark) == 0)
        g_atomic_int_set(&quark, (gint)g_quark_from_static_string("pop4-error-quark"));
    return (GQuark)g_atomic_int_get(&quark);
}
