//===- SiteObserver.h - values of sites as they are computed ----*- C++ -*-===//
#ifndef SYNFIRE_COMPILER_REFERENCE_SITEOBSERVER_H
#define SYNFIRE_COMPILER_REFERENCE_SITEOBSERVER_H

#include <cstdint>
#include <functional>
#include <string>

namespace synfire {

/// Rows of a site's values (docs/spec/sites.md), `stride` apart, valid during
/// the call. Inner sites of attention have no rows and are not shown.
using SiteObserver = std::function<void(
    const std::string &site, const float *values, std::int64_t rows,
    std::int64_t stride, std::int64_t width)>;

} // namespace synfire

#endif // SYNFIRE_COMPILER_REFERENCE_SITEOBSERVER_H
