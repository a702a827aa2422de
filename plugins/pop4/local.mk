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
