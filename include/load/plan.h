/*
 * From files to a plan: the campaign file and the scenario it names, checked strictly.
 *
 * Every problem of both files is reported, with file, line, column, the key's full name, what was
 * found, what was expected and, for a near miss, the key meant; in the order of the file, the
 * campaign's before the scenario's. The list and the suppression files are not opened here;
 * columns are bound later (model/plan.h). A program in on_finish with a '/' in its name is seen
 * from the campaign's folder, one without is looked for in PATH.
 */
#ifndef NIDA_LOAD_PLAN_H
#define NIDA_LOAD_PLAN_H

#include "base/err.h"
#include "base/problems.h"
#include "load/env.h"
#include "model/plan.h"

#include <stdbool.h>

/* NULL when there are errors among the problems; else the caller owns the plan (plan_free()). */
struct plan *plan_load(const char *campaign_file, const struct env *env, struct problems *problems);

/* A setting that decides who is called or what is said, as text that can be compared: "agent.ar",
 * "params.dueDate", "list.phone", "scenario" (a checksum of what is in it) … */
struct plan_setting {
	const char *key;
	const char *value;
};

/* All of them, sorted by key, in the plan's arena. A run whose settings differ is another run. */
const struct plan_setting *plan_settings(struct plan *plan, size_t *count);

#endif
