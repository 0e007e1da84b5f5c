// Ask-validated is a client that looks at the connection that it kept before it asks again over it.
//
// Usage: ask-validated HOST PORT [MAX_IDLE_MS]
package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"log"
	"math"
	"net"
	"os"
	"strconv"
	"syscall"
	"time"

	"reset-labs/internal/keyboard"
	"reset-labs/internal/lines"
	"reset-labs/internal/peek"
	"reset-labs/internal/steps"
)

// Without this net.Dial would switch TCP keepalive on unasked.
var dialer = net.Dialer{KeepAlive: -1}

// A connection is kept together with what was read ahead of it.
type connection struct {
	*net.TCPConn
	reader *bufio.Reader
}

func connect(host, port string) (*connection, error) {
	server, err := steps.Get("connect", func() (net.Conn, error) {
		return dialer.Dial("tcp", net.JoinHostPort(host, port))
	})
	if err != nil {
		return nil, err
	}
	fmt.Printf("Connected to %s:%s.\n", host, port)
	return &connection{server.(*net.TCPConn), bufio.NewReader(server)}, nil
}

// ask prints the line that the server answered; it returns io.EOF if it gave no answer.
func (server *connection) ask() error {
	_, err := steps.Get("send", func() (int, error) { return io.WriteString(server, "Hello Server!\n") })
	if err != nil {
		return err
	}
	reply, err := steps.Get("read", func() (string, error) { return lines.Read(server.reader) })
	if err != nil {
		return err
	}
	fmt.Println("The server said:", reply)
	return nil
}

// validate returns io.EOF if something has come unasked: data, or the end of file.
func (server *connection) validate() error {
	if server.reader.Buffered() > 0 {
		return io.EOF
	}
	_, err := peek.Now(server.TCPConn)
	switch err {
	case syscall.EAGAIN:
		return nil
	case nil:
		return io.EOF
	}
	return err
}

func askTwice(host, port string, maxIdle time.Duration) error {
	server, err := connect(host, port)
	if err != nil {
		return err
	}
	defer server.Close()
	end := server.ask()
	if end == nil {
		used := time.Now()
		if err := steps.Do("pause", keyboard.Enter); err != nil {
			return err
		}
		if time.Since(used) > maxIdle || steps.Do("validate", server.validate) != nil {
			if err := steps.Do("close", server.Close); err != nil {
				return err
			}
			if server, err = connect(host, port); err != nil {
				return err
			}
			defer server.Close()
		}
		end = server.ask()
	}
	if end != nil && end != io.EOF {
		return end
	}
	if err := steps.Do("close", server.Close); err != nil {
		return err
	}
	return end
}

func main() {
	log.SetFlags(0)
	if len(os.Args) != 3 && len(os.Args) != 4 {
		usage()
	}
	host, port := os.Args[1], os.Args[2]
	if _, err := strconv.ParseUint(port, 10, 16); err != nil {
		usage()
	}
	maxIdle := time.Duration(math.MaxInt64)
	if len(os.Args) == 4 {
		milliseconds, err := strconv.ParseUint(os.Args[3], 10, 32)
		if err != nil {
			usage()
		}
		maxIdle = time.Duration(milliseconds) * time.Millisecond
	}
	err := askTwice(host, port, maxIdle)
	switch {
	case errors.Is(err, syscall.ECONNREFUSED):
		log.Fatalf("Connection refused: nothing listens on %s:%s.", host, port)
	case errors.Is(err, syscall.ECONNRESET):
		log.Fatal("Connection reset: the server or something on the way aborted the connection.")
	case err == io.EOF:
		log.Fatal("The server closed the connection without a reply.")
	case err != nil:
		log.Fatalf("Connection failed: %v", err)
	}
}

func usage() {
	fmt.Fprintln(os.Stderr, "Usage: ask-validated HOST PORT [MAX_IDLE_MS]")
	os.Exit(2)
}
