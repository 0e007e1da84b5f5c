//! Listens for connections; the servers share it.

use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener};

/// Listens on all addresses, of IPv6 and, as Linux has it unless told otherwise, with them of IPv4.
pub fn on(port: u16) -> io::Result<TcpListener> {
    let all = SocketAddr::from((Ipv6Addr::UNSPECIFIED, port));
    // A host without IPv6 takes the second one.
    let ipv4 = SocketAddr::from((Ipv4Addr::UNSPECIFIED, port));
    TcpListener::bind([all, ipv4].as_slice())
}
