# Messages that clients send, and what becomes of them.
SUBMISSION_TESTS = \
	%D%/delivery.py \
	%D%/faults.py \
	%D%/load.py \
	%D%/program.py
TESTS += $(SUBMISSION_TESTS)
THREAD_TESTS += %D%/faults.py
EXTRA_DIST += $(SUBMISSION_TESTS)
