/*===- fence/thread_safety.h - which lock guards what, for Clang's -Wthread-safety ------------------------------------===
 *
 * Words for declarations; empty on every other compiler. The locks of this runtime carry them, so a member that is declared
 *
 *     int used FENCE_GUARDED_BY(lock);
 *
 * is a warning wherever it is touched without the lock. Clang looks into one function at a time and knows nothing of contexts: that is
 * fencelint's part (annotations.h).
 *
 *===--------------------------------------------------------------------------------------------------------------===*/
#ifndef FENCE_THREAD_SAFETY_H
#define FENCE_THREAD_SAFETY_H

/* clang-format off */
#if defined(__clang__)
#  define FENCE_DETAIL_THREAD_SAFETY(attribute) __attribute__((attribute))
#else
#  define FENCE_DETAIL_THREAD_SAFETY(attribute)
#endif

/** A class that is a lock; `kind` is how warnings call it. */
#define FENCE_CAPABILITY(kind) FENCE_DETAIL_THREAD_SAFETY(capability(kind))
/** A class that holds a lock from its constructor to its destructor. */
#define FENCE_SCOPED_CAPABILITY FENCE_DETAIL_THREAD_SAFETY(scoped_lockable)
/** A member, or what a pointer points to, that is touched only with that lock. */
#define FENCE_GUARDED_BY(lock) FENCE_DETAIL_THREAD_SAFETY(guarded_by(lock))
#define FENCE_PT_GUARDED_BY(lock) FENCE_DETAIL_THREAD_SAFETY(pt_guarded_by(lock))
/** A function that returns with the lock, or gives it back, or takes it if it returns `result`. Without a name: this. */
#define FENCE_LOCKS(...) FENCE_DETAIL_THREAD_SAFETY(acquire_capability(__VA_ARGS__))
#define FENCE_UNLOCKS(...) FENCE_DETAIL_THREAD_SAFETY(release_capability(__VA_ARGS__))
#define FENCE_LOCKS_IF(...) FENCE_DETAIL_THREAD_SAFETY(try_acquire_capability(__VA_ARGS__))
/** A function whose caller holds the lock, or must not hold it. */
#define FENCE_WITH_LOCK(...) FENCE_DETAIL_THREAD_SAFETY(requires_capability(__VA_ARGS__))
#define FENCE_WITHOUT_LOCK(...) FENCE_DETAIL_THREAD_SAFETY(locks_excluded(__VA_ARGS__))
/** A function that checks, when it runs, that its caller holds the lock: Clang believes it. */
#define FENCE_ASSERTS_LOCK(...) FENCE_DETAIL_THREAD_SAFETY(assert_capability(__VA_ARGS__))
/** A function that Clang does not look into. */
#define FENCE_NO_THREAD_SAFETY FENCE_DETAIL_THREAD_SAFETY(no_thread_safety_analysis)
/* clang-format on */

#endif /* FENCE_THREAD_SAFETY_H */
