//===- runtime/src/check_graph.h - the order in which classes of locks are taken ----------------------------------------===//
//
// A node is a class with a nest level. An edge from A to B: B was waited for while A was held. A circle of edges is a deadlock that needs only the
// right timing, so it is reported when its last edge appears, long before the timing comes. What is known already costs one load.
//
//===----------------------------------------------------------------------===//
#ifndef FENCE_SRC_CHECK_GRAPH_H
#define FENCE_SRC_CHECK_GRAPH_H

#include "check_thread.h"

namespace fence::check {

constexpr unsigned no_node = ~0u;
constexpr unsigned nest_levels = 8, class_capacity = 512, node_capacity = nest_levels * class_capacity;

/// no_node without class, or when there are too many.
unsigned node_of(fence_lock_class *lock_class, unsigned nest) noexcept;
void describe_node(text &into, unsigned node) noexcept;

/// The end of that section is waited for.
void note_wait(unsigned node) noexcept;
/// `to` is about to be waited for while `from` is held. Reports if that closes a circle.
void add_edge(const held_lock &from, unsigned to) noexcept;
/// The class of `node` is being taken in the thread's present context: in an interrupt, or where one could come.
void note_interrupts(unsigned node) noexcept;

} // namespace fence::check
#endif
