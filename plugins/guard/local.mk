guard_sources = \
	%D%/address.c \
	%D%/address.h \
	%D%/guard.c \
	%D%/ledger.c \
	%D%/ledger.h \
	%D%/policy.c \
	%D%/policy.h \
	%D%/siphash.c \
	%D%/siphash.h \
	%D%/state.c \
	%D%/state.h

plugin_LTLIBRARIES += %D%/guard.la
%C%_guard_la_SOURCES = $(guard_sources)
%C%_guard_la_LDFLAGS = $(module_link)
EXTRA_DIST += %D%/README.md
TALKS += tests/talk/guard.talk

check_PROGRAMS += \
	%D%/tests/address \
	%D%/tests/hooks \
	%D%/tests/ledger \
	%D%/tests/siphash \
	%D%/tests/threads
guard_test_flags = $(AM_CPPFLAGS) -I$(top_srcdir)/%D%
%C%_tests_address_SOURCES = %D%/address.c %D%/address.h %D%/tests/address.c
%C%_tests_address_CPPFLAGS = $(guard_test_flags)
%C%_tests_address_LDADD = $(GLIB_LIBS)
%C%_tests_hooks_SOURCES = $(guard_sources) %D%/tests/hooks.c %D%/tests/fake-session.c %D%/tests/fake-session.h
%C%_tests_hooks_CPPFLAGS = $(guard_test_flags)
%C%_tests_hooks_LDADD = libpop4d.la $(GLIB_LIBS)
%C%_tests_ledger_SOURCES = %D%/ledger.c %D%/ledger.h %D%/tests/ledger.c
%C%_tests_ledger_CPPFLAGS = $(guard_test_flags)
%C%_tests_ledger_LDADD = $(GLIB_LIBS)
%C%_tests_siphash_SOURCES = %D%/siphash.c %D%/siphash.h %D%/tests/siphash.c
%C%_tests_siphash_CPPFLAGS = $(guard_test_flags)
%C%_tests_siphash_LDADD = $(GLIB_LIBS)
%C%_tests_threads_SOURCES = %D%/ledger.c %D%/ledger.h %D%/tests/threads.c
%C%_tests_threads_CPPFLAGS = $(guard_test_flags)
%C%_tests_threads_LDADD = $(GLIB_LIBS)
THREAD_TESTS += %D%/tests/threads
