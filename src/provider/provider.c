#include "base/mem.h"
#include "provider/provider.h"

void provider_place(struct provider *p, uint64_t token, const struct place_order *order)
{
	p->ops->place(p->self, token, order);
}

void provider_list(struct provider *p, uint64_t token, const struct list_query *query)
{
	p->ops->list(p->self, token, query);
}

void provider_read(struct provider *p, uint64_t token, const char *job_id)
{
	p->ops->read(p->self, token, job_id);
}

void provider_end(struct provider *p, uint64_t token, const char *job_id)
{
	p->ops->end(p->self, token, job_id);
}

void provider_project(struct provider *p, uint64_t token)
{
	p->ops->project(p->self, token);
}

void provider_agent(struct provider *p, uint64_t token, const char *agent_id)
{
	p->ops->agent(p->self, token, agent_id);
}

void provider_fetch(struct provider *p, uint64_t token, const struct fetch_order *order)
{
	if (!p->ops->fetch)
		BUG("a recording is asked of a provider that has none");
	p->ops->fetch(p->self, token, order);
}

char *provider_render(struct provider *p, const struct place_order *order)
{
	return p->ops->render(p->self, order);
}

void provider_wait(struct provider *p, int64_t us)
{
	p->ops->wait(p->self, us);
}

bool provider_next(struct provider *p, struct answer *out)
{
	return p->ops->next(p->self, out);
}

size_t provider_in_flight(struct provider *p)
{
	return p->ops->in_flight(p->self);
}

size_t provider_unsent(struct provider *p)
{
	return p->ops->unsent ? p->ops->unsent(p->self) : 0;
}

void provider_free(struct provider *p)
{
	if (p->ops)
		p->ops->free(p->self);
	*p = (struct provider){0};
}
