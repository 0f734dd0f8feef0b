/*
 * The campaign file, section by section: a tree in, a struct campaign out, problems on the way.
 *
 * Every reader has the shape of struct key's `read`, with the struct it fills as `into`;
 * defaults are set by campaign_read() before. What needs the scenario too (agent, params) is
 * checked in plan.c.
 */
#ifndef NIDA_LOAD_CAMPAIGN_P_H
#define NIDA_LOAD_CAMPAIGN_P_H

#include "read_p.h"

/* Fill *out, whose `agent` stays unset where the file has none. */
void campaign_read(struct reader *r, struct campaign *out);

void list_rules_read(struct reader *r, const struct node *n, void *campaign);
void hours_read(struct reader *r, const struct node *n, void *campaign);
void pace_read(struct reader *r, const struct node *n, void *campaign);
void retry_read(struct reader *r, const struct node *n, void *campaign);
void guard_read(struct reader *r, const struct node *n, void *campaign);

#endif
