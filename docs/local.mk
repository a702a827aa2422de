EXTRA_DIST += %D%/plugin-guide.md
