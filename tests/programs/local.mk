PROGRAMS_TESTS = \
	%D%/cli.py \
	%D%/fail2ban.py \
	%D%/hardened.py \
	%D%/hash-password.py \
	%D%/listeners.py \
	%D%/privileges.py \
	%D%/timeouts.py \
	%D%/watchdog.py
TESTS += $(PROGRAMS_TESTS)
EXTRA_DIST += $(PROGRAMS_TESTS)
