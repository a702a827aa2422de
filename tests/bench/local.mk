# SPDX-License-Identifier: MIT
noinst_PROGRAMS += %D%/loadgen
%C%_loadgen_SOURCES = \
	%D%/client.c %D%/client.h \
	%D%/crew.c %D%/crew.h \
	%D%/latency.c %D%/latency.h \
	%D%/load-error.c %D%/load-error.h \
	%D%/loadgen.c \
	%D%/plan.h \
	%D%/process-tree.c %D%/process-tree.h \
	%D%/reply-reader.c %D%/reply-reader.h \
	%D%/worker.c %D%/worker.h \
	%D%/works.c %D%/works.h
%C%_loadgen_CPPFLAGS = -DG_LOG_DOMAIN=\"loadgen\"
%C%_loadgen_LDADD = $(GLIB_LIBS)

check_PROGRAMS += %D%/test-reply-reader
%C%_test_reply_reader_SOURCES = %D%/test-reply-reader.c \
	%D%/load-error.c %D%/load-error.h \
	%D%/reply-reader.c %D%/reply-reader.h
%C%_test_reply_reader_CPPFLAGS = $(%C%_loadgen_CPPFLAGS)
%C%_test_reply_reader_LDADD = $(GLIB_LIBS)

EXTRA_DIST += \
	%D%/README.md \
	%D%/dovecot-start \
	%D%/make-mailbox \
	%D%/pop4d-start \
	%D%/run
