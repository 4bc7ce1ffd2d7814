// Locks as linux/spinlock.h has them without PREEMPT_RT: macros that leave the same _raw_ call for a spinlock_t and a raw_spinlock_t.
#ifndef TEST_KERNEL_LOCKS_H
#define TEST_KERNEL_LOCKS_H
typedef unsigned int gfp_t;
#define GFP_ATOMIC 0x820u
#define GFP_KERNEL 0xcc0u
typedef struct raw_spinlock { int value; } raw_spinlock_t;
typedef struct spinlock { raw_spinlock_t rlock; } spinlock_t;
typedef struct { int value; } rwlock_t;
struct mutex { int owner; };
void _raw_spin_lock(raw_spinlock_t *lock);
void _raw_spin_unlock(raw_spinlock_t *lock);
unsigned long _raw_spin_lock_irqsave(raw_spinlock_t *lock);
void _raw_spin_unlock_irqrestore(raw_spinlock_t *lock, unsigned long flags);
int _raw_spin_trylock(raw_spinlock_t *lock);
void _raw_read_lock(rwlock_t *lock);
void _raw_read_unlock(rwlock_t *lock);
unsigned long arch_local_irq_save(void);
void arch_local_irq_restore(unsigned long flags);
void preempt_count_add(int value);
void preempt_count_sub(int value);
static inline raw_spinlock_t *spinlock_check(spinlock_t *lock) { return &lock->rlock; }
static inline void spin_lock(spinlock_t *lock) { _raw_spin_lock(&lock->rlock); }
static inline void spin_unlock(spinlock_t *lock) { _raw_spin_unlock(&lock->rlock); }
static inline void spin_unlock_irqrestore(spinlock_t *lock, unsigned long flags) { _raw_spin_unlock_irqrestore(&lock->rlock, flags); }
#define raw_spin_lock(lock) _raw_spin_lock(lock)
#define raw_spin_unlock(lock) _raw_spin_unlock(lock)
#define local_irq_save(flags) do { flags = arch_local_irq_save(); } while (0)
#define local_irq_restore(flags) arch_local_irq_restore(flags)
#define raw_spin_lock_irqsave(lock, flags) do { flags = _raw_spin_lock_irqsave(lock); } while (0)
#define raw_spin_unlock_irqrestore(lock, flags) _raw_spin_unlock_irqrestore(lock, flags)
#define spin_lock_irqsave(lock, flags) do { raw_spin_lock_irqsave(spinlock_check(lock), flags); } while (0)
#define raw_spin_trylock_irqsave(lock, flags) \
  ({ local_irq_save(flags); _raw_spin_trylock(lock) ? 1 : ({ local_irq_restore(flags); 0; }); })
#define spin_trylock_irqsave(lock, flags) ({ raw_spin_trylock_irqsave(spinlock_check(lock), flags); })
#define read_lock(lock) _raw_read_lock(lock)
#define read_unlock(lock) _raw_read_unlock(lock)
#define preempt_disable() preempt_count_add(1)
#define preempt_enable() preempt_count_sub(1)
void local_bh_disable(void);
void local_bh_enable(void);
void rcu_read_lock(void);
void rcu_read_unlock(void);
void mutex_lock(struct mutex *lock);
void mutex_unlock(struct mutex *lock);
void *__kmalloc_noprof(unsigned long size, gfp_t flags);
void kfree(const void *p);
#endif
