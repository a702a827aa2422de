sasl_sources = \
	%D%/attempt.c \
	%D%/attempt.h \
	%D%/backend.c \
	%D%/backend.h \
	%D%/cache.c \
	%D%/cache.h \
	%D%/library.c \
	%D%/library.h \
	%D%/octets.c \
	%D%/octets.h

plugin_LTLIBRARIES += %D%/sasl.la
%C%_sasl_la_SOURCES = $(sasl_sources) %D%/auth.c %D%/auth.h %D%/sasl.c
%C%_sasl_la_CFLAGS = $(AM_CFLAGS) $(SASL_CFLAGS)
%C%_sasl_la_LDFLAGS = $(module_link)
%C%_sasl_la_LIBADD = $(SASL_LIBS)
EXTRA_DIST += %D%/README.md
TALKS += tests/talk/sasl.talk
