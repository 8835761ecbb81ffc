// Tells ThreadSanitizer about Swift's Mutex on Linux.
//
// A Mutex that is contended goes through the kernel (FUTEX_LOCK_PI), inside a library that is not instrumented: the
// sanitizer sees no order between the unlock and the lock that follows, and reports what the mutex guards. Preloaded, this
// library stands before the two functions and states the order. A mutex is taken by its address, in the register of `self`.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>

#define LOCK "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define UNLOCK "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"
#define swiftcall __attribute__((swiftcall))
#define swiftself __attribute__((swift_context))

__attribute__((weak)) void __tsan_acquire(void *address);
__attribute__((weak)) void __tsan_release(void *address);

swiftcall void lock_slow(uint32_t thread, swiftself void *mutex) __asm__(LOCK);
swiftcall void unlock_slow(swiftself void *mutex) __asm__(UNLOCK);

swiftcall void lock_slow(uint32_t thread, swiftself void *mutex) {
    swiftcall void (*original)(uint32_t, swiftself void *) = dlsym(RTLD_NEXT, LOCK);
    original(thread, mutex);
    if (__tsan_acquire) __tsan_acquire(mutex);
}

swiftcall void unlock_slow(swiftself void *mutex) {
    swiftcall void (*original)(swiftself void *) = dlsym(RTLD_NEXT, UNLOCK);
    if (__tsan_release) __tsan_release(mutex);
    original(mutex);
}
