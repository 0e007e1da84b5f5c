# A server that finishes what it has begun when SIGTERM tells it to end.
#
# Usage: perl server_graceful.pl PORT

use v5.36;

use Errno   qw(EINTR);
use FindBin qw($Bin);
use lib $Bin;
use Listening qw(listen_on);
use POSIX     qw(SIGTERM SIG_BLOCK SIG_UNBLOCK sigaction sigprocmask);
use Socket    qw(MSG_DONTWAIT MSG_PEEK SHUT_WR);
use Steps     qw(step);

# A write to a connection that was reset would end Perl by this signal,
# without a word. Ignored, the write fails with EPIPE.
$SIG{PIPE} = 'IGNORE';

# SIGTERM becomes a byte that stays until select sees it: a signal that comes
# just before the wait begins is not missed. A handler in %SIG would be: Perl
# runs it between two operations, so not before select has ended. One of POSIX
# runs at once, in the middle of whatever Perl does, so the signal is let in
# only there.
pipe my $alarm, my $alarm_input or die "Cannot make a pipe: $!\n";
my $sigterm = POSIX::SigSet->new(SIGTERM);
my $handler = POSIX::SigAction->new( sub { syswrite $alarm_input, '!' } );
sigprocmask( SIG_BLOCK, $sigterm );
sigaction( SIGTERM, $handler );

my ( $listener, $client );
my $received = '';
my $stopping = 0;

# Waits until the source can be read. SIGTERM ends it, as a signal interrupts
# a call of the system.
sub wait_for ($source) {
    my $sources = '';
    vec( $sources, fileno $_, 1 ) = 1 for $source, $stopping ? () : $alarm;
    my $readable;
    sigprocmask( SIG_UNBLOCK, $sigterm );
    1 while select( $readable = $sources, undef, undef, undef ) < 0;
    sigprocmask( SIG_BLOCK, $sigterm );
    return 1 if $stopping || !vec $readable, fileno $alarm, 1;
    $! = EINTR;
    return;
}

sub accept_client () {
    return wait_for($listener) && $listener->accept;
}

# Waits for Enter, byte by byte: select does not know of lines read ahead.
sub work () {
    my $byte = '';
    while ( $byte ne "\n" ) {
        wait_for( \*STDIN )        or return;
        sysread( STDIN, $byte, 1 ) or last;
    }
    return 1;
}

sub read_line () {
    while ( $received !~ /\n/ ) {
        wait_for($client) or return;
        $! = 0;
        sysread( $client, $received, 4096, length $received ) or return;
    }
    $received =~ s/\A(.*\n)//;
    return $1;
}

sub drain () {
    my $count;
    do { $count = sysread $client, my $ignored, 4096 } while $count;
    return defined $count;
}

# Whether a request has come, or its beginning; the end of file is none.
sub has_request () {
    return 1 if length $received;
    return   if !$client;
    my $peeked = recv $client, my $byte, 1, MSG_PEEK | MSG_DONTWAIT;
    return defined $peeked && length $byte;
}

# Runs a step that waits. After SIGTERM it goes on if a request has come.
sub run ( $name, $operation ) {
    my $result = step( $name, $operation );
    return $result if $result || $stopping || !$!{EINTR};
    $stopping = 1;
    step( stop => sub { close $listener } );
    return step( $name, $operation ) if has_request();
    $! = EINTR;
    return;
}

# Answers each line until the end of file, or until SIGTERM. Returns nothing
# if the connection has failed.
sub answer () {
    while ( !$stopping ) {
        run( work => \&work )      or last;
        run( read => \&read_line ) or last;
        step( send => sub { print {$client} "Hello Client!\n" } ) or return;
        $! = 0;
    }
    return !$! || $!{EINTR};
}

sub serve () {
    while ( !$stopping ) {
        $client = run( accept => \&accept_client );
        return $stopping if !$client;
        if ( answer() && $stopping ) {
            step( shutdown => sub { shutdown $client, SHUT_WR } )
              && step( drain => \&drain );
        }

        # It fails, too, where the send has, but it closes all the same.
        step( close => sub { close $client; 1 } );
        ( $client, $received ) = ( undef, '' );
    }
    return 1;
}

my ( $port, @more ) = @ARGV;
if ( @more || ( $port // '' ) !~ /\A[0-9]+\z/ || $port > 65535 ) {
    say STDERR 'Usage: perl server_graceful.pl PORT';
    exit 2;
}
$listener = step( listen => sub { listen_on($port) } );
if ( !$listener || !serve() ) {
    say STDERR 'Connection failed: ', $@ || $!;
    exit 1;
}
