// Package steps reports the steps of a program to the file named by LAB_STEPS; without it, to
// nobody. The lines are described in docs/programs.md.
package steps

import (
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"runtime"
	"strings"
	"syscall"
	"time"
)

var report = open(os.Getenv("LAB_STEPS"))

var escapes = strings.NewReplacer(`\`, `\\`, "\t", `\t`, "\n", `\n`, "\r", `\r`)

// A syscall.Errno knows its number and its words, but not its name.
var names = map[syscall.Errno]string{
	syscall.EADDRINUSE:   "EADDRINUSE",
	syscall.ECONNABORTED: "ECONNABORTED",
	syscall.ECONNREFUSED: "ECONNREFUSED",
	syscall.ECONNRESET:   "ECONNRESET",
	syscall.EHOSTUNREACH: "EHOSTUNREACH",
	syscall.EMFILE:       "EMFILE",
	syscall.ENETUNREACH:  "ENETUNREACH",
	syscall.EPIPE:        "EPIPE",
	syscall.ETIMEDOUT:    "ETIMEDOUT",
}

func init() {
	say("runtime", "ok", strings.TrimPrefix(runtime.Version(), "go"))
}

// Get runs the operation as a step and returns what it returned.
func Get[T any](step string, operation func() (T, error)) (T, error) {
	say(step, "begin")
	result, err := operation()
	switch {
	case err == nil:
		say(step, "ok")
	case err == io.EOF && (step == "read" || step == "validate"):
		say(step, "eof")
	default:
		say(step, "error", fmt.Sprintf("%T", err), errnoOf(err), err.Error())
	}
	return result, err
}

// Do is Get for an operation that returns nothing but an error.
func Do(step string, operation func() error) error {
	_, err := Get(step, func() (struct{}, error) { return struct{}{}, operation() })
	return err
}

func open(path string) *os.File {
	if path == "" {
		return nil
	}
	file, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		log.Fatal(err)
	}
	return file
}

func say(fields ...string) {
	if report == nil {
		return
	}
	line := fmt.Sprint(time.Now().UnixMicro())
	for _, field := range fields {
		line += "\t" + escapes.Replace(field)
	}
	// Each line is one write, also to a pipe.
	fmt.Fprintln(report, line)
}

func errnoOf(err error) string {
	var errno syscall.Errno
	if errors.As(err, &errno) && names[errno] != "" {
		return names[errno]
	}
	return "-"
}
