/* The kinds of load: what each client does once, over and over, and at the end. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include "client.h"

#define WORK_STEPS_MAX 10 /* with the NULL that ends a script */

typedef struct {
    const char *name;
    const char *summary;
    const Step *open[WORK_STEPS_MAX];
    const Step *loop[WORK_STEPS_MAX]; /* one round is one operation */
    const Step *close[WORK_STEPS_MAX];
    gboolean logs_in;
} Work;

/* Ends with a row that has no name. */
const Work *work_get_all(void);

/* NULL when there is none of that name. */
const Work *work_find(const char *name);

/* Whether each round has a connection of its own. */
gboolean work_reconnects(const Work *work);

/* Nothing to repeat: the clients only hold their connections. */
gboolean work_holds(const Work *work);
