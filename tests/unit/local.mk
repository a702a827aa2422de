# Fragments of the one Makefile.
