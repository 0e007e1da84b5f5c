#include "connection.h"

#include "steps.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int connect_to(const struct addrinfo *address) {
  int fd = socket(address->ai_family, address->ai_socktype, 0);
  if (fd < 0)
    return failed("socket");
  if (connect(fd, address->ai_addr, address->ai_addrlen) == 0)
    return fd;
  failed("connect");
  close(fd);
  return -1;
}

int dial(struct connection *connection, const char *host, const char *port) {
  struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
  struct addrinfo *addresses;
  int error = getaddrinfo(host, port, &hints, &addresses);
  if (error == EAI_SYSTEM)
    return failed("getaddrinfo");
  if (error != 0)
    return failed_because("getaddrinfo", gai_strerror(error));
  *connection = (struct connection){.socket = -1};
  for (struct addrinfo *it = addresses; it != NULL; it = it->ai_next) {
    connection->socket = connect_to(it);
    if (connection->socket >= 0)
      break;
  }
  freeaddrinfo(addresses);
  return connection->socket < 0 ? -1 : 0;
}

int listen_on(int port) {
  struct sockaddr_in6 ipv6 = {.sin6_family = AF_INET6,
                              .sin6_port = htons((in_port_t)port),
                              .sin6_addr = IN6ADDR_ANY_INIT};
  struct sockaddr_in ipv4 = {.sin_family = AF_INET,
                             .sin_port = htons((in_port_t)port),
                             .sin_addr.s_addr = htonl(INADDR_ANY)};
  struct sockaddr *address = (struct sockaddr *)&ipv6;
  socklen_t size = sizeof ipv6;
  int on = 1, off = 0;
  int fd = socket(AF_INET6, SOCK_STREAM, 0);
  if (fd < 0) {
    address = (struct sockaddr *)&ipv4;
    size = sizeof ipv4;
    fd = socket(AF_INET, SOCK_STREAM, 0);
  } else if (setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off) < 0) {
    return failed("setsockopt");
  }
  if (fd < 0)
    return failed("socket");
  if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) < 0)
    return failed("setsockopt");
  if (bind(fd, address, size) < 0)
    return failed("bind");
  if (listen(fd, SOMAXCONN) < 0)
    return failed("listen");
  return fd;
}

int accept_from(int listener, struct connection *connection) {
  *connection = (struct connection){.socket = accept(listener, NULL, NULL)};
  return connection->socket < 0 ? failed("accept") : 0;
}

static int send_all(int fd, const char *bytes, size_t length) {
  while (length > 0) {
    // Without the flag, sending into a connection that is gone would raise
    // SIGPIPE, which ends the program. It is set for this call only: for all
    // else, a pipe on standard output say, the signal stays as it is.
    ssize_t sent = send(fd, bytes, length, MSG_NOSIGNAL);
    if (sent < 0)
      return failed("send");
    bytes += sent;
    length -= (size_t)sent;
  }
  return 0;
}

int send_line(struct connection *connection, const char *text) {
  // The line and its line feed go out together: two sends, two segments.
  size_t length = strlen(text) + 1;
  char *line = malloc(length);
  if (line == NULL)
    return failed("malloc");
  memcpy(line, text, length - 1);
  line[length - 1] = '\n';
  int result = send_all(connection->socket, line, length);
  free(line);
  return result;
}

int receive(struct connection *connection) {
  ssize_t received =
      recv(connection->socket, connection->bytes + connection->length,
           BUFFER_SIZE - connection->length, 0);
  if (received < 0)
    return failed("recv");
  connection->length += (size_t)received;
  return (int)received;
}

static int take(struct connection *connection, char *line, size_t length) {
  memcpy(line, connection->bytes, length);
  line[length] = '\0';
  line[strcspn(line, "\n")] = '\0';
  connection->length -= length;
  memmove(connection->bytes, connection->bytes + length, connection->length);
  return (int)length;
}

int take_line(struct connection *connection, char line[LINE_SIZE]) {
  const char *bytes = connection->bytes;
  const char *end = memchr(bytes, '\n', connection->length);
  if (end != NULL)
    return take(connection, line, (size_t)(end - bytes) + 1);
  // A line that does not fit is taken in parts.
  return connection->length == BUFFER_SIZE ? take(connection, line, BUFFER_SIZE)
                                           : 0;
}

int read_line(struct connection *connection, char line[LINE_SIZE]) {
  int length;
  while ((length = take_line(connection, line)) == 0) {
    int received = receive(connection);
    if (received < 0)
      return -1;
    if (received == 0) // What is left, if anything, has no line feed.
      return take(connection, line, connection->length);
  }
  return length;
}

int close_connection(struct connection *connection) {
  return close(connection->socket) < 0 ? failed("close") : 0;
}

int port_number(const char *text) {
  char *end;
  errno = 0;
  long number = strtol(text, &end, 10);
  bool is_number = end != text && *end == '\0' && errno == 0;
  return is_number && number >= 0 && number <= 65535 ? (int)number : -1;
}

void explain(int result, const char *host, const char *port) {
  if (result == 0) {
    fprintf(stderr, "The server closed the connection without a reply.\n");
    return;
  }
  switch (failure.code) {
  case ECONNREFUSED:
    fprintf(stderr, "Connection refused: nothing listens on %s:%s.\n", host,
            port);
    break;
  case ECONNRESET:
    fprintf(stderr, "Connection reset: the server or something on the way "
                    "aborted the connection.\n");
    break;
  default:
    fprintf(stderr, "Connection failed: %s\n", failure.message);
  }
}
