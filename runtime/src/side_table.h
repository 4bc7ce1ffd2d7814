//===- runtime/src/side_table.h - what the checker knows about an object, found by its address -------------------------===//
//
// Objects do not grow for the checker: their layout is the same in every build. So what it knows lies beside them, in 64 hash tables with a
// lock each, in the checker's own memory. A lookup is some tens of nanoseconds; memory of erased entries is used again.
//
//===----------------------------------------------------------------------===//
#ifndef FENCE_SRC_SIDE_TABLE_H
#define FENCE_SRC_SIDE_TABLE_H

#include "check_memory.h"

namespace fence::check {

/// Entry has members `const void *key` and `Entry *next` and is plain data. All zero is an empty table.
template <class Entry> class side_table {
  static constexpr std::size_t shard_count = 64;
  struct alignas(64) shard {
    quiet_lock lock;
    Entry **buckets;
    std::size_t bucket_count, count;
    Entry *unused;
  };

public:
  /// One of the tables, locked.
  class locked {
  public:
    locked(side_table &table, const void *key) noexcept : which(table.shards[hash(key) % shard_count]), wanted(key) { which.lock.lock(); }
    ~locked() { which.lock.unlock(); }
    locked(const locked &) = delete;
    locked &operator=(const locked &) = delete;

    Entry *find() noexcept {
      if (which.buckets)
        for (Entry *at = bucket(); at; at = at->next)
          if (at->key == wanted)
            return at;
      return nullptr;
    }
    /// A zeroed entry for the key, which is not there yet; null without memory.
    Entry *insert() noexcept {
      if (which.count >= which.bucket_count)
        grow();
      if (!which.buckets)
        return nullptr;
      Entry *entry = which.unused;
      if (entry)
        which.unused = entry->next;
      else
        entry = static_cast<Entry *>(own_memory(sizeof(Entry)));
      if (!entry)
        return nullptr;
      *entry = Entry{};
      entry->key = wanted;
      entry->next = bucket();
      bucket() = entry;
      ++which.count;
      return entry;
    }
    void erase(Entry *entry) noexcept {
      Entry **at = &bucket();
      while (*at != entry)
        at = &(*at)->next;
      *at = entry->next;
      entry->next = which.unused;
      which.unused = entry;
      --which.count;
    }

  private:
    Entry *&bucket() noexcept { return which.buckets[hash(wanted) / shard_count % which.bucket_count]; }
    void grow() noexcept {
      std::size_t count = which.bucket_count ? which.bucket_count * 2 : 64;
      auto **buckets = static_cast<Entry **>(own_memory(count * sizeof(Entry *)));
      if (!buckets)
        return;
      for (std::size_t i = 0; i < which.bucket_count; ++i)
        for (Entry *at = which.buckets[i]; at;) {
          Entry *next = at->next;
          Entry *&to = buckets[hash(at->key) / shard_count % count];
          at->next = to;
          to = at;
          at = next;
        }
      which.buckets = buckets; // The old ones are not given back: together they are as large as the new ones.
      which.bucket_count = count;
    }

    shard &which;
    const void *wanted;
  };

  /// Calls visit(entry) for all, each under its table's lock.
  template <class Visit> void for_each(Visit visit) noexcept {
    for (shard &which : shards) {
      guarded hold(which.lock);
      for (std::size_t i = 0; i < which.bucket_count; ++i)
        for (Entry *at = which.buckets[i]; at; at = at->next)
          visit(*at);
    }
  }

private:
  static std::size_t hash(const void *key) noexcept {
    auto value = reinterpret_cast<std::uintptr_t>(key) * 0x9e37'79b9'7f4a'7c15u;
    return value >> 20;
  }

  shard shards[shard_count];
};

} // namespace fence::check
#endif
