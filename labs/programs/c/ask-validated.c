// A client that looks at the connection that it kept before it asks again over
// it.
//
// Usage: ask-validated HOST PORT [MAX_IDLE_MS]

#include "clock.h"
#include "connection.h"
#include "input.h"
#include "steps.h"

#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

static int connect_to(struct connection *server, const char *host,
                      const char *port) {
  if (STEP("connect", dial(server, host, port)) < 0)
    return -1;
  printf("Connected to %s:%s.\n", host, port);
  fflush(stdout); // What comes next may wait for ever.
  return 0;
}

// Returns the length of the line that the server answered, 0 if it gave no
// answer, -1 if the connection failed; the end of the program closes that.
static int ask(struct connection *server) {
  if (STEP("send", send_line(server, "Hello Server!")) < 0)
    return -1;
  char reply[LINE_SIZE];
  int length = STEP("read", read_line(server, reply));
  if (length > 0) {
    printf("The server said: %s\n", reply);
    fflush(stdout);
  }
  return length;
}

// Returns 1 if nothing has come unasked, 0 for data or the end of file, -1 if
// the connection has failed.
static int is_silent(const struct connection *server) {
  char byte;
  if (server->length > 0)
    return 0;
  if (recv(server->socket, &byte, 1, MSG_PEEK | MSG_DONTWAIT) >= 0)
    return 0;
  return errno == EAGAIN || errno == EWOULDBLOCK ? 1 : failed("recv");
}

static int ask_twice(const char *host, const char *port, double max_idle_ms) {
  struct connection server;
  if (connect_to(&server, host, port) < 0)
    return -1;
  int length = ask(&server);
  if (length > 0) {
    double used_ms = now_ms();
    STEP("pause", wait_for_enter());
    bool is_usable = now_ms() - used_ms <= max_idle_ms &&
                     STEP("validate", is_silent(&server)) > 0;
    if (!is_usable) {
      STEP("close", close_connection(&server));
      if (connect_to(&server, host, port) < 0)
        return -1;
    }
    length = ask(&server);
  }
  if (length >= 0)
    STEP("close", close_connection(&server));
  return length;
}

// Returns -1 for a text that is no number of milliseconds.
static double milliseconds(const char *text) {
  char *end;
  double number = strtod(text, &end);
  return end != text && *end == '\0' && number >= 0 ? number : -1;
}

int main(int argc, char *argv[]) {
  double max_idle_ms = argc == 4 ? milliseconds(argv[3]) : INFINITY;
  if (argc < 3 || argc > 4 || port_number(argv[2]) < 0 || max_idle_ms < 0) {
    fprintf(stderr, "Usage: ask-validated HOST PORT [MAX_IDLE_MS]\n");
    return 2;
  }
  int length = ask_twice(argv[1], argv[2], max_idle_ms);
  if (length <= 0) {
    explain(length, argv[1], argv[2]);
    return EXIT_FAILURE;
  }
  return EXIT_SUCCESS;
}
