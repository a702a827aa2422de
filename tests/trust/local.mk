# Who may log in, by what, and over what.
TRUST_TESTS = \
	%D%/apop.py \
	%D%/clients.py \
	%D%/mechanisms.py \
	%D%/proxy.py \
	%D%/renewal.py \
	%D%/saslauthd.py \
	%D%/scan.py \
	%D%/semblance.py \
	%D%/tls.py
TESTS += $(TRUST_TESTS)
EXTRA_DIST += $(TRUST_TESTS)
