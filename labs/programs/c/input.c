#include "input.h"

#include <stdio.h>

int wait_for_enter(void) {
  int letter;
  do
    letter = getchar();
  while (letter != '\n' && letter != EOF);
  return 0;
}

int wait_for_end_of_input(void) {
  while (getchar() != EOF)
    ;
  return 0;
}
