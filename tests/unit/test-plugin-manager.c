/* Modules: which are plugins, which are refused, and by which words. */
/* SPDX-License-Identifier: MIT */

#include "config.h"

#include "plugin-manager.h"

#include <glib/gstdio.h>
#include <pop4/error.h>
#include <string.h>
#include <unistd.h>

static const char *modules;
static char *dir; /* one more folder of modules */

static void
test_load(void)
{
    g_autoptr(GError) error = NULL;
    const Pop4Plugin *plugin = plugin_load(modules, "pop3", &error);

    g_assert_no_error(error);
    g_assert_cmpstr(plugin->name, ==, "pop3");
    g_assert_cmpuint(plugin->abi_major, ==, POP4_ABI_MAJOR);
    g_assert_true(plugin_load(modules, "pop3", NULL) == plugin);
    g_assert_true(plugin_exists(modules, "pop3"));
}

/* What its ABI did not have is not there, whatever stands behind its tables. */
static void
test_older(void)
{
    g_autoptr(GError) error = NULL;
    const Pop4Plugin *plugin = plugin_load(modules, "older", &error);

    g_assert_no_error(error);
    g_assert_cmpuint(plugin->abi_minor, ==, 0);
    g_assert_null(plugin->directory);
    g_assert_nonnull(plugin->hooks->closed);
    g_assert_null(plugin->hooks->greeting);
    g_assert_null(plugin->hooks->secured);
    g_assert_null(plugin->hooks->logging_in);
    g_assert_null(plugin->hooks->submitted);
    g_assert_null(plugin->hooks->opened);
    g_assert_true(plugin_load(modules, "older", NULL) == plugin);
}

static void
test_former(void)
{
    g_autoptr(GError) error = NULL;
    const Pop4Plugin *plugin = plugin_load(modules, "former", &error);

    g_assert_no_error(error);
    g_assert_cmpuint(plugin->abi_minor, ==, 1);
    g_assert_nonnull(plugin->directory);
    g_assert_nonnull(plugin->hooks->secured);
    g_assert_null(plugin->hooks->submitted);
    g_assert_null(plugin->hooks->opened);
}

static void
refuse(const char *folder, const char *name, const char *expected)
{
    g_autoptr(GError) error = NULL;

    g_assert_null(plugin_load(folder, name, &error));
    g_assert_error(error, POP4_ERROR, POP4_ERROR_PERMANENT);
    g_assert_cmpstr(error->message, ==, expected);
}

static void
test_refused(void)
{
    g_autofree char *no_plugin = g_strdup_printf(
        "%s/no-plugin.so is no plugin: it has no pop4_plugin_no_plugin", modules);
    g_autofree char *other =
        g_strdup_printf("%s/other.so is no plugin: it has no pop4_plugin_other", dir);

    refuse(modules, "bad-abi", "plugin bad-abi was built for pop4 ABI 2.0, this is 1.3");
    refuse(modules, "no-plugin", no_plugin);
    refuse(dir, "other", other); /* pop3 under another name */
}

static void
test_no_module(void)
{
    g_autoptr(GError) error = NULL;

    g_assert_true(plugin_exists(dir, "junk"));
    g_assert_null(plugin_load(dir, "junk", &error));
    g_assert_error(error, POP4_ERROR, POP4_ERROR_PERMANENT);
    g_assert_true(g_str_has_prefix(error->message, "plugin junk cannot be loaded: "));
}

/* A name is never a path. */
static void
test_names(void)
{
    static const char *const names[] = {"",         ".",       "..",      "../other",
                                        "other.so", "a/other", "./other", "Pop3",
                                        "other\n",  "other ",  "absent",  "\xc3\xbc"};
    g_autofree char *below = g_build_filename(dir, "below", NULL);

    g_assert_cmpint(g_mkdir(below, 0700), ==, 0);
    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *expected =
            g_strdup_printf("there is no plugin %s in %s", names[i], below);
        g_assert_false(plugin_exists(below, names[i]));
        refuse(below, names[i], expected);
    }
    g_rmdir(below);
}

static void
test_list(void)
{
    g_auto(GStrv) names = plugin_names(dir);
    g_auto(GStrv) none = plugin_names("/nonexistent");
    g_autofree char *joined = g_strjoinv(";", names);

    g_assert_cmpstr(joined, ==, "junk;other");
    g_assert_null(none[0]);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    modules = g_getenv("POP4_MODULES");
    g_assert_nonnull(modules);
    dir = g_dir_make_tmp("pop4d-XXXXXX", NULL);
    g_autofree char *pop3 = g_build_filename(modules, "pop3.so", NULL);
    g_autofree char *other = g_build_filename(dir, "other.so", NULL);
    g_autofree char *junk = g_build_filename(dir, "junk.so", NULL);
    g_assert_cmpint(symlink(pop3, other), ==, 0);
    g_assert_true(g_file_set_contents(junk, "no ELF", -1, NULL));

    g_test_add_func("/plugin-manager/loads a plugin", test_load);
    g_test_add_func("/plugin-manager/loads one of an older ABI", test_older);
    g_test_add_func("/plugin-manager/loads one of ABI 1.1", test_former);
    g_test_add_func("/plugin-manager/refuses by name and number", test_refused);
    g_test_add_func("/plugin-manager/a file that is no module", test_no_module);
    g_test_add_func("/plugin-manager/names that are no names", test_names);
    g_test_add_func("/plugin-manager/lists what there is", test_list);
    int status = g_test_run();
    g_unlink(other);
    g_unlink(junk);
    g_rmdir(dir);
    g_free(dir);
    return status;
}
