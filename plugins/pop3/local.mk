plugin_LTLIBRARIES += %D%/pop3.la
%C%_pop3_la_SOURCES = %D%/pop3.c
%C%_pop3_la_LDFLAGS = $(module_link)
TALKS += tests/talk/login.talk tests/talk/pop3.talk tests/talk/quit-failure.talk
EXTRA_DIST += %D%/README.md
