mime_sources = \
	%D%/mime-cache.c \
	%D%/mime-charset.c \
	%D%/mime-charset.h \
	%D%/mime-head.c \
	%D%/mime-head.h \
	%D%/mime-lines.c \
	%D%/mime-lines.h \
	%D%/mime-params.c \
	%D%/mime-params.h \
	%D%/mime-text.c \
	%D%/mime-tree.c \
	%D%/mime-tree.h \
	%D%/mime-words.c \
	%D%/mime-words.h \
	%D%/mime.c \
	%D%/mime.h

mime_test_flags = $(AM_CPPFLAGS) -I$(top_builddir) -I$(top_srcdir)/%D%
EXTRA_DIST += %D%/fuzz/mime.seeds
if FUZZING
noinst_PROGRAMS += %D%/fuzz/fuzz-mime
FUZZERS += %D%/fuzz/fuzz-mime
%C%_fuzz_fuzz_mime_SOURCES = %D%/fuzz/fuzz-mime.c $(mime_sources) daemon/error.c
%C%_fuzz_fuzz_mime_CPPFLAGS = $(mime_test_flags)
%C%_fuzz_fuzz_mime_CFLAGS = $(AM_CFLAGS) $(GMIME_CFLAGS)
%C%_fuzz_fuzz_mime_LDFLAGS = $(fuzz_link)
%C%_fuzz_fuzz_mime_LDADD = $(GLIB_LIBS) $(GMIME_LIBS)
endif
check_PROGRAMS += %D%/tests/mime %D%/tests/mime-limits %D%/tests/mime-text
mime_test_fixture = %D%/tests/message.c %D%/tests/message.h daemon/error.c
%C%_tests_mime_SOURCES = $(mime_sources) $(mime_test_fixture) %D%/tests/mime.c
%C%_tests_mime_CPPFLAGS = $(mime_test_flags)
%C%_tests_mime_CFLAGS = $(AM_CFLAGS) $(GMIME_CFLAGS)
%C%_tests_mime_LDADD = $(GLIB_LIBS) $(GMIME_LIBS)
%C%_tests_mime_limits_SOURCES = $(mime_sources) $(mime_test_fixture) %D%/tests/mime-limits.c
%C%_tests_mime_limits_CPPFLAGS = $(mime_test_flags)
%C%_tests_mime_limits_CFLAGS = $(AM_CFLAGS) $(GMIME_CFLAGS)
%C%_tests_mime_limits_LDADD = $(GLIB_LIBS) $(GMIME_LIBS)
%C%_tests_mime_text_SOURCES = $(mime_sources) $(mime_test_fixture) %D%/tests/mime-text.c
%C%_tests_mime_text_CPPFLAGS = $(mime_test_flags)
%C%_tests_mime_text_CFLAGS = $(AM_CFLAGS) $(GMIME_CFLAGS)
%C%_tests_mime_text_LDADD = $(GLIB_LIBS) $(GMIME_LIBS)
