plugin_LTLIBRARIES += %D%/uidl.la
%C%_uidl_la_SOURCES = %D%/uidl.c
%C%_uidl_la_LDFLAGS = $(module_link)
TALKS += tests/talk/uidl.talk
EXTRA_DIST += %D%/README.md
