# A client that keeps its connection, and asks again over it when Enter is
# pressed.
#
# Usage: perl ask_pooled.pl HOST PORT

use v5.36;

use FindBin qw($Bin);
use IO::Socket::IP;
use lib $Bin;
use Steps qw(step);

# A write to a connection that was reset would end Perl by this signal,
# without a word. Ignored, the write fails with EPIPE.
$SIG{PIPE} = 'IGNORE';

# Printed at once, because what comes next may wait for ever.
STDOUT->autoflush;

my ( $host, $port, @more ) = @ARGV;
if ( @more || ( $port // '' ) !~ /\A[0-9]+\z/ || $port > 65535 ) {
    say STDERR 'Usage: perl ask_pooled.pl HOST PORT';
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

# Returns the line that the server answered, or nothing if it gave no answer.
sub ask ($server) {
    step( send => sub { print {$server} "Hello Server!\n" } ) or give_up($!);

    # A reset looks like the end of file, there is no line. Only $! tells them
    # apart, and only if nothing older stands there.
    my $reply = step( read => sub { $! = 0; readline $server } );
    give_up($!) if !defined $reply && $!;
    if ( defined $reply ) {
        chomp $reply;
        say "The server said: $reply";
    }
    return $reply;
}

my $server = step(
    connect => sub {
        IO::Socket::IP->new( PeerHost => $host, PeerPort => $port );
    }
) or give_up($@);
say "Connected to $host:$port.";

my $reply = ask($server);
if ( defined $reply ) {
    step( pause => sub { readline STDIN; 1 } );
    $reply = ask($server);
}
step( close => sub { close $server } );

if ( !defined $reply ) {
    say STDERR 'The server closed the connection without a reply.';
    exit 1;
}
