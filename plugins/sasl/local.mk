sasl_sources = \
	%D%/attempt.c \
	%D%/attempt.h \
	%D%/attempt-struct.h \
	%D%/auxprop.c \
	%D%/auxprop.h \
	%D%/backend.c \
	%D%/backend.h \
	%D%/binding.c \
	%D%/binding.h \
	%D%/cache.c \
	%D%/cache.h \
	%D%/identify.c \
	%D%/library.c \
	%D%/library.h \
	%D%/mechanisms.c \
	%D%/mechanisms.h \
	%D%/octets.c \
	%D%/octets.h \
	%D%/password.c \
	%D%/properties.c \
	%D%/properties.h \
	%D%/rehearsal.c

plugin_LTLIBRARIES += %D%/sasl.la
%C%_sasl_la_SOURCES = $(sasl_sources) %D%/auth.c %D%/auth.h %D%/sasl.c
%C%_sasl_la_CFLAGS = $(AM_CFLAGS) $(SASL_CFLAGS)
%C%_sasl_la_LDFLAGS = $(module_link)
%C%_sasl_la_LIBADD = $(SASL_LIBS)
EXTRA_DIST += %D%/README.md %D%/fuzz/line.seeds
if FUZZING
noinst_PROGRAMS += %D%/fuzz/fuzz-line
FUZZERS += %D%/fuzz/fuzz-line
%C%_fuzz_fuzz_line_SOURCES = %D%/fuzz/fuzz-line.c %D%/binding.c %D%/octets.c
%C%_fuzz_fuzz_line_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)/%D%
%C%_fuzz_fuzz_line_LDFLAGS = $(fuzz_link)
%C%_fuzz_fuzz_line_LDADD = $(GLIB_LIBS)
endif
TALKS += \
	tests/talk/sasl.talk \
	tests/talk/sasl-auth.talk \
	tests/talk/sasl-directory.talk \
	tests/talk/sasl-doubt.talk

check_PROGRAMS += \
	%D%/tests/attempt \
	%D%/tests/cache \
	%D%/tests/octets \
	%D%/tests/settings \
	%D%/tests/threads
sasl_test_flags = $(AM_CPPFLAGS) -I$(top_builddir) -I$(top_srcdir)/%D%
sasl_test_sources = $(sasl_sources) daemon/account.c daemon/identity.c %D%/tests/fixture.c %D%/tests/fixture.h
%C%_tests_attempt_SOURCES = $(sasl_test_sources) %D%/tests/attempt.c
%C%_tests_attempt_CPPFLAGS = $(sasl_test_flags)
%C%_tests_attempt_CFLAGS = $(AM_CFLAGS) $(SASL_CFLAGS)
%C%_tests_attempt_LDADD = $(GLIB_LIBS) $(SASL_LIBS)
%C%_tests_cache_SOURCES = %D%/cache.c %D%/cache.h %D%/tests/cache.c
%C%_tests_cache_CPPFLAGS = $(sasl_test_flags)
%C%_tests_cache_LDADD = $(GLIB_LIBS)
%C%_tests_octets_SOURCES = %D%/octets.c %D%/octets.h %D%/tests/octets.c
%C%_tests_octets_CPPFLAGS = $(sasl_test_flags)
%C%_tests_octets_LDADD = $(GLIB_LIBS)
%C%_tests_settings_SOURCES = $(sasl_test_sources) %D%/tests/settings.c
%C%_tests_settings_CPPFLAGS = $(sasl_test_flags)
%C%_tests_settings_CFLAGS = $(AM_CFLAGS) $(SASL_CFLAGS)
%C%_tests_settings_LDADD = $(GLIB_LIBS) $(SASL_LIBS)
%C%_tests_threads_SOURCES = $(sasl_test_sources) %D%/tests/threads.c
%C%_tests_threads_CPPFLAGS = $(sasl_test_flags)
%C%_tests_threads_CFLAGS = $(AM_CFLAGS) $(SASL_CFLAGS)
%C%_tests_threads_LDADD = $(GLIB_LIBS) $(SASL_LIBS)
THREAD_TESTS += %D%/tests/threads
TESTS += %D%/tests/logins.py
EXTRA_DIST += %D%/tests/logins.py
