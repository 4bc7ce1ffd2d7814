// The shared object; compiled twice, as first_plugin and second_plugin.
#include "fences.hpp"

extern "C" __attribute__((visibility("default"))) const plugin PLUGIN;
const plugin PLUGIN = {
    .make_common = [](fence::fence_context &context, int number) noexcept {
      return fence::to_any(*context.make_fence<common_fence>(number));
    },
    .make_private = [](fence::fence_context &context) noexcept { return fence::to_any(*context.make_fence<private_fence>()); },
    .number_of = [](fence::any_fence &fence) noexcept {
      auto *mine = fence.as<common_fence>();
      return mine ? mine->number : -1;
    },
    .is_mine = [](fence::any_fence &fence) noexcept { return fence.as<private_fence>() != nullptr; },
};
