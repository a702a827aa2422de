/* Any header: refused, or every recipient can be told to a mail server, each is there once, and
 * what goes out holds no Bcc and all the rest. */
/* SPDX-License-Identifier: MIT */

#include "addresses.h"
#include "fields.h"
#include "parcel.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const guint8 *octets, gsize size);

static void
check_recipients(const Message *message)
{
    g_assert(message->recipients->len > 0 && message->authors->len > 0);
    for (guint i = 0; i < message->recipients->len; i++) {
        const char *one = message->recipients->pdata[i];
        g_assert(address_is_sound(one));
        g_assert(one[strcspn(one, "\r\n<>")] == '\0');
        for (guint j = 0; j < i; j++)
            g_assert(!address_equal(one, message->recipients->pdata[j]));
    }
}

static void
check_parcel(Message *message, Spool *spool)
{
    g_autoptr(Parcel) parcel = parcel_new("a@x.example", message, g_string_new(NULL), spool);
    gsize length = (gsize)parcel_get_length(parcel), got;
    g_autofree char *text = g_malloc(length + 1);

    g_assert(parcel_read(parcel, text, length + 1, &got, NULL) && got == length);
    gssize end = fields_find_end(text, length);
    g_autoptr(GArray) fields = fields_split(text, end < 0 ? length : (gsize)end, NULL);
    g_assert(fields != NULL);
    for (guint i = 0; i < fields->len; i++)
        g_assert(!field_is(&g_array_index(fields, Field, i), text, "Bcc"));
}

int
LLVMFuzzerTestOneInput(const guint8 *octets, gsize size)
{
    static gboolean ready;

    if (!ready)
        addresses_init();
    ready = TRUE;
    Spool *spool = spool_new("/tmp", 1 << 20);
    if (!spool_write(spool, (const char *)octets, size, NULL) || !spool_finish(spool, NULL)) {
        spool_free(spool);
        return 0;
    }
    g_autoptr(Message) message = message_read(spool, NULL);
    if (message == NULL) {
        spool_free(spool);
        return 0;
    }
    check_recipients(message);
    check_parcel(message, spool);
    return 0;
}
