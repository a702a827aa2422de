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

dist_bin_SCRIPTS += %D%/pop4.py
dist_man_MANS += %D%/pop4.py.1

EXTRA_DIST += \
	%D%/systemd/README.md \
	%D%/systemd/home-maildirs.conf \
	%D%/systemd/mail-folders.conf \
	%D%/systemd/own-ports.conf \
	%D%/systemd/pop4d.service.in \
	%D%/systemd/pop4d.socket \
	%D%/systemd/pop4ds.socket \
	%D%/systemd/tls-key.conf
sysusersdir = $(prefix)/lib/sysusers.d
dist_sysusers_DATA = %D%/systemd/sysusers.d/pop4d.conf
tmpfilesdir = $(prefix)/lib/tmpfiles.d
dist_tmpfiles_DATA = %D%/systemd/tmpfiles.d/pop4d.conf
systemdunitdir = $(prefix)/lib/systemd/system
systemdunit_DATA = %D%/systemd/pop4d.service %D%/systemd/pop4d.socket %D%/systemd/pop4ds.socket
CLEANFILES += %D%/systemd/pop4d.service
contrib/systemd/pop4d.service: $(top_srcdir)/contrib/systemd/pop4d.service.in Makefile
	$(AM_V_GEN)mkdir -p $(@D) && sed 's|@bindir[@]|$(bindir)|' \
	    '$(top_srcdir)/contrib/systemd/pop4d.service.in' >$@
