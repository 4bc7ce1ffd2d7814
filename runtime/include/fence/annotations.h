/*===- fence/annotations.h - where code may run, as words on its declaration ---===
 *
 * One vocabulary, four readers. A macro here says to a person what a function does or where it runs; to fencelint the
 * same, in the words of its model files (docs/models.md); to Clang's -Wfunction-effects and to RealtimeSanitizer what
 * they understand of it. Compilers that know none of this see nothing: every macro is then empty.
 *
 * Where a macro stands: first in the declaration it speaks about, before `static`, `virtual` or the type.
 *
 *     FENCE_MAY_SLEEP int wait_idle(struct queue *q);                      a function
 *     struct ops { FENCE_RUNS_IN("atomic") void (*done)(void *); };        what is stored in this field
 *     void on_irq(FENCE_RUNS_IN("interrupt") void (*handler)(void *));     what is given for this parameter
 *     typedef FENCE_RUNS_IN("atomic") void (*done_fn)(void *);             every place declared with this type
 *     using done_fn FENCE_RUNS_IN("atomic") = void (*)(void *);            the same; here it follows the name
 *     [this](int x) FENCE_NONBLOCKING { ... }                              a lambda: after its parameters
 *
 * On the first declaration is enough; an override of an annotated method inherits what the method says.
 *
 * What is written how: contexts, parts of a context, conditions and reasons are string literals. A lock, object or
 * argument is a bare word: arg0 (the first argument), this, arg0.lock (a member of it), or global name.
 *
 * Limits: Clang wants a prototype for its own attributes, so write `(void)` in C. C11, C++20 and later.
 *
 *===--------------------------------------------------------------------------===*/
#ifndef FENCE_ANNOTATIONS_H
#define FENCE_ANNOTATIONS_H

/* clang-format off */
#if defined(__has_attribute)
#  if __has_attribute(annotate)
#    define FENCE_DETAIL_SAYS(words) __attribute__((annotate("fence:" words)))
#  endif
#  if __has_attribute(nonblocking) && __has_attribute(blocking)
#    define FENCE_DETAIL_EFFECT(effect) __attribute__((effect))
#  endif
#endif
#ifndef FENCE_DETAIL_SAYS
#  define FENCE_DETAIL_SAYS(words)
#endif
#ifndef FENCE_DETAIL_EFFECT
#  define FENCE_DETAIL_EFFECT(effect)
#endif
#define FENCE_DETAIL_TEXT(expanded) FENCE_DETAIL_QUOTE(expanded)
#define FENCE_DETAIL_QUOTE(text) #text
/* clang-format on */

/*---- Where it runs ---------------------------------------------------------------------------------------------*/

/** The function is called in this context: its body has to keep what the context asks. On a field, parameter, typedef
 *  or virtual method it is a contract: whatever is stored, passed or overridden there has to keep it, whoever calls.
 *      FENCE_RUNS_IN("runtime-fence-callback") virtual void called() noexcept = 0;
 *  Contexts are named in model files; the ones that come with this header are in docs/annotations.md.
 *  (fencelint model: contexts.) */
#define FENCE_RUNS_IN(context) FENCE_DETAIL_SAYS("runs-in " context)

/** The caller's context has this part (or these, with commas) when it calls.
 *      FENCE_REQUIRES("preempt-off") void ring_push_locked(struct ring *r, struct job *j);
 *  (fencelint model: parts of a context.) */
#define FENCE_REQUIRES(parts) FENCE_DETAIL_SAYS("requires " parts)

/*---- What it may do --------------------------------------------------------------------------------------------*/

/** May sleep: waits, schedules, or takes a lock that sleeps.
 *      FENCE_MAY_SLEEP void bus_sync(struct bus *b);
 *  (Clang: blocking.) */
#define FENCE_MAY_SLEEP FENCE_DETAIL_EFFECT(blocking) FENCE_DETAIL_SAYS("does sleeps")

/** May sleep, but only under a condition on its arguments.
 *      FENCE_MAY_SLEEP_WHEN("arg1 != 0") int fence_wait(struct fence *f, long timeout);
 *  Clang has no word for it and sees a function without annotation.
 *  (fencelint model: CONDITION.) */
#define FENCE_MAY_SLEEP_WHEN(condition) FENCE_DETAIL_SAYS("does sleeps when " condition)

