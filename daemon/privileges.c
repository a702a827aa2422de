/* SPDX-License-Identifier: MIT */

#include "config.h"

#include "privileges.h"

#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <pop4/error.h>
#include <pop4/log.h>
#include <pwd.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

typedef struct {
    uid_t uid;
    gid_t gid;
} Target;

/* The words of a fault, or NULL. */
static const char *
find_user(const char *name, Target *target)
{
    const struct passwd *entry = getpwnam(name);

    if (entry == NULL)
        return "there is no such user";
    *target = (Target){entry->pw_uid, entry->pw_gid};
    return NULL;
}

static const char *
find_group(const char *name, Target *target)
{
    const struct group *entry = getgrnam(name);

    if (entry == NULL)
        return "there is no such group";
    target->gid = entry->gr_gid;
    return NULL;
}

/* Whoever is not root can only be who it is. */
static const char *
check_user(const char *name, const Target *target)
{
    if (name == NULL)
        return geteuid() == 0 ? "must be set when started as root (\"root\" to stay root)"
                              : NULL;
    if (geteuid() != 0 && target->uid != geteuid())
        return "only root can become another user";
    return NULL;
}

static const char *
check_group(const char *user, const Target *target)
{
    if (user == NULL)
        return "needs the key user";
    if (geteuid() != 0 && target->gid != getegid())
        return "only root can take another group";
    return NULL;
}

void
privileges_check(const Settings *settings, Faults *faults)
{
    const ServerSettings *server = &settings->server;
    Target target = {0};
    const char *fault = server->user != NULL ? find_user(server->user, &target) : NULL;

    if (fault == NULL)
        fault = check_user(server->user, &target);
    if (fault != NULL)
        setting_file_fault(settings->file, faults, "server", "user", "%s", fault);
    if (server->group == NULL)
        return;
    fault = find_group(server->group, &target);
    if (fault == NULL)
        fault = check_group(server->user, &target);
    if (fault != NULL)
        setting_file_fault(settings->file, faults, "server", "group", "%s", fault);
}

/* A directory of users that has gone since privileges_check() must not leave root serving. */
static gboolean
find_target(const ServerSettings *server, Target *target, GError **error)
{
    const char *fault = server->user != NULL ? find_user(server->user, target) : "is not set";

    if (fault == NULL && server->group != NULL)
        fault = find_group(server->group, target);
    if (fault != NULL)
        g_set_error(error, POP4_ERROR, POP4_ERROR_PERMANENT, "cannot become %s: %s",
                    server->user != NULL ? server->user : "another user", fault);
    return fault == NULL;
}

static gboolean
fail(const char *what, GError **error)
{
    g_set_error(error, POP4_ERROR, POP4_ERROR_PERMANENT, "cannot give up rights: %s: %s", what,
                g_strerror(errno));
    return FALSE;
}

/* Those that nothing that is run can get back. Needs a capability, so it comes first. */
static void
drop_bounds(void)
{
    for (unsigned long capability = 0; prctl(PR_CAPBSET_READ, capability, 0, 0, 0) >= 0;
         capability++)
        prctl(PR_CAPBSET_DROP, capability, 0, 0, 0);
}

/* A filter of system calls, as in contrib/systemd, forbids the calls that give something up,
 * too. Where there is nothing to give up that is no failure: so they are tried, and then it is
 * looked. */

static gboolean
has_no_capability(void)
{
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct have[_LINUX_CAPABILITY_U32S_3] = {0}, none = {0};

    return syscall(SYS_capget, &header, have) == 0 &&
           memcmp(&have[0], &none, sizeof none) == 0 &&
           memcmp(&have[1], &none, sizeof none) == 0;
}

static gboolean
drop_capabilities(GError **error)
{
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {0};

    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
    return syscall(SYS_capset, &header, none) == 0 || has_no_capability() ||
           fail("capset", error);
}

static gboolean
take_groups(const char *user, gid_t gid, GError **error)
{
    gid_t real, effective, saved;

    if (geteuid() == 0 && initgroups(user, gid) < 0)
        return fail("initgroups", error);
    if (setresgid(gid, gid, gid) == 0)
        return TRUE;
    return (getresgid(&real, &effective, &saved) == 0 && real == gid && effective == gid &&
            saved == gid) ||
           fail("setresgid", error);
}

static gboolean
take_user(uid_t uid, GError **error)
{
    uid_t real, effective, saved;

    if (setresuid(uid, uid, uid) == 0)
        return TRUE;
    return (getresuid(&real, &effective, &saved) == 0 && real == uid && effective == uid &&
            saved == uid) ||
           fail("setresuid", error);
}

/* All three of the ids: a saved one would be a way back. */
static gboolean
leave_root(const char *user, const Target *target, GError **error)
{
    drop_bounds();
    if (!take_groups(user, target->gid, error) || !take_user(target->uid, error) ||
        !drop_capabilities(error))
        return FALSE;
    if (seteuid(0) == 0 || (target->gid != 0 && setegid(0) == 0)) {
        errno = EPERM;
        return fail("root comes back", error);
    }
    return TRUE;
}

static gboolean
stay_root(const ServerSettings *server, const Target *target, GError **error)
{
    pop4_log(NULL, POP4_LOG_WARNING, "runs-as-root", NULL);
    return server->group == NULL || take_groups(server->user, target->gid, error);
}

/* Memory holds passwords and keys. A change of user does the same, until something is run. */
static void
allow_core_dumps(gboolean allowed)
{
    const struct rlimit none = {0};

    if (!allowed)
        setrlimit(RLIMIT_CORE, &none);
    prctl(PR_SET_DUMPABLE, allowed ? 1 : 0, 0, 0, 0);
}

gboolean
privileges_drop(const Settings *settings, GError **error)
{
    const ServerSettings *server = &settings->server;
    Target target = {geteuid(), getegid()};

    if (geteuid() == 0 && !find_target(server, &target, error))
        return FALSE;
    if (target.uid == 0 ? !stay_root(server, &target, error)
                        : !leave_root(server->user, &target, error))
        return FALSE;
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
        return fail("no_new_privs", error);
    allow_core_dumps(server->core_dumps);
    return TRUE;
}
