noinst_LTLIBRARIES += libpop4d.la

libpop4d_la_SOURCES = \
	%D%/account.c \
	%D%/args.c \
	%D%/args.h \
	%D%/body.c \
	%D%/body.h \
	%D%/buffer.c \
	%D%/buffer.h \
	%D%/capabilities.c \
	%D%/capabilities.h \
	%D%/command-table.c \
	%D%/command-table.h \
	%D%/connection.c \
	%D%/connection.h \
	%D%/conversation.c \
	%D%/conversation.h \
	%D%/dispatcher.c \
	%D%/dispatcher.h \
	%D%/dot-reader.c \
	%D%/dot-reader.h \
	%D%/entrance.c \
	%D%/entrance.h \
	%D%/error.c \
	%D%/exchange.c \
	%D%/exchange.h \
	%D%/exports.c \
	%D%/exports.h \
	%D%/extension-set.c \
	%D%/folder-view.c \
	%D%/folder-view.h \
	%D%/extension-set.h \
	%D%/faults.c \
	%D%/faults.h \
	%D%/hash-password.c \
	%D%/hash-password.h \
	%D%/header.c \
	%D%/header.h \
	%D%/hold.c \
	%D%/hold.h \
	%D%/hooks.c \
	%D%/hooks.h \
	%D%/identity.c \
	%D%/inspect.c \
	%D%/inspect.h \
	%D%/io-result.h \
	%D%/line-reader.c \
	%D%/line-reader.h \
	%D%/listener.c \
	%D%/listener.h \
	%D%/log.c \
	%D%/log.h \
	%D%/login.c \
	%D%/maildrop-folders.c \
	%D%/maildrop.c \
	%D%/maildrop.h \
	%D%/metrics.c \
	%D%/metrics.h \
	%D%/networks.c \
	%D%/output.c \
	%D%/output.h \
	%D%/password-input.c \
	%D%/password-input.h \
	%D%/plugin-manager.c \
	%D%/plugin-manager.h \
	%D%/privileges.c \
	%D%/privileges.h \
	%D%/proxy-header.c \
	%D%/proxy-header.h \
	%D%/reply.c \
	%D%/reply.h \
	%D%/secrecy.c \
	%D%/server.c \
	%D%/server.h \
	%D%/session-list.c \
	%D%/session-list.h \
	%D%/session.c \
	%D%/session.h \
	%D%/setting-file.c \
	%D%/setting-file.h \
	%D%/setting-table.c \
	%D%/setting-table.h \
	%D%/settings.c \
	%D%/settings-tables.c \
	%D%/settings.h \
	%D%/source.h \
	%D%/submission.c \
	%D%/suspension.c \
	%D%/suspension.h \
	%D%/systemd.c \
	%D%/systemd.h \
	%D%/tls.c \
	%D%/tls.h \
	%D%/tls-context.c \
	%D%/tls-context.h \
	%D%/tls-tickets.c \
	%D%/tls-tickets.h \
	%D%/waiting-room.c \
	%D%/waiting-room.h \
	%D%/worker.c \
	%D%/worker.h
libpop4d_la_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_builddir) -I$(top_srcdir)/%D% \
	-DPLUGINDIR=\"$(plugindir)\"
libpop4d_la_CFLAGS = $(AM_CFLAGS) $(OPENSSL_CFLAGS)
libpop4d_la_LIBADD = $(GLIB_LIBS) $(OPENSSL_LIBS)

# Plugins resolve pop4_*() in the program that loads them; see exports.c.
host_link = -export-dynamic

bin_PROGRAMS += pop4d
pop4d_SOURCES = %D%/main.c
pop4d_CPPFLAGS = $(libpop4d_la_CPPFLAGS)
pop4d_LDFLAGS = $(AM_LDFLAGS) $(host_link)
pop4d_LDADD = libpop4d.la $(GLIB_LIBS) $(OPENSSL_LIBS)
dist_man_MANS += %D%/pop4d.8 %D%/pop4d.conf.5
