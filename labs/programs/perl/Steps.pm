# Reports the steps of a program to the file named by LAB_STEPS; without it,
# to nobody.
#
# step(NAME, OPERATION) runs the operation and returns what it returned, with
# $! and $@ as it has left them, or dies of what it died of. An operation has
# failed if it returned nothing, or what is false, and $! tells why. The lines
# are described in docs/programs.md.

package Steps;

use v5.36;

use Exporter    qw(import);
use Time::HiRes qw(gettimeofday);

our @EXPORT_OK = qw(step);

my %ESCAPES = ( "\\" => "\\\\", "\t" => "\\t", "\n" => "\\n", "\r" => "\\r" );
my $report;
if ( my $path = $ENV{LAB_STEPS} ) {
    open $report, '>>', $path or die "Cannot write to $path: $!\n";
}

sub report (@fields) {
    return if !$report;
    s/([\\\t\n\r])/$ESCAPES{$1}/g for @fields;
    my $line = join "\t", sprintf( '%d%06d', gettimeofday ), @fields;

    # Not print, which has a buffer: each line is one write, also to a pipe.
    syswrite $report, "$line\n";
}

sub step ( $name, $operation ) {
    report( $name, 'begin' );
    my ( $result, $reason );
    if ( !eval { $result = $operation->(); $reason = $@; 1 } ) {
        report( $name, 'error', '$@', '-', $@ =~ s/\n\z//r );
        die $@;
    }
    my $errno = $!;
    if ( !$result && $errno ) {
        my ($symbol) = sort grep { $!{$_} } keys %!;

        # Constructors tell in $@ too why they failed.
        my @told = $reason ? ( '$@', $reason ) : ( '$!', $errno );
        report( $name, 'error', $told[0], $symbol // '-', $told[1] );
    }
    else {
        my $may_end = $name eq 'read' || $name eq 'validate';
        report( $name, $may_end && !defined $result ? 'eof' : 'ok' );
    }
    ( $!, $@ ) = ( $errno, $reason );
    return $result;
}

report( 'runtime', 'ok', sprintf '%vd', $^V );

1;
