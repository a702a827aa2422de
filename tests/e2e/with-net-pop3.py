# SPDX-License-Identifier: MIT
"""Perl's Net::POP3 fetches a mailbox of odd messages, leaves it, and deletes from it."""

import os
import subprocess
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir))

from harness import folds
from harness.scenario import Workplace, play
from harness.trial import check, need, patience, run

PERL = need("perl", "perl")

# Prints the numbers it fetched; each message is a file of that number.
SCRIPT = r"""
use strict;
use warnings;
use Net::POP3;

my ($port, $user, $keep, $folder, $seen_file, $timeout) = @ARGV;
my %seen;
if (open(my $file, '<', $seen_file)) { chomp(my @uids = <$file>); @seen{@uids} = (); }

my $pop = Net::POP3->new("127.0.0.1:$port", Timeout => $timeout) or die "connect: $@";
defined $pop->login($user, 'secret') or die 'login: ' . $pop->message;
my $uids = $pop->uidl or die 'uidl: ' . $pop->message;
for my $number (sort { $a <=> $b } keys %$uids) {
    if (!exists $seen{$uids->{$number}}) {
        my $lines = $pop->get($number) or die "get $number: " . $pop->message;
        open(my $out, '>:raw', sprintf '%s/%06d', $folder, $number) or die $!;
        print $out @$lines;
        close $out or die $!;
        $seen{$uids->{$number}} = 1;
    }
    $keep or $pop->delete($number) or die "delete $number: " . $pop->message;
}
$pop->quit or die 'quit: ' . $pop->message;
open(my $file, '>', $seen_file) or die $!;
print $file "$_\n" for sort keys %seen;
close $file or die $!;
"""


def main():
    with Workplace() as place:
        place.make_folder("out")
        script = place.write("fetch.pl", SCRIPT)

        def fetch(port, user, keep):
            done = subprocess.run(
                [PERL, script, str(port), user, "1" if keep else "", place.path("out"),
                 place.path("seen-" + user), str(int(patience(30)))],
                capture_output=True, check=False)
            check(done.returncode == 0, f"perl: {done.stderr.decode()}")
            return place.take("out")

        play(fetch, folds.to_lf)


run(main, 120)
