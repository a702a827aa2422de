noinst_LTLIBRARIES += libpop4d.la

libpop4d_la_SOURCES =
libpop4d_la_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_builddir) -I$(top_srcdir)/%D% \
	-DPLUGINDIR=\"$(plugindir)\"
libpop4d_la_LIBADD = $(GLIB_LIBS)

# Plugins resolve pop4_*() in the program that loads them; see exports.c.
host_link = -export-dynamic

bin_PROGRAMS += pop4d
pop4d_SOURCES = %D%/main.c
pop4d_CPPFLAGS = $(libpop4d_la_CPPFLAGS)
pop4d_LDFLAGS = $(AM_LDFLAGS) $(host_link)
pop4d_LDADD = libpop4d.la $(GLIB_LIBS)
