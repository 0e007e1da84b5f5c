# A server that knows its limits, and says so where another one would fail.
#
# Usage: perl server_limits.pl PORT reserve|shed

use v5.36;

use FindBin qw($Bin);
use lib $Bin;
use Exhaust   qw(take_descriptors take_memory);
use Listening qw(listen_on);
use Steps     qw(step);

use constant BUDGET => 64 * 1024 * 1024;

# A write to a connection that was reset would end Perl by this signal,
# without a word. Ignored, the write fails with EPIPE.
$SIG{PIPE} = 'IGNORE';

# A step without which the program cannot go on.
sub must ( $name, $operation ) {
    my $result = step( $name, $operation );
    if ( !$result && $! ) {
        say STDERR 'Connection failed: ', $@ || $!;
        exit 1;
    }
    return $result;
}

sub accept_and_read ($listener) {
    my $client = must( accept => sub { $listener->accept } );

    # At the end of file nothing is returned, and $! stays as it was before.
    must( read => sub { $! = 0; readline $client } );
    return $client;
}

sub refuse ($client) {
    must( send  => sub { print {$client} "Busy, try again later.\n" } );
    must( close => sub { close $client } );
}

sub reserve ($listener) {

    # Given back when nothing else is left, so that a client can be told.
    open my $spare, '<', '/dev/null' or die "Cannot open /dev/null: $!\n";
    must( leak => \&take_descriptors );
    close $spare;
    refuse( accept_and_read($listener) );
}

sub shed ($listener) {
    my $client = accept_and_read($listener);
    must( pause => sub { readline STDIN; 1 } );

    # The work would need more: it is given up, not the server.
    must( grow => sub { take_memory(BUDGET) } );
    refuse($client);
}

my %BEHAVIOURS = ( reserve => \&reserve, shed => \&shed );

my ( $port, $behaviour, @more ) = @ARGV;
if (   @more
    || ( $port // '' ) !~ /\A[0-9]+\z/
    || $port > 65535
    || !$BEHAVIOURS{ $behaviour // '' } )
{
    say STDERR 'Usage: perl server_limits.pl PORT reserve|shed';
    exit 2;
}
$BEHAVIOURS{$behaviour}->( must( listen => sub { listen_on($port) } ) );
