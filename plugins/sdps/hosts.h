/* The hosts that have a mailbox, and the forms of their logins: HOST, USER+HOST, USER@HOST. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct Hosts Hosts;

typedef struct {
    char *name;       /* in lower case, without the domain */
    char *login;      /* whose maildrop it has in the store */
    char **passwords; /* (nullable): its own, for all its users; else the login's counts */
} Host;

/**
 * hosts_new:
 * @domain: (nullable): what may stand behind a host's name
 * @maildrops: host -> login
 * @passwords: host -> passwords, separated by ";"
 */
Hosts *hosts_new(const char *domain, GHashTable *maildrops, GHashTable *passwords,
                 GError **error);
void hosts_free(Hosts *hosts);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Hosts, hosts_free)

/**
 * hosts_find:
 * @login: as a client sent it
 * @user_out: (out) (transfer full) (nullable): whose messages only, in lower case; NULL = all
 *
 * Returns: (nullable)
 */
const Host *hosts_find(const Hosts *hosts, const char *login, char **user_out);

/* (transfer full): the one form of a login; @user: (nullable). */
char *hosts_make_login(const Hosts *hosts, const Host *host, const char *user);

/* Whether the host has passwords of its own and this is one of them. The time it takes tells
 * neither which nor how much of it is right. */
gboolean host_takes_password(const Host *host, const char *password);

G_END_DECLS
