/* What is wrong with a configuration: every fault of it, each with its place. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include <glib.h>

typedef struct Faults Faults;

Faults *faults_new(void);
void faults_free(Faults *faults);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Faults, faults_free)

/* @text: "FILE:LINE: [group] key: what is wrong". */
void faults_add(Faults *faults, const char *format, ...) G_GNUC_PRINTF(2, 3);
guint faults_count(const Faults *faults);
const char *faults_get(const Faults *faults, guint index);
