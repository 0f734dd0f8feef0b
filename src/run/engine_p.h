/*
 * What the files of the engine share. Each file is one of its duties:
 *
 *   stop.c     why nothing is placed: reasons, halts, pauses, waits
 *   rules.c    may anybody be called now? The rules that hold for everybody
 *   due.c      who is next
 *   judge.c    may this one be called now? The rules of one contact
 *   place.c    the intent, the POST
 *   answer.c   what the provider's answers mean for the ledger
 *   ended.c    what follows from the end of a call
 *   breaker.c  the breaker: how the last calls went
 *   follow.c   how live calls are: rounds of list pages, reads, the watchdog
 *   recordings.c  recordings as files, beside everything else
 *   doubt.c    what is in doubt, and how old it is
 *   look.c     looks at the provider's list: pages, candidates
 *   settle.c   what they have shown: verdicts
 *   engine.c   the step that calls them in turn, start-up, the end
 */
#ifndef NIDA_RUN_ENGINE_P_H
#define NIDA_RUN_ENGINE_P_H

#include "run/engine.h"

#include "board_p.h"

#include "base/mem.h"
#include "ledger/attempt.h"
#include "ledger/contact.h"
#include "model/guard.h"
#include "model/pace.h"
#include "model/settle.h"
#include "run/suppressor.h"

/* Tokens: attempts use their id; requests that belong to no attempt have the high bit. */
#define TOKEN_PROJECT   (UINT64_C(1) << 63 | 1)
#define TOKEN_AGENT     (UINT64_C(1) << 63 | 2)
#define TOKEN_ROUND     (UINT64_C(1) << 63 | 3)
#define TOKEN_LOOK      (UINT64_C(1) << 63 | 4)
#define TOKEN_CANDIDATE (UINT64_C(1) << 63 | 5)

/* With an attempt's id: its recording, or a reading for the sake of it. */
#define TOKEN_RECORDING (UINT64_C(1) << 62)

/* The status of an attempt in doubt of which Hamsa has said that it accepts it. */
#define STATUS_ACCEPTED "ACCEPTED"

/* Hamsa has answered nothing for so long: an outage. */
#define OUTAGE_US (60 * SECOND_MS * 1000)

#define LIST_PER_PAGE 200
#define WHY_SIZE      512
#define FAILURE_SIZE  256

enum project_state {
	PROJECT_UNKNOWN, /* to be asked at project.next */
	PROJECT_ASKED,
	PROJECT_GOOD,
};

enum stop_kind {
	STOP_NONE,
	STOP_ASKED, /* a signal, --limit, --only */
	STOP_GUARD, /* breaker, canary, budget, or the provider refuses everything */
};

/* One round of asking after all live calls by list pages. */
struct round {
	int64_t number; /* of the round that runs, or ran last */
	bool running;
	bool whole; /* it has shown every live call there is: one it did not show is missing */
	int page;
	size_t pages_last; /* what the last whole round took */
	struct mono next;  /* when the next one begins */
	int failures;      /* rounds in a row that were not whole */
};

/* What the last walk over the live calls left behind. Until something of it changes, the next one
 * would find nothing to do, and with thousands of calls it is not cheap. */
struct walked {
	bool clean;     /* it left nothing to read; a round that begins or ends undoes this */
	bool unread;    /* it ended early: a missing call waits for other reads to end */
	uint64_t lates; /* board_lates() */
	struct mono at;
	int64_t late_us; /* from then on, until a late call is to be read; INT64_MAX: there is none
			  */
};

#define CANDIDATES_MAX 64

/* A call in the provider's list that might be one of ours in doubt. */
struct candidate {
	char job_id[JOB_ID_SIZE];
	uint64_t number; /* of the called person */
	char agent[128]; /* "" : the list did not say */
	bool read;       /* its conversation has been read; `ref` is what it said */
	char ref[33];    /* "" : none */
	int failures;    /* readings that failed */
	bool unreadable; /* listed, but the provider does not give it out (yet, or any more) */
	bool taken;      /* adopted in this look */
};

