# Programs of the GLib test framework, one a module of the daemon.
unit_link = $(AM_LDFLAGS) $(host_link)
unit_libs = libpop4d.la $(GLIB_LIBS)

check_PROGRAMS += \
	%D%/test-args \
	%D%/test-command-table \
	%D%/test-dot-reader \
	%D%/test-line-reader \
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
%C%_test_line_reader_SOURCES = %D%/test-line-reader.c
%C%_test_line_reader_CPPFLAGS = $(libpop4d_la_CPPFLAGS)
%C%_test_line_reader_LDFLAGS = $(unit_link)
%C%_test_line_reader_LDADD = $(unit_libs)
%C%_test_wire_encoder_SOURCES = %D%/test-wire-encoder.c
%C%_test_wire_encoder_CPPFLAGS = $(libpop4d_la_CPPFLAGS)
%C%_test_wire_encoder_LDFLAGS = $(unit_link)
%C%_test_wire_encoder_LDADD = $(unit_libs)
