// A field that was tested before a loop is the same after it, unless the loop waits for it or writes it.
//
// RUN: %check-rule %s sleep-in-atomic --findings-only -- -std=gnu11
#include "../Inputs/kernel/kernel.h"

struct list {
  struct list *next;
};
static inline int list_is_head(const struct list *list, const struct list *head) { return list == head; }
struct item {
  struct item *next;
  struct list list;
  int kind;
};
struct port {
  spinlock_t lock;
  int revision, busy;
  struct item *first;
  struct list items;
};
void visit(struct item *);
void cpu_relax(void);
void ok_same_test_after_the_loop(struct port *p) {
  if (p->revision == 4)
    spin_lock(&p->lock);
  for (struct item *i = p->first; i; i = i->next)
    visit(i);
  if (p->revision == 4)
    spin_unlock(&p->lock);
  msleep(1);
}
void ok_same_test_after_a_list(struct port *p) {
  if (p->revision == 4)
    spin_lock(&p->lock);
  for (struct list *i = p->items.next; !list_is_head(i, &p->items); i = i->next)
    visit(0);
  if (p->revision == 4)
    spin_unlock(&p->lock);
  msleep(1);
}
void bad_other_test_after_the_loop(struct port *p) {
  if (p->revision == 4)
    spin_lock(&p->lock);
  for (struct item *i = p->first; i; i = i->next)
    visit(i);
  if (p->revision == 4) {
    // CHECK-DAG: :[[#@LINE+1]]:{{.*}}'msleep' may sleep{{.*}}[sleep-in-atomic]
    msleep(1);
    spin_unlock(&p->lock);
  }
}
void bad_waits_for_it(struct port *p) {
  if (!p->busy)
    return;
  while (p->busy)
    cpu_relax();
  spin_lock(&p->lock);
  // CHECK-DAG: :[[#@LINE+1]]:{{.*}}'msleep' may sleep{{.*}}[sleep-in-atomic]
  msleep(1);
  spin_unlock(&p->lock);
}
static int is_busy(struct port *p) { return p->busy; }
void bad_waits_by_a_call(struct port *p) {
  if (!is_busy(p))
    return;
  while (is_busy(p))
    cpu_relax();
  spin_lock(&p->lock);
  // CHECK-DAG: :[[#@LINE+1]]:{{.*}}'msleep' may sleep{{.*}}[sleep-in-atomic]
  msleep(1);
  spin_unlock(&p->lock);
}
void bad_written_in_it(struct port *p) {
  if (p->busy)
    return;
  for (struct item *i = p->first; i; i = i->next)
    p->busy = i->kind;
  spin_lock(&p->lock);
  if (p->busy) {
    // CHECK-DAG: :[[#@LINE+1]]:{{.*}}'msleep' may sleep{{.*}}[sleep-in-atomic]
    msleep(1);
  }
  spin_unlock(&p->lock);
}
void bad_breaks_out(struct port *p) {
  if (p->busy)
    return;
  for (;;) {
    if (p->busy)
      break;
    cpu_relax();
  }
  spin_lock(&p->lock);
  // CHECK-DAG: :[[#@LINE+1]]:{{.*}}'msleep' may sleep{{.*}}[sleep-in-atomic]
  msleep(1);
  spin_unlock(&p->lock);
}