/* One look at the list for all that is in doubt. */
struct look {
	bool running; /* a page or a candidate is on its way */
	int page;
	struct mono began;
	int64_t newest_ours; /* the latest attempt of ours whose call the list shows */
	size_t reading;      /* index of the candidate that is being read */
	size_t count;
	struct candidate candidates[CANDIDATES_MAX];
	bool overflow; /* more candidates than room, or lines that we do not understand: nothing is
			  proven by this look */
	char probe[JOB_ID_SIZE]; /* a known call of ours, read to learn whether references come back
				  */
	bool probing;
	int failures;           /* in a row */
	struct mono not_before; /* after a failure */
	bool quiet;             /* nothing but doubts is left, since … */
	struct mono quiet_since;
};

#define FETCHES_MAX 2

/* A recording on its way into its file. */
struct fetching {
	int64_t attempt_id; /* 0: the place is free */
	int tries;          /* that failed before */
	char job_id[JOB_ID_SIZE];
	char file[64]; /* in the folder: the part */
};

struct recorder {
	const char *folder; /* of the run's reports; NULL: recordings stay links */
	struct fetching fetching[FETCHES_MAX];
	bool known; /* next_due_ms is right: nothing but what is on its way is due before */
	int64_t next_due_ms;
	bool awaited; /* nothing else is left to do, since … */
	struct mono awaited_since;
};

/* What could not be reached, and until when nothing is tried. */
struct backoff {
	int failures; /* in a row */
	struct mono until;
};

struct engine {
	struct ledger *ledger;
	const struct ledger_lock *lock;
	struct provider *provider;
	const struct clock *clock;
	struct rng *rng;
	const struct plan *plan;
	int64_t run_id;
	const char *only;
	int64_t limit;

	struct suppressor *suppressor;
	struct board *board;
	struct arena tick; /* emptied at every step */
	int64_t now_ms;    /* of this step */
	struct mono now;

	struct pace pace;
	bool unsent; /* a placing waits for a connection, since … */
	struct mono unsent_since;
	int64_t canary_begun; /* rows called before its verdict, when it was last asked */
	struct breaker breaker;
	char failure[FAILURE_SIZE]; /* ", e.g. 'what was said of the last that did'"; "" */
	struct backoff network;
	struct run run; /* as the ledger had it when it was last read */
	struct arena run_arena;

	enum project_state project;
	bool foreign; /* the key is of another project than the open calls: nothing may be asked */
	struct mono project_next;
	int64_t max_call_ms;  /* the agents' own limit, or a default */
	int64_t told_call_ms; /* the largest that an agent has told */
	int agents_awaited;
	int agents_silent; /* asked, and told nothing */
	bool agents_asked; /* what their limits are */

	bool read_fails;   /* the last reading of a call gave nothing one can use */
	struct mono heard; /* when Hamsa last answered a question with what was asked for */
	struct round round;
	struct walked walked;
	struct look look;
	struct recorder recorder;
	int refusals;          /* readings in a row that the provider refused */
	enum settle_echo echo; /* does the provider give references back? */

	bool hurried; /* told to stop by a person: nothing but calls is waited for, since … */
	struct mono hurried_at;
	enum stop_kind stop;
	char stop_words[512];
	int64_t placed; /* calls placed by this engine, for `limit` */

	bool due_known; /* next_due_ms is right: nobody is due before */
	int64_t next_due_ms;

	char why[WHY_SIZE];
	int64_t why_until_ms;
	char noted_why[WHY_SIZE];
	struct mono noted;
	int64_t started_ms;

	size_t ended_count;
	struct engine_ended ended[ENGINE_ENDED_MAX];
};

