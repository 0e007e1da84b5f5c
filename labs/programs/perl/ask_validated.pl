# A client that looks at the connection that it kept before it asks again.
#
# Usage: perl ask_validated.pl HOST PORT [MAX_IDLE_MS]

use v5.36;

use FindBin qw($Bin);
use IO::Socket::IP;
use lib $Bin;
use Socket      qw(MSG_DONTWAIT MSG_PEEK);
use Steps       qw(step);
use Time::HiRes qw(clock_gettime CLOCK_MONOTONIC);

# A write to a connection that was reset would end Perl by this signal,
# without a word. Ignored, the write fails with EPIPE.
$SIG{PIPE} = 'IGNORE';

# Printed at once, because what comes next may wait for ever.
STDOUT->autoflush;

my ( $host, $port, $max_idle_ms, @more ) = @ARGV;
$max_idle_ms //= 'Inf';
if (   @more
    || ( $port // '' ) !~ /\A[0-9]+\z/
    || $port > 65535
    || $max_idle_ms !~ /\A(?:[0-9]+|Inf)\z/ )
{
    say STDERR 'Usage: perl ask_validated.pl HOST PORT [MAX_IDLE_MS]';
    exit 2;
}

# Ends the program; $! says what has failed, the reason says it in words.
sub give_up ($reason) {
    my $sentence = "Connection failed: $reason";
    if ( $!{ECONNREFUSED} ) {
        $sentence = "Connection refused: nothing listens on $host:$port.";
    }
    elsif ( $!{ECONNRESET} ) {
        $sentence = 'Connection reset: the server or something on the way'
          . ' aborted the connection.';
    }
    say STDERR $sentence;
    exit 1;
}

sub connect_to_server () {
    my $server = step(
        connect => sub {
            IO::Socket::IP->new( PeerHost => $host, PeerPort => $port );
        }
    ) or give_up($@);
    say "Connected to $host:$port.";
    return $server;
}

# Reads byte by byte: what may come after the line stays in the connection.
# Readline would take it into its buffer, and the look below would miss it.
sub read_line ($server) {
    my $line = '';
    while ( $line !~ /\n/ ) {
        $! = 0;
        sysread( $server, $line, 1, length $line ) or last;
    }
    return length $line && !$! ? $line : undef;
}

# Returns the line that the server answered, or nothing if it gave no answer.
sub ask ($server) {
    step( send => sub { print {$server} "Hello Server!\n" } ) or give_up($!);
    my $reply = step( read => sub { read_line($server) } );
    if ( defined $reply ) {
        chomp $reply;
        say "The server said: $reply";
    }
    elsif ($!) {
        give_up($!);
    }
    return $reply;
}

# Whether nothing has come unasked: no data, and not the end of file.
sub is_silent ($server) {
    $! = 0;
    my $peeked = recv $server, my $byte, 1, MSG_PEEK | MSG_DONTWAIT;
    return 1 if !defined $peeked && $!{EAGAIN};
    return;
}

my $server = connect_to_server();
my $reply  = ask($server);
if ( defined $reply ) {
    my $used = clock_gettime(CLOCK_MONOTONIC);
    step( pause => sub { readline STDIN; 1 } );
    my $idle_ms = ( clock_gettime(CLOCK_MONOTONIC) - $used ) * 1000;
    if ( $idle_ms > $max_idle_ms
        || !step( validate => sub { is_silent($server) } ) )
    {
        step( close => sub { close $server } );
        $server = connect_to_server();
    }
    $reply = ask($server);
}
step( close => sub { close $server } );

if ( !defined $reply ) {
    say STDERR 'The server closed the connection without a reply.';
    exit 1;
}
