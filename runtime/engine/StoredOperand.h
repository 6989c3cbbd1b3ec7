//===- StoredOperand.h - the partner of a Scores or Mix ---------*- C++ -*-===//
#ifndef SYNFIRE_RUNTIME_ENGINE_STOREDOPERAND_H
#define SYNFIRE_RUNTIME_ENGINE_STOREDOPERAND_H

#include "runtime/engine/KeyValueCache.h"
#include "runtime/program/Program.h"

namespace synfire {

/// One cache in the form that its dendrite's product reads.
struct StoredOperand {
  bool isKey = false;     ///< of Scores; otherwise of Mix
  bool inDoubles = false; ///< otherwise 64-bit integers
  KeyCache<double> doubleKeys;
  KeyCache<std::int64_t> integerKeys;
  ValueCache<double> doubleValues;
  ValueCache<std::int64_t> integerValues;

  void resize(std::ptrdiff_t heads, std::ptrdiff_t headWidth,
              std::ptrdiff_t context) {
    if (isKey && inDoubles)
      doubleKeys.resize(heads, headWidth, context);
    else if (isKey)
      integerKeys.resize(heads, headWidth, context);
    else if (inDoubles)
      doubleValues.resize(heads, headWidth, context);
    else
      integerValues.resize(heads, headWidth, context);
  }
  void store(std::ptrdiff_t position, const std::int32_t *codes) {
    if (isKey && inDoubles)
      doubleKeys.store(position, codes);
    else if (isKey)
      integerKeys.store(position, codes);
    else if (inDoubles)
      doubleValues.store(position, codes);
    else
      integerValues.store(position, codes);
  }

  const KeyCache<double> &keys(double) const { return doubleKeys; }
  const KeyCache<std::int64_t> &keys(std::int64_t) const { return integerKeys; }
  const ValueCache<double> &values(double) const { return doubleValues; }
  const ValueCache<std::int64_t> &values(std::int64_t) const {
    return integerValues;
  }
};

} // namespace synfire

#endif // SYNFIRE_RUNTIME_ENGINE_STOREDOPERAND_H
