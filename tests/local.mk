AM_TESTS_ENVIRONMENT = \
	export G_DEBUG=fatal-warnings; \
	export srcdir='$(abs_srcdir)' builddir='$(abs_builddir)'; \
	export POP4D_WRAPPER="$(POP4D_WRAPPER)"; \
	export POP4_MODULES='$(abs_builddir)/modules'; \
	export UBSAN_OPTIONS=print_stacktrace=1;

TEST_EXTENSIONS = .sh .talk .py
PY_LOG_COMPILER = python3

TALKS =
THREAD_TESTS =
FUZZERS =
CHECKS = %D%/docs.sh %D%/layering.sh %D%/symbols.sh %D%/systemd.sh %D%/template.sh
check_DATA += modules

include %D%/plugins/local.mk
include %D%/unit/local.mk
include %D%/talk/local.mk
include %D%/fuzz/local.mk
include %D%/bench/local.mk
include %D%/e2e/local.mk
include %D%/faults/local.mk
include %D%/folders/local.mk
include %D%/harness/local.mk
include %D%/programs/local.mk
include %D%/sasl-client/local.mk
include %D%/submission/local.mk
include %D%/trust/local.mk

# What contrib/check.sh runs under the slower tools.
print-concurrency-tests:
	@echo $(TALKS) $(THREAD_TESTS)
print-valgrind-tests:
	@echo $(TALKS) $(check_PROGRAMS)

TESTS += $(check_PROGRAMS) $(TALKS) $(CHECKS)
EXTRA_DIST += $(TALKS) $(CHECKS)
EXTRA_DIST += %D%/valgrind.supp %D%/lsan.supp %D%/tsan.supp
