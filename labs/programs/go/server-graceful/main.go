// Server-graceful is a server that finishes what it has begun when it is told to end with SIGTERM.
//
// Usage: server-graceful PORT
package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"time"

	"reset-labs/internal/keyboard"
	"reset-labs/internal/peek"
	"reset-labs/internal/steps"
)

var errTerminated = errors.New("interrupted by SIGTERM")

type server struct {
	listener *net.TCPListener
	// A value for each Enter.
	enters <-chan struct{}
	// Closed on SIGTERM; nil as soon as that is known, for a nil channel interrupts nothing.
	terminated <-chan struct{}
	stopping   bool
}

// A client is a connection together with what was read ahead of it, and the line that is being read.
type client struct {
	*net.TCPConn
	reader *bufio.Reader
	line   string
}

func (s *server) serve() error {
	for !s.stopping {
		c := &client{}
		err := s.run("accept", c, func() error {
			return s.interruptible(s.listener.SetDeadline, func() (err error) {
				c.TCPConn, err = s.listener.AcceptTCP()
				return err
			})
		})
		if err == errTerminated {
			return nil
		}
		if err != nil {
			return err
		}
		c.reader = bufio.NewReader(c)
		// If it fails it is closed, too, and the next client is served.
		if s.answer(c) == nil && s.stopping {
			_ = s.takeLeave(c)
		}
		if err := steps.Do("close", c.Close); err != nil {
			return err
		}
	}
	return nil
}

// answer answers each line until the end of file, or until SIGTERM.
func (s *server) answer(c *client) error {
	for !s.stopping {
		err := s.run("work", c, s.work)
		if err == nil {
			err = s.run("read", c, func() error {
				return s.interruptible(c.SetReadDeadline, c.readLine)
			})
		}
		if err == errTerminated || err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		_, err = steps.Get("send", func() (int, error) { return io.WriteString(c, "Hello Client!\n") })
		if err != nil {
			return err
		}
	}
	return nil
}

// takeLeave ends its own direction only: what still comes is read, so it brings no reset.
func (s *server) takeLeave(c *client) error {
	if err := steps.Do("shutdown", c.CloseWrite); err != nil {
		return err
	}
	return steps.Do("drain", func() error {
		_, err := io.Copy(io.Discard, c.reader)
		return err
	})
}

// run runs a step that waits. After SIGTERM it goes on if a request has come.
func (s *server) run(step string, c *client, operation func() error) error {
	err := steps.Do(step, operation)
	if err != errTerminated {
		return err
	}
	s.terminated, s.stopping = nil, true
	if err := steps.Do("stop", s.listener.Close); err != nil {
		return err
	}
	if !c.hasRequest() {
		return errTerminated
	}
	return steps.Do(step, operation)
}

// interruptible runs an operation to which SIGTERM sets a deadline that has passed.
func (s *server) interruptible(setDeadline func(time.Time) error, operation func() error) error {
	ended, watched := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(watched)
		select {
		case <-s.terminated:
			_ = setDeadline(time.Unix(1, 0))
		case <-ended:
		}
	}()
	err := operation()
	close(ended)
	<-watched
	if errors.Is(err, os.ErrDeadlineExceeded) {
		err = errTerminated
	}
	_ = setDeadline(time.Time{})
	return err
}

// work waits for Enter.
func (s *server) work() error {
	select {
	case <-s.enters:
		return nil
	case <-s.terminated:
		return errTerminated
	}
}

// readLine goes on where it was interrupted.
func (c *client) readLine() error {
	part, err := c.reader.ReadString('\n')
	c.line += part
	if strings.HasSuffix(c.line, "\n") {
		c.line = ""
	}
	return err
}

// hasRequest tells whether a request has come, or its beginning; the end of file is none.
func (c *client) hasRequest() bool {
	if c.TCPConn == nil {
		return false
	}
	if c.line != "" || c.reader.Buffered() > 0 {
		return true
	}
	unread, err := peek.Now(c.TCPConn)
	return err == nil && unread > 0
}

func main() {
	log.SetFlags(0)
	if len(os.Args) != 2 {
		usage()
	}
	port := os.Args[1]
	if _, err := strconv.ParseUint(port, 10, 16); err != nil {
		usage()
	}
	// Without it SIGTERM would end the process.
	terminated, _ := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	enters := make(chan struct{})
	go func() {
		for keyboard.Enter() == nil {
			enters <- struct{}{}
		}
	}()
	listener, err := steps.Get("listen", func() (net.Listener, error) {
		return net.Listen("tcp", net.JoinHostPort("", port))
	})
	if err == nil {
		s := server{listener: listener.(*net.TCPListener), enters: enters, terminated: terminated.Done()}
		err = s.serve()
	}
	if err != nil {
		log.Fatalf("Connection failed: %v", err)
	}
}

func usage() {
	fmt.Fprintln(os.Stderr, "Usage: server-graceful PORT")
	os.Exit(2)
}
