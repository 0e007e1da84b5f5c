// Ask-keepalive is a client that sends one line and reads one line, with TCP keepalive.
//
// Usage: ask-keepalive HOST PORT
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
	"syscall"

	"reset-labs/internal/lines"
	"reset-labs/internal/steps"
)

// Without this net.Dial would switch TCP keepalive on with times of its own, not the system's.
var dialer = net.Dialer{KeepAlive: -1}

// ask returns the line that the server answered, or io.EOF if it gave no answer.
func ask(host, port string) (string, error) {
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
	_, err = steps.Get("send", func() (int, error) { return io.WriteString(server, "Hello Server!\n") })
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
	fmt.Println("The server said:", reply)
}

func usage() {
	fmt.Fprintln(os.Stderr, "Usage: ask-keepalive HOST PORT")
	os.Exit(2)
}
