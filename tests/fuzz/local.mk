EXTRA_DIST += %D%/run.sh %D%/line-reader.seeds %D%/proxy-header.seeds %D%/settings.seeds

fuzz_link = $(AM_LDFLAGS) -fsanitize=fuzzer
if FUZZING
noinst_PROGRAMS += %D%/fuzz-line-reader %D%/fuzz-proxy-header %D%/fuzz-settings
FUZZERS += %D%/fuzz-line-reader %D%/fuzz-proxy-header %D%/fuzz-settings
%C%_fuzz_line_reader_SOURCES = %D%/fuzz-line-reader.c
%C%_fuzz_line_reader_CPPFLAGS = $(libpop4d_la_CPPFLAGS)
%C%_fuzz_line_reader_LDFLAGS = $(fuzz_link)
%C%_fuzz_line_reader_LDADD = libpop4d.la $(GLIB_LIBS)
%C%_fuzz_proxy_header_SOURCES = %D%/fuzz-proxy-header.c
%C%_fuzz_proxy_header_CPPFLAGS = $(libpop4d_la_CPPFLAGS)
%C%_fuzz_proxy_header_LDFLAGS = $(fuzz_link)
%C%_fuzz_proxy_header_LDADD = libpop4d.la $(GLIB_LIBS)
%C%_fuzz_settings_SOURCES = %D%/fuzz-settings.c
%C%_fuzz_settings_CPPFLAGS = $(libpop4d_la_CPPFLAGS)
%C%_fuzz_settings_LDFLAGS = $(fuzz_link)
%C%_fuzz_settings_LDADD = libpop4d.la $(GLIB_LIBS)
endif

# make fuzz SECONDS=30
SECONDS = 30
fuzz: $(FUZZERS)
	sh $(srcdir)/tests/fuzz/run.sh $(SECONDS) $(FUZZERS)
