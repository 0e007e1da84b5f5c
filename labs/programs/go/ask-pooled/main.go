// Ask-pooled is a client that keeps its connection, and asks again over it when Enter is pressed.
//
// Usage: ask-pooled HOST PORT
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

	"reset-labs/internal/keyboard"
	"reset-labs/internal/lines"
	"reset-labs/internal/steps"
)

// Without this net.Dial would switch TCP keepalive on unasked.
var dialer = net.Dialer{KeepAlive: -1}

// ask prints the line that the server answered; it returns io.EOF if it gave no answer.
func ask(server net.Conn, reader *bufio.Reader) error {
	_, err := steps.Get("send", func() (int, error) { return io.WriteString(server, "Hello Server!\n") })
	if err != nil {
		return err
	}
	reply, err := steps.Get("read", func() (string, error) { return lines.Read(reader) })
	if err != nil {
		return err
	}
	fmt.Println("The server said:", reply)
	return nil
}

func askTwice(host, port string) error {
	server, err := steps.Get("connect", func() (net.Conn, error) {
		return dialer.Dial("tcp", net.JoinHostPort(host, port))
	})
	if err != nil {
		return err
	}
	defer server.Close()
	fmt.Printf("Connected to %s:%s.\n", host, port)
	reader := bufio.NewReader(server)
	end := ask(server, reader)
	if end == nil {
		if err := steps.Do("pause", keyboard.Enter); err != nil {
			return err
		}
		end = ask(server, reader)
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
	if len(os.Args) != 3 {
		usage()
	}
	host, port := os.Args[1], os.Args[2]
	if _, err := strconv.ParseUint(port, 10, 16); err != nil {
		usage()
	}
	err := askTwice(host, port)
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
	fmt.Fprintln(os.Stderr, "Usage: ask-pooled HOST PORT")
	os.Exit(2)
}
