/* SPDX-License-Identifier: MIT */

#include "config.h"

#include <pop4/error.h>

G_DEFINE_QUARK(pop4 - error - quark, pop4_error)
