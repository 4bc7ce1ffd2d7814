// Overloads, templates, virtual methods, destructors and classes; names qualified or not.
#include "../Inputs/cxx/atomic.h"

namespace drv {
void push(int) {}
void push(long) { wait_for_device(); }

template <typename T> T twice(T x) { wait_for_device(); return x + x; }
inline int uses = twice(1) + static_cast<int>(twice(1L));

struct device {
  virtual ~device() = default;
  virtual void reset() = 0;
  waiter Last;
};
struct slow_device : device {
  void reset() override { wait_for_device(); }
};
struct fast_device : device {
  void reset() override {}
};
void reset_all(device &D) { D.reset(); }

class queue {
public:
  queue() { grow_pool(); }
  ~queue() { wait_for_device(); }
  void add() { grow_pool(); }
  void (*Done)(int) = nullptr;
};
void use_queue(spin_lock &L) {
  spin_guard Guard(L);
  queue Q;
  Q.Done = push;
}
} // namespace drv

// RUN: %fencelint explain push %s -- -std=c++20 | FileCheck %s --check-prefix=OVERLOADS
// OVERLOADS: cxx.cpp:5:6: drv::push: void (int)
// OVERLOADS-NEXT: with preemption disabled: yes
// OVERLOADS: cxx.cpp:6:6: drv::push: void (long)
// OVERLOADS-NEXT: with preemption disabled: no
// OVERLOADS: 'wait_for_device' may sleep, annotated at atomic.h:

// RUN: %fencelint explain drv::twice %s -- -std=c++20 | FileCheck %s --check-prefix=TEMPLATE
// TEMPLATE-DAG: drv::twice: int (int)
// TEMPLATE-DAG: drv::twice: long (long)

// RUN: %fencelint explain device::reset %s -- -std=c++20 | FileCheck %s --check-prefix=VIRTUAL
// VIRTUAL: drv::device::reset: void ()
// VIRTUAL: a virtual call may run instead
// VIRTUAL-NEXT: drv::fast_device::reset{{$}}
// VIRTUAL-NEXT: drv::slow_device::reset: may sleep
// RUN: %fencelint explain reset_all %s -- -std=c++20 | FileCheck %s --check-prefix=CALL
// CALL: may sleep (medium confidence)
// CALL-NEXT: note: virtual call of 'drv::device::reset', here 'drv::slow_device::reset'

// RUN: %fencelint explain queue::~queue %s -- -std=c++20 | FileCheck %s --check-prefix=DESTRUCTOR
// DESTRUCTOR: drv::queue::~queue
// DESTRUCTOR: may sleep
// DESTRUCTOR: while preemption is disabled, in 1 place
// DESTRUCTOR: 'drv::queue::~queue' runs here
// RUN: %fencelint explain ::drv::slow_device::reset %s -- -std=c++20 | FileCheck %s --check-prefix=QUALIFIED
// QUALIFIED: drv::slow_device::reset: void ()

// A class; its constructors are told with it.
// RUN: %fencelint explain queue %s -- -std=c++20 | FileCheck %s --check-prefix=CLASS
// CLASS: cxx.cpp:{{.*}}: drv::queue{{$}}
// CLASS-NEXT: destroyed by 'drv::queue::~queue'
// CLASS-NEXT: functions
// CLASS-NEXT: drv::queue::add: may allocate with reclaim, may allocate
// CLASS-NEXT: drv::queue::queue: may allocate with reclaim, may allocate
// CLASS-NEXT: drv::queue::~queue: may sleep
// CLASS-NEXT: fields that hold functions
// CLASS-NEXT: drv::queue.Done: 1 function
// CLASS-NOT: {{.}}
// RUN: %fencelint explain queue::Done %s -- -std=c++20 | FileCheck %s --check-prefix=MEMBER
// MEMBER: drv::queue.Done
// MEMBER: may hold
// MEMBER-NEXT: drv::push

// RUN: not %fencelint explain queue::addd %s -- -std=c++20 2>&1 | FileCheck %s --check-prefix=NEAR
// NEAR: nothing here is called 'queue::addd'; did you mean 'drv::queue::add'
