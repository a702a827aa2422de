FAULT_TESTS = \
	%D%/blocked.py \
	%D%/crowd.py \
	%D%/disk.py \
	%D%/drain.py \
	%D%/flood.py \
	%D%/held.py \
	%D%/kill.py \
	%D%/reload.py \
	%D%/slow-reader.py
TESTS += $(FAULT_TESTS)
THREAD_TESTS += %D%/blocked.py %D%/drain.py %D%/reload.py
EXTRA_DIST += $(FAULT_TESTS)
