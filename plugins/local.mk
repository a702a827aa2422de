module_link = $(AM_LDFLAGS) -module -avoid-version -shared

# A plugin is its folder and its line here.
include %D%/accounts/local.mk
include %D%/apop/local.mk
include %D%/guard/local.mk
include %D%/last/local.mk
include %D%/legacy/local.mk
include %D%/maildir/local.mk
include %D%/pop3/local.mk
include %D%/pop4/local.mk
include %D%/sasl/local.mk
include %D%/sdps/local.mk
include %D%/stls/local.mk
include %D%/uidl/local.mk
include %D%/xtnd-xmit/local.mk

# The modules of the build tree side by side, as a server wants them.
modules: $(plugin_LTLIBRARIES) $(check_LTLIBRARIES)
	$(AM_V_GEN)mkdir -p modules && for la in $^; do \
	    name=`basename $$la .la`; \
	    ln -sf "$(abs_builddir)/`dirname $$la`/.libs/$$name.so" modules/$$name.so; \
	done && touch modules
all-local: $(plugin_LTLIBRARIES)
clean-local:
	rm -rf modules

# g_module_open() has no use for libtool's .la files; without them libtool
# cannot uninstall the modules either.
install-data-hook:
	rm -f $(DESTDIR)$(plugindir)/*.la
uninstall-local:
	for la in $(plugin_LTLIBRARIES); do \
	    rm -f "$(DESTDIR)$(plugindir)/`basename $$la .la`.so"; \
	done
