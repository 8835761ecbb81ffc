/* Which of its hosts libmemcached picks for keys, without a server behind it.
 *
 *   libmemcached-picks MODE HOST:PORT=WEIGHT... < keys, one a line      writes the positions of the hosts, from 0
 *
 * MODE is ketama or spy, then _weighted if that is set too, then _md5 or _oaat, which is libmemcached's default function. */
#include <libmemcached/memcached.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void set(memcached_st *client, memcached_behavior_t behavior, uint64_t value)
{
    memcached_return_t code = memcached_behavior_set(client, behavior, value);
    if (code == MEMCACHED_SUCCESS) return;
    fprintf(stderr, "libmemcached-picks: %s\n", memcached_strerror(client, code));
    exit(1);
}

int main(int argc, char **argv)
{
    memcached_st *client = memcached_create(NULL);
    if (argc < 3 || !client) {
        fprintf(stderr, "usage: libmemcached-picks MODE HOST:PORT=WEIGHT... < keys\n");
        return 2;
    }
    const char *mode = argv[1];
    /* The order counts: weights set the function, and the distribution if it comes later undoes neither. */
    set(client, strstr(mode, "_weighted") ? MEMCACHED_BEHAVIOR_KETAMA_WEIGHTED : MEMCACHED_BEHAVIOR_KETAMA, 1);
    set(client, MEMCACHED_BEHAVIOR_HASH, strstr(mode, "_md5") ? MEMCACHED_HASH_MD5 : MEMCACHED_HASH_DEFAULT);
    if (!strncmp(mode, "spy", 3))
        set(client, MEMCACHED_BEHAVIOR_DISTRIBUTION, MEMCACHED_DISTRIBUTION_CONSISTENT_KETAMA_SPY);

    memcached_server_list_st list = NULL;
    for (int i = 2; i < argc; i++) {
        char *weight = strrchr(argv[i], '='), *port = strrchr(argv[i], ':');
        if (!weight || !port) {
            fprintf(stderr, "libmemcached-picks: %s is not HOST:PORT=WEIGHT\n", argv[i]);
            return 2;
        }
        *weight++ = 0;
        *port++ = 0;
        memcached_return_t code;
        list = memcached_server_list_append_with_weight(
            list, argv[i], (in_port_t)atoi(port), (uint32_t)atoi(weight), &code);
    }
    if (memcached_server_push(client, list) != MEMCACHED_SUCCESS) return 1;
    memcached_server_list_free(list);

    char *line = NULL;
    size_t room = 0;
    for (ssize_t length; (length = getline(&line, &room, stdin)) > 0;) {
        if (line[length - 1] == '\n') length--;
        printf("%u\n", memcached_generate_hash(client, line, (size_t)length));
    }
    free(line);
    memcached_free(client);
    return 0;
}
