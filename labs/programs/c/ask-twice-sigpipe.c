// ask-twice as one writes it who does not think of SIGPIPE: with write(), and
// with the signal left as it is. A write into a connection that is gone ends
// this program before it can say a word.
//
// Usage: ask-twice-sigpipe HOST PORT [MESSAGE ...]

#include "connection.h"
#include "input.h"
#include "steps.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int write_line(struct connection *server, const char *message) {
  char line[LINE_SIZE];
  snprintf(line, sizeof line, "%s\n", message);
  size_t length = strlen(line);
  return write(server->socket, line, length) < 0 ? failed("write") : 0;
}

static int send_each(struct connection *server, char *messages[]) {
  for (char **message = messages; *message != NULL; message++) {
    if (message > messages)
      STEP("pause", wait_for_enter());
    if (STEP("send", write_line(server, *message)) < 0)
      return -1;
  }
  return 0;
}

// Returns the length of the line that the server answered, 0 if it gave no
// answer, -1 if the connection failed; the end of the program closes that.
static int ask(const char *host, const char *port, char *messages[],
               char reply[LINE_SIZE]) {
  struct connection server;
  if (STEP("connect", dial(&server, host, port)) < 0)
    return -1;
  printf("Connected to %s:%s.\n", host, port);
  fflush(stdout); // What comes next may wait for ever.
  if (send_each(&server, messages) < 0)
    return -1;
  int length = STEP("read", read_line(&server, reply));
  if (length >= 0)
    STEP("close", close_connection(&server));
  return length;
}

int main(int argc, char *argv[]) {
  if (argc < 3 || port_number(argv[2]) < 0) {
    fprintf(stderr, "Usage: ask-twice-sigpipe HOST PORT [MESSAGE ...]\n");
    return 2;
  }
  char *messages[] = {"Hello Server!", "Are you still there?", NULL};
  char reply[LINE_SIZE];
  int length = ask(argv[1], argv[2], argc > 3 ? argv + 3 : messages, reply);
  if (length <= 0) {
    explain(length, argv[1], argv[2]);
    return EXIT_FAILURE;
  }
  printf("The server said: %s\n", reply);
  return EXIT_SUCCESS;
}
