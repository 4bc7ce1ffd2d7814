/*===- fence/kernel_names.h - the kernel's names for what the runtime has ----------------------------------------------===
 *
 * For code that comes from the kernel, or is to be built here and there: spinlock_t, kmalloc(), rcu_read_lock() and their like over
 * the runtime's functions. The fences, containers and reservations have the kernel's names already. C only, GNU C11
 * (typeof); every name is the kernel's, so include it last and in source files only.
 *
 *===--------------------------------------------------------------------------------------------------------------===*/
#ifndef FENCE_KERNEL_NAMES_H
#define FENCE_KERNEL_NAMES_H

#include <errno.h>
#include <fence/completion.h>
#include <fence/dma-fence.h>
#include <fence/memory.h>
#include <fence/mutex.h>
#include <fence/wait_queue.h>
#include <fence/workqueue.h>
#include <fence/ww_mutex.h>
#include <string.h>

/*---- Types and the compiler ------------------------------------------------------------------------------------*/

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int8_t s8;
typedef int16_t s16;
typedef int32_t s32;
typedef int64_t s64;
typedef fence_gfp gfp_t;
/** Nanoseconds of fence_now(). */
typedef int64_t ktime_t;

#define __rcu
#define __user
#define __iomem
#define __must_check __attribute__((warn_unused_result))
#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)
#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))
#define container_of(pointer, type, member) ((type *)(void *)((char *)(pointer)-offsetof(type, member)))

/* Atomic, so that ThreadSanitizer sees what the kernel's memory model promises. */
#define READ_ONCE(x) __atomic_load_n(&(x), __ATOMIC_RELAXED)
#define WRITE_ONCE(x, value) __atomic_store_n(&(x), (value), __ATOMIC_RELAXED)
#define smp_load_acquire(p) __atomic_load_n((p), __ATOMIC_ACQUIRE)
#define smp_store_release(p, value) __atomic_store_n((p), (value), __ATOMIC_RELEASE)
#define smp_store_mb(x, value) __atomic_store_n(&(x), (value), __ATOMIC_SEQ_CST)
#define smp_mb() __atomic_thread_fence(__ATOMIC_SEQ_CST)
#define smp_wmb() __atomic_thread_fence(__ATOMIC_RELEASE)
#define smp_rmb() __atomic_thread_fence(__ATOMIC_ACQUIRE)

/*---- Errors and time -------------------------------------------------------------------------------------------*/

#ifndef ERESTARTSYS
#  define ERESTARTSYS FENCE_ERESTARTSYS
#endif
static inline void *ERR_PTR(long error) { return (void *)error; }
static inline long PTR_ERR(const void *pointer) { return (long)pointer; }
static inline bool IS_ERR(const void *pointer) { return (unsigned long)pointer >= (unsigned long)-4095; }
static inline bool IS_ERR_OR_NULL(const void *pointer) { return !pointer || IS_ERR(pointer); }

#ifndef HZ
#  define HZ FENCE_HZ
#endif
#define MAX_SCHEDULE_TIMEOUT FENCE_MAX_TIMEOUT
#define jiffies ((unsigned long)(fence_now() / (1000000000u / FENCE_HZ)))
static inline ktime_t ktime_get(void) { return (ktime_t)fence_now(); }

/*---- Memory ----------------------------------------------------------------------------------------------------*/

#define GFP_KERNEL FENCE_GFP_KERNEL
#define GFP_ATOMIC FENCE_GFP_ATOMIC
#define GFP_NOWAIT FENCE_GFP_ATOMIC
#define __GFP_ZERO FENCE_GFP_ZERO
static inline void *kmalloc(size_t bytes, gfp_t flags) { return fence_alloc(bytes, flags); }
static inline void *kzalloc(size_t bytes, gfp_t flags) { return fence_alloc(bytes, flags | FENCE_GFP_ZERO); }
static inline void *kmalloc_array(size_t count, size_t bytes, gfp_t flags) {
  size_t all;
  return __builtin_mul_overflow(count, bytes, &all) ? NULL : fence_alloc(all, flags);
}
static inline void *kcalloc(size_t count, size_t bytes, gfp_t flags) { return kmalloc_array(count, bytes, flags | FENCE_GFP_ZERO); }
static inline void kfree(const void *memory) { fence_free((void *)memory); }
#define kvmalloc_array kmalloc_array
#define kvfree kfree

/*---- Locks and RCU ---------------------------------------------------------------------------------------------*/

typedef struct fence_spinlock spinlock_t;
/* The struct's tag; #include <linux/spinlock.h> is not affected. */
#define spinlock fence_spinlock
#define spin_lock_init fence_spin_lock_init
#define spin_lock fence_spin_lock
#define spin_lock_nested fence_spin_lock_nested
#define spin_trylock fence_spin_trylock
#define spin_unlock fence_spin_unlock
#define spin_lock_irq fence_spin_lock_irq
#define spin_unlock_irq fence_spin_unlock_irq
#define spin_lock_irqsave(lock, flags) ((void)((flags) = fence_spin_lock_irqsave(lock)))
#define spin_unlock_irqrestore fence_spin_unlock_irqrestore
#define might_sleep() fence_might_sleep()
#define in_atomic() fence_in_atomic()

