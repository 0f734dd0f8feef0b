/*
 * Run a program and write down what it took: seconds, peak memory in KiB, processor seconds, and
 * its exit code. The kernel counts the memory of whoever started a program towards that program's
 * peak; this one is small enough not to matter, which an interpreter is not.
 *
 * usage: measure OUT PROGRAM [ARGUMENT...]
 */
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include <sys/resource.h>
#include <sys/wait.h>

static double now_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double seconds_of(struct timeval t)
{
	return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

int main(int argc, char **argv)
{
	struct rusage usage;
	int status;

	if (argc < 3) {
		fputs("usage: measure OUT PROGRAM [ARGUMENT...]\n", stderr);
		return 2;
	}
	double began = now_s();
	pid_t child = fork();
	if (child == 0) {
		execv(argv[2], argv + 2);
		_exit(127);
	}
	if (child < 0 || wait4(child, &status, 0, &usage) != child) {
		perror("measure");
		return 1;
	}
	double took = now_s() - began;
	FILE *out = fopen(argv[1], "w");
	if (!out ||
	    fprintf(out, "%.6f %ld %.6f %d\n", took, usage.ru_maxrss,
		    seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime),
		    WIFEXITED(status) ? WEXITSTATUS(status) : -1) < 0 ||
	    fclose(out) != 0) {
		perror(argv[1]);
		return 1;
	}
	return 0;
}
