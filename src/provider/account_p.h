/*
 * What the files of the account share: account.c asks, account_read.c makes sense of the answers.
 */
#ifndef NIDA_PROVIDER_ACCOUNT_P_H
#define NIDA_PROVIDER_ACCOUNT_P_H

#include <cjson/cJSON.h>

#include "provider/account.h"

/* An item of a list as Hamsa writes it; false for one without an id. */
bool account_agent_from(const cJSON *item, struct arena *arena, struct account_agent *out);
bool account_number_from(const cJSON *item, struct arena *arena, struct account_number *out);

/* Every figure of a reply about usage, whatever their names: {"price": {"value": 1.5, "unit":
 * "credits"}, "media": 12}. */
size_t account_figures_from(const cJSON *root, struct arena *arena, struct account_figure **out);

#endif
