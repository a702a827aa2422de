/* Senders and recipients, out of headers of any kind. */
/* SPDX-License-Identifier: MIT */

#include "envelope.h"

#include <string.h>

static const char *const senders[] = {"Return-Path", NULL};
static const char *const recipients[] = {"Delivered-To", "X-Original-To", NULL};

/* From a buffer that ends with the header. */
static void
assert_envelope(const char *text, gsize length, const char *sender, const char *recipient)
{
    g_autofree char *header = g_memdup2(text, length);
    g_autofree char *found_sender = envelope_get_sender(header, length, senders);
    g_autofree char *found_recipient = envelope_get_recipient(header, length, recipients);

    g_assert_cmpstr(found_sender, ==, sender);
    g_assert_cmpstr(found_recipient, ==, recipient);
}

static void
test_headers(void)
{
    static const char nuls[] = "Return-Path: a\0@b\nDelivered-To: fred@host\n";
    static const struct {
        const char *says, *header, *sender, *recipient;
    } headers[] = {
        {"the usual", "Return-Path: <a@b>\nDelivered-To: fred@host\nSubject: x\n", "a@b",
         "fred@host"},
        {"CRLF", "Return-Path: <a@b>\r\nDelivered-To: fred@host\r\n", "a@b", "fred@host"},
        {"nothing", "", "", NULL},
        {"no such field", "Subject: x\nX-Return-Path: a@b\nReturn-Paths: a@b\n", "", NULL},
        {"a null sender", "Return-Path: <>\nDelivered-To: <>\n", "", NULL},
        {"an empty field", "Return-Path:\nDelivered-To:  \nX-Original-To: tom@host\n", "",
         "tom@host"},
        {"any case", "RETURN-PATH: A@B\ndelivered-to: Fred@Host\n", "A@B", "Fred@Host"},
        {"the topmost counts", "Delivered-To: top@host\nDelivered-To: below@host\n", "",
         "top@host"},
        {"the first name counts", "X-Original-To: alias@host\nDelivered-To: fred@host\n", "",
         "fred@host"},
        {"a broken topmost is none", "Delivered-To: <broken\nDelivered-To: below@host\n", "",
         NULL},
        {"a broken one, and the next name", "Delivered-To: <broken\nX-Original-To: tom@host\n",
         "", "tom@host"},
        {"folded", "Return-Path:\n <a@b>\nDelivered-To:\r\n\tfred@host\r\n", "a@b",
         "fred@host"},
        {"folded within", "Delivered-To: fred\n @host\n", "", "fred"},
        {"folded within brackets", "Delivered-To: <fred\n @host>\n", "", NULL},
        {"folded over nothing", "Delivered-To: fred@host\n \n\t\n", "", "fred@host"},
        {"blanks", "Return-Path:a@b\nDelivered-To \t:  fred@host \t\n", "a@b", "fred@host"},
        {"a comment behind", "Return-Path: <a@b> (really)\nDelivered-To: fred@host (x)\n",
         "a@b", "fred@host"},
        {"a name before", "Return-Path: A Name <a@b>\n", "a@b", NULL},
        {"a quoted name before", "Return-Path: \"<c@d>\" <a@b>\n", "a@b", NULL},
        {"blanks within brackets", "Return-Path: < a@b >\n", "a@b", NULL},
        {"a source route", "Return-Path: <@x,@y:a@b>\nDelivered-To: <@x>\n", "a@b", NULL},
        {"a quoted local part", "Return-Path: <\"a >\\\" b\"@c>\nDelivered-To: \"x y\"@host\n",
         "\"a >\\\" b\"@c", "\"x y\"@host"},
        {"two words", "Return-Path: <a b@c>\n", "", NULL},
        {"no domain", "Delivered-To: fred\n", "", "fred"},
        {"a control character", "Return-Path: <a\x01@b>\nDelivered-To: fr\red@host\n", "",
         NULL},
        {"UTF-8",
         "Delivered-To: fr\xc3\xa9"
         "d@host\n",
         "",
         "fr\xc3\xa9"
         "d@host"},
        {"no end of the last line", "Delivered-To: fred@host", "", "fred@host"},
        {"a mailbox's line above", "From a@b Thu Jan  1\nDelivered-To: fred@host\n", "",
         "fred@host"},
        {"a continuation above all", " Delivered-To: no@host\nDelivered-To: fred@host\n", "",
         "fred@host"},
        {"in a folded line", "Subject: x\n Delivered-To: no@host\n", "", NULL},
        {"nothing but its name", "Delivered-To", "", NULL},
        {"nothing but its name and colon", "Delivered-To:", "", NULL},
    };

    for (guint i = 0; i < G_N_ELEMENTS(headers); i++) {
        g_test_message("%s", headers[i].says);
        assert_envelope(headers[i].header, strlen(headers[i].header), headers[i].sender,
                        headers[i].recipient);
    }
    assert_envelope(nuls, sizeof nuls - 1, "", "fred@host");
}

static void
test_long(void)
{
    g_autofree char *fits = g_strnfill(313, 'x');
    g_autofree char *good = g_strconcat("Delivered-To: ", fits, "@x.test\n", NULL);
    g_autofree char *address = g_strconcat(fits, "@x.test", NULL);
    g_autofree char *bad =
        g_strconcat("Delivered-To: y", fits, "@x.test\nReturn-Path: <a@b>\n", NULL);
    g_autofree char *line = g_strnfill(200000, 'z');
    g_autofree char *huge =
        g_strconcat("Return-Path: ", line, "\nX-Original-To: tom@host\n", NULL);

    assert_envelope(good, strlen(good), "", address);
    assert_envelope(bad, strlen(bad), "a@b", NULL);
    assert_envelope(huge, strlen(huge), "", "tom@host");
}

static void
test_local_parts(void)
{
    static const struct {
        const char *address, *user;
        gboolean is_its;
    } pairs[] = {
        {"fred@host", "fred", TRUE},
        {"FRED@host", "fred", TRUE},
        {"fred", "fred", TRUE},
        {"fred@host", "fre", FALSE},
        {"fred@host", "freda", FALSE},
        {"fred+tag@host", "fred", FALSE},
        {"\"fred\"@host", "fred", TRUE},
        {"\"a b\"@host", "a b", TRUE},
        {"\"a\\\" b\"@host", "a\" b", TRUE},
        {"\"a@b\"@host", "a@b", TRUE},
        {"@host", "fred", FALSE},
        {"\"@host", "\"", TRUE},
    };

    for (guint i = 0; i < G_N_ELEMENTS(pairs); i++)
        g_assert_true(envelope_has_local_part(pairs[i].address, pairs[i].user) ==
                      pairs[i].is_its);
}

static void
test_field_names(void)
{
    g_assert_true(envelope_is_field_name("X-Original-To"));
    g_assert_false(envelope_is_field_name(""));
    g_assert_false(envelope_is_field_name("X-Original-To:"));
    g_assert_false(envelope_is_field_name("X Original"));
    g_assert_false(envelope_is_field_name("X-Origin\xc3\xa4l"));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/sdps/envelope/headers", test_headers);
    g_test_add_func("/sdps/envelope/long ones", test_long);
    g_test_add_func("/sdps/envelope/local parts", test_local_parts);
    g_test_add_func("/sdps/envelope/names of fields", test_field_names);
    return g_test_run();
}
