// A client that sends one line and reads lines until there are no more.
//
// Usage: ask-all HOST PORT

#include "connection.h"
#include "steps.h"

#include <stdio.h>
#include <stdlib.h>

// Prints the lines that the server answered. Returns how many there were, or -1
// if the connection failed; the end of the program closes that.
static int ask(const char *host, const char *port) {
  struct connection server;
  if (STEP("connect", dial(&server, host, port)) < 0)
    return -1;
  printf("Connected to %s:%s.\n", host, port);
  fflush(stdout); // What comes next may wait for ever.
  if (STEP("send", send_line(&server, "Hello Server!")) < 0)
    return -1;
  int replies = 0, length;
  char reply[LINE_SIZE];
  while ((length = STEP("read", read_line(&server, reply))) > 0) {
    printf("The server said: %s\n", reply);
    fflush(stdout);
    replies++;
  }
  if (length < 0)
    return -1;
  STEP("close", close_connection(&server));
  return replies;
}

int main(int argc, char *argv[]) {
  if (argc != 3 || port_number(argv[2]) < 0) {
    fprintf(stderr, "Usage: ask-all HOST PORT\n");
    return 2;
  }
  int replies = ask(argv[1], argv[2]);
  if (replies <= 0) {
    explain(replies, argv[1], argv[2]);
    return EXIT_FAILURE;
  }
  return EXIT_SUCCESS;
}
