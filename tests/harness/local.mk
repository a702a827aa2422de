EXTRA_DIST += \
	%D%/__init__.py \
	%D%/corpus.py \
	%D%/dovecot.py \
	%D%/folds.py \
	%D%/log.py \
	%D%/maildir.py \
	%D%/pop.py \
	%D%/process.py \
	%D%/scenario.py \
	%D%/server.py \
	%D%/trial.py
