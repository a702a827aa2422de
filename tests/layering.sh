#!/bin/sh
# SPDX-License-Identifier: MIT
# Each outside library has one home, plugins see the SDK and nothing else, the core knows no verb.

set -eu
cd "$srcdir"
failed=0

complain()
{
    printf '%s\n' "$1" >&2
    failed=1
}

only() # <header pattern> <files allowed to include it>
{
    offenders=$(grep -rlE "^# *include <($1)" --include='*.[ch]' daemon plugins sdk admin 2>/dev/null |
        grep -vE "^($2)$" || :)
    test -z "$offenders" || complain "<$1> is included by: $offenders"
}

only 'openssl/' 'daemon/tls(-context|-tickets)?\.c|plugins/accounts/scram\.c'
only 'sasl/' 'plugins/sasl/(attempt\.c|attempt-struct\.h|auxprop\.c|identify\.c|library\.c|password\.c|rehearsal\.c)'
only 'curl/' 'plugins/xtnd-xmit/smtp\.h'
only 'gmime/' 'plugins/xtnd-xmit/addresses\.c|plugins/pop4/mime-text\.c'
only 'microhttpd\.h' 'admin/admin\.c'
only 'gmodule\.h' 'daemon/plugin-manager\.c|sdk/include/pop4/plugin\.h'
only 'sys/epoll\.h' 'daemon/(worker|conversation|hold|listener|suspension)\.c'
only 'sys/sendfile\.h' 'daemon/connection\.c|plugins/maildir/transfer\.c'

# A plugin includes its own headers by bare name, and never another's or the core's.
reaching=$(grep -rnE '^# *include ".*/' --include='*.[ch]' plugins || :)
test -z "$reaching" || complain "plugins reach out of their folder: $reaching"
for plugin in plugins/*/; do
    for header in $(grep -rhoE '^# *include "[^"]+"' --include='*.[ch]' "$plugin" |
        sed 's/.*"\(.*\)"/\1/' | sort -u); do
        test "$header" = config.h || test -n "$(find "$plugin" -name "$header")" ||
            complain "$plugin includes \"$header\", which is not its own"
    done
done
core=$(grep -rlE '^# *include "' --include='*.h' sdk || :)
test -z "$core" || complain "SDK headers include others than <pop4/...>: $core"

# Mail verbs, whole words in upper case, belong to plugins; CAPA lists what they bring.
verbs='USER|PASS|APOP|AUTH|STAT|LIST|RETR|DELE|NOOP|RSET|TOP|UIDL|QUIT|LAST|STLS|XMIT|XLST|UTF8|LANG'
found=$(grep -nE "\"($verbs)[ \"]" daemon/*.[ch] | grep -v '\[POP4_ERROR_AUTH\] = "AUTH"' || :)
test -z "$found" || complain "the core names a mail verb: $found"

# Protocol octets are written in one place.
literals=$(grep -lE '"(\+OK|-ERR)' -r --include='*.c' daemon plugins admin | grep -v '^daemon/reply\.c$' ||
    :)
test -z "$literals" || complain "status words outside daemon/reply.c: $literals"

# One licence line a file.
for file in $(find daemon plugins sdk tests contrib -name '*.[ch]' -o -name '*.sh' -o -name '*.py'); do
    grep -q 'SPDX-License-Identifier: MIT' "$file" || complain "$file has no SPDX line"
done

exit $failed
