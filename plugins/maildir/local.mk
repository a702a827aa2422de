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
EXTRA_DIST += %D%/README.md
TALKS += tests/talk/maildir.talk
