maildir_sources = \
	%D%/append.c \
	%D%/arrivals.c \
	%D%/arrivals.h \
	%D%/changes.c \
	%D%/delivery.c \
	%D%/delivery.h \
	%D%/drop-struct.h \
	%D%/drop.c \
	%D%/drop.h \
	%D%/examine.c \
	%D%/examine.h \
	%D%/file.c \
	%D%/file.h \
	%D%/flagging.c \
	%D%/folder.c \
	%D%/folder.h \
	%D%/history.c \
	%D%/history.h \
	%D%/index.c \
	%D%/index.h \
	%D%/listing.c \
	%D%/listing.h \
	%D%/layout.c \
	%D%/layout.h \
	%D%/lock.c \
	%D%/lock.h \
	%D%/measure.c \
	%D%/measure.h \
	%D%/name.c \
	%D%/name.h \
	%D%/notes.c \
	%D%/notes.h \
	%D%/path-template.c \
	%D%/path-template.h \
	%D%/refresh.c \
	%D%/removal.c \
	%D%/rename.c \
	%D%/scan.c \
	%D%/scan.h \
	%D%/state.c \
	%D%/state.h \
	%D%/sync-all.c \
	%D%/sync.c \
	%D%/sync.h \
	%D%/token.c \
	%D%/token.h \
	%D%/transfer.c \
	%D%/tree.c \
	%D%/tree.h \
	%D%/unique.c \
	%D%/unique.h \
	%D%/utf7.c \
	%D%/utf7.h \
	%D%/view.c \
	%D%/view.h \
	%D%/watch.c \
	%D%/watch.h

plugin_LTLIBRARIES += %D%/maildir.la
%C%_maildir_la_SOURCES = $(maildir_sources) %D%/maildir.c
%C%_maildir_la_LDFLAGS = $(module_link)
EXTRA_DIST += %D%/README.md %D%/fuzz/folder.seeds %D%/fuzz/index.seeds %D%/fuzz/name.seeds
if FUZZING
noinst_PROGRAMS += %D%/fuzz/fuzz-folder %D%/fuzz/fuzz-index %D%/fuzz/fuzz-name
FUZZERS += %D%/fuzz/fuzz-folder %D%/fuzz/fuzz-index %D%/fuzz/fuzz-name
%C%_fuzz_fuzz_folder_SOURCES = %D%/fuzz/fuzz-folder.c %D%/utf7.c %D%/token.c
%C%_fuzz_fuzz_folder_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)/%D%
%C%_fuzz_fuzz_folder_LDFLAGS = $(fuzz_link)
%C%_fuzz_fuzz_folder_LDADD = $(GLIB_LIBS)
%C%_fuzz_fuzz_index_SOURCES = %D%/fuzz/fuzz-index.c %D%/listing.c %D%/name.c
%C%_fuzz_fuzz_index_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)/%D%
%C%_fuzz_fuzz_index_LDFLAGS = $(fuzz_link)
%C%_fuzz_fuzz_index_LDADD = $(GLIB_LIBS)
%C%_fuzz_fuzz_name_SOURCES = %D%/fuzz/fuzz-name.c %D%/name.c
%C%_fuzz_fuzz_name_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)/%D%
%C%_fuzz_fuzz_name_LDFLAGS = $(fuzz_link)
%C%_fuzz_fuzz_name_LDADD = $(GLIB_LIBS)
endif
TALKS += tests/talk/maildir.talk

check_PROGRAMS += \
	%D%/tests/accidents \
	%D%/tests/create \
	%D%/tests/drop \
	%D%/tests/folders \
	%D%/tests/index \
	%D%/tests/measure \
	%D%/tests/names \
	%D%/tests/notes \
	%D%/tests/rights \
	%D%/tests/scaling \
	%D%/tests/watch