/** Allocates memory, and may wait for some to become free.
 *      FENCE_ALLOCATES void *pool_grow(struct pool *p);
 *  (Clang: allocating.) */
#define FENCE_ALLOCATES                                                                                                \
  FENCE_DETAIL_EFFECT(allocating) FENCE_DETAIL_SAYS("does allocates") FENCE_DETAIL_SAYS("does reclaims")

/** Allocates memory, fails rather than waits.
 *      FENCE_ALLOCATES_WITHOUT_WAITING void *pool_take_reserved(struct pool *p);
 *  (Clang: allocating.) */
#define FENCE_ALLOCATES_WITHOUT_WAITING FENCE_DETAIL_EFFECT(allocating) FENCE_DETAIL_SAYS("does allocates")

/** Allocates memory; whether it may wait is said by bits of an argument. `mask` is a number or a macro for one, without
 *  suffix or parentheses.
 *      #define MEM_MAY_WAIT 0x1
 *      FENCE_ALLOCATES_WITH(arg1, MEM_MAY_WAIT) void *mem_alloc(size_t bytes, unsigned flags);
 *  (Clang: allocating.) */
#define FENCE_ALLOCATES_WITH(flags, mask)                                                                              \
  FENCE_DETAIL_EFFECT(allocating)                                                                                      \
  FENCE_DETAIL_SAYS("does allocates") FENCE_DETAIL_SAYS("does reclaims when " #flags " & " FENCE_DETAIL_TEXT(mask))

/** Gives memory back to an allocator.
 *      FENCE_FREES void pool_shrink(struct pool *p);
 *  (Clang: allocating.) */
#define FENCE_FREES FENCE_DETAIL_EFFECT(allocating) FENCE_DETAIL_SAYS("does frees")

/** Sleeps until that has happened: fence, work, irq or grace period.
 *      FENCE_WAITS_FOR("work") void queue_flush(struct queue *q);
 *  (Clang: blocking.) */
#define FENCE_WAITS_FOR(what) FENCE_DETAIL_EFFECT(blocking) FENCE_DETAIL_SAYS("does waits for " what)

/** Gives up a counted reference; if it was the last one, what runs then may sleep.
 *      FENCE_BLOCKS_ON_LAST_REFERENCE void buffer_put(struct buffer *b);
 *  (fencelint model: may block on last reference.) */
#define FENCE_BLOCKS_ON_LAST_REFERENCE FENCE_DETAIL_SAYS("does may block on last reference")

/** Counts a reference down; the condition tells that it was the last.
 *      FENCE_COUNTS_DOWN_WHEN("result != 0") bool ref_drop(struct ref *r);
 *  (fencelint model: counts down when CONDITION.) */
#define FENCE_COUNTS_DOWN_WHEN(condition) FENCE_DETAIL_SAYS("does counts down when " condition)

/** Calls that argument before it returns, in its caller's context.
 *      FENCE_CALLS(arg1) void for_each_job(struct ring *r, void (*visit)(struct job *));
 *  (fencelint model: calls.) */
#define FENCE_CALLS(argument) FENCE_DETAIL_SAYS("does calls " #argument)

/** Any other sentence of a model's `does:` list.
 *      FENCE_DOES("signals fence") void fence_complete(struct fence *f);
 *  (fencelint model: what a function does.) */
#define FENCE_DOES(sentence) FENCE_DETAIL_SAYS("does " sentence)

/*---- Locks and sections ----------------------------------------------------------------------------------------*/

/** Returns with that spinning lock held: from here to its release nothing may sleep.
 *      FENCE_TAKES_SPINNING(this) void spin_lock::lock() noexcept;
 *  (fencelint model: takes spinning.) */
#define FENCE_TAKES_SPINNING(lock) FENCE_DETAIL_SAYS("does takes spinning " #lock)

/** Takes that spinning lock when the result is not zero; never waits.
 *      FENCE_TRY_TAKES_SPINNING(arg0) bool ring_trylock(struct ring *r);
 *  For another condition: FENCE_DOES("takes spinning arg0 when result == 0"). */
#define FENCE_TRY_TAKES_SPINNING(lock) FENCE_DETAIL_SAYS("does takes spinning " #lock " when result != 0")

/** Gives that spinning lock back.
 *      FENCE_RELEASES_SPINNING(arg0) void ring_unlock(struct ring *r); */
#define FENCE_RELEASES_SPINNING(lock) FENCE_DETAIL_SAYS("does releases spinning " #lock)

/** Returns with that sleeping lock held, and may sleep until it is free.
 *      FENCE_TAKES_SLEEPING(arg0) void device_lock(struct device *d);
 *  (Clang: blocking.) */
#define FENCE_TAKES_SLEEPING(lock)                                                                                     \
  FENCE_DETAIL_EFFECT(blocking) FENCE_DETAIL_SAYS("does sleeps") FENCE_DETAIL_SAYS("does takes sleeping " #lock)

/** Takes that sleeping lock when the result is not zero; never waits.
 *      FENCE_TRY_TAKES_SLEEPING(arg0) bool device_trylock(struct device *d); */
#define FENCE_TRY_TAKES_SLEEPING(lock) FENCE_DETAIL_SAYS("does takes sleeping " #lock " when result != 0")

/** Gives that sleeping lock back.
 *      FENCE_RELEASES_SLEEPING(arg0) void device_unlock(struct device *d); */
#define FENCE_RELEASES_SLEEPING(lock) FENCE_DETAIL_SAYS("does releases sleeping " #lock)

/** One more level of that part of the context: preempt-off, irqs-off, bh-off, rcu, signalling, no-reclaim, no-fs, no-io.
 *      FENCE_ENTERS("irqs-off") unsigned long irq_save(void);
 *  (fencelint model: enters PART.) */
#define FENCE_ENTERS(part) FENCE_DETAIL_SAYS("does enters " part)

/** One level fewer.
 *      FENCE_LEAVES("irqs-off") void irq_restore(unsigned long flags); */
#define FENCE_LEAVES(part) FENCE_DETAIL_SAYS("does leaves " part)

/*---- What it promises ------------------------------------------------------------------------------------------*/

/** Never sleeps and never allocates, wherever it runs; the body is held to it. On a function pointer's field, parameter
 *  or typedef: so does whatever is stored there. In C++ declare it noexcept as well: a throw allocates.
 *      FENCE_NONBLOCKING bool fence_is_signaled(const struct fence *f);
 *  (Clang: nonblocking.) */
#define FENCE_NONBLOCKING                                                                                              \
  FENCE_DETAIL_EFFECT(nonblocking) FENCE_DETAIL_SAYS("never-sleeps") FENCE_DETAIL_SAYS("never-allocates")

/** Never allocates; may sleep.
 *      FENCE_NONALLOCATING void job_submit(struct job *j);
 *  (Clang: nonallocating.) */
#define FENCE_NONALLOCATING FENCE_DETAIL_EFFECT(nonallocating) FENCE_DETAIL_SAYS("never-allocates")

/*---- What a person knows better --------------------------------------------------------------------------------*/

/** A person has read this body for the contexts it is called in; findings that lead through it are suppressed. The reason is
 *  mandatory and is shown to reviewers.
 *      FENCE_AUDITED("only reached after quiesce(), when no callback is left") static void drain(struct ring *r); */
#define FENCE_AUDITED(reason) FENCE_DETAIL_SAYS("audited " reason)

/* clang-format off */
/* A function that a header defines. The library defines it once more, for who cannot read headers (runtime/src/exported_inlines.cpp). */
#ifndef FENCE_DETAIL_FUNCTION
#  define FENCE_DETAIL_FUNCTION static inline
#endif
#ifdef __cplusplus
#  define FENCE_DETAIL_INLINE inline
#  define FENCE_DETAIL_NOEXCEPT noexcept
#else
#  define FENCE_DETAIL_INLINE static inline
#  define FENCE_DETAIL_NOEXCEPT
#endif
FENCE_NONBLOCKING FENCE_DOES("holds another reference arg0")
FENCE_DETAIL_INLINE void fence_holds_another_reference(const void *object) FENCE_DETAIL_NOEXCEPT { (void)object; }
/* clang-format on */

/** A statement: from here to the end of the function somebody else holds a reference of *object, so giving up ours does
 *  not run its release. Costs nothing.
 *      FENCE_HOLDS_ANOTHER_REFERENCE(job->buffer);   // the ring keeps one until the job is retired
 *      buffer_put(job->buffer); */
#define FENCE_HOLDS_ANOTHER_REFERENCE(object) fence_holds_another_reference(object)

#endif /* FENCE_ANNOTATIONS_H */
