/* SPDX-License-Identifier: MIT */

#include "load-error.h"

G_DEFINE_QUARK(load - error - quark, load_error)
