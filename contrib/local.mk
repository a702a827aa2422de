EXTRA_DIST += \
	%D%/check.sh \
	%D%/demo-mailbox.sh \
	%D%/packages.sh \
	%D%/quickstart.sh
