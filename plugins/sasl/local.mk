sasl_sources = \
	%D%/cache.c \
	%D%/cache.h \
	%D%/mechanism.c \
	%D%/mechanism.h

plugin_LTLIBRARIES += %D%/sasl.la
%C%_sasl_la_SOURCES = $(sasl_sources) %D%/sasl.c
%C%_sasl_la_CFLAGS = $(AM_CFLAGS) $(SASL_CFLAGS)
%C%_sasl_la_LDFLAGS = $(module_link)
%C%_sasl_la_LIBADD = $(SASL_LIBS)
EXTRA_DIST += %D%/README.md
TALKS += tests/talk/sasl.talk
