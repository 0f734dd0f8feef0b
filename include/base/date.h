/*
 * Dates of the proleptic Gregorian calendar, as days since 1970-01-01 and back.
 */
#ifndef NIDA_BASE_DATE_H
#define NIDA_BASE_DATE_H

#include <stdbool.h>
#include <stdint.h>

int64_t days_from_date(int year, int month, int day);
void date_from_days(int64_t days, int *year, int *month, int *day);

/* Years 1 to 9999. */
bool date_is_valid(int year, int month, int day);

#endif
