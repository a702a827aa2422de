/* SPDX-License-Identifier: MIT */

#include "config.h"

#include <glib.h>

int
main(int argc, char **argv)
{
    g_print("%s\n", PACKAGE_STRING);
    return 0;
}
