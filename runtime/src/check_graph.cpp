//===- runtime/src/check_graph.cpp - the order in which classes of locks are taken --------------------------------------===//
//
// Matrices of bits, 2 MiB each, of which only the pages that are used take memory. `known` has every pair that was ever looked at; `after` and
// `before` have the edges of the graph and their reverse, without those that closed a circle: each mistake is reported once and does not
// make everything after it a mistake.
//
//===----------------------------------------------------------------------===//
#if FENCE_CHECKS
#  include "check_graph.h"

#  include "lock_classes.h"
#  include "side_table.h"

#  include <cstdio>
#  include <cstring>
#  include <fence/dma-resv.h>
#  include <initializer_list>

namespace fence::check {

namespace {

using word = std::uint64_t;
constexpr unsigned words_of_row = node_capacity / 64;
using matrix = word[node_capacity][words_of_row];

enum usage : unsigned { in_hardirq = 1, in_softirq = 2, hardirq_may_come = 4, softirq_may_come = 8 };
constexpr unsigned usage_count = 4;

/// A copy: the class goes when its library is unloaded, its edges stay.
struct class_info {
  char name[96];
  bool waited_for; ///< a section, whose end somebody waits for: what is in a circle with it is held while waiting
};

struct node_info {
  unsigned usage;
  short_stack first_use[usage_count];
};

struct edge {
  const void *key;
  edge *next;
  short_stack taken; ///< `to`, while `from` was held
  bool from_the_start;
};

quiet_lock lock; // guards what follows, but for the bits that are looked at without it
matrix known, after, before;
node_info nodes[node_capacity];
class_info classes[class_capacity];
unsigned class_count;
side_table<edge> edges;

bool get(const matrix &in, unsigned row, unsigned column) noexcept {
  return __atomic_load_n(&in[row][column / 64], __ATOMIC_RELAXED) >> column % 64 & 1;
}
void set(matrix &in, unsigned row, unsigned column) noexcept {
  __atomic_fetch_or(&in[row][column / 64], word{1} << column % 64, __ATOMIC_RELEASE);
}
const void *key_of(unsigned from, unsigned to) noexcept {
  return reinterpret_cast<const void *>((std::uintptr_t{from} * node_capacity + to + 1) << 8);
}

/// Every node that can be reached from one, and how.
struct reached {
  unsigned order[node_capacity], count;
  std::uint16_t parent[node_capacity];
  word seen[words_of_row];
};
reached walk; // too large for a stack; guarded by `lock`

template <class Wanted> unsigned search(const matrix &graph, unsigned start, Wanted wanted) noexcept {
  std::memset(walk.seen, 0, sizeof walk.seen);
  walk.order[0] = start;
  walk.count = 1;
  walk.seen[start / 64] |= word{1} << start % 64;
  for (unsigned i = 0; i < walk.count; ++i) {
    unsigned at = walk.order[i];
    if (wanted(at))
      return at;
    for (unsigned w = 0; w < class_count * nest_levels / 64 + 1 && w < words_of_row; ++w) {
      word fresh = graph[at][w] & ~walk.seen[w];
      walk.seen[w] |= fresh;
      for (; fresh; fresh &= fresh - 1) {
        unsigned next = w * 64 + static_cast<unsigned>(__builtin_ctzll(fresh));
        walk.parent[next] = static_cast<std::uint16_t>(at);
        walk.order[walk.count++] = next;
      }
    }
  }
  return no_node;
}

const class_info &class_of(unsigned node) noexcept { return classes[node / nest_levels]; }

void describe_edge(text &into, unsigned from, unsigned to) noexcept {
  describe_node(into, from);
  into.add(" -> ");
  describe_node(into, to);
  side_table<edge>::locked at(edges, key_of(from, to));
  edge *info = at.find();
  if (info && info->from_the_start) {
    into.add("  (known from the start)");
  } else if (info && info->taken.count) {
    char frame[512];
    describe_frame(frame, sizeof frame, 0, info->taken.frames[info->taken.count > 1]);
    into.add("  at%s", std::strchr(frame, '0') ? std::strchr(frame, '0') + 1 : frame);
  }
  into.add("\n");
}

/// The way from the search's start to `end`.
void describe_way(text &into, unsigned start, unsigned end) noexcept {
  unsigned way[64], length = 0;
  for (unsigned at = end; length < 64; at = walk.parent[at]) {
    way[length++] = at;
    if (at == start)
      break;
  }
  for (unsigned i = length; i-- > 1;)
    describe_edge(into, way[i], way[i - 1]);
}

bool through_section(unsigned start, unsigned end) noexcept {
  for (unsigned at = end;; at = walk.parent[at]) {
    if (__atomic_load_n(&class_of(at).waited_for, __ATOMIC_RELAXED))
      return true;
    if (at == start)
      return false;
  }
}

/// Fills in the finding; the graph is locked.
void describe_circle(finding &found, unsigned from, unsigned to) noexcept {
  bool waits = through_section(to, from);
  found.kind = waits ? FENCE_REPORT_HELD_WHILE_WAITING : FENCE_REPORT_LOCK_ORDER;
  describe_node(found.message, to);
  found.message.add(waits ? " is waited for while holding " : " is taken while holding ");
  describe_node(found.message, from);
  found.message.add(waits ? ", and its end needs what is held" : ", and elsewhere they are taken the other way round");
  found.details.add("so far:\n");
  describe_way(found.details, to, from);
  found.details.add("now:\n");
  describe_node(found.details, from);
  found.details.add(" -> ");
  describe_node(found.details, to);
  found.details.add("\n");
  // The first step of the way back: there the other side was seen.
  unsigned next = from;
  while (walk.parent[next] != to && next != to)
    next = walk.parent[next];
  side_table<edge>::locked at(edges, key_of(to, next));
  if (edge *info = at.find()) {
    found.other_title = "the other way round, first seen";
    found.other = info->taken;
  }
}

/// What an interrupt takes must not be held where that interrupt could come, and whoever holds it must not wait for what is. Looks at the nodes
/// from which `from` can be reached and those that `to` reaches; or, with `fresh`, at what the one node's new usage changes.
bool describe_interrupt(finding &found, unsigned from, unsigned to, unsigned fresh) noexcept {
  for (unsigned irq : {in_hardirq, in_softirq}) {
    unsigned open = irq * 4;
    bool any_before = !(fresh & irq), any_after = !(fresh & open);
    if (fresh && any_before && any_after)
      continue;
    unsigned taken_in_it =
        search(before, from, [&](unsigned at) { return (any_before || at == from) && (nodes[at].usage & irq) != 0; });
    if (taken_in_it == no_node)
      continue;
    unsigned interruptible = search(after, to, [&](unsigned at) { return (any_after || at == to) && (nodes[at].usage & open) != 0; });
    if (interruptible == no_node)
      continue;
    found.kind = FENCE_REPORT_LOCK_IRQ;
    describe_node(found.message, taken_in_it);
    found.message.add(" is taken in a %s interrupt, and ", irq == in_hardirq ? "hard" : "soft");
    if (interruptible == taken_in_it) {
      found.message.add("also where that interrupt could come");
    } else {
      describe_node(found.message, interruptible);
      found.message.add(", which its holder can come to wait for, is taken where that interrupt could come");
      describe_way(found.details, to, interruptible);
    }
    bool here_is_open = (fresh & open) != 0;
    found.other_title = here_is_open ? "it was taken in the interrupt" : "it was taken with interrupts on";
    found.other = here_is_open ? nodes[taken_in_it].first_use[irq == in_hardirq ? 0 : 1]
                               : nodes[interruptible].first_use[irq == in_hardirq ? 2 : 3];
    return true;
  }
  return false;
}

unsigned give_id(fence_lock_class *lock_class) noexcept {
  if (class_count == class_capacity)
    return 0;
  class_info &info = classes[class_count++];
  std::snprintf(info.name, sizeof info.name, "%s", lock_class->name);
  info.waited_for = lock_class == &reclaim_class || lock_class == &signalling_class;
  __atomic_store_n(&lock_class->id, class_count, __ATOMIC_RELEASE);
  return class_count;
}

void put_edge(unsigned from, unsigned to, const short_stack *taken) noexcept {
  set(known, from, to);
  set(after, from, to);
  set(before, to, from);
  side_table<edge>::locked at(edges, key_of(from, to));
  if (edge *info = at.find() ? nullptr : at.insert()) {
    info->from_the_start = taken == nullptr;
    if (taken)
      info->taken = *taken;
  }
}

/// The order that is known before anything happens.
void prime() noexcept {
  fence_lock_class *const order[] = {&mmap_lock_class, &dma_resv_ww_class.acquire_class, &dma_resv_ww_class.mutex_class, &reclaim_class,
                                     &signalling_class};
  for (fence_lock_class *lock_class : order)
    give_id(lock_class);
  for (unsigned from = 0; from < class_count; ++from)
    for (unsigned to = from + 1; to < class_count; ++to)
      put_edge(from * nest_levels, to * nest_levels, nullptr);
}

} // namespace

unsigned node_of(fence_lock_class *lock_class, unsigned nest) noexcept {
  if (!lock_class)
    return no_node;
  unsigned id = __atomic_load_n(&lock_class->id, __ATOMIC_ACQUIRE);
  if (!id) [[unlikely]] {
    guarded hold(lock);
    if (!class_count)
      prime();
    id = __atomic_load_n(&lock_class->id, __ATOMIC_RELAXED);
    if (!id)
      id = give_id(lock_class);
  }
  if (!id) {
    finding found{.kind = FENCE_REPORT_CAPACITY};
    found.message.add("there are more than %u lock classes; the order of further ones is not checked", class_capacity);
    report(found);
    return no_node;
  }
  return (id - 1) * nest_levels + (nest < nest_levels ? nest : nest_levels - 1);
}

void note_wait(unsigned node) noexcept {
  if (node != no_node)
    __atomic_store_n(&classes[node / nest_levels].waited_for, true, __ATOMIC_RELAXED);
}

void describe_node(text &into, unsigned node) noexcept {
  into.add("'%s'", class_of(node).name);
  if (node % nest_levels)
    into.add(" (nested, %u)", node % nest_levels);
}

void add_edge(const held_lock &held, unsigned to) noexcept {
  unsigned from = held.node;
  if (from == no_node || from == to || get(known, from, to)) [[likely]]
    return;
  finding found{.kind = FENCE_REPORT_LOCK_ORDER};
  {
    guarded hold(lock);
    if (get(known, from, to))
      return;
    if (search(after, to, [&](unsigned at) { return at == from; }) != no_node) {
      set(known, from, to);
      describe_circle(found, from, to);
    } else {
      short_stack here;
      capture(here);
      put_edge(from, to, &here);
      if (!describe_interrupt(found, from, to, 0))
        return;
    }
  }
  found.details.add("held since:\n");
  for (unsigned i = 0; i < held.taken.count; ++i) {
    char frame[512];
    describe_frame(frame, sizeof frame, i, held.taken.frames[i]);
    found.details.add("%s\n", frame);
  }
  report(found);
}

void note_interrupts(unsigned node) noexcept {
  if (node == no_node)
    return;
  unsigned now = 0;
  if (current.hardirq)
    now |= in_hardirq;
  else if (!current.irqs_off())
    now |= hardirq_may_come;
  if (current.softirq && !current.hardirq)
    now |= in_softirq;
  else if (!current.irqs_off() && !current.hardirq)
    now |= softirq_may_come;
  if (!(now & ~__atomic_load_n(&nodes[node].usage, __ATOMIC_RELAXED))) [[likely]]
    return;
  finding found{.kind = FENCE_REPORT_LOCK_IRQ};
  {
    guarded hold(lock);
    unsigned fresh = now & ~nodes[node].usage;
    for (unsigned i = 0; i < usage_count; ++i)
      if (fresh >> i & 1)
        capture(nodes[node].first_use[i]);
    __atomic_fetch_or(&nodes[node].usage, fresh, __ATOMIC_RELAXED);
    if (!fresh || !describe_interrupt(found, node, node, fresh))
      return;
  }
  report(found);
}

} // namespace fence::check

