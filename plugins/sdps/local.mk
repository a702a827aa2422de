sdps_sources = \
	%D%/envelope.c \
	%D%/envelope.h \
	%D%/hosts.c \
	%D%/hosts.h

plugin_LTLIBRARIES += %D%/sdps.la
%C%_sdps_la_SOURCES = $(sdps_sources) %D%/sdps.c
%C%_sdps_la_LDFLAGS = $(module_link)
EXTRA_DIST += %D%/README.md %D%/fuzz/envelope.seeds
if FUZZING
noinst_PROGRAMS += %D%/fuzz/fuzz-envelope
FUZZERS += %D%/fuzz/fuzz-envelope
%C%_fuzz_fuzz_envelope_SOURCES = %D%/fuzz/fuzz-envelope.c %D%/envelope.c
%C%_fuzz_fuzz_envelope_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)/%D%
%C%_fuzz_fuzz_envelope_LDFLAGS = $(fuzz_link)
%C%_fuzz_fuzz_envelope_LDADD = $(GLIB_LIBS)
endif
TALKS += tests/talk/sdps.talk

check_PROGRAMS += %D%/tests/envelope %D%/tests/hosts
sdps_test_flags = $(AM_CPPFLAGS) -I$(top_srcdir)/%D%
%C%_tests_envelope_SOURCES = %D%/envelope.c %D%/envelope.h %D%/tests/envelope.c
%C%_tests_envelope_CPPFLAGS = $(sdps_test_flags)
%C%_tests_envelope_LDADD = $(GLIB_LIBS)
%C%_tests_hosts_SOURCES = %D%/hosts.c %D%/hosts.h %D%/tests/hosts.c daemon/error.c
%C%_tests_hosts_CPPFLAGS = $(sdps_test_flags) -I$(top_builddir)
%C%_tests_hosts_LDADD = $(GLIB_LIBS)
