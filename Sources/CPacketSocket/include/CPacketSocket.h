/// What Swift cannot say, or cannot import, about packets and their sockets.
#ifndef CPACKETSOCKET_H
#define CPACKETSOCKET_H

/// Asks the processor to fetch the cache line at `address`, which is about to be read and written. Any address will do:
/// one that may not be read is ignored.
static inline void packet_socket_prefetch(const void *address) {
    __builtin_prefetch(address, 1);
}

#endif
