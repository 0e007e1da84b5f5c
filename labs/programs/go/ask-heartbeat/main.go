// Ask-heartbeat is a client that asks for signs of life while it waits, and asks once more.
//
// Usage: ask-heartbeat HOST PORT
package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"

	"reset-labs/internal/steps"
)

// Without this net.Dial would switch TCP keepalive on unasked.
var dialer = net.Dialer{KeepAlive: -1}

const (
	interval = 250 * time.Millisecond
	patience = time.Second
)

// Silence is a deadline that was exceeded, in words of its own.
type silence struct{}

func (silence) Error() string { return "no sign of life from the server" }
func (silence) Unwrap() error { return os.ErrDeadlineExceeded }

// read returns the first line that is no heartbeat, or io.EOF if there is none.
func read(server net.Conn, reader *bufio.Reader) (string, error) {
	var line string
	for heard := time.Now(); ; {
		server.SetReadDeadline(time.Now().Add(interval))
		// When the deadline comes, a line may have come in part.
		part, err := reader.ReadString('\n')
		line += part
		if part != "" {
			heard = time.Now()
		}
		switch {
		case line == "Heartbeat\n":
			line = ""
		case err == nil, err == io.EOF && line != "":
			return strings.TrimSuffix(line, "\n"), nil
		case !errors.Is(err, os.ErrDeadlineExceeded):
			return "", err
		case time.Since(heard) >= patience:
			return "", silence{}
		default:
			if _, err := io.WriteString(server, "Heartbeat\n"); err != nil {
				return "", err
			}
		}
	}
}

// ask returns the line that the server answered, or io.EOF if it gave no answer.
func ask(host, port string) (string, error) {
	server, err := steps.Get("connect", func() (net.Conn, error) {
		return dialer.Dial("tcp", net.JoinHostPort(host, port))
	})
	if err != nil {
		return "", err
	}
	defer server.Close()
	fmt.Printf("Connected to %s:%s.\n", host, port)
	_, err = steps.Get("send", func() (int, error) { return io.WriteString(server, "Hello Server!\n") })
	if err != nil {
		return "", err
	}
	reader := bufio.NewReader(server)
	reply, end := steps.Get("read", func() (string, error) { return read(server, reader) })
	if end != nil && end != io.EOF {
		return "", end
	}
	if err := steps.Do("close", server.Close); err != nil {
		return "", err
	}
	return reply, end
}

// sentence says how it failed.
func sentence(err error, host, port string) string {
	switch {
	case errors.Is(err, syscall.ECONNREFUSED):
		return fmt.Sprintf("Connection refused: nothing listens on %s:%s.", host, port)
	case errors.Is(err, syscall.ECONNRESET):
		return "Connection reset: the server or something on the way aborted the connection."
	case err == io.EOF:
		return "The server closed the connection without a reply."
	case errors.Is(err, os.ErrDeadlineExceeded):
		return "No sign of life from the server."
	default:
		return fmt.Sprintf("Connection failed: %v", err)
	}
}

func main() {
	log.SetFlags(0)
	if len(os.Args) != 3 {
		usage()
	}
	host, port := os.Args[1], os.Args[2]
	if _, err := strconv.ParseUint(port, 10, 16); err != nil {
		usage()
	}
	reply, err := ask(host, port)
	if err != nil {
		log.Printf("Trying again: %s", sentence(err, host, port))
		reply, err = ask(host, port)
	}
	if err != nil {
		log.Fatal(sentence(err, host, port))
	}
	fmt.Println("The server said:", reply)
}

func usage() {
	fmt.Fprintln(os.Stderr, "Usage: ask-heartbeat HOST PORT")
	os.Exit(2)
}