maildir_test_flags = $(AM_CPPFLAGS) -I$(top_srcdir)/%D%
maildir_test_link = $(AM_LDFLAGS) $(host_link)
maildir_test_libs = libpop4d.la $(GLIB_LIBS)
maildir_test_fixture = %D%/tests/fixture.c %D%/tests/fixture.h
%C%_tests_index_SOURCES = $(maildir_sources) $(maildir_test_fixture) %D%/tests/index.c
%C%_tests_index_CPPFLAGS = $(maildir_test_flags)
%C%_tests_index_LDFLAGS = $(maildir_test_link)
%C%_tests_index_LDADD = $(maildir_test_libs)
%C%_tests_measure_SOURCES = $(maildir_sources) $(maildir_test_fixture) %D%/tests/measure.c
%C%_tests_measure_CPPFLAGS = $(maildir_test_flags)
%C%_tests_measure_LDFLAGS = $(maildir_test_link)
%C%_tests_measure_LDADD = $(maildir_test_libs)
%C%_tests_names_SOURCES = $(maildir_sources) $(maildir_test_fixture) %D%/tests/names.c
%C%_tests_names_CPPFLAGS = $(maildir_test_flags)
%C%_tests_names_LDFLAGS = $(maildir_test_link)
%C%_tests_names_LDADD = $(maildir_test_libs)
%C%_tests_notes_SOURCES = $(maildir_sources) $(maildir_test_fixture) %D%/tests/notes.c
%C%_tests_notes_CPPFLAGS = $(maildir_test_flags)
%C%_tests_notes_LDFLAGS = $(maildir_test_link)
%C%_tests_notes_LDADD = $(maildir_test_libs)
%C%_tests_watch_SOURCES = $(maildir_sources) $(maildir_test_fixture) %D%/tests/watch.c
%C%_tests_watch_CPPFLAGS = $(maildir_test_flags)
%C%_tests_watch_LDFLAGS = $(maildir_test_link)
%C%_tests_watch_LDADD = $(maildir_test_libs)
%C%_tests_accidents_SOURCES = $(maildir_sources) $(maildir_test_fixture) %D%/tests/accidents.c
%C%_tests_accidents_CPPFLAGS = $(maildir_test_flags)
%C%_tests_accidents_LDFLAGS = $(maildir_test_link)
%C%_tests_accidents_LDADD = $(maildir_test_libs)
%C%_tests_create_SOURCES = $(maildir_sources) $(maildir_test_fixture) %D%/tests/create.c
%C%_tests_create_CPPFLAGS = $(maildir_test_flags)
%C%_tests_create_LDFLAGS = $(maildir_test_link)
%C%_tests_create_LDADD = $(maildir_test_libs)
%C%_tests_drop_SOURCES = $(maildir_sources) $(maildir_test_fixture) %D%/tests/drop.c
%C%_tests_drop_CPPFLAGS = $(maildir_test_flags)
%C%_tests_drop_LDFLAGS = $(maildir_test_link)
%C%_tests_drop_LDADD = $(maildir_test_libs)
%C%_tests_folders_SOURCES = $(maildir_sources) $(maildir_test_fixture) %D%/tests/folders.c
%C%_tests_folders_CPPFLAGS = $(maildir_test_flags)
%C%_tests_folders_LDFLAGS = $(maildir_test_link)
%C%_tests_folders_LDADD = $(maildir_test_libs)
%C%_tests_rights_SOURCES = $(maildir_sources) $(maildir_test_fixture) %D%/tests/rights.c
%C%_tests_rights_CPPFLAGS = $(maildir_test_flags)
%C%_tests_rights_LDFLAGS = $(maildir_test_link)
%C%_tests_rights_LDADD = $(maildir_test_libs)
%C%_tests_scaling_SOURCES = $(maildir_sources) $(maildir_test_fixture) %D%/tests/scaling.c
%C%_tests_scaling_CPPFLAGS = $(maildir_test_flags)
%C%_tests_scaling_LDFLAGS = $(maildir_test_link)
%C%_tests_scaling_LDADD = $(maildir_test_libs)
