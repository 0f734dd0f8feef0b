/*
 * Questions on the terminal, of every verb that asks before it does what cannot be taken back.
 *
 * Only y, Y and yes are a yes. Everything else is a no: another word, the end of input, Ctrl-C and
 * every other wish that the process should end. Whoever asks holds nothing meanwhile that others
 * wait for: a question may stand for hours.
 */
#ifndef NIDA_CMD_ASK_P_H
#define NIDA_CMD_ASK_P_H

#include <stdbool.h>

/* Is a person there, who can read the question and answer? */
bool ask_can(void);

/* The question is printed as it is, with a blank at its end. */
bool ask_yes(const char *question);

#endif
