/*===- fence/check.h - what the runtime checker found, and what it knows -----------------------------------------===
 *
 * In a build with FENCE_CHECKS (fencelint::runtime_checked) the runtime knows for every thread its context, the locks it holds
 * and the signalling sections it is in; for the process the order of all locks and every fence that is pending. What breaks a
 * rule is reported once per place, with the stack of here and the stack of what it contradicts.
 *
 * A report goes to the handler if there is one, else to stderr; then, if asked for, the process aborts. The environment variable
 * FENCE_CHECK is a list with commas: `abort` (after a report), `quiet` (nothing on stderr), `leaks` (report at exit what is
 * still pending), `hang=SECONDS` (start the watchdog), `color` and `nocolor`.
 *
 * Without FENCE_CHECKS the functions below exist and know nothing, except that a wrong reference count is reported in every
 * build. The page about it: docs/runtime/checker.md.
 *
 *===--------------------------------------------------------------------------------------------------------------===*/
#ifndef FENCE_CHECK_H
#define FENCE_CHECK_H

#include <fence/context.h>

#ifdef __cplusplus
extern "C" {
#endif
#pragma GCC visibility push(default)

struct dma_fence;

/** What is wrong. fence_report_kind_name() gives the word in the comment; where fencelint has a rule for it, its name. */
enum fence_report_kind {
  FENCE_REPORT_SLEEP_IN_ATOMIC,      /**< sleep-in-atomic: something that may sleep, where nothing may */
  FENCE_REPORT_ALLOC_IN_ATOMIC,      /**< alloc-in-atomic: an allocation that may wait, in atomic context or while signalling */
  FENCE_REPORT_ALLOC_IN_CALLBACK,    /**< alloc-in-callback: memory taken or given back in a fence callback */
  FENCE_REPORT_WAIT_IN_CALLBACK,     /**< wait-in-callback: a fence waited for in a fence callback */
  FENCE_REPORT_WAIT_WHILE_SIGNALLING,/**< wait-while-signalling: a fence waited for in a signalling section */
  FENCE_REPORT_HELD_WHILE_WAITING,   /**< held-while-waiting: a lock held across a wait that its end needs elsewhere */
  FENCE_REPORT_LOCK_ORDER,           /**< lock-order: two classes taken in both orders */
  FENCE_REPORT_LOCK_RECURSION,       /**< lock-recursion: a lock, or its class without nest, taken while it is held */
  FENCE_REPORT_LOCK_IRQ,             /**< lock-irq: a class that interrupts take, taken with interrupts on */
  FENCE_REPORT_NOT_HELD,             /**< not-held: a lock is required or given back that this thread does not hold */
  FENCE_REPORT_UNBALANCED,           /**< unbalanced: a section is left that was not entered, or in the wrong order */
  FENCE_REPORT_LEFT_BEHIND,          /**< left-behind: a thread ends, idles or returns from a callback with something held */
  FENCE_REPORT_CALLBACK,             /**< callback: registered twice, or removed from within itself */
  FENCE_REPORT_ERROR_CODE,           /**< error-code: an error that is not negative, or changes after the signal */
  FENCE_REPORT_REFERENCE_COUNT,      /**< reference-count: put past zero, or used after the release */
  FENCE_REPORT_ABANDONED,            /**< abandoned: released although callbacks waited */
  FENCE_REPORT_HANG,                 /**< hang: pending for longer than the watchdog allows */
  FENCE_REPORT_LEAK,                 /**< leak: still alive when it was looked for */
  FENCE_REPORT_CAPACITY,             /**< capacity: the checker has no room for more lock classes, held locks or memory */
  FENCE_REPORT_KINDS
};
/** Context: any. */
FENCE_NONBLOCKING const char *fence_report_kind_name(enum fence_report_kind kind) FENCE_DETAIL_NOEXCEPT;

/** Return addresses, innermost first. */
struct fence_stack {
  void *const *frames;
  unsigned count;
};

/** One finding. Everything it points to is valid during the call of the handler. */
struct fence_report {
  enum fence_report_kind kind;
  const char *message;      /**< one line */
  const char *details;      /**< more lines, each ended by \n: chains of classes, fences; may be empty */
  const char *file;         /**< where the check stands, or null */
  int line;
  struct fence_stack here;  /**< the whole stack */
  const char *other_title;  /**< what `other` shows, or null without it */
  struct fence_stack other; /**< the innermost frames of when the other side was recorded */
};

/** Gets every report instead of stderr. Runs on the thread that was caught, wherever that is: it must not sleep, and what it does
 *  is not checked. */
typedef void (*fence_report_handler)(const struct fence_report *report, void *data);
/** Null: stderr again. Returns the handler before. A handler also stands in for FENCE_CHECK=abort.
 *  Context: any. Ownership: `data` is kept until the next call. */
FENCE_NONBLOCKING fence_report_handler fence_set_report_handler(fence_report_handler handler, void *data)
    FENCE_DETAIL_NOEXCEPT;
/** Whether the process aborts after a report that no handler took. Returns what it was; FENCE_CHECK=abort sets it at start.
 *  Context: any. */
FENCE_NONBLOCKING bool fence_set_abort_on_report(bool aborts) FENCE_DETAIL_NOEXCEPT;

/** Reports so far; each place counts once.
 *  Context: any. */
FENCE_NONBLOCKING unsigned long fence_reports(void) FENCE_DETAIL_NOEXCEPT;
FENCE_NONBLOCKING unsigned long fence_reports_of(enum fence_report_kind kind) FENCE_DETAIL_NOEXCEPT;
/** Forgets which places were reported and sets the counters to 0, so that a test can provoke the same again. Locks, orders and
 *  fences stay known.
 *  Context: any. */
FENCE_NONBLOCKING void fence_forget_reports(void) FENCE_DETAIL_NOEXCEPT;

/** Calls `line` for each line of a text, without \n.
 *  Context: that of whoever asks for the text. */
typedef void (*fence_line_sink)(const char *line, void *data);

/** Every pending fence: driver, timeline, context:seqno, age, callbacks, and who is expected to signal it: the signalling section
 *  that said so, else the thread that signalled last on its context, else the thread that made it. Returns how many.
 *  Context: may be called anywhere, but calls the drivers' names. `line` null: stderr. */
unsigned long fence_dump_pending(fence_line_sink line, void *data) FENCE_DETAIL_NOEXCEPT;
/** One line and one report (FENCE_REPORT_LEAK) per context that still has fences: how many, pending or not, and where the oldest
 *  was made. Returns how many fences. `context` 0: all contexts.
 *  Context: as above. */
unsigned long fence_report_leaks(uint64_t context) FENCE_DETAIL_NOEXCEPT;
/** The graph of lock classes in the language of Graphviz. Returns the number of edges.
 *  Context: any. `line` null: stderr. */
unsigned long fence_dump_lock_graph(fence_line_sink line, void *data) FENCE_DETAIL_NOEXCEPT;

/** This thread's signalling section is going to signal `fence`: the watchdog and the dump name it. Without effect outside of a
 *  section, and forgotten at its end.
 *  Context: any. */
FENCE_NONBLOCKING void fence_expect_signal(const struct dma_fence *fence) FENCE_DETAIL_NOEXCEPT;

/** Starts a thread that reports each fence once that is pending for longer than `seconds`, with its owner. 0, or a negative errno
 *  if the thread cannot be made; -EBUSY if it runs; -ENOSYS without checks.
 *  Context: may sleep. */
FENCE_MAY_SLEEP int fence_watchdog_start(double seconds) FENCE_DETAIL_NOEXCEPT;
/** Returns when the thread has ended. Without one nothing happens.
 *  Context: may sleep. */
FENCE_MAY_SLEEP void fence_watchdog_stop(void) FENCE_DETAIL_NOEXCEPT;

#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif
#endif /* FENCE_CHECK_H */
