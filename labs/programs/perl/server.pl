# A server that accepts one connection and then behaves as it is told.
#
# Usage: perl server.pl PORT BEHAVIOUR

use v5.36;

use FindBin qw($Bin);
use lib $Bin;
use Exhaust   qw(take_descriptors take_memory);
use Listening qw(listen_on);
use POSIX     qw(_exit);
use Socket    qw(SOL_SOCKET SO_LINGER);
use Steps     qw(step);

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

# At the end of file nothing is returned, and $! stays as it was before.
sub line_of ($client) {
    $! = 0;
    return readline $client;
}

sub receive ($client) {
    must( read => sub { line_of($client) } );
}

sub answer ($client) {
    must( send => sub { print {$client} "Hello Client!\n" } );
}

sub finish ($client) {
    must( close => sub { close $client } );
}

sub abort ($client) {

    # Lingering for 0 seconds makes close throw the connection away: a reset.
    my $linger = pack 'ii', 1, 0;
    must(
        abort => sub {
            setsockopt( $client, SOL_SOCKET, SO_LINGER, $linger )
              && close $client;
        }
    );
}

sub wait_for_end (@) {
    must( wait => sub { 1 while readline STDIN; 1 } );
}

sub pause (@) {
    must( pause => sub { readline STDIN; 1 } );
}

sub leak (@) {
    must( leak => \&take_descriptors );
}

sub grow (@) {
    must( grow => \&take_memory );
}

# Ends without closing anything: the system does that.
sub end (@) {
    _exit(0);
}

sub answer_heartbeats ($client) {
    receive($client);
    my $beats            = 0;
    my $eight_heartbeats = sub {
        while ( $beats < 8 && defined( my $line = line_of($client) ) ) {
            next if $line ne "Heartbeat\n";
            print {$client} $line or return;
            $beats++;
        }
        return $beats == 8 || undef;
    };
    my $end_of_file = sub {
        1 while defined line_of($client);
        return;
    };
    if ( must( read => $eight_heartbeats ) ) {
        answer($client);
        must( read => $end_of_file );
    }
}

sub serve ($listener) {
    while (1) {
        my $client = must( accept => sub { $listener->accept } );

        # A reset ends the loop as the end of file does, and either way the
        # next client is served.
        while ( step( read => sub { line_of($client) } ) ) {
            step( send => sub { print {$client} "Hello Client!\n" } ) or last;
        }

        # It fails, too, where the send has, but it closes all the same.
        step( close => sub { close $client; 1 } );
    }
}

sub leak_first ($listener) {
    leak();
    step( accept => sub { $listener->accept } ) or wait_for_end();
    end();
}

# What is done with the connection, in order.
my %BEHAVIOURS = (
    'reply'       => [ \&receive,      \&answer, \&finish ],
    'close'       => [ \&receive,      \&finish ],
    'abort'       => [ \&receive,      \&abort ],
    'never-read'  => [ \&wait_for_end, \&finish ],
    'never-reply' => [ \&receive,      \&wait_for_end, \&finish ],
    'late-reply'  => [ \&receive,      \&wait_for_end, \&answer, \&finish ],
    'early-reply' => [ \&answer,       \&wait_for_end, \&finish ],
    'slow-reply'  => [ \&answer_heartbeats, \&finish ],
    'accept-leak' => [ \&receive,           \&leak, \&wait_for_end, \&end ],
    'grow'        => [ \&pause,             \&grow ],
    'read-grow'   => [ \&receive,           \&pause, \&grow ],
);

# These accept by themselves.
my %LISTENERS = ( 'serve' => \&serve, 'leak' => \&leak_first );

my ( $port, $behaviour, @more ) = @ARGV;
if (   @more
    || ( $port // '' ) !~ /\A[0-9]+\z/
    || $port > 65535
    || !defined $behaviour )
{
    my $names = join '|', sort keys %BEHAVIOURS, keys %LISTENERS;
    say STDERR "Usage: perl server.pl PORT $names";
    exit 2;
}
if ( !$BEHAVIOURS{$behaviour} && !$LISTENERS{$behaviour} ) {
    say STDERR "Unknown behaviour: $behaviour";
    exit 127;
}

my $listener = must( listen => sub { listen_on($port) } );
if ( my $serve = $LISTENERS{$behaviour} ) {
    $serve->($listener);
}
else {
    my $client = must( accept => sub { $listener->accept } );
    $_->($client) for $BEHAVIOURS{$behaviour}->@*;
}
