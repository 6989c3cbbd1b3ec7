//===- SiteCoding.cpp - how each value of a network is coded --------------===//
#include "compiler/convert/SiteCoding.h"

#include <algorithm>
#include <array>
#include <utility>

namespace synfire {
namespace {

using Entry = std::pair<std::string_view, SiteKind>;

/// What follows "layers.i." (or "final." for the last norm) in a name.
constexpr std::array layerSites{Entry{"attn.norm.square", SiteKind::Square},
                                Entry{"attn.norm.rsqrt", SiteKind::InverseRoot},
                                Entry{"attn.norm", SiteKind::Norm},
                                Entry{"attn.q_proj", SiteKind::Projection},
                                Entry{"attn.k_proj", SiteKind::Projection},
                                Entry{"attn.v_proj", SiteKind::Value},
                                Entry{"attn.q", SiteKind::Query},
                                Entry{"attn.q_rotated", SiteKind::Query},
                                Entry{"attn.k", SiteKind::Key},
                                Entry{"attn.k_rotated", SiteKind::Key},
                                Entry{"attn.v", SiteKind::Value},
                                Entry{"attn.exp", SiteKind::Exponential},
                                Entry{"attn.reciprocal", SiteKind::Reciprocal},
                                Entry{"attn.weights", SiteKind::Weights},
                                Entry{"attn.mix", SiteKind::Mix},
                                Entry{"attn.out", SiteKind::AttentionOut},
                                Entry{"attn.residual", SiteKind::Residual},
                                Entry{"mlp.norm.square", SiteKind::Square},
                                Entry{"mlp.norm.rsqrt", SiteKind::InverseRoot},
                                Entry{"mlp.norm", SiteKind::Norm},
                                Entry{"mlp.gate", SiteKind::Gate},
                                Entry{"mlp.act", SiteKind::Activation},
                                Entry{"mlp.up", SiteKind::Up},
                                Entry{"mlp.product", SiteKind::Product},
                                Entry{"mlp.rotated", SiteKind::Product},
                                Entry{"mlp.residual", SiteKind::Residual}};

constexpr std::array networkSites{
    Entry{"embed", SiteKind::Embedding},
    Entry{"final.norm.square", SiteKind::Square},
    Entry{"final.norm.rsqrt", SiteKind::InverseRoot},
    Entry{"final.norm", SiteKind::Norm}, Entry{"logits", SiteKind::Logits}};

template <std::size_t size>
SiteKind find(const std::array<Entry, size> &entries, std::string_view name) {
  for (const auto &[known, kind] : entries)
    if (known == name)
      return kind;
  return SiteKind::Other;
}

} // namespace

SiteKind siteKind(std::string_view site) {
  constexpr std::string_view prefix = "layers.";
  if (site.substr(0, prefix.size()) != prefix)
    return find(networkSites, site);
  site.remove_prefix(prefix.size());
  const std::size_t digits = site.find_first_not_of("0123456789");
  if (digits == 0 || digits == std::string_view::npos || site[digits] != '.')
    return SiteKind::Other;
  return find(layerSites, site.substr(digits + 1));
}

SiteKind siteKind(std::string_view site, bool onlineHadamard) {
  constexpr std::string_view rotated = "rotated";
  const bool isRotated = site.size() >= rotated.size() &&
                         site.substr(site.size() - rotated.size()) == rotated;
  const SiteKind kind = siteKind(site);
  if (isRotated)
    return onlineHadamard ? kind : SiteKind::Other;
  const bool turns = kind == SiteKind::Query || kind == SiteKind::Key ||
                     kind == SiteKind::Product;
  return onlineHadamard && turns ? SiteKind::Projection : kind;
}

bool rotatesOnline(const NetworkPlan &plan) {
  return std::any_of(
      plan.codings.begin(), plan.codings.end(), [](const auto &coding) {
        return siteKind(coding.first, false) != siteKind(coding.first) &&
               siteKind(coding.first, true) == siteKind(coding.first);
      });
}

} // namespace synfire
