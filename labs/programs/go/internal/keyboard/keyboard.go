// Package keyboard waits for whoever sits at standard input; the programs share it.
package keyboard

import (
	"bufio"
	"io"
	"os"
)

var input = bufio.NewReader(os.Stdin)

// Enter waits for the end of a line, or of all input.
func Enter() error {
	_, err := input.ReadString('\n')
	if err == io.EOF {
		return nil
	}
	return err
}

// End waits for the end of all input.
func End() error {
	_, err := io.Copy(io.Discard, input)
	return err
}
