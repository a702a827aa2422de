EXTRA_DIST += \
	%D%/check.sh \
	%D%/demo-mailbox.sh \
	%D%/fail2ban/README.md \
	%D%/fail2ban/filter.d/pop4d.conf \
	%D%/fail2ban/jail.d/pop4d.conf \
	%D%/packages.sh \
	%D%/quickstart.sh \
	%D%/plugin-template/Makefile \
	%D%/plugin-template/README.md \
	%D%/plugin-template/hello.c \
	%D%/plugin-template/hello.talk
