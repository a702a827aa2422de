/* What the process may do: all it needs while it starts, nothing of it afterwards. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include "settings.h"

/* Adds a fault where [server] user and group are no answer to who started the process. */
void privileges_check(const Settings *settings, Faults *faults);

/**
 * privileges_drop:
 *
 * Main thread, before there is another and behind privileges_check(): becomes the user, gives up
 * every capability for good but where that user is root, lets nothing that is run gain rights, and
 * allows no core dumps unless the settings do.
 *
 * Returns: %FALSE with @error when that is not certain; then nothing may be served
 */
gboolean privileges_drop(const Settings *settings, GError **error);
