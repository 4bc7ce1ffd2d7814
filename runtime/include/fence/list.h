/*===- fence/list.h - a ring of nodes in other people's memory ----------------------------------------------------===
 *
 * The one container of the C structs: head and nodes are alike, an unlinked node points to itself, so unlinking needs no
 * head and may be done twice. No locking.
 *
 *===--------------------------------------------------------------------------------------------------------------===*/
#ifndef FENCE_LIST_H
#define FENCE_LIST_H

#include <fence/annotations.h>
#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

struct fence_list {
  struct fence_list *next, *prev;
};

FENCE_NONBLOCKING FENCE_DETAIL_FUNCTION void fence_list_init(struct fence_list *node) FENCE_DETAIL_NOEXCEPT {
  node->next = node->prev = node;
}
FENCE_NONBLOCKING FENCE_DETAIL_FUNCTION bool fence_list_empty(const struct fence_list *node) FENCE_DETAIL_NOEXCEPT {
  return node->next == node;
}
/** Before `head`, so at the end of its ring. */
FENCE_NONBLOCKING FENCE_DETAIL_FUNCTION void fence_list_append(struct fence_list *head, struct fence_list *node) FENCE_DETAIL_NOEXCEPT {
  node->prev = head->prev;
  node->next = head;
  head->prev->next = node;
  head->prev = node;
}
FENCE_NONBLOCKING FENCE_DETAIL_FUNCTION void fence_list_unlink(struct fence_list *node) FENCE_DETAIL_NOEXCEPT {
  node->prev->next = node->next;
  node->next->prev = node->prev;
  fence_list_init(node);
}

#ifdef __cplusplus
}
#endif
#endif /* FENCE_LIST_H */
