// Server-limits is a server that knows its limits, and says so where another one would fail.
//
// Usage: server-limits PORT reserve|shed
package main

import (
	"bufio"
	"fmt"
	"io"
	"log"
	"net"
	"os"
	"strconv"

	"reset-labs/internal/exhaust"
	"reset-labs/internal/keyboard"
	"reset-labs/internal/lines"
	"reset-labs/internal/steps"
)

const budget = 64 << 20

var limits = map[string]func(net.Listener) error{"reserve": reserve, "shed": shed}

func reserve(listener net.Listener) error {
	// Given back when nothing else is left, so that a client can still be told.
	spare, err := os.Open(os.DevNull)
	if err != nil {
		return err
	}
	if err := steps.Do("leak", exhaust.Descriptors); err != nil {
		return err
	}
	if err := spare.Close(); err != nil {
		return err
	}
	client, err := acceptAndRead(listener)
	if err != nil {
		return err
	}
	return refuse(client)
}

func shed(listener net.Listener) error {
	client, err := acceptAndRead(listener)
	if err != nil {
		return err
	}
	if err := steps.Do("pause", keyboard.Enter); err != nil {
		return err
	}
	// The work would need more: it is given up, not the server.
	err = steps.Do("grow", func() error {
		exhaust.Memory(budget)
		return nil
	})
	if err != nil {
		return err
	}
	return refuse(client)
}

func acceptAndRead(listener net.Listener) (net.Conn, error) {
	client, err := steps.Get("accept", listener.Accept)
	if err != nil {
		return nil, err
	}
	reader := bufio.NewReader(client)
	_, err = steps.Get("read", func() (string, error) { return lines.Read(reader) })
	if err != nil && err != io.EOF {
		return nil, err
	}
	return client, nil
}

func refuse(client net.Conn) error {
	_, err := steps.Get("send", func() (int, error) { return io.WriteString(client, "Busy, try again later.\n") })
	if err != nil {
		return err
	}
	return steps.Do("close", client.Close)
}

func main() {
	log.SetFlags(0)
	if len(os.Args) != 3 || limits[os.Args[2]] == nil {
		usage()
	}
	port, limit := os.Args[1], limits[os.Args[2]]
	if _, err := strconv.ParseUint(port, 10, 16); err != nil {
		usage()
	}
	listener, err := steps.Get("listen", func() (net.Listener, error) {
		return net.Listen("tcp", net.JoinHostPort("", port))
	})
	if err == nil {
		err = limit(listener)
	}
	if err != nil {
		log.Fatalf("Connection failed: %v", err)
	}
}

func usage() {
	fmt.Fprintln(os.Stderr, "Usage: server-limits PORT reserve|shed")
	os.Exit(2)
}
