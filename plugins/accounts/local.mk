accounts_parser = \
	%D%/base64.c \
	%D%/base64.h \
	%D%/entry.c \
	%D%/entry.h \
	%D%/key.c \
	%D%/key.h \
	%D%/scram.c \
	%D%/scram.h \
	%D%/table.c \
	%D%/table.h
accounts_sources = $(accounts_parser) \
	%D%/file.c \
	%D%/file.h \
	%D%/password.c \
	%D%/password.h \
	%D%/watch.c \
	%D%/watch.h

plugin_LTLIBRARIES += %D%/accounts.la
%C%_accounts_la_SOURCES = $(accounts_sources) %D%/accounts.c
%C%_accounts_la_CFLAGS = $(AM_CFLAGS) $(OPENSSL_CFLAGS)
%C%_accounts_la_LDFLAGS = $(module_link)
%C%_accounts_la_LIBADD = $(OPENSSL_LIBS)
EXTRA_DIST += %D%/README.md %D%/fuzz/table.seeds
TALKS += tests/talk/accounts.talk
if FUZZING
noinst_PROGRAMS += %D%/fuzz/fuzz-table
FUZZERS += %D%/fuzz/fuzz-table
%C%_fuzz_fuzz_table_SOURCES = %D%/fuzz/fuzz-table.c $(accounts_parser) daemon/error.c
%C%_fuzz_fuzz_table_CPPFLAGS = $(accounts_test_flags)
%C%_fuzz_fuzz_table_CFLAGS = $(accounts_test_cflags)
%C%_fuzz_fuzz_table_LDFLAGS = $(fuzz_link)
%C%_fuzz_fuzz_table_LDADD = $(accounts_test_libs)
endif

check_PROGRAMS += \
	%D%/tests/keys \
	%D%/tests/lines \
	%D%/tests/logins \
	%D%/tests/threads
accounts_test_flags = $(AM_CPPFLAGS) -I$(top_builddir) -I$(top_srcdir)/%D%
accounts_test_cflags = $(AM_CFLAGS) $(OPENSSL_CFLAGS)
accounts_test_libs = $(GLIB_LIBS) $(OPENSSL_LIBS)
accounts_test_sources = $(accounts_sources) %D%/accounts.c \
	%D%/tests/fixture.c %D%/tests/fixture.h \
	daemon/account.c daemon/error.c daemon/identity.c
%C%_tests_keys_SOURCES = $(accounts_test_sources) %D%/tests/keys.c
%C%_tests_keys_CPPFLAGS = $(accounts_test_flags)
%C%_tests_keys_CFLAGS = $(accounts_test_cflags)
%C%_tests_keys_LDADD = $(accounts_test_libs)
%C%_tests_lines_SOURCES = $(accounts_test_sources) %D%/tests/lines.c
%C%_tests_lines_CPPFLAGS = $(accounts_test_flags)
%C%_tests_lines_CFLAGS = $(accounts_test_cflags)
%C%_tests_lines_LDADD = $(accounts_test_libs)
%C%_tests_logins_SOURCES = $(accounts_test_sources) %D%/tests/logins.c
%C%_tests_logins_CPPFLAGS = $(accounts_test_flags)
%C%_tests_logins_CFLAGS = $(accounts_test_cflags)
%C%_tests_logins_LDADD = $(accounts_test_libs)
%C%_tests_threads_SOURCES = $(accounts_test_sources) %D%/tests/threads.c
%C%_tests_threads_CPPFLAGS = $(accounts_test_flags)
%C%_tests_threads_CFLAGS = $(accounts_test_cflags)
%C%_tests_threads_LDADD = $(accounts_test_libs)
THREAD_TESTS += %D%/tests/threads
