// Server accepts one connection and then behaves as it is told.
//
// Usage: server PORT BEHAVIOUR
package main

import (
	"bufio"
	"crypto/tls"
	"fmt"
	"io"
	"log"
	"math"
	"net"
	"os"
	"sort"
	"strconv"
	"strings"

	"reset-labs/internal/exhaust"
	"reset-labs/internal/keyboard"
	"reset-labs/internal/lines"
	"reset-labs/internal/steps"
)

// A client is a connection together with what was read ahead of it.
type client struct {
	*net.TCPConn
	reader *bufio.Reader
}

// What is done with the connection, in order.
var behaviours = map[string][]func(client) error{
	"reply":       {read, reply, end},
	"close":       {read, end},
	"abort":       {read, abort},
	"never-read":  {wait, end},
	"never-reply": {read, wait, end},
	"late-reply":  {read, wait, reply, end},
	"early-reply": {reply, wait, end},
	"slow-reply":  {answerHeartbeats, end},
	"accept-leak": {read, openFiles, wait, exit},
	"grow":        {pause, grow},
	"read-grow":   {read, pause, grow},
	"tls":         {failHandshake, end},
}

// These accept by themselves.
var listeners = map[string]func(net.Listener) error{"serve": serve, "leak": leak}

func read(c client) error {
	_, err := steps.Get("read", func() (string, error) { return lines.Read(c.reader) })
	if err == io.EOF {
		return nil
	}
	return err
}

func reply(c client) error {
	_, err := steps.Get("send", func() (int, error) { return io.WriteString(c, "Hello Client!\n") })
	return err
}

func end(c client) error { return steps.Do("close", c.Close) }

func abort(c client) error {
	return steps.Do("abort", func() error {
		// Lingering for 0 seconds makes Close throw the connection away: a reset.
		if err := c.SetLinger(0); err != nil {
			return err
		}
		return c.Close()
	})
}

func wait(client) error { return steps.Do("wait", keyboard.End) }

func pause(client) error { return steps.Do("pause", keyboard.Enter) }

func openFiles(client) error { return steps.Do("leak", exhaust.Descriptors) }

func grow(client) error {
	return steps.Do("grow", func() error {
		exhaust.Memory(math.MaxInt)
		return nil
	})
}

// exit ends without closing anything: the system does that.
func exit(client) error {
	os.Exit(0)
	return nil
}

func answerHeartbeats(c client) error {
	if err := read(c); err != nil {
		return err
	}
	_, err := steps.Get("read", func() (string, error) {
		for beats := 0; beats < 8; {
			line, err := lines.Read(c.reader)
			if err != nil {
				return "", err
			}
			if line == "Heartbeat" {
				if _, err := io.WriteString(c, "Heartbeat\n"); err != nil {
					return "", err
				}
				beats++
			}
		}
		return "", nil
	})
	if err == io.EOF {
		return nil
	}
	if err != nil {
		return err
	}
	if err := reply(c); err != nil {
		return err
	}
	_, err = steps.Get("read", func() (string, error) {
		for {
			if _, err := lines.Read(c.reader); err != nil {
				return "", err
			}
		}
	})
	if err == io.EOF {
		return nil
	}
	return err
}

func failHandshake(c client) error {
	// It fails for want of a certificate at the latest; the server closes then.
	_ = steps.Do("handshake", tls.Server(c, &tls.Config{}).Handshake)
	return nil
}

func accept(listener net.Listener) (client, error) {
	conn, err := steps.Get("accept", listener.Accept)
	if err != nil {
		return client{}, err
	}
	return client{conn.(*net.TCPConn), bufio.NewReader(conn)}, nil
}

func serve(listener net.Listener) error {
	for {
		c, err := accept(listener)
		if err != nil {
			return err
		}
		for err == nil {
			_, err = steps.Get("read", func() (string, error) { return lines.Read(c.reader) })
			if err == nil {
				err = reply(c)
			}
		}
		// Whatever the error, the next client is served all the same.
		if err := end(c); err != nil {
			return err
		}
	}
}

func leak(listener net.Listener) error {
	c := client{}
	if err := openFiles(c); err != nil {
		return err
	}
	if _, err := accept(listener); err != nil {
		if err := wait(c); err != nil {
			return err
		}
	}
	return exit(c)
}

func run(port, behaviour string) error {
	listener, err := steps.Get("listen", func() (net.Listener, error) {
		return net.Listen("tcp", net.JoinHostPort("", port))
	})
	if err != nil {
		return err
	}
	defer listener.Close()
	if act, ok := listeners[behaviour]; ok {
		return act(listener)
	}
	c, err := accept(listener)
	if err != nil {
		return err
	}
	defer c.Close()
	for _, act := range behaviours[behaviour] {
		if err := act(c); err != nil {
			return err
		}
	}
	return nil
}

func main() {
	log.SetFlags(0)
	var names []string
	for name := range behaviours {
		names = append(names, name)
	}
	for name := range listeners {
		names = append(names, name)
	}
	sort.Strings(names)
	if len(os.Args) != 3 {
		usage(names)
	}
	port, behaviour := os.Args[1], os.Args[2]
	if _, err := strconv.ParseUint(port, 10, 16); err != nil {
		usage(names)
	}
	if behaviours[behaviour] == nil && listeners[behaviour] == nil {
		fmt.Fprintf(os.Stderr, "Unknown behaviour: %s\n", behaviour)
		os.Exit(127)
	}
	if err := run(port, behaviour); err != nil {
		log.Fatalf("Connection failed: %v", err)
	}
}

func usage(names []string) {
	fmt.Fprintf(os.Stderr, "Usage: server PORT %s\n", strings.Join(names, "|"))
	os.Exit(2)
}
