//===- SiteCodingJson.cpp - a NetworkPlan as JSON text --------------------===//
//
// Every field is written and every field is required, so that a plan says all
// that it means; a field that no one knows is an error too.
//
//===----------------------------------------------------------------------===//
#include "compiler/convert/SiteCoding.h"
#include "compiler/convert/Tables.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <array>
#include <cmath>
#include <limits>
#include <set>

namespace synfire {
namespace {

using nlohmann::json;

/// The names of an enumeration, in the order of its enumerators.
template <std::size_t size> using Names = std::array<const char *, size>;

constexpr Names<2> comparisons{"greater-equal", "greater"};
constexpr Names<3> signs{"none", "magnitude", "bipolar"};
constexpr Names<2> inputs{"all-at-once", "streamed"};
constexpr Names<3> negatives{"off", "below-zero", "from-tracer"};
constexpr Names<4> rehearsals{"off", "residual-mask", "optimal-shift",
                              "average"};

template <typename Enum, std::size_t size>
const char *nameOf(Enum value, const Names<size> &names) {
  return names[static_cast<std::size_t>(value)];
}

json write(const FiringTable &table) {
  return {{"threshold", table.threshold},
          {"decrement", table.decrement},
          {"payload", table.payload},
          {"rest", table.rest}};
}

json write(const NeuronConfig &config) {
  json banks = json::array();
  for (const NeuronBank &bank : config.banks)
    banks.push_back(
        {{"low", bank.low}, {"high", bank.high}, {"table", write(bank.table)}});
  return {{"steps", config.steps},
          {"levels", config.levels},
          {"comparison", nameOf(config.comparison, comparisons)},
          {"sign", nameOf(config.sign, signs)},
          {"input", nameOf(config.input, inputs)},
          {"cap", config.cap},
          {"offset", config.offset},
          {"bias", config.bias},
          {"negative", nameOf(config.negative, negatives)},
          {"tracer_on", config.tracerOn},
          {"tracer_minimum", config.tracerMinimum},
          {"tracer_maximum", config.tracerMaximum},
          {"rehearsal", nameOf(config.rehearsal, rehearsals)},
          {"rehearsal_steps", config.rehearsalSteps},
          {"rehearsal_margin", config.rehearsalMargin},
          {"clamp", config.clamp},
          {"guard_bits", config.guardBits},
          {"banks", std::move(banks)}};
}

struct UnitWriter {
  json operator()(const PhaseUnit &unit) const {
    return {{"unit", "phase"},
            {"steps", unit.steps},
            {"levels", unit.levels},
            {"threshold", unit.threshold},
            {"outlier_shift", unit.outlierShift},
            {"rounding", unit.rounding}};
  }
  json operator()(const TableUnit &unit) const {
    return {{"unit", "table"},
            {"config", write(unit.config)},
            {"membrane_scale", unit.membraneScale},
            {"code_scale", unit.codeScale},
            {"channel_scale", unit.channelScale}};
  }
  json operator()(const NumberUnit &unit) const {
    return {{"unit", "number"},
            {"bits", unit.bits},
            {"full_scale", unit.fullScale}};
  }
};

/// Reads the members of one object; finish() complains about others.
class Fields {
public:
  static Result<Fields> of(const json &value, std::string where) {
    if (!value.is_object())
      return makeError("not an object", std::move(where));
    return Fields(value, std::move(where));
  }

  Status read(const char *key, bool &out) {
    SYNFIRE_ASSIGN(const json *value, find(key));
    if (!value->is_boolean())
      return wrong(key, *value, "true or false");
    out = value->get<bool>();
    return Status::success();
  }

  template <typename Integer>
  Status read(const char *key, Integer &out,
              Integer low = std::numeric_limits<Integer>::min(),
              Integer high = std::numeric_limits<Integer>::max()) {
    SYNFIRE_ASSIGN(const json *value, find(key));
    return readInteger(key, *value, out, low, high);
  }

  /// Finite; positive unless `zero` is allowed.
  Status read(const char *key, double &out, bool zero = false) {
    SYNFIRE_ASSIGN(const json *value, find(key));
    return readReal(key, *value, out, zero);
  }

