# Real clients against a real server; each downloads the same mailbox of odd messages.
E2E_TESTS = \
	%D%/with-curl.py \
	%D%/with-fetchmail.py \
	%D%/with-getmail.py \
	%D%/with-mpop.py \
	%D%/with-net-pop3.py \
	%D%/with-poplib.py \
	%D%/with-sdps.py
TESTS += $(E2E_TESTS)
EXTRA_DIST += $(E2E_TESTS)
