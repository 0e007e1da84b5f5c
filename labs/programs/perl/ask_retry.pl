# A client that asks again when it gets no reply, but never pays twice.
#
# Usage: perl ask_retry.pl HOST PORT [MESSAGE]

use v5.36;

use FindBin qw($Bin);
use IO::Socket::IP;
use lib $Bin;
use Socket      qw(SO_KEEPALIVE);
use Steps       qw(step);
use Time::HiRes qw(sleep);

# A write to a connection that was reset would end Perl by this signal,
# without a word. Ignored, the write fails with EPIPE.
$SIG{PIPE} = 'IGNORE';

# Printed at once, because what comes next may wait for ever.
STDOUT->autoflush;

# Seconds after each try; there is nothing to wait for after the last one.
my @LONGEST_WAITS = ( 0.1, 0.2, 0.4, undef );

my ( $host, $port, $message, @more ) = @ARGV;
if ( @more || ( $port // '' ) !~ /\A[0-9]+\z/ || $port > 65535 ) {
    say STDERR 'Usage: perl ask_retry.pl HOST PORT [MESSAGE]';
    exit 2;
}
$message //= 'Hello Server!';

sub give_up (@sentences) {
    say STDERR $_ for @sentences;
    exit 1;
}

# Returns the sentence for what $! says; what no try can mend ends the program.
sub failure ($reason) {
    return "Connection refused: nothing listens on $host:$port."
      if $!{ECONNREFUSED};
    return 'Connection reset: the server or something on the way'
      . ' aborted the connection.'
      if $!{ECONNRESET};
    my $sentence = "Connection failed: $reason";
    return $sentence if $!{EPIPE} || $!{ETIMEDOUT} || $!{EHOSTUNREACH};
    give_up($sentence);
}

# Returns the line that the server answered, or nothing and how that came.
sub ask () {
    my $server = step(
        connect => sub {
            IO::Socket::IP->new( PeerHost => $host, PeerPort => $port );
        }
    ) or return ( undef, failure($@) );

    # While nothing is said, the system asks whether the server is there.
    $server->sockopt( SO_KEEPALIVE, 1 ) or give_up("Connection failed: $!");
    say "Connected to $host:$port.";
    step( send => sub { print {$server} "$message\n" } )
      or return ( undef, failure($!) );

    # A reset looks like the end of file, there is no line. Only $! tells them
    # apart, and only if nothing older stands there.
    my $reply = step( read => sub { $! = 0; readline $server } );
    return ( undef, failure($!) ) if !defined $reply && $!;
    step( close => sub { close $server } );
    return ( $reply, 'The server closed the connection without a reply.' );
}

my $reply;
for my $longest_wait (@LONGEST_WAITS) {
    ( $reply, my $failure ) = ask();
    last if defined $reply;
    if ( $message =~ /\APay/ ) {
        give_up( $failure,
            'Not repeated: the server may have done it already.' );
    }
    give_up($failure) if !defined $longest_wait;
    say STDERR "Trying again: $failure";

    # A random time, or all clients of a failed server would return at once.
    my $wait = rand $longest_wait;
    step( backoff => sub { sleep $wait; 1 } );
}
chomp $reply;
say "The server said: $reply";
