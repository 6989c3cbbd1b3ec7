#include "compiler/passes/ConvertAnnToSnn.h"

#include "compiler/passes/AnnConverter.h"
#include "compiler/passes/Passes.h"
#include "runtime/support/Files.h"

using namespace mlir;

namespace synfire {

#define GEN_PASS_DEF_CONVERTANNTOSNN
#include "compiler/passes/Passes.h.inc"

namespace {

class ConvertAnnToSnn : public impl::ConvertAnnToSnnBase<ConvertAnnToSnn> {
public:
  using ConvertAnnToSnnBase::ConvertAnnToSnnBase;

  void runOnOperation() override {
    ConversionOptions options;
    options.method = method;
    options.steps = steps;
    options.wideSteps = wideSteps;
    options.levels = levels;
    options.weightBits = weightBits;
    options.lookup = lookup;
    options.concurrent = concurrent;
    options.outlierAware = outlierAware;
    options.lookupEntries = lookupEntries;
    options.margin = margin;
    options.context = context;
    Result<StatisticsMap> map = readStatistics(statistics);
    Result<NetworkPlan> network = readPlan(plan);
    for (const Error *error :
         {map ? nullptr : &map.error(), network ? nullptr : &network.error()})
      if (error) {
        getOperation().emitError(error->message());
        return signalPassFailure();
      }
    for (ann::ModelOp model :
         llvm::make_early_inc_range(getOperation().getOps<ann::ModelOp>()))
      if (failed(convertAnnToSnn(model, options, *network, *map)))
        return signalPassFailure();
  }

private:
  static Result<StatisticsMap> readStatistics(const std::string &file) {
    if (file.empty())
      return makeError("no calibration statistics", "convert-ann-to-snn",
                       "name a JSON file with the option statistics");
    SYNFIRE_ASSIGN(std::string text, readFile(file));
    return statisticsFromJson(text, file);
  }

  /// Without a file: everything by the options.
  static Result<NetworkPlan> readPlan(const std::string &file) {
    if (file.empty())
      return NetworkPlan();
    SYNFIRE_ASSIGN(std::string text, readFile(file));
    return networkPlanFromJson(text, file);
  }
};

} // namespace

LogicalResult convertAnnToSnn(ann::ModelOp model,
                              const ConversionOptions &options,
                              const NetworkPlan &plan,
                              const StatisticsMap &statistics) {
  return AnnConverter(model, options, plan, statistics).run();
}

} // namespace synfire
