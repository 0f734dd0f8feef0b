#include "digit_p.h"

int digit_value(uint32_t c)
{
	if (c >= '0' && c <= '9')
		return (int)(c - '0');
	if (c >= 0x0660 && c <= 0x0669)
		return (int)(c - 0x0660);
	if (c >= 0x06f0 && c <= 0x06f9)
		return (int)(c - 0x06f0);
	return -1;
}
