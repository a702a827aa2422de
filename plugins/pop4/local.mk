include %D%/mime.mk
plugin_LTLIBRARIES += %D%/pop4.la
%C%_pop4_la_SOURCES = \
	%D%/commands.h \
	%D%/flag-words.c \
	%D%/flag-words.h \
	%D%/flags.c \
	%D%/folders.c \
	%D%/groups.c \
	%D%/groups.h \
	%D%/messages.c \
	%D%/overview.c \
	%D%/parts.c \
	%D%/pop4.c \
	%D%/set.c \
	%D%/set.h \
	%D%/sync.c \
	%D%/text.c \
	%D%/wait.c \
	%D%/words.c \
	%D%/words.h \
	$(mime_sources)
%C%_pop4_la_CFLAGS = $(AM_CFLAGS) $(GMIME_CFLAGS)
%C%_pop4_la_LIBADD = $(GMIME_LIBS)
%C%_pop4_la_LDFLAGS = $(module_link)
TALKS += tests/talk/pop4.talk tests/talk/pop4-groups.talk tests/talk/pop4-parts.talk
EXTRA_DIST += %D%/README.md
EXTRA_DIST += %D%/fuzz/words.seeds
if FUZZING
noinst_PROGRAMS += %D%/fuzz/fuzz-words
FUZZERS += %D%/fuzz/fuzz-words
%C%_fuzz_fuzz_words_SOURCES = %D%/fuzz/fuzz-words.c %D%/set.c %D%/words.c daemon/error.c
%C%_fuzz_fuzz_words_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_builddir) -I$(srcdir)/%D%
%C%_fuzz_fuzz_words_LDFLAGS = $(fuzz_link)
%C%_fuzz_fuzz_words_LDADD = $(GLIB_LIBS)
endif
