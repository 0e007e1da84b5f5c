# A client that sends one line and reads lines until there are no more.
#
# Usage: perl ask_all.pl HOST PORT

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
    say STDERR 'Usage: perl ask_all.pl HOST PORT';
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

my $server = step(
    connect => sub {
        IO::Socket::IP->new( PeerHost => $host, PeerPort => $port );
    }
) or give_up($@);
say "Connected to $host:$port.";
step( send => sub { print {$server} "Hello Server!\n" } ) or give_up($!);

sub read_line () {
    $! = 0;
    return readline $server;
}

# The loop ends at a reset as at the end of file, there is no line. Only $!
# tells them apart, and only if nothing older stands there.
my $replies = 0;
while ( defined( my $reply = step( read => \&read_line ) ) ) {
    chomp $reply;
    say "The server said: $reply";
    $replies++;
}
give_up($!) if $!;
step( close => sub { close $server } );

if ( !$replies ) {
    say STDERR 'The server closed the connection without a reply.';
    exit 1;
}
