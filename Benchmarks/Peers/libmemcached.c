/* What libmemcached takes to find a key's server and to build its ring: a yardstick for ours.
 *
 * Lines of the output are `libmemcached NAME TAB HOSTS TAB NANOSECONDS`, the median of the runs. No server is contacted. */
#include <libmemcached/memcached.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { KEYS = 4096, RUNS = 7 };
static char keys[KEYS][17];
static volatile uint32_t sink;

static uint64_t now_ns(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

/* SplitMix64's finaliser. */
static uint64_t mixed(uint64_t word)
{
    word ^= word >> 30;
    word *= 0xbf58476d1ce4e5b9u;
    word ^= word >> 27;
    word *= 0x94d049bb133111ebu;
    return word ^ (word >> 31);
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static double median(double *runs)
{
    qsort(runs, RUNS, sizeof *runs, by_size);
    return runs[RUNS / 2];
}

static memcached_server_list_st host_list(int hosts)
{
    memcached_server_list_st list = NULL;
    memcached_return_t code;
    for (int i = 0; i < hosts; i++) {
        char name[32];
        snprintf(name, sizeof name, "10.0.%d.%d", i >> 8, i & 255);
        list = memcached_server_list_append_with_weight(list, name, 11211, 1, &code);
    }
    return list;
}

static memcached_st *client_of(memcached_server_list_st list)
{
    memcached_st *client = memcached_create(NULL);
    if (!client || memcached_behavior_set(client, MEMCACHED_BEHAVIOR_KETAMA_WEIGHTED, 1) != MEMCACHED_SUCCESS
        || memcached_server_push(client, list) != MEMCACHED_SUCCESS) {
        fprintf(stderr, "libmemcached gave no client\n");
        exit(1);
    }
    return client;
}

static double time_of_pick(memcached_st *client)
{
    double runs[RUNS];
    for (int run = -1; run < RUNS; run++) {
        enum { COUNT = 100000 };
        uint64_t start = now_ns();
        for (uint32_t i = 0; i < COUNT; i++) sink += memcached_generate_hash(client, keys[i * 5 & (KEYS - 1)], 16);
        double time = (double)(now_ns() - start) / COUNT;
        if (run >= 0) runs[run] = time;
    }
    return median(runs);
}

/* Only memcached_server_push: the list is there, and creating and freeing the client does not count. */
static double time_of_push(memcached_server_list_st list)
{
    double runs[RUNS];
    for (int run = -1; run < RUNS; run++) {
        enum { COUNT = 10 };
        uint64_t sum = 0;
        for (int i = 0; i < COUNT; i++) {
            memcached_st *client = memcached_create(NULL);
            memcached_behavior_set(client, MEMCACHED_BEHAVIOR_KETAMA_WEIGHTED, 1);
            uint64_t start = now_ns();
            memcached_server_push(client, list);
            sum += now_ns() - start;
            memcached_free(client);
        }
        if (run >= 0) runs[run] = (double)sum / COUNT;
    }
    return median(runs);
}

int main(void)
{
    for (int i = 0; i < KEYS; i++) snprintf(keys[i], sizeof keys[i], "session:%08x", (unsigned)mixed((uint64_t)i));
    static const int sizes[] = {10, 100}; /* more than 100 hosts fail an assertion in libmemcached 1.1.4 */
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        memcached_server_list_st list = host_list(sizes[i]);
        memcached_st *client = client_of(list);
        printf("libmemcached generate_hash\t%d\t%.1f\n", sizes[i], time_of_pick(client));
        printf("libmemcached server_push\t%d\t%.0f\n", sizes[i], time_of_push(list));
        memcached_free(client);
        memcached_server_list_free(list);
    }
    return 0;
}
