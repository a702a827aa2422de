EXTRA_DIST += \
	%D%/__init__.py \
	%D%/abnf.py \
	%D%/accounts.py \
	%D%/certificates.py \
	%D%/corpus.py \
	%D%/dovecot.py \
	%D%/draft.py \
	%D%/folds.py \
	%D%/haproxy.py \
	%D%/kerberos.py \
	%D%/log.py \
	%D%/maildir.py \
	%D%/mta.py \
	%D%/pop.py \
	%D%/postfix.py \
	%D%/process.py \
	%D%/sandbox.py \
	%D%/sasl_client.py \
	%D%/saslauthd.py \
	%D%/scene.py \
	%D%/scenario.py \
	%D%/senders.py \
	%D%/server.py \
	%D%/trial.py

# What the tests stand on is tested, too.
TESTS += %D%/selftest.py
EXTRA_DIST += %D%/selftest.py
