FOLDER_TESTS = %D%/beside-imap.py %D%/client.py %D%/draft.py %D%/grammar.py %D%/kill-points.py \
	%D%/model.py %D%/waiting.py %D%/web-mail.py
TESTS += $(FOLDER_TESTS)
THREAD_TESTS += %D%/model.py %D%/waiting.py
EXTRA_DIST += $(FOLDER_TESTS)

# A library to preload, no module of the server.
check_DATA += %D%/kill-points.so
%D%/kill-points.so: %D%/kill-points.c
	$(AM_V_GEN)$(MKDIR_P) %D% && $(CC) $(CPPFLAGS) -std=c11 -Wall -Wextra -O1 -shared -fPIC -o $@ \
	    $(srcdir)/%D%/kill-points.c
CLEANFILES += %D%/kill-points.so
EXTRA_DIST += %D%/kill-points.c
