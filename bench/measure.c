/* SPDX-License-Identifier: Apache-2.0 */
/* Runs a command and writes what it took into a file, as JSON: wall and processor seconds, the largest memory
 * of it or a process that it waited for, its exit code. Usage: bench_measure FILE COMMAND [ARGUMENT...] */
#include <stdio.h>
#include <time.h>

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static double seconds_of(struct timeval time)
{
    return (double)time.tv_sec + (double)time.tv_usec / 1e6;
}

static double monotonic_s(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static int write_report(const char *path, double wall_s, int code)
{
    struct rusage usage;
    FILE *file = fopen(path, "w");
    if (file == NULL || getrusage(RUSAGE_CHILDREN, &usage) != 0)
        return 2;
    (void)fprintf(
        file, "{\"wall_s\": %.4f, \"user_s\": %.4f, \"system_s\": %.4f, \"max_kib\": %ld, \"code\": %d}\n",
        wall_s, seconds_of(usage.ru_utime), seconds_of(usage.ru_stime), usage.ru_maxrss, code);
    return fclose(file) == 0 ? code : 2;
}

int main(int argc, char **argv)
{
    int state;
    if (argc < 3)
        return 2;
    double start = monotonic_s();
    pid_t child = fork();
    if (child < 0)
        return 2;
    if (child == 0) {
        (void)execvp(argv[2], argv + 2);
        (void)fprintf(stderr, "%s cannot be run\n", argv[2]);
        _exit(127);
    }
    if (waitpid(child, &state, 0) != child)
        return 2;
    return write_report(argv[1], monotonic_s() - start, WIFEXITED(state) ? WEXITSTATUS(state) : 128);
}
