# A client that asks for signs of life while it waits, and asks once more.
#
# Usage: perl ask_heartbeat.pl HOST PORT

use v5.36;

use FindBin qw($Bin);
use IO::Select;
use IO::Socket::IP;
use lib $Bin;
use List::Util  qw(max min);
use Steps       qw(step);
use Time::HiRes qw(clock_gettime CLOCK_MONOTONIC);

use constant { INTERVAL => 0.25, PATIENCE => 1 };

# A write to a connection that was reset would end Perl by this signal,
# without a word. Ignored, the write fails with EPIPE.
$SIG{PIPE} = 'IGNORE';

# Printed at once, because what comes next may wait for ever.
STDOUT->autoflush;

my ( $host, $port, @more ) = @ARGV;
if ( @more || ( $port // '' ) !~ /\A[0-9]+\z/ || $port > 65535 ) {
    say STDERR 'Usage: perl ask_heartbeat.pl HOST PORT';
    exit 2;
}

# Returns the sentence for what $! says.
sub failure ($reason) {
    return "Connection refused: nothing listens on $host:$port."
      if $!{ECONNREFUSED};
    return 'Connection reset: the server or something on the way'
      . ' aborted the connection.'
      if $!{ECONNRESET};
    return "Connection failed: $reason";
}

sub now () { return clock_gettime(CLOCK_MONOTONIC) }

# Returns the first line that is no heartbeat, or nothing at the end of file.
sub read_reply ($server) {
    my $select   = IO::Select->new($server);
    my $received = '';
    my $heard    = now();
    my $beat     = $heard + INTERVAL;
    while (1) {
        my $wait = min( $beat, $heard + PATIENCE ) - now();
        if ( $select->can_read( max 0, $wait ) ) {

            # Not readline, for select does not know of lines in its buffer.
            $! = 0;
            my $count = sysread $server, $received, 4096, length $received;
            while ( $received =~ s/\A(.*\n)// ) {
                return $1 if $1 ne "Heartbeat\n";
            }
            return length $received && !$! ? $received : undef if !$count;
            $heard = now();
            $beat  = $heard + INTERVAL;
        }
        elsif ( now() >= $heard + PATIENCE ) {
            die "no sign of life from the server\n";
        }
        else {
            print {$server} "Heartbeat\n" or return;
            $beat += INTERVAL;
        }
    }
}

# Returns the line that the server answered, or nothing and how that came.
sub ask () {
    my $server = step(
        connect => sub {
            IO::Socket::IP->new( PeerHost => $host, PeerPort => $port );
        }
    ) or return ( undef, failure($@) );
    say "Connected to $host:$port.";
    step( send => sub { print {$server} "Hello Server!\n" } )
      or return ( undef, failure($!) );
    my $reply = eval {
        step( read => sub { read_reply($server) } );
    };
    return ( undef, 'No sign of life from the server.' ) if $@;
    return ( undef, failure($!) ) if !defined $reply && $!;
    step( close => sub { close $server } );
    return ( $reply, 'The server closed the connection without a reply.' );
}

my $reply;
for my $is_last ( 0, 1 ) {
    ( $reply, my $failure ) = ask();
    last if defined $reply;
    if ($is_last) {
        say STDERR $failure;
        exit 1;
    }
    say STDERR "Trying again: $failure";
}
chomp $reply;
say "The server said: $reply";
