/* SPDX-License-Identifier: MIT */

#include "process-tree.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "load-error.h"

typedef struct {
    int pid;
    int parent;
    guint64 ticks;
} Process;

/* The name stands in parentheses and may hold any byte, so fields count from the last one. */
static gboolean
read_process(int pid, Process *process_out)
{
    g_autofree char *path = g_strdup_printf("/proc/%d/stat", pid);
    g_autofree char *text = NULL;
    guint64 user, system;
    gint64 reaped_user, reaped_system;
    const char *fields;

    if (!g_file_get_contents(path, &text, NULL, NULL))
        return FALSE;
    fields = strrchr(text, ')');
    if (fields == NULL)
        return FALSE;

    process_out->pid = pid;
    if (sscanf(fields + 1,
               " %*c %d %*d %*d %*d %*d %*u %*u %*u %*u %*u"
               " %" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT " %" G_GINT64_FORMAT
               " %" G_GINT64_FORMAT,
               &process_out->parent, &user, &system, &reaped_user, &reaped_system) != 5)
        return FALSE;
    process_out->ticks = user + system + (guint64)(reaped_user + reaped_system);
    return TRUE;
}

static GArray *
read_processes(void)
{
    GArray *processes = g_array_new(FALSE, FALSE, sizeof(Process));
    g_autoptr(GDir) proc = g_dir_open("/proc", 0, NULL);
    const char *name;

    while (proc != NULL && (name = g_dir_read_name(proc)) != NULL) {
        Process process;

        if (g_ascii_isdigit(name[0]) && read_process(atoi(name), &process))
            g_array_append_val(processes, process);
    }
    return processes;
}

/* Breadth first: the tree is its own queue. */
static GArray *
read_tree(int root)
{
    g_autoptr(GArray) all = read_processes();
    GArray *tree = g_array_new(FALSE, FALSE, sizeof(Process));

    for (guint i = 0; i < all->len; i++) {
        if (g_array_index(all, Process, i).pid == root)
            g_array_append_val(tree, g_array_index(all, Process, i));
    }
    for (guint i = 0; i < tree->len; i++) {
        int parent = g_array_index(tree, Process, i).pid;

        for (guint j = 0; j < all->len; j++) {
            if (g_array_index(all, Process, j).parent == parent)
                g_array_append_val(tree, g_array_index(all, Process, j));
        }
    }
    return tree;
}

static gboolean
check_found(GArray *tree, int root, GError **error)
{
    if (tree->len > 0)
        return TRUE;
    g_set_error(error, LOAD_ERROR, LOAD_ERROR_PROCESS, "there is no process %d", root);
    return FALSE;
}

static gboolean
same_processes(GArray *a, GArray *b)
{
    if (a->len != b->len)
        return FALSE;
    for (guint i = 0; i < a->len; i++) {
        if (g_array_index(a, Process, i).pid != g_array_index(b, Process, i).pid)
            return FALSE;
    }
    return TRUE;
}

/* A child that ends while /proc is being read can be missed in both places or counted in two,
 * so a reading holds only when the next one finds the same processes. */
static GArray *
read_steady_tree(int root)
{
    GArray *tree = read_tree(root);

    for (int attempt = 0; attempt < 100; attempt++) {
        GArray *again = read_tree(root);
        gboolean steady = same_processes(tree, again);

        g_array_unref(tree);
        tree = again;
        if (steady)
            break;
    }
    return tree;
}

gboolean
process_tree_get_cpu(int root, guint64 *microseconds_out, GError **error)
{
    g_autoptr(GArray) tree = read_steady_tree(root);
    guint64 ticks = 0;

    if (!check_found(tree, root, error))
        return FALSE;
    for (guint i = 0; i < tree->len; i++)
        ticks += g_array_index(tree, Process, i).ticks;

    *microseconds_out = ticks * 1000000 / (guint64)sysconf(_SC_CLK_TCK);
    return TRUE;
}

/* A process that has ended meanwhile has nothing. */
static gboolean
read_pss(int pid, guint64 *kib_out, GError **error)
{
    g_autofree char *folder = g_strdup_printf("/proc/%d", pid);
    g_autofree char *path = g_build_filename(folder, "smaps_rollup", NULL);
    g_autofree char *text = NULL;
    g_autoptr(GError) failure = NULL;
    const char *line;

    *kib_out = 0;
    if (!g_file_get_contents(path, &text, NULL, &failure)) {
        if (!g_file_test(folder, G_FILE_TEST_EXISTS))
            return TRUE;
        g_propagate_error(error, g_steal_pointer(&failure));
        return FALSE;
    }
    line = strstr(text, "\nPss:");
    *kib_out = line != NULL ? g_ascii_strtoull(line + strlen("\nPss:"), NULL, 10) : 0;
    return TRUE;
}

gboolean
process_tree_get_pss(int root, guint64 *kib_out, GError **error)
{
    g_autoptr(GArray) tree = read_steady_tree(root);
    guint64 sum = 0;

    if (!check_found(tree, root, error))
        return FALSE;
    for (guint i = 0; i < tree->len; i++) {
        guint64 kib;

        if (!read_pss(g_array_index(tree, Process, i).pid, &kib, error))
            return FALSE;
        sum += kib;
    }
    *kib_out = sum;
    return TRUE;
}
