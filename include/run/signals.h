/*
 * Signals: how many of each kind have come since signals_catch().
 *
 * The counters are the second mutable global of nida: a signal has no other way in. Whoever asks
 * compares with what it saw before. A signal ends a wait of provider_wait() or poll(), so it is
 * noticed at once.
 */
#ifndef NIDA_RUN_SIGNALS_H
#define NIDA_RUN_SIGNALS_H

struct signals {
	int interrupts;    /* SIGINT; a SIGTERM, or several, count as the first one */
	int hangups;       /* SIGHUP */
	int report_wishes; /* SIGUSR1 */
	int resizes;       /* SIGWINCH */
};

/* From now on signals are counted, from nought. */
void signals_catch(void);
struct signals signals_now(void);

/* Nobody looks at the counters any more. The first SIGINT still counts and does nothing; one after
 * it ends the process at once. */
void signals_let_second_end(void);

#endif
