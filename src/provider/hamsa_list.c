#include <inttypes.h>

#include "provider/json.h"
#include "hamsa_p.h"

char *hamsa_list_path(const struct list_query *query)
{
	struct buf path;

	buf_init(&path, HAMSA_REQUEST_MAX);
	buf_addf(&path, "/v1/voice-agents/conversations/minimal-list?page=%d&perPage=%d",
		 query->page, query->per_page);
	if (query->from_ms)
		buf_addf(&path, "&startTime=%" PRId64, query->from_ms);
	if (query->to_ms)
		buf_addf(&path, "&endTime=%" PRId64, query->to_ms);
	if (query->live_only)
		buf_adds(&path, "&status=PENDING&status=IN_PROGRESS");
	if (query->agent_id) {
		buf_adds(&path, "&voiceAgentId=");
		http_add_escaped(&path, query->agent_id);
	}
	return path.data;
}

static bool line_from(const cJSON *row, struct arena *arena, struct call_line *out)
{
	const char *status = json_get_text(row, "status", arena);

	out->job_id = json_get_text(row, "id", arena);
	out->status = call_status_from_text(status ? status : "");
	if (!json_moment(json_get(row, "createdAt"), &out->created_ms))
		out->created_ms = 0;
	out->user_number = json_get_text(json_get(row, "callParams"), "userNumber", arena);
	out->agent_id = json_get_text(row, "voiceAgentId", arena);
	return out->job_id != NULL;
}

/* A list is evidence: what is not on it counts as never placed. So anything that is not certainly
 * a whole list is no list at all, rather than a short one. Only among live calls, where a missing
 * line costs no more than a look at that call, is a line without an id passed over. */
void hamsa_judge_list(struct hamsa *h, struct hamsa_job *job, const struct hamsa_reply *r,
		      struct answer *out)
{
	const cJSON *calls = json_find(r->json, "calls");
	const cJSON *row;
	struct call_line *lines;
	int rows = 0;

	/* No list of Hamsa's is ever gone: a 404 here is a wrong address, or a passing fault. */
	if (out->read == READ_GONE)
		out->read = READ_LATER;
	if (out->read != READ_OK)
		return;
	if (!cJSON_IsArray(calls)) {
		out->read = READ_LATER;
		out->words = "Hamsa answered without a list of calls where one was asked for.";
		return;
	}

	lines = arena_array(&h->arena, (size_t)cJSON_GetArraySize(calls), sizeof(*lines));
	cJSON_ArrayForEach(row, calls)
	{
		rows++;
		if (line_from(row, &h->arena, &lines[out->line_count])) {
			out->line_count++;
		} else if (!job->live_only) {
			out->read = READ_LATER;
			out->line_count = 0;
			out->words = "Hamsa answered with a list in which a call has no id, so "
				     "that nothing can be concluded from it.";
			return;
		}
	}
	out->lines = lines;
	out->last_page = rows < job->per_page;
}