#define rcu_head fence_rcu_head
#define rcu_read_lock fence_rcu_read_lock
#define rcu_read_unlock fence_rcu_read_unlock
#define call_rcu fence_call_rcu
#define synchronize_rcu fence_synchronize_rcu
#define rcu_barrier fence_rcu_barrier
#define kfree_rcu(pointer, member) fence_free_rcu((pointer), &(pointer)->member)
#define rcu_dereference(p) __atomic_load_n(&(p), __ATOMIC_ACQUIRE)
#define rcu_assign_pointer(p, value) __atomic_store_n(&(p), (value), __ATOMIC_RELEASE)
#define RCU_INIT_POINTER(p, value) __atomic_store_n(&(p), (value), __ATOMIC_RELAXED)

/*---- What sleeps, and what wakes it ------------------------------------------------------------------------------*/

#define mutex fence_mutex
#define mutex_init fence_mutex_init
#define mutex_lock fence_mutex_lock
#define mutex_lock_interruptible fence_mutex_lock_interruptible
#define mutex_trylock fence_mutex_trylock
#define mutex_unlock fence_mutex_unlock

#define ww_mutex fence_ww_mutex
#define ww_acquire_ctx fence_ww_acquire_ctx
#define DEFINE_WW_CLASS(name) struct fence_ww_class name = FENCE_WW_CLASS_INIT(#name, false)
#define DEFINE_WD_CLASS(name) struct fence_ww_class name = FENCE_WW_CLASS_INIT(#name, true)
#define ww_acquire_init fence_ww_acquire_init
#define ww_acquire_done fence_ww_acquire_done
#define ww_acquire_fini fence_ww_acquire_fini
#define ww_mutex_init fence_ww_mutex_init
#define ww_mutex_destroy fence_ww_mutex_destroy
#define ww_mutex_lock fence_ww_mutex_lock
#define ww_mutex_lock_interruptible fence_ww_mutex_lock_interruptible
#define ww_mutex_lock_slow fence_ww_mutex_lock_slow
#define ww_mutex_lock_slow_interruptible fence_ww_mutex_lock_slow_interruptible
#define ww_mutex_trylock fence_ww_mutex_trylock
#define ww_mutex_unlock fence_ww_mutex_unlock
#define ww_mutex_is_locked fence_ww_mutex_is_locked

#define completion fence_completion
#define init_completion fence_completion_init
#define reinit_completion fence_completion_reinit
#define complete fence_complete
#define complete_all fence_complete_all
#define completion_done fence_completion_done
#define wait_for_completion fence_completion_wait
#define wait_for_completion_timeout fence_completion_wait_timeout

#define work_struct fence_work
#define workqueue_struct fence_workqueue
#define INIT_WORK fence_work_init
#define schedule_work fence_schedule_work
#define queue_work fence_queue_work
#define flush_work fence_flush_work
#define cancel_work_sync fence_cancel_work_sync
#define destroy_workqueue fence_workqueue_destroy

typedef struct fence_wait_queue wait_queue_head_t;
#define init_waitqueue_head fence_wait_queue_init
#define wake_up fence_wake_up
#define wake_up_all fence_wake_up_all
/* The kernel's take the queue by name. */
#define wait_event(queue, condition) fence_wait_event(&(queue), condition)
#define wait_event_timeout(queue, condition, timeout) fence_wait_event_timeout(&(queue), condition, timeout)

/*---- Bits and counts -------------------------------------------------------------------------------------------*/

#define FENCE_DETAIL_LONG_BITS (8 * sizeof(unsigned long))
static inline bool test_bit(long bit, const unsigned long *bits) {
  return __atomic_load_n(&bits[(size_t)bit / FENCE_DETAIL_LONG_BITS], __ATOMIC_ACQUIRE) >> (size_t)bit % FENCE_DETAIL_LONG_BITS & 1;
}
static inline bool test_and_set_bit(long bit, unsigned long *bits) {
  unsigned long mask = 1ul << (size_t)bit % FENCE_DETAIL_LONG_BITS;
  return (__atomic_fetch_or(&bits[(size_t)bit / FENCE_DETAIL_LONG_BITS], mask, __ATOMIC_ACQ_REL) & mask) != 0;
}
static inline void set_bit(long bit, unsigned long *bits) { (void)test_and_set_bit(bit, bits); }

typedef struct {
  int counter;
} atomic_t;
static inline int atomic_read(const atomic_t *v) { return __atomic_load_n(&v->counter, __ATOMIC_RELAXED); }
static inline void atomic_set(atomic_t *v, int value) { __atomic_store_n(&v->counter, value, __ATOMIC_RELAXED); }
static inline void atomic_inc(atomic_t *v) { __atomic_fetch_add(&v->counter, 1, __ATOMIC_RELAXED); }
static inline void atomic_dec(atomic_t *v) { __atomic_fetch_sub(&v->counter, 1, __ATOMIC_RELAXED); }
static inline bool atomic_dec_and_test(atomic_t *v) { return __atomic_sub_fetch(&v->counter, 1, __ATOMIC_ACQ_REL) == 0; }

#endif /* FENCE_KERNEL_NAMES_H */
