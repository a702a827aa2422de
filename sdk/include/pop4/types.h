/* Opaque handles shared by every pop4 header. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct Pop4Session Pop4Session;
typedef struct Pop4Args Pop4Args;
typedef struct Pop4Plugin Pop4Plugin;
typedef struct Pop4Identity Pop4Identity;
typedef struct Pop4Account Pop4Account;
typedef struct Pop4Maildrop Pop4Maildrop;
typedef struct Pop4Body Pop4Body;
typedef struct Pop4Suspension Pop4Suspension;

/* Marks the functions a plugin may call; everything else in the daemon is hidden. */
#define POP4_API __attribute__((visibility("default"))) extern

G_END_DECLS
