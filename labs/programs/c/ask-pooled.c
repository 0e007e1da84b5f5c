// A client that keeps its connection, and asks again over it when Enter is
// pressed.
//
// Usage: ask-pooled HOST PORT

#include "connection.h"
#include "input.h"
#include "steps.h"

#include <stdio.h>
#include <stdlib.h>

// Returns the length of the line that the server answered, 0 if it gave no
// answer, -1 if the connection failed; the end of the program closes that.
static int ask(struct connection *server) {
  if (STEP("send", send_line(server, "Hello Server!")) < 0)
    return -1;
  char reply[LINE_SIZE];
  int length = STEP("read", read_line(server, reply));
  if (length > 0) {
    printf("The server said: %s\n", reply);
    fflush(stdout); // What comes next may wait for ever.
  }
  return length;
}

static int ask_twice(const char *host, const char *port) {
  struct connection server;
  if (STEP("connect", dial(&server, host, port)) < 0)
    return -1;
  printf("Connected to %s:%s.\n", host, port);
  fflush(stdout);
  int length = ask(&server);
  if (length > 0) {
    STEP("pause", wait_for_enter());
    length = ask(&server);
  }
  if (length >= 0)
    STEP("close", close_connection(&server));
  return length;
}

int main(int argc, char *argv[]) {
  if (argc != 3 || port_number(argv[2]) < 0) {
    fprintf(stderr, "Usage: ask-pooled HOST PORT\n");
    return 2;
  }
  int length = ask_twice(argv[1], argv[2]);
  if (length <= 0) {
    explain(length, argv[1], argv[2]);
    return EXIT_FAILURE;
  }
  return EXIT_SUCCESS;
}
