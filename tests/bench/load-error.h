/* The error domain of the load generator. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include <glib.h>

#define LOAD_ERROR load_error_quark()

typedef enum {
    LOAD_ERROR_REPLY,   /* the server answered what it should not */
    LOAD_ERROR_NETWORK, /* the connection failed or stalled */
    LOAD_ERROR_USAGE,   /* options that contradict each other */
    LOAD_ERROR_PROCESS, /* the server's processes cannot be read */
} LoadError;

GQuark load_error_quark(void);
