// Reports the steps of a program to the file named by LAB_STEPS; without it,
// to nobody. The lines are described in docs/programs.md.

#ifndef STEPS_H
#define STEPS_H

// The last failure. C has no exceptions: a function returns -1, and the reason
// is in errno, until the next call changes that. So it is kept here.
struct failure {
  // The type of the error is the call that failed, as perror() prints it.
  const char *call;
  // Of errno; 0 for a failure that has none.
  int code;
  const char *message;
};
extern struct failure failure;

// Keeps what errno says of a call that has failed. Returns -1.
int failed(const char *call);
// The same for a failure that errno does not know. Returns -1.
int failed_because(const char *call, const char *message);

// Runs an operation as a step, and returns what the operation returns: -1 after
// failed(), and of a read 0 at the end of file.
#define STEP(name, operation) step_ended(name, (step_began(name), (operation)))
void step_began(const char *name);
int step_ended(const char *name, int result);

#endif
