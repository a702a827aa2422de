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

xmit_message = \
	%D%/addresses.c \
	%D%/addresses.h \
	%D%/fields.c \
	%D%/fields.h \
	%D%/message.c \
	%D%/message.h \
	%D%/parcel.c \
	%D%/parcel.h \
	%D%/spool.c \
	%D%/spool.h
xmit_test_flags = $(AM_CPPFLAGS) -I$(top_builddir) -I$(top_srcdir)/%D%
EXTRA_DIST += %D%/fuzz/header.seeds
if FUZZING
noinst_PROGRAMS += %D%/fuzz/fuzz-header
FUZZERS += %D%/fuzz/fuzz-header
%C%_fuzz_fuzz_header_SOURCES = %D%/fuzz/fuzz-header.c $(xmit_message) daemon/error.c
%C%_fuzz_fuzz_header_CPPFLAGS = $(xmit_test_flags)
%C%_fuzz_fuzz_header_CFLAGS = $(AM_CFLAGS) $(GMIME_CFLAGS)
%C%_fuzz_fuzz_header_LDFLAGS = $(fuzz_link)
%C%_fuzz_fuzz_header_LDADD = $(GLIB_LIBS) $(GMIME_LIBS)
endif
check_PROGRAMS += %D%/tests/addresses %D%/tests/limits %D%/tests/message
%C%_tests_addresses_SOURCES = %D%/addresses.c %D%/addresses.h %D%/tests/addresses.c daemon/error.c
%C%_tests_addresses_CPPFLAGS = $(xmit_test_flags)
%C%_tests_addresses_CFLAGS = $(AM_CFLAGS) $(GMIME_CFLAGS)
%C%_tests_addresses_LDADD = $(GLIB_LIBS) $(GMIME_LIBS)
%C%_tests_limits_SOURCES = %D%/quota.c %D%/quota.h %D%/recent.c %D%/recent.h %D%/tests/limits.c daemon/error.c
%C%_tests_limits_CPPFLAGS = $(xmit_test_flags)
%C%_tests_limits_LDADD = $(GLIB_LIBS)
%C%_tests_message_SOURCES = $(xmit_message) %D%/tests/message.c daemon/error.c
%C%_tests_message_CPPFLAGS = $(xmit_test_flags)
%C%_tests_message_CFLAGS = $(AM_CFLAGS) $(GMIME_CFLAGS)
%C%_tests_message_LDADD = $(GLIB_LIBS) $(GMIME_LIBS)
