EXTRA_DIST += %D%/draft-pop4.md %D%/plugin-guide.md
