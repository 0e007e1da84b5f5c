// Ask-retry is a client that asks again when it gets no reply, but never pays twice.
//
// Usage: ask-retry HOST PORT [MESSAGE]
package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"log"
	"math/rand"
	"net"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"

	"reset-labs/internal/lines"
	"reset-labs/internal/steps"
)

// Without this net.Dial would switch TCP keepalive on with times of its own, not the system's.
var dialer = net.Dialer{KeepAlive: -1}

// After each try; there is nothing to wait for after the last one.
var longestWaits = []time.Duration{100 * time.Millisecond, 200 * time.Millisecond, 400 * time.Millisecond, 0}

// ask returns the line that the server answered, or io.EOF if it gave no answer.
func ask(host, port, message string) (string, error) {
	server, err := steps.Get("connect", func() (net.Conn, error) {
		return dialer.Dial("tcp", net.JoinHostPort(host, port))
	})
	if err != nil {
		return "", err
	}
	defer server.Close()
	// While nothing is said, the system asks whether the server is still there.
	if err := server.(*net.TCPConn).SetKeepAlive(true); err != nil {
		return "", err
	}
	fmt.Printf("Connected to %s:%s.\n", host, port)
	_, err = steps.Get("send", func() (int, error) { return fmt.Fprintln(server, message) })
	if err != nil {
		return "", err
	}
	reader := bufio.NewReader(server)
	reply, end := steps.Get("read", func() (string, error) { return lines.Read(reader) })
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
	default:
		return fmt.Sprintf("Connection failed: %v", err)
	}
}

// isWorthARetry tells whether another try may end in another way.
func isWorthARetry(err error) bool {
	var errno syscall.Errno
	if !errors.As(err, &errno) {
		return err == io.EOF
	}
	switch errno {
	case syscall.ECONNREFUSED, syscall.ECONNRESET, syscall.EPIPE, syscall.ETIMEDOUT, syscall.EHOSTUNREACH:
		return true
	}
	return false
}

func main() {
	log.SetFlags(0)
	if len(os.Args) != 3 && len(os.Args) != 4 {
		usage()
	}
	host, port, message := os.Args[1], os.Args[2], "Hello Server!"
	if len(os.Args) == 4 {
		message = os.Args[3]
	}
	if _, err := strconv.ParseUint(port, 10, 16); err != nil {
		usage()
	}
	random := rand.New(rand.NewSource(time.Now().UnixNano()))
	for _, longest := range longestWaits {
		reply, err := ask(host, port, message)
		if err == nil {
			fmt.Println("The server said:", reply)
			return
		}
		failure := sentence(err, host, port)
		if !isWorthARetry(err) {
			log.Fatal(failure)
		}
		if strings.HasPrefix(message, "Pay") {
			log.Fatalf("%s\nNot repeated: the server may have done it already.", failure)
		}
		if longest == 0 {
			log.Fatal(failure)
		}
		log.Printf("Trying again: %s", failure)
		// A random time, or all clients of a failed server would come back at once.
		wait := time.Duration(random.Int63n(int64(longest)))
		steps.Do("backoff", func() error { time.Sleep(wait); return nil })
	}
}

func usage() {
	fmt.Fprintln(os.Stderr, "Usage: ask-retry HOST PORT [MESSAGE]")
	os.Exit(2)
}
