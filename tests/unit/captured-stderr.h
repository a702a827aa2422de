/* What the process writes to its standard error meanwhile, for tests of what is logged. */
/* SPDX-License-Identifier: MIT */

#pragma once

void captured_stderr_begin(void);

/* (transfer full): the text; standard error is what it was before. */
char *captured_stderr_end(void);
