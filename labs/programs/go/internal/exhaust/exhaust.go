// Package exhaust uses up what a process has only so much of; the servers share it.
package exhaust

import (
	"errors"
	"os"
	"runtime/debug"
	"syscall"
)

const piece = 8 << 20

// A file to which nothing refers any more would be closed by the garbage collector.
var files []*os.File

// Descriptors opens files until the process may not have more; they stay open.
func Descriptors() error {
	for {
		file, err := os.Open(os.DevNull)
		if errors.Is(err, syscall.EMFILE) {
			return nil
		}
		if err != nil {
			return err
		}
		files = append(files, file)
	}
}

// Memory takes as much memory as the budget allows, and frees it when it returns.
func Memory(budget int) {
	var taken [][]byte
	for (len(taken)+1)*piece <= budget {
		memory := make([]byte, piece)
		// Zeros would cost nothing: the system gives a page when it is written to.
		for at := 0; at < len(memory); at += os.Getpagesize() {
			memory[at] = 1
		}
		taken = append(taken, memory)
	}
	// The garbage collector would give it back some day; this does it now.
	debug.FreeOSMemory()
}
