// A TCP connection from which lines are read.

#ifndef CONNECTION_H
#define CONNECTION_H

#include <stdbool.h>
#include <stddef.h>

enum { BUFFER_SIZE = 4096, LINE_SIZE = BUFFER_SIZE + 1 };

struct connection {
  int socket;
  // What has been received and belongs to the next lines.
  size_t length;
  char bytes[BUFFER_SIZE];
};

// All of them return -1 after failed().

// Connects to the first address of the host that answers.
int dial(struct connection *connection, const char *host, const char *port);
// Listens on all addresses, of IPv4 and, where the host has it, of IPv6.
// Returns the listening socket.
int listen_on(int port);
// Accepts the next connection, waiting for it.
int accept_from(int listener, struct connection *connection);

// Sends the text and a line feed.
int send_line(struct connection *connection, const char *text);
// Receives what has come, waiting for it. Returns 0 at the end of file.
int receive(struct connection *connection);
// Takes a line out of what has been received, without its line feed. Returns
// how long it was with it, so 0 if there is no whole line.
int take_line(struct connection *connection, char line[LINE_SIZE]);
// The same, but waits for the line; 0 means the end of file.
int read_line(struct connection *connection, char line[LINE_SIZE]);
int close_connection(struct connection *connection);

// The number of a port, or -1.
int port_number(const char *text);
// Tells a person on standard error why there was no reply, by what the read or
// an operation before it has returned: 0 at the end of file, -1 after failed().
void explain(int result, const char *host, const char *port);

#endif
