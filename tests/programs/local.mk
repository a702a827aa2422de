PROGRAMS_TESTS = \
	%D%/cli.py \
	%D%/listeners.py \
	%D%/privileges.py \
	%D%/timeouts.py
TESTS += $(PROGRAMS_TESTS)
EXTRA_DIST += $(PROGRAMS_TESTS)
