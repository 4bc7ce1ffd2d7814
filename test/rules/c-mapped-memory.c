// Freeing sleeps where the memory was mapped. The class of the object ties the release to its allocations.
//
// RUN: %check-rule %s blocking-drop --findings-only -- -std=gnu11
#include "../Inputs/kernel/kernel.h"

void *__kvmalloc_node_noprof(unsigned long size, unsigned long bucket, gfp_t flags, int node);
void *kvrealloc_noprof(const void *p, unsigned long size, gfp_t flags);
void *vzalloc_noprof(unsigned long size);
void kvfree(const void *p);
#define kvzalloc(size, flags) __kvmalloc_node_noprof(size, 0, flags, -1)

struct quick { char bytes[9000]; };
struct small { char bytes[100]; };
struct slow { char bytes[9000]; };
struct mixed { char bytes[9000]; };
struct wrapped { char bytes[9000]; };
struct foreign { char bytes[9000]; };
struct found { char bytes[9000]; };
struct kept { char bytes[9000]; };

struct quick *make_quick(void) { return kvzalloc(sizeof(struct quick), GFP_ATOMIC); }
struct small *make_small(void) { return kvzalloc(sizeof(struct small), GFP_KERNEL); }
struct slow *make_slow(void) { return kvzalloc(sizeof(struct slow), GFP_KERNEL); }
struct mixed *make_mixed(int urgent) {
  struct mixed *m;
  if (urgent)
    m = kvzalloc(sizeof(*m), GFP_ATOMIC);
  else
    m = vzalloc_noprof(sizeof(*m));
  return m;
}
static void *zalloc(unsigned long size, gfp_t flags) { return kvzalloc(size, flags); }
struct wrapped *make_wrapped(void) { return zalloc(sizeof(struct wrapped), GFP_ATOMIC); }

void ok_never_mapped(spinlock_t *lock, struct quick *o) {
  spin_lock(lock);
  kvfree(o);
  spin_unlock(lock);
}
void ok_at_most_a_page(spinlock_t *lock, struct small *o) {
  spin_lock(lock);
  kvfree(o);
  spin_unlock(lock);
}
void ok_through_a_wrapper(spinlock_t *lock, struct wrapped *o) {
  spin_lock(lock);
  kvfree(o);
  spin_unlock(lock);
}
void bad_mapped(spinlock_t *lock, struct slow *o) {
  spin_lock(lock);
  // CHECK: :[[#@LINE+1]]:{{.*}}'kvfree' may sleep outside interrupts{{.*}}[blocking-drop]
  kvfree(o);
  spin_unlock(lock);
}
void bad_mapped_sometimes(spinlock_t *lock, struct mixed *o) {
  spin_lock(lock);
  // CHECK: :[[#@LINE+1]]:{{.*}}'kvfree' may sleep outside interrupts{{.*}}[blocking-drop]
  kvfree(o);
  spin_unlock(lock);
}
void bad_made_elsewhere(spinlock_t *lock, struct foreign *o) {
  spin_lock(lock);
  // CHECK: :[[#@LINE+1]]:{{.*}}'kvfree' may sleep outside interrupts{{.*}}[blocking-drop]
  kvfree(o);
  spin_unlock(lock);
}
// Handing out what is there makes nothing, with a body or described: it does not say how the object was made.
struct device { void *data; };
static void *get_data(struct device *d) { return d->data; }
void *idr_find(const void *idr, unsigned long id);
int count(struct found *);
int note_found(struct device *d) { return count(get_data(d)); }
int note_kept(const void *idr) { struct kept *k = idr_find(idr, 1); return k->bytes[0]; }
void bad_looked_up(spinlock_t *lock, struct found *o) {
  spin_lock(lock);
  // CHECK: :[[#@LINE+1]]:{{.*}}'kvfree' may sleep outside interrupts{{.*}}[blocking-drop]
  kvfree(o);
  spin_unlock(lock);
}
void bad_kept_in_a_table(spinlock_t *lock, struct kept *o) {
  spin_lock(lock);
  // CHECK: :[[#@LINE+1]]:{{.*}}'kvfree' may sleep outside interrupts{{.*}}[blocking-drop]
  kvfree(o);
  spin_unlock(lock);
}
void bad_no_class(spinlock_t *lock, void *o) {
  spin_lock(lock);
  // CHECK: :[[#@LINE+1]]:{{.*}}'kvfree' may sleep outside interrupts{{.*}}[blocking-drop]
  kvfree(o);
  spin_unlock(lock);
}
