#!/bin/sh
# SPDX-License-Identifier: MIT
# Fills a Maildir with ten varied messages: demo-mailbox.sh MAILDIR

set -eu

maildir=${1:?usage: demo-mailbox.sh MAILDIR}
mkdir -p "$maildir/cur" "$maildir/new" "$maildir/tmp"
number=0

draft=$maildir/tmp/draft

# Hands the draft over, as a delivery does.
deliver()
{
    number=$((number + 1))
    mv "$draft" "$maildir/new/$((1700000000 + number * 60)).M${number}P1.demo"
}

header() # subject
{
    printf 'From: Postmaster <postmaster@example.org>\nTo: demo@example.org\n'
    printf 'Date: Tue, 14 Nov 2023 22:%02d:00 +0000\nMessage-ID: <demo.%d@example.org>\n' \
        "$((number + 14))" "$((number + 1))"
    printf 'Subject: %s\n' "$1"
}

{
    header 'A plain message'
    printf '\nWelcome to pop4d.\n\nThis mailbox holds one message of each kind that clients stumble over.\n'
} >"$draft"
deliver

{
    header 'A multipart message with an attachment'
    printf 'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="part"\n\n'
    printf 'For readers without MIME.\n--part\nContent-Type: text/plain; charset=us-ascii\n\n'
    printf 'See the attached table.\n--part\nContent-Type: text/csv; name=table.csv\n'
    printf 'Content-Disposition: attachment; filename=table.csv\n'
    printf 'Content-Transfer-Encoding: base64\n\n'
    printf 'day,messages\nMonday,12\nTuesday,7\n' | base64
    printf '%s\n' --part--
} >"$draft"
deliver

{
    header 'Lines that begin with dots'
    printf '\n.one\n..two\n...three\n.\nThe line above holds a single dot.\n'
} >"$draft"
deliver

{
    header 'Eight bits'
    printf 'MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n'
    printf 'Content-Transfer-Encoding: 8bit\n\nGr\303\274\303\237e, caf\303\251, \342\202\254 5.\n'
} >"$draft"
deliver

{
    header 'No line end at the end'
    printf '\nThis message stops in the middle of its last'
} >"$draft"
deliver

{
    header 'Stored with CRLF'
    printf '\nEvery line of this file ends in CRLF already.\n'
} | sed 's/$/\r/' >"$draft"
deliver

{
    header 'Ten megabytes'
    printf 'MIME-Version: 1.0\nContent-Type: application/octet-stream\n'
    printf 'Content-Transfer-Encoding: base64\n\n'
    head -c 7700000 /dev/zero | base64
} >"$draft"
deliver

{
    header 'An empty body'
    printf '\n'
} >"$draft"
deliver

header 'Only a header, without the empty line behind it' >"$draft"
deliver

{
    header 'A very long line'
    printf '\n'
    head -c 20000 /dev/zero | tr '\0' x
    printf '\n'
} >"$draft"
deliver
