/* libmemcached as a program, so that another client can be checked against it.
 *
 *   libmemcached-client get HOST:PORT=WEIGHT... < keys            writes KEY TAB VALUE, or KEY alone if it is not found
 *   libmemcached-client set HOST:PORT=WEIGHT... < KEY TAB VALUE   stores each pair
 *
 * The servers form a weighted ketama ring, as with libmemcached's option --DISTRIBUTION=consistent,MD5 and weights. */
#include <libmemcached/memcached.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void fail(const char *what, const char *why)
{
    fprintf(stderr, "libmemcached-client: %s: %s\n", what, why);
    exit(1);
}

static void check(memcached_st *client, memcached_return_t code, const char *what)
{
    if (code != MEMCACHED_SUCCESS) fail(what, memcached_strerror(client, code));
}

static void add_server(memcached_st *client, memcached_server_list_st *list, char *text)
{
    char *weight = strrchr(text, '='), *port = strrchr(text, ':');
    if (!weight || !port) fail(text, "is not HOST:PORT=WEIGHT");
    *weight++ = 0;
    *port++ = 0;
    memcached_return_t code;
    *list = memcached_server_list_append_with_weight(*list, text, (in_port_t)atoi(port), (uint32_t)atoi(weight), &code);
    check(client, code, text);
}

int main(int argc, char **argv)
{
    if (argc < 3 || (strcmp(argv[1], "get") && strcmp(argv[1], "set"))) {
        fprintf(stderr, "usage: libmemcached-client get|set HOST:PORT=WEIGHT...\n");
        return 2;
    }
    bool is_set = !strcmp(argv[1], "set");
    memcached_st *client = memcached_create(NULL);
    if (!client) fail("memcached_create", "no memory");
    check(client, memcached_behavior_set(client, MEMCACHED_BEHAVIOR_KETAMA_WEIGHTED, 1), "ketama");
    memcached_server_list_st list = NULL;
    for (int i = 2; i < argc; i++) add_server(client, &list, argv[i]);
    check(client, memcached_server_push(client, list), "servers");
    memcached_server_list_free(list);

    char *line = NULL;
    size_t room = 0;
    for (ssize_t length; (length = getline(&line, &room, stdin)) > 0;) {
        if (line[length - 1] == '\n') line[--length] = 0;
        char *value = strchr(line, '\t');
        if (is_set) {
            if (!value) fail(line, "has no value");
            *value++ = 0;
            check(client, memcached_set(client, line, strlen(line), value, strlen(value), 0, 0), line);
            continue;
        }
        size_t size;
        uint32_t flags;
        memcached_return_t code;
        char *found = memcached_get(client, line, (size_t)length, &size, &flags, &code);
        if (code == MEMCACHED_SUCCESS) printf("%s\t%.*s\n", line, (int)size, found ? found : "");
        else if (code == MEMCACHED_NOTFOUND) printf("%s\n", line);
        else check(client, code, line);
        free(found);
    }
    free(line);
    memcached_free(client);
    return 0;
}
