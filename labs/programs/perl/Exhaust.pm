# Uses up what a process has only so much of; the servers share it.

package Exhaust;

use v5.36;

use Exporter qw(import);
use POSIX    qw(O_RDONLY);

our @EXPORT_OK = qw(take_descriptors take_memory);

my $CHUNK = 8 * 1024 * 1024;

# Opens files until the process may not have more; they stay open.
sub take_descriptors () {
    1 while defined POSIX::open( '/dev/null', O_RDONLY );
    return $!{EMFILE};
}

# Takes as much memory as the budget allows, and frees it when it returns.
sub take_memory ( $budget = 'Inf' ) {
    my @taken;
    while ( ( @taken + 1 ) * $CHUNK <= $budget ) {

        # The system gives a page only when it is written to; this writes all.
        push @taken, 'x' x $CHUNK;
    }
    return 1;
}

1;
