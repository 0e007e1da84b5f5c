// Package lines reads lines; the programs share it.
package lines

import (
	"bufio"
	"io"
	"strings"
)

// Read returns the next line without its end, or io.EOF if there is none.
func Read(reader *bufio.Reader) (string, error) {
	line, err := reader.ReadString('\n')
	if err == io.EOF && line != "" {
		// The last line may lack its end; it is a line all the same.
		err = nil
	}
	return strings.TrimSuffix(line, "\n"), err
}
