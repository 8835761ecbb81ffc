/// What Swift cannot say, or cannot import, about packets and their sockets.
#ifndef CPACKETSOCKET_H
#define CPACKETSOCKET_H

#include <stddef.h>
#ifdef __linux__
#include <sys/mman.h>
#endif

/// Asks the processor to fetch the cache line at `address`, which is about to be read and written. Any address will do:
/// one that may not be read is ignored.
static inline void packet_socket_prefetch(const void *address) {
    __builtin_prefetch(address, 1);
}

/// Asks the system for pages of 2 MB under memory that was not written yet; `address` is a multiple of 2 MB. Does nothing
/// where there is no such thing.
static inline void packet_socket_prefer_huge_pages(void *address, size_t byte_count) {
#ifdef __linux__
    // The value of the kernel's own header, which strict C hides: it means the same on every architecture but Alpha.
    (void)madvise(address, byte_count, 14);
#else
    (void)address, (void)byte_count;
#endif
}

#endif
