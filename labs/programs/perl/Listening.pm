# Listens for connections; the servers share it.

package Listening;

use v5.36;

use Exporter qw(import);
use IO::Socket::IP;
use Socket qw(AI_NUMERICHOST SOMAXCONN);

our @EXPORT_OK = qw(listen_on);

# Listens on all addresses, of IPv4 and, where the host has it, of IPv6. Why
# it could not stands in $@.
sub listen_on ($port) {
    my %options = (
        LocalPort => $port,
        Listen    => SOMAXCONN,
        ReuseAddr => 1,

        # Its own flags refuse :: where no interface has an address of IPv6.
        GetAddrInfoFlags => AI_NUMERICHOST,
    );
    my $both = IO::Socket::IP->new( %options, LocalHost => '::', V6Only => 0 );
    return $both if $both || !$!{EAFNOSUPPORT};
    return IO::Socket::IP->new( %options, LocalHost => '0.0.0.0' );
}

1;
