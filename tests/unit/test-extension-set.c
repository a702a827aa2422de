/* Extension sets: built whole or not at all, sharing what has not changed. */
/* SPDX-License-Identifier: MIT */

#include "config.h"

#include "extension-set.h"

#include "captured-stderr.h"

#include <glib/gstdio.h>
#include <gmodule.h>
#include <string.h>
#include <unistd.h>

static const char *modules;
static gint *started, *stopped; /* by the plugin "counted" */

/* @text: stands behind "[server]" and three more lines. */
static ExtensionSet *
build(const char *text, const ExtensionSet *before, PluginPolicy policy, char **faults_out)
{
    g_autoptr(Faults) faults = faults_new();
    g_autofree char *file = g_strdup_printf("[listener a]\n[server]\nhostname = example.org\n"
                                            "plugin-dir = %s\n%s",
                                            modules, text);
    GString *found = g_string_new(NULL);

    g_assert_true(g_file_set_contents("t.conf", file, -1, NULL));
    g_autoptr(Settings) settings = settings_load("t.conf", faults);
    g_assert_cmpuint(faults_count(faults), ==, 0);
    ExtensionSet *set = extension_set_build(settings, before, NULL, policy, faults);
    for (guint i = 0; i < faults_count(faults); i++)
        g_string_append_printf(found, "%s\n", faults_get(faults, i));
    *faults_out = g_string_free(found, FALSE);
    return set;
}

static ExtensionSet *
build_good(const char *text, const ExtensionSet *before)
{
    g_autofree char *faults = NULL;
    ExtensionSet *set = build(text, before, PLUGINS_ALL, &faults);

    g_assert_cmpstr(faults, ==, "");
    g_assert_nonnull(set);
    return set;
}

static void
test_build(void)
{
    g_autoptr(ExtensionSet) set =
        build_good("plugins = testkit;pop3;testdrop;counted\nidle-timeout-seconds = 700\n"
                   "max-bad-commands = 3\n[plugin testdrop]\nmessage.1 = x\n",
                   NULL);

    g_assert_cmpuint(set->revision, ==, 1);
    g_assert_cmpuint(set->idle_timeout, ==, 700);
    g_assert_cmpuint(set->max_bad_commands, ==, 3);
    g_assert_cmpstr(set->store->plugin->name, ==, "testdrop");
    g_assert_nonnull(command_table_find(set->commands, "capa"));
    g_assert_nonnull(command_table_find(set->commands, "MORE ONE"));
    g_assert_nonnull(extension_set_find(set, "counted"));
    g_assert_null(extension_set_find(set, "uidl"));
    g_assert_null(command_table_find(set->commands, "UIDL"));
    /* The order of the plugins is the order of their capabilities and hooks. */
    static const char *const order[] = {"core", "testkit", "pop3", "testdrop", "counted"};
    g_assert_cmpuint(set->extensions->len, ==, G_N_ELEMENTS(order));
    for (guint i = 0; i < G_N_ELEMENTS(order); i++) {
        const Extension *extension = g_ptr_array_index(set->extensions, i);
        g_assert_cmpstr(extension->plugin->name, ==, order[i]);
    }
    guint hooks = 0;
    while (set->hooks[hooks] != NULL)
        hooks++;
    g_assert_cmpuint(hooks, >=, 1);
}

static void
test_sharing(void)
{
    gint starts = *started, stops = *stopped;
    g_autoptr(ExtensionSet) first =
        build_good("plugins = counted\n[plugin counted]\ntag = a\n", NULL);
    g_autoptr(ExtensionSet) same = build_good("plugins = counted;pop3\nlog-level = debug\n"
                                              "[plugin counted]\ntag=a\n",
                                              first);
    const Extension *old = extension_set_find(first, "counted");

    g_assert_cmpint(*started, ==, starts + 1);
    g_assert_true(extension_set_find(same, "counted") == old);
    g_assert_cmpuint(same->revision, ==, 2);
    g_autoptr(ExtensionSet) other =
        build_good("plugins = counted\n[plugin counted]\ntag = b\n", same);
    g_assert_cmpint(*started, ==, starts + 2);
    g_assert_true(extension_set_find(other, "counted") != old);
    g_assert_cmpstr(extension_set_find(other, "counted")->instance, ==, "b");
    g_assert_cmpstr(old->instance, ==, "a");
    g_assert_cmpint(*stopped, ==, stops);
}

