/*
 * A static library gives a program only the objects it refers to, and the
 * daemon itself calls few of these. Naming them here keeps them all.
 */
/* SPDX-License-Identifier: MIT */

#include "config.h"

#include "exports.h"

#include <pop4/pop4.h>

#define EXPORT(function) ((Export)(function))

const Export exports[] = {
    EXPORT(pop4_account_add_key),
    EXPORT(pop4_account_free),
    EXPORT(pop4_account_get_key),
    EXPORT(pop4_account_get_login),
    EXPORT(pop4_account_get_secret),
    EXPORT(pop4_account_new),
    EXPORT(pop4_account_set_secret),
    EXPORT(pop4_args_count),
    EXPORT(pop4_args_get),
    EXPORT(pop4_args_get_uint),
    EXPORT(pop4_body_free),
    EXPORT(pop4_body_new_for_bytes),
    EXPORT(pop4_body_new_for_fd),
    EXPORT(pop4_error_quark),
    EXPORT(pop4_identity_free),
    EXPORT(pop4_identity_get_domain),
    EXPORT(pop4_identity_get_local_part),
    EXPORT(pop4_identity_get_login),
    EXPORT(pop4_identity_get_master),
    EXPORT(pop4_identity_new),
    EXPORT(pop4_identity_new_for_master),
    EXPORT(pop4_log),
    EXPORT(pop4_maildrop_check),
    EXPORT(pop4_maildrop_get_count),
    EXPORT(pop4_maildrop_get_size),
    EXPORT(pop4_maildrop_get_uid),
    EXPORT(pop4_maildrop_get_unmarked),
    EXPORT(pop4_maildrop_is_marked),
    EXPORT(pop4_maildrop_mark),
    EXPORT(pop4_maildrop_open_body),
    EXPORT(pop4_maildrop_unmark_all),
    EXPORT(pop4_reply_body),
    EXPORT(pop4_reply_continue),
    EXPORT(pop4_reply_lines),
    EXPORT(pop4_reply_ok),
    EXPORT(pop4_reply_receive),
    EXPORT(pop4_reply_start_tls),
    EXPORT(pop4_server_get_hostname),
    EXPORT(pop4_session_accepts_password),
    EXPORT(pop4_session_allows_plaintext),
    EXPORT(pop4_session_check_password),
    EXPORT(pop4_session_close),
    EXPORT(pop4_session_delay),
    EXPORT(pop4_session_find_account),
    EXPORT(pop4_session_finish),
    EXPORT(pop4_session_get_certificate_names),
    EXPORT(pop4_session_get_channel_binding),
    EXPORT(pop4_session_get_command_number),
    EXPORT(pop4_session_get_data),
    EXPORT(pop4_session_get_id),
    EXPORT(pop4_session_get_identity),
    EXPORT(pop4_session_get_instance),
    EXPORT(pop4_session_get_listener),
    EXPORT(pop4_session_get_maildrop),
    EXPORT(pop4_session_get_peer),
    EXPORT(pop4_session_get_settings),
    EXPORT(pop4_session_get_state),
    EXPORT(pop4_session_has_directory),
    EXPORT(pop4_session_has_tls),
    EXPORT(pop4_session_limit_login),
    EXPORT(pop4_session_login),
    EXPORT(pop4_session_login_failed),
    EXPORT(pop4_session_offers_tls),
    EXPORT(pop4_session_set_data),
    EXPORT(pop4_session_suspend),
    EXPORT(pop4_suspension_resume),
    NULL,
};
