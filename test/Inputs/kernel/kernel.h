// As much of a kernel's interface as the rules' tests need; what it does is what the shipped models say.
#ifndef TEST_KERNEL_H
#define TEST_KERNEL_H
typedef unsigned int gfp_t;
#define GFP_ATOMIC 0x820u
#define GFP_NOWAIT 0x2000u
#define GFP_KERNEL 0xcc0u
#define __GFP_ZERO 0x100u
typedef _Bool bool;
typedef struct spinlock { int raw; } spinlock_t;
struct mutex { int owner; };
void spin_lock(spinlock_t *lock);
void spin_unlock(spinlock_t *lock);
int spin_trylock(spinlock_t *lock);
unsigned long _raw_spin_lock_irqsave(spinlock_t *lock);
void spin_unlock_irqrestore(spinlock_t *lock, unsigned long flags);
void mutex_lock(struct mutex *lock);
int mutex_trylock(struct mutex *lock);
void mutex_unlock(struct mutex *lock);
void msleep(unsigned int ms);
void vfree(const void *p);
void kfree(const void *p);
void *__kmalloc_noprof(unsigned long size, gfp_t flags);
int preempt_count(void);
void rcu_read_lock(void);
void rcu_read_unlock(void);
typedef struct refcount { int refs; } refcount_t;
void refcount_inc(refcount_t *r);
bool refcount_inc_not_zero(refcount_t *r);
bool refcount_dec_and_test(refcount_t *r);
struct kref { refcount_t refcount; };
static inline void kref_get(struct kref *kref) { refcount_inc(&kref->refcount); }
static inline int kref_put(struct kref *kref, void (*release)(struct kref *kref)) {
  if (refcount_dec_and_test(&kref->refcount)) {
    release(kref);
    return 1;
  }
  return 0;
}
struct device;
int __pm_runtime_resume(struct device *dev, int rpmflags);
int __pm_runtime_suspend(struct device *dev, int rpmflags);
int __pm_runtime_idle(struct device *dev, int rpmflags);
static inline int pm_runtime_get_sync(struct device *dev) { return __pm_runtime_resume(dev, 4); }
static inline int pm_runtime_put_autosuspend(struct device *dev) { return __pm_runtime_suspend(dev, 4 | 1 | 8); }
static inline int pm_runtime_put(struct device *dev) { return __pm_runtime_idle(dev, 4 | 1); }
typedef int irqreturn_t;
typedef irqreturn_t (*irq_handler_t)(int, void *);
int request_threaded_irq(unsigned int irq, irq_handler_t handler, irq_handler_t thread_fn, unsigned long flags, const char *name,
                         void *dev);
#endif
