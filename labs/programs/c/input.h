// Waits on the standard input. Both return 0.

#ifndef INPUT_H
#define INPUT_H

int wait_for_enter(void);
int wait_for_end_of_input(void);

#endif
