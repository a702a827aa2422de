plugin_LTLIBRARIES += %D%/apop.la
%C%_apop_la_SOURCES = %D%/apop.c %D%/stamp.c %D%/stamp.h
%C%_apop_la_LDFLAGS = $(module_link)
EXTRA_DIST += %D%/README.md

check_PROGRAMS += %D%/tests/stamp
%C%_tests_stamp_SOURCES = %D%/stamp.c %D%/stamp.h %D%/tests/stamp.c
%C%_tests_stamp_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/%D%
%C%_tests_stamp_LDADD = $(GLIB_LIBS)
