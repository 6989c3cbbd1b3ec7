//===- Parameters.td - attributes that all three dialects use -------------===//
#ifndef SYNFIRE_DIALECTS_SUPPORT_PARAMETERS_TD
#define SYNFIRE_DIALECTS_SUPPORT_PARAMETERS_TD

include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/CommonAttrConstraints.td"

class RealParameter<string description = "", string default = "">
    : AttrOrTypeParameter<"::synfire::ir::Real", description> {
  let cppAccessorType = "double";
  let parser = "::synfire::ir::parseReal($_parser)";
  let printer = "::synfire::ir::printReal($_printer, $_self)";
  let defaultValue = default;
  let syntax = "real";
}

class BooleanParameter<string description, string default = "">
    : AttrOrTypeParameter<"bool", description> {
  let parser = "::synfire::ir::parseBoolean($_parser)";
  let printer = "$_printer << ($_self ? \"true\" : \"false\")";
  let defaultValue = default;
}

class IntegerParameter<string description, string default = "">
    : AttrOrTypeParameter<"int64_t", description> {
  let defaultValue = default;
}

class IntegerListParameter<string description, string default = "">
    : ArrayRefParameter<"int64_t", description> {
  let parser = "::synfire::ir::parseIntegers($_parser)";
  let printer = "::synfire::ir::printIntegers($_printer, $_self)";
  let comparator = cppType # "($_lhs) == " # cppType # "($_rhs)";
  let defaultValue = default;
}

// Attributes of ops whose accessors give plain numbers.
def RealAttr : FloatAttrBase<F64, "real number"> {
  let returnType = "double";
  let convertFromStorage = "$_self.getValueAsDouble()";
  let constBuilderCall = "$_builder.getF64FloatAttr($0)";
}

def IntegerNumberAttr
    : TypedSignlessIntegerAttrBase<I64, "int64_t", "integer"> {
  let convertFromStorage = "$_self.getInt()";
  let constBuilderCall = "$_builder.getI64IntegerAttr($0)";
}

def PositiveAttr : ConfinedAttr<IntegerNumberAttr, [IntPositive]>;

#endif // SYNFIRE_DIALECTS_SUPPORT_PARAMETERS_TD
