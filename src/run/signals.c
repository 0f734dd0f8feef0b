#include "run/signals.h"

#include <signal.h>
#include <stddef.h>

static volatile sig_atomic_t interrupts;
static volatile sig_atomic_t hangups;
static volatile sig_atomic_t report_wishes;
static volatile sig_atomic_t resizes;

static void on_signal(int number)
{
	switch (number) {
	case SIGINT:
		interrupts++;
		break;
	case SIGTERM:
		if (interrupts == 0)
			interrupts = 1;
		break;
	case SIGHUP:
		hangups++;
		break;
	case SIGUSR1:
		report_wishes++;
		break;
	case SIGWINCH:
		resizes++;
		break;
	default:
		break;
	}
}

static void catch_one(int number, void (*handler)(int), int flags)
{
	struct sigaction action = {.sa_handler = handler, .sa_flags = flags};

	sigemptyset(&action.sa_mask);
	sigaction(number, &action, NULL);
}

void signals_catch(void)
{
	interrupts = 0;
	hangups = 0;
	report_wishes = 0;
	resizes = 0;
	catch_one(SIGINT, on_signal, 0);
	catch_one(SIGTERM, on_signal, 0);
	catch_one(SIGHUP, on_signal, 0);
	catch_one(SIGUSR1, on_signal, 0);
	catch_one(SIGWINCH, on_signal, 0);
}

struct signals signals_now(void)
{
	return (struct signals){
		.interrupts = (int)interrupts,
		.hangups = (int)hangups,
		.report_wishes = (int)report_wishes,
		.resizes = (int)resizes,
	};
}

void signals_let_second_end(void)
{
	if (interrupts > 0)
		catch_one(SIGINT, SIG_DFL, 0);
	else
		catch_one(SIGINT, on_signal, (int)SA_RESETHAND);
}
