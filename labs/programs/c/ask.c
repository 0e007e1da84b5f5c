// A client that sends one line and reads one line.
//
// Usage: ask HOST PORT

#include "connection.h"
#include "steps.h"

#include <stdio.h>
#include <stdlib.h>

// Returns the length of the line that the server answered, 0 if it gave no
// answer, -1 if the connection failed; the end of the program closes that.
static int ask(const char *host, const char *port, char reply[LINE_SIZE]) {
  struct connection server;
  if (STEP("connect", dial(&server, host, port)) < 0)
    return -1;
  printf("Connected to %s:%s.\n", host, port);
  fflush(stdout); // What comes next may wait for ever.
  if (STEP("send", send_line(&server, "Hello Server!")) < 0)
    return -1;
  int length = STEP("read", read_line(&server, reply));
  if (length >= 0)
    STEP("close", close_connection(&server));
  return length;
}

int main(int argc, char *argv[]) {
  if (argc != 3 || port_number(argv[2]) < 0) {
    fprintf(stderr, "Usage: ask HOST PORT\n");
    return 2;
  }
  char reply[LINE_SIZE];
  int length = ask(argv[1], argv[2], reply);
  if (length <= 0) {
    explain(length, argv[1], argv[2]);
    return EXIT_FAILURE;
  }
  printf("The server said: %s\n", reply);
  return EXIT_SUCCESS;
}
