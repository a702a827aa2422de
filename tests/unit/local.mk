# Programs of the GLib test framework, one a module of the daemon.
unit_link = $(AM_LDFLAGS) $(host_link)
unit_libs = libpop4d.la $(GLIB_LIBS)

check_PROGRAMS += \
	%D%/test-args \
	%D%/test-command-table \
	%D%/test-dot-reader \
	%D%/test-extension-set \
	%D%/test-identity \
	%D%/test-line-reader \
	%D%/test-log \
	%D%/test-maildrop \
	%D%/test-metrics \
	%D%/test-networks \
	%D%/test-plugin-manager \
	%D%/test-privileges \
	%D%/test-proxy-header \
	%D%/test-session \
	%D%/test-setting-file \
	%D%/test-setting-table \
	%D%/test-settings \
	%D%/test-tls \
	%D%/test-wire-encoder
%C%_test_args_SOURCES = %D%/test-args.c
%C%_test_args_CPPFLAGS = $(libpop4d_la_CPPFLAGS)
%C%_test_args_LDFLAGS = $(unit_link)
%C%_test_args_LDADD = $(unit_libs)
%C%_test_command_table_SOURCES = %D%/test-command-table.c
%C%_test_command_table_CPPFLAGS = $(libpop4d_la_CPPFLAGS)
%C%_test_command_table_LDFLAGS = $(unit_link)
%C%_test_command_table_LDADD = $(unit_libs)
%C%_test_dot_reader_SOURCES = %D%/test-dot-reader.c
%C%_test_dot_reader_CPPFLAGS = $(libpop4d_la_CPPFLAGS)
%C%_test_dot_reader_LDFLAGS = $(unit_link)
%C%_test_dot_reader_LDADD = $(unit_libs)
%C%_test_extension_set_SOURCES = %D%/test-extension-set.c %D%/captured-stderr.c %D%/captured-stderr.h
%C%_test_extension_set_CPPFLAGS = $(libpop4d_la_CPPFLAGS)
%C%_test_extension_set_LDFLAGS = $(unit_link)
%C%_test_extension_set_LDADD = $(unit_libs)
%C%_test_identity_SOURCES = %D%/test-identity.c
%C%_test_identity_CPPFLAGS = $(libpop4d_la_CPPFLAGS)
%C%_test_identity_LDFLAGS = $(unit_link)
%C%_test_identity_LDADD = $(unit_libs)
%C%_test_line_reader_SOURCES = %D%/test-line-reader.c
%C%_test_line_reader_CPPFLAGS = $(libpop4d_la_CPPFLAGS)
%C%_test_line_reader_LDFLAGS = $(unit_link)
%C%_test_line_reader_LDADD = $(unit_libs)
%C%_test_log_SOURCES = %D%/test-log.c %D%/captured-stderr.c %D%/captured-stderr.h
%C%_test_log_CPPFLAGS = $(libpop4d_la_CPPFLAGS)
%C%_test_log_LDFLAGS = $(unit_link)
%C%_test_log_LDADD = $(unit_libs)
%C%_test_maildrop_SOURCES = %D%/test-maildrop.c
%C%_test_maildrop_CPPFLAGS = $(libpop4d_la_CPPFLAGS)
%C%_test_maildrop_LDFLAGS = $(unit_link)
%C%_test_maildrop_LDADD = $(unit_libs)
%C%_test_metrics_SOURCES = %D%/test-metrics.c
%C%_test_metrics_CPPFLAGS = $(libpop4d_la_CPPFLAGS)
%C%_test_metrics_LDFLAGS = $(unit_link)
%C%_test_metrics_LDADD = $(unit_libs)
%C%_test_networks_SOURCES = %D%/test-networks.c
%C%_test_networks_CPPFLAGS = $(libpop4d_la_CPPFLAGS)
%C%_test_networks_LDFLAGS = $(unit_link)
%C%_test_networks_LDADD = $(unit_libs)
%C%_test_plugin_manager_SOURCES = %D%/test-plugin-manager.c
%C%_test_plugin_manager_CPPFLAGS = $(libpop4d_la_CPPFLAGS)
%C%_test_plugin_manager_LDFLAGS = $(unit_link)
%C%_test_plugin_manager_LDADD = $(unit_libs)
%C%_test_privileges_SOURCES = %D%/test-privileges.c
%C%_test_privileges_CPPFLAGS = $(libpop4d_la_CPPFLAGS)
%C%_test_privileges_LDFLAGS = $(unit_link)
%C%_test_privileges_LDADD = $(unit_libs)
%C%_test_proxy_header_SOURCES = %D%/test-proxy-header.c
%C%_test_proxy_header_CPPFLAGS = $(libpop4d_la_CPPFLAGS)
%C%_test_proxy_header_LDFLAGS = $(unit_link)
%C%_test_proxy_header_LDADD = $(unit_libs)
%C%_test_session_SOURCES = %D%/test-session.c
%C%_test_session_CPPFLAGS = $(libpop4d_la_CPPFLAGS)
%C%_test_session_LDFLAGS = $(unit_link)
%C%_test_session_LDADD = $(unit_libs)
%C%_test_setting_file_SOURCES = %D%/test-setting-file.c
%C%_test_setting_file_CPPFLAGS = $(libpop4d_la_CPPFLAGS)
%C%_test_setting_file_LDFLAGS = $(unit_link)
%C%_test_setting_file_LDADD = $(unit_libs)
%C%_test_setting_table_SOURCES = %D%/test-setting-table.c
%C%_test_setting_table_CPPFLAGS = $(libpop4d_la_CPPFLAGS)
%C%_test_setting_table_LDFLAGS = $(unit_link)
%C%_test_setting_table_LDADD = $(unit_libs)
%C%_test_settings_SOURCES = %D%/test-settings.c
%C%_test_settings_CPPFLAGS = $(libpop4d_la_CPPFLAGS)
%C%_test_settings_LDFLAGS = $(unit_link)
%C%_test_settings_LDADD = $(unit_libs)
%C%_test_tls_SOURCES = %D%/test-tls.c
%C%_test_tls_CPPFLAGS = $(libpop4d_la_CPPFLAGS)
%C%_test_tls_CFLAGS = $(AM_CFLAGS) $(OPENSSL_CFLAGS)
%C%_test_tls_LDFLAGS = $(unit_link)
%C%_test_tls_LDADD = $(unit_libs) $(OPENSSL_LIBS)
%C%_test_wire_encoder_SOURCES = %D%/test-wire-encoder.c
%C%_test_wire_encoder_CPPFLAGS = $(libpop4d_la_CPPFLAGS)
%C%_test_wire_encoder_LDFLAGS = $(unit_link)
%C%_test_wire_encoder_LDADD = $(unit_libs)
