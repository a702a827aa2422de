pop4includedir = $(includedir)/pop4
dist_pop4include_HEADERS = \
	%D%/include/pop4/account.h \
	%D%/include/pop4/authenticator.h \
	%D%/include/pop4/body.h \
	%D%/include/pop4/command.h \
	%D%/include/pop4/directory.h \
	%D%/include/pop4/error.h \
	%D%/include/pop4/folders.h \
	%D%/include/pop4/identity.h \
	%D%/include/pop4/log.h \
	%D%/include/pop4/maildrop-folders.h \
	%D%/include/pop4/maildrop.h \
	%D%/include/pop4/network.h \
	%D%/include/pop4/plugin.h \
	%D%/include/pop4/pop4.h \
	%D%/include/pop4/reply.h \
	%D%/include/pop4/server.h \
	%D%/include/pop4/session.h \
	%D%/include/pop4/setting.h \
	%D%/include/pop4/store.h \
	%D%/include/pop4/submission.h \
	%D%/include/pop4/suspend.h \
	%D%/include/pop4/tls.h \
	%D%/include/pop4/types.h

pkgconfigdir = $(libdir)/pkgconfig
pkgconfig_DATA = %D%/pop4.pc
dist_man_MANS += %D%/pop4-plugin.7
EXTRA_DIST += %D%/README.md
