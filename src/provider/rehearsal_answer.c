/*
 * What the network makes of a request, as the engine is told. Where hamsa_*.c judge a reply of
 * HTTP, this gives the verdict that they would reach for it.
 */
#include "rehearsal_p.h"

static const char unreachable[] = "Could not connect to the server.";

static void judge_place(const struct rehearsal_config *config, struct rehearsal_request *q,
			const struct network_reply *reply)
{
	struct answer *a = &q->answer;

	a->words = arena_printf(&q->arena, "Hamsa answered %d: %s", reply->status, reply->words);
	a->place = PLACE_IN_DOUBT;
	switch (reply->answer) {
	case NETWORK_ACCEPTED:
		a->place = PLACE_ACCEPTED;
		a->words = "Hamsa answered 200, without a word.";
		a->job_id = reply->call->id;
		return;
	case NETWORK_REFUSED:
		a->place = reply->status == 429 ? PLACE_SLOW_DOWN : PLACE_REFUSED;
		a->retry_after_ms = reply->retry_after_ms;
		return;
	case NETWORK_NAMELESS:
		a->words = "Hamsa answered 200, without a word. (no id of a call in it)";
		return;
	case NETWORK_PAGE:
		a->words = arena_printf(&q->arena,
					"Hamsa answered %d with a web page instead of an answer.",
					reply->status);
		return;
	case NETWORK_BROKEN:
		return;
	case NETWORK_LOST:
		q->lost = true;
		a->words = arena_printf(&q->arena, "No answer came within %lld s.",
					(long long)(config->place_timeout_ms / 1000));
		return;
	}
	BUG("no such answer: %d", (int)reply->answer);
}

static void carry_out_list(struct network *n, int64_t now_ms, struct rehearsal_request *q)
{
	const struct list_query *query = &q->query;
	struct network_query asked = {
		.from_ms = query->from_ms,
		.to_ms = query->to_ms,
		.statuses = query->live_only ? NETWORK_STATUS(CALL_PENDING) |
						       NETWORK_STATUS(CALL_IN_PROGRESS)
					     : 0,
		.agent_id = query->agent_id,
		.page = query->page,
		.per_page = query->per_page,
	};
	size_t room = (size_t)query->per_page;
	struct network_line *found = arena_array(&q->arena, room, sizeof(*found));
	size_t filtered;
	size_t count = network_list(n, now_ms, &asked, found, &filtered);
	struct call_line *lines = arena_array(&q->arena, count, sizeof(*lines));

	for (size_t i = 0; i < count; i++)
		lines[i] = (struct call_line){
			.job_id = found[i].call->id,
			.status = call_status_from_text(found[i].status_text),
			.created_ms = found[i].call->created_ms,
			.user_number = found[i].call->to,
			.agent_id = found[i].call->agent_id,
		};
	q->answer.lines = lines;
	q->answer.line_count = count;
	q->answer.last_page = count < room;
}

static void carry_out_read(struct network *n, int64_t now_ms, struct rehearsal_request *q)
{
	struct call_report *call = arena_alloc(&q->arena, sizeof(*call));
	struct answer *a = &q->answer;

	switch (network_read(n, now_ms, q->id, &q->arena, call, NULL)) {
	case NETWORK_FOUND:
		a->call = call;
		return;
	case NETWORK_UNKNOWN:
		a->read = READ_GONE;
		a->words = "Hamsa answered 404: Conversation not found";
		return;
	case NETWORK_NOT_NOW:
		a->read = READ_LATER;
		a->words = "Hamsa answered 500: Internal server error";
		return;
	}
}

static void carry_out_end(struct network *n, int64_t now_ms, struct rehearsal_request *q)
{
	struct answer *a = &q->answer;

	switch (network_end(n, now_ms, q->id, NETWORK_TERMINATE)) {
	case NETWORK_END_DONE:
		return;
	case NETWORK_END_OVER:
		a->already_over = true;
		a->words = arena_printf(&q->arena, "The call had already ended (%s).",
					call_status_name(network_find(n, now_ms, q->id)->status));
		return;
	case NETWORK_END_UNKNOWN:
		a->read = READ_GONE;
		a->words = "Hamsa answered 404: Conversation not found";
		return;
	}
}

static void carry_out_agent(const struct rehearsal_config *config, struct rehearsal_request *q)
{
	struct agent_report *agent = arena_alloc(&q->arena, sizeof(*agent));

	*agent = (struct agent_report){
		.id = q->id,
		.name = "Rehearsed agent",
		.max_call_ms = config->max_call_ms,
	};
	q->answer.agent = agent;
}

void rehearsal_carry_out(const struct rehearsal_config *config, struct network *n, int64_t now_ms,
			 struct rehearsal_request *q)
{
	struct network_reply reply;

	q->answer = (struct answer){
		.kind = q->kind,
		.token = q->token,
		.read = READ_OK,
		.words = "Hamsa answered 200, without a word.",
		.raw = "",
	};
	if (q->unreachable) {
		q->answer.place = PLACE_NOT_SENT;
		q->answer.read = q->kind == REQUEST_PLACE ? READ_OK : READ_LATER;
		q->answer.words = unreachable;
		return;
	}
	switch (q->kind) {
	case REQUEST_PLACE:
		network_place(n, now_ms, &q->order, &reply);
		judge_place(config, q, &reply);
		return;
	case REQUEST_LIST:
		carry_out_list(n, now_ms, q);
		return;
	case REQUEST_READ:
		carry_out_read(n, now_ms, q);
		return;
	case REQUEST_END:
		carry_out_end(n, now_ms, q);
		return;
	case REQUEST_PROJECT:
		q->answer.project_id = "rehearsal";
		return;
	case REQUEST_AGENT:
		carry_out_agent(config, q);
		return;
	case REQUEST_FETCH:
		break; /* its calls have no sound */
	}
	BUG("a request of kind %d", (int)q->kind);
}
