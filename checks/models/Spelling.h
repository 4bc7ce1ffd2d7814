//===- Spelling.h - numbers and near misses --------------------------------===//
//
// A typo in a model must not only be found: the message should hold the word that was meant.
//
//===----------------------------------------------------------------------===//
#ifndef FENCELINT_MODELS_SPELLING_H
#define FENCELINT_MODELS_SPELLING_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace fencelint {

/// A decimal or hexadecimal number with an optional minus; hexadecimal ones are bit patterns of up to 64 bits.
std::optional<int64_t> parseNumber(llvm::StringRef Text);

/// "; did you mean 'sleeps'?" for the nearest known word; what is known when nothing is near and the list is short.
std::string didYouMean(llvm::StringRef Word, llvm::ArrayRef<llvm::StringRef> Known);

/// At most Most known words that may be meant, nearest first. Of a qualified name an end alone may be meant: `prob` is near `drv::probe`.
std::vector<llvm::StringRef> nearestWords(llvm::StringRef Word, llvm::ArrayRef<llvm::StringRef> Known, size_t Most);

/// The names of all parts of a context.
std::vector<llvm::StringRef> partWords();

} // namespace fencelint
#endif