  Status read(const char *key, std::string &out) {
    SYNFIRE_ASSIGN(const json *value, find(key));
    if (!value->is_string())
      return wrong(key, *value, "a text");
    out = value->get<std::string>();
    return Status::success();
  }

  template <typename Enum, std::size_t size>
  Status read(const char *key, Enum &out, const Names<size> &names) {
    SYNFIRE_ASSIGN(const json *value, find(key));
    std::string known;
    for (std::size_t i = 0; i < size; ++i) {
      if (*value == names[i]) {
        out = static_cast<Enum>(i);
        return Status::success();
      }
      known += fmt::format("{}'{}'", i == 0 ? "" : ", ", names[i]);
    }
    return wrong(key, *value, "one of " + known);
  }

  template <typename Integer>
  Status read(const char *key, std::vector<Integer> &out) {
    SYNFIRE_ASSIGN(const json *value, findArray(key));
    for (const json &item : *value) {
      Integer number = 0;
      SYNFIRE_TRY(readInteger(key, item, number,
                              std::numeric_limits<Integer>::min(),
                              std::numeric_limits<Integer>::max()));
      out.push_back(number);
    }
    return Status::success();
  }

  Status read(const char *key, std::vector<double> &out) {
    SYNFIRE_ASSIGN(const json *value, findArray(key));
    for (const json &item : *value) {
      double number = 0;
      SYNFIRE_TRY(readReal(key, item, number, false));
      out.push_back(number);
    }
    return Status::success();
  }

  Result<const json *> find(const char *key) {
    const auto found = object->find(key);
    if (found == object->end())
      return makeError(fmt::format("'{}' is missing", key), where);
    seen.insert(key);
    return &*found;
  }

  Result<const json *> findArray(const char *key) {
    SYNFIRE_ASSIGN(const json *value, find(key));
    if (!value->is_array())
      return wrong(key, *value, "an array");
    return value;
  }

  Error wrong(const char *key, const json &value,
              const std::string &wanted) const {
    std::string text =
        value.dump(-1, ' ', false, json::error_handler_t::replace);
    constexpr std::size_t most = 40;
    if (text.size() > most)
      text = text.substr(0, most) + "...";
    return makeError(
        fmt::format("'{}' is {}, but must be {}", key, text, wanted), where);
  }

  Status finish() const {
    for (const auto &[key, value] : object->items())
      if (seen.count(key) == 0)
        return makeError(fmt::format("'{}' is no field of this object", key),
                         where);
    return Status::success();
  }

  const std::string &place() const { return where; }

private:
  Fields(const json &value, std::string place)
      : object(&value), where(std::move(place)) {}

  template <typename Integer>
  Status readInteger(const char *key, const json &value, Integer &out,
                     Integer low, Integer high) {
    const bool fits =
        value.is_number_unsigned()
            ? value.get<std::uint64_t>() <= static_cast<std::uint64_t>(high) &&
                  static_cast<std::int64_t>(value.get<std::uint64_t>()) >= low
            : value.is_number_integer() && value.get<std::int64_t>() >= low &&
                  value.get<std::int64_t>() <= high;
    if (!fits)
      return wrong(key, value,
                   fmt::format("a whole number of {} to {}", low, high));
    out = value.get<Integer>();
    return Status::success();
  }

  Status readReal(const char *key, const json &value, double &out, bool zero) {
    const double number = value.is_number() ? value.get<double>() : -1;
    if (!std::isfinite(number) || (zero ? number < 0 : number <= 0))
      return wrong(key, value,
                   zero ? "a number of at least 0" : "a positive number");
    out = number;
    return Status::success();
  }