/* A session is a reference to the set it was greeted with. */
static void
test_last_session(void)
{
    gint stops = *stopped;
    ExtensionSet *first = build_good("plugins = counted\n[plugin counted]\ntag = a\n", NULL);
    ExtensionSet *session = extension_set_ref(first);
    ExtensionSet *same = build_good("plugins = counted\n[plugin counted]\ntag = a\n", first);
    ExtensionSet *late_session = extension_set_ref(same);
    ExtensionSet *off = build_good("plugins = pop3\n", same);

    extension_set_unref(first);
    extension_set_unref(same);
    g_assert_cmpint(*stopped, ==, stops);
    g_assert_cmpstr(extension_set_find(session, "counted")->instance, ==, "a");
    extension_set_unref(session);
    g_assert_cmpint(*stopped, ==, stops); /* the later set uses it, too */
    extension_set_unref(late_session);
    g_assert_cmpint(*stopped, ==, stops + 1);
    extension_set_unref(off);
    g_assert_cmpint(*stopped, ==, stops + 1);
}

typedef struct {
    const char *sentence;
    const char *plugins; /* and what follows the line */
    const char *reason;  /* with %s for the folder of modules */
} Refusal;

static const Refusal refusals[] = {
    {"an ABI of the future", "counted;bad-abi\n",
     "plugin bad-abi was built for pop4 ABI 2.0, this is 1.3"},
    {"no plugin at all", "counted;no-plugin\n",
     "%s/no-plugin.so is no plugin: it has no pop4_plugin_no_plugin"},
    {"a start that fails", "counted;no-start\n",
     "plugin no-start cannot start: the moon is in the wrong place"},
    {"a verb twice", "counted;pop3;twice\n", "plugin twice: the verb STAT is already taken"},
    {"two stores", "counted;testdrop;maildir\n[plugin maildir]\npath = /x/%%u\n",
     "plugin maildir: plugin testdrop is the mail store already"},
    {"a plugin named twice", "counted;uidl;uidl\n", "plugin uidl is named twice"},
    {"settings that cannot start", "counted;maildir\n[plugin maildir]\npath = relative\n",
     "plugin maildir cannot start: the path \"relative\" is not absolute"},
};

/* At the start the rest runs; a reload takes all or nothing. */
static void
test_refusal(gconstpointer data)
{
    const Refusal *refusal = data;
    g_auto(GStrv) parts = g_strsplit(refusal->reason, "%s", 2);
    g_autofree char *reason =
        parts[1] != NULL ? g_strconcat(parts[0], modules, parts[1], NULL) : g_strdup(parts[0]);
    g_auto(GStrv) words = g_strsplit(refusal->plugins, "%%", 2);
    g_autofree char *plugins = g_strjoinv("%", words);
    g_autofree char *text = g_strconcat("plugins = ", plugins, NULL);
    g_autofree char *faults = NULL;
    gint starts = *started, stops = *stopped;

    g_assert_null(build(text, NULL, PLUGINS_ALL, &faults));
    g_autofree char *expected = g_strdup_printf("t.conf:5: [server] plugins: %s\n", reason);
    g_assert_cmpstr(faults, ==, expected);
    g_assert_cmpint(*started - starts, ==, *stopped - stops);

    g_autofree char *none = NULL;
    captured_stderr_begin();
    ExtensionSet *set = build(text, NULL, PLUGINS_WORKING, &none);
    g_autofree char *log = captured_stderr_end();
    g_assert_cmpstr(none, ==, "");
    g_assert_nonnull(extension_set_find(set, "counted"));
    g_assert_true(g_str_has_prefix(log, "event=plugin-refused level=error "));
    g_assert_true(strchr(log, '\n') == log + strlen(log) - 1);
    extension_set_unref(set);
    g_assert_cmpint(*started - starts, ==, *stopped - stops);
}

