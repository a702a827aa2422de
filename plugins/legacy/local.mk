plugin_LTLIBRARIES += %D%/legacy.la
%C%_legacy_la_SOURCES = %D%/legacy.c
%C%_legacy_la_LDFLAGS = $(module_link)
TALKS += tests/talk/legacy.talk
EXTRA_DIST += %D%/README.md
