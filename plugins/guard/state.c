/* SPDX-License-Identifier: MIT */

#include "state.h"

#include "siphash.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#define BLANKS " \t\n\v\f\r"

/* They live as long as the process: a changed setting, or the plugin off for a moment, forgives
 * nobody. */
static Ledger *addresses, *accounts;
static guint64 secret[2];

void
state_init(void)
{
    if (addresses != NULL)
        return;
    while (getrandom(secret, sizeof secret, 0) != sizeof secret)
        g_assert(errno == EINTR);
    addresses = ledger_new();
    accounts = ledger_new();
}

Ledger *
state_get_addresses(void)
{
    return addresses;
}

Ledger *
state_get_accounts(void)
{
    return accounts;
}

guint64
state_make_address_key(const Address *group)
{
    return siphash(secret, group->octets, sizeof group->octets);
}

guint64
state_make_account_key(const char *name)
{
    const char *start = name + strspn(name, BLANKS);
    gsize length = strlen(start);

    while (length > 0 && strchr(BLANKS, start[length - 1]) != NULL)
        length--;
    g_autofree char *folded = g_ascii_strdown(start, (gssize)length);
    return siphash(secret, folded, strlen(folded));
}

guint32
state_clock(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
    return (guint32)now.tv_sec;
}
