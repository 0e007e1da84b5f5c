// Uses up what a process has only so much of; the servers share it.

#ifndef EXHAUST_H
#define EXHAUST_H

#include <stddef.h>

// Opens files until the process may not have more; they stay open.
int exhaust_descriptors(void);
// Takes as much memory as the budget allows, and frees it when it returns.
int exhaust_memory(size_t budget);

#endif
