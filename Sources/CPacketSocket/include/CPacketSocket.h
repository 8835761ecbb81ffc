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

/// Which of the 16 bytes at `bytes` are `byte`: a bit for each, the first one's lowest.
static inline unsigned packet_socket_matches(const void *bytes, unsigned char byte) {
#ifdef __SSE2__
    typedef char sixteen __attribute__((vector_size(16)));
    sixteen found, wanted = (sixteen){} + (char)byte;
    __builtin_memcpy(&found, bytes, sizeof found);
    return (unsigned)__builtin_ia32_pmovmskb128((sixteen)(found == wanted));
#else
    unsigned matches = 0;
    for (unsigned index = 0; index < 16; index++) {
        matches |= (unsigned)(((const unsigned char *)bytes)[index] == byte) << index;
    }
    return matches;
#endif
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

#ifdef __linux__

#include <errno.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/if_tun.h>
#include <linux/rtnetlink.h>
#include <linux/virtio_net.h>
#include <net/if.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

// Newer than the headers of some systems that Swift runs on.
#ifndef PACKET_FANOUT_FLAG_IGNORE_OUTGOING
#define PACKET_FANOUT_FLAG_IGNORE_OUTGOING 0x4000
#endif

// Both sides of a ring have to mean the same bytes.
_Static_assert(sizeof(struct tpacket2_hdr) == 32, "a slot's header");
_Static_assert(sizeof(struct tpacket3_hdr) == 48, "a frame's header in a block");
_Static_assert(sizeof(struct tpacket_block_desc) == 48, "a block's header");
_Static_assert(sizeof(struct virtio_net_hdr) == 10, "what stands in front of a frame");

/// A message of `sendmmsg`, which the C library declares only for GNU sources.
struct packet_socket_message {
    struct msghdr header;
    unsigned int byte_count;
};

/// `sendmmsg`: how many of `count` messages were sent, or -1 with `errno`.
static inline long packet_socket_send(int socket, struct packet_socket_message *messages, unsigned int count, int flags) {
    return syscall(SYS_sendmmsg, socket, messages, count, flags);
}

/// Keeps this thread on one core, of which there are fewer than 1,024: 0, or -1 with `errno`.
static inline int packet_socket_pin(unsigned int core) {
    uint64_t mask[16] = {0};
    if (core >= 1024) {
        errno = EINVAL;
        return -1;
    }
    mask[core / 64] = UINT64_C(1) << core % 64;
    return syscall(SYS_sched_setaffinity, 0, sizeof mask, mask) < 0 ? -1 : 0;
}

/// Reads a word that the kernel writes: what it wrote before is seen by whoever sees it.
static inline uint32_t packet_socket_load(const volatile uint32_t *word) {
    return __atomic_load_n(word, __ATOMIC_ACQUIRE);
}

/// Writes a word that the kernel reads: what was written before is seen by it.
static inline void packet_socket_store(volatile uint32_t *word, uint32_t value) {
    __atomic_store_n(word, value, __ATOMIC_RELEASE);
}

/// Makes `descriptor`, of `/dev/net/tun`, a device for IP packets: 0, or -1 with `errno`.
///
/// `name` holds `IFNAMSIZ` bytes; an empty one becomes what the kernel chose.
static inline int packet_socket_tunnel(int descriptor, char *name) {
    struct ifreq request;
    memset(&request, 0, sizeof request);
    memcpy(request.ifr_name, name, IFNAMSIZ);
    request.ifr_flags = IFF_TUN | IFF_NO_PI;
    if (ioctl(descriptor, TUNSETIFF, &request) < 0) {
        return -1;
    }
    memcpy(name, request.ifr_name, IFNAMSIZ);
    return 0;
}

#endif
#endif
