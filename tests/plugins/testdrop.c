/* A mail store in memory: messages from the configuration, the same for every login. */
/* SPDX-License-Identifier: MIT */

#define _GNU_SOURCE

#include <pop4/pop4.h>
#include <pthread.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

typedef struct {
    GHashTable *messages; /* "1", "2", ... -> text with escapes undone */
    guint64 big_octets;
    gboolean fail_remove;
} TestdropSettings;

typedef struct {
    pthread_mutex_t lock;
    GHashTable *in_use;  /* logins */
    GPtrArray *messages; /* GBytes in wire form; removed ones are NULL */
    const TestdropSettings *settings;
} Testdrop;

typedef struct {
    Testdrop *shared;
    char *login;
    GArray *places; /* of the messages in shared */
    char uid[32];
} Drop;

static GBytes *
big_message(guint64 octets)
{
    GString *text = g_string_new("Subject: big\r\n\r\n");

    while (text->len < octets)
        g_string_append_printf(text, "%070u\r\n", (guint)text->len);
    return g_string_free_to_bytes(text);
}

static gboolean
testdrop_start(gconstpointer data, gpointer *instance_out, GError **error)
{
    Testdrop *shared = g_new0(Testdrop, 1);

    pthread_mutex_init(&shared->lock, NULL);
    shared->settings = data;
    shared->in_use = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    shared->messages = g_ptr_array_new();
    for (guint i = 1;; i++) {
        g_autofree char *key = g_strdup_printf("%u", i);
        const char *text = g_hash_table_lookup(shared->settings->messages, key);
        if (text == NULL)
            break;
        g_ptr_array_add(shared->messages, g_bytes_new(text, strlen(text)));
    }
    if (shared->settings->big_octets > 0)
        g_ptr_array_add(shared->messages, big_message(shared->settings->big_octets));
    *instance_out = shared;
    return TRUE;
}

static void
testdrop_stop(gpointer instance)
{
    Testdrop *shared = instance;

    for (guint i = 0; i < shared->messages->len; i++)
        g_clear_pointer((GBytes **)&shared->messages->pdata[i], g_bytes_unref);
    g_ptr_array_unref(shared->messages);
    g_hash_table_unref(shared->in_use);
    pthread_mutex_destroy(&shared->lock);
    g_free(shared);
}

static gpointer
testdrop_open(gpointer instance, const Pop4Identity *identity, GError **error)
{
    Testdrop *shared = instance;
    Drop *drop = NULL;

    pthread_mutex_lock(&shared->lock);
    if (g_hash_table_add(shared->in_use, g_strdup(pop4_identity_get_login(identity)))) {
        drop = g_new0(Drop, 1);
        drop->shared = shared;
        drop->login = g_strdup(pop4_identity_get_login(identity));
        drop->places = g_array_new(FALSE, FALSE, sizeof(guint));
        for (guint i = 0; i < shared->messages->len; i++) {
            if (shared->messages->pdata[i] != NULL)
                g_array_append_val(drop->places, i);
        }
    }
    pthread_mutex_unlock(&shared->lock);
    if (drop == NULL)
        g_set_error_literal(error, POP4_ERROR, POP4_ERROR_IN_USE, "maildrop is in use");
    return drop;
}

static guint
testdrop_count(gpointer maildrop)
{
    return ((Drop *)maildrop)->places->len;
}

static GBytes *
message(const Drop *drop, guint number)
{
    return drop->shared->messages->pdata[g_array_index(drop->places, guint, number - 1)];
}

static guint64
testdrop_size(gpointer maildrop, guint number)
{
    return g_bytes_get_size(message(maildrop, number));
}

static const char *
testdrop_uid(gpointer maildrop, guint number)
{
    Drop *drop = maildrop;

    g_snprintf(drop->uid, sizeof drop->uid, "uid-%u",
               g_array_index(drop->places, guint, number - 1) + 1);
    return drop->uid;
}

static Pop4Body *
testdrop_open_body(gpointer maildrop, guint number, GError **error)
{
    GBytes *bytes = message(maildrop, number);
    gsize size = g_bytes_get_size(bytes);

    if (size < 65536)
        return pop4_body_new_for_bytes(bytes);
    int fd = memfd_create("big", MFD_CLOEXEC);
    if (fd < 0 || write(fd, g_bytes_get_data(bytes, NULL), size) != (gssize)size) {
        g_set_error_literal(error, POP4_ERROR, POP4_ERROR_TEMPORARY, "no memory");
        return NULL;
    }
    return pop4_body_new_for_fd(fd, 0, size, POP4_BODY_WIRE_READY);
}

static gboolean
testdrop_remove(gpointer maildrop, const guint *numbers, guint count, GError **error)
{
    Drop *drop = maildrop;

    if (drop->shared->settings->fail_remove) {
        g_set_error_literal(error, POP4_ERROR, POP4_ERROR_TEMPORARY,
                            "some deleted messages not removed");
        return FALSE;
    }
    for (guint i = 0; i < count; i++) {
        guint place = g_array_index(drop->places, guint, numbers[i] - 1);
        g_clear_pointer((GBytes **)&drop->shared->messages->pdata[place], g_bytes_unref);
    }
    return TRUE;
}

static void
testdrop_close(gpointer maildrop)
{
    Drop *drop = maildrop;

    pthread_mutex_lock(&drop->shared->lock);
    g_hash_table_remove(drop->shared->in_use, drop->login);
    pthread_mutex_unlock(&drop->shared->lock);
    g_array_unref(drop->places);
    g_free(drop->login);
    g_free(drop);
}

static const Pop4Setting testdrop_settings[] = {
    {.key = "message.",
     .type = POP4_SETTING_MAP,
     .offset = G_STRUCT_OFFSET(TestdropSettings, messages),
     .help = "A message, with CRLF line ends and the last one in place"},
    {.key = "big-octets",
     .type = POP4_SETTING_UINT,
     .offset = G_STRUCT_OFFSET(TestdropSettings, big_octets),
     .initial = "0",
     .max = 1 << 30,
     .help = "A last message of about this size"},
    {.key = "fail-remove",
     .type = POP4_SETTING_BOOL,
     .offset = G_STRUCT_OFFSET(TestdropSettings, fail_remove),
     .initial = "no",
     .help = "Refuse to remove messages"},
    {.key = NULL},
};

static const Pop4Store testdrop_store = {
    .open = testdrop_open,
    .count = testdrop_count,
    .size = testdrop_size,
    .uid = testdrop_uid,
    .open_body = testdrop_open_body,
    .remove = testdrop_remove,
    .close = testdrop_close,
};

POP4_PLUGIN(testdrop) = {
    POP4_PLUGIN_ABI,
    .name = "testdrop",
    .summary = "A mail store in memory, for tests",
    .settings = testdrop_settings,
    .settings_size = sizeof(TestdropSettings),
    .store = &testdrop_store,
    .start = testdrop_start,
    .stop = testdrop_stop,
};
