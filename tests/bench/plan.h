/* What the load is to be: the options, read-only once the workers run. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include <glib.h>
#include <sys/socket.h>

typedef struct {
    struct sockaddr_storage address;
    socklen_t address_length;
    char *prefix; /* users are called PREFIX0, PREFIX1, ... */
    char *password;
    guint users;
    guint concurrency;
    guint threads;
    guint message;      /* the number that the work "retr" asks for */
    guint pipeline;     /* rounds of the loop that are sent at once */
    guint64 operations; /* 0: until the seconds are over */
    double seconds;
    double stall_seconds; /* without any reply, the load has failed */
    guint64 seed;
} Plan;
