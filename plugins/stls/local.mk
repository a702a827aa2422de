plugin_LTLIBRARIES += %D%/stls.la
%C%_stls_la_SOURCES = %D%/stls.c
%C%_stls_la_LDFLAGS = $(module_link)
EXTRA_DIST += %D%/README.md
