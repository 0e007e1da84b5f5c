//! What the system can do and the standard library does not offer.
//!
//! Ordinary programs take a crate for it, socket2 or libc. These do without crates: they call
//! the C library themselves, which the standard library is linked with anyway. The numbers are
//! those of Linux on x86-64 and ARM.

use std::ffi::{c_int, c_short, c_ulong, c_void};
use std::io::{self, ErrorKind};
use std::net::TcpStream;
use std::os::fd::{AsRawFd, BorrowedFd, RawFd};

const SOL_SOCKET: c_int = 1;
const SO_KEEPALIVE: c_int = 9;
const SO_LINGER: c_int = 13;
const SIGTERM: c_int = 15;
const SIG_ERR: usize = usize::MAX;
const POLLIN: c_short = 1;

#[repr(C)]
struct Linger {
    is_on: c_int,
    seconds: c_int,
}

#[repr(C)]
struct PollFd {
    fd: RawFd,
    events: c_short,
    revents: c_short,
}

unsafe extern "C" {
    fn setsockopt(fd: c_int, level: c_int, name: c_int, value: *const c_void, size: u32) -> c_int;
    fn signal(number: c_int, handler: extern "C" fn(c_int)) -> usize;
    fn poll(sources: *mut PollFd, count: c_ulong, milliseconds: c_int) -> c_int;
}

pub fn set_keepalive(socket: &TcpStream) -> io::Result<()> {
    set_option::<c_int>(socket, SO_KEEPALIVE, &1)
}

/// TcpStream::set_linger() is not stable yet.
pub fn set_linger(socket: &TcpStream, seconds: c_int) -> io::Result<()> {
    set_option(socket, SO_LINGER, &Linger { is_on: 1, seconds })
}

fn set_option<T>(socket: &TcpStream, name: c_int, value: &T) -> io::Result<()> {
    let (pointer, size) = (&raw const *value, size_of::<T>() as u32);
    // SAFETY: the pointer and the size are those of one value, which is only read.
    let result = unsafe { setsockopt(socket.as_raw_fd(), SOL_SOCKET, name, pointer.cast(), size) };
    checked(result).map(drop)
}

/// The handler may only do what is safe in the middle of anything else: no locks, no memory.
pub fn on_sigterm(handler: extern "C" fn(c_int)) -> io::Result<()> {
    // SAFETY: the handler is a function of the type that C expects, and lives as long as all.
    match unsafe { signal(SIGTERM, handler) } {
        SIG_ERR => Err(io::Error::last_os_error()),
        _ => Ok(()),
    }
}

/// Waits until something can be read from one of the sources; says of each whether it can.
pub fn wait_for<const N: usize>(sources: [BorrowedFd; N]) -> io::Result<[bool; N]> {
    let mut polled = sources.map(|source| PollFd {
        fd: source.as_raw_fd(),
        events: POLLIN,
        revents: 0,
    });
    loop {
        // SAFETY: the pointer and the count are those of one array, which lives here.
        match checked(unsafe { poll(polled.as_mut_ptr(), N as c_ulong, -1) }) {
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            result => return result.map(|_| polled.map(|source| source.revents != 0)),
        }
    }
}

fn checked(result: c_int) -> io::Result<c_int> {
    if result < 0 {
        return Err(io::Error::last_os_error());
    }
    Ok(result)
}
