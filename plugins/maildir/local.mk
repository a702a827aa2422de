maildir_sources = \
	%D%/drop.c \
	%D%/drop.h \
	%D%/index.c \
	%D%/index.h \
	%D%/listing.c \
	%D%/listing.h \
	%D%/measure.c \
	%D%/measure.h \
	%D%/name.c \
	%D%/name.h \
	%D%/path-template.c \
	%D%/path-template.h \
	%D%/scan.c \
	%D%/scan.h

plugin_LTLIBRARIES += %D%/maildir.la
%C%_maildir_la_SOURCES = $(maildir_sources) %D%/maildir.c
%C%_maildir_la_LDFLAGS = $(module_link)
EXTRA_DIST += %D%/README.md %D%/fuzz/index.seeds %D%/fuzz/name.seeds
if FUZZING
noinst_PROGRAMS += %D%/fuzz/fuzz-index %D%/fuzz/fuzz-name
FUZZERS += %D%/fuzz/fuzz-index %D%/fuzz/fuzz-name
%C%_fuzz_fuzz_index_SOURCES = %D%/fuzz/fuzz-index.c %D%/listing.c %D%/name.c
%C%_fuzz_fuzz_index_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)/%D%
%C%_fuzz_fuzz_index_LDFLAGS = $(fuzz_link)
%C%_fuzz_fuzz_index_LDADD = $(GLIB_LIBS)
%C%_fuzz_fuzz_name_SOURCES = %D%/fuzz/fuzz-name.c %D%/name.c
%C%_fuzz_fuzz_name_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)/%D%
%C%_fuzz_fuzz_name_LDFLAGS = $(fuzz_link)
%C%_fuzz_fuzz_name_LDADD = $(GLIB_LIBS)
endif
TALKS += tests/talk/maildir.talk
