# Modules that tests load; "-rpath" makes libtool build them as shared ones.
fixture_link = $(module_link) -rpath /nowhere

check_LTLIBRARIES += \
	%D%/bad-abi.la \
	%D%/extra.la \
	%D%/counted.la \
	%D%/former.la \
	%D%/no-plugin.la \
	%D%/no-start.la \
	%D%/older.la \
	%D%/testdrop.la \
	%D%/testkit.la \
	%D%/twice.la
%C%_bad_abi_la_SOURCES = %D%/bad-abi.c
%C%_bad_abi_la_LDFLAGS = $(fixture_link)
%C%_counted_la_SOURCES = %D%/counted.c
%C%_counted_la_LDFLAGS = $(fixture_link)
%C%_extra_la_SOURCES = %D%/extra.c
%C%_extra_la_LDFLAGS = $(fixture_link)
%C%_former_la_SOURCES = %D%/former.c
%C%_former_la_LDFLAGS = $(fixture_link)
%C%_no_plugin_la_SOURCES = %D%/no-plugin.c
%C%_no_plugin_la_LDFLAGS = $(fixture_link)
%C%_no_start_la_SOURCES = %D%/no-start.c
%C%_no_start_la_LDFLAGS = $(fixture_link)
%C%_older_la_SOURCES = %D%/older.c
%C%_older_la_LDFLAGS = $(fixture_link)
%C%_testdrop_la_SOURCES = %D%/testdrop.c
%C%_testdrop_la_LDFLAGS = $(fixture_link)
%C%_testkit_la_SOURCES = %D%/testkit.c
%C%_testkit_la_LDFLAGS = $(fixture_link)
%C%_twice_la_SOURCES = %D%/twice.c
%C%_twice_la_LDFLAGS = $(fixture_link)
