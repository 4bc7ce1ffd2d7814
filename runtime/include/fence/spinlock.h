/*===- fence/spinlock.h - a lock under which nothing may sleep ----------------------------------------------------===
 *
 * The kernel's spinlock_t for user space: 16 bytes, no allocation, no destruction. A holder can be preempted here, so a
 * waiter spins a little and then sleeps in the kernel until the lock is given back; to the caller it is a spinning lock all
 * the same, and the checker and fencelint treat it as one.
 *
 *===--------------------------------------------------------------------------------------------------------------===*/
#ifndef FENCE_SPINLOCK_H
#define FENCE_SPINLOCK_H

#include <fence/context.h>

#ifdef __cplusplus
extern "C" {
#endif
#pragma GCC visibility push(default)

/** Caller-owned memory; the fields are the runtime's. */
struct fence_spinlock {
  uint32_t word;                       /**< 0 free, 1 held, 2 held and waited for */
  uint32_t owner;                      /**< thread id of the holder; only kept with FENCE_CHECKS */
  struct fence_lock_class *lock_class; /**< null: of no class, so its order is not checked */
};

#define FENCE_SPINLOCK_INIT(lock_class_pointer) {0, 0, lock_class_pointer}

/** One class per place that initialises, as in the kernel: `lock` is what reports show.
 *  Context: any. */
#define fence_spin_lock_init(lock)                                                                                     \
  do {                                                                                                                 \
    FENCE_LOCK_CLASS(fence_detail_class, #lock, FENCE_LOCK_SPINS);                                                     \
    fence_spin_lock_init_class((lock), &fence_detail_class);                                                           \
  } while (0)
FENCE_NONBLOCKING void fence_spin_lock_init_class(struct fence_spinlock *lock, struct fence_lock_class *lock_class)
    FENCE_DETAIL_NOEXCEPT;

/** Context: any; not recursive. With interrupts on only if no interrupt ever takes a lock of this class. */
FENCE_NONBLOCKING FENCE_TAKES_SPINNING(arg0) void fence_spin_lock(struct fence_spinlock *lock) FENCE_DETAIL_NOEXCEPT;
/** For a second lock of the same class: `nest` says which of the two it is, 1 for the inner one.
 *  Context: any. */
FENCE_NONBLOCKING FENCE_TAKES_SPINNING(arg0) void fence_spin_lock_nested(struct fence_spinlock *lock, unsigned nest)
    FENCE_DETAIL_NOEXCEPT;
FENCE_NONBLOCKING FENCE_TRY_TAKES_SPINNING(arg0) bool fence_spin_trylock(struct fence_spinlock *lock)
    FENCE_DETAIL_NOEXCEPT;
FENCE_NONBLOCKING FENCE_RELEASES_SPINNING(arg0) void fence_spin_unlock(struct fence_spinlock *lock)
    FENCE_DETAIL_NOEXCEPT;

/** Takes the lock with interrupts off. Returns what fence_spin_unlock_irqrestore() wants.
 *  Context: any. */
FENCE_NONBLOCKING FENCE_TAKES_SPINNING(arg0) FENCE_ENTERS("irqs-off")
unsigned long fence_spin_lock_irqsave(struct fence_spinlock *lock) FENCE_DETAIL_NOEXCEPT;
FENCE_NONBLOCKING FENCE_TAKES_SPINNING(arg0) FENCE_ENTERS("irqs-off")
unsigned long fence_spin_lock_irqsave_nested(struct fence_spinlock *lock, unsigned nest) FENCE_DETAIL_NOEXCEPT;
FENCE_NONBLOCKING FENCE_RELEASES_SPINNING(arg0) FENCE_LEAVES("irqs-off")
void fence_spin_unlock_irqrestore(struct fence_spinlock *lock, unsigned long flags) FENCE_DETAIL_NOEXCEPT;
/** The same where the caller knows that interrupts are on. */
FENCE_NONBLOCKING FENCE_TAKES_SPINNING(arg0) FENCE_ENTERS("irqs-off") void fence_spin_lock_irq(struct fence_spinlock *lock)
    FENCE_DETAIL_NOEXCEPT;
FENCE_NONBLOCKING FENCE_RELEASES_SPINNING(arg0) FENCE_LEAVES("irqs-off")
void fence_spin_unlock_irq(struct fence_spinlock *lock) FENCE_DETAIL_NOEXCEPT;

/** Context: any. Whether anybody holds it. */
FENCE_NONBLOCKING bool fence_spin_is_locked(const struct fence_spinlock *lock) FENCE_DETAIL_NOEXCEPT;

#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif
#endif /* FENCE_SPINLOCK_H */
