FOLDER_TESTS = %D%/model.py %D%/waiting.py
TESTS += $(FOLDER_TESTS)
THREAD_TESTS += %D%/model.py %D%/waiting.py
EXTRA_DIST += $(FOLDER_TESTS)