  const json *object;
  std::string where;
  std::set<std::string> seen;
};

Status read(const json &value, const std::string &where, FiringTable &table) {
  SYNFIRE_ASSIGN(Fields fields, Fields::of(value, where));
  SYNFIRE_TRY(fields.read("threshold", table.threshold));
  SYNFIRE_TRY(fields.read("decrement", table.decrement));
  SYNFIRE_TRY(fields.read("payload", table.payload));
  SYNFIRE_TRY(fields.read("rest", table.rest));
  return fields.finish();
}

Status readBanks(Fields &of, std::vector<NeuronBank> &banks) {
  SYNFIRE_ASSIGN(const json *values, of.findArray("banks"));
  for (const json &value : *values) {
    const std::string where =
        fmt::format("{}: bank {}", of.place(), banks.size());
    SYNFIRE_ASSIGN(Fields fields, Fields::of(value, where));
    NeuronBank bank;
    SYNFIRE_TRY(fields.read("low", bank.low));
    SYNFIRE_TRY(fields.read("high", bank.high));
    SYNFIRE_ASSIGN(const json *table, fields.find("table"));
    SYNFIRE_TRY(read(*table, where, bank.table));
    SYNFIRE_TRY(fields.finish());
    banks.push_back(std::move(bank));
  }
  return Status::success();
}

Status read(const json &value, const std::string &where, NeuronConfig &config) {
  SYNFIRE_ASSIGN(Fields fields, Fields::of(value, where));
  SYNFIRE_TRY(fields.read("steps", config.steps));
  SYNFIRE_TRY(fields.read("levels", config.levels));
  SYNFIRE_TRY(fields.read("comparison", config.comparison, comparisons));
  SYNFIRE_TRY(fields.read("sign", config.sign, signs));
  SYNFIRE_TRY(fields.read("input", config.input, inputs));
  SYNFIRE_TRY(fields.read("cap", config.cap));
  SYNFIRE_TRY(fields.read("offset", config.offset));
  SYNFIRE_TRY(fields.read("bias", config.bias));
  SYNFIRE_TRY(fields.read("negative", config.negative, negatives));
  SYNFIRE_TRY(fields.read("tracer_on", config.tracerOn));
  SYNFIRE_TRY(fields.read("tracer_minimum", config.tracerMinimum));
  SYNFIRE_TRY(fields.read("tracer_maximum", config.tracerMaximum));
  SYNFIRE_TRY(fields.read("rehearsal", config.rehearsal, rehearsals));
  SYNFIRE_TRY(fields.read("rehearsal_steps", config.rehearsalSteps));
  SYNFIRE_TRY(fields.read("rehearsal_margin", config.rehearsalMargin));
  SYNFIRE_TRY(fields.read("clamp", config.clamp));
  SYNFIRE_TRY(fields.read("guard_bits", config.guardBits));
  SYNFIRE_TRY(readBanks(fields, config.banks));
  SYNFIRE_TRY(fields.finish());
  Status valid = verify(config);
  if (!valid.ok())
    return makeError(valid.error().message(), where);
  return Status::success();
}

Status read(Fields &fields, PhaseUnit &unit) {
  SYNFIRE_TRY(fields.read("steps", unit.steps));
  SYNFIRE_TRY(fields.read("levels", unit.levels));
  SYNFIRE_TRY(fields.read("threshold", unit.threshold));
  SYNFIRE_TRY(fields.read("outlier_shift", unit.outlierShift));
  SYNFIRE_TRY(fields.read("rounding", unit.rounding));
  const Result<int> guardBits =
      chooseGuardBits(unit.steps, unit.levels, unit.outlierShift);
  if (!guardBits)
    return makeError(guardBits.error().what, fields.place(),
                     guardBits.error().hint);
  return Status::success();
}

Status read(Fields &fields, TableUnit &unit) {
  SYNFIRE_ASSIGN(const json *config, fields.find("config"));
  SYNFIRE_TRY(read(*config, fields.place(), unit.config));
  SYNFIRE_TRY(fields.read("membrane_scale", unit.membraneScale));
  SYNFIRE_TRY(fields.read("code_scale", unit.codeScale));
  return fields.read("channel_scale", unit.channelScale);
}

Status read(Fields &fields, NumberUnit &unit) {
  SYNFIRE_TRY(fields.read("bits", unit.bits, 2, 24));
  return fields.read("full_scale", unit.fullScale);
}

template <typename Unit> Result<SiteUnit> readAs(Fields &fields) {
  Unit unit;
  SYNFIRE_TRY(read(fields, unit));
  SYNFIRE_TRY(fields.finish());
  return SiteUnit(std::move(unit));
}

Result<SiteUnit> readUnit(const json &value, const std::string &where) {
  SYNFIRE_ASSIGN(Fields fields, Fields::of(value, where));
  constexpr Names<3> kinds{"phase", "table", "number"};
  enum class Kind { Phase, Table, Number } kind = Kind::Phase;
  SYNFIRE_TRY(fields.read("unit", kind, kinds));
  switch (kind) {
  case Kind::Phase:
    return readAs<PhaseUnit>(fields);
  case Kind::Table:
    return readAs<TableUnit>(fields);
  case Kind::Number:
    break;
  }
  return readAs<NumberUnit>(fields);
}

/// P11: trains of several frames stream, those of one do not.
Status checkFrames(const SiteUnit &unit, int frames, const std::string &where) {
  if (std::holds_alternative<PhaseUnit>(unit) && frames > 1)
    return makeError(fmt::format("a phase code sends its value once, but the "
                                 "network has {} frames",
                                 frames),
                     where);
  const auto *table = std::get_if<TableUnit>(&unit);
  if (!table)
    return Status::success();
  const bool streamed = table->config.input == InputMode::Streamed;
  if (streamed != (frames > 1))
    return makeError(
        fmt::format("the unit is {}, but the network has {} frame{}",
                    nameOf(table->config.input, inputs), frames,
                    frames == 1 ? "" : "s"),
        where);
  if (table->config.steps % frames != 0)
    return makeError(fmt::format("{} steps are no multiple of {} frames",
                                 table->config.steps, frames),
                     where);
  return Status::success();
}

Status read(const json &value, const std::string &where, NetworkForm &form) {
  SYNFIRE_ASSIGN(Fields fields, Fields::of(value, where));
  SYNFIRE_TRY(fields.read("frames", form.frames, 1, mostSteps));
  SYNFIRE_TRY(fields.read("digital", form.digital));
  SYNFIRE_TRY(fields.read("input_once", form.inputOnce));
  SYNFIRE_TRY(fields.read("compensated", form.compensated));
  if (value.contains("prefix_tokens"))
    SYNFIRE_TRY(fields.read("prefix_tokens", form.prefixTokens));
  return fields.finish();
}

} // namespace

std::string toJson(const NetworkPlan &plan) {
  json codings = json::object();
  for (const auto &[site, unit] : plan.codings)
    codings[site] = std::visit(UnitWriter(), unit);
  json form = {{"frames", plan.form.frames},
               {"digital", plan.form.digital},
               {"input_once", plan.form.inputOnce},
               {"compensated", plan.form.compensated}};
  if (!plan.form.prefixTokens.empty())
    form["prefix_tokens"] = plan.form.prefixTokens;
  const json root = {{"form", std::move(form)},
                     {"codings", std::move(codings)},
                     {"notes", plan.notes},
                     {"training_seconds", plan.trainingSeconds}};
  return root.dump(-1, ' ', false, json::error_handler_t::replace);
}

Result<NetworkPlan> networkPlanFromJson(const std::string &text,
                                        const std::string &where) {
  const json root = json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (root.is_discarded())
    return makeError("not JSON", where);
  SYNFIRE_ASSIGN(Fields fields, Fields::of(root, where));
  NetworkPlan plan;
  SYNFIRE_ASSIGN(const json *form, fields.find("form"));
  SYNFIRE_TRY(read(*form, where + ": form", plan.form));
  SYNFIRE_ASSIGN(const json *codings, fields.find("codings"));
  if (!codings->is_object())
    return fields.wrong("codings", *codings, "an object");
  for (const auto &[site, value] : codings->items()) {
    const std::string place = fmt::format("{}: site '{}'", where, site);
    SYNFIRE_ASSIGN(SiteUnit unit, readUnit(value, place));
    SYNFIRE_TRY(checkFrames(unit, plan.form.frames, place));
    plan.codings.emplace(site, std::move(unit));
  }
  SYNFIRE_ASSIGN(const json *notes, fields.findArray("notes"));
  for (const json &note : *notes) {
    if (!note.is_string())
      return fields.wrong("notes", note, "texts");
    plan.notes.push_back(note.get<std::string>());
  }
  SYNFIRE_TRY(
      fields.read("training_seconds", plan.trainingSeconds, /*zero=*/true));
  SYNFIRE_TRY(fields.finish());
  return plan;
}

} // namespace synfire