/* stop.c: why nothing is placed. */
void engine_why(struct engine *g, int64_t until_ms, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
void engine_halt(struct engine *g, enum stop_kind kind, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* A guard pauses the run until a person resumes it. */
bool engine_pause(struct engine *g, const char *by, const char *words, struct err *e) MUST_CHECK;
void engine_backoff(struct engine *g, struct backoff *b, int64_t retry_after_ms);

/* rules.c: what holds for everybody. `why` is empty when only the pace says not yet. */
bool engine_may_place(struct engine *g, int64_t *wait_us, bool *may, struct err *e) MUST_CHECK;
/* How many calls may start together now. */
size_t engine_room(const struct engine *g);
bool engine_is_over_budget(const struct engine *g);
/* After the last moment at which anybody could be called, the rows left over say so. */
bool engine_expire(struct engine *g, bool *expired, struct err *e) MUST_CHECK;

/* due.c: the next contacts, and when to ask again. */
#define BATCH_MAX 64
bool engine_find_due(struct engine *g, size_t most, struct contact *out, size_t *count,
		     struct err *e) MUST_CHECK;
bool engine_learn_next_due(struct engine *g, struct err *e) MUST_CHECK;
bool engine_learn_if_nobody_waits(struct engine *g, struct err *e) MUST_CHECK;
bool engine_nobody_due(struct engine *g, int64_t *wait_us);
int64_t engine_us_until(const struct engine *g, int64_t wall_ms);

/* engine.c: is the ledger still the one that others will find, and the lock the one they take? */
bool engine_files_are_there(const struct engine *g, struct err *e) MUST_CHECK;

/* place.c: place what is due and allowed. *wait_us is shortened to when it should be asked
 * again. */
bool engine_place(struct engine *g, int64_t *wait_us, struct err *e) MUST_CHECK;

/* answer.c: reap, record. */
bool engine_collect(struct engine *g, struct err *e) MUST_CHECK;

/* breaker.c: a call that never talked is over; one begins to talk; one that may have talked is over
 * (`entry`: where it was counted). `words`, the provider's on a failure, may be "". */
bool engine_feed_breaker(struct engine *g, enum outcome outcome, const char *words,
			 struct err *e) MUST_CHECK;
void engine_call_talks(struct engine *g, struct call *call);
bool engine_feed_end(struct engine *g, bool talked, uint64_t entry, enum outcome outcome,
		     const char *words, struct err *e) MUST_CHECK;

/* ended.c */
/* A call has a status: kept if it is news. */
bool engine_note_status(struct engine *g, struct call *call, enum call_status status,
			const char *text, struct err *e) MUST_CHECK;
void engine_learn_echo(struct engine *g, const struct call_report *report);
bool engine_record_read(struct engine *g, struct call *call, const struct answer *answer,
			struct err *e) MUST_CHECK;
/* A live call is over: close it, and plan its retry if the campaign wants one. */
bool engine_record_end(struct engine *g, struct call *call, enum outcome outcome,
		       const struct call_report *report, const char *words,
		       struct err *e) MUST_CHECK;

/* follow.c */
void engine_follow(struct engine *g, int64_t *wait_us);
bool engine_round_page(struct engine *g, const struct answer *answer, struct err *e) MUST_CHECK;
void engine_read_call(struct engine *g, struct call *call);
void engine_end_call(struct engine *g, struct call *call);
bool engine_end_if_stuck(struct engine *g, struct call *call);

/* recordings.c: what earlier processes have left; one more; what is due; answers. */
bool engine_recordings_load(struct engine *g, struct err *e) MUST_CHECK;
bool engine_recording_want(struct engine *g, int64_t attempt_id, const struct call_report *report,
			   struct err *e) MUST_CHECK;
bool engine_fetch_recordings(struct engine *g, int64_t *wait_us, struct err *e) MUST_CHECK;
bool engine_recording_answer(struct engine *g, const struct answer *a, struct err *e) MUST_CHECK;
/* With nothing else left to do: is it worth waiting for those that are missing? */
bool engine_awaits_recordings(struct engine *g);

/* settle.c: a look has shown all it can; a look could not be taken, and if nothing but doubts has
 * kept the run going for long, a person has to look. */
bool engine_judge_doubts(struct engine *g, struct err *e) MUST_CHECK;
void engine_hold_if_quiet(struct engine *g);

/* look.c, and what there is to look for (doubt.c) */
bool engine_settle(struct engine *g, int64_t *wait_us, struct err *e) MUST_CHECK;
bool engine_look_page(struct engine *g, const struct answer *answer, struct err *e) MUST_CHECK;
bool engine_look_candidate(struct engine *g, const struct answer *answer, struct err *e) MUST_CHECK;
/* In doubt, and young enough that the call may still be up. */
size_t engine_doubts_alive(const struct engine *g);
/* When the next of them will be too old for that; INT64_MAX: there is none. */
int64_t engine_doubts_fade_us(const struct engine *g);
bool engine_doubts_open(const struct engine *g);     /* some are not yet decided to stay */
bool engine_doubts_settling(const struct engine *g); /* some may be decided by waiting alone */

/* The shorter of two waits. */
static inline void engine_wait_at_most(int64_t *wait_us, int64_t us)
{
	if (us < *wait_us)
		*wait_us = us < 0 ? 0 : us;
}

#endif
