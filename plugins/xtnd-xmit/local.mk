xmit_sources = \
	%D%/addresses.c \
	%D%/addresses.h \
	%D%/fields.c \
	%D%/fields.h \
	%D%/message.c \
	%D%/message.h \
	%D%/outcome.c \
	%D%/outcome.h \
	%D%/parcel.c \
	%D%/parcel.h \
	%D%/quota.c \
	%D%/quota.h \
	%D%/recent.c \
	%D%/recent.h \
	%D%/relay.c \
	%D%/relay.h \
	%D%/senders.c \
	%D%/senders.h \
	%D%/sendmail.c \
	%D%/sendmail.h \
	%D%/smtp.c \
	%D%/smtp.h \
	%D%/spool.c \
	%D%/spool.h \
	%D%/submission.c \
	%D%/submission.h \
	%D%/target.c \
	%D%/target.h \
	%D%/trace.c \
	%D%/trace.h

plugin_LTLIBRARIES += %D%/xtnd-xmit.la
%C%_xtnd_xmit_la_SOURCES = $(xmit_sources) %D%/xtnd-xmit.c
%C%_xtnd_xmit_la_CFLAGS = $(AM_CFLAGS) $(CURL_CFLAGS) $(GMIME_CFLAGS)
%C%_xtnd_xmit_la_LDFLAGS = $(module_link)
%C%_xtnd_xmit_la_LIBADD = $(CURL_LIBS) $(GMIME_LIBS)
EXTRA_DIST += %D%/README.md
TALKS += tests/talk/xtnd-xmit.talk tests/talk/smuggling.talk