typedef struct {
    const char *sentence;
    const char *text; /* from line 5 on */
    const char *expected;
} Fault;

static const Fault fault_cases[] = {
    {"a plugin that is not there", "plugins = pop3;absent\n",
     "t.conf:5: [server] plugins: there is no plugin absent in %s\n"},
    {"a name that leads elsewhere", "plugins = ../modules/pop3\n",
     "t.conf:5: [server] plugins: there is no plugin ../modules/pop3 in %s\n"},
    {"a group for a plugin that is not there", "plugins = pop3\n[plugin absent]\nx = 1\n",
     "t.conf:6: [plugin absent]: there is no plugin absent in %s\n"},
    {"a fault of a plugin that is off", "plugins = pop3\n[plugin counted]\ntags = 1\n",
     "t.conf:7: [plugin counted] tags: unknown key\n"},
    {"a fault of a plugin that is on", "plugins = counted\n[plugin counted]\ntags = 1\n",
     "t.conf:7: [plugin counted] tags: unknown key\n"},
    {"a setting for a plugin without any", "plugins = pop3\n[plugin pop3]\nx = 1\n",
     "t.conf:7: [plugin pop3] x: unknown key\n"},
    {"faults of several plugins",
     "plugins = counted;absent;maildir\n[plugin counted]\nx = 1\n[plugin uidl]\ny = 1\n",
     "t.conf:7: [plugin counted] x: unknown key\n"
     "t.conf:5: [server] plugins: there is no plugin absent in %s\n"
     "t.conf:1: [plugin maildir] path: must be set\n"
     "t.conf:9: [plugin uidl] y: unknown key\n"},
};

/* Faulty settings are faults under either policy, and nothing is started for them. */
static void
test_fault(gconstpointer data)
{
    const Fault *fault = data;
    static const PluginPolicy policies[] = {PLUGINS_ALL, PLUGINS_WORKING};
    g_auto(GStrv) parts = g_strsplit(fault->expected, "%s", -1);
    g_autofree char *expected = g_strjoinv(modules, parts);
    gint starts = *started;

    for (guint i = 0; i < G_N_ELEMENTS(policies); i++) {
        g_autofree char *faults = NULL;
        g_assert_null(build(fault->text, NULL, policies[i], &faults));
        g_assert_cmpstr(faults, ==, expected);
    }
    g_assert_cmpint(*started, ==, starts);
}

static void
find_counters(void)
{
    g_autofree char *path = g_build_filename(modules, "counted.so", NULL);
    GModule *module = g_module_open(path, G_MODULE_BIND_LOCAL);

    g_assert_nonnull(module);
    g_assert_true(g_module_symbol(module, "counted_started", (gpointer *)&started));
    g_assert_true(g_module_symbol(module, "counted_stopped", (gpointer *)&stopped));
    g_module_make_resident(module);
}

int
main(int argc, char **argv)
{
    g_autofree char *dir = g_dir_make_tmp("pop4d-XXXXXX", NULL);

    g_test_init(&argc, &argv, NULL);
    modules = g_getenv("POP4_MODULES");
    g_assert_nonnull(modules);
    g_assert_cmpint(chdir(dir), ==, 0);
    find_counters();
    g_test_add_func("/extension-set/built from modules", test_build);
    g_test_add_func("/extension-set/the same settings share an instance", test_sharing);
    g_test_add_func("/extension-set/stopped behind the last session", test_last_session);
    for (guint i = 0; i < G_N_ELEMENTS(refusals); i++) {
        g_autofree char *path =
            g_strconcat("/extension-set/refused/", refusals[i].sentence, NULL);
        g_test_add_data_func(path, &refusals[i], test_refusal);
    }
    for (guint i = 0; i < G_N_ELEMENTS(fault_cases); i++) {
        g_autofree char *path =
            g_strconcat("/extension-set/fault/", fault_cases[i].sentence, NULL);
        g_test_add_data_func(path, &fault_cases[i], test_fault);
    }
    int status = g_test_run();
    g_unlink("t.conf");
    g_assert_cmpint(chdir("/"), ==, 0);
    g_rmdir(dir);
    return status;
}
