// NOLINT comments mean what they mean to clang-tidy: where they stand, what their lists say, how blocks nest.
//
// RUN: not %fencelint check %s --rules sleep-in-atomic -- -std=c11 >%t.txt
// RUN: FileCheck %s --implicit-check-not=warning: --implicit-check-not=remark: <%t.txt
// RUN: not %fencelint check %s --rules sleep-in-atomic --show-suppressed -- -std=c11 | FileCheck %s --check-prefix=SHOWN
#include "../Inputs/cxx/atomic.h"
#define UNDER(Lock, Call) spin_lock(Lock); Call; spin_unlock(Lock)

void ok_bare(struct spin_lock *lock) { UNDER(lock, wait_for_device()); } // NOLINT
void ok_id(struct spin_lock *lock) { UNDER(lock, wait_for_device()); } // NOLINT(fence-sleep-in-atomic)
void ok_without_prefix(struct spin_lock *lock) { UNDER(lock, wait_for_device()); } // NOLINT(sleep-in-atomic)
void ok_glob(struct spin_lock *lock) { UNDER(lock, wait_for_device()); } // NOLINT(fence-*)
void ok_any(struct spin_lock *lock) { UNDER(lock, wait_for_device()); } // NOLINT(*)
void ok_list(struct spin_lock *lock) { UNDER(lock, wait_for_device()); } // NOLINT(google-explicit-constructor, fence-s*-in-atomic )
void ok_c_comment(struct spin_lock *lock) { /* NOLINT(fence-sleep-in-atomic) */ UNDER(lock, wait_for_device()); }
void ok_not_closed(struct spin_lock *lock) { UNDER(lock, wait_for_device()); } // NOLINT(an-open-list-is-none
void ok_space(struct spin_lock *lock) { UNDER(lock, wait_for_device()); } // NOLINT (alloc-in-atomic)
void ok_two(struct spin_lock *lock) { UNDER(lock, wait_for_device()); } // NOLINTNEXTLINE(x) NOLINT(fence-sleep-in-atomic)
// NOLINTNEXTLINE(fence-sleep-in-atomic): the device answers at once
void ok_next_line(struct spin_lock *lock) { UNDER(lock, wait_for_device()); }
// What is suppressed is shown when asked for, after the findings, with its chain and its reason.
// SHOWN: :[[#@LINE-2]]:45: remark: 'wait_for_device' may sleep while holding spinlock 'lock' [sleep-in-atomic]
// SHOWN-NEXT: :[[#@LINE-3]]:45: note: 'spin_lock' takes spinlock 'lock' here
// SHOWN-NEXT: :[[#@LINE-4]]:45: note: 'wait_for_device' may sleep, annotated at
// SHOWN-NEXT: :[[#@LINE-6]]:4: note: suppressed here: the device answers at once

// CHECK: :[[#@LINE+1]]:{{.*}} warning:
void bad_other_id(struct spin_lock *lock) { UNDER(lock, wait_for_device()); } // NOLINT(fence-alloc-in-atomic)
// CHECK: :[[#@LINE+1]]:{{.*}} warning:
void bad_empty_list(struct spin_lock *lock) { UNDER(lock, wait_for_device()); } // NOLINT()
// CHECK: :[[#@LINE+1]]:{{.*}} warning:
void bad_taken_out(struct spin_lock *lock) { UNDER(lock, wait_for_device()); } // NOLINT(-fence-sleep-in-atomic)
// CHECK: :[[#@LINE+1]]:{{.*}} warning:
void bad_part_of_id(struct spin_lock *lock) { UNDER(lock, wait_for_device()); } // NOLINT(sleep, in-atomic, *-sleep)
// CHECK: :[[#@LINE+1]]:{{.*}} warning:
void bad_case(struct spin_lock *lock) { UNDER(lock, wait_for_device()); } // nolint, NOLINTnextline, NOLINTALL
// CHECK: :[[#@LINE+1]]:{{.*}} warning:
void bad_next_line_is_next(struct spin_lock *lock) { UNDER(lock, wait_for_device()); } // NOLINTNEXTLINE
// NOLINTNEXTLINE

// CHECK: :[[#@LINE+1]]:{{.*}} warning:
void bad_line_after_next(struct spin_lock *lock) { UNDER(lock, wait_for_device()); }

// NOLINTBEGIN(fence-sleep-in-atomic): nothing here runs before probe
// NOLINTBEGIN(google-*)
void ok_block(struct spin_lock *lock) { UNDER(lock, wait_for_device()); }
// NOLINTEND(google-*)
void ok_still_block(struct spin_lock *lock) { UNDER(lock, wait_for_device()); }
// NOLINTEND( fence-sleep-in-atomic )
// CHECK: :[[#@LINE+1]]:{{.*}} warning:
void bad_behind_block(struct spin_lock *lock) { UNDER(lock, wait_for_device()); }
// CHECK: :[[#@LINE+1]]:{{.*}} warning:
void bad_before(struct spin_lock *lock) { UNDER(lock, wait_for_device()); } /* NOLINTBEGIN */ void ok_in(struct spin_lock *lock) { UNDER(lock, wait_for_device()); } /* NOLINTEND */

// CHECK: 9 findings and 14 suppressed in 1 unit
// SHOWN: 9 findings and 14 suppressed in 1 unit
