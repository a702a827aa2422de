noinst_PROGRAMS += %D%/talk
%C%_talk_SOURCES = \
	%D%/client.c \
	%D%/client.h \
	%D%/server.c \
	%D%/server.h \
	%D%/talk.c
%C%_talk_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_builddir)
%C%_talk_CFLAGS = $(AM_CFLAGS) $(OPENSSL_CFLAGS)
%C%_talk_LDADD = $(GLIB_LIBS) $(OPENSSL_LIBS)

TALK_LOG_COMPILER = $(abs_top_builddir)/%D%/talk

TALKS += \
	%D%/bad-lines.talk \
	%D%/capa.talk \
	%D%/continuation.talk \
	%D%/handlers.talk \
	%D%/mechanisms.talk \
	%D%/no-login.talk \
	%D%/no-store.talk \
	%D%/pipelining.talk \
	%D%/receive.talk \
	%D%/refused-plugins.talk \
	%D%/reload.talk \
	%D%/stls.talk \
	%D%/suspend.talk \
	%D%/tls.talk \
	%D%/views.talk
