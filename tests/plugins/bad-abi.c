/* A plugin from the future: the loader must refuse it by name and number. */
/* SPDX-License-Identifier: MIT */

#include <pop4/pop4.h>

POP4_PLUGIN(bad_abi) = {
    .abi_major = POP4_ABI_MAJOR + 1,
    .name = "bad-abi",
};
