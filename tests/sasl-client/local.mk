noinst_PROGRAMS += %D%/sasl-client
%C%_sasl_client_SOURCES = \
	%D%/exchange.c \
	%D%/exchange.h \
	%D%/main.c \
	%D%/wire.c \
	%D%/wire.h
%C%_sasl_client_CFLAGS = $(AM_CFLAGS) $(OPENSSL_CFLAGS) $(SASL_CFLAGS)
%C%_sasl_client_LDADD = $(GLIB_LIBS) $(OPENSSL_LIBS) $(SASL_LIBS)
TESTS += %D%/selftest.py
EXTRA_DIST += %D%/selftest.py