using namespace fence::check;

unsigned long fence_dump_lock_graph(fence_line_sink line, void *data) noexcept {
  entry entry(__builtin_return_address(0));
  if (!line)
    line = line_to_stderr;
  unsigned long count = 0;
  line("digraph locks {", data);
  line("  node [shape=box];", data);
  for (unsigned from = 0; from < node_capacity; ++from)
    for (unsigned w = 0; w < words_of_row; ++w)
      for (word row = __atomic_load_n(&after[from][w], __ATOMIC_ACQUIRE); row; row &= row - 1) {
        unsigned to = w * 64 + static_cast<unsigned>(__builtin_ctzll(row));
        text edge;
        char names[2][160];
        for (unsigned end = 0; end < 2; ++end) {
          unsigned node = end ? to : from;
          char *at = names[end];
          for (const char *name = class_of(node).name; *name && at < names[end] + 120; ++name) {
            if (*name == '"' || *name == '\\')
              *at++ = '\\';
            *at++ = *name;
          }
          *at = 0;
        }
        edge.add("  \"%s", names[0]);
        if (from % nest_levels)
          edge.add("/%u", from % nest_levels);
        edge.add("\" -> \"%s", names[1]);
        if (to % nest_levels)
          edge.add("/%u", to % nest_levels);
        edge.add("\";");
        line(edge.c_str(), data);
        ++count;
      }
  line("}", data);
  return count;
}
#endif
