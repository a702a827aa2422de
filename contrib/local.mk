EXTRA_DIST += \
	%D%/check.sh \
	%D%/demo-mailbox.sh \
	%D%/packages.sh \
	%D%/quickstart.sh \
	%D%/plugin-template/Makefile \
	%D%/plugin-template/README.md \
	%D%/plugin-template/hello.c \
	%D%/plugin-template/hello.talk
