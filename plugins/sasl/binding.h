/* The GS2 header of a SCRAM client's first message: what it says of channel binding. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include "octets.h"

typedef enum {
    BINDING_NONE,    /* "n": the client knows of no channel binding */
    BINDING_MISSED,  /* "y": it does, and thinks that we do not */
    BINDING_USED,    /* "p=": it uses one */
    BINDING_INVALID, /* no such header */
} BindingUse;

/* Octets of a name of a binding type, and a NUL. */
#define BINDING_TYPE_SIZE 64

/* RFC 5802, section 7. @type_out: the name of the type with BINDING_USED. */
BindingUse binding_parse(const Octets *message, char type_out[BINDING_TYPE_SIZE]);
