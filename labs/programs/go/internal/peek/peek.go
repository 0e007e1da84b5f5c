// Package peek looks into the receive queue of a connection and leaves it as it is.
package peek

import (
	"net"
	"syscall"
)

// Now does not wait: it returns how many bytes it saw, at most one; 0 is the end of file. If
// nothing has come the error is syscall.EAGAIN.
func Now(conn *net.TCPConn) (n int, err error) {
	// No method of net.Conn can look without taking, and one with a deadline that has passed
	// does not even look.
	raw, err := conn.SyscallConn()
	if err != nil {
		return 0, err
	}
	look := func(fd uintptr) {
		n, _, err = syscall.Recvfrom(int(fd), make([]byte, 1), syscall.MSG_PEEK|syscall.MSG_DONTWAIT)
	}
	if err := raw.Control(look); err != nil {
		return 0, err
	}
	return n, err
}
